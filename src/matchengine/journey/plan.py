"""Plan the way of one person into one group or event: first visit, handover, aftercare, one step (S5, C5, C8, I5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from matchengine.errors import DataError
from matchengine.i18n import _, language
from matchengine.journey.arrange import ask_organiser, supports_to_arrange
from matchengine.journey.next_step import next_step
from matchengine.journey.visit import Visit, rows_of
from matchengine.journey.wording import debrief, plain_text
from matchengine.planning.accompaniment import rung_after
from matchengine.planning.follow_up import help_check
from matchengine.records import Event, Group
from matchengine.records.journey import (
    Accompaniment,
    Aftercare,
    Circumstances,
    EntryPlan,
    Handover,
    HelpCheck,
    Journey,
    Missing,
    StepKind,
)
from matchengine.records.vocabulary import Viewer
from matchengine.scene import Scene

__all__ = ["AFTERCARE_HOURS", "plan_journey"]

AFTERCARE_HOURS = 48
"""When the talk after a visit is due; domain.md S5-31 allows 72 hours at most."""
_ACCOMPANIED: frozenset[Accompaniment] = frozenset({"together", "arrive_together"})
_BEFORE_A_VISIT: frozenset[StepKind] = frozenset({"ask", "meet", "preview"})
_NOON = time(12)
_NOTHING_KNOWN = Circumstances()


def plan_journey(
    scene: Scene,
    person_id: str,
    group_id: str,
    viewer: Viewer = "requester",
    today: date | None = None,
    known: Circumstances = _NOTHING_KNOWN,
    *,
    carried: bool = False,
) -> Journey:
    """Plan how a person comes to a group or event for the first time, or what the next step is after visits.

    Parameters
    ----------
    viewer : str
        The person (`requester`) or a `coordinator`; a journey is not told to the group.
    today : date or None
        Dates are from the day after; None means the first day of the calendar.
    known : Circumstances
        What happened so far, ties that may introduce, who would come along.
    carried : bool
        Whether the words reach the person through a coordinator's hands (`Voice`).

    Raises
    ------
    UnknownIdError, DataError
        When the pair may not be planned for (`rows_of`), an event is over, or the kind suggests something else.
    """
    table = scene.kind.sides.candidates
    if table not in ("groups", "events"):
        raise DataError(_("kind {kind!r} suggests no groups or events; a journey leads to one", kind=scene.kind.name))
    if viewer == "candidate":
        raise DataError(_("a journey is told to the person and to coordinators, not to the group"))
    row, candidate = rows_of(scene, person_id, group_id, viewer)
    card = scene.pool.cards[table][group_id]
    day = today or scene.pool.shared.calendar.first_day
    visit = Visit(scene, row, candidate, cast(Group | Event, card), viewer, day, known, carried)
    return _told(visit)


def _told(visit: Visit) -> Journey:
    """The whole journey, in records and in words."""
    plan = _entry(visit)
    first = visit.dates[0] if visit.dates else None
    step = next_step(visit, first, visit.today, visit.done, len(visit.ratings))
    told = Journey(
        person_id=visit.person_id,
        group_id=visit.card.id,
        kind=visit.scene.kind.name,
        viewer=visit.viewer,
        language=language(),
        title=visit.card.title,
        rung=visit.chosen_rung,
        plan=plan,
        handover=None if visit.handed_to is None else Handover(contact=visit.handed_to),
        aftercare=_aftercare(visit, step.kind),
        help_check=_check(visit),
        next_step=step,
        introduction=visit.introduction,
        accompaniment=plan.accompaniment,
        supports_to_arrange=supports_to_arrange(visit),
        ask_organiser=ask_organiser(visit, plan.missing),
        prompts=step.prompts,
    )
    return told.model_copy(update={"plain_text": plain_text(told)})


def _entry(visit: Visit) -> EntryPlan:
    """The first visit: what is agreed, and what is missing."""
    company, dates, expect = visit.company, visit.dates, visit.card.how_it_works
    companion = visit.companion if company in _ACCOMPANIED else None
    told: dict[Missing, object] = {
        "meeting_point": visit.where,
        "time": dates[0].start if dates else None,
        "first_share": visit.first_share,
        "contact": visit.contact,
        "what_to_expect": expect,
    }
    missing: list[Missing] = [name for name, value in told.items() if value is None]
    if company in _ACCOMPANIED and companion is None:
        missing.insert(0, "companion")
    small = 0 if companion in (None, visit.contact) else 1
    return EntryPlan(
        accompaniment=company,
        begins_with="meeting" if visit.too_far else "visit",
        exposure=small if visit.too_far else visit.level,
        meeting_point=visit.where,
        time=dates[0].start if dates else None,
        companion=companion,
        first_share=visit.first_share,
        what_to_expect=expect,
        contact=visit.contact,
        missing=tuple(missing),
    )


def _check(visit: Visit) -> HelpCheck:
    """The question after the second visit, past ones counted; one that is overdue is due today."""
    days = [*visit.visited, *(one.start.date() for one in visit.dates)]
    joined = min([*visit.visited, visit.today])
    found = help_check(visit.person_id, visit.card.id, joined, days)
    return found.model_copy(update={"due": max(found.due, visit.today)})


def _aftercare(visit: Visit, before: StepKind) -> Aftercare:
    """The talk after the visit, or after the step `before` where no date is known, and one step that follows it."""
    dates = visit.dates
    if dates:
        end = dates[0].end
        due = datetime.fromtimestamp(end.timestamp() + 3600 * AFTERCARE_HOURS, end.tzinfo)
    else:
        zone = ZoneInfo(visit.scene.config.programme.time_zone)
        due = datetime.combine(visit.today, _NOON, zone) + timedelta(hours=AFTERCARE_HOURS)
    again = dates[1] if len(dates) > 1 else None
    done = visit.done | _BEFORE_A_VISIT | {before}
    if dates:
        done -= {"message"}
    step = next_step(visit, again, due.date(), done - {"attend"}, len(visit.ratings) + 1)
    return Aftercare(due=due, debrief=debrief(), next_step=step, rung_if_okay=rung_after(visit.rung, "okay"))
