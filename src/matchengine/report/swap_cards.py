"""The card of one exchange of mentors: drawn, with gains, dates and what to tell each person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matchengine.i18n import _, listing
from matchengine.io.draft_words import GAIN_PARTS, SWAP_STATES, swap_shape
from matchengine.records.swaps import PlannedSwap, SwapMove
from matchengine.report.parts import Cell, Entry, Names, Table
from matchengine.report.rings import chain, ring
from matchengine.report.shapes import Svg, points

__all__ = ["exchange_entry", "moving"]


def exchange_entry(number: int, swap: PlannedSwap, names: Names) -> Entry:
    """Return the card of an exchange: its ring or chain, its moves, and what to do."""
    shape = swap_shape(swap)
    title = _("Exchange {number}, a {shape}: {state}", number=number, shape=shape, state=_(SWAP_STATES[swap.state]))
    if swap.state == "declined":
        return Entry(f"exchange-{number}", title)
    told = _(
        "From {starts} to {ends}; everybody returns on {day}. Yes from all by {by}. "
        "Chance that nobody drops out: {chance:.0%}.",
        starts=swap.starts,
        ends=swap.ends,
        day=swap.returns_on,
        by=swap.accept_by,
        chance=swap.completion,
    )
    if swap.resting_mentor:
        told += " " + _("{mentor} has nobody for this period.", mentor=swap.resting_mentor)
    if swap.accepted_by:
        told += " " + _("Said yes: {who}.", who=listing(swap.accepted_by))
    header = (_("mentee"), _("from"), _("to"), _("gain"), _("asked for"), _("what the gain is made of"))
    rows = tuple(_move(move, names) for move in swap.moves)
    table = Table(_("Who goes where"), header, rows, frozenset({3, 4}))
    name = f"exchange-{number}"
    return Entry(name, title, told, _drawing(f"{name}-d", swap), table, _notes(swap))


def _move(move: SwapMove, names: Names) -> tuple[Cell, ...]:
    parts = tuple(
        _("{part} {value:.0f} (counts {share:.0%}): {text}", part=title, value=part.value, share=part.weight, text=text)
        for part in move.parts
        for title, text in ((_(GAIN_PARTS[part.part]), part.text),)
    )
    who = names.who(move.person_id), names.who(move.from_mentor), names.who(move.to_mentor)
    return (*who, points(move.gain), points(move.floor), parts)


def _drawing(name: str, swap: PlannedSwap) -> Svg:
    moves = _in_order(swap.moves)
    stations = [move.from_mentor for move in moves]
    links = [(move.person_id, _("gain {points}", points=points(move.gain))) for move in moves]
    title = _("Who goes to whom")
    if swap.kind == "cycle":
        return ring(name, title, stations, links)
    return chain(name, title, [*stations, moves[-1].to_mentor], links)


def _in_order(moves: Sequence[SwapMove]) -> list[SwapMove]:
    """Return the moves so that each goes to the mentor from whom the next one comes, as far as they are linked."""
    leaving = {move.from_mentor: move for move in moves}
    taking = {move.to_mentor for move in moves}
    at = next((move for move in moves if move.from_mentor not in taking), moves[0])
    found: dict[str, SwapMove] = {}
    while at.person_id not in found:
        found[at.person_id] = at
        at = leaving.get(at.to_mentor, at)
    return [*found.values(), *(move for move in moves if move.person_id not in found)]


def _notes(swap: PlannedSwap) -> tuple[tuple[str, tuple[str, ...]], ...]:
    dates = (
        (swap.mid_check, _("ask both sides how it goes")),
        (swap.feedback_on, _("ask both sides how it was")),
        (swap.anchor_check, _("ask whether the first mentoring goes on")),
    )
    to_do = (*swap.checklist, *(f"{day.isoformat()}: {what}" for day, what in dates))
    others = tuple(
        _("Next best with {who}: {pairs}", who=other.person_id, pairs=moving(other.pairs))
        for other in swap.alternatives
    )
    notes = (
        (_("For the mentees"), _each((move.person_id, (move.explanation,)) for move in swap.moves)),
        (_("For the mentors"), _each((move.to_mentor, move.mentor_should_know) for move in swap.moves)),
        (_("To confirm in a talk"), _each((move.person_id, move.to_confirm) for move in swap.moves)),
        (_("To do"), to_do),
        (_("The way back"), swap.return_plan),
        (_("If somebody says no"), others),
    )
    return tuple((heading, texts) for heading, texts in notes if texts)


def _each(texts: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Return what is told to each person after their id."""
    return tuple(f"{person}: {' '.join(filter(None, told))}" for person, told in texts if any(told))


def moving(pairs: Sequence[tuple[str, str]]) -> str:
    """Return who goes to whom in words."""
    return ", ".join(_("{mentee} to {mentor}", mentee=mentee, mentor=mentor) for mentee, mentor in pairs)
