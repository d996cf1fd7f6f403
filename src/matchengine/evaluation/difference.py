"""What changed between two runs: data, configuration, environment, figures (`matchengine eval diff`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.records.evaluation import EvaluationDifference, EvaluationResult, FigureChange

__all__ = ["compare_runs"]

_ENVIRONMENT = ("packages", "plugins", "source", "processor", "cores", "threads", "seed")


def compare_runs(first: Path, second: Path) -> EvaluationDifference:
    """Compare two run folders.

    Figures are subtracted only where their signatures agree; others are named and left alone.

    Raises
    ------
    DataError
        Where a folder holds no finished run.
    """
    (facts, result), (later_facts, later) = _read(first), _read(second)
    data = list(_changes("data", facts["data"], later_facts["data"]))
    config = list(_changes("", facts["config"], later_facts["config"]))
    environment = [line for name in _ENVIRONMENT for line in _changes(name, facts.get(name), later_facts.get(name))]
    figures, apart = [], []
    now = {(s.name, f.metric): f for s in later.strategies for f in s.figures}
    for strategy in result.strategies:
        for figure in strategy.figures:
            other = now.get((strategy.name, figure.metric))
            if other is None or (figure.value is None and other.value is None):
                continue
            if figure.value is None or other.value is None:
                apart.append(
                    _("{name}: {metric} was measured in one of both", name=strategy.name, metric=figure.metric)
                )
                continue
            if figure.signature != other.signature:
                apart.append(f"{strategy.name}: {figure.signature} | {other.signature}")
            elif figure.value != other.value:
                change = round(other.value - figure.value, 8)
                figures.append(
                    FigureChange(
                        strategy=strategy.name, metric=figure.metric, before=figure.value, after=other.value,
                        change=change,
                    )
                )  # fmt: skip
    return EvaluationDifference(
        data=tuple(data), config=tuple(config), environment=tuple(environment), figures=tuple(figures),
        incomparable=tuple(apart), verdict_before=result.verdict.sentence, verdict_after=later.verdict.sentence,
        same=not (data or config or figures or apart) and result.verdict == later.verdict,
    )  # fmt: skip


def _read(folder: Path) -> tuple[dict[str, Any], EvaluationResult]:
    try:
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return facts, EvaluationResult.model_validate_json((folder / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(_("{folder}: no finished run; run matchengine eval first", folder=folder)) from error


def _changes(where: str, before: Any, after: Any) -> Iterator[str]:
    """Yield each key whose value differs, with both values."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _changes(f"{where}.{key}" if where else str(key), before.get(key), after.get(key))
    elif before != after:
        yield f"{where}: {_short(before)} → {_short(after)}"


def _short(value: Any) -> str:
    text = "–" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
