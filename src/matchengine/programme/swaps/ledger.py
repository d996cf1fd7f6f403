"""From the exchanges that were chosen to what a coordinator reads (domain.md D4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from hashlib import blake2b

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.i18n import _
from matchengine.planning.swaps.problem import Exchange, SwapGraph
from matchengine.programme.swaps.dates import Dates, dates_of
from matchengine.programme.swaps.graph import Exchanges
from matchengine.programme.swaps.wishes import Slot, left_out
from matchengine.programme.swaps.wording import Told, checklist, explanation, return_plan, tell
from matchengine.records.swaps import (
    BlockingSwap,
    PlannedSwap,
    SwapAlternative,
    SwapMove,
    SwapState,
    Unswapped,
    UnswappedReason,
)

__all__ = ["blocking_of", "caution", "pairs_of", "planned", "unswapped"]

_WALKED = 2_000
"""Up to so many vertices the lengths of closed walks are counted."""


def caution() -> tuple[str, ...]:
    """Return how little is known of swaps (domain.md D4, evidence)."""
    return (
        _("No controlled study of swapping mentors was found: treat this as a trial, and ask people how it went."),
        _("That several developers serve a career better than one is indirect support (Higgins and Kram 2001)."),
        _("Changes early in a match can harm (Grossman and Rhodes 2002), so new matches are left alone."),
    )


def planned(
    exchanges: Exchanges, chosen: Sequence[Exchange], today: date, alternatives: Sequence[Exchange | None] = ()
) -> tuple[PlannedSwap, ...]:
    """Return the exchanges of a plan, in its order.

    Parameters
    ----------
    alternatives : sequence of Exchange or None
        For every slot the next best exchange that holds it; empty where none were looked for.
    """
    arcs = np.concatenate([np.zeros(0, np.int64), *(each.arcs for each in chosen)]).astype(np.int64)
    told, start, out = tell(exchanges, arcs), 0, []
    for each in chosen:
        numbers = range(start, start + len(each.arcs))
        start += len(each.arcs)
        members = [exchanges.slots[n] for n in each.members.tolist()]
        dates = dates_of(members, exchanges.pairing.config, today)
        if dates is None:  # plans without dates are never handed on
            raise AssertionError
        moves = tuple(_move(exchanges, int(arcs[n]), told, n, dates) for n in numbers)
        out.append(_swap(exchanges, each, moves, dates, alternatives))
    return tuple(out)


def _swap(
    exchanges: Exchanges, each: Exchange, moves: tuple[SwapMove, ...], dates: Dates,
    alternatives: Sequence[Exchange | None],
) -> PlannedSwap:  # fmt: skip
    members, config = each.members.tolist(), exchanges.pairing.config
    best = [(n, alternatives[n]) for n in members if len(alternatives) and exchanges.slots[n].person_id]
    proposed = dates.accept_by.toordinal() - config.accept_days
    return PlannedSwap(
        id=_name(moves),
        kind="chain" if each.chain else "cycle",
        moves=moves,
        **dates._asdict(),
        completion=round((1 - config.decline) ** len(each.arcs), 4),
        weight=round(float(each.weight), 6),
        weakest=min(moves, key=lambda move: (move.gain, move.person_id)).person_id,
        resting_mentor=exchanges.slots[members[0]].mentor_id if each.chain else None,
        checklist=checklist(dates.starts),
        return_plan=return_plan([(move.person_id, move.from_mentor) for move in moves], dates.returns_on),
        alternatives=tuple(
            SwapAlternative(
                person_id=exchanges.slots[n].person_id or "",
                pairs=pairs_of(exchanges, other.arcs),
                weight=round(float(other.weight), 6),
            )
            for n, other in best
            if other is not None
        ),
        states=(SwapState(state="proposed", on=date.fromordinal(proposed)),),
    )


def _move(exchanges: Exchanges, arc: int, told: Told, n: int, dates: Dates) -> SwapMove:
    graph, values, config = exchanges.graph, exchanges.arcs, exchanges.pairing.config
    taker, giver = exchanges.slots[int(graph.source[arc])], exchanges.slots[int(graph.target[arc])]
    own, other = taker.mentor_id, giver.mentor_id
    return SwapMove(
        person_id=taker.person_id or "",
        from_mentor=own,
        to_mentor=other,
        gain=_points(values.gain[arc]),
        floor=_points(max(taker.floor, config.least_gain)),
        disruption=_points(exchanges.pairing.price[int(graph.source[arc])]),
        parts=told.parts[n],
        fit=_points(values.fit[arc]),
        mentor_fit=_points(values.side[arc]),
        mentor_floor=0.0 if giver.any_mentee else _points(config.mentor_floor),
        explanation=explanation((own, other), told.to_mentee[n], dates.starts, dates.returns_on),
        mentor_should_know=(*_notes(taker, own, dates), *told.to_mentor[n]),
        to_confirm=told.to_confirm[n],
    )


def _notes(taker: Slot, own: str, dates: Dates) -> tuple[str, ...]:
    """What a mentor is told of the mentee who comes: when, from whom, and what the mentee wrote for them."""
    told = _(
        "{mentee} would work with you from {starts} to {ends} and then returns to {mentor}.",
        mentee=taker.person_id,
        starts=dates.starts,
        ends=dates.ends,
        mentor=own,
    )
    if taker.wish is None or taker.wish.for_mentor is None:
        return (told,)
    return told, _("They wrote for you: “{text}”", text=taker.wish.for_mentor)


def _points(share: float) -> float:
    return round(100 * min(max(float(np.nan_to_num(share)), 0.0), 1.0), 2)


def _name(moves: Sequence[SwapMove]) -> str:
    told = repr(sorted((move.person_id, move.from_mentor, move.to_mentor) for move in moves))
    return "swap-" + blake2b(told.encode(), digest_size=4).hexdigest()


def pairs_of(exchanges: Exchanges, arcs: IntArray) -> tuple[tuple[str, str], ...]:
    """Return some arcs as (mentee, other mentor)."""
    graph, slots = exchanges.graph, exchanges.slots
    return tuple((slots[int(graph.source[a])].person_id or "", slots[int(graph.target[a])].mentor_id) for a in arcs)


def blocking_of(exchanges: Exchanges, found: Iterable[Exchange]) -> tuple[BlockingSwap, ...]:
    """Return blocking cycles as people read them."""
    return tuple(
        BlockingSwap(
            pairs=pairs_of(exchanges, each.arcs), gains=tuple(_points(exchanges.arcs.gain[arc]) for arc in each.arcs)
        )
        for each in found
    )


def unswapped(
    exchanges: Exchanges, chosen: Iterable[Exchange], fallen: Collection[tuple[str, str]] = ()
) -> tuple[Unswapped, ...]:
    """Return every slot that is in no exchange, with the reason; in the order of the slots.

    `fallen` are mentee and mentor of all in an exchange that came to nothing: the same is said of each of them,
    so that nobody learns who declined.
    """
    taken = {n for each in chosen for n in each.members.tolist()}
    graph, config = exchanges.graph, exchanges.pairing.config
    out = np.bincount(graph.source, minlength=graph.vertices)
    into = np.bincount(graph.target, minlength=graph.vertices)
    round_trip = _closes(graph, config.longest_cycle, config.longest_chain)
    told = []
    for n, slot in enumerate(exchanges.slots):
        if n in taken:
            continue
        reason: UnswappedReason
        if slot.person_id is None:
            reason = "place_not_needed"
        elif (slot.person_id, slot.mentor_id) in fallen:
            reason = "declined"
        elif not out[n]:
            reason = "no_other_mentor"
        elif round_trip[n]:
            reason = "others_gain_more"
        else:
            reason = "no_circle" if into[n] else "no_other_mentee"
        told.append(left_out(slot.person_id, slot.mentor_id, reason))
    return tuple(told)


def _closes(graph: SwapGraph, longest_cycle: int, longest_chain: int) -> BoolArray:
    """Whether each vertex lies on a closed walk, or on a way to a starter, of the lengths that are allowed, (V,)."""
    from scipy.sparse import csr_matrix, identity
    from scipy.sparse.csgraph import connected_components

    shape = (graph.vertices, graph.vertices)
    ones = np.ones(len(graph), np.int64)
    links = csr_matrix((ones, (graph.source, graph.target)), shape=shape)
    found = np.zeros(graph.vertices, np.bool_)
    reaches = graph.starter.copy()
    walk = identity(graph.vertices, dtype=np.int64, format="csr")
    if graph.vertices > _WALKED:  # of so many, whether it lies on any cycle
        _count, of = connected_components(links, directed=True, connection="strong")
        found, longest_cycle = np.bincount(of)[of] > 1, 0
    for step in range(1, max(longest_cycle, longest_chain) + 1):
        if step <= longest_cycle:
            walk = (walk @ links).minimum(1)
            found |= walk.diagonal() > 0
        if step <= longest_chain:
            reaches |= np.asarray(links @ reaches.astype(np.int64)).ravel() > 0
    closes: BoolArray = found | (reaches & ~graph.starter)
    return closes
