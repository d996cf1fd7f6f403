"""The ripple: mentees who become mentors, and fields that rest on few mentors (domain.md H9, I10; S2-31)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from matchengine.i18n import _
from matchengine.learning.kpi.cells import figure
from matchengine.learning.kpi.estimates import share_of
from matchengine.learning.kpi.inputs import Window, whole_days
from matchengine.records.kpi import FieldAlert, KpiTable

__all__ = ["FEW_MENTORS", "RIPPLE_MONTHS", "alerts", "became_mentor", "ripple"]

RIPPLE_MONTHS = 12
FEW_MENTORS = 2


def ripple(window: Window) -> KpiTable:
    """Return R: of mentees who completed at least 12 months ago, the share who became mentors within 12 months."""
    became, mentors, recent = became_mentor(window)
    own = [mentors[person] for person in became]
    label = _("completed mentees who became mentors within {n} months", n=RIPPLE_MONTHS)
    row = figure("ripple.r", label, "share", share_of(list(became.values()), own), window.min_cell, recent)
    return KpiTable(
        key="ripple",
        title=_("Mentees who became mentors"),
        counts=_("mentees who completed"),
        rows=(row,),
        notes=(
            _("Missing are mentees who completed less than {n} months ago, or nobody knows when.", n=RIPPLE_MONTHS),
            _("Nobody owes it to the programme to become a mentor."),
        ),
    )


def became_mentor(window: Window) -> tuple[dict[str, bool], dict[str, str], int]:
    """Return for each mentee who completed long enough ago whether they became a mentor in time, and their mentor.

    Becoming one is their first match as a mentor, or their offer to mentor, after the first completed match. Who
    mentored before is no new mentor. The last number counts those who completed too lately or on an unknown day.
    """
    first_match: dict[str, date] = {}
    undated: set[str] = set()
    for tie in window.ties:
        if tie.started is None:
            undated.add(tie.mentor)
        else:
            first_match[tie.mentor] = min(tie.started, first_match.get(tie.mentor, tie.started))
    for person, day in window.steps("became_mentor").items():
        first_match[person] = min(day, first_match.get(person, day))
    completed: dict[str, tuple[date, str]] = {}
    unknown: set[str] = set()
    for tie in window.ties:
        if tie.status != "completed":
            continue
        if tie.over is None:
            unknown.add(tie.mentee)
        else:
            completed[tie.mentee] = min((tie.over, tie.mentor), completed.get(tie.mentee, (tie.over, tie.mentor)))
    length = timedelta(days=whole_days(RIPPLE_MONTHS))
    became, mentors, recent = {}, {}, len(unknown - set(completed))
    for person, (day, mentor) in sorted(completed.items()):
        if day + length > window.today or (person in undated and person not in first_match):
            recent += 1
            continue
        start = first_match.get(person)
        became[person] = start is not None and day <= start <= day + length
        mentors[person] = mentor
    return became, mentors, recent


def alerts(window: Window) -> tuple[FieldAlert, ...]:
    """Return the fields that a mentee names and for which at most two mentors stand; for coordinators only."""
    people = {person.id: person for person in window.records.people}
    busy = {tie.mentor for tie in window.ties if not tie.closed}
    mentors = {p.id for p in people.values() if "mentor" in p.roles} | (busy & set(people))
    stand = Counter(field for one in mentors for field in set(people[one].fields))
    wanted = {field for one in window.mentees & set(people) for field in people[one].fields}
    few = [field for field in wanted if stand[field] <= FEW_MENTORS]
    return tuple(FieldAlert(field=field, mentors=stand[field]) for field in sorted(few, key=lambda f: (stand[f], f)))
