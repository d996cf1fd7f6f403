"""How an exchange goes on: people say yes, it is scheduled, runs, is checked, and everybody returns (domain.md D4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.records.swaps import PlannedSwap, SwapDecision, SwapLedger, SwapState, SwapStateName

__all__ = ["NEXT", "accept", "move_on"]

NEXT: Mapping[SwapStateName, tuple[SwapStateName, ...]] = {
    "proposed": (),
    "accepted": ("scheduled",),
    "scheduled": ("running", "ended"),
    "running": ("mid_check", "returned", "ended"),
    "mid_check": ("returned", "extended", "ended"),
    "extended": ("returned", "ended"),
    "returned": (),
    "ended": (),
    "declined": (),
}
"""Where each state leads. Yes and no are said with `accept` and `decline_swap`; the usual end is the return."""


def accept(ledger: SwapLedger, person_id: str, on: date) -> SwapLedger:
    """Return the ledger after somebody said yes; once all of an exchange did, it is accepted.

    Raises
    ------
    DataError
        When the person is in no exchange that waits for an answer, or the time for it is over.
    """
    waiting = [each for each in ledger.exchanges if each.state == "proposed" and person_id in each.people]
    if not waiting:
        raise DataError(_("{id!r} is in no exchange that waits for an answer", id=person_id))
    swap = waiting[0]
    if on > swap.accept_by:
        told = N_("exchange {swap!r} waited for answers until {day}; decline it, or plan the round again")
        raise DataError(_(told, swap=swap.id, day=swap.accept_by))
    agreed = tuple(sorted({*swap.accepted_by, person_id}))
    update: dict[str, object] = {"accepted_by": agreed}
    if set(agreed) == set(swap.people):
        update["states"] = (*swap.states, SwapState(state="accepted", on=on))
    decision = SwapDecision(what="accepted", on=on, by=person_id, text=_("Said yes to {swap}.", swap=swap.id))
    return _replaced(ledger, swap.model_copy(update=update), decision)


def move_on(ledger: SwapLedger, swap_id: str, state: SwapStateName, on: date, by: str | None = None) -> SwapLedger:
    """Return the ledger with an exchange in its next state.

    Raises
    ------
    DataError
        When there is no such exchange, or it cannot go from where it is to this state, or the day lies before.
    """
    found = {each.id: each for each in ledger.exchanges}
    if swap_id not in found:
        hint = did_you_mean(swap_id, found)
        raise DataError(_("this ledger has no exchange {id!r}; {hint}", id=swap_id, hint=hint))
    swap = found[swap_id]
    if state not in NEXT[swap.state] or on < swap.states[-1].on:
        told = N_("exchange {id!r} is {now!r} since {since} and cannot be {state!r} on {day}; expected: {next}")
        after = ", ".join(NEXT[swap.state]) or _("nothing more")
        values = {"id": swap_id, "now": swap.state, "since": swap.states[-1].on, "state": state, "day": on}
        raise DataError(_(told, **values, next=after))
    moved = swap.model_copy(update={"states": (*swap.states, SwapState(state=state, on=on, by=by))})
    told_to = _("{swap} is now: {state}.", swap=swap_id, state=state)
    return _replaced(ledger, moved, SwapDecision(what="moved_on", on=on, by=by, text=told_to))


def _replaced(ledger: SwapLedger, swap: PlannedSwap, decision: SwapDecision) -> SwapLedger:
    exchanges = tuple(swap if each.id == swap.id else each for each in ledger.exchanges)
    return ledger.model_copy(update={"exchanges": exchanges, "decisions": (*ledger.decisions, decision)})
