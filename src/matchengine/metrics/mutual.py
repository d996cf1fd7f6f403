"""What both sides said yes to: yield, success among known answers, hit, ranks on both lists (domain.md H1)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import BoolArray, FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.errors import DataError
from matchengine.metrics.kernel import Marked, success
from matchengine.metrics.order import Ranked
from matchengine.metrics.shared import Depth, Judged, one, reverse_of

__all__ = [
    "expected_matches",
    "mutual_hit",
    "mutual_yield",
    "rank_product",
    "reciprocal_lift",
    "reciprocal_success",
]

SKIP = {"ties": "avg", "missing": "0", "norel": "skip", "cand": "eligible"}
INFINITE = float("inf")


@metric(
    "mutual_yield",
    title="Pairs that both sides accept, among the people shown",
    unit="pairs for each person",
    needs=("lists", "mutual"),
    highest=INFINITE,
    conventions={"ties": "avg", "missing": "0", "nojudged": "skip", "cand": "eligible"},
)
def mutual_yield(case: Case, *, k: Depth) -> FloatArray:
    """Expected number of mutually accepted candidates among the first k, float64 (N,).

    NaN for whoever has no candidate with a known outcome; 0 without a list.
    """
    both = _both(case)
    count = _sum(case, Judged.of(case.lists).ranked.chance(k) * both)
    judged = _sum(case, (~np.isnan(case.lists.gain)).astype(np.float64))
    found: FloatArray = np.where(judged > 0, count, np.nan)
    return found


@metric(
    "mutual_hit",
    title="Somebody with whom both sides agree is among the people shown",
    unit="share of people",
    needs=("lists", "mutual"),
    conventions=SKIP,
)
def mutual_hit(case: Case, *, k: Depth) -> FloatArray:
    """1 where a mutually accepted candidate is among the first k, else 0 (its chance with ties), float64 (N,).

    NaN for whoever has no mutually accepted candidate at all; 0 without a list.
    """
    both = _both(case)
    found = success(Marked.of(Judged.of(case.lists).ranked, both), k)
    out: FloatArray = np.where(_sum(case, both.astype(np.float64)) > 0, found, np.nan)
    return out


@metric(
    "reciprocal_success",
    level="market",
    title="Of the answers known of the people shown, those where both said yes",
    unit="share of pairs",
    needs=("lists", "mutual"),
    conventions={"ties": "avg", "unknown": "dropped", "cand": "eligible"},
)
def reciprocal_success(case: Case, *, k: Depth) -> FloatArray:
    """Mutually accepted pairs among the first k of all lists, over those with a known answer there, float64 (1,).

    Expected counts where ties decide; NaN where no answer is known. Pizzato et al., RECON (RecSys 2010).
    """
    chance = Judged.of(case.lists).ranked.chance(k)
    known = float((chance * ~np.isnan(case.lists.gain)).sum())
    return one(min(float((chance * _both(case)).sum()) / known, 1.0) if known > 0 else float("nan"))


@metric(
    "reciprocal_lift",
    level="market",
    title="How many times as often both say yes as among all pairs with a known answer",
    unit="times",
    needs=("lists", "mutual"),
    highest=INFINITE,
    conventions={"ties": "avg", "unknown": "dropped", "cand": "eligible"},
)
def reciprocal_lift(case: Case, *, k: Depth) -> FloatArray:
    """`reciprocal_success` over the rate among all eligible pairs with a known answer, float64 (1,).

    NaN where no such pair is mutually accepted.
    """
    known, both = int((~np.isnan(case.lists.gain)).sum()), int(_both(case).sum())
    return reciprocal_success(case, k=k) * known / both if both else one(float("nan"))


@metric(
    "rank_product",
    title="How high both stand on each other's list",
    unit="share",
    needs=("lists", "reverse", "mutual"),
    conventions=SKIP,
)
def rank_product(case: Case) -> FloatArray:
    """Mean over the mutually accepted candidates of 1 / rank on the one list · 1 / rank on the other, float64 (N,).

    0 for a pair that one side's list leaves out; NaN for whoever has no mutually accepted candidate. Ties on both lists
    are independent, so the product of the expectations is exact.
    """
    both = _both(case)
    worth = Judged.of(case.lists).ranked.inverse_rank() * _theirs(case, Ranked.inverse_rank) * both
    count = _sum(case, both.astype(np.float64))
    out = np.full(len(count), np.nan)
    np.divide(_sum(case, worth), count, out=out, where=count > 0)
    return out


@metric(
    "expected_matches",
    title="Matches to expect when both sides read their lists from the top",
    unit="matches for each person",
    needs=("lists", "reverse", "mutual"),
    highest=INFINITE,
    conventions={"attention": "1/log2(1+r)", **SKIP},
)
def expected_matches(case: Case, *, k: Depth | None = None) -> FloatArray:
    """Σ over mutually accepted candidates of the attention that each side gives the other, float64 (N,).

    Attention to rank r is 1 / log2(1 + r), 0 beyond the first k (domain.md G5). NaN for whoever has no mutually
    accepted candidate; 0 without a list.
    """
    both = _both(case)
    worth = Judged.of(case.lists).ranked.attention(k) * _theirs(case, Ranked.attention, k) * both
    found: FloatArray = np.where(_sum(case, both.astype(np.float64)) > 0, _sum(case, worth), np.nan)
    return found


def _both(case: Case) -> BoolArray:
    """Pairs that both sides are known to have accepted, bool (P,)."""
    if case.mutual is None:
        raise DataError("the case does not tell which pairs both sides accepted (mutual)")
    found: BoolArray = case.mutual & ~np.isnan(case.lists.gain)
    return found


def _sum(case: Case, value: FloatArray) -> FloatArray:
    return np.bincount(case.lists.person, weights=value, minlength=case.lists.people).astype(np.float64)


def _theirs(case: Case, worth: object, *k: object) -> FloatArray:
    """Something of each pair on the candidate's list, 0 where that list does not hold it, float64 (P,)."""
    lists, reverse = case.lists, reverse_of(case)
    value: FloatArray = worth(Judged.of(reverse).ranked, *k)  # type: ignore[operator]
    keys = reverse.person.astype(np.int64) * reverse.candidates + reverse.candidate
    wanted = lists.candidate.astype(np.int64) * lists.people + lists.person
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    if not len(keys):
        return np.zeros(len(wanted))
    found: FloatArray = np.where(keys[at] == wanted, value[at], 0.0)
    return found
