"""The page of a mixer: who sits at which table in which round, and a line for everybody to find their way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from matchengine.i18n import _, listing, ngettext
from matchengine.records.mixer import MixerCard, MixerRound, MixerSchedule
from matchengine.report.charts import columns
from matchengine.report.grids import MOST_COLUMNS, seating
from matchengine.report.guide import guide_of
from matchengine.report.parts import Cell, Chart, Charts, Figures, Names, Page, Section, Table
from matchengine.report.shapes import count

__all__ = ["mixer_page"]


def mixer_page(schedule: MixerSchedule, names: Mapping[str, str]) -> Page:
    """Return the page of a mixer."""
    who = Names(names, {})
    first = next((one.starts for one in schedule.rounds if one.starts is not None), None)
    found = [
        _summary(schedule),
        _tables(schedule, who),
        _cards(schedule, who),
        _alone(schedule, who),
        _guide(named=bool(names)),
    ]
    return Page(
        title=_("Mixer: {kind}", kind=schedule.kind),
        sides=ngettext("Rounds of {n} minute", "Rounds of {n} minutes", schedule.minutes) if first else "",
        day=first.date().isoformat() if first else "",
        notice=_("This schedule is a draft: nothing is settled before the people in it agree."),
        sections=tuple(section for section in found if section is not None),
    )


def _summary(schedule: MixerSchedule) -> Section:
    tables = max((table.table for one in schedule.rounds for table in one.tables), default=0)
    pause = ngettext("{n} minute between two rounds", "{n} minutes between two rounds", schedule.pause)
    figures = (
        (_("Rounds"), count(len(schedule.rounds)), ""),
        (_("Minutes of a meeting"), count(schedule.minutes), pause),
        (_("Tables"), count(tables), ""),
        (_("People who meet somebody"), count(len(schedule.cards)), ""),
        (_("Rounds at a table"), _range(schedule.fewest, schedule.most), _("fewest and most of a person")),
        (_("People who can meet nobody here"), count(len(schedule.alone)), ""),
    )
    lead = (_("Nobody meets the same person twice."),)
    return Section("summary", _("Summary"), (Figures(figures),), lead)


def _range(fewest: int, most: int) -> str:
    return count(fewest) if fewest == most else f"{count(fewest)}–{count(most)}"


def _heading(one: MixerRound) -> str:
    heading = _("Round {n}", n=one.round)
    return heading if one.starts is None else f"{heading}, {one.starts:%H:%M}"


def _tables(schedule: MixerSchedule, names: Names) -> Section | None:
    seated = {(one.round, table.table): table.person_ids for one in schedule.rounds for table in one.tables}
    if not seated:
        return None
    numbers = sorted({table for _round, table in seated})
    panels = []
    for start in range(0, len(schedule.rounds), MOST_COLUMNS):
        part = schedule.rounds[start : start + MOST_COLUMNS]
        rows = [(str(table), [seated.get((one.round, table), ()) for one in part]) for table in numbers]
        title = _("Rounds {first} to {last}, by table", first=part[0].round, last=part[-1].round)
        drawing = seating(f"seats-{start}", title, [_("Round {n}", n=one.round) for one in part], rows)
        panels.append(Chart(title, drawing))
    often = Counter(len(card.meetings) for card in schedule.cards)
    if len(often) > 1:
        tally = [(str(number), often[number]) for number in range(min(often), max(often) + 1)]
        drawing = columns("often", _("People by their number of rounds"), tally, _("Rounds at a table"))
        panels.append(Chart(_("How many rounds people have"), drawing))
    table = _seats(schedule.rounds, numbers, seated, names)
    return Section("tables", _("Who sits where"), (Charts("", tuple(panels), (table,)),))


def _seats(
    rounds: Sequence[MixerRound],
    numbers: Sequence[int],
    seated: Mapping[tuple[int, int], Sequence[str]],
    names: Names,
) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (str(table), *(_people(seated.get((one.round, table), ()), names) for one in rounds)) for table in numbers
    ]
    if any(one.sits_out for one in rounds):
        rows.append((_("sit out"), *(_people(one.sits_out, names) for one in rounds)))
    return Table(_("Tables and rounds"), (_("seats at table"), *map(_heading, rounds)), tuple(rows), folded=True)


def _people(ids: Sequence[str], names: Names) -> tuple[str, ...]:
    return tuple(" ".join(part for part in (one, names.names.get(one, "")) if part) for one in ids)


def _cards(schedule: MixerSchedule, names: Names) -> Section | None:
    if not schedule.cards:
        return None
    rows = tuple(_card(card, schedule.rounds, names) for card in schedule.cards)
    table = Table(_("Where each person sits, and with whom"), (_("person"), *map(_heading, schedule.rounds)), rows)
    return Section("cards", _("A card for each person"), (table,))


def _card(card: MixerCard, rounds: Sequence[MixerRound], names: Names) -> tuple[Cell, ...]:
    met = {meeting.round: meeting for meeting in card.meetings}
    cells: list[Cell] = [names.who(card.person_id)]
    for one in rounds:
        meeting = met.get(one.round)
        if meeting is None:
            cells.append(_("sits out") if one.round in card.sits_out else "")
        else:
            people = listing(_people(meeting.with_ids, names))
            cells.append(_("table {table}: {people}", table=meeting.table, people=people))
    return tuple(cells)


def _alone(schedule: MixerSchedule, names: Names) -> Section | None:
    if not schedule.alone:
        return None
    rows = tuple((names.who(one.person_id), one.reason) for one in schedule.alone)
    table = Table(_("People who can meet nobody here"), (_("person"), _("why")), rows)
    return Section("alone", _("Nobody to meet here"), (table,))


def _guide(*, named: bool) -> Section:
    read = (
        _("A table has its number in every round. People go to the table that stands on their card."),
        _("Personal rules are kept and never explained, so that nobody is exposed."),
    )
    limits = (_("Whether two people will like each other. That is what the meetings are for."),)
    return guide_of(read, limits, named=named)
