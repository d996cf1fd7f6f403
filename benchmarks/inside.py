"""The few looks inside an engine that the figures need, in one place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.worlds import KIND
from matchengine.batch import PairBatch
from matchengine.engine import Engine
from matchengine.pool.inputs import Inputs
from matchengine.scene import Scene

__all__ = ["eligible", "inputs", "match_kind", "row_of", "scene", "views"]


def match_kind(engine: Engine, kind: str = KIND) -> Any:
    """Return a kind of match with its scorers, rules and sides."""
    return engine._kinds[kind]


def scene(engine: Engine, kind: str = KIND) -> Scene:
    """Return an engine's data for one kind of match."""
    return engine._scene(kind)


def row_of(engine: Engine, person: str) -> int:
    """Return a person's row in the table of requesters."""
    row: int = engine._pool.tables[match_kind(engine).sides.requesters].row_of[person]
    return row


def eligible(engine: Engine, person: str) -> NDArray[np.int64]:
    """Return the rows of the candidates that every hard rule lets pass."""
    return np.asarray(scene(engine).eligible(row_of(engine, person)), np.int64)


def inputs(engine: Engine, batch: PairBatch) -> Inputs:
    """Return the inputs of a batch of pairs."""
    return scene(engine).inputs(batch)


def views(engine: Engine) -> list[tuple[Any, Any]]:
    """Return the pairs of text fields that are compared and hold texts, requester's side first."""
    match, fields = match_kind(engine), engine._pool.fields
    pairs = [
        (fields[f"{match.sides.requesters}.{a}"], fields[f"{match.sides.candidates}.{b}"]) for a, b in match.item_views
    ]
    return [(left, right) for left, right in pairs if len(left.texts) and len(right.texts)]
