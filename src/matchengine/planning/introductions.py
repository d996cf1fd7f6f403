"""Warm introductions: somebody the person knows who is in the group, or knows its contact (domain.md S5-07).

A path shows ties of the people on it, so everybody on it but the person who reads it must have allowed that. Being in
a group about private matters is never shown, whatever was allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matchengine.records import Relationship
from matchengine.records.journey import Introduction

__all__ = ["introductions"]

_PERSONAL = frozenset({"mentoring", "peer", "sponsorship", "buddy"})


def introductions(
    person_id: str,
    group_id: str,
    contact_id: str | None,
    ties: Sequence[Relationship],
    consenting: Collection[str],
    *,
    private: bool = False,
) -> tuple[Introduction, ...]:
    """Return the ways in which the person can be introduced, shortest first, then by id.

    Parameters
    ----------
    contact_id : str or None
        The group's contact, who agreed to greet newcomers.
    ties : sequence of Relationship
        Active ties count: mentoring, peers, sponsorship and buddies between people, membership in groups.
    consenting : collection of str
        People who allowed that their ties are shown to the one who reads this.
    private : bool
        Whether being in the group is nobody's business: then nobody is named as being in it but its own contact.
    """
    active = [tie for tie in ties if tie.status == "active"]
    knows: dict[str, set[str]] = {}
    for tie in active:
        if tie.kind in _PERSONAL:
            knows.setdefault(tie.person_id, set()).add(tie.other_id)
            knows.setdefault(tie.other_id, set()).add(tie.person_id)
    inside = {tie.person_id for tie in active if tie.kind == "membership" and tie.other_id == group_id}
    own = knows.get(person_id, set()) - {person_id}
    found = []
    if contact_id is not None and contact_id in own:
        found.append(Introduction(via_id=contact_id, to_id=contact_id, length=1))
    for friend in sorted(own & set(consenting)):
        if friend == contact_id:
            continue
        if friend in inside and not private:
            found.append(Introduction(via_id=friend, to_id=group_id, length=2))
        elif contact_id in consenting and contact_id in knows.get(friend, ()):
            found.append(Introduction(via_id=friend, to_id=contact_id or group_id, length=2))
    return tuple(found)
