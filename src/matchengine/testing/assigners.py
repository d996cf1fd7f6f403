"""What every assigner must do: choose possible pairs alone, keep what it promises or refuse, not care about order.

Each check takes `solve(problem)`, which returns an `Assignment`, and raises `PluginError` with the difference found.
A method may refuse lower bounds, quotas, exclusions and pairs that have to be chosen with a `MatchEngineError`; it may
not ignore them. Run them without a test framework: `for check in ASSIGNER_CHECKS: check(solve)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem, Quota
from matchengine.batch import IntArray
from matchengine.errors import MatchEngineError, PluginError

__all__ = ["ASSIGNER_CHECKS", "Solve", "assignment_problem", "check_assigner", "relabelled"]

Solve = Callable[[AssignmentProblem], Assignment]
TOLERANCE = 1e-6


def assignment_problem(
    seed: int,
    requesters: int = 12,
    candidates: int = 8,
    *,
    density: float = 0.5,
    most: int = 3,
    several: bool = False,
) -> AssignmentProblem:
    """Make a random problem with places alone: no lower bound, must, exclusion or quota; its arrays are read-only.

    Parameters
    ----------
    seed : int
    requesters, candidates : int
    density : float
        Share of all pairs that may be chosen.
    most : int
        Each candidate has 0 to this many places.
    several : bool
        Whether requesters may have 0 to 2 candidates instead of one.
    """
    rng = np.random.default_rng([seed, requesters, candidates])
    requester, candidate = np.nonzero(rng.random((requesters, candidates)) < density)
    values = np.round(rng.beta(2, 2, (3, len(requester))) * 0.98 + 0.01, 4)
    numbers = rng.permutation(np.unique(rng.integers(2**63, size=4 * (requesters + candidates) + 8)))
    problem = AssignmentProblem(
        requesters=requesters,
        candidates=candidates,
        requester=requester.astype(np.int32),
        candidate=candidate.astype(np.int32),
        joint=values[0],
        requester_value=values[1],
        candidate_value=values[2],
        requester_least=np.zeros(requesters, np.int64),
        requester_most=rng.integers(0, 3, requesters) if several else np.ones(requesters, np.int64),
        candidate_least=np.zeros(candidates, np.int64),
        candidate_most=rng.integers(0, most + 1, candidates),
        must=np.zeros(len(requester), np.bool_),
        requester_lottery=numbers[:requesters].astype(np.uint64),
        candidate_lottery=numbers[requesters : requesters + candidates].astype(np.uint64),
        arrival=rng.permutation(requesters),
    )
    return _frozen(problem)


def relabelled(
    problem: AssignmentProblem, requester_to: IntArray, candidate_to: IntArray
) -> tuple[AssignmentProblem, IntArray]:
    """List the same people in another order.

    Parameters
    ----------
    problem : AssignmentProblem
    requester_to, candidate_to : int64 array (R,) or (C,)
        New position of each person, a permutation.

    Returns
    -------
    AssignmentProblem
    int64 array (A,)
        Where each pair of the new problem stood in the old one.
    """
    who, whom = requester_to[problem.requester], candidate_to[problem.candidate]
    old = np.lexsort((whom, who))
    new = np.empty(len(old), np.int64)
    new[old] = np.arange(len(old))
    moved: dict[str, Any] = {"requester": who[old].astype(np.int32), "candidate": whom[old].astype(np.int32)}
    moved |= {name: getattr(problem, name)[old] for name in ("joint", "requester_value", "candidate_value", "must")}
    back = {"requester": np.argsort(requester_to), "candidate": np.argsort(candidate_to)}
    for side, order in back.items():
        for name in (f"{side}_least", f"{side}_most", f"{side}_lottery"):
            moved[name] = getattr(problem, name)[order]
    moved["arrival"] = problem.arrival[back["requester"]]
    moved["exclusive"] = new[problem.exclusive]
    moved["quotas"] = tuple(replace(quota, pairs=new[quota.pairs]) for quota in problem.quotas)
    return _frozen(replace(problem, **moved)), old


def check_assigner(solve: Solve) -> None:
    """Run all checks of `ASSIGNER_CHECKS` and report every one that fails.

    Raises
    ------
    PluginError
        One sentence per failed check.
    """
    problems = []
    for check in ASSIGNER_CHECKS:
        try:
            check(solve)
        except Exception as error:  # a check must not hide what the others find
            problems.append(f"{check.__name__}: {type(error).__name__}: {error}")
    if problems:
        raise PluginError(f"the assigner fails {len(problems)} of {len(ASSIGNER_CHECKS)} checks", problems)


def check_places(solve: Solve) -> None:
    """Random problems, sparse and dense, with and without places: positions of pairs, ascending, within all places."""
    for seed in range(12):
        problem = assignment_problem(seed, 3 + 2 * seed, 4 + seed, density=(0.15, 0.5, 1.0)[seed % 3])
        _possible(problem, solve(problem))


def check_several_places(solve: Solve) -> None:
    """Requesters with several places or none: kept, or refused with a sentence."""
    for seed in range(6):
        problem = assignment_problem(seed, 9, 7, several=True)
        found = _or_refused(solve, problem, "requesters with several places")
        if found is not None:
            _possible(problem, found)


def check_nothing_to_choose(solve: Solve) -> None:
    """Nobody, nobody to choose, no pair that may be chosen and no place at all give an empty choice."""
    empty = [assignment_problem(1, *sizes) for sizes in ((0, 0), (0, 4), (4, 0))]
    empty += [assignment_problem(2, 5, 5, density=0.0), assignment_problem(3, 5, 5, most=0)]
    for problem in empty:
        if len(solve(problem).chosen):
            raise PluginError(f"pairs were chosen among {problem.requesters} and {problem.candidates} people")


def check_nothing_left_lying(solve: Solve) -> None:
    """With places alone, no two people who may be paired are both left with a free place."""
    for seed in range(6):
        problem = assignment_problem(seed, 15, 9, density=0.4)
        asking, asked = problem.loads(solve(problem).chosen)
        free = (asking < problem.requester_most)[problem.requester]
        free &= (asked < problem.candidate_most)[problem.candidate]
        if free.any():
            raise PluginError(f"{int(free.sum())} pairs could be added: both people have a free place")


def check_pairs_that_must_be(solve: Solve) -> None:
    """Pairs that have to be chosen are chosen; where there are too few places for them, an error says so."""
    for seed in range(6):
        problem = assignment_problem(seed, 12, 8, density=0.6)
        chosen = _some_choice(problem)
        must = np.zeros(len(problem), np.bool_)
        must[chosen[::3]] = True
        problem = _frozen(replace(problem, must=must))
        found = _or_refused(solve, problem, "pairs that have to be chosen")
        if found is not None:
            _possible(problem, found)
            _require(bool(must[found.chosen].sum() == must.sum()), "a pair that has to be chosen was not chosen")
    problem = assignment_problem(1, 6, 6, density=1.0)
    nobody = replace(problem, must=np.ones(len(problem), np.bool_))
    _require(_or_refused(solve, nobody, "too many pairs that have to be chosen") is None, "too few places were ignored")


def check_exclusions(solve: Solve) -> None:
    """Of two pairs that exclude each other at most one is chosen, or exclusions are refused."""
    for seed in range(6):
        problem = assignment_problem(seed, 10, 8, density=0.6, most=2)
        wanted = solve(problem).chosen  # what it likes best without any exclusion
        half = len(wanted) // 2
        exclusive = np.stack([wanted[:half], wanted[len(wanted) - half :]], axis=1)
        problem = _frozen(replace(problem, exclusive=exclusive))
        found = _or_refused(solve, problem, "pairs that exclude each other")
        if found is not None:
            _possible(problem, found)
            both = np.isin(exclusive, found.chosen).all(axis=1)
            _require(not bool(both.any()), "two pairs were chosen that exclude each other")


def check_quotas(solve: Solve) -> None:
    """Quotas are kept, or refused; a quota nobody can keep is an error."""
    for seed in range(6):
        problem = assignment_problem(seed, 12, 8, density=0.6)
        half = np.flatnonzero(problem.requester < 6)
        for quota in (Quota("few", half, most=2), Quota("some", half, least=1, most=4)):
            limited = _frozen(replace(problem, quotas=(quota,)))
            found = _or_refused(solve, limited, "a quota")
            if found is not None:
                _possible(limited, found)
                count = int(np.isin(found.chosen, half).sum())
                _require(quota.least <= count <= (quota.most or count), f"a quota of {quota} holds {count} pairs")
    problem = assignment_problem(1, 5, 5)
    never = replace(problem, quotas=(Quota("never", np.arange(len(problem)), least=6),))
    _require(_or_refused(solve, never, "a quota nobody can keep") is None, "a quota nobody can keep was ignored")


def check_lower_bounds(solve: Solve) -> None:
    """Fewest pairs of a person are kept or refused; where they cannot be kept, an error says so."""
    for seed in range(6):
        problem = assignment_problem(seed, 12, 8, density=0.6)
        asking, asked = problem.loads(_some_choice(problem))
        requested, offered = asking * (problem.arrival < 4), np.minimum(asked, 1)
        none_asking, none_asked = problem.requester_least, problem.candidate_least
        for requester_least, candidate_least in ((requested, none_asked), (none_asking, offered)):
            bounded = replace(problem, requester_least=requester_least, candidate_least=candidate_least)
            found = _or_refused(solve, _frozen(bounded), "lower bounds")
            if found is not None:
                _possible(bounded, found)
                asking, asked = bounded.loads(found.chosen)
                kept = (asking >= requester_least).all() and (asked >= candidate_least).all()
                _require(bool(kept), "somebody has fewer pairs than promised")
    problem = assignment_problem(2, 3, 6)
    never = replace(problem, candidate_most=np.full(6, 1), candidate_least=np.full(6, 1))
    _require(_or_refused(solve, never, "lower bounds nobody can keep") is None, "impossible lower bounds were ignored")


def check_repeated(solve: Solve) -> None:
    """The same problem gives the same choice again."""
    for seed in range(4):
        problem = assignment_problem(seed, 20, 12)
        first, again = solve(problem), solve(problem)
        _require(np.array_equal(first.chosen, again.chosen), "the same problem gave another choice")


def check_order_of_people(solve: Solve) -> None:
    """However people are listed, the same people are paired, also where many values are equal."""
    for seed in range(8):
        problem = assignment_problem(seed, 11, 7, density=0.7)
        if seed % 2:
            alike = {name: np.round(getattr(problem, name), 1) for name in ("requester_value", "candidate_value")}
            problem = _frozen(replace(problem, joint=np.round(problem.joint, 1), **alike))
        rng = np.random.default_rng(seed)
        moved, old = relabelled(problem, rng.permutation(11), rng.permutation(7))
        found = np.sort(old[solve(moved).chosen])
        _require(np.array_equal(found, solve(problem).chosen), "other people are paired when people are listed anew")


def check_value_and_bound(solve: Solve) -> None:
    """Where a value is told, it is not above the proven bound."""
    for seed in range(4):
        found = solve(assignment_problem(seed, 16, 10))
        if not np.isnan(found.objective) and not np.isnan(found.bound):
            above = found.objective > found.bound + TOLERANCE * max(1.0, abs(found.bound))
            _require(not above, f"the value {found.objective} is above its bound {found.bound}")


ASSIGNER_CHECKS: Sequence[Callable[[Solve], None]] = (
    check_places,
    check_several_places,
    check_nothing_to_choose,
    check_nothing_left_lying,
    check_pairs_that_must_be,
    check_exclusions,
    check_quotas,
    check_lower_bounds,
    check_repeated,
    check_order_of_people,
    check_value_and_bound,
)


def _possible(problem: AssignmentProblem, found: Assignment) -> None:
    """Whether a choice consists of pairs of the problem and keeps the most of everybody."""
    chosen = found.chosen
    _require(isinstance(chosen, np.ndarray) and chosen.ndim == 1, "chosen is not an array of one dimension")
    _require(np.issubdtype(chosen.dtype, np.integer), f"chosen holds {chosen.dtype}, not positions")
    _require(bool((np.diff(chosen) > 0).all()), "chosen is not ascending, or names a pair twice")
    inside = not len(chosen) or (chosen[0] >= 0 and chosen[-1] < len(problem))
    _require(bool(inside), "chosen names a pair that is not in the problem")
    asking, asked = problem.loads(chosen)
    _require(bool((asking <= problem.requester_most).all()), "a requester has more pairs than places")
    _require(bool((asked <= problem.candidate_most).all()), "a candidate has more pairs than places")


def _some_choice(problem: AssignmentProblem) -> IntArray:
    """A choice that keeps the places: pair after pair in the order of the lottery."""
    asking, asked = problem.requester_most.tolist(), problem.candidate_most.tolist()
    chosen = []
    for pair in np.lexsort((problem.candidate_lottery[problem.candidate], problem.requester)).tolist():
        who, whom = int(problem.requester[pair]), int(problem.candidate[pair])
        if asking[who] and asked[whom]:
            asking[who], asked[whom] = asking[who] - 1, asked[whom] - 1
            chosen.append(pair)
    return np.sort(np.array(chosen, np.int64))


def _or_refused(solve: Solve, problem: AssignmentProblem, what: str) -> Assignment | None:
    """Solve, or return None where the method refuses as it should."""
    try:
        return solve(problem)
    except MatchEngineError:
        return None
    except Exception as error:
        raise PluginError(f"{what} gave {type(error).__name__}; expected a MatchEngineError with a sentence") from error


def _frozen(problem: AssignmentProblem) -> AssignmentProblem:
    """Make all arrays read-only, so that writing into them fails."""
    for field in fields(problem):
        value = getattr(problem, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return problem


def _require(met: bool, otherwise: str) -> None:
    if not met:
        raise PluginError(otherwise)
