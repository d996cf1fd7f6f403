"""What metrics share: lists that are put in order once, and the settings on which tools differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import Field

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.comparison import Case, Lists
from matchengine.errors import DataError
from matchengine.metrics.kernel import Gain, Marked, ideal_dcg, worth_of
from matchengine.metrics.order import Ranked, Ties, Unknown

__all__ = [
    "CLOSED",
    "DIVIDED",
    "RANKING",
    "Depth",
    "Judged",
    "mean_of",
    "once",
    "one",
    "per_person",
    "reverse_of",
    "share",
]

Depth = Annotated[int, Field(ge=1)]
"""How many of the first places count."""
CLOSED = {"missing": "0", "norel": "skip", "cand": "eligible"}
"""People without a list get 0, people without anybody suitable are left out, all eligible candidates are ranked."""
RANKING = {"disc": "log2(r+1)", **CLOSED}
DIVIDED = {"over": "min(R,k)", **CLOSED}
Made = TypeVar("Made")


def once(owner: Any, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what `make` gives, worked out once for each object and key; a copy with other scores starts anew."""
    kept: dict[Hashable, Any] = owner.__dict__.setdefault("_measured", {})
    if key not in kept:
        kept[key] = make()
    made: Made = kept[key]
    return made


class Judged:
    """Lists in order with their suitable candidates, as one choice of ties and unknown outcomes sees them."""

    def __init__(self, ranked: Ranked) -> None:
        self.ranked = ranked
        lists = ranked.lists
        self.marked = Marked.of(ranked, lists.gain)
        self._at = np.flatnonzero(lists.gain > 0)
        self.suitable = np.bincount(lists.person[self._at], minlength=lists.people)
        self._ideal: dict[tuple[int | None, Gain], FloatArray] = {}

    @classmethod
    def of(cls, lists: Lists, ties: Ties = "average", seed: int = 0, unknown: Unknown = "irrelevant") -> Judged:
        """Return them, worked out once for each choice."""
        return once(lists, (ties, seed, unknown), lambda: cls(Ranked.of(lists, ties=ties, seed=seed, unknown=unknown)))

    def ideal(self, k: int | None, gain: Gain) -> FloatArray:
        """DCG of the best possible order, float64 (N,)."""
        lists = self.ranked.lists
        if (k, gain) not in self._ideal:
            worth = worth_of(lists.gain[self._at], gain)
            self._ideal[k, gain] = ideal_dcg(lists.people, lists.person[self._at], worth, k)
        return self._ideal[k, gain]

    def among(self, value: FloatArray, whole: FloatArray | IntArray | None = None) -> FloatArray:
        """Divide what was found by what there is, NaN for whoever has nobody suitable, float64 (N,)."""
        return share(value, self.suitable if whole is None else whole, self.suitable > 0)


def share(part: FloatArray | IntArray, whole: FloatArray | IntArray, where: BoolArray) -> FloatArray:
    """Divide and keep within [0, 1], NaN elsewhere: rounding may pass 1 by the last digit."""
    out = np.full(len(part), np.nan)
    np.divide(part, whole, out=out, where=where)
    found: FloatArray = np.clip(out, 0.0, 1.0)
    return found


def per_person(value: FloatArray, judged: Judged) -> FloatArray:
    """NaN for whoever has nobody suitable, float64 (N,)."""
    found: FloatArray = np.where(judged.suitable > 0, value, np.nan)
    return found


def reverse_of(case: Case) -> Lists:
    """The lists of the candidates; DataError where the case has none."""
    if case.reverse is None:
        raise DataError("the case has no lists of the candidates (reverse)")
    return case.reverse


def mean_of(values: FloatArray) -> float:
    """Mean over the units that have a value; NaN where none has."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def one(value: float) -> FloatArray:
    """The value of a metric that has one for everybody, float64 (1,)."""
    return np.array([value], np.float64)
