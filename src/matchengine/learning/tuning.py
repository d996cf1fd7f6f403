"""Choose how strong the prior is, and try weights on people from whom nothing was learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.learning.calibration import sigmoid
from matchengine.learning.features import Table
from matchengine.learning.history import Fold, HeldOutBy, folds
from matchengine.learning.weights import TAUS, Fit, Model, Weights, fit, totals
from matchengine.matching.combine import neutral_score

__all__ = ["Trial", "agreement", "choose_tau", "judge_means", "splits", "trial"]

Array = NDArray[np.float64]
_DECIMALS = 4
"""Scores are compared as they are shown, so that noise does not decide (matching.rank)."""


@dataclass(frozen=True)
class Trial:
    """Held-out agreement of each judge under both sets of weights.

    Attributes
    ----------
    by : str
        What was held out.
    judges, clusters : tuple of str (J,)
    default, learned : float arrays (J,)
        Share of the judge's preferences that the score puts in the same order, ties half.
    """

    by: HeldOutBy
    judges: tuple[str, ...]
    clusters: tuple[str, ...]
    default: Array
    learned: Array


def agreement(table: Table, weights: Weights) -> Array:
    """Whether the score puts each preference in the order in which the person did: 1, 0, or .5 for a tie; (M,)."""
    neutral = neutral_score(table.kind, table.values, table.confidences, table.goals)
    score = np.round(totals(table, weights, neutral), _DECIMALS)
    apart: Array = np.sign(score[table.better] - score[table.worse])
    return (apart + 1) / 2


def splits(table: Table) -> tuple[HeldOutBy, list[Fold], list[str]]:
    """Split the preferences of a table as `history.folds` does."""
    preferences = table.preferences
    began: dict[str, date] = {}
    undated = {each.cohort for each in preferences if each.on is None}
    for each in preferences:
        if each.cohort is not None and each.on is not None and each.cohort not in undated:
            began[each.cohort] = min(began.get(each.cohort, each.on), each.on)
    sums = np.nan_to_num(table.values).sum(axis=1)
    apart = sums[table.better] - 0.5 * sums[table.worse] if len(preferences) else np.zeros(0)
    order: dict[str, list[float]] = defaultdict(list)
    for each, value in zip(preferences, apart.tolist(), strict=True):
        order[each.judge].append(value)
    said = {judge: round(float(np.sum(np.sort(values))), 9) for judge, values in order.items()}
    return folds([each.judge for each in preferences], [each.cohort for each in preferences], began, said)


def choose_tau(table: Table, rows: IntArray, weights: FloatArray, model: Model | None = None) -> float:
    """Choose τ by cross-validation inside `rows`, whole clusters held out; of equals the strongest.

    The strongest prior within one standard error of the best is taken (Breiman et al. 1984): the configured weights
    give way only to data that clearly speak against them. `model` is that of this very table, where it was made before.
    """
    part = _part(table, rows)
    _by, made, _clusters = splits(part)
    if len(made) < 2:
        return TAUS[-1]
    inside = np.asarray(weights, np.float64)[rows]
    losses = np.empty((len(TAUS), len(made)))
    model = model or Model(part)
    for n, tau in enumerate(TAUS):
        for m, fold in enumerate(made):
            losses[n, m] = _loss(part, model, fit(part, tau, fold.train, inside, model), fold.test, inside)
    mean = losses.mean(axis=1)
    best = int(np.argmin(mean))
    off = losses[best].std(ddof=1) / np.sqrt(len(made))
    return max(tau for tau, loss in zip(TAUS, mean.tolist(), strict=True) if loss <= mean[best] + off)


def _loss(table: Table, model: Model, learned: Fit, rows: IntArray, weights: Array) -> float:
    """Mean negative log likelihood of held-out preferences."""
    utility, _gradient = model.utility(model.parameters(learned.weights))
    chance = sigmoid(learned.sharpness * (utility[table.better[rows]] - utility[table.worse[rows]]))
    counts = weights[rows]
    return float(counts @ -np.log(np.maximum(chance, 1e-12)) / counts.sum())


def _part(table: Table, rows: IntArray) -> Table:
    preferences = tuple(table.preferences[n] for n in rows.tolist())
    return Table(
        table.kind, table.values, table.confidences, table.goals, table.better[rows], table.worse[rows], preferences
    )


def trial(table: Table, weights: FloatArray) -> Trial | None:
    """Learn on each training part, its τ chosen inside it, and try the weights on the people held out.

    Returns None where nobody can be held out.
    """
    by, made, clusters = splits(table)
    if len(made) < 2:
        return None
    default = agreement(table, Weights({}, {}))
    learned = np.full(len(default), np.nan)
    model = Model(table)
    for fold in made:
        tau = choose_tau(table, fold.train, weights, model)
        learned[fold.test] = agreement(table, fit(table, tau, fold.train, weights, model).weights)[fold.test]
    tested = ~np.isnan(learned)
    cluster_of = {each.judge: cluster for each, cluster in zip(table.preferences, clusters, strict=True)}
    before, after = (judge_means(table, np.where(tested, values, np.nan), weights) for values in (default, learned))
    judges = tuple(sorted(before))
    return Trial(
        by,
        judges,
        tuple(cluster_of[judge] for judge in judges),
        np.array([before[judge] for judge in judges]),
        np.array([after[judge] for judge in judges]),
    )


def judge_means(table: Table, values: FloatArray, weights: FloatArray) -> Mapping[str, float]:
    """Mean by judge of a value for each preference (M,), weighted; NaN left out, judges without any left out."""
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, float] = defaultdict(float)
    for each, value, weight in zip(table.preferences, values.tolist(), np.asarray(weights).tolist(), strict=True):
        if not np.isnan(value):
            sums[each.judge] += weight * value
            counts[each.judge] += weight
    return {judge: sums[judge] / counts[judge] for judge in sums}
