"""`matchengine lottery`: give the places of an event by lot, from a seed that was published before."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime

from matchengine.cli.locations import add_data, folder_of, shown
from matchengine.cli.output import Output, paragraph
from matchengine.errors import UnknownIdError, did_you_mean
from matchengine.i18n import N_, _, listing
from matchengine.planning.lottery import applicants_of, draw_lots, free_places
from matchengine.records import Event
from matchengine.records.lottery import Draw, Lottery, PriorityClass

__all__ = ["add_lottery"]

_PRIORITIES: dict[PriorityClass, str] = {
    "never_attended": N_("never came to an event"),
    "previously_waitlisted": N_("was left waiting before"),
}
_SHOWN = 10
"""How many digits of a drawn number the text shows; JSON holds all."""


def add_lottery(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lottery`."""
    parser.add_argument("event", metavar="EVENT", help=_("id of the event"))
    parser.add_argument("--seed", type=int, required=True, metavar="N", help=_("number published before the draw"))
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help=_("day of the draw, 2026-03-09 (today)")
    )
    add_data(parser)
    parser.set_defaults(run=_lottery)


def _lottery(arguments: argparse.Namespace, output: Output) -> int:
    folder = folder_of(arguments)
    events = {event.id: event for event in folder.events}
    event = events.get(arguments.event)
    if event is None:
        told = _("no such event in {data}: {id!r}", data=shown(arguments.data), id=arguments.event)
        raise UnknownIdError(f"{told}; {did_you_mean(arguments.event, events)}")
    today = arguments.today or datetime.now(UTC).date()
    over = {other.id for other in folder.events if _is_over(other, today)} - {event.id}
    lottery = draw_lots(
        event.id,
        applicants_of(event.id, folder.relationships, over),
        free_places(event.id, event.capacity, event.size_now, folder.relationships),
        arguments.seed,
    )
    output.document(lottery, "\n".join(_render(lottery)))
    return 0


def _is_over(event: Event, today: date) -> bool:
    return event.start is not None and event.start.date() < today


def _render(lottery: Lottery) -> Iterator[str]:
    """The draw in lines of at most 80 columns."""
    yield paragraph(
        _(
            "Draw for event {event} with seed {seed}, a draft until people agree. Applicants: {n}. "
            "Free places: {places}.",
            event=lottery.event_id,
            seed=lottery.seed,
            n=len(lottery.admitted) + len(lottery.waitlist),
            places=_("not limited") if lottery.places is None else lottery.places,
        )
    )
    first = [_(_PRIORITIES[name]) for name in lottery.priority]
    yield paragraph(_("First comes who {priorities}, in this order; then the lot decides.", priorities=listing(first)))
    for title, draws in ((_("Get a place"), lottery.admitted), (_("Waiting list"), lottery.waitlist)):
        yield from ("", title)
        yield from (_line(draw) for draw in draws)
        if not draws:
            yield "  " + _("(nobody)")


def _line(draw: Draw) -> str:
    why = listing([_(_PRIORITIES[name]) for name in draw.priorities])
    line = f"{draw.place:5}. {draw.person_id:<18} {draw.number[:_SHOWN]}  {why}".rstrip()
    return paragraph(line, hanging=" " * 38)
