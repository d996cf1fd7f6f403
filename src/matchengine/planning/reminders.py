"""Pulses: when both sides of a match are asked how it goes, and who has not been heard yet (domain.md S2-28).

Default days are 30, 90 and 180 after the start, a convention of mentoring programmes (domain.md S2-28).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from matchengine.records import Feedback, Relationship
from matchengine.records.reminders import Reminder, Reminders

__all__ = ["GRACE_DAYS", "PULSE_DAYS", "reminders"]

PULSE_DAYS = (30, 90, 180)
GRACE_DAYS = 14
"""Days after which a question that is due counts as overdue; an assumption."""
_ASKED = frozenset({"mentoring", "peer", "sponsorship", "buddy", "membership"})
"""Ties that a programme asks about; a household or a line manager is none of its business."""
_OTHER_WAVES = frozenset({"start", "end"})
_Answers = Mapping[tuple[str, str], Sequence[Feedback]]


def reminders(
    relationships: Iterable[Relationship],
    feedback: Iterable[Feedback],
    today: date,
    days: Sequence[int] = PULSE_DAYS,
) -> Reminders:
    """Return who is to be asked today about which match.

    Parameters
    ----------
    relationships : iterable of Relationship
        Those that are active and not over count: of a pair both are asked, of a membership the member.
    feedback : iterable of Feedback
        Answers so far. An answer counts for the pulse of its wave (`30_days`), and where no pulse has this wave for the
        one in whose time it was given. Anonymous answers are nobody's, so they settle nothing.
    today : date
    days : sequence of int
        Days after the start, ascending.

    Returns
    -------
    Reminders
        At most one a person and match: the latest pulse they reached. An earlier one without an answer is not asked for
        again. Who said that a match is not for them is not asked,
        and neither of two whom a `must_not` keeps apart.
    """
    ties = list(relationships)
    apart = {frozenset((tie.person_id, tie.other_id)) for tie in ties if tie.kind == "must_not"}
    answers: dict[tuple[str, str], list[Feedback]] = defaultdict(list)
    for answer in feedback:
        if answer.person_id is not None:
            answers[answer.person_id, answer.about_id].append(answer)
    waiting: dict[tuple[str, str], Reminder] = {}
    came_due = answered = undated = 0
    for tie in ties:
        if not _is_open(tie, today) or frozenset((tie.person_id, tie.other_id)) in apart:
            continue
        if tie.started is None:
            undated += 1
            continue
        for one, other in _both(tie):
            given = answers.get((one, other), ())
            if any(answer.items.not_for_me for answer in given):
                continue
            reached = [day for day in days if tie.started + timedelta(days=day) <= today]
            settled = [day for day in reached if _settles(given, tie.started, day, days)]
            came_due, answered = came_due + len(reached), answered + len(settled)
            if reached and reached[-1] not in settled:
                told = Reminder(
                    person_id=one,
                    about_id=other,
                    kind=tie.kind,
                    after_days=reached[-1],
                    due=tie.started + timedelta(days=reached[-1]),
                )
                waiting.setdefault((one, other), told)
    ordered = sorted(waiting.values(), key=lambda each: (each.due, each.person_id, each.about_id))
    late = today - timedelta(days=GRACE_DAYS)
    return Reminders(
        today=today,
        due=tuple(each for each in ordered if each.due >= late),
        overdue=tuple(each for each in ordered if each.due < late),
        came_due=came_due,
        answered=answered,
        undated=undated,
    )


def _is_open(tie: Relationship, today: date) -> bool:
    return tie.kind in _ASKED and tie.status == "active" and (tie.ends is None or tie.ends >= today)


def _both(tie: Relationship) -> tuple[tuple[str, str], ...]:
    """Who is asked about whom: of a membership the member alone."""
    one, other = (tie.person_id, tie.other_id), (tie.other_id, tie.person_id)
    return (one,) if tie.kind == "membership" else (one, other)


def _settles(given: Iterable[Feedback], started: date, day: int, days: Sequence[int]) -> bool:
    """Whether any answer counts for the pulse of a day."""
    waves = {f"{each}_days" for each in days}
    until = dict(pairwise(days)).get(day)
    first = started + timedelta(days=day)
    for answer in given:
        if answer.wave == f"{day}_days":
            return True
        if answer.wave in waves or answer.wave in _OTHER_WAVES or answer.given_at is None:
            continue
        on = answer.given_at.date()
        if first <= on and (until is None or on < started + timedelta(days=until)):
            return True
    return False
