"""What key figures are made of: a programme's records, and one entry per mentoring tie and per mentee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from matchengine.records.contribution import Contribution
from matchengine.records.journey import Meeting
from matchengine.records.outcomes import (
    GoalScale,
    OutcomeEvent,
    PlannedStep,
    ProgrammeStep,
    SkillReading,
    SurveyAnswer,
)
from matchengine.records.person import Cadence, Person
from matchengine.records.relationship import ConsentGrant, Feedback, Relationship

__all__ = [
    "MONTH",
    "PERIOD_DAYS",
    "WAVE_DAYS",
    "Clock",
    "ProgrammeRecords",
    "Tie",
    "Window",
    "clocks_of",
    "reached",
    "ties_of",
    "whole_days",
]

MONTH = 365.25 / 12
"""Days of a month."""


def whole_days(months: int) -> int:
    """Return the days of so many months, rounded down: a year is over after 365 days."""
    return int(months * MONTH)


PERIOD_DAYS = {"weekly": 7.0, "biweekly": 14.0, "monthly": MONTH}
"""Days from one planned meeting to the next."""
WAVE_DAYS = {"start": 0, "30_days": 30, "90_days": 90, "180_days": 180}
"""Days after the start of a tie at which a wave is asked."""


@dataclass(frozen=True, slots=True, repr=False)
class ProgrammeRecords:
    """Everything that key figures read; what a programme does not keep stays empty, and its figures say so.

    `gatherings` are the ids of groups, events and projects.
    """

    people: Sequence[Person] = ()
    relationships: Sequence[Relationship] = ()
    feedback: Sequence[Feedback] = ()
    meetings: Sequence[Meeting] = ()
    consents: Sequence[ConsentGrant] = ()
    contributions: Sequence[Contribution] = ()
    outcomes: Sequence[OutcomeEvent] = ()
    skills: Sequence[SkillReading] = ()
    goal_scales: Sequence[GoalScale] = ()
    surveys: Sequence[SurveyAnswer] = ()
    programme_steps: Sequence[ProgrammeStep] = ()
    planned_steps: Sequence[PlannedStep] = ()
    gatherings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Tie:
    """One mentoring tie. `over` is its last day where it is over, None while it goes on or where the day is unknown."""

    mentee: str
    mentor: str
    started: date | None
    over: date | None
    status: str
    cadence: Cadence | None

    @property
    def closed(self) -> bool:
        """Whether it is over, whatever the day."""
        return self.status in {"completed", "ended"}

    def until(self, today: date) -> date | None:
        """The last day on which it was known to go on; None where it is over and nobody wrote down since when."""
        return self.over if self.closed else today

    def days(self, today: date) -> int | None:
        """Days from its first to its last known day; None where either is unknown."""
        until = self.until(today)
        return None if self.started is None or until is None else max(0, (until - self.started).days)


@dataclass(frozen=True, slots=True, repr=False)
class Clock:
    """One mentee from the first day of their first tie to the last day on which they were asked.

    `closed` is None while a tie goes on. `until` is None where the last day is unknown. `left` says that the person
    left on that day and is not to be asked again.
    """

    person: str
    mentor: str
    start: date
    until: date | None
    closed: date | None
    left: bool


@dataclass(frozen=True, repr=False)
class Window:
    """The records up to a day, sorted into ties and clocks, with the smallest cell.

    `published` is for members: notes give no counts.
    """

    records: ProgrammeRecords
    today: date
    min_cell: int
    planned_months: int = 12
    published: bool = False
    kinds: frozenset[str] = field(default=frozenset({"mentoring"}))

    @cached_property
    def ties(self) -> list[Tie]:
        """Mentoring ties that began, in an order that does not depend on that of the records."""
        return ties_of(self.records.relationships, self.today, self.kinds)

    @cached_property
    def clocks(self) -> dict[str, Clock]:
        """Mentees with a first day."""
        return clocks_of(self.ties, self.records.programme_steps, self.today)

    @cached_property
    def pairs(self) -> dict[tuple[str, str], list[Tie]]:
        """Ties by (mentee, mentor)."""
        found: dict[tuple[str, str], list[Tie]] = defaultdict(list)
        for tie in self.ties:
            found[tie.mentee, tie.mentor].append(tie)
        return dict(found)

    @cached_property
    def mentees(self) -> set[str]:
        """Everybody who is a mentee by role or by a tie."""
        return {p.id for p in self.records.people if "mentee" in p.roles} | {tie.mentee for tie in self.ties}

    @cached_property
    def met(self) -> dict[frozenset[str], list[Meeting]]:
        """Meetings of the two of each pair up to today, one a day, by day."""
        pairs = {frozenset(pair) for pair in self.pairs}
        days: dict[frozenset[str], dict[date, Meeting]] = defaultdict(dict)
        for meeting in sorted(self.records.meetings, key=lambda each: (each.on, repr(each))):
            both = frozenset((meeting.person_id, meeting.other_id))
            if both in pairs and meeting.on <= self.today:
                known = days[both].get(meeting.on)
                if known is None or getattr(known, "minutes", None) is None:
                    days[both][meeting.on] = meeting
        return {both: list(found.values()) for both, found in days.items()}

    @cached_property
    def answers(self) -> dict[tuple[str, str], list[Feedback]]:
        """Feedback up to today by wave and side, the latest last whatever the order in the file."""
        found: dict[tuple[str, str], list[tuple[str, str, Feedback]]] = defaultdict(list)
        for each in self.records.feedback:
            if each.given_at is None or each.given_at.date() <= self.today:
                when = each.given_at.isoformat() if each.given_at else ""
                found[each.wave, each.perspective].append((when, each.model_dump_json(), each))
        return {key: [own[2] for own in sorted(told, key=lambda t: t[:2])] for key, told in found.items()}

    def steps(self, name: str) -> dict[str, date]:
        """Return the first day of a step for each person who took it by today."""
        found: dict[str, date] = {}
        for step in self.records.programme_steps:
            if step.step == name and step.on <= self.today:
                found[step.person_id] = min(step.on, found.get(step.person_id, step.on))
        return found


def ties_of(relationships: Iterable[Relationship], today: date, kinds: Iterable[str]) -> list[Tie]:
    """Return the ties that are no proposals and did not begin after today; duplicates of a tie count once.

    A tie that is over by a later day than today goes on.
    """
    wanted = frozenset(kinds)
    found: set[Tie] = set()
    for each in relationships:
        if each.kind not in wanted or each.status == "proposed":
            continue
        if each.started is not None and each.started > today:
            continue
        closed = each.status in {"completed", "ended"} and (each.ends is None or each.ends <= today)
        status = each.status if closed or each.status == "paused" else "active"
        over = each.ends if closed else None
        found.add(Tie(each.person_id, each.other_id, each.started, over, status, each.cadence))
    return sorted(
        found, key=lambda t: (t.started or date.max, t.mentee, t.mentor, t.status, str(t.over), str(t.cadence))
    )


def clocks_of(ties: Sequence[Tie], steps: Iterable[ProgrammeStep], today: date) -> dict[str, Clock]:
    """Return one clock per mentee whose first tie has a first day.

    A mentee is watched while a tie goes on, after it only with their `follow_up_agreed`, and never after they `left`.
    """
    agreed = {s.person_id for s in steps if s.step == "follow_up_agreed" and s.on <= today}
    left: dict[str, date] = {}
    for step in steps:
        if step.step == "left" and step.on <= today:
            left[step.person_id] = min(step.on, left.get(step.person_id, step.on))
    by_mentee: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_mentee[tie.mentee].append(tie)
    found = {}
    for person, own in by_mentee.items():
        first = own[0]
        start = first.started
        if start is None:
            continue
        ends = [tie.over for tie in own]
        going = any(not tie.closed for tie in own)
        closed = None if going or any(end is None for end in ends) else max(end for end in ends if end is not None)
        until = today if going or person in agreed else closed
        gone = person in left and (until is None or left[person] <= until)
        if gone:
            until = max(left[person], start)
        found[person] = Clock(person, first.mentor, start, until, closed, gone)
    return found


def reached(tie: Tie, wave: str, today: date) -> bool:
    """Whether a wave came for a tie: the day of it was reached while the tie went on, or the tie is over for `end`."""
    if wave == "end":
        return tie.closed
    until = tie.until(today)
    if tie.started is None or until is None or wave not in WAVE_DAYS:
        return False
    return tie.started + timedelta(days=WAVE_DAYS[wave]) <= until
