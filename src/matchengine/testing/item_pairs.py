"""Build `ItemPairs` from plain arrays: for tests, not for speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import ItemPairs, Segments, read_only

__all__ = ["make_item_pairs"]


def make_item_pairs(
    left_items: Sequence[NDArray[Any]],
    right_items: Sequence[NDArray[Any]],
    left: Mapping[str, NDArray[Any]],
    right: Mapping[str, NDArray[Any]],
    likeness: Mapping[str, NDArray[Any]],
    fields: tuple[str, str] = ("needs", "offers"),
    sources: tuple[tuple[str, ...], tuple[str, ...]] = (("goals", "wants"), ("offers",)),
) -> ItemPairs:
    """Build `ItemPairs` from plain arrays, pair by pair: for tests, not for speed.

    Parameters
    ----------
    left_items, right_items : sequences of int arrays
        For each pair the positions of its items in `left` and `right`.
    left, right : mappings
        Columns `text`, `level`, `priority`, `source` of all items, shape (n,).
    likeness : mapping
        `phi`, `lexical` and `similarity` of left and right texts, shape (texts, texts).
    """
    counts = [(len(mine), len(theirs)) for mine, theirs in zip(left_items, right_items, strict=True)]
    both = [position for position, (m, n) in enumerate(counts) if m and n]
    grid = [np.meshgrid(left_items[p], right_items[p], indexing="ij") for p in both]
    mine = _joined([g[0].ravel() for g in grid])
    theirs = _joined([g[1].ravel() for g in grid])
    rows = np.array([counts[p][0] for p in both], np.int64)
    wide = np.array([counts[p][1] for p in both], np.int64)
    left_of = np.repeat(np.arange(sum(rows)), np.repeat(wide, rows))
    bases = np.cumsum(wide) - wide
    right_of = _joined([np.tile(np.arange(w), r) + b for r, w, b in zip(rows, wide, bases, strict=True)])
    order = np.argsort(right_of, kind="stable")
    values: dict[str, Any] = {
        name: matrix[left["text"][mine], right["text"][theirs]] for name, matrix in likeness.items()
    }
    return ItemPairs(
        pairs=len(counts),
        left=_segments(_joined([left_items[p] for p in both]), np.repeat(both, rows), left, left_of, None),
        right=_segments(_joined([right_items[p] for p in both]), np.repeat(both, wide), right, right_of[order], order),
        left_of=read_only(left_of),
        right_of=read_only(right_of),
        left_field=fields[0],
        right_field=fields[1],
        sources=sources[0],
        right_sources=sources[1],
        phi=read_only(values["phi"].astype(np.float32)),
        lexical=read_only(values["lexical"].astype(np.float32)),
        similarity=read_only(values["similarity"].astype(np.float32)),
    )


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)


def _segments(
    items: NDArray[Any],
    pair: NDArray[Any],
    columns: Mapping[str, NDArray[Any]],
    of_sorted: NDArray[Any],
    order: NDArray[Any] | None,
) -> Segments:
    starts = np.searchsorted(of_sorted, np.arange(len(items)))
    picked = {name: read_only(columns[name][items]) for name in ("text", "level", "priority", "source")}
    return Segments(
        starts=read_only(starts),
        order=None if order is None else read_only(order),
        pair=read_only(pair.astype(np.int64)),
        **picked,
    )
