"""Many weightings of the same matrices at once, and how good each person's list is under every one of them.

Within a block the weighted mean of all weightings is one matrix product, and so is the confidence. A list is judged
without being sorted: the expected nDCG needs only how many candidates stand above and beside each relevant one.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.evaluation.strategies.matrices import ScoreMatrices
from matchengine.evaluation.strategies.weighting import Weighting, combined
from matchengine.i18n import N_, _

__all__ = ["expected_ndcg", "sweep_ndcg", "sweep_scores"]

Array = NDArray[Any]
_FLOOR, _FEASIBLE_FROM, _FEASIBLE = 0.01, 0.10, "feasible"
_MOST_LIFT, _WELL_INFORMED, _ENOUGH_PAIRS = 0.35, 0.8, 30
_TICKS = 10_000
"""Scores are compared to four decimals, as lists are ranked (`matching.rank`)."""
_CELLS = 1 << 16
_LIFTED = 5


@dataclass(frozen=True)
class _Weights:
    """T weightings as matrices: of each block (S, T) and (T,), of the confidence (S, T), the neutral score (T,)."""

    inside: dict[str, Array]
    blocks: dict[str, Array]
    sure: Array
    power: float
    neutral: Array

    @classmethod
    def of(cls, matrices: ScoreMatrices, weightings: Sequence[Weighting], float_type: Any) -> _Weights:
        """Lay weights out, and measure the neutral score of each weighting on the sample."""
        columns = {s.name: n for n, s in enumerate(matrices.scorers) if s.block is not None}
        block_of = {s.name: s.block for s in matrices.scorers}
        shape = (len(matrices.scorers), len(weightings))
        inside = {block: np.zeros(shape) for block in matrices.kind.config.blocks}
        blocks = {block: np.zeros(len(weightings)) for block in inside}
        for t, weighting in enumerate(weightings):
            for name, weight in weighting.scorers.items():
                inside[block_of[name] or ""][columns[name], t] = weight
            for block, weight in weighting.blocks.items():
                blocks[block][t] = weight
        used = {block: weights.sum(axis=0) for block, weights in inside.items()}
        blocks = {block: np.where(used[block] > 0, weight, 0.0) for block, weight in blocks.items()}
        whole = np.maximum(sum(blocks.values()), 1e-300)
        sure = np.zeros(shape)
        for block, weights in inside.items():
            sure += weights * (blocks[block] / np.where(used[block] > 0, used[block], 1) / whole)
        kept = [block for block in inside if used[block].any()]
        made = cls({b: inside[b] for b in kept}, {b: blocks[b] for b in kept}, sure, weightings[0].across, whole * 0)
        made = made.cast(np.float64, _neutrals(matrices, made))
        return made.cast(float_type, made.neutral)

    def cast(self, float_type: Any, neutral: Array) -> _Weights:
        """The same in another precision."""
        return _Weights(
            {block: weights.astype(float_type) for block, weights in self.inside.items()},
            {block: weights.astype(float_type) for block, weights in self.blocks.items()},
            self.sure.astype(float_type),
            self.power,
            neutral.astype(float_type),
        )


def sweep_scores(
    matrices: ScoreMatrices, weightings: Sequence[Weighting], *, single: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Score all pairs under many weightings with one exponent: totals and confidences, (P, T) each.

    Totals are those of `matching.combine`, lifts included, within 1e-9 (with `single` within 2e-6); weights by the kind
    of goal are not supported here.
    """
    float_type = np.float32 if single else np.float64
    weights = _Weights.of(matrices, _alike(matrices, weightings), float_type)
    total = np.empty((len(matrices), len(weightings)), float_type)
    sure = np.empty_like(total)
    step = max(_CELLS // max(len(weightings), 1), 1)
    lifts = _lifts(matrices)
    for start in range(0, len(matrices), step):
        at = slice(start, min(start + step, len(matrices)))
        mean, sure[at], _stands, _knows = _mixed(matrices, matrices.values[at], matrices.confidences[at], weights)
        total[at] = _total(mean, sure[at], weights.neutral, None if lifts is None else lifts[at])
    return total, sure


def sweep_ndcg(
    matrices: ScoreMatrices,
    starts: IntArray,
    gain: FloatArray,
    weightings: Sequence[Weighting],
    *,
    k: int = 5,
    single: bool = True,
    threads: int = 2,
) -> FloatArray:
    """Judge every person's list under every weighting by nDCG@k, the expectation over all orders of ties.

    Parameters
    ----------
    starts : int64 array (N + 1,)
        Where the pairs of each person begin and end.
    gain : float64 array (P,)
        Linear gains; NaN counts as 0. The best possible list is that of all P pairs.
    weightings : sequence of Weighting
        T, at least one.
    single : bool
        float32: faster; a tie to four decimals may then break in one of some ten thousand pairs.
    threads : int
        The result does not depend on it.

    Returns
    -------
    float64 array (T, N)
        NaN for a person without a relevant candidate.
    """
    gain = np.nan_to_num(gain)
    people = _judged(starts, gain)
    out = np.full((len(weightings), len(starts) - 1), np.nan)
    if not len(people) or not weightings:
        return out
    lifted = matrices.discreet and k > _LIFTED and _lifts(matrices) is not None
    apart = matrices.goals is not None or lifted or _remembers(matrices)
    if apart or len({weighting.across for weighting in weightings}) > 1:
        for t, weighting in enumerate(weightings):
            out[t] = expected_ndcg(combined(matrices, weighting, starts).ranking, starts, gain, k)
        return out
    float_type = np.float32 if single else np.float64
    weights, lifts = _Weights.of(matrices, weightings, float_type), _lifts(matrices)
    tiles = _tiles(people, starts, max(_CELLS // len(weightings), 1))

    def judge(tile: IntArray) -> None:
        rows = np.concatenate([np.arange(starts[person], starts[person + 1]) for person in tile.tolist()])
        at = slice(int(rows[0]), int(rows[-1]) + 1) if rows[-1] - rows[0] + 1 == len(rows) else rows
        mean, sure, stands, knows = _mixed(matrices, matrices.values[at], matrices.confidences[at], weights)
        ticks = _total(mean, sure, weights.neutral, None if lifts is None else lifts[at])
        ticks *= _TICKS
        np.rint(ticks, out=ticks)
        informed = sure >= matrices.kind.config.informed_from
        informed = informed if knows is None else informed & knows
        ticks += informed * ticks.dtype.type(2 * _TICKS)
        if stands is not None:
            np.copyto(ticks, -1, where=~stands)
        ticks[~(matrices.eligible[at] & matrices.found[at])] = -1
        begin = 0
        for person in tile.tolist():
            end = begin + int(starts[person + 1] - starts[person])
            out[:, person] = _ndcg(ticks[begin:end], gain[starts[person] : starts[person + 1]], k)
            begin = end

    if threads < 2:
        for tile in tiles:
            judge(tile)
    else:
        with ThreadPoolExecutor(threads) as workers:
            list(workers.map(judge, tiles))
    return out


def expected_ndcg(score: FloatArray, starts: IntArray, gain: FloatArray, k: int = 5) -> FloatArray:
    """Return nDCG@k of each person's list, float64 (N,), the expectation over all orders of ties; NaN as above."""
    gain, out = np.nan_to_num(gain), np.full(len(starts) - 1, np.nan)
    key = np.where(np.isnan(score), -np.inf, score)
    for person in _judged(starts, gain).tolist():
        own = slice(int(starts[person]), int(starts[person + 1]))
        out[person] = _ndcg(key[own][:, None], gain[own], k, nobody=-np.inf)[0]
    return out


def _judged(starts: IntArray, gain: FloatArray) -> IntArray:
    """People with a relevant candidate."""
    before = np.concatenate([[0], np.cumsum(gain > 0)])
    return np.flatnonzero(before[starts[1:]] > before[starts[:-1]])


def _tiles(people: IntArray, starts: IntArray, rows: int) -> list[IntArray]:
    """People in groups of about so many pairs."""
    sizes = np.cumsum(starts[people + 1] - starts[people])
    cuts = np.flatnonzero(np.diff(sizes // rows)) + 1
    return [part for part in np.split(people, cuts) if len(part)]


def _ndcg(key: Array, gain: FloatArray, k: int, nobody: float = -1) -> FloatArray:
    """NDCG@k of one list (n,) under T keys (n, T), larger first; `nobody` marks who is not suggested."""
    discount = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, k + 2)))])
    relevant = np.flatnonzero(gain > 0)
    found = np.zeros(key.shape[1])
    for pair in relevant.tolist():
        own = key[pair]
        above = _count(key > own)
        beside = _count(key == own)
        worth = discount[np.minimum(above + beside, k)] - discount[np.minimum(above, k)]
        found += np.where(own == nobody, 0, gain[pair] * worth / np.maximum(beside, 1))
    best = np.sort(gain[relevant])[::-1][:k]
    ideal = float((best * np.diff(discount)[: len(best)]).sum())
    return found / ideal


