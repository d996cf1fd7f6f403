"""Choose how strong the prior is, and try weights on people from whom nothing was learned.

Two measures, one value for each person: the share of their preferences that the score puts in the order in which they
did; and, of those who graded several candidates, nDCG@5 of these candidates alone, ordered by the score (a condensed
list: nothing is known of anybody else). Which of them the gate reads is declared before (`grades.declared`).
"""

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
from matchengine.learning.grades import Metric
from matchengine.learning.history import Fold, HeldOutBy, folds
from matchengine.learning.weights import TAUS, Fit, Model, Weights, fit, totals
from matchengine.matching.combine import neutral_score

__all__ = ["Trial", "agreement", "choose_tau", "judge_means", "list_worth", "splits", "trial", "trials"]

Array = NDArray[np.float64]
LIST = 5
"""Places of a list that count."""
_DECIMALS = 4
"""Scores are compared as they are shown, so that noise does not decide (matching.rank)."""


@dataclass(frozen=True)
class Trial:
    """What each judge who was held out is worth under both sets of weights.

    Attributes
    ----------
    by : str
        What was held out.
    judges, clusters : tuple of str (J,)
    default, learned : float arrays (J,)
        The measure, 0 to 1.
    """

    by: HeldOutBy
    judges: tuple[str, ...]
    clusters: tuple[str, ...]
    default: Array
    learned: Array


def agreement(table: Table, weights: Weights) -> Array:
    """Whether the score puts each preference in the order in which the person did: 1, 0, or .5 for a tie; (M,)."""
    score = _scores(table, weights)
    apart: Array = np.sign(score[table.better] - score[table.worse])
    return (apart + 1) / 2


def _scores(table: Table, weights: Weights) -> Array:
    neutral = neutral_score(table.kind, table.values, table.confidences, table.goals)
    return np.round(totals(table, weights, neutral), _DECIMALS)


def list_worth(table: Table, weights: Weights) -> Array:
    """nDCG@5 of the candidates that each person of `table.graded` graded, ordered by the score, (J,), 0 to 1.

    Gains are the grades; ties of the score are averaged over all their orders (domain.md H1).
    """
    graded = table.graded
    if not graded.people:
        return np.zeros(0)
    from matchengine.comparison import Case, Lists
    from matchengine.metrics.ndcg import ndcg

    score = _scores(table, weights)[graded.row]
    lists = Lists(len(graded.people), len(table.values), graded.person, graded.row, score, graded.gain)
    return np.asarray(ndcg(Case(lists), k=LIST), np.float64)


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
    for m, fold in enumerate(made):
        near: Fit | None = None
        for n, tau in reversed(list(enumerate(TAUS))):  # from the strongest on: each begins where the last one ended
            near = fit(part, tau, fold.train, inside, model, near)
            losses[n, m] = _loss(part, model, near, fold.test, inside)
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
    """Learn on each training part, its τ chosen inside it, and count preferences of the people held out.

    Returns None where nobody can be held out.
    """
    return trials(table, weights).get("pairwise_accuracy")


def trials(table: Table, weights: FloatArray) -> dict[Metric, Trial]:
    """The same by each measure that anybody can be measured by; empty where nobody can be held out.

    Parameters
    ----------
    weights : float array (M,)
        What each preference counts; lists are not weighed.
    """
    by, made, clusters = splits(table)
    if len(made) < 2:
        return {}
    usual, learned = Weights({}, {}), np.full(len(table.preferences), np.nan)
    people, model = table.graded.people, Model(table)
    tried: list[Array] = []
    for fold in made:
        tau = choose_tau(table, fold.train, weights, model)
        found = fit(table, tau, fold.train, weights, model).weights
        learned[fold.test] = agreement(table, found)[fold.test]
        tested = {table.preferences[n].judge for n in fold.test.tolist()}
        tried.append(np.where([person in tested for person in people], list_worth(table, found), np.nan))
    seen = ~np.isnan(learned)
    sides = [np.where(seen, values, np.nan) for values in (agreement(table, usual), learned)]
    before, after = (judge_means(table, values, weights) for values in sides)
    where = {each.judge: cluster for each, cluster in zip(table.preferences, clusters, strict=True)}
    out: dict[Metric, Trial] = {"pairwise_accuracy": _trial(by, where, before, after)}
    lists = _means(np.array(tried).reshape(len(made), len(people)))
    if not np.isnan(lists).all():
        usually = dict(zip(people, list_worth(table, usual).tolist(), strict=True))
        then = {person: value for person, value in zip(people, lists.tolist(), strict=True) if not np.isnan(value)}
        out["ndcg@5"] = _trial(by, where, usually, then)
    return out


def _means(tried: Array) -> Array:
    """Mean of each column over the rows that are known, NaN where none is."""
    count = (~np.isnan(tried)).sum(axis=0)
    return np.where(count > 0, np.nansum(tried, axis=0) / np.maximum(count, 1), np.nan)


def _trial(by: HeldOutBy, where: Mapping[str, str], before: Mapping[str, float], after: Mapping[str, float]) -> Trial:
    judges = tuple(sorted(after))
    one, other = (np.array([values[judge] for judge in judges]) for values in (before, after))
    return Trial(by, judges, tuple(where[judge] for judge in judges), one, other)


def judge_means(table: Table, values: FloatArray, weights: FloatArray) -> Mapping[str, float]:
    """Mean by judge of a value for each preference (M,), weighted; NaN left out, judges without any left out."""
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, float] = defaultdict(float)
    for each, value, weight in zip(table.preferences, values.tolist(), np.asarray(weights).tolist(), strict=True):
        if not np.isnan(value):
            sums[each.judge] += weight * value
            counts[each.judge] += weight
    return {judge: sums[judge] / counts[judge] for judge in sums}
