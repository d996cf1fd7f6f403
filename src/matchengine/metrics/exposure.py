"""How attention is spread over candidates by all lists together (domain.md G5, H2).

A candidate at rank r of a list gets 1 / log2(1 + r) of attention, nothing beyond the first k. Tied candidates share
what their places get: the figures are expectations over all orders of ties. Candidates who are eligible for nobody, or
who are known to have no free place, cannot be shown and are not counted.
"""

from __future__ import annotations

import numpy as np

from matchengine.batch import BoolArray, FloatArray
from matchengine.comparison import Case, Lists
from matchengine.comparison_components import metric
from matchengine.metrics.shared import Depth, Judged, one
from matchengine.planning.exposure import measures

__all__ = [
    "coverage",
    "effective_coverage",
    "exposure_gini",
    "exposure_gini_per_seat",
    "exposure_gini_rel",
    "exposure_of",
    "exposure_per_seat",
    "never_shown",
    "top_exposure",
]

TIES = {"ties": "avg"}
ATTENTION = {"attention": "1/log2(1+r)", **TIES}


def exposure_of(lists: Lists, k: int | None) -> FloatArray:
    """Expected attention that each candidate gets over all lists, float64 (M,)."""
    worth = Judged.of(lists).ranked.attention(k)
    return np.bincount(lists.candidate, weights=worth, minlength=lists.candidates).astype(np.float64)


@metric(
    "coverage",
    level="market",
    title="Candidates who are shown to somebody",
    unit="share of candidates",
    conventions=TIES,
)
def coverage(case: Case, *, k: Depth) -> FloatArray:
    """Share of all candidates who stand among the first k of at least one list, float64 (1,); NaN without any.

    Where ties decide, the chance of being shown, each list's order of ties drawn apart.
    """
    shown = _shown(case.lists, k)
    return one(float(shown.mean()) if len(shown) else float("nan"))


@metric(
    "never_shown",
    level="market",
    better="lower",
    title="Candidates with a free place who are shown to nobody",
    unit="share of candidates",
    needs=("lists", "seats"),
    conventions=TIES,
)
def never_shown(case: Case, *, k: Depth) -> FloatArray:
    """Share of candidates who could be shown and stand among the first k of no list, float64 (1,); NaN without any."""
    shown = _shown(case.lists, k)[_open(case)]
    return one(float(1 - shown.mean()) if len(shown) else float("nan"))


@metric(
    "effective_coverage",
    level="market",
    title="How many candidates would share attention evenly to the same effect",
    unit="share of candidates",
    conventions=ATTENTION,
)
def effective_coverage(case: Case, *, k: Depth) -> FloatArray:
    """exp(entropy of exposure) over the number of candidates, float64 (1,); 0 where nobody is shown."""
    shown = exposure_of(case.lists, k)
    return one(measures.effective_coverage(np.sort(shown)) if len(shown) else float("nan"))


@metric(
    "exposure_gini",
    level="market",
    better="lower",
    title="How unevenly attention is spread over candidates",
    unit="Gini",
    conventions=ATTENTION,
)
def exposure_gini(case: Case, *, k: Depth) -> FloatArray:
    """Gini coefficient of exposure over candidates who are eligible for somebody, float64 (1,)."""
    return one(measures.gini(exposure_of(case.lists, k)[_eligible(case.lists)]))


@metric(
    "exposure_gini_per_seat",
    level="market",
    better="lower",
    title="How unevenly attention is spread over free places",
    unit="Gini",
    needs=("lists", "seats"),
    conventions=ATTENTION,
)
def exposure_gini_per_seat(case: Case, *, k: Depth) -> FloatArray:
    """Gini coefficient of exposure per free place, over candidates with a known number above 0, float64 (1,)."""
    return one(measures.gini(_per_seat(case, k)[_open(case) & ~np.isnan(_seats(case))]))


@metric(
    "exposure_gini_rel",
    level="market",
    better="lower",
    title="How unevenly attention is spread, compared with drawing by lot among eligible candidates",
    unit="Gini",
    conventions=ATTENTION,
)
def exposure_gini_rel(case: Case, *, k: Depth) -> FloatArray:
    """Gini coefficient of exposure over the exposure that a random order of eligible candidates gives, float64 (1,).

    0 for a strategy that gives everybody what chance would, however unevenly eligibility itself is spread.
    """
    lists = case.lists
    chance = exposure_of(lists.scored(np.zeros(len(lists.person))), k)
    there = chance > 0
    return one(measures.gini(exposure_of(lists, k)[there] / chance[there]))


@metric(
    "top_exposure",
    level="market",
    better="lower",
    title="Attention that goes to the twentieth of candidates who get the most",
    unit="share of attention",
    conventions={"top": "5%", **ATTENTION},
)
def top_exposure(case: Case, *, k: Depth) -> FloatArray:
    """Share of all exposure that the top 5 % of eligible candidates get, rounded up, float64 (1,); NaN without any."""
    shown = np.sort(exposure_of(case.lists, k)[_eligible(case.lists)])[::-1]
    if not len(shown) or not shown.sum():
        return one(float("nan"))
    return one(min(float(shown[: -(-len(shown) // 20)].sum() / shown.sum()), 1.0))


@metric(
    "exposure_per_seat",
    level="candidate",
    title="Attention for each free place",
    unit="attention for each place",
    needs=("lists", "seats"),
    highest=float("inf"),
    conventions=ATTENTION,
)
def exposure_per_seat(case: Case, *, k: Depth) -> FloatArray:
    """Exposure of each candidate over their free places, float64 (M,).

    NaN for whoever is eligible for nobody, has no place, or whose places are not known.
    """
    found: FloatArray = np.where(_open(case), _per_seat(case, k), np.nan)
    return found


def _shown(lists: Lists, k: int) -> FloatArray:
    """How likely each candidate is among the first k of at least one list, float64 (M,)."""
    chance = np.minimum(Judged.of(lists).ranked.chance(k), 1.0)
    sure = np.bincount(lists.candidate, weights=chance >= 1, minlength=lists.candidates) > 0
    missed = np.log1p(-np.where(chance < 1, chance, 0.0))
    none = np.bincount(lists.candidate, weights=missed, minlength=lists.candidates)
    return np.where(sure, 1.0, -np.expm1(none))


def _eligible(lists: Lists) -> BoolArray:
    """Who is eligible for somebody, bool (M,)."""
    return np.bincount(lists.candidate, minlength=lists.candidates) > 0


def _seats(case: Case) -> FloatArray:
    return np.full(case.lists.candidates, np.nan) if case.seats is None else case.seats


def _open(case: Case) -> BoolArray:
    """Who is eligible for somebody and not known to be full, bool (M,)."""
    found: BoolArray = _eligible(case.lists) & ~(_seats(case) <= 0)
    return found


def _per_seat(case: Case, k: int) -> FloatArray:
    seats = _seats(case)
    out = np.full(len(seats), np.nan)
    np.divide(exposure_of(case.lists, k), seats, out=out, where=seats > 0)
    return out
