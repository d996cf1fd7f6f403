"""Who is in no group, why, and which groups come nearest, in words (domain.md F4).

What stands between two people is never told where it is personal, and nobody reads of somebody that they would be the
only one of their kind: both read "not available".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from matchengine.i18n import N_, _
from matchengine.planning.groups.place import NearGroup, Obstacle, Reason, Unplaced
from matchengine.planning.groups.place import unplaced as explained
from matchengine.planning.groups.problem import FormedGroup, Forming
from matchengine.programme.groups.people import openly_apart
from matchengine.programme.groups.problem import Setting
from matchengine.records.circles import CircleOption, UnplacedPerson

__all__ = ["unplaced"]

_NOT_AVAILABLE: Obstacle = "not_available"
_REASONS: Mapping[Reason, str] = {
    "too_few_people": N_("Too few people take part for a single group."),
    "no_slot": N_("At no time when they are free could enough others come."),
    "no_language": N_("Too few others speak a language that they speak well enough."),
    "no_facilitator": N_("Nobody who can lead a group is free when they are, speaks with them and is available."),
    "tied_without_slot": N_("Those with whom they are to be together share no time or no language with them."),
    "too_few_share_slot": N_("Too few others share both a time and a language with them."),
    "not_available": N_("No group is available to them."),
    "no_room": N_("Every group that would suit them is full, or its people are needed elsewhere."),
}
_NOT_COVERED = N_("Nobody who can lead a group offers something close to one of their goals.")
_OBSTACLES: Mapping[str, str] = {
    "slot": N_("it meets when they are not free"),
    "language": N_("it speaks a language that they do not speak well enough"),
    "size": N_("it is full"),
    "together": N_("those with whom they are to be together would have to come too"),
    "not_covered": N_("whoever leads it offers nothing close to one of their goals"),
    "rule": N_("{reason}"),
    "not_available": N_("not available"),
}


def unplaced(setting: Setting, forming: Forming, numbers: Sequence[int]) -> tuple[UnplacedPerson, ...]:
    """Return everybody in no group by id: those who could be in none, and those for whom the search found no place."""
    found = [UnplacedPerson(person_id=person, reason=name, text=text) for person, (name, text) in setting.out.items()]
    for one in explained(setting.problem, setting.aims, forming):
        nearest = [
            _option(setting, forming.groups[near.group], numbers[near.group], one.person, near) for near in one.nearest
        ]
        name, text = _reason(setting, one)
        told = UnplacedPerson(person_id=setting.ids[one.person], reason=name, text=text, nearest=tuple(nearest))
        found.append(told)
    return tuple(sorted(found, key=lambda one: one.person_id))


def _reason(setting: Setting, one: Unplaced) -> tuple[str, str]:
    """The reason as a stable name and in words."""
    if len(setting.uncovered) and setting.uncovered[:, one.person].all():
        return "not_covered", _(_NOT_COVERED)
    return one.reasons[0], " ".join(_(_REASONS[reason]) for reason in one.reasons)


def _option(setting: Setting, group: FormedGroup, number: int, person: int, near: NearGroup) -> CircleOption:
    """A group that comes near, with a rule's reason where a coordinator may be told of it."""
    stands: list[str] = [name for name in near.obstacles if name not in (_NOT_AVAILABLE, "isolate")]
    reason = ""
    if _NOT_AVAILABLE in near.obstacles:
        reason = _open_reason(setting, group, person)
        silent = group.facilitator >= 0 and bool(setting.uncovered[group.facilitator, person])
        stands.append("not_covered" if silent else "rule" if reason else _NOT_AVAILABLE)
    if near.obstacles and not stands:
        stands = [_NOT_AVAILABLE]
    if not stands:
        return CircleOption(number=number, text=_("Group {n}: a place could be found by hand.", n=number))
    said = "; ".join(_(_OBSTACLES[name], reason=reason) for name in stands)
    text = _("Group {n}: {obstacles}.", n=number, obstacles=said)
    return CircleOption(number=number, obstacles=tuple(stands), text=text)


def _open_reason(setting: Setting, group: FormedGroup, person: int) -> str:
    """A reason between somebody and a member that may be told; empty where there is none."""
    apart, own = setting.problem.apart, int(setting.rows[person])
    beside = np.union1d(apart[apart[:, 0] == person, 1], apart[apart[:, 1] == person, 0])
    for other in setting.rows[np.intersect1d(beside, group.members)].tolist():
        reason = openly_apart(setting.scene, setting.config, own, int(other))
        if reason:
            return reason
    return ""
