"""One report of all key figures of a programme (domain.md S2, H9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from matchengine.errors import DataError
from matchengine.i18n import _, ngettext
from matchengine.learning.kpi.careers import careers
from matchengine.learning.kpi.cells import FLOOR
from matchengine.learning.kpi.continuity import burden, continuity, rhythm
from matchengine.learning.kpi.engagement import engagement, funnel, network_steps
from matchengine.learning.kpi.growth import goals, instruments, skills, surveys, trajectories
from matchengine.learning.kpi.inputs import ProgrammeRecords, Window
from matchengine.learning.kpi.objectives import check_objectives, judge
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
        and fields that few mentors stand for are left out.
    min_cell : int
        Smallest number of people, pairs or answers behind a figure; at least 5.
    planned_months : int
        Months that a match is planned for.

    Raises
    ------
    DataError
        Where `min_cell` is below 5 or `planned_months` below 3, or nobody states a dimension.
    ConfigError
        Where an objective cannot be reported on.
    """
    _check(min_cell, planned_months)
    window = Window(records, today, min_cell, planned_months)
    tables = (*(make(window) for make in _TABLES), *subgroups(window, by))
    if audience == "members":
        tables = tuple(_for_members(table, min_cell) for table in tables)
    known = {row.key: row for table in tables for row in table.rows}
    wanted = sorted(objectives, key=lambda one: (not one.primary, one.id))
    check_objectives(wanted, known, today, final)
    began = min((tie.started for tie in window.ties if tie.started is not None), default=None)
    found = alerts(window) if audience == "coordinator" else ()
    return KpiReport(
        today=today,
        status="final" if final else "draft",
        audience=audience,
        min_cell=min_cell,
        objectives=tuple(judge(one, known[one.metric], began) for one in wanted),
        tables=tables,
        instruments=instruments(window),
        alerts=found,
        summary=_summary(tables, found, min_cell),
        cannot_tell=_limits(),
    )


def _check(min_cell: int, planned_months: int) -> None:
    if min_cell < FLOOR:
        raise DataError(_("min_cell is {least}, expected at least {lowest}", least=min_cell, lowest=FLOOR))
    if planned_months < 3:
        raise DataError(_("planned_months is {n}, expected at least 3", n=planned_months))


def _for_members(table: KpiTable, least: int) -> KpiTable:
    """Hide every share of which those it holds for, or the others, are few: a published one may name somebody."""
    return table.model_copy(update={"rows": tuple(_safe(row, least) for row in table.rows)})


def _safe(row: KpiMeasure, least: int) -> KpiMeasure:
    if row.unit != "share" or row.value is None or row.n is None or row.group is not None:
        return row
    some = round(row.value * row.n)
    if min(some, row.n - some) >= least:
        return row
    gone = {"value": None, "low": None, "high": None, "n": None, "missing": None, "hidden": True}
    return row.model_copy(update=gone)


def _summary(tables: Sequence[KpiTable], found: Sequence[FieldAlert], least: int) -> tuple[str, ...]:
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
    return tuple(told)


def _limits() -> tuple[str, ...]:
    return (
        _("Whether the programme caused any of it. There is nobody here to compare with who took no part."),
        _("What people think who did not answer. Those who stay and answer are often the more content ones."),
        _("Growth from satisfaction: people can like a match and learn little, or learn much in a hard one."),
        _("Anything about one person, one pair or one mentor. Nobody is to be judged by these figures."),
        _("Whether a small difference is real: with few people only large changes stand out from chance."),
    )
