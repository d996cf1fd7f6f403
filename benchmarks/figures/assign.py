"""Deciding for everybody: beside SciPy's own solver on a full matrix, and beside OR-tools' flow on candidate lists."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Report, Row, interleaved, peak_rss
from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.planning.assign.flow import network_of, supporting_prices
from matchengine.planning.assign.leximin import leximin
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.widen import widen

DENSE, SPARSE, PLUGIN, FAIR, SHARE, MEMORY = 1.5, 4.0, 1.5, 20.0, 0.995, 2.0
LISTED, RANK, BLOCK = 50, 16, 2_000
BOUNDS, ADDED = 4, 10
SKIPPED = "OR-tools is not installed (pip install 'matchengine[flow]'), so nothing is measured beside it"
Lists = tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class World:
    """Scores of a low-rank factor model with some candidates more sought after, and 4 or 5 places each."""

    people: int
    others: int

    @cached_property
    def factors(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        rng = np.random.default_rng(17)
        taste, offer = (rng.normal(size=(n, RANK)).astype(np.float32) for n in (self.people, self.others))
        return taste / 4, offer, 0.25 * rng.normal(size=self.others).astype(np.float32)

    @cached_property
    def places(self) -> NDArray[np.int64]:
        return np.random.default_rng(18).integers(4, 6, self.others)

    def scores(self, people: NDArray[np.int64] | slice) -> NDArray[np.float64]:
        """Scores of some people with everybody, in (0, 1)."""
        taste, offer, sought = self.factors
        found: NDArray[np.float64] = 1 / (1 + np.exp(-(taste[people] @ offer.T + sought).astype(np.float64)))
        return found

    def best(self, person: int, count: int) -> NDArray[np.int64]:
        """The candidates with the highest scores for one person."""
        row = self.scores(slice(person, person + 1))[0]
        return np.sort(np.argpartition(-row, min(count, self.others) - 1)[:count])

    def problem(self, lists: Lists) -> AssignmentProblem:
        """Make the problem of candidate lists."""
        requester = np.repeat(np.arange(self.people), [len(one) for one in lists]).astype(np.int32)
        candidate = np.concatenate(lists).astype(np.int32)
        taste, offer, sought = self.factors
        joint = np.empty(len(candidate))
        for start in range(0, len(candidate), 1_000_000):
            part = slice(start, start + 1_000_000)
            inner = np.einsum("ij,ij->i", taste[requester[part]], offer[candidate[part]]) + sought[candidate[part]]
            joint[part] = 1 / (1 + np.exp(-inner.astype(np.float64)))
        rng = np.random.default_rng(19)
        return AssignmentProblem(
            requesters=self.people,
            candidates=self.others,
            requester=requester,
            candidate=candidate,
            joint=joint,
            requester_value=joint,
            candidate_value=joint,
            requester_least=np.zeros(self.people, np.int64),
            requester_most=np.ones(self.people, np.int64),
            candidate_least=np.zeros(self.others, np.int64),
            candidate_most=self.places,
            must=np.zeros(len(joint), np.bool_),
            requester_lottery=rng.permutation(self.people).astype(np.uint64),
            candidate_lottery=rng.permutation(self.others).astype(np.uint64),
            arrival=np.arange(self.people),
        )

    def lists(self) -> Lists:
        """The best candidates of everybody."""
        found: list[NDArray[np.int64]] = []
        for start in range(0, self.people, BLOCK):
            scores = self.scores(slice(start, start + BLOCK))
            best = np.argpartition(-scores, LISTED - 1, axis=1)[:, :LISTED]
            found += list(np.sort(best, axis=1))
        return tuple(found)


def measure(quick: bool) -> Report:
    """Measure the modes that optimise."""
    report = Report()
    _dense(report, 200 if quick else 1_000, 80 if quick else 400, 15 if quick else 9)
    world = World(*((2_000, 500) if quick else (20_000, 5_000)))
    lists = world.lists()
    _lists(report, world.problem(lists), 3)
    _everybody(report, world, lists)
    return report


def _dense(report: Report, people: int, others: int, rounds: int) -> None:
    from scipy.optimize import linear_sum_assignment

    world = World(people, others)
    problem = world.problem(tuple(np.arange(others) for _ in range(people)))
    matrix = np.repeat(problem.joint.reshape(people, others), world.places, axis=1)
    taken = interleaved(lambda _: max_weight(problem), lambda _: linear_sum_assignment(matrix, maximize=True), rounds)
    row, column = linear_sum_assignment(matrix, maximize=True)
    assert abs(max_weight(problem).objective - matrix[row, column].sum()) < 1e-5
    what = f"max_weight, {people:,} × {others:,}, everybody with everybody"
    beside = "SciPy linear_sum_assignment on the same matrix, a column for each place"
    report.rows.append(Row.of(what, taken, beside, f"≤ {DENSE} ×", taken.within(DENSE)))


def _lists(report: Report, problem: AssignmentProblem, rounds: int) -> None:
    size = f"{problem.requesters:,} × {problem.candidates:,}, {LISTED} candidates each"
    if importlib.util.find_spec("ortools") is None:
        report.details["candidate lists"] = SKIPPED
        return
    from matchengine.plugins.ortools import max_weight_ortools

    sides: list[tuple[str, Callable[[AssignmentProblem], Assignment], float]] = [
        ("max_weight", max_weight, SPARSE),
        ("max_weight_ortools", max_weight_ortools, PLUGIN),
        ("leximin", leximin, FAIR),
    ]
    floor = _bare_flow(problem)
    for name, method, goal in sides:
        taken = interleaved(lambda _, method=method: method(problem), lambda _: _bare_flow(problem), rounds)
        row = Row.of(f"{name}, {size}", taken, "OR-tools min-cost flow on the same arcs", f"≤ {goal:g} ×")
        report.rows.append(replace(row, met=taken.within(goal)))
        found = method(problem)
        report.details[name] = {
            "sum": round(found.objective, 6),
            "matched": len(found.chosen),
            "lowest": round(float(problem.joint[found.chosen].min()), 6),
            "sum of the bare flow": round(floor, 6),
        }
        report.details[name]["proven gap"] = round(found.gap, 7)
        assert name == "leximin" or found.objective >= (1 - found.gap) * floor - 1e-6 * problem.requesters


def _bare_flow(problem: AssignmentProblem) -> float:
    """What whoever uses OR-tools alone would write: scores to a millionth, no lottery, no check."""
    from ortools.graph.python import min_cost_flow

    people, others, pairs = problem.requesters, problem.candidates, len(problem)
    sink = people + others
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([problem.requester, np.arange(sink)]).astype(np.int32),
        np.concatenate([people + problem.candidate, np.full(sink, sink)]).astype(np.int32),
        np.concatenate([np.ones(pairs + people, np.int64), problem.candidate_most]),
        np.concatenate([-np.round(1e6 * problem.joint).astype(np.int64), np.zeros(sink, np.int64)]),
    )
    flow.set_nodes_supplies(
        np.arange(sink + 1), np.concatenate([np.ones(people), np.zeros(others), [-people]]).astype(np.int64)
    )
    assert flow.solve() == flow.OPTIMAL
    return float(problem.joint[flow.flows(arcs[:pairs]) > 0].sum())


def _everybody(report: Report, world: World, lists: Lists) -> None:
    """Widen lists for whoever is left over, and compare with a bound of the optimum over all pairs."""
    rounds: list[dict[str, Any]] = []

    def solve(now: Lists) -> tuple[tuple[AssignmentProblem, Assignment], NDArray[np.int64]]:
        problem = world.problem(now)
        found = max_weight(problem)
        left = np.setdiff1d(np.arange(world.people), problem.requester[found.chosen])
        rounds.append({"pairs": len(problem), "left over": len(left), "sum": round(found.objective, 4)})
        return (problem, found), left

    def longer(now: Lists, left: NDArray[np.int64]) -> Lists | None:
        if all(len(now[n]) >= world.others for n in left):
            return None
        more = {int(n): world.best(int(n), 2 * len(now[n])) for n in left}
        return tuple(more.get(n, one) for n, one in enumerate(now))

    (_problem, found), longest = widen(lists, longer, solve)
    peak = peak_rss() / 2**30
    bound = _bound(world, longest)
    share = found.objective / bound
    size = f"{world.people:,} × {world.others:,}"
    report.rows.append(
        Row(
            f"max_weight, {size}, lists of {LISTED} widened for those left over",
            f"{100 * share:.2f} %",
            "a proven bound of the optimum over all pairs",
            f"≥ {100 * SHARE:g} %",
            share >= SHARE,
        )
    )
    report.rows.append(
        Row("peak memory of all this", f"{peak:.2f} GiB", "whole process", f"≤ {MEMORY:g} GiB", peak <= MEMORY)
    )
    report.details["widening"] = {"rounds": rounds, "bound": round(bound, 4)}


def _bound(world: World, lists: Lists) -> float:
    """Weak duality: places at their prices, and for everybody the best that is left to them over all candidates.

    Whoever is better served at these prices outside of their list gets those candidates added, and the prices are found
    again; the lowest of the bounds counts.
    """
    best = np.inf
    for _ in range(BOUNDS):
        problem = world.problem(lists)
        network, at = network_of(problem)
        price = supporting_prices(network, problem.joint[at])
        gains, added = 0.0, list(lists)
        for start in range(0, world.people, BLOCK):
            gain = world.scores(slice(start, start + BLOCK)) - price
            gains += float(np.maximum(gain.max(axis=1), 0).sum())
            for n, found in enumerate(np.argpartition(-gain, ADDED - 1, axis=1)[:, :ADDED], start):
                added[n] = np.union1d(lists[n], found)
        best, lists = min(best, float(world.places @ price) + gains), tuple(added)
    return best
