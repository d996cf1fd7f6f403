"""A small report of key figures to make sheets and pages of."""

from __future__ import annotations

from datetime import date
from typing import Any

from matchengine.records.kpi import (
    FieldAlert,
    KpiInstrument,
    KpiMeasure,
    KpiReport,
    KpiTable,
    Objective,
    ObjectiveResult,
)

DAY = date(2026, 6, 30)


def figure(key: str, value: float | None, unit: str = "share", **more: Any) -> KpiMeasure:
    """Return a figure with an interval around it."""
    known = {} if value is None else {"value": value, "n": 30, "missing": 12}
    told = {"key": key, "label": key.replace(".", " "), "unit": unit}
    return KpiMeasure.model_validate(told | known | more)


def _table(key: str, *rows: KpiMeasure, note: str = "A note.") -> KpiTable:
    return KpiTable(key=key, title=key.replace("_", " "), counts="people", rows=rows, notes=(note,))


def report(word: str = "") -> KpiReport:
    """Return a report with one table of every form; `word` stands in every text that comes from data."""
    mean = figure(
        "satisfaction.requester.mid.mean", 4.2, "mean", low=3.9, high=4.5, side="requester", wave="after 90 days"
    )
    hidden = KpiMeasure(
        key="satisfaction.candidate.mid.mean", label="satisfaction", unit="mean", hidden=True, side="candidate"
    )
    goal = Objective(
        id="o", says=f"People are content {word}".strip(), metric=mean.key, declared_on=DAY, primary=True, at_least=3.5
    )
    parts = [figure(f"both_sides.trust.mid.{side}", 4.0, "mean") for side in ("requester", "candidate")]
    parts += [figure("both_sides.trust.mid.gap", -0.25, "change", low=-0.5, high=0.0)]
    parts += [figure("both_sides.trust.mid.agree", 0.8)]
    return KpiReport(
        today=DAY,
        objectives=(ObjectiveResult(objective=goal, measure=mean, verdict="reached", text="reached"),),
        tables=(
            _table(
                "funnel",
                figure("funnel.matched", 100.0, "count"),
                figure("funnel.met", 60.0, "count"),
                figure("funnel.invited", None, "count"),
            ),
            _table("satisfaction", mean, mean.model_copy(update={"key": "satisfaction.requester.end.mean"}), hidden),
            _table("both_sides", *parts),
            _table(
                "continuity",
                figure("continuity.early_end", 0.1, low=0.05, high=0.2),
                figure("continuity.3_months", 0.9, low=0.8, high=0.95),
                figure("continuity.12_months", 0.6, low=0.5, high=0.7),
            ),
            _table(
                "surveys", figure("surveys.ours.change", -0.3, "change", low=-0.6, high=0.1), figure("surveys.b", 0.2)
            ),
            _table("by_region", figure("by.region.ripple.north", 0.35, group=word or "north", missing=None)),
        ),
        instruments=(
            KpiInstrument(
                instrument=word or "ours",
                measures="confidence",
                licence_notes=(word or "our own", "bought"),
                higher_is_better=True,
            ),
        ),
        alerts=(FieldAlert(field=word or "nace:R", mentors=1),),
        summary=("Nine figures.",),
        cannot_tell=("Whether the programme caused it.",),
    )
