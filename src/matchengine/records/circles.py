"""A draft of groups for a whole programme: circles, support groups, mentoring groups (domain.md F4)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from matchengine.records import vocabulary as v
from matchengine.records.base import Id, LanguageTag, Record
from matchengine.records.group import Share
from matchengine.records.manifest import RunManifest
from matchengine.records.result import Fingerprint

__all__ = [
    "Circle",
    "CircleOption",
    "CircleRelaxation",
    "GroupsFigures",
    "GroupsPlan",
    "Lesson",
    "MeetingSlot",
    "UnplacedPerson",
]

Count = Annotated[int, Field(ge=0)]
CircleRelaxation = Literal["target_size", "alpha", "experienced_member", "min_share", "isolates"]
"""What may be given up, first to last (domain.md F2); time, language, boundaries and safety never are."""


class MeetingSlot(Record):
    """A recurring meeting at which every member is free.

    Attributes
    ----------
    text : str
        The whole slot in words.
    mode : str
    weekday : int
        0 for Monday, in the programme's time zone.
    time, time_zone : str
        When it begins, such as `18:00`, on the clock of the programme's time zone.
    minutes : int
    every : str
        `weekly`, `biweekly` or `monthly`.
    first : datetime
        The first meeting.
    """

    text: str
    mode: v.Mode
    weekday: Annotated[int, Field(ge=0, le=6)]
    time: str
    time_zone: str
    minutes: Annotated[int, Field(ge=1)]
    every: v.CadenceEvery
    first: datetime


class Lesson(Record):
    """Something a member could teach others of the group: their own offer, and how many are looking for it."""

    person_id: Id
    offer: str
    learners: Annotated[int, Field(ge=1)]


class Circle(Record):
    """One proposed group.

    Attributes
    ----------
    number : int
        From 1; a coordinator locks people into a group by it.
    members : tuple of str
        In alphabetical order of ids.
    slot : MeetingSlot or None
        None where nobody in the programme stated when they are free.
    language : str or None
        None where nobody stated languages.
    leader_id : str or None
    why : tuple of str
        What brings the members together, in words that the coordinator may read.
    lessons : tuple of Lesson
        What each could teach.
    notes : tuple of str
        What to mind with this group.
    to_confirm : tuple of str
        What nobody has said yet.
    relaxations : tuple of str
        What was given up for this group. That somebody is the only one of their kind is told of a group only where all
        whom it concerns allowed coordinators to be told.
    quality : float
        Q of domain.md F1: likeness, difference, mutual teaching, less the faultline, each with its weight.
    similarity, difference : float or None
        Means over the pairs of members, 0 to 1, without lifts; None where nothing is known.
    teaching, faultline : float
        The share of what members look for that others could teach; and how far the group might split into two camps.
    """

    number: Annotated[int, Field(ge=1)]
    members: tuple[Id, ...]
    slot: MeetingSlot | None = None
    language: LanguageTag | None = None
    leader_id: Id | None = None
    why: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    notes: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    relaxations: tuple[CircleRelaxation, ...] = ()
    quality: float
    similarity: Share | None = None
    difference: Share | None = None
    teaching: Share = 0.0
    faultline: Share = 0.0


class CircleOption(Record):
    """A group that comes near for somebody without one, and what stands in the way: stable names, and a sentence."""

    number: Annotated[int, Field(ge=1)]
    obstacles: tuple[str, ...] = ()
    text: str


class UnplacedPerson(Record):
    """Somebody in no group.

    Attributes
    ----------
    reason, text : str
        A stable name and a sentence. What is personal reads `not_available`.
    nearest : tuple of CircleOption
        The two groups that come nearest.
    """

    person_id: Id
    reason: str
    text: str
    nearest: tuple[CircleOption, ...] = ()


class GroupsFigures(Record):
    """The whole draft in numbers.

    Attributes
    ----------
    people, placed, groups : int
    isolates : int or None
        How often somebody is the only one of their kind in a group, over all balanced dimensions together; None for a
        few, which are not told apart. Who and what is never told.
    newcomers_alone : int
        Groups with exactly one newcomer.
    least_quality, mean_quality : float or None
        None without any group.
    common_slot_rate, common_language_rate : float or None
        Share of groups with a time, and a language, common to all members; None where it plays no part.
    """

    people: Count
    placed: Count
    groups: Count
    isolates: Count | None = None
    newcomers_alone: Count = 0
    least_quality: float | None = None
    mean_quality: float | None = None
    common_slot_rate: Share | None = None
    common_language_rate: Share | None = None


class GroupsPlan(Record):
    """Groups proposed for everybody at once; nothing is settled before everybody agrees.

    Attributes
    ----------
    name, kind : str
        Kind of group and kind of match, as the configuration names them.
    groups : tuple of Circle
    unplaced : tuple of UnplacedPerson
        Everybody in no group, with the reason.
    relaxations : tuple of str
        What was given up anywhere, in the declared order.
    figures : GroupsFigures
    notes : tuple of str
        What to mind with all of them.
    together, apart : tuples of pairs of str
        What the coordinator asked for.
    locks : dict of str to int
        People whom the coordinator put into a group, by number.
    objective : float
        Σ Q + ν · min Q.
    seed : int
    reproducible : bool
        False when a clock stopped the search.
    status : str
        Always `draft`.
    """

    name: str
    kind: str
    groups: tuple[Circle, ...] = ()
    unplaced: tuple[UnplacedPerson, ...] = ()
    relaxations: tuple[CircleRelaxation, ...] = ()
    figures: GroupsFigures
    notes: tuple[str, ...] = ()
    together: tuple[tuple[Id, Id], ...] = ()
    apart: tuple[tuple[Id, Id], ...] = ()
    locks: dict[Id, Annotated[int, Field(ge=1)]] = Field(default={})
    objective: float = 0.0
    seed: Count = 0
    reproducible: bool = True
    manifest: RunManifest | None = None
    fingerprint: Fingerprint | None = None
    status: Literal["draft"] = "draft"