def _count(mask: BoolArray) -> IntArray:
    """How many are true in each column; in bytes, which add up several times as fast."""
    byte = mask.view(np.uint8)
    out = np.zeros(mask.shape[1], np.int64)
    for start in range(0, len(byte), 255):
        out += np.add.reduce(byte[start : start + 255], axis=0, dtype=np.uint8)
    return out


def _mixed(
    matrices: ScoreMatrices, values: Array, confidences: Array, weights: _Weights
) -> tuple[Array, Array, BoolArray | None, BoolArray | None]:
    """Mean over blocks and confidence, (p, T) each; what the feasible block lets stand; where all is known that must.

    The last two are None for everywhere and otherwise (p, T) or (p, 1). The mean is the neutral score where nothing is
    known.
    """
    float_type, power = weights.neutral.dtype, weights.power
    mean: Array = np.zeros((len(values), len(weights.neutral)), float_type)
    stands: BoolArray | None = None
    knows: BoolArray | None = None
    there: dict[str, BoolArray | None] = {}
    for block, inside in weights.inside.items():
        columns = _used(inside)
        value, known = _block_mean(np.asarray(values[:, columns], float_type), inside[columns])
        there[block] = known
        if block == _FEASIBLE:
            stands = value >= float_type.type(_FEASIBLE_FROM)
            stands = stands if known is None else stands | ~known
        if block in matrices.kind.config.must_know and known is not None:
            told = known if inside[columns].all() else known | (weights.blocks[block] == 0)
            knows = told if knows is None else knows & told
        np.maximum(value, float_type.type(_FLOOR), out=value)
        value = np.log(value, out=value) if power == 0 else np.power(value, float_type.type(power), out=value)
        value *= weights.blocks[block]
        if known is not None and known.shape[1] == 1:
            value[~known[:, 0]] = 0
        elif known is not None:
            value *= known
        mean += value
    present = _present(weights, there, len(values))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean /= present
        mean = np.exp(mean, out=mean) if power == 0 else np.power(mean, float_type.type(1 / power), out=mean)
    if present.ndim == 2 and not present.all():
        mean = np.where(present > 0, mean, weights.neutral)
    return mean, np.asarray(confidences, float_type) @ weights.sure, stands, knows


