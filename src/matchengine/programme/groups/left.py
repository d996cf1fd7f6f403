"""Who is in no group, why, and which groups come nearest (domain.md F4)."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.planning.groups.problem import Forming
from matchengine.programme.groups.problem import Setting
from matchengine.records.circles import UnplacedPerson

__all__ = ["unplaced"]


def unplaced(setting: Setting, forming: Forming, numbers: Sequence[int]) -> tuple[UnplacedPerson, ...]:
    """Return everybody in no group."""
    found = [UnplacedPerson(person_id=person, reason=name, text=text) for person, (name, text) in setting.out.items()]
    return tuple(sorted(found, key=lambda one: one.person_id))
