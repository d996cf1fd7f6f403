"""What every metric must do: one value for each unit, in its range, whatever the order of people and candidates.

from matchengine.testing import check_all
assert check_all(spec) == []

Positions are the only names that a metric sees: a metric that passes the checks of order gives the same values whatever
people and candidates are called.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, wraps
from typing import Any

import numpy as np
from pydantic import ValidationError

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Case
from matchengine.comparison_components import Level, MetricSpec
from matchengine.components import ComponentSpec
from matchengine.errors import MatchEngineError
from matchengine.metrics.measure import checked, needed, units_of
from matchengine.metrics.parse import parse_metric
from matchengine.metrics.signature import label, signature
from matchengine.testing.bench import Check, CheckFailedError, demand
from matchengine.testing.comparisons import comparison_case, empty_cases, locked, relabelled_case
from matchengine.testing.worlds import World

__all__ = ["METRIC_CHECKS"]

SEEDS = range(4)
TOLERANCE = 1e-9
DEPTH = 3
"""The depth that checks take where a metric needs one and none is given."""


_case = cache(comparison_case)
_empty = cache(empty_cases)


class Trial:
    """A metric with its settings, ready to measure cases."""

    def __init__(self, spec: ComponentSpec, given: Mapping[str, Any] | None) -> None:
        if not isinstance(spec, MetricSpec):
            raise CheckFailedError(f"{spec.name}: declare it with @metric")
        self.spec = spec
        known = dict(given or {})
        depth = spec.settings.model_fields.get("k")
        if depth is not None and depth.is_required():
            known.setdefault("k", DEPTH)
        try:
            self.settings = dict(spec.settings.model_validate(known))
        except ValidationError as error:
            raise CheckFailedError(f"{spec.name}: the settings cannot be used: {error}") from error

    def raw(self, case: Case) -> Any:
        """What the metric returns for a case in which nothing was worked out before."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return self.spec.build(locked(case), **self.settings)

    def values(self, case: Case) -> FloatArray:
        """The same, checked as the harness checks it."""
        return checked(self.spec.name, self.spec, self.raw(case), units_of(self.spec, case))


def _check(body: Callable[[Trial], None]) -> Check:
    @wraps(body)
    def run(spec: ComponentSpec, settings: Mapping[str, Any] | None = None, world: World | None = None) -> None:
        try:
            body(Trial(spec, settings))
        except CheckFailedError:
            raise
        except MatchEngineError as error:
            raise CheckFailedError(str(error)) from error

    return run


@_check
def check_shape_and_range(trial: Trial) -> None:
    """One float64 value for each unit of the declared level, within the declared range or NaN; some are known."""
    known = 0
    for seed in SEEDS:
        known += int((~np.isnan(trial.values(_case(seed)))).sum())
    demand(known, "no unit of any case has a value")


@_check
def check_repeated(trial: Trial) -> None:
    """The same case gives the same values, to the last bit."""
    case = _case(1)
    one, other = trial.values(case), trial.values(case)
    demand(np.array_equal(one, other, equal_nan=True), "the same case gave other values the second time")


@_check
def check_inputs_read_only(trial: Trial) -> None:
    """Nothing in a case is written to."""
    try:
        trial.raw(_case(2))
    except ValueError as error:
        raise CheckFailedError(f"it may not write into a case: {error}") from error


@_check
def check_order_of_people(trial: Trial) -> None:
    """Listing people in another order changes no value of anybody."""
    for seed in SEEDS:
        case = _case(seed)
        order = np.random.default_rng(seed).permutation(case.lists.people)
        _same(trial, case, order, np.arange(case.lists.candidates), "people")


@_check
def check_order_of_candidates(trial: Trial) -> None:
    """Listing candidates in another order changes no value: ties must not be decided by position."""
    for seed in SEEDS:
        case = _case(seed)
        order = np.random.default_rng(seed).permutation(case.lists.candidates)
        _same(trial, case, np.arange(case.lists.people), order, "candidates")