def _present(weights: _Weights, there: dict[str, BoolArray | None], pairs: int) -> Array:
    """Weight of the blocks that are known, (p, T), or (T,) where all are."""
    blocks = weights.blocks
    if all(known is None for known in there.values()):
        whole: Array = np.sum([blocks[block] for block in there], axis=0)
        return whole
    present: Array = np.zeros((pairs, len(weights.neutral)), weights.neutral.dtype)
    for block, known in there.items():
        present += blocks[block] if known is None else known.astype(present.dtype) * blocks[block]
    return present


def _used(inside: Array) -> IntArray:
    return np.flatnonzero(inside.any(axis=1))


def _gaps(values: Array) -> bool:
    return bool(np.isnan(values).any())


def _block_mean(values: Array, inside: Array) -> tuple[Array, BoolArray | None]:
    """Weighted mean of what is known, (p, T), 0 where nothing is; and where something is.

    The second is None for everywhere, and (p, 1) where it is the same under all weightings.
    """
    alike = bool(inside.all())
    if not _gaps(values) and (alike or inside.sum(axis=0).all()):
        return values @ (inside / inside.sum(axis=0)), None
    holds = ~np.isnan(values)
    sums = holds.astype(values.dtype) @ inside
    value = np.nan_to_num(values) @ inside
    known: BoolArray = np.asarray(holds.any(axis=1))[:, None] if alike else sums > 0
    if alike:
        sums[~known[:, 0]] = 1
        value /= sums
        return value, None if known.all() else known
    value /= np.where(known, sums, 1)
    return value, known


def _total(mean: Array, sure: Array, neutral: Array, lifts: FloatArray | None) -> Array:
    """Shrink to the neutral score where little is known, and let lifts raise (domain.md G1)."""
    mean -= neutral
    mean *= sure
    mean += neutral
    if lifts is not None:
        acts = lifts.astype(mean.dtype)[:, None]
        mean += (1 - mean) * acts
    return mean


def _lifts(matrices: ScoreMatrices) -> FloatArray | None:
    """What lifts add of what is missing to 1, float64 (P,), as in `matching.combine`; None where none acts."""
    columns = [n for n, scorer in enumerate(matrices.scorers) if scorer.block is None]
    if not columns:
        return None
    each = np.nan_to_num(np.asarray(matrices.values[:, columns], np.float64))
    each *= (_MOST_LIFT / np.maximum(each.sum(axis=1), _MOST_LIFT))[:, None]
    found: FloatArray = 1 - np.prod(1 - each, axis=1)
    return found if found.any() else None


def _neutrals(matrices: ScoreMatrices, weights: _Weights) -> FloatArray:
    """The neutral score of each weighting, (T,): the median of well-informed pairs of the sample."""
    values, confidences = matrices.sample_values, matrices.sample_confidences
    draws = len(weights.neutral)
    out = np.full(draws, 0.5)
    if not len(values):
        return out
    half = weights.cast(np.float64, out)
    mean, sure, _stands, _knows = _mixed(matrices, values, confidences, half)
    for t in range(draws):
        informed = sure[:, t] >= _WELL_INFORMED
        if informed.sum() >= _ENOUGH_PAIRS:
            out[t] = np.clip(np.round(np.median(mean[informed, t]), 4), 0.05, 0.95)
    return out


def _alike(matrices: ScoreMatrices, weightings: Sequence[Weighting]) -> Sequence[Weighting]:
    if len({weighting.across for weighting in weightings}) != 1 or matrices.goals is not None or _remembers(matrices):
        told = N_("these weightings cannot be combined together: they differ in across, or depend on goals or history")
        raise DataError(_(told))
    return weightings


def _remembers(matrices: ScoreMatrices) -> bool:
    """Whether a scorer reads history: where it is silent its weight does not count, so shares differ by pair."""
    return any(scorer.spec.role == "history" for scorer in matrices.scorers)
