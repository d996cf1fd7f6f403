"""From scorer values to one score: domain.md G1.

Inside a block a weighted arithmetic mean; across blocks a power mean (0 = geometric); shrunk to a neutral score when
little is known; lifts may only raise. Contributions are exact and additive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, ScoreTable
from matchengine.records.vocabulary import GoalKind
from matchengine.registry import MatchKind

__all__ = ["block_values", "block_weight", "combine", "drops", "log_mean", "neutral_score"]

_FLOOR = 0.01
_GOALS: tuple[str, ...] = get_args(GoalKind)
_MOST_LIFT = 0.35
_WELL_INFORMED = 0.8
_ENOUGH_PAIRS = 30


def log_mean(x: FloatArray, y: FloatArray | float) -> NDArray[np.float64]:
    """Logarithmic mean (x − y) / (ln x − ln y) of positive numbers; L(x, x) = x."""
    x, y = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
    ratio = x / y - 1
    near = np.abs(ratio) < 1e-4
    with np.errstate(invalid="ignore", divide="ignore"):
        far = (x - y) / (np.log(x) - np.log(y))
    return np.where(near, y * (1 + ratio / 2 - ratio**2 / 12), far)


def _mean_derivative(x: FloatArray, y: FloatArray | float, power: float) -> NDArray[np.float64]:
    """(x − y) / (g(x) − g(y)) for g = ln (power 0) or g = x ** power: what a unit of g is worth between y and x."""
    if power == 0:
        return log_mean(x, y)
    x, y = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
    near = np.abs(x - y) < 1e-9
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(near, y ** (1 - power) / power, (x - y) / (x**power - y**power))


def combine(
    kind: MatchKind, values: FloatArray, confidences: FloatArray, neutral: float, goals: IntArray | None = None
) -> ScoreTable:
    """Combine scorer values (P, S) into totals, confidences and contributions.

    Parameters
    ----------
    values : float array (P, S)
        In [0, 1], NaN where a scorer abstains.
    confidences : float array (P, S)
        In [0, 1], 0 where a scorer abstains.
    neutral : float
        The score p to which a pair shrinks when little is known, in (0, 1).
    goals : uint32 array (P,) or None
        Bit of the kind of each requester's main goal, for configurations that weigh blocks by it.
    """
    power = kind.config.across
    names = tuple(s.name for s in kind.scorers)
    blocks, shares, block_confidence = block_values(kind, values, confidences)
    weights = {block: block_weight(kind, block, goals) for block in blocks}
    combined, confidence, present = _across(blocks, block_confidence, weights, power, neutral)
    base = confidence * combined + (1 - confidence) * neutral

    contributions = np.zeros_like(values)
    outer = confidence * _mean_derivative(combined, neutral, power)
    for block, value in blocks.items():
        known = ~np.isnan(value)
        floored = np.maximum(np.nan_to_num(value, nan=neutral), _FLOOR)
        share_of_block = np.where(known, weights[block] / np.where(present > 0, present, 1), 0)
        gain = outer * share_of_block * (_transform(floored, power) - _transform(np.full(1, neutral), power))
        contributions += _split(shares[block], values, value, gain, neutral)
    lifts = _lift(kind, values)
    informed = confidence >= kind.config.informed_from
    for block in kind.config.must_know:
        informed &= ~np.isnan(blocks[block]) if block in blocks else True
    return ScoreTable(
        scorers=names,
        values=values,
        confidences=confidences,
        contributions=contributions,
        lift=(1 - base) * lifts,
        total=base + (1 - base) * lifts,
        confidence=confidence,
        informed=informed,
        blocks=blocks,
        weights={block: np.broadcast_to(weight, len(values)) for block, weight in weights.items()},
        neutral=neutral,
    )


def block_weight(kind: MatchKind, block: str, goals: IntArray | None) -> FloatArray:
    """Return what a block counts: its weight, shape (), or shape (P,) where weights depend on the kind of goal.

    A main goal that the configuration has no weights for, or that nobody told the kind of, leaves them as they are.
    """
    weight = np.array(kind.config.blocks[block])
    if goals is None or not kind.config.goal_blocks:
        return weight
    of_goal = np.full(len(goals), float(weight))
    for goal, weights in kind.config.goal_blocks.items():
        if block in weights:
            of_goal[goals == 1 << _GOALS.index(goal)] = weights[block]
    return of_goal


def _across(
    blocks: Mapping[str, FloatArray],
    sure: Mapping[str, FloatArray],
    weights: Mapping[str, FloatArray],
    power: float,
    neutral: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean over the blocks that are known, the confidence in it, and their weight, (P,) each."""
    pairs = len(next(iter(blocks.values()), ()))
    present, mean, confidence, whole = (np.zeros(pairs) for _each in range(4))
    for block, value in blocks.items():
        known = ~np.isnan(value)
        present += weights[block] * known
        mean += np.where(known, weights[block] * _transform(np.maximum(np.nan_to_num(value), _FLOOR), power), 0)
        there = ~np.isnan(sure[block])
        confidence += np.where(there, weights[block] * sure[block], 0)
        whole += weights[block] * there
    confidence /= np.where(whole > 0, whole, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = mean / present
        combined = np.where(present > 0, np.exp(mean) if power == 0 else mean ** (1 / power), neutral)
    return combined, confidence, present


def _transform(value: FloatArray, power: float) -> NDArray[np.float64]:
    return np.log(value) if power == 0 else np.asarray(value, np.float64) ** power


def block_values(
    kind: MatchKind, values: FloatArray, confidences: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, FloatArray], dict[str, FloatArray]]:
    """Per block its value (P,), the weight share of each scorer (P, S) and its confidence (P,).

    A scorer of the role `history` that abstains does not count; the confidence is NaN where no other scorer is there.
    """
    blocks: dict[str, FloatArray] = {}
    shares: dict[str, FloatArray] = {}
    confidence: dict[str, FloatArray] = {}
    spared = np.array([s.spec.role == "history" for s in kind.scorers], np.bool_)
    for block in kind.config.blocks:
        weight = np.array([s.weight if s.block == block else 0.0 for s in kind.scorers])
        if not weight.any():
            continue
        known = ~np.isnan(values) * weight
        sums = known.sum(axis=1)
        share = known / np.where(sums > 0, sums, 1)[:, None]
        value = (share * np.nan_to_num(values)).sum(axis=1)
        blocks[block] = np.where(sums > 0, value, np.nan)
        shares[block] = share
        counted = np.where(np.isnan(values) & spared, 0, weight).sum(axis=1)
        confidence[block] = (confidences * weight).sum(axis=1) / np.where(counted > 0, counted, np.nan)
    return blocks, shares, confidence


