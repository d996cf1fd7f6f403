"""Tables of figures of an evaluation: a row per figure, a column per strategy, as many tables as fit paper."""

from __future__ import annotations

from collections.abc import Callable

from matchengine.i18n import _
from matchengine.records.evaluation import EvaluationResult, Figure, StrategyResult
from matchengine.report.evaluation_words import figure_words, figures_of, metric_figure, metric_words, unit_of
from matchengine.report.parts import Cell, Table

__all__ = ["figure_tables"]

_ABREAST = 4
"""Strategies beside each other that fit a sheet of paper."""


def figure_tables(
    result: EvaluationResult,
    strategies: list[StrategyResult],
    wanted: Callable[[Figure], bool],
    caption: str,
    *,
    folded: bool = False,
) -> list[Table]:
    """Return tables of the figures that are wanted and were measured for any strategy; none without such figures."""
    metrics = dict.fromkeys(figure.metric for one in strategies for figure in one.figures if wanted(figure))
    known = {one.name: figures_of(one) for one in strategies}
    measured = [
        metric
        for metric in metrics
        if any(own[metric].value is not None for own in known.values() if metric in own)
    ]  # fmt: skip
    if not measured:
        return []
    tables = []
    for start in range(0, len(strategies), _ABREAST):
        abreast = strategies[start : start + _ABREAST]
        rows: list[tuple[Cell, ...]] = []
        for metric in measured:
            values = (figure_words(known[one.name].get(metric)) for one in abreast)
            rows.append((*_about(metric_figure(result, metric), metric), *values))
        header = (_("figure"), _("unit"), *(one.title for one in abreast))
        tables.append(Table(caption, header, tuple(rows), frozenset(range(2, len(header))), folded=folded))
    return tables


def _about(sample: Figure | None, metric: str) -> tuple[Cell, Cell]:
    better = _("more is better") if sample is None or sample.better == "higher" else _("less is better")
    return metric_words(sample, metric), _("{unit}; {better}", unit=unit_of(sample).name, better=better)
