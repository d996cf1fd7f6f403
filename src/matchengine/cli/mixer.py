"""`matchengine mixer`: rounds of short meetings in which no one meets twice, and a card for everybody."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from matchengine.cli.files import add_files, take_away
from matchengine.cli.locations import add_data, folder_of, shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.engine import Engine
from matchengine.errors import DataError, UnknownIdError, did_you_mean
from matchengine.i18n import _, listing, ngettext
from matchengine.programme.mixer import MixerAims
from matchengine.records.mixer import MixerCard, MixerMeeting, MixerSchedule

__all__ = ["add_mixer"]

_CARDS = 24
"""So many cards are printed; more are in the files alone."""


def add_mixer(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `mixer`."""
    add_kind(parser)
    parser.add_argument("--rounds", type=at_least_one, metavar="N", default=4, help=_("how many rounds (4)"))
    told = _("how many tables there are (as many as are needed)")
    parser.add_argument("--tables", type=at_least_one, metavar="N", help=told)
    told = _("how many people sit at a table (2); more only among peers")
    parser.add_argument("--seats", type=at_least_one, metavar="N", default=2, help=told)
    told = _("how many minutes a meeting lasts (10)")
    parser.add_argument("--minutes", type=at_least_one, metavar="N", default=10, help=told)
    told = _("when the first round starts, 2026-03-09T18:00 (the start of the event, if one is named)")
    parser.add_argument("--start", type=datetime.fromisoformat, metavar="TIME", help=told)
    told = _("who comes: ids with commas between them, or a file with one id on each line (everybody)")
    parser.add_argument("--people", metavar="FILE|IDS", help=told)
    told = _("event that the mixer is part of: who has applied for it or has a place comes")
    parser.add_argument("--event", metavar="ID", help=told)
    add_data(parser)
    add_files(parser)
    parser.set_defaults(run=_mixer)


def _mixer(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.event and arguments.people:
        raise DataError(_("--people and --event both say who comes; give one of them"))
    engine = open_engine(arguments)
    people, start = _listed(arguments.people), arguments.start
    if arguments.event:
        people, start = _of_event(arguments, engine, output)
    aims = MixerAims(
        rounds=arguments.rounds,
        tables=arguments.tables,
        seats=arguments.seats,
        minutes=arguments.minutes,
        start=start,
    )
    schedule = engine.mixer(arguments.kind, people, aims)
    output.document(schedule, "\n".join(_render(schedule)))
    take_away(arguments, output, schedule)
    return 0


def _listed(given: str | None) -> list[str] | None:
    """Ids from a file, one on each line, or as they stand."""
    if given is None:
        return None
    path = Path(given)
    if path.is_file():
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    return [part.strip() for part in given.split(",") if part.strip()]


def _of_event(arguments: argparse.Namespace, engine: Engine, output: Output) -> tuple[list[str], datetime | None]:
    """Who comes to an event and takes part in the kind of match, and when it starts."""
    folder = folder_of(arguments)
    events = {event.id: event for event in folder.events}
    if arguments.event not in events:
        told = _("no such event in {data}: {id!r}", data=shown(arguments.data), id=arguments.event)
        raise UnknownIdError(f"{told}; {did_you_mean(arguments.event, events)}")
    last = {
        r.person_id: r.status for r in folder.relationships if r.kind == "membership" and r.other_id == arguments.event
    }
    coming = {person for person, status in last.items() if status in ("proposed", "active")}
    members = engine.members(arguments.kind)
    fit = coming & {*members.requesters, *members.candidates}
    if len(fit) < len(coming):
        told = ngettext(
            "{n} person of the event takes no part in kind {kind}; they are left out.",
            "{n} people of the event take no part in kind {kind}; they are left out.",
            len(coming) - len(fit),
            kind=arguments.kind,
        )
        output.note(paragraph(told))
    return sorted(fit), arguments.start or events[arguments.event].start


def _render(schedule: MixerSchedule) -> Iterator[str]:
    """The schedule in lines of at most 80 columns."""
    yield paragraph(
        _(
            "Mixer with {rounds} rounds of {minutes} minutes (kind: {kind}), a draft until everybody in it agrees. "
            "Nobody meets the same person twice. Rounds at a table: {fewest} to {most}.",
            rounds=len(schedule.rounds),
            minutes=schedule.minutes,
            kind=schedule.kind,
            fewest=schedule.fewest,
            most=schedule.most,
        )
    )
    for each in schedule.rounds:
        title = _("Round {n}", n=each.round)
        yield from ("", title if each.starts is None else f"{title}  {each.starts:%H:%M}")
        for table in each.tables:
            yield paragraph(f"{table.table:5}. " + listing(table.person_ids), hanging=" " * 7)
        if each.sits_out:
            yield paragraph(_("sit out: {people}", people=listing(each.sits_out)), " " * 7)
    if len(schedule.cards) > _CARDS:
        told = _("The cards of {n} people are in --json, --xlsx and --html.", n=len(schedule.cards))
        yield from ("", paragraph(told))
    elif schedule.cards:
        yield from ("", _("Cards"), *map(_card, schedule.cards))
    if schedule.alone:
        yield from ("", _("Nobody to meet here"))
    yield from (paragraph(f"{each.person_id}: {each.reason}", "  ", "    ") for each in schedule.alone)


def _card(card: MixerCard) -> str:
    told = "; ".join(_line(meeting) for meeting in card.meetings) or _("(nobody)")
    return paragraph(f"{card.person_id}: {told}", "  ", "    ")


def _line(meeting: MixerMeeting) -> str:
    return _(
        "round {n}, table {table}: {people}", n=meeting.round, table=meeting.table, people=listing(meeting.with_ids)
    )
