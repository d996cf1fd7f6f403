"""Item pairs from small grids of similarities, written down by hand in a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from matchengine.batch import ItemPairs
from matchengine.testing.item_pairs import make_item_pairs


def _columns(counts: Sequence[int], given: dict[str, Any]) -> dict[str, Any]:
    total = sum(counts)
    plain = {
        "text": np.arange(total, dtype=np.int32),
        "level": np.full(total, np.nan, np.float32),
        "priority": np.ones(total, np.float32),
        "source": np.zeros(total, np.int8),
    }
    return plain | {name: np.asarray(values, plain[name].dtype) for name, values in given.items()}


def _items_of(
    *grids: Any,
    left: dict[str, Any] | None = None,
    right: dict[str, Any] | None = None,
    fields: tuple[str, str] = ("needs", "offers"),
) -> ItemPairs:
    """One grid of similarities (left items, right items) per pair; texts are numbered through on each side."""
    shapes = [np.shape(grid) for grid in grids]
    lefts, rights = [s[0] for s in shapes], [s[1] for s in shapes]
    rows, columns = np.cumsum([0, *lefts]), np.cumsum([0, *rights])
    likeness = np.full((rows[-1], columns[-1]), np.nan)
    for n, grid in enumerate(grids):
        likeness[rows[n] : rows[n + 1], columns[n] : columns[n + 1]] = grid
    return make_item_pairs(
        [np.arange(rows[n], rows[n + 1]) for n in range(len(grids))],
        [np.arange(columns[n], columns[n + 1]) for n in range(len(grids))],
        _columns(lefts, left or {}),
        _columns(rights, right or {}),
        {"phi": likeness, "lexical": likeness, "similarity": likeness},
        fields=fields,
        sources=(("goals", "wants"), ("goals", "wants")),
    )


@pytest.fixture(scope="session")
def items_of() -> Callable[..., ItemPairs]:
    return _items_of
