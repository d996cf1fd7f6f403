"""Swaps: how near the plan is to a computed upper bound, beside taking the heaviest exchange first."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import numpy as np

from benchmarks.measure import Report, Row, seconds, timed
from matchengine.planning.swaps.enumerate import cycles_and_chains
from matchengine.planning.swaps.prices import greedy
from matchengine.planning.swaps.problem import SwapGraph, SwapPlan
from matchengine.planning.swaps.solve import plan_swaps

SEEDS = range(5)
OUT, AROUND = 20, 190
"""Arcs of each person and among how many people they lie: then a tenth of the arcs have one in return."""
BETTER = 1.08


@dataclass(frozen=True)
class _Case:
    what: str
    people: int
    near: float
    within: float
    proven: int = 0


CASES = (
    _Case("density .10", 200, 0.98, 120, proven=3),
    _Case("out-degree 20", 500, 0.96, 60),
    _Case("out-degree 20", 2_000, 0.96, 60),
    _Case("out-degree 20", 20_000, 0.945, 60),
)


def dense(people: int, seed: int, density: float = 0.1) -> SwapGraph:
    """Draw a pool in which every arc has the same chance."""
    rng = np.random.default_rng([seed, people])
    there = rng.random((people, people)) < density
    np.fill_diagonal(there, False)
    return _pool(people, *np.nonzero(there), rng)


def sparse(people: int, seed: int) -> SwapGraph:
    """Draw a pool in which everybody would go to 20 of the 190 people whose work is nearest to theirs."""
    rng = np.random.default_rng([seed, people])
    near = np.concatenate((np.arange(-AROUND // 2, 0), np.arange(1, AROUND // 2 + 1)))
    chosen = np.argpartition(rng.random((people, len(near))), OUT, axis=1)[:, :OUT]
    source = np.repeat(np.arange(people), OUT)
    label = rng.permutation(people)
    return _pool(people, label[source], label[(source + near[chosen].ravel()) % people], rng)


def _pool(people: int, source: np.ndarray, target: np.ndarray, rng: np.random.Generator) -> SwapGraph:
    order = np.lexsort((target, source))
    return SwapGraph(
        vertices=people,
        source=source[order].astype(np.int32),
        target=target[order].astype(np.int32),
        gain=rng.uniform(0.05, 0.6, len(source)),
        starter=np.zeros(people, np.bool_),
        priority=np.ones(people),
        lottery=rng.permutation(people).astype(np.uint64),
    )


def measure(quick: bool) -> Report:
    """Plan swaps in seeded pools of four sizes."""
    report = Report()
    for case in CASES[:2] if quick else CASES:
        _measure(report, case, SEEDS[:1] if quick else SEEDS)
    return report


def _measure(report: Report, case: _Case, seeds: range) -> None:
    plans: list[SwapPlan] = []
    taken, better = [], []
    for seed in seeds:
        graph = dense(case.people, seed) if case.proven else sparse(case.people, seed)
        taken.append(timed(lambda graph=graph: plans.append(plan_swaps(graph, longest_chain=0))))
        better.append(plans[-1].value / _heaviest_first(graph))
    shares = [1 - plan.gap for plan in plans]
    proven = sum(plan.proven for plan in plans)
    wanted = case.proven if len(seeds) == len(SEEDS) else 0
    met = min(shares) >= case.near and max(taken) <= case.within and proven >= wanted and min(better) >= BETTER
    goal = f"each ≥ {case.near:.1%} of the bound in ≤ {case.within:.0f} s and ≥ {BETTER} × heaviest first"
    report.rows.append(
        Row(
            what=f"swaps, {case.people:,} people, {case.what}, {len(seeds)} pools",
            measured=f"{min(shares):.2%} of the bound at least, gap {statistics.median(p.gap for p in plans):.2%}, "
            f"{proven} proven, {seconds(max(taken))} at most",
            beside=f"heaviest first: plans are {min(better):.3f} × as good at least",
            goal=goal + (f", {case.proven} of 5 proven" if case.proven else ""),
            met=met,
            ratio=round(min(shares), 4),
        )
    )
    report.details[f"{case.people} {case.what}"] = [
        {"value": round(p.value, 4), "bound": round(p.bound, 4), "gap": round(p.gap, 5), "proven": p.proven}
        | {"seconds": round(spent, 2), "beside_heaviest_first": round(ratio, 4), "steps": p.steps}
        for p, spent, ratio in zip(plans, taken, better, strict=True)
    ]


def _heaviest_first(graph: SwapGraph) -> float:
    found = cycles_and_chains(graph, 3, 0, 0.1)
    rows = greedy(found.members, np.argsort(-found.weight, kind="stable"), graph.vertices)
    return float(found.weight[rows].sum())
