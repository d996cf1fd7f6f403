"""Rounds of swaps as plain sheets: who goes where, when, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable

from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.draft_words import GAIN_PARTS, OBJECTIVES, SWAP_STATES, swap_shape
from matchengine.io.sheet_parts import (
    Cell,
    Figure,
    Sheet,
    called,
    made_by,
    numbered,
    please_note,
    side_keys,
    summary_sheet,
    who,
    yes,
)
from matchengine.records.swaps import PlannedSwap, SkillCircles, SwapLedger, SwapMove

__all__ = ["sheets_of_swaps", "solved"]


def sheets_of_swaps(ledger: SwapLedger, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a round of swaps; the second holds one row per person who goes to another mentor.

    Parameters
    ----------
    ledger : SwapLedger
    contacts : ContactSheet, optional
        As for `sheets_of_run`.

    Returns
    -------
    list of Sheet
        Summary, moves, exchanges, who is in no exchange, exchanges that all in them would prefer, and decisions.
    """
    return [
        _summary(ledger),
        _moves(ledger, contacts),
        _exchanges(ledger, contacts),
        _without(ledger, contacts),
        _blocking(ledger, contacts),
        Sheet(_("Decisions"), (_("day"), _("what")), tuple((one.on, one.text) for one in ledger.decisions)),
    ]


def _summary(ledger: SwapLedger) -> Sheet:
    figures: list[Figure] = [
        (_("Round of swaps"), ledger.name),
        (_("Kind of match"), ledger.kind),
        (_("Day"), ledger.today),
        (_("Mentorings that were asked"), ledger.asked),
        (_("Mentees in an exchange"), ledger.swapped),
        (_("Mentorings that stay as they are"), sum(one.person_id is not None for one in ledger.unswapped)),
        (_("Exchanges"), len(ledger.standing)),
        *solved(ledger),
    ]
    if not ledger.blocking_known:
        unknown = _("The round is too large to look for exchanges that people would prefer.")
        figures.append((_("Not looked for"), unknown))
    figures += [
        *numbered(N_("Before you go on {n}"), ledger.advice),
        *numbered(N_("How much is known {n}"), ledger.caution),
    ]
    return summary_sheet([*figures, *made_by(ledger.fingerprint), please_note()])


def solved(found: SwapLedger | SkillCircles) -> Iterable[Figure]:
    """Return what was chosen for, and how near the choice is to the best possible one."""
    yield _("Chosen for"), _(OBJECTIVES[found.objective])
    if found.objective != "ttc":
        yield _("Value reached"), found.value
        yield _("At most possible"), found.bound
        yield _("At most below it, as a share"), found.gap
        yield _("Proven to be the best possible"), _("yes") if found.proven else _("no")
    if not found.reproducible:
        yield _("Not reproducible"), _("A clock stopped the search: another run may choose otherwise.")


def _moves(ledger: SwapLedger, contacts: ContactSheet | None) -> Sheet:
    header = (
        *(_("exchange"), _("form"), _("state"), *side_keys("requester", contacts)),
        *(*side_keys("from_candidate", contacts), *side_keys("to_candidate", contacts)),
        *(
            _("starts"),
            _("ends"),
            _("returns on"),
            _("gain"),
            _("least gain asked for"),
            _("price of the interruption"),
        ),
        *(
            _("gain in words"),
            _("least in this exchange"),
            _("fit of the pair"),
            _("fit for the mentor"),
            _("least for the mentor"),
        ),
        *(_("mentee said yes"), _("mentor said yes"), _("for the mentee"), _("for the mentor"), "to_confirm"),
    )
    rows = [
        _move(number, swap, move, contacts)
        for number, swap in enumerate(ledger.exchanges, 1)
        if swap.state != "declined"
        for move in swap.moves
    ]
    return Sheet(_("Moves"), header, tuple(rows))


def _move(number: int, swap: PlannedSwap, move: SwapMove, contacts: ContactSheet | None) -> tuple[Cell, ...]:
    words = "\n".join(
        _("{part} {value:.0f} (counts {share:.0%}): {text}", **told)
        for part in move.parts
        for told in ({"part": _(GAIN_PARTS[part.part]), "value": part.value, "share": part.weight, "text": part.text},)
    )
    agreed = set(swap.accepted_by)
    return (
        *(number, swap_shape(swap), _(SWAP_STATES[swap.state]), *who(move.person_id, contacts)),
        *(*who(move.from_mentor, contacts), *who(move.to_mentor, contacts)),
        *(swap.starts, swap.ends, swap.returns_on, move.gain, move.floor, move.disruption),
        *(words, yes(move.person_id == swap.weakest), move.fit, move.mentor_fit, move.mentor_floor),
        *(yes(move.person_id in agreed), yes(move.to_mentor in agreed)),
        *(move.explanation, "\n".join(move.mentor_should_know), "\n".join(move.to_confirm)),
    )


def _exchanges(ledger: SwapLedger, contacts: ContactSheet | None) -> Sheet:
    header = (
        *(_("exchange"), "id", _("form"), _("state"), _("people"), _("starts"), _("ends"), _("returns on")),
        *(_("yes from all by"), _("half-way check"), _("feedback"), _("check on the first mentoring")),
        *(_("chance that nobody drops out"), _("weight"), _("mentor who has nobody for the period")),
        *(_("handover"), _("way back"), _("next best")),
    )
    rows = tuple(
        (
            *(number, swap.id, swap_shape(swap), _(SWAP_STATES[swap.state]), len(swap.moves)),
            *(swap.starts, swap.ends, swap.returns_on, swap.accept_by, swap.mid_check, swap.feedback_on),
            *(swap.anchor_check, swap.completion, swap.weight),
            swap.resting_mentor and called(swap.resting_mentor, contacts),
            *("\n".join(swap.checklist), "\n".join(swap.return_plan)),
            "\n".join(f"{called(one.person_id, contacts)}: {_pairs(one.pairs, contacts)}" for one in swap.alternatives),
        )
        for number, swap in enumerate(ledger.exchanges, 1)
    )
    return Sheet(_("Exchanges"), header, rows)


def _pairs(pairs: Iterable[tuple[str, str]], contacts: ContactSheet | None) -> str:
    return ", ".join(
        _("{mentee} to {mentor}", mentee=called(mentee, contacts), mentor=called(mentor, contacts))
        for mentee, mentor in pairs
    )


def _without(ledger: SwapLedger, contacts: ContactSheet | None) -> Sheet:
    header = (*side_keys("requester", contacts), *side_keys("candidate", contacts), _("reason"), _("in words"))
    rows = tuple(
        (*who(one.person_id, contacts), *who(one.mentor_id, contacts), one.reason, one.text) for one in ledger.unswapped
    )
    return Sheet(_("In no exchange"), header, rows)


def _blocking(ledger: SwapLedger, contacts: ContactSheet | None) -> Sheet:
    rows = tuple(
        (
            number,
            _pairs(block.pairs, contacts),
            min(block.gains, default=None),
            ", ".join(f"{g:.0f}" for g in block.gains),
        )
        for number, block in enumerate(ledger.blocking, 1)
    )
    header = (_("number"), _("exchange"), _("least gain"), _("gains in this order"))
    return Sheet(_("Preferred by all in them"), header, rows)
