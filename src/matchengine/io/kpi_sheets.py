"""Key figures of a programme as plain sheets: summary, all figures, objectives, instruments, and thin fields."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.sheet_parts import Cell, Figure, Sheet, numbered, summary_sheet
from matchengine.records.kpi import KpiMeasure, KpiReport, KpiTable

__all__ = ["SIDES", "sheets_of_kpi"]

SIDES: Mapping[str, str] = {
    "requester": N_("mentees"),
    "candidate": N_("mentors"),
    "facilitator": N_("facilitators"),
}
"""Whose answer a figure is about."""
_VERDICTS = {"reached": N_("reached"), "not_reached": N_("not reached"), "cannot_tell": N_("cannot tell")}


def sheets_of_kpi(report: KpiReport, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a report of key figures; the second holds all figures.

    Parameters
    ----------
    report : KpiReport
    contacts : ContactSheet, optional
        Not read: no figure is about one person.
    """
    figures: list[Figure] = [
        (_("As of"), report.today),
        (_("Status"), _("final") if report.status == "final" else _("draft")),
        (_("Smallest number behind a figure"), report.min_cell),
        *numbered(N_("Finding {n}"), report.summary),
        *numbered(N_("What it cannot tell {n}"), report.cannot_tell),
    ]
    sheets = [summary_sheet(figures), _measures(report)]
    if report.objectives:
        sheets.append(_objectives(report))
    if report.instruments:
        sheets.append(_instruments(report))
    if report.alerts:
        rows = tuple((alert.field, alert.mentors) for alert in report.alerts)
        sheets.append(Sheet(_("Fields with few mentors"), (_("field"), _("mentors")), rows))
    return sheets


def _measures(report: KpiReport) -> Sheet:
    header = (
        *("key", _("table"), _("figure"), _("whose"), _("when"), _("subgroup"), _("value"), _("from"), _("to")),
        *(_("counted"), _("missing"), _("hidden"), _("unit"), _("what is counted"), _("as of")),
    )
    rows = tuple(_row(table, row) for table in report.tables for row in table.rows)
    return Sheet(_("Figures"), header, rows)


def _row(table: KpiTable, row: KpiMeasure) -> tuple[Cell, ...]:
    side = _(SIDES[row.side]) if row.side else None
    return (
        *(row.key, table.title, row.label, side, row.wave, row.group, row.value, row.low, row.high),
        *(row.n, row.missing, _("yes") if row.hidden else None, row.unit, table.counts, row.as_of),
    )


def _objectives(report: KpiReport) -> Sheet:
    header = (
        *(_("objective"), _("primary"), "key", _("declared on"), _("at least"), _("at most")),
        *(_("value"), _("from"), _("to"), _("verdict"), _("in words")),
    )
    rows = tuple(
        (
            *(one.objective.says, _("yes") if one.objective.primary else None, one.objective.metric),
            *(one.objective.declared_on, one.objective.at_least, one.objective.at_most),
            *(one.measure.value, one.measure.low, one.measure.high, _(_VERDICTS[one.verdict]), one.text),
        )
        for one in report.objectives
    )
    return Sheet(_("Objectives"), header, rows)


def _instruments(report: KpiReport) -> Sheet:
    rows = tuple(
        (one.instrument, one.measures, "; ".join(one.licence_notes), _("yes") if one.higher_is_better else _("no"))
        for one in report.instruments
    )
    header = (_("instrument"), _("measures"), _("licence note"), _("more is better"))
    return Sheet(_("Instruments"), header, rows)
