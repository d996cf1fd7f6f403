"""From a score to a chance, always monotone (domain.md G2): identity, mid-rank, z-logistic, isotonic, Platt.

Arrays in, frozen constants out. No function here takes a group: nobody is calibrated by who they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _

__all__ = [
    "ISOTONIC_EACH",
    "ISOTONIC_FROM",
    "PLATT_FROM",
    "Calibration",
    "Method",
    "brier",
    "calibration_error",
    "fit_calibration",
    "mid_ranks",
    "pool_adjacent_violators",
]

Method = Literal["identity", "z_logistic", "isotonic", "platt"]
ISOTONIC_FROM, ISOTONIC_EACH, PLATT_FROM = 200, 30, 50
"""Fewest outcomes, and of these of each kind, for isotonic; fewest outcomes for Platt (domain.md G2)."""


@dataclass(frozen=True)
class Calibration:
    """A fitted, monotone map from scores to [0, 1].

    Attributes
    ----------
    method : str
    constants : tuple of float
        z_logistic: mean and spread; Platt: slope (never negative) and intercept; otherwise empty.
    knots : float array (2, K)
        Isotonic: scores and values between which is interpolated; flat outside. Empty for other methods.
    """

    method: Method
    constants: tuple[float, ...] = ()
    knots: NDArray[np.float64] | None = None

    def apply(self, scores: FloatArray) -> NDArray[np.float64]:
        """Map scores (N,), in [0, 1] for `identity`; NaN stays NaN."""
        scores = np.array(scores, np.float64)
        if self.method == "z_logistic":
            mean, spread = self.constants
            return sigmoid((scores - mean) / spread)
        if self.method == "platt":
            slope, intercept = self.constants
            return sigmoid(slope * scores + intercept)
        if self.method == "isotonic" and self.knots is not None:
            mapped = np.interp(scores, self.knots[0], self.knots[1])
            return np.where(np.isnan(scores), np.nan, mapped)
        return np.array(scores, np.float64)


def sigmoid(x: FloatArray) -> NDArray[np.float64]:
    """1 / (1 + exp(−x)) without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * np.asarray(x, np.float64))))


def mid_ranks(scores: FloatArray, owner: IntArray) -> NDArray[np.float64]:
    """Percentile of each score among those of the same owner, ties in the middle: (below + equal / 2) / n.

    Parameters
    ----------
    scores : float array (N,)
        NaN stays NaN and counts for nobody.
    owner : int array (N,)
        The requester whose eligible set each score belongs to. For preference lists alone: what one candidate gets
        depends on all others (domain.md G2).
    """
    scores = np.asarray(scores, np.float64)
    out = np.full(len(scores), np.nan)
    for who in np.unique(owner):
        of_owner = np.flatnonzero((owner == who) & ~np.isnan(scores))
        ordered = np.sort(scores[of_owner])
        below = np.searchsorted(ordered, scores[of_owner], "left")
        up_to = np.searchsorted(ordered, scores[of_owner], "right")
        out[of_owner] = (below + up_to) / (2 * max(len(ordered), 1))
    return out


def pool_adjacent_violators(values: FloatArray, weights: FloatArray) -> NDArray[np.float64]:
    """Return the non-decreasing sequence nearest to `values` (N,) in weighted squares (Ayer et al. 1955)."""
    means: list[float] = []
    sums: list[float] = []
    counts: list[int] = []
    for value, weight in zip(np.asarray(values, float).tolist(), np.asarray(weights, float).tolist(), strict=True):
        mean, total, count = value, weight, 1
        while means and means[-1] >= mean:
            last, last_weight = means.pop(), sums.pop()
            mean = (last * last_weight + mean * total) / (last_weight + total)
            total += last_weight
            count += counts.pop()
        means.append(mean)
        sums.append(total)
        counts.append(count)
    return np.repeat(np.array(means, np.float64), counts)


