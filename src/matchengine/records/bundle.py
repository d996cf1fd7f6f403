"""What belongs together for one person: a mentor, a circle, a community group, a resource (domain.md S2-01, S5-21)."""

from __future__ import annotations

from matchengine.records.base import Id, Record
from matchengine.records.result import Fingerprint, Suggestion

__all__ = ["Bundle", "BundleItem", "JointInvitation", "JointInvitations", "MissingItem"]


class BundleItem(Record):
    """One suggestion of a bundle.

    Attributes
    ----------
    type : str
        The role of a suggested person (`mentor`, `peer` …), `person` where the role does not matter, or `circle`,
        `group`, `event`, `project`, `resource`.
    title : str
        Name of a gathering or resource; empty for people, whose names stay with the contacts sheet.
    reason : str
        Why this one, in a sentence.
    note : str
        What else must be said about it; mostly empty.
    """

    type: str
    title: str = ""
    suggestion: Suggestion
    reason: str
    note: str = ""


class MissingItem(Record):
    """A type of which nothing can be suggested, and why."""

    type: str
    why: str


class Bundle(Record):
    """The JSON document of `matchengine bundle --json`: several types of support at once, drafts until people agree.

    Attributes
    ----------
    items : tuple of BundleItem
        In the order in which to look at them, at most one of a type unless more were asked for.
    missing : tuple of MissingItem
        What the bundle lacks.
    plain_text : str
        All of it in sentences.
    """

    person_id: Id
    items: tuple[BundleItem, ...] = ()
    missing: tuple[MissingItem, ...] = ()
    plain_text: str = ""
    fingerprint: Fingerprint | None = None


class JointInvitation(Record):
    """The one event to which both members of a pair are invited; None, with the reason, where there is none."""

    person_id: Id
    other_id: Id
    event_id: Id | None = None
    title: str = ""
    why: str = ""


class JointInvitations(Record):
    """Joint invitations of pairs in the order in which they were drawn; the same seed draws the same order."""

    kind: str
    seed: int
    invitations: tuple[JointInvitation, ...] = ()
