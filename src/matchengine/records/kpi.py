"""Key figures of a programme: one report of what became of people and pairs (domain.md S2, H9).

No number in it is about one person. A figure that too few people stand behind is hidden, and says so.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from matchengine.records import vocabulary as v
from matchengine.records.base import Record, ShortText, Text
from matchengine.records.outcomes import SurveyConstruct

__all__ = [
    "FieldAlert",
    "KpiAudience",
    "KpiInstrument",
    "KpiMeasure",
    "KpiReport",
    "KpiTable",
    "KpiUnit",
    "Objective",
    "ObjectiveResult",
    "ObjectiveVerdict",
]

Count = Annotated[int, Field(ge=0)]
KpiUnit = Literal["mean", "share", "ratio", "change", "months", "per_month", "count", "score"]
KpiAudience = Literal["coordinator", "members"]
"""Who reads: members read no field that few mentors stand for."""
ObjectiveVerdict = Literal["reached", "not_reached", "cannot_tell"]
MeasureKey = Annotated[str, Field(min_length=1, max_length=160, pattern=r"^\S+$")]


class KpiMeasure(Record):
    """One figure over many people, pairs or answers.

    Attributes
    ----------
    key : str
        Name of the figure, the same in every language; objectives name it.
    label : str
        What it is, in words.
    unit : str
        `mean`, `share` (0 to 1), `ratio`, `change`, `months`, `per_month`, `count` or `score`.
    value, low, high : float or None
        Estimate and its interval; None where it is hidden or cannot be told.
    n, missing : int or None
        How many stand behind it, and how many should and do not; None where hidden. Rounded to fives by subgroup, and
        everywhere in a report for members.
    hidden : bool
        Fewer than the smallest cell stand behind it, or behind a figure that it would give away.
    side, wave, group : str or None
        Whose answer, when, and which subgroup.
    as_of : date or None
        The day of the earlier report from which the figure is repeated; None where it is of the report's own day.
    n_before : tuple of int
        Each other `n` that reports published before gave with the figure.
    """

    key: MeasureKey
    label: str
    unit: KpiUnit
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: Count | None = None
    missing: Count | None = None
    hidden: bool = False
    side: v.FeedbackPerspective | None = None
    wave: str | None = None
    group: str | None = None
    as_of: date | None = None
    n_before: tuple[Count, ...] = ()


class KpiTable(Record):
    """Figures that belong together; `notes` say how they are meant. `counts` is what n counts, in words."""

    key: ShortText
    title: str
    counts: str
    rows: tuple[KpiMeasure, ...] = ()
    notes: tuple[str, ...] = ()


class KpiInstrument(Record):
    """An instrument that the programme brought, and under which licence."""

    instrument: ShortText
    measures: SurveyConstruct
    licence_notes: tuple[Text, ...]
    higher_is_better: bool


class FieldAlert(Record):
    """A field of work that mentees name and for which two mentors or fewer stand; for coordinators only."""

    field: ShortText
    mentors: Annotated[int, Field(ge=0, le=2)]


class Objective(Record):
    """Something the programme wants to reach, and the figure that will show it (domain.md S2-24).

    `metric` is the key of a figure. Of all objectives of a final report exactly one is `primary`. `at_least` or
    `at_most` is the value that counts as reached; without both the figure is only told.
    """

    id: ShortText
    says: Text
    metric: MeasureKey
    declared_on: date
    primary: bool = False
    at_least: Annotated[float, Field(allow_inf_nan=False)] | None = None
    at_most: Annotated[float, Field(allow_inf_nan=False)] | None = None


class ObjectiveResult(Record):
    """An objective and what its figure says; `cannot_tell` where the interval holds the wanted value, or is none."""

    objective: Objective
    measure: KpiMeasure
    verdict: ObjectiveVerdict
    text: str


class KpiReport(Record):
    """All key figures of a programme on one day.

    Attributes
    ----------
    today : date
        Nothing after this day is counted.
    status : str
        `draft`, or `final` with objectives of which one is primary.
    audience : str
        `coordinator` or `members`.
    min_cell : int
        Figures behind which fewer stand are hidden.
    earlier : date or None
        Day of the report, published before, that this one was made against; None without one.
    objectives : tuple of ObjectiveResult
        The primary one first.
    tables : tuple of KpiTable
    instruments : tuple of KpiInstrument
        With their licence notes.
    alerts : tuple of FieldAlert
        Empty for members.
    cannot_tell : tuple of str
        What no figure here says.
    """

    model_config = ConfigDict(str_max_length=1 << 14)

    today: date
    status: Literal["draft", "final"] = "draft"
    audience: KpiAudience = "coordinator"
    min_cell: Annotated[int, Field(ge=5)] = 10
    earlier: date | None = None
    objectives: tuple[ObjectiveResult, ...] = ()
    tables: tuple[KpiTable, ...] = ()
    instruments: tuple[KpiInstrument, ...] = ()
    alerts: tuple[FieldAlert, ...] = ()
    summary: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()

    def measures(self) -> dict[str, KpiMeasure]:
        """Return every figure by its key."""
        return {row.key: row for table in self.tables for row in table.rows}
