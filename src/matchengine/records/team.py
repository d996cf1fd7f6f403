"""A team for a collaborative project: who takes which role, and which roles nobody covers (domain.md S1-07)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from matchengine.records.base import Id, Record, Text
from matchengine.records.group import Share
from matchengine.records.result import Fingerprint

__all__ = ["Team", "TeamRole"]


class TeamRole(Record):
    """One role of a project.

    Attributes
    ----------
    importance : int
        1 to 3, as the project states it.
    person_id : str or None
        Who would take it; None where nobody in the team covers it.
    fit : float
        0 to 1: how well the best offer in the team suits the role, whether that covers it or not.
    """

    text: Text
    importance: Annotated[int, Field(ge=1, le=3)]
    person_id: Id | None = None
    fit: Share = 0.0


class Team(Record):
    """A proposed team; nothing is settled before everybody in it agrees.

    Attributes
    ----------
    members : tuple of str
        In the order in which they were chosen; those who belonged to the project before come first.
    already : tuple of str
        Members who belonged to the project before: whoever leads it, and open memberships.
    roles : tuple of TeamRole
        Every role, in the order of the project.
    uncovered : tuple of str
        Texts of the roles that nobody in the team covers; never hidden.
    coverage : float
        0 to 1: the fit of all roles, weighted by their importance.
    interest : float or None
        0 to 1: mean of the members' interest in the topics; None where nobody's is known.
    short_of : int
        Members that are missing to the smallest size of the project.
    status : str
        Always `draft`.
    """

    project_id: Id
    kind: str
    members: tuple[Id, ...]
    already: tuple[Id, ...] = ()
    roles: tuple[TeamRole, ...]
    uncovered: tuple[Text, ...] = ()
    coverage: Share
    interest: Share | None = None
    short_of: Annotated[int, Field(ge=0)] = 0
    fingerprint: Fingerprint | None = None
    status: Literal["draft"] = "draft"
