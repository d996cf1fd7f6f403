"""How unequally outcomes and exposure fall on groups, against what chance shows (domain.md H6).

Differential fairness after Foulds et al. (2020): the largest ratio, between any two groups, of the chance of any
outcome. With small groups it is large by chance alone, so the verdict is its p-value and never ε itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers
from matchengine.inference.resampling import generator, shuffled

__all__ = ["Differential", "ExposureGaps", "differential_fairness", "exposure_gaps", "smoothed_epsilon"]


@dataclass(frozen=True)
class Differential:
    """Differential fairness of outcomes.

    Attributes
    ----------
    epsilon : float
        Largest |ln ratio| of smoothed outcome chances between two groups; 0 is equal, NaN without two groups.
    null_mean, null_point : float
        Its mean, and the point above which 5 % lie, if outcomes had nothing to do with groups.
    p_value : float
        Chance of an ε as large if they had not, (b + 1) / (B + 1).
    groups, outcomes, people : int
        How many of each.
    """

    epsilon: float
    null_mean: float
    null_point: float
    p_value: float
    groups: int
    outcomes: int
    people: int


@dataclass(frozen=True)
class ExposureGaps:
    """Exposure per seat of groups of candidates.

    Attributes
    ----------
    rates : float64 array (G,)
        Exposure per seat of each group, in the order of the labels; NaN for a group without seats.
    overall : float
        Exposure per seat of all.
    sizes : int64 array (G,)
        Candidates of each group.
    largest : float
        Largest minus smallest rate.
    p_value : float
        Chance of a spread of groups as large if exposure had nothing to do with groups, each group's gap measured in
        its own standard deviations of chance.
    p_values : float64 array (G,)
        The same for each group's gap from all others, adjusted for all groups.
    """

    rates: FloatArray
    overall: float
    sizes: IntArray
    largest: float
    p_value: float
    p_values: FloatArray


def smoothed_epsilon(counts: Any, smoothing: float = 1.0) -> float:
    """Return ε = max |ln P(y|g) / P(y|g')| with P(y|g) = (n_gy + a) / (n_g + a·Y).

    Parameters
    ----------
    counts : array (G, Y)
        People by group and outcome; at least 0.
    smoothing : float
        Dirichlet parameter a, above 0.

    Returns
    -------
    float
        At least 0; NaN with fewer than two groups that have people, for of an empty group nothing is known.
    """
    table = np.asarray(counts, np.float64)
    if table.ndim != 2 or not (np.isfinite(table) & (table >= 0)).all() or not smoothing > 0:
        raise DataError(_("differential fairness: expected counts of groups by outcomes, and a smoothing above 0"))
    table = table[table.sum(axis=1) > 0]
    return float(_epsilon(table[None], smoothing)[0]) if len(table) > 1 else float("nan")


def differential_fairness(
    outcome: Any, group: Any, cluster: Any = None, *, smoothing: float = 1.0, draws: int = 2_000, seed: int = 0
) -> Differential:
    """Return the differential fairness of outcomes with its permutation null.

    Parameters
    ----------
    outcome : array (N,)
        Label of what each person got (matched or not, tercile of exposure); people of unknown outcome are left out.
    group : array (N,)
        Label of each person's group; people of unknown group are left out.
    cluster : array (N,), optional
        Label of each person's cluster; outcomes are dealt out within clusters only.
    smoothing : float
        Dirichlet parameter.
    draws, seed : int
        Times that outcomes are dealt out, and their seed.

    Returns
    -------
    Differential
        NaN with fewer than two groups.
    """
    if draws < 1 or not smoothing > 0:
        raise DataError(_("differential fairness: expected at least 1 draw, and a smoothing above 0"))
    size = len(np.asarray(outcome))
    result, label = codes(_("outcomes"), outcome, size), codes(_("groups"), group, size)
    block = np.zeros(size, np.int64) if cluster is None else codes(_("clusters"), cluster, size)
    known = (result >= 0) & (label >= 0)
    result, label, block = (np.unique(a[known], return_inverse=True)[1] for a in (result, label, block))
    groups, outcomes = int(label.max(initial=-1)) + 1, int(result.max(initial=-1)) + 1
    if groups < 2:
        nan = float("nan")
        return Differential(nan, nan, nan, nan, groups, outcomes, len(result))
    cells = groups * outcomes

    def epsilon(dealt: IntArray) -> FloatArray:
        place = label * outcomes + dealt + cells * np.arange(len(dealt))[:, None]
        counts = np.bincount(place.ravel(), minlength=cells * len(dealt))
        return _epsilon(counts.reshape(len(dealt), groups, outcomes), smoothing)

    seen = float(epsilon(result[None])[0])
    rng = generator(seed, "differential_fairness")
    null = np.concatenate([epsilon(result[placed]) for placed in shuffled(block, draws, rng)])
    reached = int(np.count_nonzero(null >= seen - 1e-12))
    return Differential(
        seen, float(null.mean()), float(np.quantile(null, 0.95)), (1 + reached) / (1 + draws), groups, outcomes,
        len(result),
    )  # fmt: skip


def exposure_gaps(
    exposure: Any, seats: Any, group: Any, cluster: Any = None, *, draws: int = 2_000, seed: int = 0
) -> ExposureGaps:
    """Return how exposure per seat differs between groups of candidates.

    Parameters
    ----------
    exposure : array (N,)
        How much each candidate was shown, at least 0; NaN where unknown, which is left out.
    seats : array (N,)
        How many people the candidate can take, at least 0.
    group : array (N,)
        Label of each candidate's group; candidates of unknown group are left out.
    cluster : array (N,), optional
        Label of each candidate's cluster; exposure is dealt out within clusters only.
    draws, seed : int
        Times that it is dealt out, and their seed.

    Returns
    -------
    ExposureGaps
        Rates are sums over sums, so a candidate with many seats counts as many. What is dealt out is how much more or
        less exposure each candidate has than its seats would give it on average.

    Raises
    ------
    DataError
        For negative or missing seats or exposure, or no draw.
    """
    shown = numbers(_("exposure"), exposure)
    places = numbers(_("seats"), seats, len(shown))
    if (shown < 0).any() or not (places >= 0).all() or draws < 1:
        raise DataError(_("exposure: expected exposure and seats of at least 0, all seats known, and at least 1 draw"))
    label = codes(_("groups"), group, len(shown))
    block = np.zeros(len(shown), np.int64) if cluster is None else codes(_("clusters"), cluster, len(shown))
    known = (label >= 0) & ~np.isnan(shown)
    shown, places = shown[known], places[known]
    label, block = (np.unique(a[known], return_inverse=True)[1] for a in (label, block))
    member = np.equal.outer(label, np.arange(int(label.max(initial=-1)) + 1)).astype(np.float64)
    total, room = shown @ member, places @ member
    rates = np.divide(total, room, out=np.full(len(room), np.nan), where=room > 0)
    overall = float(shown.sum() / places.sum()) if places.sum() > 0 else float("nan")
    sizes = member.sum(axis=0).astype(np.int64)
    if len(rates) < 2 or not np.isfinite(overall):
        return ExposureGaps(rates, overall, sizes, float("nan"), float("nan"), np.full(len(rates), np.nan))
    excess = shown - overall * places
    rng = generator(seed, "exposure_gaps")
    null = np.concatenate([excess[placed] @ member for placed in shuffled(block, draws, rng)])
    every = np.vstack([excess @ member, null])  # the data count as one more draw
    usual, spread = every.mean(axis=0), every.std(axis=0)
    scale = np.where(spread > 1e-12 * max(1e-300, float(np.abs(excess).max())), spread, np.inf)
    score, largest = np.abs((excess @ member - usual) / scale), np.abs((null - usual) / scale).max(axis=1)
    adjusted = (1 + np.count_nonzero(largest[:, None] >= score - 1e-9, axis=0)) / (1 + draws)
    widest = float(np.nanmax(rates) - np.nanmin(rates))
    return ExposureGaps(rates, overall, sizes, widest, float(adjusted.min()), adjusted)


def _epsilon(counts: FloatArray | IntArray, smoothing: float) -> FloatArray:
    """ε of several tables (B, G, Y)."""
    chance = np.log(counts + smoothing) - np.log(counts.sum(axis=2, keepdims=True) + smoothing * counts.shape[2])
    widest: FloatArray = (chance.max(axis=1) - chance.min(axis=1)).max(axis=1)
    return widest
