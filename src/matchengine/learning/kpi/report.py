"""One report of all key figures of a programme (domain.md S2, H9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from matchengine.errors import DataError
from matchengine.i18n import _, ngettext
from matchengine.learning.kpi.careers import careers
from matchengine.learning.kpi.cells import FLOOR, Counted
from matchengine.learning.kpi.continuity import burden, continuity, rhythm
from matchengine.learning.kpi.earlier import against, check_earlier
from matchengine.learning.kpi.engagement import engagement, entered, funnel, network_steps
from matchengine.learning.kpi.growth import goals, instruments, published_instruments, skills, surveys, trajectories
from matchengine.learning.kpi.inputs import ProgrammeRecords, Window
from matchengine.learning.kpi.objectives import check_objectives, judge
from matchengine.learning.kpi.published import for_members
from matchengine.learning.kpi.repair import repair
from matchengine.learning.kpi.ripple import alerts, ripple
from matchengine.learning.kpi.satisfaction import both_sides, satisfaction
from matchengine.learning.kpi.subgroups import subgroups
from matchengine.records.kpi import FieldAlert, KpiAudience, KpiMeasure, KpiReport, KpiTable, Objective

__all__ = ["kpi_report"]

_TABLES = (
    funnel,
    satisfaction,
    both_sides,
    surveys,
    skills,
    goals,
    careers,
    continuity,
    rhythm,
    repair,
    burden,
    engagement,
    network_steps,
    ripple,
    trajectories,
)


def kpi_report(
    records: ProgrammeRecords,
    today: date,
    *,
    by: Sequence[str] = (),
    objectives: Iterable[Objective] = (),
    final: bool = False,
    audience: KpiAudience = "coordinator",
    min_cell: int = 10,
    planned_months: int = 12,
    earlier: KpiReport | None = None,
) -> KpiReport:
    """Return all key figures up to a day; what is missing is counted and never made up.

    Parameters
    ----------
    records : ProgrammeRecords
    today : date
        Nothing after it is counted.
    by : sequence of str
        Dimensions to tell some figures by, of people with a grant for `fairness_audit`.
    objectives : iterable of Objective
        Declared before; each is judged by its figure.
    final : bool
        Needs exactly one primary objective with a wanted value.
    audience : str
        For `members` shares are told only where those of whom they hold and all others are at least `min_cell` each,
        fields that few mentors stand for are left out, and every figure is rounded (`learning.kpi.published`).
    min_cell : int
        Smallest number of people, pairs or answers behind a figure; at least 5.
    planned_months : int
        Months that a match is planned for.
    earlier : KpiReport, optional
        For `members`: the report published before. Figures from which fewer than `min_cell` people came or left since
        are told as they stand there (`learning.kpi.earlier`).

    Raises
    ------
    DataError
        Where `min_cell` is below 5 or `planned_months` below 3, nobody states a dimension, or `earlier` is not
        for members or of a later day.
    ConfigError
        Where an objective cannot be reported on.
    """
    _check(min_cell, planned_months)
    if earlier is not None:
        check_earlier(earlier, today, audience)
    window = Window(records, today, min_cell, planned_months, published=audience == "members")
    fresh = _tables(window, by)
    tables = _published(fresh if earlier is None else _after(fresh, earlier, window, by))
    known = {row.key: row for table in tables for row in table.rows}
    wanted = sorted(objectives, key=lambda one: (not one.primary, one.id))
    known = {row.key: _untold(row) for table in fresh for row in table.rows} | known
    check_objectives(wanted, known, today, final)
    began = min((tie.started for tie in window.ties if tie.started is not None), default=None)
    found = alerts(window) if audience == "coordinator" else ()
    return KpiReport(
        today=today,
        status="final" if final else "draft",
        audience=audience,
        min_cell=min_cell,
        earlier=None if earlier is None else earlier.today,
        objectives=tuple(judge(one, known[one.metric], began) for one in wanted),
        tables=tables,
        instruments=published_instruments(window, known, earlier) if window.published else instruments(window),
        alerts=found,
        summary=_summary(tables, found, min_cell, audience),
        cannot_tell=(*_limits(), *_compared(audience, earlier)),
    )


def _check(min_cell: int, planned_months: int) -> None:
    if min_cell < FLOOR:
        raise DataError(_("min_cell is {least}, expected at least {lowest}", least=min_cell, lowest=FLOOR))
    if planned_months < 3:
        raise DataError(_("planned_months is {n}, expected at least 3", n=planned_months))


def _tables(window: Window, by: Sequence[str]) -> tuple[KpiTable, ...]:
    tables = (*(make(window) for make in _TABLES), *subgroups(window, by))
    return tuple(for_members(table, window.min_cell) for table in tables) if window.published else tables


def _after(fresh: Sequence[KpiTable], earlier: KpiReport, window: Window, by: Sequence[str]) -> tuple[KpiTable, ...]:
    """Tables against an earlier report; its day is counted again from the records of today.

    A person has no day of their own: who has a dated record is counted from the first one, everybody else always.
    """
    since, people = entered(window), window.records.people

    @cache
    def recount(day: date) -> Mapping[str, KpiMeasure]:
        here = [person for person in people if since.get(person.id, day) <= day]
        then = replace(window, today=day, records=replace(window.records, people=here))
        return {row.key: row for table in _tables(then, by) for row in table.rows}

    return against(fresh, earlier, recount, max(window.min_cell, earlier.min_cell))


def _published(tables: Sequence[KpiTable]) -> tuple[KpiTable, ...]:
    """Tables without what is never published of a figure."""
    return tuple(
        table.model_copy(
            update={"rows": tuple(row.published() if isinstance(row, Counted) else row for row in table.rows)}
        )
        for table in tables
    )


def _untold(row: KpiMeasure) -> KpiMeasure:
    """A line that is left out, for an objective that names it."""
    return KpiMeasure(key=row.key, label=row.label, unit=row.unit, hidden=True)


def _summary(
    tables: Sequence[KpiTable], found: Sequence[FieldAlert], least: int, audience: KpiAudience
) -> tuple[str, ...]:
    rows = [row for table in tables for row in table.rows]
    hidden, empty = sum(row.hidden for row in rows), sum(row.value is None and not row.hidden for row in rows)
    told = [
        ngettext("{n} figure has a value.", "{n} figures have a value.", len(rows) - hidden - empty),
        ngettext(
            "{n} figure is hidden, because fewer than {least} stand behind it or it would give such a one away.",
            "{n} figures are hidden, because fewer than {least} stand behind them or they would give such a one away.",
            hidden,
            least=least,
        ),
        ngettext(
            "{n} figure cannot be told, because the programme keeps no record of it.",
            "{n} figures cannot be told, because the programme keeps no record of them.",
            empty,
        ),
    ]
    if found:
        alert = ngettext(
            "{n} field that mentees name rests on two mentors or fewer.",
            "{n} fields that mentees name rest on two mentors or fewer.",
            len(found),
        )
        told.append(alert)
    if audience == "members":
        told.append(_("All figures are rounded: numbers of people to fives, others so that one person hardly shows."))
    return tuple(told)


def _limits() -> tuple[str, ...]:
    return (
        _("Whether the programme caused any of it. There is nobody here to compare with who took no part."),
        _("What people think who did not answer. Those who stay and answer are often the more content ones."),
        _("Growth from satisfaction: people can like a match and learn little, or learn much in a hard one."),
        _("Anything about one person, one pair or one mentor. Nobody is to be judged by these figures."),
        _("Whether a small difference is real: with few people only large changes stand out from chance."),
    )


def _compared(audience: KpiAudience, earlier: KpiReport | None) -> tuple[str, ...]:
    """What whoever has several published reports can work out from them."""
    if audience != "members":
        return ()
    if earlier is None:
        return (
            _(
                "What stays unknown to somebody who has another report: this one was made without an earlier one, and "
                "two reports that differ by few people can be compared."
            ),
        )
    told = _(
        "What few people changed since {day}: such figures are repeated from the report of that day. Reports that were "
        "not made one against the other can be compared.",
        day=earlier.today,
    )
    return (told,)
