"""A pool of possible exchanges as arrays, and the exchanges chosen (domain.md D1, D2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray

__all__ = ["Exchange", "SwapGraph", "SwapPlan"]


@dataclass(frozen=True)
class SwapGraph:
    """Who could take whose place, and what they would gain.

    A vertex is a relationship (its mentee takes, its mentor gives) or a starter, which only gives: a free place with a
    mentor. An arc i → j says that the mentee of i would spend the period with the mentor of j. Only arcs that every
    rule and every floor allow are here.

    Attributes
    ----------
    vertices : int
        V.
    source, target : int32 array (E,)
        Ordered by source, then target; no arc twice, none from a vertex to itself, none out of a starter.
    gain : float64 array (E,)
        In (0, 1].
    starter : bool array (V,)
    priority : float64 array (V,)
        Weight of the gain of each vertex's mentee, 1 for everybody or more for who waited in earlier rounds.
    lottery : uint64 array (V,)
        Seeded draws, all different, that break ties: the smaller number comes first.
    """

    vertices: int
    source: IntArray
    target: IntArray
    gain: FloatArray
    starter: BoolArray
    priority: FloatArray
    lottery: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True)
class Exchange:
    """One cycle or chain: `members` int64 (K,), each takes the place of the next.

    In a cycle the last takes the place of the first. A chain ends with its starter, whose place the one before takes;
    the place of its first member stays empty for the period. `arcs` int64 are positions of the arcs used, K of a cycle
    and K − 1 of a chain. `weight` is Σ priority·gain · (1 − q)^arcs.
    """

    members: IntArray
    arcs: IntArray
    chain: bool
    weight: float


@dataclass(frozen=True)
class SwapPlan:
    """Exchanges that share no vertex, in a fixed order: heaviest first.

    Attributes
    ----------
    objective : str
    value, bound : float
        Weight reached and the proven upper bound of the weight (for `max_weight`), or of what the objective maximises.
    proven : bool
        Whether the value is the best possible.
    finished : bool
        False when a clock stopped the search: then the same run may choose otherwise.
    """

    exchanges: tuple[Exchange, ...]
    objective: str
    value: float
    bound: float
    proven: bool
    finished: bool = True
    steps: dict[str, int] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far the value may be below the best possible, as a share of the bound."""
        return max((self.bound - self.value) / self.bound, 0.0) if self.bound > 0 else 0.0
