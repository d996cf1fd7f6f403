"""Inference where people share candidates: differences correlate whenever two units share one, in either arm.

Two mentees whom a strategy gives the same mentor are not two independent observations, and cohorts do not tell: the
mentor may have both in different cohorts. The variance of the mean sums the products of residuals over every pair of
units that share a candidate or a cluster (Fafchamps and Gubert 2007; Aronow, Samii and Assenova 2015; domain.md H10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.checks import codes, numbers
from matchengine.inference.clusters import Spread

__all__ = ["Dyadic", "Sharing", "dyadic_spread"]

_ROWS = 512
"""Units whose links are looked at together."""
_DEPENDENT = 4.0
"""Fewer independent groups than this and nothing is inferred; the size of the test was simulated down to here."""


@dataclass(frozen=True)
class Sharing:
    """Which candidates each unit has, in either arm, as flat arrays.

    Attributes
    ----------
    unit : int array (L,)
        Position of a unit, 0 to N − 1.
    candidate : int array (L,)
        Code of a candidate that this unit has in one arm or the other; repeats are harmless.
    """

    unit: IntArray
    candidate: IntArray


@dataclass(frozen=True)
class Dyadic:
    """A mean whose units depend on one another.

    Attributes
    ----------
    spread : Spread
        Estimate, standard error and degrees of freedom.
    effective : float
        To how many independent groups of equal size the pattern of sharing amounts, N² / (linked pairs).
    floored : bool
        Whether the summed products gave less variance than independent units would, so that the latter was used.
    nested : bool
        Whether no two units of different clusters share a candidate, so that clusters alone tell the whole dependence.
    enough : bool
        Whether there are enough independent groups to infer anything.
    """

    spread: Spread
    effective: float
    floored: bool
    nested: bool
    enough: bool


def dyadic_spread(difference: FloatArray, sharing: Sharing, cluster: IntArray | None = None) -> Dyadic:
    """Return a mean difference with its dyadic-cluster-robust standard error.

    Parameters
    ----------
    difference : float64 array (N,)
        Finite, N >= 2.
    sharing : Sharing
        The candidates of each unit in either arm; a unit without any depends on nobody through them.
    cluster : int array (N,), optional
        Clusters; units of one cluster depend on one another too. Negative is unknown: these form one cluster.

    Returns
    -------
    Dyadic
        With e the residuals and A the 0/1 matrix of linked pairs (each unit linked to itself), V = e'Ae / N², times
        Γ / (Γ − 1) with Γ = N² / 1'A1, which undoes that residuals sum to zero (for equal clusters: G / (G − 1)).
        A is not positive semidefinite in general, so V can come out too small or below zero, as when a one-to-one
        matching makes differences cancel; it is then replaced by the variance of independent units, which can only
        make the test more cautious. Degrees of freedom by Satterthwaite for e'Ae under independence (G − 1 for equal
        clusters).

    Raises
    ------
    DataError
        For links to units that do not exist, or arrays of different lengths.
    """
    values = numbers(_("differences"), difference)
    size = len(values)
    group = None if cluster is None else codes(_("clusters"), cluster, size)
    links = _links(sharing, size)
    residual = values - values.mean()
    degree, products, nested = np.zeros(size), 0.0, group is not None
    for start in range(0, size, _ROWS):
        rows = slice(start, min(size, start + _ROWS))
        linked = (links[rows] @ links.T).toarray() > 0
        linked[np.arange(linked.shape[0]), np.arange(start, start + linked.shape[0])] = True
        if group is not None:
            same = group[rows, None] == group
            nested = nested and not (linked & ~same).any()
            linked |= same
        degree[rows] = linked.sum(axis=1)
        products += float(residual[rows] @ (linked @ residual))
    pairs = float(degree.sum())
    effective = size**2 / pairs
    alone = float(residual @ residual) / size**2 * size / (size - 1)
    together = products / size**2 * effective / (effective - 1) if effective > 1 else 0.0
    floored = together < alone
    expected, noise = size - pairs / size, pairs - 2 * float(degree @ degree) / size + pairs**2 / size**2
    degrees = max(1.0, expected**2 / noise) if noise > 0 else 1.0
    spread = Spread(float(values.mean()), float(np.sqrt(max(together, alone))), degrees)
    return Dyadic(spread, effective, floored, nested, effective >= _DEPENDENT)


def _links(sharing: Sharing, size: int):  # type: ignore[no-untyped-def]
    from scipy.sparse import csr_array

    unit, candidate = np.asarray(sharing.unit), np.asarray(sharing.candidate)
    if unit.shape != candidate.shape or unit.ndim != 1:
        raise DataError(_("shared candidates: expected one candidate for each unit named, as two rows of one length"))
    if len(unit) and (unit.min() < 0 or unit.max() >= size):
        raise DataError(_("shared candidates: expected positions of units from 0 to {last}", last=size - 1))
    _names, code = np.unique(candidate, return_inverse=True)
    return csr_array((np.ones(len(unit), np.int32), (unit, code)), shape=(size, max(1, len(_names))))
