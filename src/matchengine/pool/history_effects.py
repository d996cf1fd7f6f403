"""How readily each person says yes, and how readily others say yes to them: a logistic model with two shrunk effects.

    log-odds that i says yes to j = base + ready_i + liked_j,   ready ~ N(0, s²), liked ~ N(0, t²)

The variances are estimated from the answers themselves (empirical Bayes with the Laplace approximation; Breslow and
Clayton 1993). Plain functions of arrays; nothing here knows a person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["Effects", "Prior", "alone", "estimate_prior", "fit", "log_odds", "share"]

_SWEEPS, _CLOSE = 200, 1e-9
_PSEUDO = 4.0
"""So many people of variance 1 stand in for what is known of the variances before anybody answers."""
_LEAST, _MOST = 1 / 16, 4.0
_BASE = 4.0
"""Variance of the average: shares of yes from 2 to 98 in every 100 are within two standard deviations."""


class Prior(NamedTuple):
    """Variances of readiness and of being liked, in log-odds."""

    ready: float
    liked: float


class Effects(NamedTuple):
    """Readiness to say yes and being liked, float64 (n,) log-odds each, 0 where nothing is known; and the average."""

    ready: FloatArray
    liked: FloatArray
    base: float


def share(odds: FloatArray | float) -> FloatArray:
    """Probability of log-odds."""
    found: FloatArray = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    return found


def log_odds(probability: FloatArray | float) -> FloatArray:
    """Log-odds of a probability in (0, 1)."""
    found: FloatArray = np.log(probability) - np.log1p(-np.asarray(probability))
    return found


def fit(one: IntArray, other: IntArray, yes: FloatArray, people: int, prior: Prior) -> Effects:
    """Most probable effects and average, by Newton steps for all who answer and all answered about in turn.

    Parameters
    ----------
    one, other : int arrays (A,)
        Who answered, about whom, below `people`.
    yes : float array (A,)
        1 or 0.
    people : int
    prior : Prior

    Returns
    -------
    Effects
        Arrays (people,), rounded to 1e-6; the order of the answers does not matter.
    """
    effects = Effects(np.zeros(people), np.zeros(people), 0.0)
    for _sweep in range(_SWEEPS):
        moved, _curves = _sweep_once(one, other, yes, effects, prior)
        changes = [moved.ready - effects.ready, moved.liked - effects.liked, np.array([moved.base - effects.base])]
        effects = moved
        if np.abs(np.concatenate(changes)).max() < _CLOSE:
            break
    return Effects(effects.ready.round(6), effects.liked.round(6), round(effects.base, 6))


def _sweep_once(
    one: IntArray, other: IntArray, yes: FloatArray, now: Effects, prior: Prior
) -> tuple[Effects, tuple[FloatArray, FloatArray]]:
    """One Newton step of the average and of either kind of effect in turn, and the curvatures of the latter."""
    expected = share(now.base + now.ready[one] + now.liked[other])
    slope, curve = (yes - expected).sum() - now.base / _BASE, (expected * (1 - expected)).sum() + 1 / _BASE
    base = now.base + float(slope / curve)
    step, ready_curve = _newton(one, base + now.liked[other], yes, now.ready, prior.ready)
    ready = now.ready + step
    step, liked_curve = _newton(other, base + ready[one], yes, now.liked, prior.liked)
    return Effects(ready, now.liked + step, base), (ready_curve, liked_curve)


def _newton(
    whose: IntArray, offset: FloatArray, yes: FloatArray, now: FloatArray, variance: float
) -> tuple[FloatArray, FloatArray]:
    expected = share(offset + now[whose])
    curve = np.bincount(whose, expected * (1 - expected), len(now)) + 1 / variance
    slope = np.bincount(whose, yes - expected, len(now)) - now / variance
    return slope / curve, curve


def estimate_prior(one: IntArray, other: IntArray, yes: FloatArray, people: int) -> Prior:
    """Variances from the answers; coarsely rounded, so that one person's answer hardly ever shows in them.

    Returns
    -------
    Prior
        Both in [1/16, 4], rounded to powers of the square root of 2; 1 without answers.
    """
    prior, effects = Prior(1.0, 1.0), Effects(np.zeros(people), np.zeros(people), 0.0)
    seen = [np.bincount(whose, minlength=people) > 0 for whose in (one, other)]
    for _sweep in range(_SWEEPS if len(yes) else 0):
        effects, curves = _sweep_once(one, other, yes, effects, prior)
        prior = Prior(
            *(
                (float((of[some] ** 2 + 1 / curve[some]).sum()) + _PSEUDO) / (int(some.sum()) + _PSEUDO)
                for of, curve, some in zip((effects.ready, effects.liked), curves, seen, strict=True)
            )
        )
    return Prior(_coarse(prior.ready), _coarse(prior.liked))


def _coarse(variance: float) -> float:
    return float(2 ** (np.round(2 * np.log2(np.clip(variance, _LEAST, _MOST))) / 2))


def alone(offset: FloatArray, yes: FloatArray, prior: Prior) -> tuple[float, FloatArray]:
    """Readiness of one person given how liked those are about whom they answered, with all answers and without each.

    Parameters
    ----------
    offset : float array (n,)
        Average and liking of each one they answered about, log-odds.
    yes : float array (n,)

    Returns
    -------
    tuple of float and float array (n,)
        With all answers, and with all but one.
    """
    size = len(yes)
    kept = np.vstack([np.ones((1, size)), 1 - np.eye(size)])
    now = np.zeros(size + 1)
    for _sweep in range(_SWEEPS):
        expected = share(offset + now[:, None])
        curve = (kept * expected * (1 - expected)).sum(axis=1) + 1 / prior.ready
        step = ((kept * (yes - expected)).sum(axis=1) - now / prior.ready) / curve
        now = now + step
        if np.abs(step).max() < _CLOSE:
            break
    return float(now[0].round(6)), now[1:].round(6)
