"""Intersectional fit on joint sets written down by hand; its promises to the kit."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matchengine.batch import JointSets
from matchengine.components import specs_in
from matchengine.scorers import intersectional_fit as module
from matchengine.scorers.intersectional_fit import intersectional_fit, rarity
from matchengine.testing import World, check_all

(SPEC,) = specs_in(module)
HOLDERS = {"a": 20, "b": 10, "c": 40, "ab": 6, "ac": 9, "bc": 8, "abc": 5, "": 100}


def wishing(shared: list[str], level: float = 2, wished: str = "abc", **importance: float) -> JointSets:
    """One requester who wishes for the tokens of `wished`, with candidates who declare those of `shared`."""
    sets = ["".join(members) for size in (1, 2, 3) for members in combinations(wished, size)]
    weights = [np.prod([importance.get(t, 1.0) for t in of]) ** (1 / len(of)) for of in sets]
    count = len(shared)
    return JointSets(
        case=np.arange(count),
        of_case=np.repeat(np.arange(count), len(sets)),
        size=np.tile(np.array([len(of) for of in sets], np.int8), count),
        importance=np.tile(np.array(weights, np.float32), count),
        holders=np.tile(np.array([HOLDERS[of] for of in sets], np.int32), count),
        shared=np.array([set(of) <= set(theirs) for theirs in shared for of in sets], np.bool_),
        wished_holders=np.full(count, HOLDERS[wished], np.int32),
        shared_holders=np.array([HOLDERS["".join(t for t in wished if t in s)] for s in shared], np.int32),
        level=np.full(count, level, np.float32),
        population=100,
    )


def values(*shared: str, **more: Any) -> NDArray[np.float64]:
    settings = {name: more.pop(name) for name in list(more) if name in SPEC.settings.model_fields}
    return np.asarray(intersectional_fit(wishing(list(shared), **more), **settings))


SETTINGS = ({}, {"mode": "surprisal"}, {"most": 1}, {"gamma": (1, 0, 0)}, {"kappa": 0.5})
WORLDS = (None, World(seed=1, missing=0.6), World(seed=2, missing=0.1))


@pytest.mark.parametrize(
    ("settings", "world"),
    [
        pytest.param(setting, world, marks=() if n % 3 == m else pytest.mark.slow)
        for n, setting in enumerate(SETTINGS)
        for m, world in enumerate(WORLDS)
    ],
)
def test_it_passes_the_kit(settings: dict[str, Any], world: World | None) -> None:
    assert check_all(SPEC, settings=settings, world=world) == []


@pytest.mark.parametrize(
    "wrong",
    [{"very_important": 0.36}, {"nice": -0.1}, {"kappa": 0}, {"named_from": 4}, {"most": 4}, {"gamma": (1, 2)},
     {"mode": "sum"}, {"gamma": (1, -2, 3)}],
)  # fmt: skip
def test_settings_that_protect_nobody_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        SPEC.settings.model_validate(wrong)


def test_it_is_the_formula_of_the_document() -> None:
    each = {of: (0, 1.0, 2.0, 3.0)[len(of)] * rarity(np.array([n]), 100, 5.0)[0] for of, n in HOLDERS.items() if of}
    for theirs in ("", "a", "b", "ab", "bc", "abc", "abcx"):
        part = sum(worth for of, worth in each.items() if set(of) <= set(theirs))
        assert values(theirs) == pytest.approx([0.20 * part / sum(each.values())])


def test_importance_is_the_geometric_mean_of_the_wishes() -> None:
    part = rarity(np.array([20]), 100, 5.0)[0] / 3
    singles = part + rarity(np.array([10]), 100, 5.0)[0]
    whole = singles + 2 * np.sqrt(1 / 3) * rarity(np.array([6]), 100, 5.0)[0]
    assert values("a", wished="ab", a=1 / 3) == pytest.approx([0.20 * part / whole])


@pytest.mark.parametrize("mode", ["joint", "surprisal"])
def test_sharing_more_is_worth_more_and_all_is_worth_the_whole_strength(mode: str) -> None:
    for level, strength in ((1, 0.10), (2, 0.20), (3, 0.35)):
        got = values("", "c", "bc", "abc", level=level, mode=mode)
        assert got[0] == 0
        assert (np.diff(got) > 0).all()
        assert got[3] == strength


@pytest.mark.parametrize("mode", ["joint", "surprisal"])
def test_another_disclosure_is_worth_what_silence_is_bit_for_bit(mode: str) -> None:
    silent, different = values("", "xyz", mode=mode)
    assert silent.tobytes() == different.tobytes()


def test_who_wishes_for_nothing_gets_no_value() -> None:
    assert np.isnan(values("abc", level=float("nan"))).all()
    assert values("abc", wished="").tolist() == [0]


def test_sets_larger_than_asked_for_do_not_count() -> None:
    singles = [rarity(np.array([HOLDERS[t]]), 100, 5.0)[0] for t in "abc"]
    assert values("a", most=1) == pytest.approx([0.20 * singles[0] / sum(singles)])


def test_the_crossing_is_worth_more_than_its_roads() -> None:
    a, b, both = values("a", "b", "ab", wished="ab")
    assert both > a + b
    alone = values("a", "b", "ab", wished="ab", gamma=(1, 0, 0))
    assert alone[2] == pytest.approx(alone[0] + alone[1])


def test_surprisal_is_the_ratio_of_logarithms() -> None:
    wanted = 0.20 * np.log(25 / 105) / np.log(10 / 105)
    assert values("a", mode="surprisal") == pytest.approx([wanted])


def test_fewer_than_five_holders_tell_no_smaller_number() -> None:
    for setting in ({}, {"mode": "surprisal"}):
        few = [wishing(["ab"], wished="ab") for _ in range(2)]
        for sets, holders in zip(few, (4, 1), strict=True):
            sets.holders[:] = np.minimum(sets.holders, holders)
            sets.wished_holders[:] = holders
        one, other = (intersectional_fit(sets, **setting).tobytes() for sets in few)  # type: ignore[arg-type]
        assert one == other
