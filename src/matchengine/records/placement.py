"""A person's place in a support group, which people decide and the engine only checks (domain.md C10)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from matchengine.records.base import Id, Record
from matchengine.records.relationship import Relationship

__all__ = ["Placement"]


class Placement(Record):
    """A placement that a named person decided, after every rule was checked.

    Attributes
    ----------
    decided_by, decided_on
        Who decided it, and when.
    resources : tuple of str
        Ids of helplines to hand over first.
    to_confirm : tuple of str
        What to check with the person and the group.
    relationship : Relationship
        The proposed membership, for the programme's records.
    status : str
        Always `draft`: the person and the group have the last word.
    """

    person_id: Id
    group_id: Id
    decided_by: Id
    decided_on: date
    resources: tuple[Id, ...] = ()
    to_confirm: tuple[str, ...] = ()
    relationship: Relationship
    status: Literal["draft"] = "draft"
