"""Time to an event where not everybody was watched for long: Kaplan-Meier and Aalen-Johansen.

Kaplan & Meier 1958, Greenwood 1926, Aalen & Johansen 1978; intervals on the scale log(-log), which stay in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray

__all__ = ["Incidence", "Survival", "aalen_johansen", "kaplan_meier", "log_log_interval", "restricted_mean"]

Z95 = 1.959963984540054
IntArray = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Survival:
    """Share without the event after each time at which there was one.

    Attributes
    ----------
    times : float array (T,)
        Distinct times of events, ascending.
    at_risk, events : int arrays (T,)
        How many were watched until then, and how many events there were.
    share, variance : float arrays (T,)
        Kaplan-Meier estimate just after each time, and Greenwood's variance of it.
    watched : float
        Longest time that anybody was watched.
    """

    times: FloatArray
    at_risk: IntArray
    events: IntArray
    share: FloatArray
    variance: FloatArray
    watched: float

    def at(self, time: float) -> tuple[float, float]:
        """Return estimate and variance at a time; NaN after everybody was lost from view before any end."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        value = (1.0, 0.0) if place < 0 else (float(self.share[place]), float(self.variance[place]))
        return value if time <= self.watched or value[0] == 0.0 else (float("nan"), float("nan"))


@dataclass(frozen=True, slots=True)
class Incidence:
    """Cumulative incidence of one kind of event among competing ones; arrays as in `Survival`, `share` rises.

    `settled` says that everybody had an event of some kind in the end, so that nothing more can come.
    """

    times: FloatArray
    share: FloatArray
    variance: FloatArray
    watched: float
    settled: bool

    def at(self, time: float) -> tuple[float, float]:
        """Return estimate and variance at a time; NaN where nobody was watched for so long."""
        if time > self.watched and not self.settled:
            return float("nan"), float("nan")
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        return (0.0, 0.0) if place < 0 else (float(self.share[place]), float(self.variance[place]))


def kaplan_meier(durations: FloatArray, ended: NDArray[np.bool_]) -> Survival:
    """Return the Kaplan-Meier estimate; who is lost from view at a time counts as watched at that time.

    Parameters
    ----------
    durations : float array (N,)
        Time watched, from 0.
    ended : bool array (N,)
        Whether the event came then; otherwise it had not come when the watching stopped.
    """
    times, at_risk, events = _counts(durations, ended)
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.cumsum(events / (at_risk * (at_risk - events)))
        variance = np.where(share > 0, share**2 * terms, 0.0)
    return Survival(times, at_risk, events, share, variance, _longest(durations))


def restricted_mean(curve: Survival, until: float) -> tuple[float, float]:
    """Return the mean time without the event up to `until`, and its variance; NaN where the curve does not reach it."""
    if np.isnan(curve.at(until)[0]):
        return float("nan"), float("nan")
    inside = curve.times < until
    steps = np.concatenate([[0.0], curve.times[inside], [until]])
    heights = np.concatenate([[1.0], curve.share[inside]])
    areas = np.diff(steps) * heights
    left = np.cumsum(areas[::-1])[::-1][1:]  # area from each event on
    events, at_risk = curve.events[inside], curve.at_risk[inside]
    terms = np.divide(events, at_risk * (at_risk - events), out=np.zeros(len(events)), where=at_risk > events)
    return float(areas.sum()), float((left**2 * terms).sum())


def aalen_johansen(durations: FloatArray, causes: IntArray, cause: int) -> Incidence:
    """Return the cumulative incidence of one cause among competing ones.

    Parameters
    ----------
    durations : float array (N,)
    causes : int array (N,)
        What happened then: 0 nothing (the watching stopped), 1, 2 … the kinds of event.
    cause : int
        The one that is asked for.

    Notes
    -----
    The variance is the delta-method estimate for multinomial increments, which equals Greenwood's where there is one
    cause.
    """
    times, at_risk, everything = _counts(durations, causes != 0)
    events = np.searchsorted(np.sort(durations[causes == cause]), times, "right") - np.searchsorted(
        np.sort(durations[causes == cause]), times, "left"
    )
    free = np.cumprod(1 - everything / at_risk)
    before = np.concatenate([[1.0], free[:-1]]) if len(times) else free
    share = np.cumsum(before * events / at_risk)
    variance = _incidence_variance(share, before, at_risk, everything, events)
    return Incidence(times, share, variance, _longest(durations), bool(len(free) and free[-1] <= 0))


def log_log_interval(share: float, variance: float, z: float = Z95) -> tuple[float, float]:
    """Return the interval of a share that a curve gives, on the scale log(-log); NaN at 0 and 1, where it has none."""
    if not 0.0 < share < 1.0:
        return float("nan"), float("nan")
    width = z * np.sqrt(variance) / (share * abs(np.log(share)))
    low, high = share ** np.exp(width), share ** np.exp(-width)
    return float(low), float(high)


def _counts(durations: FloatArray, ended: NDArray[np.bool_]) -> tuple[FloatArray, IntArray, IntArray]:
    times, events = np.unique(durations[ended], return_counts=True)
    ordered = np.sort(durations)
    at_risk = len(durations) - np.searchsorted(ordered, times, side="left")
    return times.astype(np.float64), at_risk, events


def _incidence_variance(
    share: FloatArray, before: FloatArray, at_risk: IntArray, everything: IntArray, events: IntArray
) -> FloatArray:
    """Sum over times s of what each adds to the variance of the incidence at each later time t."""
    hazard_all = np.divide(
        everything, at_risk * (at_risk - everything), out=np.zeros(len(share)), where=at_risk > everything
    )
    own = before**2 * events * (at_risk - events) / np.maximum(at_risk.astype(np.float64) ** 3, 1.0)
    crossed = before * events / at_risk.astype(np.float64) ** 2
    # sum over s <= t of (I(t) - I(s))^2 a(s) + b(s) - 2 (I(t) - I(s)) c(s), with running sums
    s0, s1, s2 = np.cumsum(hazard_all), np.cumsum(share * hazard_all), np.cumsum(share**2 * hazard_all)
    c0, c1 = np.cumsum(crossed), np.cumsum(share * crossed)
    variance = share**2 * s0 - 2 * share * s1 + s2 + np.cumsum(own) - 2 * (share * c0 - c1)
    return np.asarray(np.maximum(variance, 0.0), np.float64)


def _longest(durations: FloatArray) -> float:
    return float(durations.max()) if len(durations) else 0.0
