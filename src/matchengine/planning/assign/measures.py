"""What an assignment is like for the people in it (domain.md H3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.assign.blocking import TOLERANCE, Blocking, blocking_pairs

__all__ = ["Measures", "best_ranks", "envy", "greatest_of", "least_of", "measure_assignment", "robustness"]


@dataclass(frozen=True)
class Measures:
    """Figures of one assignment; NaN where there is nothing to average.

    Attributes
    ----------
    requesters : int
        Requesters with a place; all shares are of these.
    unmatched_rate : float
        Share of requesters without any pair.
    mean, least, tenth_percentile : float
        Joint value of the chosen pairs, in [0, 1].
    nash_welfare : float
        Σ ln(w + .01) over requesters, w the mean joint value of their pairs and 0 without any.
    envy, justified_envy : float
        Share of requesters who envy somebody; justified where the candidate, too, prefers who envies to who is there.
    envy_depth : float
        Mean over requesters of the most that they envy somebody for, 0 for whoever envies nobody.
    rank_profile : int64 array (N,)
        How many requesters got their first, second, … choice, counted by the best pair of each.
    first_choice, first_three : float
        Share of requesters who got their first choice, or one of their first three.
    regret : float
        Mean over requesters of what their best possible pair is worth to them, less what they got.
    blocking, blocking_beyond : Blocking
        Pairs in which both would gain, and in which both would gain more than ε.
    """

    requesters: int
    unmatched_rate: float
    mean: float
    least: float
    tenth_percentile: float
    nash_welfare: float
    envy: float
    justified_envy: float
    envy_depth: float
    rank_profile: IntArray
    first_choice: float
    first_three: float
    regret: float
    blocking: Blocking
    blocking_beyond: Blocking


def measure_assignment(problem: AssignmentProblem, chosen: IntArray, *, epsilon: float = 0.05) -> Measures:
    """Compute every figure of domain.md H3 that needs no second solution.

    What a requester has is the least that any of their pairs is worth to them, 0 without a pair. A requester can envy
    only whoever is paired with a candidate they could have had themselves. Values nearer than 1e-6 are equal.

    Parameters
    ----------
    problem : AssignmentProblem
    chosen : int64 array (K,)
        Positions of the chosen pairs.
    epsilon : float
        For `blocking_beyond`.
    """
    asks = problem.requester_most > 0
    count = int(asks.sum())
    loads, _ = problem.loads(chosen)
    joint = problem.joint[chosen]
    total = np.bincount(problem.requester[chosen], weights=joint, minlength=problem.requesters)
    has = least_of(problem.requester[chosen], problem.requester_value[chosen], problem.requesters)
    envied, justified = envy(problem, chosen, has)
    ranks = best_ranks(problem, chosen)[loads > 0]
    best = greatest_of(problem, problem.requester_value, (problem.candidate_most > 0)[problem.candidate])
    return Measures(
        requesters=count,
        unmatched_rate=_share(asks & (loads == 0), count),
        mean=float(joint.mean()) if len(joint) else float("nan"),
        least=float(joint.min()) if len(joint) else float("nan"),
        tenth_percentile=float(np.percentile(joint, 10)) if len(joint) else float("nan"),
        nash_welfare=float(np.log(total / np.maximum(loads, 1) + 0.01)[asks].sum()),
        envy=_share(envied > 0, count),
        justified_envy=_share(justified, count),
        envy_depth=float(envied[asks].mean()) if count else float("nan"),
        rank_profile=np.bincount(ranks - 1),
        first_choice=_share(ranks == 1, count),
        first_three=_share(ranks <= 3, count),
        regret=float(np.maximum(best - has, 0)[asks].mean()) if count else float("nan"),
        blocking=blocking_pairs(problem, chosen),
        blocking_beyond=blocking_pairs(problem, chosen, epsilon=epsilon),
    )


def robustness(
    problem: AssignmentProblem,
    chosen: IntArray,
    solve: Callable[[AssignmentProblem], Assignment],
    *,
    width: float = 0.02,
    draws: int = 20,
    seed: int = 0,
) -> float:
    """Share of the chosen pairs that are chosen again when every value moves a little, the mean over draws.

    Parameters
    ----------
    problem : AssignmentProblem
    chosen : int64 array (K,)
        Positions of the chosen pairs.
    solve : callable
        Solves a problem as the chosen pairs were found.
    width : float
        Each of the three values of each pair moves by up to this much, evenly spread, and stays within [0, 1].
    draws, seed : int
        How often, and by which seed; draws belong to people by their lottery numbers, not by their positions.

    Returns
    -------
    float
        In [0, 1], or NaN where nothing was chosen.
    """
    if not len(chosen):
        return float("nan")
    who, whom = problem.requester_lottery[problem.requester], problem.candidate_lottery[problem.candidate]
    order = np.lexsort((whom, who))
    kept = []
    for draw in range(draws):
        noise = np.empty((3, len(problem)))
        noise[:, order] = np.random.default_rng([seed, draw]).uniform(-width, width, (3, len(problem)))
        values = np.stack([problem.joint, problem.requester_value, problem.candidate_value]) + noise
        joint, mine, theirs = np.clip(values, 0, 1)
        again = solve(replace(problem, joint=joint, requester_value=mine, candidate_value=theirs)).chosen
        kept.append(np.isin(chosen, again).mean())
    return float(np.mean(kept))


def _share(which: BoolArray, count: int) -> float:
    return float(which.sum() / count) if count else float("nan")


def least_of(person: IntArray, value: FloatArray, people: int) -> FloatArray:
    """Return the least value of each person, 0 without any."""
    least = np.full(people, np.inf)
    np.minimum.at(least, person, value)
    least[np.isinf(least)] = 0.0
    return least


def greatest_of(problem: AssignmentProblem, value: FloatArray, which: BoolArray) -> FloatArray:
    """Return the greatest value of each requester over some pairs, 0 without any."""
    greatest = np.zeros(problem.requesters)
    np.maximum.at(greatest, problem.requester[which], value[which])
    return greatest


def envy(problem: AssignmentProblem, chosen: IntArray, has: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return how much each requester envies somebody at most, float64 (R,), and whether justly so, bool (R,)."""
    taken = np.zeros(len(problem), np.bool_)
    taken[chosen] = True
    more = problem.requester_value - has[problem.requester]
    occupied = problem.loads(chosen)[1][problem.candidate] > 0
    envies = ~taken & occupied & (more > TOLERANCE) & (problem.requester_most > 0)[problem.requester]
    worst = np.full(problem.candidates, np.inf)
    np.minimum.at(worst, problem.candidate[chosen], problem.candidate_value[chosen])
    justly = envies & (problem.candidate_value > worst[problem.candidate] + TOLERANCE)
    justified = np.zeros(problem.requesters, np.bool_)
    justified[problem.requester[justly]] = True
    return greatest_of(problem, more, envies), justified


def best_ranks(problem: AssignmentProblem, chosen: IntArray) -> IntArray:
    """Return the rank of the best chosen pair of each requester, 1 the first choice; very large without any."""
    order = np.lexsort((-problem.requester_value, problem.requester))
    key = problem.requester[order] * 4.0 - problem.requester_value[order]
    rank = np.empty(len(problem), np.int64)
    rank[order] = np.searchsorted(key, key - TOLERANCE) - problem.starts[problem.requester[order]] + 1
    best = np.full(problem.requesters, np.iinfo(np.int64).max)
    np.minimum.at(best, problem.requester[chosen], rank[chosen])
    return best
