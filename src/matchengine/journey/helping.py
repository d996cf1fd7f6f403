"""Does it help? A question after the second visit to what somebody joined, and another offer if not (S4-15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.dates import occurrences
from matchengine.planning.follow_up import VISITS_BEFORE_CHECK, Outcome, help_check, outcome
from matchengine.pool.pool import Pool
from matchengine.records import Feedback, HelpCheck, MeetingHeld, Relationship, Schedule, Suggestion
from matchengine.records.moments import in_utc
from matchengine.records.pulse import AlternativeOffer, HelpChecks

__all__ = ["help_checks_of"]

_ALTERNATIVES = 3
_HELPED_FROM = 3
"""Helpfulness, 1 to 5, from which it is no no: 3, in between, is not taken for one."""
_TABLES = ("groups", "events", "projects")
Suggest = Callable[[str, str], Sequence[Suggestion]]
"""Suggestions for a person (first) of the kinds of match that point to a table (second), best first."""


def help_checks_of(
    pool: Pool,
    records: tuple[Iterable[Relationship], Iterable[Feedback], Iterable[MeetingHeld]],
    today: date,
    suggest: Suggest,
    time_zone: str = "UTC",
) -> HelpChecks:
    """Return who is to be asked whether what they joined helps, and who is to be offered something else.

    Parameters
    ----------
    records : tuple
        Relationships, feedback and meetings that the programme keeps. Memberships that are active count, of people and
        gatherings that are here; who takes a break is asked later.
    suggest : callable
        Other gatherings of the same sort for a person.
    time_zone : str
        Of days.
    """
    ties, feedback, meetings = records
    answers: dict[tuple[str, str], list[Feedback]] = {}
    for answer in feedback:
        if answer.person_id is not None and _outcome(answer) != "ask_again":
            answers.setdefault((answer.person_id, answer.about_id), []).append(answer)
    visits: dict[tuple[str, str], set[date]] = {}
    for meeting in meetings:
        if meeting.happened and meeting.held_on <= today:
            visits.setdefault((meeting.person_id, meeting.other_id), set()).add(meeting.held_on)
    due: list[HelpCheck] = []
    offers: list[AlternativeOffer] = []
    answered = 0
    for tie, table in _joins(pool, ties):
        pair, joined = (tie.person_id, tie.other_id), tie.started or today
        said = [a for a in answers.get(pair, ()) if a.given_at is None or joined <= a.given_at.date() <= today]
        if said:
            answered += 1
            if _outcome(max(said, key=_moment)) == "offer_alternative":
                offers.append(_offer(tie, [s.candidate_id for s in suggest(tie.person_id, table)]))
            continue
        check = help_check(*pair, joined, _days(pool, tie, table, visits, time_zone))
        if check.due <= today and tie.started is not None:
            due.append(check)
    return HelpChecks(
        today=today,
        due=tuple(sorted(due, key=lambda check: (check.due, check.person_id, check.group_id))),
        offers=tuple(sorted(offers, key=lambda offer: (offer.person_id, offer.group_id))),
        answered=answered,
    )


def _joins(pool: Pool, ties: Iterable[Relationship]) -> Iterable[tuple[Relationship, str]]:
    """Active memberships of people who take part, each with the table of what was joined."""
    people = pool.tables["people"]
    here = pool.members("people", None)
    for tie in ties:
        if tie.kind != "membership" or tie.status != "active":
            continue
        row = people.row_of.get(tie.person_id)
        table = next((name for name in _TABLES if tie.other_id in pool.tables[name].row_of), None)
        if row is not None and here[row] and table is not None:
            yield tie, table


def _days(
    pool: Pool, tie: Relationship, table: str, visits: Mapping[tuple[str, str], set[date]], time_zone: str
) -> list[date]:
    """Days of visits: from the log where it holds any, else the days on which the gathering meets after the join."""
    logged = sorted(visits.get((tie.person_id, tie.other_id), ()))
    schedule: Schedule | None = getattr(pool.cards[table][tie.other_id], "schedule", None)
    if logged or schedule is None or tie.started is None:
        return logged
    zone = ZoneInfo(time_zone)
    meets = occurrences(schedule.slots, datetime.combine(tie.started, time(), zone), VISITS_BEFORE_CHECK)
    return [each.start.astimezone(zone).date() for each in meets]


def _outcome(answer: Feedback) -> Outcome:
    """What an answer says about helping; one that says nothing about it is no answer."""
    items = answer.items
    if items.not_for_me:
        return outcome(helped=False)
    return outcome(helped=None if items.helpfulness is None else items.helpfulness >= _HELPED_FROM)


def _moment(answer: Feedback) -> tuple[str, str]:
    at = answer.given_at
    told = "" if at is None else in_utc(at).isoformat()
    return told, answer.model_dump_json()


def _offer(tie: Relationship, others: Sequence[str]) -> AlternativeOffer:
    alternatives = tuple(dict.fromkeys(one for one in others if one != tie.other_id))[:_ALTERNATIVES]
    told = _("It did not help; these may suit better. They may stay all the same, and need give no reason.")
    if not alternatives:
        told = _("It did not help, and nothing else is at hand that suits: ask what would.")
    return AlternativeOffer(person_id=tie.person_id, group_id=tie.other_id, alternatives=alternatives, text=told)


def quietly(suggest: Callable[[], Sequence[Suggestion]]) -> Sequence[Suggestion]:
    """Return suggestions, none where a kind of match is not for the person."""
    try:
        return suggest()
    except DataError:
        return ()
