"""Properties of C5 and I1 (domain.md annex 2)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.planning.prescription import prescribe
from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.scorers.low_threshold import low_threshold
from matchengine.scorers.reach import reach, supports_at_hand
from matchengine.scorers.rules.reachable import reachable
from matchengine.testing import World
from matchengine.testing.changes import raised
from tests.properties.populations import quick

NAMES = tuple(low_threshold.__matchengine_spec__.inputs)  # type: ignore[attr-defined]
KINDS = len(BARRIER_KINDS)
share = st.floats(0, 1, width=32)
maybe = st.one_of(st.just(float("nan")), share)
strength = st.sampled_from((0.0, 0.3, 0.6, 1.0))


def rows(of: Any) -> Any:
    return st.lists(of, min_size=KINDS, max_size=KINDS).map(lambda values: np.array([values], np.float32))


def value(inputs: dict[str, Any]) -> Any:
    return low_threshold(*(inputs[name] for name in NAMES)).value


@quick
@given(seed=st.integers(0, 2**16), missing=share)
def test_range_and_abstention(seed: int, missing: float) -> None:
    world = World(seed=seed, missing=missing, rows=12)
    found = value(world.inputs(NAMES, world.batch(60)))
    assert ((found >= 0) & (found <= 1) | np.isnan(found)).all()


@quick
@given(seed=st.integers(0, 2**16), kind=st.integers(0, KINDS - 1), step=share)
def test_up_in_every_support_and_down_in_every_barrier(seed: int, kind: int, step: float) -> None:
    world = World(seed=seed, rows=12)
    inputs = world.inputs(NAMES, world.batch(60))
    before = value(inputs)
    for name, sign in (("candidate_supports", 1), ("requester_barriers", -1)):
        changed = np.array(inputs[name])
        changed[:, kind] += np.float32(step) * (1 - changed[:, kind])
        moved = (value({**inputs, name: changed}) - before) * sign
        assert (np.nan_to_num(moved) >= -1e-9).all(), name


@quick
@given(seed=st.integers(0, 2**16), feature=st.sampled_from(NAMES[5:11]))
def test_up_in_every_feature_of_the_first_visit(seed: int, feature: str) -> None:
    world = World(seed=seed, rows=12)
    inputs = world.inputs(NAMES, world.batch(60))
    lifted = value(raised(inputs, feature, np.random.default_rng(seed))) - value(inputs)
    assert (np.nan_to_num(lifted) >= -1e-9).all()
    told = np.where(np.isnan(inputs[feature]), 1, inputs[feature]).astype(np.float32)
    assert (np.nan_to_num(value({**inputs, feature: told}) - value(inputs)) >= -1e-9).all()


@quick
@given(seed=st.integers(0, 2**16), lower=strength, higher=strength)
def test_down_in_the_barrier_confidence(seed: int, lower: float, higher: float) -> None:
    """The exponent of the first visit grows with it, and its reach falls: neither may raise the score."""
    world = World(seed=seed, rows=12)
    inputs = world.inputs(NAMES, world.batch(60))
    place = BARRIER_KINDS.index("confidence")
    found = []
    for felt in sorted((lower, higher)):
        barriers = np.nan_to_num(inputs["requester_barriers"])
        barriers[:, place] = felt
        found.append(value({**inputs, "requester_barriers": barriers}))
    assert (np.nan_to_num(found[0] - found[1]) >= -1e-9).all()


@quick
@given(felt=rows(strength), there=rows(maybe), usual=rows(share), kind=st.integers(0, KINDS - 1))
def test_a_blocking_barrier_without_support_is_zero_and_forbidden(felt: Any, there: Any, usual: Any, kind: int) -> None:
    felt[0, kind], there[0, kind] = 1, 0
    assert reach(felt, supports_at_hand(felt, there, usual)) == pytest.approx([0])
    ruled = reachable(felt, there)
    assert not ruled.passes[0]
    assert ruled.known is not None
    assert ruled.known[0]


@quick
@given(felt=rows(strength), there=rows(maybe), usual=rows(share), kind=st.integers(0, KINDS - 1))
def test_unknown_never_counts_as_met_for_a_blocking_barrier(felt: Any, there: Any, usual: Any, kind: int) -> None:
    felt[0, kind], there[0, kind] = 1, np.nan
    met = there.copy()
    met[0, kind] = 1
    unknown, known = (reach(felt, supports_at_hand(felt, told, usual))[0] for told in (there, met))
    assert unknown <= 0.2 * known + 1e-6
    ruled = reachable(felt, there)
    assert ruled.known is not None
    assert not ruled.known[0] or not ruled.passes[0]


def by_hand(barriers: Any, supports: Any, costs: Any, after: Any, target: float) -> tuple[float, int] | None:
    """Try every set of supports one by one."""
    best: tuple[float, int] | None = None
    for size in range(len(barriers) + 1):
        for chosen in combinations(range(len(barriers)), size):
            there = [max(s, a) if k in chosen else s for k, (s, a) in enumerate(zip(supports, after, strict=True))]
            got = float(np.prod([1 - b * (1 - s) for b, s in zip(barriers, there, strict=True)]))
            price = float(sum(costs[k] for k in chosen))
            if got >= target - 1e-6 and (best is None or (price, size) < (best[0] - 1e-6, best[1])):
                best = price, size
    return best


@quick
@given(data=st.data(), size=st.integers(1, 10), target=st.sampled_from((0.1, 0.3, 0.5, 0.8)))
def test_a_prescription_is_the_cheapest_set_there_is(data: st.DataObject, size: int, target: float) -> None:
    def drawn(of: Any) -> Any:
        return np.array(data.draw(st.lists(of, min_size=size, max_size=size)))

    fifths = st.integers(0, 5).map(lambda n: n / 5)
    barriers, supports, after = drawn(strength), drawn(fifths), drawn(fifths)
    costs = drawn(st.integers(0, 4).map(float))
    found, wanted = (
        prescribe(barriers, supports, costs, after, target),
        by_hand(barriers, supports, costs, after, target),
    )
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        assert found.cost == pytest.approx(wanted[0])
        there = supports.copy()
        chosen = list(found.supports)
        there[chosen] = np.maximum(there[chosen], after[chosen])
        assert found.reach == pytest.approx(float(np.prod(1 - barriers * (1 - there))))
        assert found.reach >= target - 1e-6
