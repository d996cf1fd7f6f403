"""What an assignment is worth, and how places are used (domain.md H3). Values are true ones, not the strategy's."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics.placing import asks, measures_of, placed_of
from matchengine.metrics.shared import one

__all__ = [
    "capacity_use",
    "least_utility",
    "mentor_overload",
    "nash_welfare",
    "robustness",
    "total_utility",
    "unmatched_rate",
    "utility",
    "utility_of_pairs",
    "worst_decile",
]

INFINITE = float("inf")


@metric("unmatched_rate", better="lower", title="People who get nobody", unit="share of people", needs=("placed",))
def unmatched_rate(case: Case) -> FloatArray:
    """1 for each requester without a pair, 0 with one, float64 (N,); NaN for whoever asks for none."""
    placed = placed_of(case)
    asking, _ = placed.problem.loads(placed.chosen)
    return asks(placed.problem, (asking == 0).astype(np.float64))


@metric("utility", title="What people's pairs are worth", unit="value", needs=("placed",), conventions={"missing": "0"})
def utility(case: Case) -> FloatArray:
    """Mean joint value of each requester's pairs, 0 without any, float64 (N,); NaN for whoever asks for none."""
    placed = placed_of(case)
    problem, chosen = placed.problem, placed.chosen
    asking, _ = problem.loads(chosen)
    total = np.bincount(problem.requester[chosen], weights=problem.joint[chosen], minlength=problem.requesters)
    return asks(problem, total / np.maximum(asking, 1))


@metric(
    "total_utility",
    level="market",
    title="What all pairs are worth together",
    unit="value",
    needs=("placed",),
    highest=INFINITE,
)
def total_utility(case: Case) -> FloatArray:
    """Σ of the joint values of the chosen pairs, float64 (1,)."""
    placed = placed_of(case)
    return one(float(np.sort(placed.problem.joint[placed.chosen]).sum()))


@metric("utility_of_pairs", level="market", title="What a pair is worth on average", unit="value", needs=("placed",))
def utility_of_pairs(case: Case) -> FloatArray:
    """Mean joint value of the chosen pairs, people without a pair left out, float64 (1,); NaN without any pair."""
    return one(measures_of(case).mean)


@metric("least_utility", level="market", title="What the pair that is worth least is worth", needs=("placed",))
def least_utility(case: Case) -> FloatArray:
    """Lowest joint value of a chosen pair, float64 (1,); NaN without any pair."""
    return one(measures_of(case).least)


@metric("worst_decile", level="market", title="What the tenth of people who get least get at most", needs=("placed",))
def worst_decile(case: Case) -> FloatArray:
    """10th percentile of `utility` over requesters, people without a pair counting 0, float64 (1,); NaN without any."""
    worth = utility(case)
    known = worth[~np.isnan(worth)]
    return one(float(np.percentile(known, 10)) if len(known) else float("nan"))


@metric(
    "nash_welfare",
    title="Welfare that counts low values most",
    unit="logarithm of value",
    needs=("placed",),
    lowest=-5.0,
    conventions={"floor": ".01"},
)
def nash_welfare(case: Case) -> FloatArray:
    """ln(w + .01) of each requester, w as in `utility`, float64 (N,); its sum is the Nash welfare of domain.md H3."""
    found: FloatArray = np.log(utility(case) + 0.01)
    return found


@metric("capacity_use", level="market", title="Places that are used", unit="share of places", needs=("placed",))
def capacity_use(case: Case) -> FloatArray:
    """Chosen pairs within candidates' places, over all those places, float64 (1,); NaN where there is no place."""
    placed = placed_of(case)
    _, asked = placed.problem.loads(placed.chosen)
    places = placed.problem.candidate_most
    return one(float(np.minimum(asked, places).sum() / places.sum()) if places.sum() else float("nan"))


@metric(
    "mentor_overload",
    level="candidate",
    better="lower",
    title="Candidates who get more people than they have places for",
    unit="share of candidates",
    needs=("placed",),
)
def mentor_overload(case: Case) -> FloatArray:
    """1 for each candidate with more pairs than places, else 0, float64 (M,)."""
    placed = placed_of(case)
    _, asked = placed.problem.loads(placed.chosen)
    return (asked > placed.problem.candidate_most).astype(np.float64)


@metric(
    "robustness",
    level="market",
    title="Pairs that stay when scores move a little",
    unit="share of pairs",
    needs=("placed",),
    conventions={"noise": "±.02"},
)
def robustness(case: Case) -> FloatArray:
    """Share of the chosen pairs that are chosen again, the mean over the draws of `Placed.again`, float64 (1,).

    NaN where nothing was drawn or chosen.
    """
    placed = placed_of(case)
    if not placed.again or not len(placed.chosen):
        return one(float("nan"))
    return one(float(np.mean([np.isin(placed.chosen, again).mean() for again in placed.again])))
