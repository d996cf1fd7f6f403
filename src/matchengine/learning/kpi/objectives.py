"""What a programme wants to reach, declared before, each with the figure that shows it (domain.md S2-24)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from matchengine.config import read_toml_text
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import _
from matchengine.records import as_records
from matchengine.records.kpi import KpiMeasure, Objective, ObjectiveResult, ObjectiveVerdict

__all__ = ["check_objectives", "judge", "read_objectives"]


def read_objectives(path: Path) -> tuple[Objective, ...]:
    """Read objectives from a TOML file with one table `[[objective]]` for each.

    Raises
    ------
    ConfigError
        Where the file cannot be read or is larger than 1 MiB, holds anything else, or an objective is not valid.
    """
    try:
        told: dict[str, Any] = tomllib.loads(read_toml_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{path}: not valid TOML ({problem})", path=path, problem=error)) from error
    tables = told.pop("objective", [])
    if told or not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise ConfigError(_("{path}: expected tables [[objective]] and nothing else", path=path))
    try:
        return tuple(as_records(tables, Objective))
    except Exception as error:
        problems = getattr(error, "problems", None)
        if problems is None:
            raise
        raise ConfigError(_("{path}: objectives that cannot be used", path=path), problems) from error


def check_objectives(
    objectives: Sequence[Objective], known: Mapping[str, KpiMeasure], today: date, final: bool
) -> None:
    """Refuse objectives that name no figure, and a final report without exactly one primary objective.

    Raises
    ------
    ConfigError
        With one sentence for each problem.
    """
    problems = []
    seen: set[str] = set()
    for one in objectives:
        if one.id in seen:
            problems.append(_("objective {id!r} stands twice", id=one.id))
        seen.add(one.id)
        if one.metric not in known:
            hint = did_you_mean(one.metric, known)
            problems.append(
                _("objective {id!r}: no figure {metric!r}; {hint}", id=one.id, metric=one.metric, hint=hint)
            )
        if one.declared_on > today:
            problems.append(_("objective {id!r}: declared_on is after the day of the report", id=one.id))
        if one.at_least is not None and one.at_most is not None:
            problems.append(_("objective {id!r}: give at_least or at_most, not both", id=one.id))
    primary = [one for one in objectives if one.primary]
    if len(primary) > 1:
        problems.append(_("one objective is primary, not {n}; declare which before you look", n=len(primary)))
    if final and not primary:
        problems.append(_("a final report needs an objective that was declared as primary; mark it `primary = true`"))
    if final and any(one.at_least is None and one.at_most is None for one in primary):
        problems.append(_("the primary objective of a final report needs at_least or at_most"))
    if problems:
        raise ConfigError(_("the objectives cannot be reported on"), problems)


def judge(objective: Objective, measure: KpiMeasure, began: date | None) -> ObjectiveResult:
    """Return what a figure says of an objective: reached only where its whole interval is on the wanted side."""
    verdict: ObjectiveVerdict = "cannot_tell"
    if measure.low is not None and measure.high is not None:
        verdict = _verdict(objective, measure.low, measure.high)
    words = {
        "reached": _("reached: chance alone hardly explains it"),
        "not_reached": _("not reached"),
        "cannot_tell": _("cannot tell: too few people, or the wanted value is inside the interval"),
    }[verdict]
    if objective.at_least is None and objective.at_most is None:
        words = _("told without a wanted value")
    if began is not None and objective.declared_on > began:
        words = _("{verdict}. It was declared after the first match began.", verdict=words)
    return ObjectiveResult(objective=objective, measure=measure, verdict=verdict, text=words)


def _verdict(objective: Objective, low: float, high: float) -> ObjectiveVerdict:
    if objective.at_least is not None:
        return "reached" if low >= objective.at_least else "not_reached" if high < objective.at_least else "cannot_tell"
    if objective.at_most is not None:
        return "reached" if high <= objective.at_most else "not_reached" if low > objective.at_most else "cannot_tell"
    return "cannot_tell"
