"""The sections on the programme as a whole: key figures, and supply against demand."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.i18n import _, ngettext
from matchengine.records import Balance, Readiness, Run
from matchengine.report.charts import DAY_PARTS, DAYS, balance_bars, week
from matchengine.report.parts import Chart, Charts, Figures, Points, Section, Table
from matchengine.report.shapes import count, difference

__all__ = ["balance_section", "summary_section"]


def summary_section(run: Run | None, readiness: Readiness | None) -> Section:
    """Return the key figures, and the findings of the readiness check in sentences."""
    figures = _run_figures(run, readiness) if run else _readiness_figures(readiness) if readiness else []
    if readiness is not None:
        most = ngettext("of {n} who looks", "of {n} who look", readiness.requesters)
        figures.append((_("Most that can be served at once"), count(readiness.servable), most))
    if readiness is not None and readiness.unread_texts:
        remark = ngettext("of {n} text", "of {n} texts", readiness.texts)
        figures.append((_("Texts in a language that is not read"), count(readiness.unread_texts), remark))
    blocks: list[Figures | Points] = [Figures(tuple(figures))]
    if readiness is not None and readiness.summary:
        blocks.append(Points(readiness.summary, _("What to look at first")))
    return Section("summary", _("Summary"), tuple(blocks))


def _run_figures(run: Run, readiness: Readiness | None) -> list[tuple[str, str, str]]:
    served = {draft.suggestion.requester_id for draft in run.drafts}
    suggested = {draft.suggestion.candidate_id for draft in run.drafts}
    without = set(run.requester_ids) - served
    places = sum(run.places.values()) if run.places else readiness.places if readiness else None
    return [
        (_("People looking"), count(len(run.requester_ids)), run.requester),
        (_("People or groups giving"), count(len(run.candidate_ids)), run.candidate),
        *_place_figure(places),
        (_("With a suggestion"), count(len(served)), ngettext("{n} suggestion", "{n} suggestions", len(run.drafts))),
        (_("Without a suggestion"), count(len(without)), ""),
        (_("Never suggested"), count(len(set(run.candidate_ids) - suggested)), run.candidate),
    ]


def _readiness_figures(readiness: Readiness) -> list[tuple[str, str, str]]:
    return [
        (_("People looking"), count(readiness.requesters), ""),
        (_("People or groups giving"), count(readiness.candidates), ""),
        *_place_figure(readiness.places),
        (_("Nobody is possible for"), count(len(readiness.stuck)), ""),
    ]


def _place_figure(places: int | None) -> list[tuple[str, str, str]]:
    return [] if places is None else [(_("Free places"), count(places), "")]


def balance_section(readiness: Readiness) -> Section | None:
    """Return demand against supply of needs, fields, languages and times; None where nothing is known."""
    told = [
        (_("Needs"), _("need"), readiness.needs),
        (_("Fields"), _("field"), readiness.fields),
        (_("Languages"), _("language"), readiness.languages),
    ]
    shown = [(number, *one) for number, one in enumerate(told) if one[2]]
    charts = tuple(
        Chart(title, balance_bars(f"balance-{number}", _("{things}: looking and giving", things=title), rows))
        for number, title, _column, rows in shown
    )
    tables = tuple(_table(_("{things} in numbers", things=t), column, rows) for _n, t, column, rows in shown)
    lead = _("Where the upper bar is longer, more people look than give. The largest gaps come first.")
    blocks: list[Charts | Table] = [Charts("", charts, tables, lead)] if charts else []
    if readiness.slots:
        blocks.append(_times(readiness.slots))
    return Section("balance", _("Supply and demand"), tuple(blocks)) if blocks else None


def _times(slots: Sequence[Balance]) -> Charts | Table:
    """Return the week, looking and giving on one scale; a table alone where no slot is a day and a part of it."""
    demand: dict[tuple[str, str], int] = {}
    supply: dict[tuple[str, str], int] = {}
    for slot in slots:
        day, _dash, part = slot.key.partition("-")
        if day in DAYS and part in DAY_PARTS:
            demand[day, part], supply[day, part] = slot.demand, slot.supply
    title, table = _("Times in the week"), _table(_("Times in the week in numbers"), _("time"), slots)
    gaps = {key: supply[key] - demand[key] for key in demand}
    most = max([*demand.values(), *supply.values()], default=0)
    missing = -min(gaps.values(), default=0)
    panels = (
        Chart(_("Free time of people looking"), week("week-demand", _("People looking"), demand, most, "demand")),
        Chart(_("Free time of people giving"), week("week-supply", _("People giving"), supply, most, "supply")),
        Chart(_("Giving minus looking"), week("week-gap", _("Giving minus looking"), gaps, missing, "gap")),
    )
    if not demand:
        return Table(table.caption, table.header, table.rows, table.numbers, heading=title)
    lead = _("How many people are free at that time. The stronger the shade, the more are free, or are missing.")
    return Charts(title, panels, (table,), lead)


def _table(caption: str, column: str, rows: Sequence[Balance]) -> Table:
    known = any(row.places is not None for row in rows)
    header = (column, _("looking"), _("giving"), _("difference"), *([_("free places")] if known else []))
    told = tuple(
        (row.label or row.key, count(row.demand), count(row.supply), difference(row.supply - row.demand), *free)
        for row, free in ((row, _places(row) if known else ()) for row in rows)
    )
    return Table(caption, header, told, frozenset({1, 2, 3, 4}), folded=True)


def _places(row: Balance) -> tuple[str]:
    return ("" if row.places is None else count(row.places),)