@_check
def check_nothing_there(trial: Trial) -> None:
    """Nobody, nobody eligible, nobody suggested and nothing known give values or NaN, and no warning."""
    for case in _empty():
        trial.values(case)


@_check
def check_nobody_suitable(trial: Trial) -> None:
    """Where nobody is known to be suitable, a metric of the order by gain leaves everybody out (NaN)."""
    if not trial.spec.best_by_gain:
        return
    values = trial.values(_empty()[-1])
    demand(
        np.isnan(values).all(), "units without anybody suitable have a value; expected NaN, so that they are left out"
    )


@_check
def check_declared_needs(trial: Trial) -> None:
    """The parts of a case that are declared in `needs` are enough: without all others the values are the same."""
    for seed in SEEDS:
        case = _case(seed)
        try:
            alone = trial.raw(needed(trial.spec, case))
        except Exception as error:
            raise CheckFailedError(
                f"it fails with {type(error).__name__} where a case has only {', '.join(trial.spec.needs)}: declare in "
                "needs what it reads"
            ) from error
        same = np.array_equal(trial.values(case), alone, equal_nan=True)
        demand(same, "its values change when parts that needs does not name are taken away")


@_check
def check_direction(trial: Trial) -> None:
    """With `best_by_gain`, no order of the candidates is better than that of their gains, and the reverse is worse."""
    if not trial.spec.best_by_gain:
        return
    sign = 1 if trial.spec.better == "higher" else -1
    differs = False
    for seed in SEEDS:
        case = _case(seed)
        best = trial.values(_ordered(case, 1)) * sign
        for other in (case, _ordered(case, -1)):
            values = trial.values(other) * sign
            wrong = int((values > best + TOLERANCE).sum())
            demand(not wrong, f"{wrong} units are better off by another order than by the order of their gains")
            differs |= bool((values < best - TOLERANCE).any())
    demand(differs, "the order of the gains is never better than another")


@_check
def check_signature(trial: Trial) -> None:
    """The signature is the same each time, tells every setting that was changed, and its label can be read again."""
    spec, settings = trial.spec, trial.settings
    told = signature(spec, settings, 7)
    demand(told == signature(spec, dict(settings), 7), "the signature changes")
    demand(told != signature(replace(spec, version=spec.version + 1), settings, 7), "the signature lacks the version")
    again = parse_metric([spec], label(spec, settings))
    demand(again.settings == settings, f"the label {again.label!r} is read as other settings")
    demand(told.isprintable() and " v=" not in told, "the signature is not one printable line")


METRIC_CHECKS = (
    check_shape_and_range,
    check_repeated,
    check_inputs_read_only,
    check_order_of_people,
    check_order_of_candidates,
    check_nothing_there,
    check_nobody_suitable,
    check_declared_needs,
    check_direction,
    check_signature,
)


def _same(trial: Trial, case: Case, person_to: IntArray, candidate_to: IntArray, who: str) -> None:
    moved, old = relabelled_case(case, person_to, candidate_to)
    people, candidates = np.argsort(person_to), np.argsort(candidate_to)
    place: dict[Level, IntArray] = {
        "person": people,
        "candidate": candidates,
        "pair": old,
        "market": np.zeros(1, np.int64),
    }
    wanted, seen = trial.values(case)[place[trial.spec.level]], trial.values(moved)
    wrong = int((~np.isclose(seen, wanted, rtol=0, atol=TOLERANCE, equal_nan=True)).sum())
    demand(not wrong, f"{wrong} of {len(seen)} values change when {who} are listed in another order")


def _ordered(case: Case, sign: int) -> Case:
    """The case when every list is ordered by gain (sign 1), or against it, and suggests everybody."""

    def by_gain(lists: Any) -> Any:
        return lists.scored(sign * np.nan_to_num(lists.gain))

    return replace(case, lists=by_gain(case.lists), reverse=None if case.reverse is None else by_gain(case.reverse))
