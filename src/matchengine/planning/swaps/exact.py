"""The cycle formulation by branch and bound (Abraham, Blum and Sandholm 2007; domain.md D2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.planning.swaps.prices import incidence

__all__ = ["Packing", "Row", "pack"]

_SCALE = 1_000.0
"""The largest value as the solver sees it: its own tolerances are absolute."""


@dataclass(frozen=True)
class Row:
    """A demand on a choice: Σ of `counts` over chosen `exchanges` is at least `least`."""

    exchanges: IntArray
    counts: FloatArray
    least: float


@dataclass(frozen=True)
class Packing:
    """What a search found: rows of the chosen exchanges, or None; a bound of the value; whether that is proven.

    `impossible` tells that the search proved that no choice meets the demands.
    """

    chosen: IntArray | None
    bound: float
    proven: bool
    impossible: bool = False
    nodes: int = 0


def pack(
    members: IntArray,
    values: FloatArray,
    vertices: int,
    rows: Sequence[Row] = (),
    nodes: int = 5_000,
    seconds: float | None = None,
) -> Packing:
    """Choose exchanges of the highest value that share no vertex, by HiGHS.

    Parameters
    ----------
    members : int32 array (C, W)
        Vertices of each exchange, -1 where there are no more.
    values : float64 array (C,)
    rows : sequence of Row
        Further demands.
    nodes : int
        Most nodes of branch and bound.
    seconds : float or None
        A clock; whoever gives one has to look at it afterwards.
    """
    from scipy.optimize import Bounds, milp

    if not len(values):
        met = all(row.least <= 0 for row in rows)
        return Packing(np.zeros(0, np.int64), 0.0, met) if met else Packing(None, 0.0, True, impossible=True)
    scale = _SCALE / max(float(np.abs(values).max()), 1e-12)
    options: dict[str, Any] = {"node_limit": nodes, "mip_rel_gap": 0.0}
    if seconds is not None:
        options["time_limit"] = seconds
    found = milp(
        -values * scale,
        constraints=_constraints(members, vertices, rows),
        integrality=np.ones(len(values)),
        bounds=Bounds(0, 1),
        options=options,
    )
    bound = float("inf") if found.mip_dual_bound is None else -float(found.mip_dual_bound) / scale
    made = int(found.mip_node_count or 0)
    if found.status == 2:
        return Packing(None, bound, True, impossible=True, nodes=made)
    if found.x is None:
        return Packing(None, bound, False, nodes=made)
    chosen = np.flatnonzero(found.x > 0.5)
    proven = found.status == 0
    return Packing(chosen, float(values[chosen].sum()) if proven else bound, proven, nodes=made)


def _constraints(members: IntArray, vertices: int, rows: Sequence[Row]) -> list[Any]:
    from scipy import sparse
    from scipy.optimize import LinearConstraint

    made = [LinearConstraint(incidence(members, vertices).T.tocsc(), ub=np.ones(vertices))]
    if rows:
        number = np.repeat(np.arange(len(rows)), [len(row.exchanges) for row in rows])
        column = np.concatenate([row.exchanges for row in rows])
        count = np.concatenate([row.counts for row in rows])
        matrix = sparse.csc_array((count, (number, column)), shape=(len(rows), len(members)))
        made.append(LinearConstraint(matrix, lb=np.array([row.least for row in rows])))
    return made
