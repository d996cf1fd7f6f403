"""From wishes and relationships to the slots of a round of swaps: who takes part, and who does not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.plan_config import SwapsConfig
from matchengine.records import Relationship
from matchengine.records.swaps import SwapPlace, SwapWish, Unswapped, UnswappedReason
from matchengine.scene import Scene

__all__ = ["OPEN_END", "TOLD", "Round", "Slot", "left_out", "months_before", "slots_of", "split"]

OPEN_END = date.max
"""Stands for a period without an end."""
TOLD: dict[UnswappedReason, str] = {
    "mentee_not_agreed": N_("The mentee did not opt in."),
    "mentor_not_agreed": N_("The mentor did not agree."),
    "no_running_match": N_("They have no mentoring that runs now."),
    "too_new": N_("The mentoring is too new: early changes can harm."),
    "start_unknown": N_("Nobody recorded when the mentoring began."),
    "not_this_time": N_("Not this time."),
    "no_other_mentor": N_("No other mentor of this round suits, agrees and has the time."),
    "no_other_mentee": N_("No other mentee of this round suits the mentor."),
    "no_circle": N_("There are swaps that suit, but none closes a circle short enough."),
    "others_gain_more": N_("There was an exchange for them, but together the others gain more."),
    "declined": N_("An exchange was declined, and no other one is left."),
    "place_not_needed": N_("No chain ends at this place."),
}
"""What a reason says to a coordinator. Personal rules are part of none of them (domain.md B4)."""


@dataclass(frozen=True)
class Slot:
    """A vertex of a round: a relationship whose people agreed, or a free place (`mentee` None).

    `mentee` and `mentor` are rows; `earliest` and `latest` the days between which a swap may lie.
    """

    person_id: str | None
    mentor_id: str
    mentee: int | None
    mentor: int
    earliest: date
    latest: date
    young: bool = False
    gives: bool = True
    any_mentee: bool = False
    floor: float = 0.0
    wish: SwapWish | None = None
    waited: int = 0
    number: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is known by: mentee, mentor, number of the place."""
        return self.person_id or "", self.mentor_id, self.number


class Round(NamedTuple):
    """Slots in the order of their ids, and who is left out before anything is computed."""

    slots: tuple[Slot, ...]
    left_out: tuple[Unswapped, ...]
    asked: int


def split(given: Iterable[SwapWish | SwapPlace]) -> tuple[list[SwapWish], list[SwapPlace]]:
    """Return wishes and places, each in the order of their ids.

    Raises
    ------
    DataError
        When a relationship or a mentor's place is given twice, naming each.
    """
    listed = list(given)
    wishes = [each for each in listed if isinstance(each, SwapWish)]
    places = [each for each in listed if isinstance(each, SwapPlace)]
    counted = Counter([f"{w.person_id} / {w.other_id}" for w in wishes] + [f"- / {p.mentor_id}" for p in places])
    twice = sorted(name for name, n in counted.items() if n > 1)
    if twice:
        told = ngettext("{n} swap wish is given twice", "{n} swap wishes are given twice", len(twice))
        raise DataError(told, twice)
    return sorted(wishes, key=lambda w: (w.person_id, w.other_id)), sorted(places, key=lambda p: p.mentor_id)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last one of that month."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError  # every month has 28 days


def slots_of(
    scene: Scene,
    config: SwapsConfig,
    given: Iterable[SwapWish | SwapPlace],
    relationships: Iterable[Relationship],
    today: date,
) -> Round:
    """Return the slots of a round.

    Left out, each with a reason: who did not agree, who has no mentoring that runs, whose mentoring is younger than
    `least_months` or of unknown age, minors, and whom a coordinator marked. The last two read "not this time".

    Raises
    ------
    DataError
        Naming every id that nobody here has, and every wish that is given twice.
    """
    wishes, places = split(given)
    _refuse_strangers(scene, wishes, places)
    running = _running(relationships, today)
    first = today + timedelta(days=config.accept_days + 1)
    slots: list[Slot] = []
    out: list[Unswapped] = []
    for wish in wishes:
        reason = _reason(scene, config, wish, running, today)
        if reason is not None:
            out.append(left_out(wish.person_id, wish.other_id, reason))
            continue
        began = running[wish.person_id, wish.other_id].started  # unknown is taken to be young
        young = began is None or began > months_before(today, config.young_months)
        slots.append(_slot(scene, wish, first, young))
    mentors = {slot.mentor_id for slot in slots}
    for place in places:
        slots_here = _places(scene, place, first) if place.mentor_agrees and place.mentor_id not in mentors else []
        slots += slots_here
        if not slots_here:
            reason = "place_not_needed" if place.mentor_agrees else "mentor_not_agreed"
            out.append(left_out(None, place.mentor_id, reason))
    slots.sort(key=lambda slot: slot.key)
    return Round(tuple(slots), tuple(out), len(wishes))


