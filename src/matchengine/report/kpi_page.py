"""The page of key figures: objectives first, then tables with what is missing, and what no figure can tell."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import _, fill
from matchengine.io.kpi_sheets import SIDES
from matchengine.records.kpi import KpiMeasure, KpiReport, KpiTable
from matchengine.report.bars import amount_bars
from matchengine.report.guide import guide_of
from matchengine.report.parts import Block, Cell, Chart, Charts, Entries, Entry, Figures, Page, Points, Section, Table
from matchengine.report.shapes import count
from matchengine.report.steps import interval_bars, steps_down

__all__ = ["kpi_page"]

_HEADLINES = ("funnel.matched", "satisfaction.requester.end.mean", "continuity.12_months", "ripple.r")


def kpi_page(report: KpiReport, names: Mapping[str, str]) -> Page:
    """Return the page of key figures; names are not read, for no figure is about one person."""
    sections = [
        _summary(report),
        *([_objectives(report)] if report.objectives else []),
        *(_section(table, number) for number, table in enumerate(report.tables, 1)),
        *([_instruments(report)] if report.instruments else []),
        *([_alerts(report)] if report.alerts else []),
        _guide(report),
    ]
    final = report.status == "final"
    return Page(
        title=_("Key figures of the programme"),
        day=report.today.isoformat(),
        notice=_("Final report. Its primary objective was declared before.")
        if final
        else _("A draft for those who run the programme. No figure in it is about one person."),
        sections=tuple(sections),
    )


def _summary(report: KpiReport) -> Section:
    known = report.measures()
    figures = [(known[key].label, _value(known[key]), _behind(known[key])) for key in _HEADLINES if key in known]
    blocks: list[Block] = [Figures(tuple(figures))] if figures else []
    blocks += [Points(report.summary, _("What to look at first")), Points(report.cannot_tell, _("What it cannot tell"))]
    return Section("summary", _("Summary"), tuple(blocks))


def _behind(row: KpiMeasure) -> str:
    if row.hidden:
        return _("hidden: too few people")
    if row.low is None or row.high is None:
        return "" if row.value is not None else _("no record of it")
    return _("from {low} to {high}", low=_said(row, row.low), high=_said(row, row.high))


def _objectives(report: KpiReport) -> Section:
    entries = []
    for number, one in enumerate(report.objectives, 1):
        row = (one.measure.label, *_cells(one.measure))
        table = Table(_("Its figure"), (_("figure"), _("value"), _("interval"), _("counted"), _("missing")), (row,))
        title = _("{says} (primary)", says=one.objective.says) if one.objective.primary else one.objective.says
        entries.append(Entry(f"objective-{number}", title, one.text, table=table))
    lead = (_("An objective counts as reached only where its whole interval does."),)
    return Section("objectives", _("Objectives"), (Entries(tuple(entries)),), lead)


def _section(table: KpiTable, number: int) -> Section:
    anchor = _anchor(table.key, number)
    blocks: list[Block] = []
    picture = _picture(table, anchor)
    if picture is not None:
        blocks.append(picture)
    blocks.append(_both_sides(table) if table.key == "both_sides" else _plain(table))
    return Section(anchor, table.title, tuple(blocks), table.notes)


def _anchor(key: str, number: int) -> str:
    """Return the anchor of a table; the name of a dimension is a value from data and is not in it."""
    return f"by-group-{number}" if key.startswith("by_") else key.replace("_", "-")


def _picture(table: KpiTable, anchor: str) -> Charts | None:
    shown = [row for row in table.rows if row.value is not None]
    if len(shown) < 2:
        return None
    if table.key == "funnel":
        rows = [(row.label, float(row.value or 0), count(row.value or 0)) for row in shown]
        return Charts("", (Chart(table.title, amount_bars(anchor, table.title, rows)),), ())
    charts = []
    going = [row for row in shown if row.key.endswith("_months") and row.unit == "share"]
    if table.key == "continuity" and len(going) > 1:
        charts.append(Chart(_("Matches that go on"), steps_down(anchor, table.title, _points(going))))
    elif table.key in ("satisfaction", "careers", "surveys", "trajectories"):
        of_unit = [row for row in shown if row.unit == shown[0].unit and _drawn(row)]
        drawn = [(_where(row), row.value or 0.0, row.low, row.high, _value(row)) for row in of_unit]
        charts.append(Chart(table.title, interval_bars(anchor, table.title, drawn)))
    return Charts("", tuple(charts), ()) if charts else None


def _drawn(row: KpiMeasure) -> bool:
    """Steps of one kind are drawn for one year alone, so that the picture stays readable."""
    return not row.key.startswith("careers.") or row.key.endswith(".12_months") or row.key.startswith("careers.any.")


def _points(rows: list[KpiMeasure]) -> list[tuple[int, float, float | None, float | None]]:
    found = [(int(row.key.split(".")[1].split("_")[0]), row.value or 0.0, row.low, row.high) for row in rows]
    return sorted(found)


def _where(row: KpiMeasure) -> str:
    side = _(SIDES[row.side]) if row.side else ""
    words = row.label if side and side in row.label else ", ".join(filter(None, (row.label, side)))
    since = _("as of {day}", day=row.as_of) if row.as_of else ""
    return ", ".join(filter(None, (words, row.wave, row.group, since)))


def _plain(table: KpiTable) -> Table:
    if table.key == "funnel":
        steps = tuple((row.label, _value(row)) for row in table.rows)
        return Table(_("In numbers"), (_("step"), table.counts), steps, frozenset({1}), folded=True)
    header = (_("figure"), _("value"), _("interval"), table.counts, _("missing"))
    rows = tuple((_where(row), *_cells(row)) for row in table.rows)
    return Table(_("In numbers"), header, rows, frozenset({1, 2, 3, 4}))


def _cells(row: KpiMeasure) -> tuple[Cell, ...]:
    between = (
        ""
        if row.low is None or row.high is None
        else f"{_said(row, row.low)}\N{NO-BREAK SPACE}…\N{NO-BREAK SPACE}{_said(row, row.high)}"
    )
    missing = "" if row.missing is None else count(row.missing)
    return (_value(row), between, "" if row.n is None else count(row.n), missing)


def _both_sides(table: KpiTable) -> Table:
    """Both perspectives of the same pairs side by side, with the gap and how far they agree."""
    by_place: dict[tuple[str, str], dict[str, KpiMeasure]] = {}
    for row in table.rows:
        _table, item, wave, part = row.key.split(".")
        by_place.setdefault((item, wave), {})[part] = row
    header = (
        *(
            _("what and when"),
            _(SIDES["requester"]),
            _(SIDES["candidate"]),
            _("gap, mentee less mentor"),
            _("interval"),
        ),
        *(_("at most one point apart"), table.counts, _("missing")),
    )
    rows = []
    for parts in by_place.values():
        one = parts["agree"]
        label = ", ".join(filter(None, (parts["requester"].label, one.wave)))
        behind = ("" if one.n is None else count(one.n), "" if one.missing is None else count(one.missing))
        gap = parts["gap"]
        cells = (_value(parts["requester"]), _value(parts["candidate"]), *_cells(gap)[:2])
        rows.append((label, *cells, _value(one), *behind))
    return Table(_("In numbers"), header, tuple(rows), frozenset(range(1, 8)))


def _instruments(report: KpiReport) -> Section:
    rows = tuple((one.instrument, one.measures, one.licence_notes) for one in report.instruments)
    header = (_("instrument"), _("measures"), _("licence note"))
    lead = (_("The programme brought these instruments; none of their questions is kept here."),)
    return Section("instruments", _("Instruments"), (Table(_("Instruments"), header, rows),), lead)


def _alerts(report: KpiReport) -> Section:
    rows = tuple((one.field, count(one.mentors)) for one in report.alerts)
    lead = (_("Mentees name these fields, and two mentors or fewer stand for them. For coordinators only."),)
    table = Table(_("Fields with few mentors"), (_("field"), _("mentors")), rows, frozenset({1}))
    return Section("alerts", _("Fields that rest on few mentors"), (table,), lead)


def _guide(report: KpiReport) -> Section:
    read = (
        _("An interval holds the true value in about 95 of every 100 such reports; a wide one says little."),
        _("“Missing” counts those who should stand behind a figure and do not. Nothing is filled in for them."),
        _(
            "“Hidden” means that fewer than {n} stand behind it, or that it would give such a figure away.",
            n=report.min_cell,
        ),
    )
    return guide_of(read, report.cannot_tell, named=False)


def _value(row: KpiMeasure) -> str:
    if row.hidden:
        return _("hidden")
    return "–" if row.value is None else _said(row, row.value)


def _said(row: KpiMeasure, number: float) -> str:
    if row.unit == "share":
        return _("{n} %", n=round(100 * number))
    if row.unit == "count":
        return count(number)
    text = fill("{number:+.2f}" if row.unit == "change" else "{number:.2f}", {"number": round(number, 2) + 0.0})
    return text.replace("-", "\N{MINUS SIGN}")
