"""Somebody says no: their exchange falls as a whole, and whoever is in no other one is planned again (domain.md D4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.plan_config import SwapsConfig
from matchengine.programme.swaps.ledger import blocking_of, planned, unswapped
from matchengine.programme.swaps.plan import advice_for, find, manifest_of
from matchengine.programme.swaps.wishes import Round, Slot, slots_of
from matchengine.records import Fingerprint, Relationship
from matchengine.records.swaps import (
    PlannedSwap,
    SwapDecision,
    SwapDecline,
    SwapLedger,
    SwapPlace,
    SwapState,
    SwapWish,
)
from matchengine.scene import Scene

__all__ = ["decline_swap"]

_BEFORE = frozenset({"proposed", "accepted", "scheduled"})
"""States in which somebody may still say no; later an exchange is ended instead."""


def decline_swap(
    scene: Scene,
    ledger: SwapLedger,
    person_id: str,
    wishes: Iterable[SwapWish | SwapPlace],
    relationships: Iterable[Relationship],
    today: date,
    *,
    leaves: bool = False,
    by: str | None = None,
    fingerprint: Fingerprint | None = None,
) -> SwapLedger:
    """Return the ledger after somebody said no to their exchange.

    That exchange comes to nothing for everybody in it. What the person was to do is not proposed again in this round;
    all exchanges that stand stay exactly as they are. Everybody else is planned anew.

    Parameters
    ----------
    ledger : SwapLedger
        As `plan_swaps` or an earlier decline returned it; its settings hold.
    leaves : bool
        Whether the person wants no part in this round at all, and not just not this exchange.
    by : str or None
        Who recorded it. Nobody is told who declined.

    Raises
    ------
    DataError
        When the person is in no exchange that can still be declined.
    """
    broken = _broken(ledger, person_id)
    config = SwapsConfig.model_validate(ledger.settings)
    declined = tuple(dict.fromkeys((*ledger.declined, *_offending(broken, person_id, leaves=leaves))))
    standing = [each for each in ledger.standing if each.id != broken.id]
    ties, given = list(relationships), list(wishes)
    asked = slots_of(scene, config, given, ties, today)
    free = Round(_free(asked.slots, standing), asked.left_out, asked.asked)
    found = find(scene, config, free, ties, today, declined)
    fresh = planned(found.exchanges, found.plan.exchanges, today, found.alternatives)
    over = [broken, *(each for each in ledger.exchanges if each.state == "declined")]
    fallen_slots = {(move.person_id, move.from_mentor) for each in over for move in each.moves}
    left = (*asked.left_out, *unswapped(found.exchanges, found.plan.exchanges, fallen_slots))
    fallen = broken.model_copy(update={"states": (*broken.states, SwapState(state="declined", on=today, by=by))})
    exchanges = (*(fallen if each.id == broken.id else each for each in ledger.exchanges), *fresh)
    now = [*standing, *fresh]
    asked_for = {"today": today, "wishes": given, "relationships": ties, "declined": list(declined)}
    return ledger.model_copy(
        update={
            "today": today,
            "exchanges": exchanges,
            "unswapped": tuple(sorted(left, key=lambda each: (each.person_id or "~", each.mentor_id))),
            "asked": asked.asked,
            "swapped": sum(len(each.moves) for each in now),
            "value": round(sum(each.weight for each in now), 6),
            "bound": None,
            "gap": None,
            "proven": False,
            "reproducible": ledger.reproducible and found.plan.finished,
            "blocking": blocking_of(found.exchanges, found.blocking or ()),
            "blocking_known": found.blocking is not None,
            "advice": (*advice_for(config, now), *_changed(ledger.fingerprint, fingerprint)),
            "declined": declined,
            "decisions": (*ledger.decisions, _decision(today, by, len(standing), len(free.slots))),
            "fingerprint": fingerprint or ledger.fingerprint,
            "manifest": manifest_of(scene, fingerprint, found.plan, asked_for) or ledger.manifest,
        }
    )


def _broken(ledger: SwapLedger, person_id: str) -> PlannedSwap:
    found = [each for each in ledger.standing if person_id in each.people]
    waiting = [each for each in found if each.state in _BEFORE]
    if not waiting:
        told = N_("{id!r} is in no exchange of this ledger")
        if found:
            told = N_("the exchange of {id!r} has begun; end it instead of declining it")
        raise DataError(_(told, id=person_id))
    return waiting[0]


def _offending(broken: PlannedSwap, person_id: str, *, leaves: bool) -> Iterable[SwapDecline]:
    """What is not to be proposed again: the moves of the person, or the person altogether."""
    for move in broken.moves:
        if person_id == move.person_id:
            yield SwapDecline(person_id=person_id, mentor_id=None if leaves else move.to_mentor)
        if person_id == move.to_mentor:
            yield SwapDecline(person_id=None if leaves else move.person_id, mentor_id=person_id)


def _free(slots: Sequence[Slot], standing: Sequence[PlannedSwap]) -> tuple[Slot, ...]:
    """The slots that are in no exchange that stands."""
    taken = {(move.person_id, move.from_mentor) for each in standing for move in each.moves}
    places = Counter(each.moves[-1].to_mentor for each in standing if each.kind == "chain")
    return tuple(
        slot
        for slot in slots
        if (slot.number >= places[slot.mentor_id] if slot.person_id is None else slot.key[:2] not in taken)
    )


def _changed(before: Fingerprint | None, now: Fingerprint | None) -> tuple[str, ...]:
    if before is None or now is None or before == now:
        return ()
    return (_("Data or configuration have changed since this ledger was made; what stood was kept as it was."),)


def _decision(today: date, by: str | None, standing: int, free: int) -> SwapDecision:
    kept = ngettext("{n} exchange was kept as it was.", "{n} exchanges were kept as they were.", standing)
    again = ngettext("{n} mentoring was planned again.", "{n} mentorings were planned again.", free)
    told = _("One exchange came to nothing.")
    return SwapDecision(what="declined", on=today, by=by, text=f"{told} {kept} {again}")