def fit_calibration(method: Method, scores: FloatArray, outcomes: FloatArray | None = None) -> Calibration:
    """Fit a calibration.

    Parameters
    ----------
    scores : float array (N,)
        Scores without NaN.
    outcomes : float array (N,) or None
        1 for yes, 0 for no; `isotonic` and `platt` need them.

    Raises
    ------
    DataError
        Where there are fewer outcomes than the method needs, or scores that do not differ.
    """
    scores = np.array(scores, np.float64)
    if method == "identity":
        return Calibration("identity")
    if np.isnan(scores).any():
        raise DataError(_("{n} scores are unknown; leave them out before calibrating", n=int(np.isnan(scores).sum())))
    if len(scores) < 2 or np.ptp(scores) == 0:
        raise DataError(_("calibration needs at least two different scores; use 'identity'"))
    if method == "z_logistic":
        return Calibration("z_logistic", (float(scores.mean()), float(scores.std())))
    told = np.asarray(outcomes if outcomes is not None else [], np.float64)
    _enough(method, told, len(scores))
    return _isotonic(scores, told) if method == "isotonic" else _platt(scores, told)


def _enough(method: Method, outcomes: NDArray[np.float64], scores: int) -> None:
    if len(outcomes) != scores or not np.isin(outcomes, (0, 1)).all():
        raise DataError(_("{method} needs one outcome, 0 or 1, for each score", method=method))
    least = ISOTONIC_FROM if method == "isotonic" else PLATT_FROM
    each = ISOTONIC_EACH if method == "isotonic" else 1
    fewer = int(min(outcomes.sum(), len(outcomes) - outcomes.sum()))
    if len(outcomes) < least or fewer < each:
        told = N_("{method} needs {least} outcomes with {each} of each kind; there are {n} with {fewer} of the rarer")
        raise DataError(_(told, method=method, least=least, each=each, n=len(outcomes), fewer=fewer))


def _isotonic(scores: FloatArray, outcomes: FloatArray) -> Calibration:
    points, where = np.unique(scores, return_inverse=True)
    counts = np.bincount(where).astype(np.float64)
    fitted = pool_adjacent_violators(np.bincount(where, outcomes) / counts, counts)
    keep = np.ones(len(points), np.bool_)  # inner points of a flat stretch say nothing
    keep[1:-1] = (fitted[1:-1] != fitted[:-2]) | (fitted[1:-1] != fitted[2:])
    return Calibration("isotonic", (), np.stack([points[keep], fitted[keep]]))


def _platt(scores: FloatArray, outcomes: FloatArray) -> Calibration:
    """Logistic curve with smoothed targets (Platt 1999), its slope never negative."""
    from scipy.optimize import minimize

    yes = outcomes.sum()
    no = len(outcomes) - yes
    target = np.where(outcomes == 1, (yes + 1) / (yes + 2), 1 / (no + 2))
    mean, spread = scores.mean(), scores.std()
    scaled = (scores - mean) / spread

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        line = at[0] * scaled + at[1]
        lost = float((np.logaddexp(0, line) - target * line).sum())
        slope = sigmoid(line) - target
        return lost, np.array([(slope * scaled).sum(), slope.sum()])

    found = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)], tol=1e-12)
    slope, intercept = found.x[0] / spread, found.x[1] - found.x[0] * mean / spread
    return Calibration("platt", (float(slope), float(intercept)))


def brier(chances: FloatArray, outcomes: FloatArray) -> float:
    """Mean squared difference of chances (N,) and outcomes 0 or 1; NaN where there is none."""
    return float(np.mean((np.asarray(chances) - np.asarray(outcomes)) ** 2)) if len(chances) else float("nan")


def calibration_error(chances: FloatArray, outcomes: FloatArray, bins: int = 10) -> float:
    """Expected calibration error: mean |share of yes − mean chance| over bins of equal width, weighted by size.

    NaN where there is no outcome.
    """
    chances, outcomes = np.asarray(chances, np.float64), np.asarray(outcomes, np.float64)
    if not len(chances):
        return float("nan")
    bin_of = np.clip((chances * bins).astype(np.int64), 0, bins - 1)
    gap = np.bincount(bin_of, chances - outcomes, bins)
    return float(np.abs(gap).sum() / len(chances))
