"""Whether any group fares worse, told apart from what chance alone shows (domain.md H6).

Groups may be many and small, so the lowest mean, the largest gap and the largest ratio always look bad. Each measure
here comes with what it would be if outcomes had nothing to do with groups: outcomes are dealt out anew among people,
many times. Where people come in clusters (cohorts), residuals are dealt out within each cluster, so that a group that
happens to be in a poor cohort is not blamed for it; where a grouping never varies within a cluster, the means of
clusters are dealt out among clusters as well (`both`), for within them there is nothing to deal.

Nothing here decides what may be shown: counts and means of small groups are for `suppression`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Literal

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers
from matchengine.inference.resampling import generator, shuffled

__all__ = ["Gap", "LargestGap", "WorstGroup", "group_gaps", "shrunk_means", "worst_group"]

Scheme = Literal["free", "within", "both"]


@dataclass(frozen=True)
class WorstGroup:
    """The group with the lowest shrunk mean.

    Attributes
    ----------
    position : int
        Which group, in the order of the labels; −1 without any group.
    shrunk, raw : float
        Its mean, shrunk towards that of all by how far groups truly differ, and as seen.
    overall : float
        Mean of all.
    between : float
        Estimated variance of true group means, τ².
    means, sizes : float64 array (G,), int64 array (G,)
        Shrunk mean and number of people of each group.
    null_mean, null_point : float
        What the lowest shrunk mean would be by chance: its mean, and the point below which 5 % lie.
    p_value : float
        Chance of a shrunk mean as low if groups did not matter, (b + 1) / (B + 1).
    scheme : str
        How outcomes were dealt out: ``free``, ``within`` or ``both``.
    """

    position: int
    shrunk: float
    raw: float
    overall: float
    between: float
    means: FloatArray
    sizes: IntArray
    null_mean: float
    null_point: float
    p_value: float
    scheme: Scheme


@dataclass(frozen=True)
class Gap:
    """One group against everybody else.

    Attributes
    ----------
    group : tuple of (int, int)
        Attribute and level, once for each attribute that makes the group.
    size : int
        People in it.
    mean, others : float
        Mean inside and outside.
    gap : float
        Mean inside minus outside.
    score : float
        The gap in standard deviations of what chance shows, from what it shows on average.
    p_value : float
        Adjusted for all groups looked at (max-T).
    """

    group: tuple[tuple[int, int], ...]
    size: int
    mean: float
    others: float
    gap: float
    score: float
    p_value: float


@dataclass(frozen=True)
class LargestGap:
    """Gaps of all groups that are large enough, the farthest from chance first.

    Attributes
    ----------
    gaps : tuple of Gap
        One for each group looked at.
    too_small : int
        Groups that had people but too few, inside or outside, to be looked at.
    p_value : float
        Chance that the largest score over all groups is as large as seen if groups did not matter; NaN without any.
    scheme : str
        How outcomes were dealt out.
    """

    gaps: tuple[Gap, ...]
    too_small: int
    p_value: float
    scheme: Scheme


def shrunk_means(mean: FloatArray, size: FloatArray, within: float | FloatArray) -> tuple[FloatArray, float, float]:
    """Return group means shrunk towards the mean of all: μ + τ² / (τ² + σ²/n) · (mean − μ).

    Parameters
    ----------
    mean, size : float64 array (..., G)
        Means and numbers of people of groups, at least one each; leading axes are separate cases with the same sizes.
    within : float or float64 array (...)
        Variance of one outcome within groups, σ², of each case.

    Returns
    -------
    tuple
        Shrunk means (..., G), the mean of all and τ² by moments after DerSimonian and Laird (1986); the latter two of
        the first case.
    """
    weight = size / size.sum(axis=-1, keepdims=True)
    centre = (weight * mean).sum(axis=-1, keepdims=True)
    count = mean.shape[-1]
    spread = (size * (mean - centre) ** 2).sum(axis=-1, keepdims=True)
    scale = size.sum(axis=-1, keepdims=True) - (size**2).sum(axis=-1, keepdims=True) / size.sum(axis=-1, keepdims=True)
    noise = np.asarray(within)[..., None]
    between = np.maximum(0.0, spread - (count - 1) * noise) / np.where(scale > 0, scale, np.inf)
    error = noise / size
    kept = np.divide(between, between + error, out=np.zeros(np.broadcast(between, error).shape), where=between > 0)
    return centre + kept * (mean - centre), float(centre.ravel()[0]), float(between.ravel()[0])


def worst_group(outcome: Any, group: Any, cluster: Any = None, *, draws: int = 2_000, seed: int = 0) -> WorstGroup:
    """Return the group with the lowest mean after empirical-Bayes shrinkage, against what chance shows.

    Parameters
    ----------
    outcome : array (N,)
        What each person got; NaN where unknown, which is left out.
    group : array (N,)
        Label of each person's group; people of unknown group are left out.
    cluster : array (N,), optional
        Label of each person's cluster.
    draws : int
        Times that outcomes are dealt out.
    seed : int
        Of the draws.

    Returns
    -------
    WorstGroup
        NaN throughout without any group.

    Raises
    ------
    DataError
        For arrays of different lengths, or no draw.
    """
    values, labels, blocks = _people(outcome, codes(_("groups"), group, len(np.asarray(outcome)))[:, None], cluster)
    kept = labels[:, 0] >= 0
    values, code, blocks = values[kept], np.unique(labels[kept, 0], return_inverse=True)[1], blocks[kept]
    if not len(values):
        nan, none = float("nan"), np.zeros(0)
        return WorstGroup(-1, nan, nan, nan, nan, none, none.astype(np.int64), nan, nan, nan, "free")
    member = np.equal.outer(code, np.arange(code.max() + 1)).astype(np.float64)
    size = member.sum(axis=0)
    means, overall, between = _shrunk(values[None], member, size)
    lowest = means[0].min()
    scheme = _scheme(code[:, None], blocks)
    null = np.concatenate(
        [_shrunk(dealt, member, size)[0].min(axis=1) for dealt in _dealt(values, blocks, scheme, draws, seed)]
    )
    raw = values @ member / size
    worst = int(np.lexsort((raw, means[0]))[0])
    return WorstGroup(
        worst, float(lowest), float(raw[worst]), overall, between, means[0],
        size.astype(np.int64), float(null.mean()), float(np.quantile(null, 0.05)),
        (1 + int(np.count_nonzero(null <= lowest + 1e-12))) / (1 + draws), scheme,
    )  # fmt: skip


def group_gaps(
    outcome: Any, attributes: Any, cluster: Any = None, *, order: int = 3, least: int = 10, draws: int = 2_000,
    seed: int = 0,
) -> LargestGap:  # fmt: skip
    """Compare every group, and every intersection of up to `order` attributes, with everybody else.

    Parameters
    ----------
    outcome : array (N,)
        What each person got; NaN where unknown, which is left out.
    attributes : int array (N, A)
        Level of each attribute, from 0; negative where a person did not say, who then is in no group of that
        attribute but still among the others.
    cluster : array (N,), optional
        Label of each person's cluster.
    order : int
        Most attributes that make a group, 1 or more.
    least : int
        Fewest people inside and outside of a group that is looked at.
    draws : int
        Times that outcomes are dealt out.
    seed : int
        Of the draws.

    Returns
    -------
    LargestGap
        p-values by the largest score over all groups in each draw (Westfall and Young 1993), so that looking at many
        groups does not make one seem remarkable, and none is missed for being an intersection.

    Raises
    ------
    DataError
        For arrays that do not fit, or an order below 1.
    """
    if order < 1 or least < 1 or draws < 1:
        raise DataError(_("gaps between groups: expected an order, a least size and draws of at least 1"))
    values, levels, blocks = _people(outcome, attributes, cluster)
    names, member, too_small = _groups(levels, order, least)
    scheme = _scheme(levels, blocks)
    if not names:
        return LargestGap((), too_small, float("nan"), scheme)
    inside = member.sum(axis=0)
    contrast = member / inside - (1 - member) / (len(values) - inside)
    seen = values @ contrast
    null = np.concatenate([dealt @ contrast for dealt in _dealt(values, blocks, scheme, draws, seed)])
    every = np.vstack([seen, null])  # the data count as one more draw, or they would seem further out than they are
    usual, spread = every.mean(axis=0), every.std(axis=0)
    firm = spread > 1e-12 * max(1e-300, float(np.abs(values).max()))
    scale = np.where(firm, spread, np.inf)
    score, largest = (seen - usual) / scale, np.abs((null - usual) / scale).max(axis=1)
    reached = np.count_nonzero(largest[:, None] >= np.abs(score) - 1e-9, axis=0)
    p_values = (1 + reached) / (1 + draws)
    mean = values @ member / inside
    ranking = np.lexsort((np.arange(len(names)), -np.abs(score)))
    gaps = [
        Gap(names[n], int(inside[n]), float(mean[n]), float(mean[n] - seen[n]), float(seen[n]), float(score[n]),
            float(p_values[n]))
        for n in ranking
    ]  # fmt: skip
    return LargestGap(tuple(gaps), too_small, float(p_values.min()), scheme)


def _people(outcome: Any, attributes: Any, cluster: Any) -> tuple[FloatArray, IntArray, IntArray]:
    """Outcome, attributes and cluster of those whose outcome is known."""
    values = numbers(_("outcomes"), outcome)
    levels = np.asarray(attributes)
    if levels.ndim != 2 or len(levels) != len(values) or levels.dtype.kind not in "iu":
        raise DataError(_("attributes: expected a table of whole numbers, one row for each outcome"))
    blocks = np.zeros(len(values), np.int64) if cluster is None else codes(_("clusters"), cluster, len(values))
    known = ~np.isnan(values)
    return values[known], levels[known].astype(np.int64), blocks[known]


def _scheme(levels: IntArray, blocks: IntArray) -> Scheme:
    """How to deal out: within clusters where every attribute varies in some cluster, else means of clusters too."""
    if len(np.unique(blocks)) < 2:
        return "free"
    for column in levels.T:
        pairs = np.unique(np.stack([blocks, column]), axis=1)
        if len(np.unique(column)) > 1 and pairs.shape[1] == len(np.unique(blocks)):
            return "both"
    return "within"


def _dealt(values: FloatArray, blocks: IntArray, scheme: Scheme, draws: int, seed: int) -> Iterator[FloatArray]:
    """Yield outcomes dealt out anew, float64 (some draws, N)."""
    if draws < 1:
        raise DataError(_("a permutation null needs at least 1 draw; got {n}", n=draws))
    rng, code = generator(seed, "dealt_out"), np.unique(blocks, return_inverse=True)[1]
    if scheme != "both":
        yield from (values[placed] for placed in shuffled(code, draws, rng))
        return
    means = np.bincount(code, values) / np.bincount(code)
    residual = values - means[code]
    for placed in shuffled(code, draws, rng):
        moved = rng.permuted(np.tile(means, (len(placed), 1)), axis=1)
        yield moved[:, code] + residual[placed]


def _shrunk(values: FloatArray, member: FloatArray, size: FloatArray) -> tuple[FloatArray, float, float]:
    """Shrunk group means of several cases of outcomes (B, N)."""
    mean = values @ member / size
    people, count = values.shape[1], len(size)
    left = np.maximum(0.0, (values**2).sum(axis=1) - (size * mean**2).sum(axis=1))
    return shrunk_means(mean, size, left / (people - count) if people > count else np.zeros(len(values)))


def _groups(levels: IntArray, order: int, least: int) -> tuple[list[tuple[tuple[int, int], ...]], FloatArray, int]:
    """Names and membership (N, S) of groups that are large enough, each set of people once; and how many are not."""
    people = len(levels)
    found: dict[bytes, tuple[tuple[tuple[int, int], ...], BoolArray]] = {}
    too_small = 0
    known = [np.unique(column[column >= 0]).tolist() for column in levels.T]
    for chosen in (c for n in range(1, order + 1) for c in combinations(range(levels.shape[1]), n)):
        for picked in product(*(known[a] for a in chosen)):
            inside = (levels[:, chosen] == np.array(picked)).all(axis=1)
            count = int(inside.sum())
            if least <= count <= people - least:
                found.setdefault(inside.tobytes(), (tuple(zip(chosen, picked, strict=True)), inside))
            else:
                too_small += count > 0
    names = [name for name, _inside in found.values()]
    masks = [inside for _name, inside in found.values()]
    return names, np.array(masks, np.float64).T.reshape(people, len(names)), int(too_small)
