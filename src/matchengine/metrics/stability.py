"""How much of a list stays when the pool changes a little (evaluation.md 3.4 i): overlap and rank-biased overlap.

Lists are compared over candidates who are still there: one whom the changed lists suggest to nobody is out, and so is a
person without any list. Where ties decide, overlap is that of the chances to be shown (Σ min), so that a list always
overlaps itself wholly.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray
from matchengine.comparison import Case, Lists
from matchengine.comparison_components import metric
from matchengine.errors import DataError
from matchengine.metrics.order import Ranked
from matchengine.metrics.shared import Depth, Judged

__all__ = ["overlap", "rbo"]

Persistence = Annotated[float, Field(gt=0, lt=1)]
STAY = {"ties": "chances", "missing": "skip", "pool": "who stays"}


@metric(
    "overlap",
    title="People shown who stay when the pool changes a little",
    unit="share",
    needs=("lists", "perturbed"),
    conventions=STAY,
)
def overlap(case: Case, *, k: Depth) -> FloatArray:
    """Share of the first k who are among the first k again, the mean over changed pools, float64 (N,).

    NaN for whoever has no list, or none in any changed pool.
    """
    return _mean([_overlap(*lists, k) for lists in _compared(case)])


@metric(
    "rbo",
    title="How much of the order stays when the pool changes a little",
    unit="share",
    needs=("lists", "perturbed"),
    conventions={"at": "truncated, normalised", **STAY},
)
def rbo(case: Case, *, k: Depth, persistence: Persistence = 0.9) -> FloatArray:
    """Rank-biased overlap of the first k before and after, the mean over changed pools, float64 (N,).

    Σ persistence^(d − 1) overlap@d over depths d up to k, divided by the sum of the weights (Webber, Moffat and Zobel
    2010, without extrapolation). NaN as for `overlap`.
    """
    weights = persistence ** np.arange(k)
    found = []
    for before, after in _compared(case):
        depths = [weight * _overlap(before, after, depth + 1) for depth, weight in enumerate(weights.tolist())]
        found.append(np.sum(depths, axis=0) / weights.sum())
    return np.minimum(_mean(found), 1.0)


def _compared(case: Case) -> list[tuple[Ranked, Ranked]]:
    """Each changed pool's lists, and those of the case without whoever is out."""
    if not case.perturbed:
        raise DataError("the case has no lists of changed pools (perturbed)")
    found = []
    for changed in case.perturbed:
        now, lists = _aligned(case.lists, changed), case.lists
        there = np.bincount(lists.candidate[~np.isnan(now)], minlength=lists.candidates) > 0
        kept = np.where(there[lists.candidate], lists.score, np.nan)
        found.append((Judged.of(lists.scored(kept)).ranked, Judged.of(lists.scored(now)).ranked))
    return found


def _aligned(lists: Lists, changed: Lists) -> FloatArray:
    """Scores of the changed pool for the pairs of the lists, NaN where it has no such pair."""
    if len(lists.person) == len(changed.person) and (
        np.array_equal(lists.person, changed.person) and np.array_equal(lists.candidate, changed.candidate)
    ):
        return changed.score
    keys, wanted = (one.person.astype(np.int64) * lists.candidates + one.candidate for one in (changed, lists))
    if not len(keys):
        return np.full(len(wanted), np.nan)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: FloatArray = np.where(keys[at] == wanted, changed.score[at], np.nan)
    return found


def _overlap(before: Ranked, after: Ranked, k: int) -> FloatArray:
    """Share of the first k that is among the first k after, NaN where a list is empty, float64 (N,)."""
    person, people = before.lists.person, before.lists.people
    common = np.bincount(person, np.minimum(before.chance(k), after.chance(k)), people)
    most = np.minimum(np.maximum(before.length, after.length), k)
    out = np.full(people, np.nan)
    np.divide(common, most, out=out, where=(before.length > 0) & (after.length > 0))
    found: FloatArray = np.minimum(out, 1.0)
    return found


def _mean(found: list[FloatArray]) -> FloatArray:
    """Mean of each person over the changed pools in which they have a value."""
    values = np.stack(found)
    known = ~np.isnan(values)
    out = np.full(values.shape[1], np.nan)
    np.divide(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0), out=out, where=known.any(axis=0))
    return out
