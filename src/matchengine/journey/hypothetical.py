"""Inputs as they would be if a person had answered a question as others did: exact, and nothing is written.

The person keeps everything of their own, and one missing part is read from the row of somebody else who has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray, PairBatch
from matchengine.pool.inputs import Inputs
from matchengine.scene import Scene

__all__ = ["Part", "WhatIf"]


@dataclass(frozen=True)
class Part:
    """A part of a person's record that one question fills.

    Attributes
    ----------
    texts : tuple of str
        Its text fields.
    columns : tuple of str
        Its columns; the first tells whether the part is known.
    pairs : tuple of str
        Pair features that are worked out from one of the columns and not through them.
    """

    texts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()

    def feeds(self, name: str) -> bool:
        """Whether an input of this name would change with the part."""
        side, _dash, rest = name.partition("_")
        if side == "items":
            return rest.partition("_")[0] in self.texts
        return (side == "requester" and rest in self.columns) or (side == "pair" and rest in self.pairs)


class WhatIf(Inputs):
    """Inputs of H × C pairs of one person with C candidates, under H answers of others to one question.

    Parameters
    ----------
    scene : Scene
    row : int
        Row of the person among the requesters.
    donors : int array (H,)
        Rows of those whose answers are tried.
    candidates : int array (C,)
        Rows of the candidates; every answer is tried with each of them.
    part : Part
        What is read from the donors.
    """

    def __init__(self, scene: Scene, row: int, donors: IntArray, candidates: IntArray, part: Part) -> None:
        self._scene, self._part = scene, part
        rows = np.full(len(donors) * len(candidates), row, np.int32)
        theirs = np.tile(candidates.astype(np.int32), len(donors))
        weights = scene.config.retrieve.semantic, scene.config.retrieve.lexical
        super().__init__(scene.pool, scene.kind.sides, PairBatch(rows, theirs), *weights)
        self._everybody = False  # candidates repeat, so their rows are never the whole table in its order
        self._given = np.repeat(donors.astype(np.int32), len(candidates))

    @cached_property
    def _donors(self) -> Inputs:
        """Inputs of the donors themselves with the same candidates."""
        return self._scene.inputs(PairBatch(self._given, self.batch.candidate_rows))

    def _make(self, name: str) -> Any:
        side, _dash, rest = name.partition("_")
        if self._part.feeds(name) and (side == "items" or rest in _WHOLE):
            return self._donors[name]
        return super()._make(name)

    def _column(self, side: str, name: str) -> NDArray[Any]:
        if side == "requester" and name in self._part.columns:
            whole: NDArray[Any] = self._whole(self._requesters, name)[self._given]
            return whole
        return super()._column(side, name)


_WHOLE = frozenset({"common_minutes", "distance_km", "distance_error_km"})
"""Pair features that come from one column of the requester alone, and so are those of the donor."""