def left_out(person_id: str | None, mentor_id: str, reason: UnswappedReason) -> Unswapped:
    """Return somebody who is in no exchange, with the reason in words."""
    return Unswapped(person_id=person_id, mentor_id=mentor_id, reason=reason, text=_(TOLD[reason]))


def _refuse_strangers(scene: Scene, wishes: Sequence[SwapWish], places: Sequence[SwapPlace]) -> None:
    tables, sides = scene.pool.tables, scene.kind.sides
    mentees, mentors = tables[sides.requesters].row_of, tables[sides.candidates].row_of
    named = {wish.person_id for wish in wishes} - mentees.keys()
    named |= {wish.other_id for wish in wishes} - mentors.keys()
    named |= {place.mentor_id for place in places} - mentors.keys()
    named |= {mentor for wish in wishes for mentor in wish.ranking} - mentors.keys()
    if named:
        told = ngettext(
            "{n} id in the swap wishes is not known to this engine; load the people first or correct the wishes",
            "{n} ids in the swap wishes are not known to this engine; load the people first or correct the wishes",
            len(named),
        )
        raise DataError(told, sorted(named))


def _running(relationships: Iterable[Relationship], today: date) -> dict[tuple[str, str], Relationship]:
    """Mentoring that runs or rests today, by mentee and mentor; the last record of a pair counts."""
    last = {(tie.person_id, tie.other_id): tie for tie in relationships if tie.kind == "mentoring"}
    return {
        pair: tie
        for pair, tie in last.items()
        if tie.status in ("active", "paused") and (tie.ends is None or tie.ends >= today)
    }


def _reason(
    scene: Scene,
    config: SwapsConfig,
    wish: SwapWish,
    running: Mapping[tuple[str, str], Relationship],
    today: date,
) -> UnswappedReason | None:
    """Why a wish takes no part; None where it does."""
    tie = running.get((wish.person_id, wish.other_id))
    if tie is None or (tie.status == "paused" and not wish.mentor_pauses) or not _takes_part(scene, wish):
        return "no_running_match"
    if not wish.mentee_agrees:
        return "mentee_not_agreed"
    if not (wish.mentor_agrees or wish.mentor_pauses):
        return "mentor_not_agreed"
    if wish.fragile or not _adult(scene, wish):
        return "not_this_time"
    if config.least_months and tie.started is None:
        return "start_unknown"
    began = tie.started or date.min
    return "too_new" if config.least_months and began > months_before(today, config.least_months) else None


def _takes_part(scene: Scene, wish: SwapWish) -> bool:
    pool, sides = scene.pool, scene.kind.sides
    mentee = pool.tables[sides.requesters].row_of[wish.person_id]
    mentor = pool.tables[sides.candidates].row_of[wish.other_id]
    asks = pool.members(sides.requesters, scene.kind.requester_role)[mentee]
    return bool(asks and pool.candidates(sides)[mentor])


def _adult(scene: Scene, wish: SwapWish) -> bool:
    """Whether both are known to be adults; nobody younger is ever swapped, whatever the rules of the match allow."""
    table, other = scene.pool.tables[scene.kind.sides.requesters], scene.pool.tables[scene.kind.sides.candidates]
    mentee = table.column("adult")[table.row_of[wish.person_id]]
    return bool(mentee == 1 and other.column("adult")[other.row_of[wish.other_id]] == 1)


def _slot(scene: Scene, wish: SwapWish, first: date, young: bool) -> Slot:
    tables, sides = scene.pool.tables, scene.kind.sides
    return Slot(
        person_id=wish.person_id,
        mentor_id=wish.other_id,
        mentee=tables[sides.requesters].row_of[wish.person_id],
        mentor=tables[sides.candidates].row_of[wish.other_id],
        earliest=max(wish.earliest or first, first),
        latest=wish.latest or OPEN_END,
        young=young,
        gives=not wish.mentor_pauses,
        any_mentee=wish.mentor_any,
        floor=wish.floor,
        wish=wish,
        waited=wish.waited,
    )


def _places(scene: Scene, place: SwapPlace, first: date) -> list[Slot]:
    """One slot for each free place: as many as offered, and no more than are free where that is known."""
    pool, sides = scene.pool, scene.kind.sides
    row = pool.tables[sides.candidates].row_of[place.mentor_id]
    if not pool.candidates(sides)[row]:
        return []
    free = float(pool.derived.free_places(sides.candidates, sides.role)[row])
    count = place.places if free != free else min(place.places, max(int(free), 0))
    slot = Slot(
        person_id=None,
        mentor_id=place.mentor_id,
        mentee=None,
        mentor=row,
        earliest=max(place.earliest or first, first),
        latest=place.latest or OPEN_END,
        any_mentee=place.mentor_any,
    )
    return [Slot(**{**slot.__dict__, "number": number}) for number in range(count)]
