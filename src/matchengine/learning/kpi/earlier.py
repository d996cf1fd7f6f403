"""A report against the one published before: what moved by few people is told as it was (SEC19, no differencing).

A published report holds no list of people, so how many came or left is bounded twice, and both bounds must reach the
smallest cell. The number behind a figure must be that far from the one printed earlier (and from every number printed
before it, for the figure may swing back): where it moved by k, at least k came or left. And it must be that far from
what today's records give for the earlier day, in values and in the people they hang on (mentors, where those of one
mentor count together). The second one holds where one person brings many values, and where the earlier report hid the
number. Equal numbers never pass, though everybody may have been exchanged: then a figure is repeated for nothing.

Figures between which somebody could subtract come from one day, all of them or none: the shares and means of one wave,
a share and its subgroups, the steps of the funnel. What they print fits together as it did in the report it is from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matchengine.errors import DataError
from matchengine.i18n import _, listing, ngettext
from matchengine.learning.kpi.cells import Counted
from matchengine.learning.kpi.published import ROUND
from matchengine.records.kpi import KpiAudience, KpiMeasure, KpiReport, KpiTable

__all__ = ["Recount", "against", "check_earlier"]

Recount = Callable[[date], Mapping[str, KpiMeasure]]
"""Gives the figures, by key, that the records of today hold for an earlier day."""
_BY = re.compile(r"by\..+?\.(ripple|early_end|satisfied)\.")
_ALONE = ("burden", "engagement", "surveys", "trajectories")


def check_earlier(earlier: KpiReport, today: date, audience: KpiAudience) -> None:
    """Refuse a report that this one cannot be made against.

    Raises
    ------
    DataError
        Where either report is not for members, or the earlier one is of a later day.
    """
    if audience != "members" or earlier.audience != "members":
        told = _("the earlier report: expected two reports for members; only those are published and compared")
        raise DataError(told)
    if earlier.today > today:
        told = _("the earlier report is of {day}, after the day of this one; give the one before", day=earlier.today)
        raise DataError(told)


def against(tables: Sequence[KpiTable], earlier: KpiReport, recount: Recount, least: int) -> tuple[KpiTable, ...]:
    """Return tables for members in which every figure that moved by few people is that of the earlier report.

    Parameters
    ----------
    tables : sequence of KpiTable
        Of today, rounded, with rows that know what is behind them (`Counted`).
    earlier : KpiReport
    recount : callable
    least : int
        Fewest people by whom a figure must have moved.

    Notes
    -----
    A figure that was hidden stays hidden until enough came. A line that the earlier report did not have comes only
    with a value, for a new hidden line would tell that somebody came of whom it speaks.
    """
    found = _Merge(
        {row.key: row for table in tables for row in table.rows}, earlier.measures(), earlier.today, recount, least
    )
    places = {table.key: table for table in (*earlier.tables, *tables)}
    order = dict.fromkeys((*(table.key for table in tables), *(table.key for table in earlier.tables)))
    before = {table.key: table for table in earlier.tables}
    now = {table.key: table for table in tables}
    made = []
    for key in order:
        both = [table for table in (now.get(key), before.get(key)) if table is not None]
        keys = dict.fromkeys(row.key for table in both for row in table.rows)
        rows = tuple(row for row in map(found.row, keys) if row is not None)
        if rows:
            notes = now[key].notes if key in now else ()
            made.append(places[key].model_copy(update={"rows": rows, "notes": (*notes, *_said(rows, least))}))
    return tuple(made)


@dataclass
class _Merge:
    """Figures of today and of the earlier report by key."""

    now: Mapping[str, KpiMeasure]
    before: Mapping[str, KpiMeasure]
    day: date
    recount: Recount
    least: int

    def __post_init__(self) -> None:
        linked: dict[str, list[str]] = defaultdict(list)
        for key in self.before:
            linked[_link(key)].append(key)
        self.fresh = {link: all(map(self._may_change, keys)) for link, keys in linked.items()}

    def row(self, key: str) -> KpiMeasure | None:
        """The figure to print; None for a line that is not to appear."""
        now, before = self.now.get(key), self.before.get(key)
        fresh = self.fresh.get(_link(key), True)
        if before is None:
            return now if now is not None and now.value is not None and fresh and self._far(now, None) else None
        if fresh and now is not None and (_open(before) or (now.value is not None and self._far(now, before))):
            printed = set(before.n_before) | ({before.n} if before.n is not None else set())
            return now.model_copy(update={"n_before": tuple(sorted(printed - {now.n}))})
        words = {"label": now.label, "wave": now.wave, "group": now.group} if now is not None else {}
        return before.model_copy(update={"as_of": before.as_of or self.day, **words})

    def _may_change(self, key: str) -> bool:
        """Whether a figure of the earlier report does not keep those it is linked with from being told anew."""
        before, now = self.before[key], self.now.get(key)
        if not _open(before):
            return True
        return now is not None and (_printed(now) == _printed(before) or self._far(now, before))

    def _far(self, now: KpiMeasure, before: KpiMeasure | None) -> bool:
        """Whether at least `least` people came or left, by all that is known."""
        behind, people = _behind(now)
        day = self.day if before is None else before.as_of or self.day
        were, who = _behind(self.recount(day).get(now.key))
        if min(abs(behind - were), abs(people - who)) < self.least:
            return False
        printed = [] if before is None else [*before.n_before, *([before.n] if before.n is not None else [])]
        return all(abs(behind - n) >= self.least + ROUND // 2 for n in printed)


def _link(key: str) -> str:
    """The name of the figures that are told of one day together."""
    group = _BY.match(key)
    if group:
        return f"by.{group[1]}"
    table, *rest = key.split(".")
    if table == "ripple":
        return "by.ripple"
    if table == "both_sides":
        return ".".join(rest[:2])
    if table == "satisfaction":
        return f"satisfaction.{rest[1]}"
    return key if table in _ALONE else table


def _open(row: KpiMeasure) -> bool:
    """Whether something of a figure was printed."""
    return row.value is not None or (row.hidden and row.n is not None)


def _printed(row: KpiMeasure) -> tuple[object, ...]:
    return row.value, row.low, row.high, row.n, row.missing, row.hidden


def _behind(row: KpiMeasure | None) -> tuple[int, int]:
    return (row.behind, row.people) if isinstance(row, Counted) else (0, 0)


def _said(rows: Sequence[KpiMeasure], least: int) -> tuple[str, ...]:
    repeated = [row.as_of for row in rows if row.as_of is not None and row.value is not None]
    if not repeated:
        return ()
    days = listing([str(day) for day in sorted(set(repeated))])
    told = ngettext(
        "{n} figure here is repeated as published for {days}: too little to tell ({least}) has moved in it since.",
        "{n} figures here are repeated as published for {days}: too little to tell ({least}) has moved in them since.",
        len(repeated),
        days=days,
        least=least,
    )
    return (told,)