def _split(share: FloatArray, values: FloatArray, block: FloatArray, gain: FloatArray, neutral: float) -> FloatArray:
    """Split a block's gain among its scorers in proportion to share × (value − neutral).

    Where those parts cancel out while the floor gives a gain, they share it by weight.
    """
    parts = share * (np.nan_to_num(values, nan=neutral) - neutral)
    whole = np.nan_to_num(block, nan=neutral) - neutral
    near = np.abs(whole) < 1e-12
    scale = np.where(near, 0, gain / np.where(near, 1, whole))
    return parts * scale[:, None] + share * np.where(near, gain, 0)[:, None]


def _lift(kind: MatchKind, values: FloatArray) -> NDArray[np.float64]:
    """1 − Π(1 − λ I) over lifts, whose values are λ I already, capped at .35 in all."""
    columns = [n for n, scorer in enumerate(kind.scorers) if scorer.block is None]
    if not columns:
        return np.zeros(len(values))
    each = np.nan_to_num(values[:, columns])
    total = each.sum(axis=1)
    each = each * (_MOST_LIFT / np.maximum(total, _MOST_LIFT))[:, None]
    lifted: NDArray[np.float64] = 1 - np.prod(1 - each, axis=1)
    return lifted


def drops(kind: MatchKind, table: ScoreTable) -> NDArray[np.float64]:
    """What each scorer's silence would take from the score of each pair, shape (P, S); lifts left out (domain.md H8).

    Positive where the pair would score less without what the scorer says, negative where it would score more.
    """
    pairs, columns = table.values.shape
    values, confidences = (np.repeat(array[:, None], columns, axis=1) for array in (table.values, table.confidences))
    each = np.arange(columns)
    values[:, each, each], confidences[:, each, each] = np.nan, 0
    blocks, _, sure = block_values(kind, values.reshape(-1, columns), confidences.reshape(-1, columns))
    weights = {block: np.repeat(table.weights[block], columns) for block in blocks}
    combined, confidence, _ = _across(blocks, sure, weights, kind.config.across, table.neutral)
    base = confidence * combined + (1 - confidence) * table.neutral
    lost: NDArray[np.float64] = (table.total - table.lift)[:, None] - base.reshape(pairs, columns)
    return lost


def neutral_score(kind: MatchKind, values: FloatArray, confidences: FloatArray, goals: IntArray | None = None) -> float:
    """Median combined score of the well-informed pairs of a sample, in [.05, .95]; .5 where they are too few."""
    table = combine(kind, values, confidences, 0.5, goals)
    informed = table.confidence >= _WELL_INFORMED
    if informed.sum() < _ENOUGH_PAIRS:
        return 0.5
    base = table.total[informed] - table.lift[informed]
    combined = (base - (1 - table.confidence[informed]) * 0.5) / table.confidence[informed]
    return float(np.clip(np.round(np.median(combined), 4), 0.05, 0.95))
