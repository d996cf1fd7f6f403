"""Do the two of a match expect the same? What a pulse shows, from answers and the log of meetings (domain.md S2-19).

Answers are private to their side. So everything is worked out for each side from its own answers and from what both
know, which is whether they met; only what a coordinator reads puts the sides together, as needs without an owner.

The thresholds are assumptions: a rating of 2 or less of 5 is low, ratings of the two that are 2 apart differ, and two
meetings that were due and did not take place, half of all that were due or more, are a gap in the rhythm (S2-16).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from matchengine.planning.cadence import DRIFT_AFTER
from matchengine.records import Feedback, MeetingHeld, Relationship
from matchengine.records.pulse import MismatchNeed

__all__ = [
    "BETWEEN_PEOPLE",
    "Became",
    "Finding",
    "Needs",
    "Said",
    "became",
    "findings",
    "is_over",
    "persists",
    "standing",
]

BETWEEN_PEOPLE = frozenset({"mentoring", "peer", "sponsorship", "buddy"})
LOW, RATINGS_APART = 2, 2
_PERIOD_DAYS = {"weekly": 7.0, "biweekly": 14.0, "monthly": 365.25 / 12}
_OTHER_WAVES = frozenset({"start", "end"})
Needs = frozenset[MismatchNeed]
Became = Literal["repaired", "ended", "open"]
_NONE: Needs = frozenset()
_RHYTHM: Needs = frozenset({"rhythm"})


class Said(NamedTuple):
    """Answers by (who, about whom) and meetings by the pair, as the programme keeps them."""

    answers: Mapping[tuple[str, str], Sequence[Feedback]]
    meetings: Mapping[frozenset[str], Sequence[MeetingHeld]]

    @classmethod
    def of(cls, feedback: Iterable[Feedback], meetings: Iterable[MeetingHeld]) -> Said:
        """Sort answers and meetings; anonymous answers are nobody's and say nothing about a pair."""
        answers: dict[tuple[str, str], list[Feedback]] = defaultdict(list)
        for answer in feedback:
            if answer.person_id is not None:
                answers[answer.person_id, answer.about_id].append(answer)
        held: dict[frozenset[str], list[MeetingHeld]] = defaultdict(list)
        for meeting in meetings:
            held[frozenset((meeting.person_id, meeting.other_id))].append(meeting)
        return cls(answers, held)


@dataclass(frozen=True)
class Finding:
    """What one pulse of one match shows.

    Attributes
    ----------
    day : int
        The pulse: days after the start.
    own : mapping of str to Needs
        For each of the two what follows from their own answers.
    shared : Needs
        What follows from what both know.
    together : Needs
        What follows from both sides' answers together.
    unsafe, refused, heard : frozenset of str
        Who did not feel safe, who said that the match is not for them, and who answered at all.
    logged : bool
        Whether the log of meetings says anything.
    """

    day: int
    own: Mapping[str, Needs] = field(default_factory=dict)
    shared: Needs = _NONE
    together: Needs = _NONE
    unsafe: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()
    logged: bool = False

    def of(self, person_id: str) -> Needs:
        """What one side may know of."""
        return self.own.get(person_id, _NONE) | self.shared

    @property
    def known(self) -> bool:
        """Whether anything is known: without, nothing is said, not even that all is well."""
        return bool(self.heard or self.logged)

    def known_to(self, person_id: str) -> bool:
        """Whether one side said anything, or what both know says something."""
        return person_id in self.heard or bool(self.of(person_id))

    @property
    def needs(self) -> Needs:
        """Everything, without whose it is."""
        return self.shared.union(self.together, *self.own.values())

    @property
    def strained(self) -> bool:
        """Whether anything seems not to fit."""
        return bool(self.needs or self.unsafe or self.refused)


def findings(
    tie: Relationship,
    said: Said,
    today: date,
    days: Sequence[int],
    apart: Callable[[str, str], Needs] = lambda _one, _other: _NONE,
) -> list[Finding]:
    """Return what each pulse shows that a match reached by a day, the earliest first.

    Parameters
    ----------
    tie : Relationship
        Of two people; without a first day it reaches no pulse.
    days : sequence of int
        Pulses, ascending.
    apart : callable
        In what the profiles of two people differ much. It explains a low rating and is no finding of its own: people
        who work in different ways may go well together.
    """
    if tie.started is None:
        return []
    reached = [day for day in days if tie.started + timedelta(days=day) <= _until(tie, today)]
    logged = [m for m in said.meetings.get(frozenset((tie.person_id, tie.other_id)), ()) if m.held_on <= today]
    answers = {
        (one, day): answer
        for one, other in ((tie.person_id, tie.other_id), (tie.other_id, tie.person_id))
        for day, answer in _by_pulse(said.answers.get((one, other), ()), tie.started, days, today).items()
    }
    differ = apart(tie.person_id, tie.other_id)
    spans = zip([0, *reached], reached, strict=False)
    return [_finding(tie, span, logged, answers, differ) for span in spans]


def _until(tie: Relationship, today: date) -> date:
    return min(today, tie.ends) if tie.ends is not None else today


