"""The map of unmet needs (domain.md S5-20): for which goals a programme has nobody yet, so that partners can be found.

A kind of group or event stands for the kind of organisation that could fill a gap: a library, a club, a parents' group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import get_args

import numpy as np

from matchengine.batch import PairBatch
from matchengine.i18n import N_, _, ngettext
from matchengine.matching.rank import feasible
from matchengine.matching.retrieve import retrieve
from matchengine.records import Resource
from matchengine.records import vocabulary as v
from matchengine.records.unmet import NeedCoverage, UnmetNeeds
from matchengine.scene import Scene

__all__ = ["unmet_needs"]

_FEWEST = 5
"""Fewest people of whom anything is told."""
_UNSTATED = "unstated"
_GOALS: tuple[str, ...] = get_args(v.GoalKind)
_GOAL_NAMES: Mapping[str, str] = {
    "skill": N_("learning a skill"),
    "career_move": N_("a new job or career"),
    "confidence": N_("confidence"),
    "navigate_field": N_("finding their way in a field"),
    "rights_advocacy": N_("rights and advocacy"),
    "leadership": N_("leading people"),
    "community": N_("meeting people"),
    "wellbeing": N_("feeling better"),
    "business": N_("a business of their own"),
    "education": N_("school, training or university"),
    _UNSTATED: N_("a goal whose kind nobody stated"),
}


def unmet_needs(scenes: Mapping[str, Scene]) -> UnmetNeeds:
    """Count for each kind of main goal whom and what a programme has for it.

    Parameters
    ----------
    scenes : mapping of str to Scene
        The kinds of match that count as help. Everybody who asks for any of them is counted once.

    Returns
    -------
    UnmetNeeds
        A candidate counts who is eligible and whose score, without lifts, reaches `fair_from` with enough known.
    """
    goals: dict[int, str] = {}
    reached: dict[int, set[str]] = {}
    types: dict[str, None] = {}
    for scene in scenes.values():
        types |= dict.fromkeys(_types(scene))
        for row in np.flatnonzero(scene.pool.members(scene.kind.sides.requesters, scene.kind.requester_role)).tolist():
            goals.setdefault(row, _goal(scene, row))
            reached.setdefault(row, set()).update(_suiting(scene, row))
    people = Counter(goals.values())
    needs = []
    for goal, count in people.items():
        if count >= _FEWEST:
            of_goal = [reached[row] for row, name in goals.items() if name == goal]
            each = {name: sum(name in found for found in of_goal) for name in types}
            unmet = sum(not found for found in of_goal)
            needs.append(NeedCoverage(goal=goal, people=count, reached=each, unmet=unmet))
    needs.sort(key=lambda need: (-need.unmet, -need.people, need.goal))
    few = sum(count for count in people.values() if count < _FEWEST)
    return UnmetNeeds(needs=tuple(needs), too_few=few, summary=tuple(_sentences(needs)))


def _goal(scene: Scene, row: int) -> str:
    """Kind of a person's main goal."""
    mask = int(scene.pool.tables["people"].column("goal_kind")[row])
    return _GOALS[mask.bit_length() - 1] if mask else _UNSTATED


def _types(scene: Scene) -> list[str]:
    """Types of all candidates of a kind of match, by name."""
    sides = scene.kind.sides
    ids = scene.pool.tables[sides.candidates].ids
    return sorted({_type_of(scene, ids[row]) for row in np.flatnonzero(scene.pool.candidates(sides)).tolist()})


def _type_of(scene: Scene, candidate_id: str) -> str:
    card = scene.pool.cards.get(scene.kind.sides.candidates, {}).get(candidate_id)
    if isinstance(card, Resource):
        return card.type
    return str(getattr(card, "kind", scene.kind.config.candidate))


def _suiting(scene: Scene, row: int) -> set[str]:
    """Types of the candidates that suit a person at least fairly."""
    config, sides = scene.kind.config, scene.kind.sides
    [rows] = retrieve(scene.pool, scene.kind, scene.config.retrieve, [row], [scene.eligible(row)])
    if not len(rows):
        return set()
    _raw, table = scene.table(PairBatch.one_to_many(row, rows))
    stands = np.zeros(len(rows), np.bool_)
    stands[feasible(table.blocks)] = True
    suits = stands & table.informed & (np.round(100 * (table.total - table.lift), 2) >= config.fair_from)
    ids = scene.pool.tables[sides.candidates].ids
    return {_type_of(scene, ids[int(candidate)]) for candidate in rows[suits]}


def _sentences(needs: list[NeedCoverage]) -> Iterator[str]:
    for need in needs:
        if need.unmet:
            yield ngettext(
                "{n} of {people} people whose main goal is {goal} has nothing yet that suits.",
                "{n} of {people} people whose main goal is {goal} have nothing yet that suits.",
                need.unmet,
                people=need.people,
                goal=_(_GOAL_NAMES[need.goal]),
            )
