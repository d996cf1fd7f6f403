"""A mixer as plain sheets: summary, one card per person, rounds and tables, and who can meet nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchengine.i18n import _
from matchengine.io.contacts import ContactSheet
from matchengine.io.sheet_parts import Cell, Figure, Sheet, called, person_keys, please_note, summary_sheet, who
from matchengine.records.mixer import MixerCard, MixerRound, MixerSchedule

__all__ = ["sheets_of_mixer"]


def sheets_of_mixer(schedule: MixerSchedule, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a mixer; the second holds one card per person.

    Parameters
    ----------
    schedule : MixerSchedule
    contacts : ContactSheet, optional
        As for `sheets_of_run`.

    Returns
    -------
    list of Sheet
        Summary; cards with table and company in each round; tables by rounds; and who can meet nobody.
    """
    alone = tuple((*who(one.person_id, contacts), one.reason) for one in schedule.alone)
    return [
        _summary(schedule),
        _cards(schedule, contacts),
        _tables(schedule, contacts),
        Sheet(_("Nobody to meet here"), (*person_keys(contacts), _("why")), alone),
    ]


def _summary(schedule: MixerSchedule) -> Sheet:
    starts = [_clock(one.starts) for one in schedule.rounds if one.starts is not None]
    figures: list[Figure] = [
        (_("Kind of match"), schedule.kind),
        (_("Day"), next((one.starts.date() for one in schedule.rounds if one.starts is not None), None)),
        (_("Rounds"), len(schedule.rounds)),
        (_("Rounds start at"), ", ".join(starts) or None),
        (_("Minutes of a meeting"), schedule.minutes),
        (_("Minutes between two rounds"), schedule.pause),
        (_("Tables"), max((table.table for one in schedule.rounds for table in one.tables), default=0)),
        (_("People who meet somebody"), len(schedule.cards)),
        (_("People who can meet nobody here"), len(schedule.alone)),
        (_("Rounds at a table, fewest"), schedule.fewest),
        (_("Rounds at a table, most"), schedule.most),
        (_("What holds for it"), _("Nobody meets the same person twice.")),
    ]
    return summary_sheet([*figures, please_note()])


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _heading(one: MixerRound) -> str:
    heading = _("round {n}", n=one.round)
    return heading if one.starts is None else f"{heading} ({_clock(one.starts)})"


def _cards(schedule: MixerSchedule, contacts: ContactSheet | None) -> Sheet:
    header = [*person_keys(contacts), _("number of rounds"), _("sits out in rounds")]
    for one in schedule.rounds:
        header += [_("{round}: table", round=_heading(one)), _("{round}: with", round=_heading(one))]
    rows = tuple(_card(card, schedule.rounds, contacts) for card in schedule.cards)
    return Sheet(_("Cards"), tuple(header), rows)


def _card(card: MixerCard, rounds: Sequence[MixerRound], contacts: ContactSheet | None) -> tuple[Cell, ...]:
    met = {meeting.round: meeting for meeting in card.meetings}
    cells: list[Cell] = [*who(card.person_id, contacts), len(card.meetings), ", ".join(map(str, card.sits_out)) or None]
    for one in rounds:
        meeting = met.get(one.round)
        if meeting is None:
            cells += [None, None]
        else:
            cells += [meeting.table, ", ".join(called(other, contacts) for other in meeting.with_ids)]
    return tuple(cells)


def _tables(schedule: MixerSchedule, contacts: ContactSheet | None) -> Sheet:
    """Return one row per table and one column per round, for there are few rounds and may be many tables."""

    def names(ids: Sequence[str]) -> str | None:
        return ", ".join(called(one, contacts) for one in ids) or None

    seated = {(one.round, table.table): table.person_ids for one in schedule.rounds for table in one.tables}
    header = (_("seats at table"), *(_heading(one) for one in schedule.rounds))
    rows: list[tuple[Cell, ...]] = [
        (table, *(names(seated.get((one.round, table), ())) for one in schedule.rounds))
        for table in sorted({table for _round, table in seated})
    ]
    if any(one.sits_out for one in schedule.rounds):
        rows.append((_("sit out"), *(names(one.sits_out) for one in schedule.rounds)))
    return Sheet(_("Tables"), header, tuple(rows), listing=False)
