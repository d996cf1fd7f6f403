"""From a suggestion to the first visit and beyond: plans, steps and what follows them (domain.md S5, C5, C8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field

from matchengine.records.base import Id, LanguageTag, LongText, Record, ShortText, Text
from matchengine.records.relationship import Relationship
from matchengine.records.result import Fingerprint
from matchengine.records.vocabulary import Viewer

__all__ = [
    "ACCOMPANIMENT",
    "Accompaniment",
    "Aftercare",
    "Circumstances",
    "EntryPlan",
    "Handover",
    "HelpCheck",
    "Introduction",
    "Journey",
    "Meeting",
    "Missing",
    "OutreachPrompts",
    "Rung",
    "Step",
    "StepKind",
    "VisitRating",
]

Accompaniment = Literal["together", "arrive_together", "alone_with_contact", "alone"]
"""How somebody goes: together all the time; arrive together and leave alone; alone, a contact is there; alone."""
ACCOMPANIMENT: tuple[Accompaniment, ...] = get_args(Accompaniment)
"""From most company to least."""
StepKind = Literal["message", "ask", "meet", "preview", "attend", "contribute", "suggest"]
VisitRating = Literal["okay", "not_okay"]
Missing = Literal["meeting_point", "time", "companion", "first_share", "contact", "what_to_expect"]
Rung = Annotated[int, Field(ge=0, le=4)]
"""Rung of the exposure ladder: 0 one friendly contact, 1 two to five people, 2 beginners, 3 open group, 4 a crowd."""


class Meeting(Record):
    """One thing that took place: somebody met another person, or took a step towards a group.

    `rating` is how it felt to `person_id`; None means that nobody asked, and never counts as all right.
    """

    person_id: Id
    other_id: Id
    on: date
    kind: StepKind = "attend"
    rating: VisitRating | None = None


class Circumstances(Record):
    """What a plan may take into account beside the data of the engine.

    `meetings` are what happened so far, in any order; `relationships` the ties from which somebody may introduce the
    person; `companion_id` somebody who agreed to come along.
    """

    meetings: tuple[Meeting, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    companion_id: Id | None = None


class Introduction(Record):
    """A warm introduction: `via_id`, whom the person knows, is tied to `to_id`; `length` counts the ties, 2 at most."""

    via_id: Id
    to_id: Id
    length: Annotated[int, Field(ge=1, le=2)]


class Step(Record):
    """One small step in if-then form, said by the person who takes it.

    Attributes
    ----------
    kind : str
        `message`, `ask`, `meet`, `preview`, `attend`, `contribute` or `suggest`.
    on : date
        Day of the step; `at` is the moment it begins where that is fixed, in the time zone of the group.
    where : str or None
        Meeting point.
    with_whom : str or None
        Id of the one other person it involves; None where nobody is needed or the organiser is meant.
    difficulty : float
        Rung of the ladder that it takes, 0 to 4; never more than one above the person's own.
    help : float
        Rungs that the company at hand makes up for.
    prompts : tuple of str
        Sentences to rehearse.
    """

    kind: StepKind
    text: str
    on: date
    at: datetime | None = None
    where: Text | None = None
    with_whom: Id | None = None
    difficulty: Annotated[float, Field(ge=0, le=4)]
    help: Annotated[float, Field(ge=0, le=4)] = 0.0
    accompaniment: Accompaniment | None = None
    prompts: tuple[str, ...] = ()


class EntryPlan(Record):
    """How the first visit goes (domain.md S5-29).

    Each of meeting point, time, companion, first share, contact and what to expect is either there or named in
    `missing`; a companion is missing only where one is wanted (`accompaniment`).

    Attributes
    ----------
    begins_with : str
        `visit` to the gathering itself; `meeting` of one or two people first, where the gathering would be more than
        one rung above the person's own.
    exposure : int
        Rung of the ladder of what the plan begins with: at most one above the person's own.
    """

    accompaniment: Accompaniment
    begins_with: Literal["visit", "meeting"]
    exposure: Rung
    meeting_point: Text | None = None
    time: datetime | None = None
    companion: Id | None = None
    first_share: str | None = None
    what_to_expect: LongText | None = None
    contact: Id | None = None
    missing: tuple[Missing, ...] = ()


class Handover(Record):
    """The person is introduced to exactly one friendly contact, and whoever brought them steps back (S5-30)."""

    contact: Id
    done: bool = False


class Aftercare(Record):
    """A short talk at most 72 hours after the visit, with exactly one next step (domain.md S5-09, S5-31).

    `rung_if_okay` is the rung after a visit that felt all right; after any other it stays as it is.
    """

    due: datetime
    debrief: tuple[str, ...]
    next_step: Step
    rung_if_okay: Rung


class HelpCheck(Record):
    """After the second visit somebody asks whether it helps, and offers an alternative if not (domain.md S4-15)."""

    person_id: Id
    group_id: Id
    due: date
    question: str
    alternative: str
    after_visits: int = 2


class Journey(Record):
    """The way of one person into one group or event, one step at a time; a draft until the person agrees.

    Attributes
    ----------
    rung : int or None
        The comfort rung that the person chose; None where they have not, and then the plan assumes 1.
    next_step : Step
        The only step that is suggested now.
    supports_to_arrange : tuple of str
        What would make the group reachable for the person.
    ask_organiser : tuple of str
        What nobody has said about the group.
    introduction : Introduction or None
        Somebody the person knows who can introduce them.
    prompts : tuple of str
        Sentences to rehearse for the next step.
    plain_text : str
        All of it in sentences.
    """

    model_config = ConfigDict(str_max_length=1 << 16)

    person_id: Id
    group_id: Id
    kind: str
    viewer: Viewer
    language: LanguageTag
    title: ShortText
    rung: Rung | None = None
    plan: EntryPlan
    handover: Handover | None = None
    aftercare: Aftercare
    help_check: HelpCheck
    next_step: Step
    introduction: Introduction | None = None
    accompaniment: Accompaniment
    supports_to_arrange: tuple[str, ...] = ()
    ask_organiser: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    plain_text: str = ""
    status: Literal["draft"] = "draft"
    fingerprint: Fingerprint | None = None


class OutreachPrompts(Record):
    """Three or four sentences to begin a first message with, for the person to change (domain.md S2-15)."""

    requester_id: Id
    candidate_id: Id
    kind: str
    language: LanguageTag
    prompts: Annotated[tuple[str, ...], Field(min_length=3, max_length=4)]
    fingerprint: Fingerprint | None = None
