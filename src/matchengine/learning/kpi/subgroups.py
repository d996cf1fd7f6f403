"""Figures by subgroup, of people who agreed to be counted so, hidden where they would say something about few (H6).

A person counts in a subgroup only while a grant for the purpose `fairness_audit` is in force; everybody else is in the
group "not told", whatever their reason. A share is told only where those of whom it holds and those of whom it does not
are enough each, and where no subtraction over all dimensions at once gives another away
(`matchengine.inference.suppress`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import _
from matchengine.learning.kpi.cells import Counted
from matchengine.learning.kpi.continuity import EARLY_MONTHS
from matchengine.learning.kpi.inputs import Window, whole_days
from matchengine.learning.kpi.ripple import became_mentor
from matchengine.learning.kpi.satisfaction import GOOD, MID, ratings
from matchengine.pool.consents import AUDIT, Consents
from matchengine.records.kpi import KpiMeasure, KpiTable
from matchengine.records.person import Person

if TYPE_CHECKING:
    from matchengine.inference.suppression import Suppressed

__all__ = ["AUDIT", "group_of", "subgroups"]

_OWN_FIELDS = ("age_band", "career_stage")
"""Dimensions that are fields of a person; every other one is a dimension of `attributes`."""
_ROUND = 5


def subgroups(window: Window, by: Sequence[str]) -> tuple[KpiTable, ...]:
    """Return one table per dimension: mentees who became mentors, early ends, and satisfied mentees by subgroup.

    Parameters
    ----------
    by : sequence of str
        Dimensions: names of attributes, `age_band` or `career_stage`; never two crossed.

    Raises
    ------
    DataError
        Where nobody in the records states a dimension.
    """
    known = {a.dimension for person in window.records.people for a in person.attributes} | set(_OWN_FIELDS)
    for dimension in by:
        if dimension not in known:
            hint = did_you_mean(dimension, known)
            raise DataError(_("nobody states {dimension!r}; {hint}", dimension=dimension, hint=hint))
    dimensions = list(dict.fromkeys(by))
    groups = [group_of(window, dimension) for dimension in dimensions]
    rows: dict[str, list[KpiMeasure]] = {dimension: [] for dimension in dimensions}
    for fact in _facts(window) if dimensions else ():
        for dimension, found in zip(dimensions, _shares(fact, dimensions, groups, window.min_cell), strict=True):
            rows[dimension] += found
    return tuple(_table(dimension, found) for dimension, found in rows.items())


def group_of(window: Window, dimension: str) -> dict[str, str]:
    """Return the subgroup of each person who agreed to be counted; several answers are a subgroup of their own."""
    allowed = Consents(grant for grant in window.records.consents if grant.purpose == AUDIT)
    found = {}
    for person in window.records.people:
        agreed = (
            allowed.allows(person.id, dimension, AUDIT)
            if dimension in _OWN_FIELDS
            else allowed.allows_token(person.id, dimension, AUDIT)
        )
        value = _value(person, dimension)
        if agreed and value is not None:
            found[person.id] = value
    return found


def _value(person: Person, dimension: str) -> str | None:
    if dimension in _OWN_FIELDS:
        value = getattr(person, dimension)
        return None if value is None else str(value)
    values = sorted({a.value for a in person.attributes if a.dimension == dimension})
    return " + ".join(values) if values else None


def _table(dimension: str, rows: Sequence[KpiMeasure]) -> KpiTable:
    return KpiTable(
        key=f"by_{dimension}"[:80],
        title=_("By {dimension}, of those who agreed to be counted", dimension=dimension),
        counts=_("people"),
        rows=tuple(rows),
        notes=(
            _("Counts are rounded to fives, and shares to the nearest twentieth."),
            _("Between small groups chance alone makes large differences; look at all of them before you act."),
        ),
    )


def _facts(window: Window) -> list[tuple[str, str, Mapping[str, bool]]]:
    """Something that holds of a mentee or not, for each mentee of whom it is known."""
    became, _mentors, _recent = became_mentor(window)
    early: dict[str, bool] = {}
    for tie in window.ties:
        until = tie.until(window.today)
        if tie.started is None or until is None:
            continue
        long = (until - tie.started).days >= whole_days(EARLY_MONTHS)
        if long or tie.closed:
            early[tie.mentee] = early.get(tie.mentee, False) or (tie.status == "ended" and not long)
    satisfied: dict[str, list[int]] = defaultdict(list)
    for wave in (MID, "end"):
        for (mentee, _mentor), rating in ratings(window, "requester", wave, "satisfaction").named.items():
            satisfied[mentee].append(rating)
    good = {mentee: own[-1] >= GOOD for mentee, own in satisfied.items()}
    return [
        ("ripple", _("completed mentees who became mentors"), became),
        ("early_end", _("mentees of whom a match ended early"), early),
        ("satisfied", _("mentees whose last rating was 4 or 5"), good),
    ]


_Fact = tuple[str, str, Mapping[str, bool]]


def _shares(
    fact: _Fact, dimensions: Sequence[str], groups: Sequence[Mapping[str, str]], least: int
) -> list[list[KpiMeasure]]:
    """Return for each dimension one figure a subgroup, hidden by one pattern over all dimensions and the fact."""
    from matchengine.inference.suppression import suppress

    _key, _label, holds = fact
    people = sorted(holds)
    names = [sorted({told[person] for person in people if person in told}) for told in groups]
    levels = np.full((len(people), len(dimensions) + 1), -1, np.int64)
    for column, told in enumerate(groups):
        place = {name: n for n, name in enumerate(names[column])}
        levels[:, column] = [place[told[person]] if person in told else -1 for person in people]
    levels[:, -1] = [holds[person] for person in people]
    outcome = len(dimensions)
    tables = [(column, outcome) for column in range(outcome)]
    pattern = suppress(levels, tables, least=least, sizes=[*map(len, names), 2])
    whole = all(pattern.shows(key) for key in ((), ((outcome, 0),), ((outcome, 1),)))
    return [
        [_row(fact, dimension, (name, level), _Cells(pattern, column, outcome, whole)) for name, level in some]
        for column, dimension in enumerate(dimensions)
        for some in [[*((name, level) for level, name in enumerate(names[column])), ("", -1)]]
    ]


@dataclass(frozen=True)
class _Cells:
    """The cells of one dimension; `whole` says that both outcomes may be told of everybody.

    A report tells them of everybody in another table, so where they are small no share by subgroup is told.
    """

    pattern: Suppressed
    column: int
    outcome: int
    whole: bool

    def size(self, level: int) -> int:
        """People of a level, never to be published."""
        key = ((self.column, level),)
        return int(self.pattern.counts[self.pattern.keys.index(key), 0]) if key in self.pattern.keys else 0

    def count(self, level: int, holds: int | None = None) -> int | None:
        """People of a level, of whom the fact holds (1) or not (0); None where hidden."""
        key = ((self.column, level),) if holds is None else ((self.column, level), (self.outcome, holds))
        if not self.pattern.shows(key):
            return None
        return int(self.pattern.counts[self.pattern.keys.index(key), 0])


def _row(fact: _Fact, dimension: str, group: tuple[str, int], cells: _Cells) -> KpiMeasure:
    key, label, _holds = fact
    name, level = group
    size, some, rest = cells.count(level), cells.count(level, 1), cells.count(level, 0)
    told = cells.whole and size is not None and some is not None and rest is not None
    return Counted(
        key=f"by.{_slug(dimension)}.{key}.{_slug(name) if name else 'not_told'}"[:160],
        label=label,
        unit="share",
        value=round(20 * some / size) / 20 if told and some is not None and size else None,
        n=_ROUND * round(size / _ROUND) if size is not None else None,
        hidden=not told,
        group=name or _("not told"),
        behind=cells.size(level),
        people=cells.size(level),
    )


def _slug(name: str) -> str:
    return "-".join(name.split())
