"""How much work a search may do: counts of steps, and a clock that only stops it (domain.md G6)."""

from __future__ import annotations

import time
from dataclasses import dataclass

__all__ = ["Clock", "Work"]


@dataclass(frozen=True)
class Work:
    """Limits of the search for swaps; the same numbers on the same pool give the same plan.

    Attributes
    ----------
    exchanges : int
        Most cycles and chains that are enumerated.
    price_steps : int
        Steps towards the best prices, which give the upper bound.
    windows, window, nodes_each : int
        How many neighbourhoods are solved anew, how many people the first ones have, branch-and-bound nodes of each.
    exact_people : int
        Up to so many people who could be swapped the whole pool is solved by branch and bound.
    nodes : int
        Branch-and-bound nodes for the whole pool.
    levels : int
        Problems solved for `leximin_gain`: after so many raised levels the rest is decided by weight.
    """

    exchanges: int = 4_000_000
    price_steps: int = 800
    windows: int = 3_000
    window: int = 40
    nodes_each: int = 60
    exact_people: int = 300
    nodes: int = 10_000
    levels: int = 60


class Clock:
    """Seconds that are left; remembers whether it ever struck."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self.struck = False

    @property
    def left(self) -> float | None:
        """Seconds that are left, at least a hundredth; None without a clock."""
        return None if self._end is None else max(self._end - time.monotonic(), 0.01)

    def over(self) -> bool:
        """Whether the time is up."""
        if self._end is not None and time.monotonic() >= self._end:
            self.struck = True
        return self.struck
