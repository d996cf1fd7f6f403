"""Ranking by how likely a market with transferable utility would match a pair (domain.md G5, number 2).

Choo and Siow (2006): with systematic surplus Φ and noise of scale β the equilibrium mass of a pair is a K b with
K = exp(Φ / 2β), where a² and b² are the masses of those who stay unmatched on either side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.planning.exposure.market import Market

__all__ = ["Equilibrium", "equilibrium"]

_LOGARITHMS_BELOW = 0.02
"""From this β down the arithmetic is done in logarithms: exp(Φ / 2β) would swallow everything beside it."""


class Equilibrium(NamedTuple):
    """Masses of a market at rest.

    Attributes
    ----------
    log_mass : float64 array (A,)
        Logarithm of μ of each pair; a list ranks by it.
    log_alone, log_unused : float64 array (R,) and (C,)
        Logarithms of a² and b²: mass of each requester, and of each candidate's places, that stays unmatched. So a list
        ranks by Φ + β · log_unused of the candidate too.
    rounds : int
    error : float
        Largest gap of any margin, as a share of what it should be: a requester's masses with a² should add up to what
        they ask for, a
        candidate's with b² to the free places.
    """

    log_mass: FloatArray
    log_alone: FloatArray
    log_unused: FloatArray
    rounds: int
    error: float


class _Side(NamedTuple):
    """The pairs in the order of one side, where each run starts, and whose it is."""

    order: IntArray
    starts: IntArray
    who: IntArray

    @classmethod
    def of(cls, member: IntArray) -> _Side:
        order = np.argsort(member, kind="stable")
        starts = np.flatnonzero(np.diff(member[order], prepend=-1))
        return cls(order, starts, member[order][starts])


def equilibrium(
    market: Market, *, beta: float = 0.05, tolerance: float = 1e-5, most_rounds: int = 100_000
) -> Equilibrium:
    """Solve for the masses: every requester has as much as they ask for (1), every candidate as much as free places.

    Alternates `a = √(n + (Σ K b)² / 4) − ½ Σ K b` and the same for b until all margins hold to `tolerance`. K is never
    rescaled, which would change what staying unmatched is worth. Where there are about as many places as people, a t
    and b / t hold nearly as well for any t, and alternating alone takes tens of thousands of rounds; so each round also
    takes the t at which both sides' unmatched masses agree with each other. The masses at rest are the same.

    Raises
    ------
    DataError
        When `beta` is not above 0, or the margins do not hold after `most_rounds`.
    """
    if not beta > 0:
        raise DataError(_("beta is {beta}, expected a number above 0", beta=beta))
    sides = _Side.of(market.requester), _Side.of(market.candidate)
    log_asked: FloatArray = np.log(market.asked)
    log_free: FloatArray = np.log(np.where(market.places > 0, market.places, 1))
    log_a: FloatArray = log_asked / 2
    log_b: FloatArray = log_free / 2
    log_k = market.score / (2 * beta)
    sums = _log_sums if beta < _LOGARITHMS_BELOW else _plain_sums
    surplus = float(market.asked[sides[0].who].sum() - market.places[sides[1].who].sum())
    rounds, error = 0, 0.0 if not len(market) else np.inf
    from_b = sums(log_k, log_b[market.candidate], sides[0], market.requesters)
    while error > tolerance:
        if rounds == most_rounds:
            told = N_("the market did not come to rest in {n} rounds; choose a larger beta than {beta}")
            raise DataError(_(told, n=rounds, beta=beta))
        log_a = _settled(log_asked, from_b)
        log_b = _settled(log_free, sums(log_k, log_a[market.requester], sides[1], market.candidates))
        shift = _balance(log_a[sides[0].who], log_b[sides[1].who], surplus)
        log_a[sides[0].who] += shift
        log_b[sides[1].who] -= shift
        from_b = sums(log_k, log_b[market.candidate], sides[0], market.requesters)
        from_a = sums(log_k, log_a[market.requester], sides[1], market.candidates)
        error = max(_gap(log_a, from_b, log_asked), _gap(log_b, from_a, log_free))
        rounds += 1
    log_mass = log_a[market.requester] + log_k + log_b[market.candidate]
    return Equilibrium(log_mass, 2 * log_a, np.where(market.places > 0, 2 * log_b, -np.inf), rounds, error)


Sums = Callable[[FloatArray, FloatArray, _Side, int], FloatArray]


def _settled(log_own: FloatArray, log_sum: FloatArray) -> FloatArray:
    """log of √(n + s² / 4) − s / 2, as n / (√(n + s² / 4) + s / 2), which cancels nothing."""
    half = log_sum - np.log(2)
    found: FloatArray = log_own - np.logaddexp(0.5 * np.logaddexp(log_own, 2 * half), half)
    return found


def _balance(log_a: FloatArray, log_b: FloatArray, more: float) -> float:
    """log t with t² Σa² − Σb² / t² = n − ΣC: what stays unmatched on both sides differs as people and places do."""
    alone, unused = np.exp(2 * log_a).sum(), np.exp(2 * log_b).sum()
    if not (alone and unused):
        return 0.0
    root = np.sqrt(more * more + 4 * alone * unused)
    square = (more + root) / (2 * alone) if more > 0 else 2 * unused / (root - more)
    return float(0.5 * np.log(square))


def _gap(log_own: FloatArray, log_sum: FloatArray, log_free: FloatArray) -> float:
    """Largest gap of a margin, as a share of what it should be."""
    held = np.exp(log_sum + log_own - log_free) + np.exp(2 * log_own - log_free)
    return float(np.abs(held - 1).max(initial=0))


def _log_sums(log_k: FloatArray, log_other: FloatArray, side: _Side, size: int) -> FloatArray:
    """log Σ K·other of each member of a side; −∞ for whoever is in no pair."""
    out = np.full(size, -np.inf)
    terms = (log_k + log_other)[side.order]
    out[side.who] = np.logaddexp.reduceat(terms, side.starts)
    return out


def _plain_sums(log_k: FloatArray, log_other: FloatArray, side: _Side, size: int) -> FloatArray:
    """The same by plain sums, several times faster."""
    out = np.full(size, -np.inf)
    terms = np.exp(log_k + log_other)[side.order]
    out[side.who] = np.log(np.add.reduceat(terms, side.starts))
    return out
