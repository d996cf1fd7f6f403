"""Compare rankings of the same candidates for the same queries: quality, coverage, tail, differences with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.metrics import average_precision, coverage, interval_of_mean, reciprocal_rank, share_found
from eval.report import with_interval

__all__ = ["MEASURES", "against", "compare", "rows_of"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Measure = Callable[[Matrix, Mask], float]
MEASURES: dict[str, Measure] = {
    "mrr": reciprocal_rank,
    "average_precision": average_precision,
    "recall_at_10": share_found,
}


def compare(
    found: Mapping[str, Matrix],
    relevant: Mask,
    clusters: Sequence[str],
    *,
    main: str = "mrr",
    tail: Mask | None = None,
    engine: str = "engine",
) -> dict[str, Any]:
    """Return the figures of every method, and what the engine has more than each other one.

    Parameters
    ----------
    found : dict of name to float array (Q, C)
        Scores; NaN for a candidate who is not listed.
    relevant : bool array (Q, C)
        Queries without any relevant candidate must be left out before.
    clusters : sequence of Q names
        Whole clusters are drawn for the intervals.
    main : str
        The measure of `MEASURES` that differences are told in.
    tail : bool array (Q, C), optional
        The relevant candidates of whom little is known; their recall is told apart.
    """
    each = {
        name: {
            key: np.array([MEASURES[key](*pair) for pair in zip(scores, relevant, strict=True)])
            for key in _wanted(main)
        }
        for name, scores in found.items()
    }
    out: dict[str, Any] = {}
    for name, scores in found.items():
        figures: dict[str, Any] = {key: float(values.mean()) for key, values in each[name].items()}
        figures["coverage_at_10"] = _coverage(scores)
        if tail is not None and tail.any():
            with_tail = np.flatnonzero(tail.any(axis=1))
            figures["tail_recall_at_10"] = float(np.mean([share_found(scores[q], tail[q]) for q in with_tail]))
        if name != engine:
            gap = each[engine][main] - each[name][main]
            figures["engine_minus"] = interval_of_mean(gap, clusters)._asdict()
        out[name] = figures
    return out


def _wanted(main: str) -> tuple[str, ...]:
    return (main, "recall_at_10")


def _coverage(scores: Matrix) -> float:
    firsts = [np.argsort(-np.nan_to_num(row, nan=-np.inf), kind="stable")[:10].tolist() for row in scores]
    return coverage(firsts, scores.shape[1])


def against(
    results: Mapping[str, Any], singles: Sequence[str], fusions: Sequence[str], main: str = "mrr"
) -> dict[str, Any]:
    """Return the best single simple method, the best fusion of them, and the engine, in one line of figures."""
    single = max(singles, key=lambda name: results[name][main])
    line = {"best_single": single, "single": results[single][main], "engine": results["engine"][main]}
    line["engine_minus_single"] = results[single]["engine_minus"]
    if fusions:
        fusion = max(fusions, key=lambda name: results[name][main])
        line |= {"best_fusion": fusion, "fusion": results[fusion][main]}
        line["engine_minus_fusion"] = results[fusion]["engine_minus"]
    return line


def rows_of(task: str, results: Mapping[str, Any], main: str = "mrr") -> list[list[str]]:
    """Return the rows of a Markdown table, one per method."""
    rows = []
    for name, figures in results.items():
        keys = (main, "recall_at_10", "coverage_at_10", "tail_recall_at_10")
        shown = [f"{figures[key]:.3f}" if key in figures else "–" for key in keys]
        rows.append([task, name, *shown, with_interval(figures["engine_minus"]) if "engine_minus" in figures else "–"])
    return rows
