"""How readily both say yes: two directions in one number against an average candidate, and the kit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.components import specs_in
from matchengine.scorers import mutual_acceptance as module
from matchengine.scorers.aggregate import Aggregate
from matchengine.scorers.mutual_acceptance import mutual_acceptance
from matchengine.testing import World, check_all

(SPEC,) = specs_in(module)
NAN = np.nan
NAMES = ("pair_accepts", "pair_accepted_by", "pair_usually_accepts")
HOW: tuple[Aggregate, ...] = (
    "harmonic",
    "geometric",
    "arithmetic",
    "min",
    "uninorm",
    "power_mean",
    "weighted_geometric",
)


def world(seed: int, missing: float) -> World:
    rng = np.random.default_rng(seed)
    drawn = rng.uniform(0.02, 0.98, (3, 48, 48))
    drawn[:2][rng.random((2, 48, 48)) < missing] = np.nan
    drawn[2][rng.random((48, 48)) < missing / 2] = np.nan
    return World(seed, missing=missing, columns=dict(zip(NAMES, drawn.astype(np.float32), strict=True)))


@pytest.mark.parametrize("settings", [{}, {"aggregate": "harmonic"}, {"directions": "requester"}], ids=str)
@pytest.mark.parametrize("missing", [0.1, 0.5])
def test_it_passes_the_kit(settings: dict[str, str], missing: float) -> None:
    assert check_all(SPEC, settings=settings, world=world(3, missing)) == []


def scored(
    accepts: object, accepted_by: object, usually: object = 0.5, **settings: object
) -> tuple[list[float], list[float]]:
    arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(a, np.float32)) for a in (accepts, accepted_by, usually)))
    found = mutual_acceptance(*arrays, **settings)  # type: ignore[arg-type]
    assert found.confidence is not None
    return found.value.tolist(), found.confidence.tolist()


@pytest.mark.parametrize("how", HOW)
def test_an_average_candidate_is_in_the_middle_for_everybody(how: Aggregate) -> None:
    usually = np.array([0.2, 0.5, 0.8])
    assert scored(usually, 0.5, usually, aggregate=how)[0] == pytest.approx([0.5] * 3, abs=1e-6)


def test_one_unknown_direction_counts_as_average_with_half_the_confidence() -> None:
    value, confidence = scored([0.8, 0.8, NAN, NAN], [0.5, NAN, 0.7, NAN])
    assert value[0] == pytest.approx(value[1])
    assert value[2] == pytest.approx(scored(0.5, 0.7)[0][0])
    assert np.isnan(value[3])
    assert confidence == [1, 0.5, 0.5, 0]
    assert np.isnan(scored(0.5, 0.5, NAN)[0][0])


def test_the_order_is_that_of_both_saying_yes() -> None:
    rng = np.random.default_rng(4)
    one, other = rng.uniform(0.05, 0.95, (2, 200)).astype(np.float32)
    value = np.array(scored(one, other)[0])
    assert np.array_equal(np.argsort(value), np.argsort(one.astype(float) * other))


def test_one_side_alone() -> None:
    assert scored(0.7, 0.1, 0.5, directions="requester")[0] == scored(0.7, NAN, 0.5)[0]
    assert scored(0.7, 0.1, 0.5, directions="candidate")[0] == scored(NAN, 0.1, 0.5)[0]
    assert scored(0.7, NAN, 0.5, directions="requester")[1] == [1]


@given(*(st.floats(0, 1) for _ in range(3)), st.sampled_from(HOW))
def test_values_stay_in_range(one: float, other: float, usually: float, how: Aggregate) -> None:
    (value,), _ = scored(one, other, usually, aggregate=how)
    assert 0 <= value <= 1


def test_nothing_is_said_about_how_others_answered() -> None:
    assert not any(SPEC.says.values())
    found = mutual_acceptance(*(np.full(3, 0.7, np.float32) for _ in range(3)))
    assert found.evidence == {}