def _finding(
    tie: Relationship,
    span: tuple[int, int],
    logged: Sequence[MeetingHeld],
    answers: Mapping[tuple[str, int], Feedback],
    differ: Needs,
) -> Finding:
    started, (first, last) = tie.started or date.min, span
    two, here = (tie.person_id, tie.other_id), {}
    meetings = [m for m in logged if first < (m.held_on - started).days <= last]
    for person in two:
        if (person, last) in answers:
            here[person] = answers[person, last]
    rated = {who: a.items for who, a in here.items()}
    missed = _misses(tie, first, last, logged)
    own = {
        who: _own(here.get(who), [m.on_goals for m in meetings if m.person_id == who and m.on_goals], differ)
        for who in two
    }
    known = [items.satisfaction for items in rated.values() if items.satisfaction is not None]
    far = len(known) == len(two) and abs(known[0] - known[1]) >= RATINGS_APART
    return Finding(
        day=last,
        own={who: needs for who, needs in own.items() if needs},
        shared=_RHYTHM if missed else _NONE,
        together=frozenset({"expectations"}) if far else _NONE,
        unsafe=frozenset(
            who for who, items in rated.items() if items.felt_unsafe or (items.felt_safe or LOW + 1) <= LOW
        ),
        refused=frozenset(who for who, items in rated.items() if items.not_for_me),
        heard=frozenset(here),
        logged=bool(meetings or missed),
    )


def _own(answer: Feedback | None, on_goals: Sequence[int], differ: Needs) -> Needs:
    """What one side's own answers are about."""
    found: set[MismatchNeed] = set()
    if on_goals and sum(on_goals) <= LOW * len(on_goals):
        found.add("goals")
    if answer is not None:
        items = answer.items
        if items.goal_progress is not None and items.goal_progress <= LOW:
            found.add("goals")
        if any(rating is not None and rating <= LOW for rating in (items.satisfaction, items.helpfulness, items.trust)):
            found |= differ | {"expectations"}
    return frozenset(found)


def _misses(tie: Relationship, first: int, last: int, logged: Sequence[MeetingHeld]) -> bool:
    """Whether too few meetings took place between two pulses; an empty log may only be one that nobody kept."""
    started = tie.started
    if tie.cadence is None or started is None or not any((m.held_on - started).days <= last for m in logged):
        return False
    planned = int((last - first) // _PERIOD_DAYS[tie.cadence.every])
    held = len({m.held_on for m in logged if m.happened and first < (m.held_on - started).days <= last})
    return planned - held >= DRIFT_AFTER and 2 * held <= planned


def _by_pulse(given: Iterable[Feedback], started: date, days: Sequence[int], today: date) -> dict[int, Feedback]:
    """The last answer of one side for each pulse: by its wave, else by the day on which it was given."""
    found: dict[int, tuple[str, str, Feedback]] = {}
    for answer in given:
        on = None if answer.given_at is None else answer.given_at.date()
        day = _pulse_of(answer.wave, on, started, days)
        if day is not None and (on is None or started <= on <= today):
            told = ("" if answer.given_at is None else answer.given_at.isoformat(), answer.model_dump_json(), answer)
            found[day] = max(found.get(day, told), told, key=lambda one: one[:2])
    return {day: answer for day, (_when, _what, answer) in found.items()}


def _pulse_of(wave: str, on: date | None, started: date, days: Sequence[int]) -> int | None:
    waves = {f"{day}_days": day for day in days}
    if wave in waves:
        return waves[wave]
    if wave in _OTHER_WAVES or on is None:
        return None
    since = (on - started).days
    until = dict(pairwise(days))
    return next((day for day in days if day <= since and since < until.get(day, since + 1)), None)


def standing(found: Sequence[Finding]) -> Finding:
    """Return what stands at the latest of some pulses: what each side said last, and what both know last.

    What somebody said at an earlier pulse stands until they answer again; the other side's answer does not replace it.
    """
    logged = next((each for each in reversed(found) if each.logged), None)
    both = next((each for each in reversed(found) if len(each.heard) > 1), None)
    people = {who for each in found for who in (*each.heard, *each.own)}
    last = {who: next(f for f in reversed(found) if who in f.heard or who in f.own) for who in people}
    return Finding(
        day=found[-1].day,
        own={who: each.own[who] for who, each in last.items() if who in each.own},
        shared=logged.shared if logged else _NONE,
        together=both.together if both else _NONE,
        unsafe=frozenset(who for who, each in last.items() if who in each.unsafe),
        refused=frozenset(who for who, each in last.items() if who in each.refused),
        heard=frozenset(people),
        logged=logged is not None,
    )


def persists(found: Sequence[Finding], person_id: str) -> bool:
    """Whether what one side may know of lasted over a further pulse, or they said that the match is not for them.

    A pulse at which they said nothing is skipped: silence is neither a yes nor a no.
    """
    known = [each for each in found if each.known_to(person_id)]
    if known and person_id in known[-1].refused:
        return True
    return len(known) > 1 and all(each.of(person_id) for each in known[-2:])


def is_over(tie: Relationship, today: date) -> bool:
    """Whether a match is over; one that rests or that is only proposed is not."""
    return tie.status in ("completed", "ended") or (tie.ends is not None and tie.ends < today)


def became(tie: Relationship, found: Sequence[Finding]) -> Became | None:
    """Return what became of a match that had a mismatch at any pulse; None where it had none."""
    first = next((n for n, each in enumerate(found) if each.strained), None)
    if first is None:
        return None
    if tie.status == "ended":
        return "ended"
    later = [each for each in found[first + 1 :] if each.known]
    return "repaired" if tie.status == "completed" or (later and not later[-1].strained) else "open"
