"""What stands in the way of two people, as a coordinator may read it in a plan that goes from hand to hand.

A plan is read by more people than asked for it. So a personal rule reads "not available" here, and names nobody's part
in it (domain.md B4).
"""

from __future__ import annotations

from matchengine.contrast.case import Case
from matchengine.contrast.changes import obstacles
from matchengine.contrast.pair import hardly_meet
from matchengine.i18n import _
from matchengine.programme.pairs import matched_before
from matchengine.records import Obstacle
from matchengine.scene import Scene

__all__ = ["in_the_way", "is_personal", "not_available"]


def not_available() -> Obstacle:
    """Return what is said of whatever nobody may be told."""
    return Obstacle(rule="not_available", text=_("Not available."))


def in_the_way(scene: Scene, requester: int, candidate: int) -> list[Obstacle]:
    """Return the rules that forbid a pair of rows; nothing where it may be assigned, however low its score."""
    case = Case(scene, requester, candidate)
    if is_personal(case):
        return [not_available()]
    found = obstacles(case)
    tables, sides = scene.pool.tables, scene.kind.sides
    other = tables[sides.candidates].ids[candidate]
    named = {each.rule for each in found}
    if other in matched_before(scene, tables[sides.requesters].ids[requester]) and "existing_match" not in named:
        found.append(Obstacle(rule="matched_before", text=_("They are matched already, or were before.")))
    if not found and not case.meets:
        found.append(hardly_meet())
    return found


def is_personal(case: Case) -> bool:
    """Whether a personal rule, or one whose reason a coordinator may not read, stands between two people."""
    return any(c.spec.personal or "coordinator" not in c.spec.told_to for c in case.vetoes)
