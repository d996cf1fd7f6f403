"""How content people can be with their places: envy, choices, regret, blocking pairs, loads (domain.md H3)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.metrics.placing import asks, measures_of, placed_of, standing_of
from matchengine.metrics.shared import one
from matchengine.planning.exposure.measures import gini

__all__ = [
    "blocking_beyond",
    "blocking_pairs",
    "blocking_rate",
    "choice_rank",
    "envy_depth",
    "envy_rate",
    "first_choice",
    "first_three",
    "justified_envy",
    "load_gini",
    "regret",
]

INFINITE = float("inf")


@metric(
    "envy_rate",
    better="lower",
    title="People who would rather have somebody else's place",
    unit="share of people",
    needs=("placed",),
)
def envy_rate(case: Case) -> FloatArray:
    """1 for each requester who envies another, else 0, float64 (N,); NaN for whoever asks for nobody."""
    return asks(placed_of(case).problem, (standing_of(case).envied > 0).astype(np.float64))


@metric(
    "justified_envy",
    better="lower",
    title="People who would rather have somebody else's place and would be welcome there",
    unit="share of people",
    needs=("placed",),
)
def justified_envy(case: Case) -> FloatArray:
    """1 for each requester whose envy the candidate shares, else 0, float64 (N,); NaN for whoever asks for nobody."""
    return asks(placed_of(case).problem, standing_of(case).justified.astype(np.float64))


@metric(
    "envy_depth", better="lower", title="How much better the envied place would be", unit="value", needs=("placed",)
)
def envy_depth(case: Case) -> FloatArray:
    """The most that each requester envies somebody for, 0 without envy, float64 (N,); NaN for who asks for nobody."""
    return asks(placed_of(case).problem, standing_of(case).envied)


@metric("first_choice", title="People who get their first choice", unit="share of people", needs=("placed",))
def first_choice(case: Case) -> FloatArray:
    """1 for each requester who got their first choice, 0 for others and for whoever got nobody, float64 (N,)."""
    return asks(placed_of(case).problem, (standing_of(case).rank == 1).astype(np.float64))


@metric(
    "first_three", title="People who get one of their first three choices", unit="share of people", needs=("placed",)
)
def first_three(case: Case) -> FloatArray:
    """1 for each requester who got one of their first three choices, 0 for others, float64 (N,)."""
    return asks(placed_of(case).problem, (standing_of(case).rank <= 3).astype(np.float64))


@metric(
    "choice_rank",
    better="lower",
    title="Which choice people get",
    unit="rank",
    needs=("placed",),
    lowest=1.0,
    highest=INFINITE,
    conventions={"missing": "skip"},
)
def choice_rank(case: Case) -> FloatArray:
    """Rank of each requester's best pair among all they could have had, float64 (N,); NaN without a pair."""
    return asks(placed_of(case).problem, standing_of(case).rank)


@metric(
    "regret", better="lower", title="What people miss of their best possible place", unit="value", needs=("placed",)
)
def regret(case: Case) -> FloatArray:
    """Worth of each requester's best possible pair, less what they got, float64 (N,); NaN for who asks for nobody."""
    return asks(placed_of(case).problem, standing_of(case).regret)


@metric(
    "blocking_pairs",
    level="market",
    better="lower",
    title="Pairs who would rather have each other than what they got",
    unit="pairs",
    needs=("placed",),
    highest=INFINITE,
)
def blocking_pairs(case: Case) -> FloatArray:
    """How many pairs block the assignment, float64 (1,)."""
    return one(float(measures_of(case).blocking.count))


@metric(
    "blocking_rate",
    level="market",
    better="lower",
    title="Share of possible pairs who would rather have each other than what they got",
    unit="share of pairs",
    needs=("placed",),
)
def blocking_rate(case: Case) -> FloatArray:
    """Blocking pairs over the acceptable pairs not chosen, float64 (1,)."""
    return one(measures_of(case).blocking.rate)


@metric(
    "blocking_beyond",
    level="market",
    better="lower",
    title="Pairs who would gain clearly from having each other",
    unit="pairs",
    needs=("placed",),
    highest=INFINITE,
)
def blocking_beyond(case: Case, *, epsilon: float = 0.05) -> FloatArray:
    """How many pairs block the assignment in which both would gain more than `epsilon`, float64 (1,)."""
    return one(float(measures_of(case, epsilon).blocking_beyond.count))


@metric(
    "load_gini",
    level="market",
    better="lower",
    title="How unevenly people are spread over places",
    unit="Gini",
    needs=("placed",),
)
def load_gini(case: Case) -> FloatArray:
    """Gini coefficient of pairs per place, over candidates with at least one place, float64 (1,)."""
    placed = placed_of(case)
    _, asked = placed.problem.loads(placed.chosen)
    there = placed.problem.candidate_most > 0
    return one(gini(asked[there] / placed.problem.candidate_most[there]))
