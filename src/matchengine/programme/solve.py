"""Let an assigner decide, check what it gave back, and say in names what cannot be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem, InfeasibleError
from matchengine.batch import IntArray
from matchengine.components import AssignerSpec
from matchengine.errors import MatchEngineError, PluginError, blame
from matchengine.i18n import _
from matchengine.planning.assign.disruption import least_disruption
from matchengine.planning.assign.verify import verify
from matchengine.planning.assign.widen import widen
from matchengine.programme.conflicts import explain_conflict
from matchengine.programme.mutual import fold
from matchengine.programme.pairs import Pairs, gather, is_mutual
from matchengine.programme.problem import Demands, Pair, Task, lottery_of, make_task, refuse_contradictions
from matchengine.programme.two_stage import Ranked
from matchengine.registry import Registry
from matchengine.scene import Scene

__all__ = ["Order", "Solved", "compare", "rearrange", "run_assigner", "solve"]

_WIDER = 4
"""How much longer the lists of those left over get each time."""


@dataclass(frozen=True)
class Order:
    """How to decide: by which assigner, with which settings beside the defaults, and which seed of the lottery.

    `ranked` are the rankings and vetoes of people, None where scores alone decide.
    """

    method: str
    settings: Mapping[str, Any]
    seed: int
    ranked: Ranked | None = None


@dataclass(frozen=True)
class Solved:
    """A task and what was chosen."""

    task: Task
    assignment: Assignment


def compare(scene: Scene, demands: Demands, order: Order) -> Pairs:
    """Compare all pairs, those that people demand or list too; each two people once where pairs have no direction."""
    named = set(demands.must) | (order.ranked.listed if order.ranked is not None else set())
    every = gather(scene, also=_rows(scene, named))
    return _folded(scene, every, order.seed)


def _rows(scene: Scene, pairs: set[tuple[str, str]]) -> dict[int, list[int]]:
    """Rows of named pairs, either way round where they have no direction; unknown ids are left out."""
    own = scene.pool.tables[scene.kind.sides.requesters].row_of
    theirs = scene.pool.tables[scene.kind.sides.candidates].row_of
    found: dict[int, list[int]] = {}
    for pair in sorted(pairs):
        for one, other in (pair, pair[::-1]) if is_mutual(scene) else (pair,):
            if one in own and other in theirs:
                found.setdefault(own[one], []).append(theirs[other])
    return found


def _folded(scene: Scene, every: Pairs, seed: int) -> Pairs:
    if not is_mutual(scene):
        return every
    ids = scene.pool.tables[scene.kind.sides.requesters].ids
    return fold(scene, every, lottery_of([ids[row] for row in every.requesters.tolist()], seed))


def solve(scene: Scene, registry: Registry, demands: Demands, order: Order, every: Pairs | None = None) -> Solved:
    """Decide for everybody at once; where lists were cut, widen those of whoever is left over and decide again.

    Raises
    ------
    DataError
        Where demands contradict each other or a rule.
    InfeasibleError
        Where nothing meets every demand; it names the fewest demands that cannot stand together.
    PluginError
        Where the method is unknown, fails, or chooses what it may not.
    """
    every = compare(scene, demands, order) if every is None else every
    refuse_contradictions(scene, every, demands)
    sizes = (scene.kind.config.assign.shortlist * _WIDER**step for step in count(1))

    def decide(pairs: Pairs) -> tuple[Solved, IntArray]:
        task = _task(scene, pairs, demands, order)
        found = run_assigner(registry, order, task)
        return Solved(task, found), _left_over(task, found.chosen)

    def wider(pairs: Pairs, over: IntArray) -> Pairs | None:
        more = pairs.joined(_folded(scene, gather(scene, among=over, shortlist=next(sizes)), order.seed))
        return None if len(more) == len(pairs) and more.whole[over].all() else more

    return widen(every, wider, decide)[0]


def rearrange(
    scene: Scene,
    registry: Registry,
    demands: Demands,
    order: Order,
    every: Pairs,
    before: Sequence[Pair],
) -> Solved:
    """Decide again for as many people as possible while as many pairs as possible stay as they were.

    Raises
    ------
    DataError, InfeasibleError
        As in `solve`.
    """
    refuse_contradictions(scene, every, demands)
    task = _task(scene, every, demands, order)
    if not len(task.problem) and not _demanding(task.problem):
        return Solved(task, Assignment(np.zeros(0, np.int64)))
    try:
        method = partial(_rest, registry, order, task)
        found = least_disruption(task.problem, task.positions(before), method=method)
    except InfeasibleError as error:
        raise explain_conflict(task, error) from None
    _believed(task, found, "least_disruption")
    return Solved(task, found)


def _rest(registry: Registry, order: Order, task: Task, problem: AssignmentProblem) -> Assignment:
    """Let the method of a plan decide for those whose pair did not stay."""
    return run_assigner(registry, order, replace(task, problem=problem))


def _task(scene: Scene, every: Pairs, demands: Demands, order: Order) -> Task:
    task = make_task(scene, every, demands, order.seed)
    return task if order.ranked is None else order.ranked.applied(task)


def _left_over(task: Task, chosen: IntArray) -> IntArray:
    """Positions of requesters without anybody whose candidates were not all compared."""
    loads = np.bincount(task.pairs.requester[chosen], minlength=len(task.requester_ids))
    if task.mutual:
        loads = loads + np.bincount(task.pairs.candidate[chosen], minlength=len(task.requester_ids))
    out = np.array([external in task.demands.left_out for external in task.requester_ids], np.bool_)
    return np.flatnonzero((loads == 0) & (task.places.requester > 0) & ~task.every.whole & ~out)


def run_assigner(registry: Registry, order: Order, task: Task) -> Assignment:
    """Run the assigner of an order on a task and check its result against every demand."""
    spec = registry.assigner(order.method)
    settings = registry.settings(spec, _filled(spec, order, task)).model_dump()
    found = _called(spec, task, settings)
    if not isinstance(found, Assignment):
        told = _("assigner {name!r} returned {type}, expected an Assignment", name=spec.name, type=type(found).__name__)
        raise PluginError(told)
    _believed(task, found, spec.name)
    return found


def _believed(task: Task, found: Assignment, name: str) -> None:
    """Refuse a result that breaks a demand; no solver is believed."""
    wrong = verify(task.problem, found)
    if wrong:
        told = _("assigner {name!r} broke a demand; its result was not used. Report it to its author.", name=name)
        raise PluginError(told, [f"{each.kind} {each.position}: {each.expected}, {each.found}" for each in wrong[:5]])


def _filled(spec: AssignerSpec, order: Order, task: Task) -> dict[str, Any]:
    """The settings given, and those that the whole run decides where the assigner asks for them."""
    given = {"seed": task.seed} | dict(order.settings)
    return {
        name: value for name, value in given.items() if name in order.settings or name in spec.settings.model_fields
    }


def _called(spec: AssignerSpec, task: Task, settings: Mapping[str, Any]) -> Any:
    if not len(task.problem) and not _demanding(task.problem):
        return Assignment(np.zeros(0, np.int64))
    try:
        return spec.build(task.problem, **settings)
    except InfeasibleError as error:
        raise explain_conflict(task, error) from None
    except MatchEngineError:
        raise
    except Exception as error:
        raise blame(_("assigner {name!r}", name=spec.name), error) from None


def _demanding(problem: AssignmentProblem) -> bool:
    return bool(problem.requester_least.any() or problem.candidate_least.any() or problem.quotas)
