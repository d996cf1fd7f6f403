"""Every metric of this package passes the public checks, and the checks catch metrics that are wrong on purpose."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import MetricSpec, metric
from matchengine.components import specs_in
from matchengine.errors import PluginError
from matchengine.metrics import METRICS
from matchengine.metrics.ndcg import ndcg
from matchengine.testing import METRIC_CHECKS, check_all, parametrize_with_checks
from matchengine.testing.comparisons import comparison_case, empty_cases, relabelled_case

MODULES = [importlib.import_module(f"matchengine.metrics.{name}") for name in METRICS]
SPECS = list(specs_in(*MODULES))


@parametrize_with_checks(SPECS)
def test_builtin(spec, check):
    check(spec)


@pytest.mark.parametrize("name", ["ndcg", "ap", "rr", "recall", "precision", "success"])
@pytest.mark.parametrize("settings", [{"k": 1}, {"k": 5, "unknown": "condensed"}, {"k": 3, "ties": "worst"}])
def test_builtin_with_other_settings(name, settings):
    (spec,) = (spec for spec in SPECS if spec.name == name)
    assert check_all(spec, settings=settings) == []


def test_every_metric_is_described():
    assert all(isinstance(spec, MetricSpec) and spec.title and spec.summary for spec in SPECS)


def test_deciding_ties_by_lot_depends_on_positions_and_the_kit_says_so():
    (spec,) = specs_in(ndcg)
    failures = check_all(spec, settings={"k": 3, "ties": "lottery"})
    assert {failure.check for failure in failures} == {"check_order_of_people", "check_order_of_candidates"}


@metric("short", title="Short")
def too_short(case: Case) -> FloatArray:
    """One value too few."""
    return np.ones(max(case.lists.people - 1, 0))


@metric("never", title="Never")
def never_known(case: Case) -> FloatArray:
    """Nothing for anybody."""
    return np.full(case.lists.people, np.nan)


@metric("chance", title="Chance")
def chance(case: Case, rng=np.random.default_rng(), *, k: int = 1) -> FloatArray:  # noqa: B008
    """Something else each time."""
    return rng.random(case.lists.people)


@metric("writes", title="Writes")
def writes(case: Case) -> FloatArray:
    """Write into the case."""
    case.lists.gain[:] = 0
    return np.ones(case.lists.people)


@metric("first_person", title="First", level="market")
def first_person(case: Case) -> FloatArray:
    """Depends on who is listed first."""
    return np.array([float((case.lists.person == 0).mean()) if len(case.lists.person) else np.nan])


@metric("by_position", title="By position", conventions={"ties": "position"})
def by_position(case: Case) -> FloatArray:
    """Whether the best candidate is suitable, equal ones decided by position."""
    lists = case.lists
    out = np.full(lists.people, np.nan)
    for person in range(lists.people):
        of = slice(lists.starts[person], lists.starts[person + 1])
        if not np.isnan(lists.score[of]).all():
            out[person] = float(np.nan_to_num(lists.gain[of])[np.nanargmax(lists.score[of])] > 0)
    return out


@metric("fragile", title="Fragile", level="market", highest=9)
def fragile(case: Case) -> FloatArray:
    """A mean that nobody is too few for."""
    return np.array([np.nan_to_num(case.lists.gain).mean()])


@metric("fills", title="Fills", best_by_gain=True)
def fills_with_zero(case: Case) -> FloatArray:
    """0 instead of nothing for whoever has nobody suitable."""
    return np.nan_to_num(ndcg(case, k=3))


@metric("sly", title="Sly", level="candidate", highest=9)
def sly(case: Case) -> FloatArray:
    """Read places that were not declared."""
    return np.nan_to_num(case.seats)


@metric("optional", title="Optional", level="market", highest=99)
def sly_if_there(case: Case) -> FloatArray:
    """Read places that were not declared, where they are there."""
    return np.array([0.0 if case.seats is None else float(np.nansum(case.seats))])


@metric("upside_down", title="Upside down", best_by_gain=True, better="lower")
def upside_down(case: Case) -> FloatArray:
    """Called lower-is-better."""
    return ndcg(case, k=3)


@metric("blind", title="Blind", best_by_gain=True)
def blind(case: Case) -> FloatArray:
    """Looks at no order."""
    return np.where(np.isnan(ndcg(case, k=3)), np.nan, 1.0)


@metric("chatty", title="Chatty", conventions={"note": "two\nlines"})
def two_lines(case: Case) -> FloatArray:
    """A signature of two lines."""
    return np.ones(case.lists.people)


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (too_short, "check_shape_and_range"),
        (never_known, "check_shape_and_range"),
        (chance, "check_repeated"),
        (writes, "check_inputs_read_only"),
        (first_person, "check_order_of_people"),
        (by_position, "check_order_of_candidates"),
        (fragile, "check_nothing_there"),
        (fills_with_zero, "check_nobody_suitable"),
        (sly, "check_declared_needs"),
        (sly_if_there, "check_declared_needs"),
        (upside_down, "check_direction"),
        (blind, "check_direction"),
        (two_lines, "check_signature"),
    ],
)
def test_a_wrong_metric_is_caught(wrong, caught_by):
    (spec,) = specs_in(wrong)
    assert caught_by in {failure.check for failure in check_all(spec)}


def test_every_check_catches_something():
    (mark,) = test_a_wrong_metric_is_caught.pytestmark
    assert {caught_by for _, caught_by in mark.args[1]} == {check.__name__ for check in METRIC_CHECKS}


def test_a_metric_that_is_right_passes():
    @metric("fine", title="Fine")
    def fine(case: Case) -> FloatArray:
        """Whether there is a list at all."""
        return case.lists.answered.astype(np.float64)

    (spec,) = specs_in(fine)
    assert check_all(spec) == []


def test_settings_that_cannot_be_used_are_said():
    (spec,) = specs_in(ndcg)
    assert all("cannot be used" in failure.message for failure in check_all(spec, settings={"k": 0}))


def test_a_need_that_does_not_exist_is_refused():
    with pytest.raises(PluginError, match="weather"):
        metric("wet", needs=("weather",))(too_short)


def test_cases_have_every_part_and_ties():
    case = comparison_case(3)
    assert all(getattr(case, name) is not None for name in Case.__dataclass_fields__)
    assert len(np.unique(case.lists.score)) < 13
    assert (~case.lists.answered).sum() == (~case.reverse.answered).sum() == 1
    assert not case.lists.gain.flags.writeable
    assert len(empty_cases()) == 6


def test_relabelling_keeps_the_people():
    case = comparison_case(4)
    rng = np.random.default_rng(0)
    people, candidates = rng.permutation(14), rng.permutation(10)
    moved, old = relabelled_case(case, people, candidates)
    assert np.array_equal(moved.lists.person, people[case.lists.person[old]])
    assert np.array_equal(moved.mutual, case.mutual[old])
    back, _ = relabelled_case(moved, np.argsort(people), np.argsort(candidates))
    assert np.array_equal(back.lists.score, case.lists.score, equal_nan=True)
    assert np.array_equal(back.reverse.gain, case.reverse.gain, equal_nan=True)
    assert np.array_equal(back.seats, case.seats, equal_nan=True)
    assert np.array_equal(back.placed.chosen, case.placed.chosen)
    assert np.array_equal(back.groups.twins, case.groups.twins)
