"""Shared tags: what most matching packages do (domain.md H11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy

__all__ = ["overlap", "tag_overlap"]

_AT_ONCE = 1 << 18


@strategy("tag_overlap", title="Shared tags", baseline=True)
def tag_overlap(asked: Asked, *, share_of: Literal["both", "requester"] = "both") -> FloatArray:
    """Score a pair by the share of its tags that both have.

    Parameters
    ----------
    asked : Asked
    share_of : str
        `both`: of all tags that either has (Jaccard); `requester`: of those the requester has.

    Returns
    -------
    float64 array (P,)
        In [0, 1]; 0 where either has no tag: as in such packages, nothing is shared and the pair comes last.
    """
    return overlap(asked, share_of)


def overlap(asked: Asked, share_of: str = "both") -> FloatArray:
    """Share of tags that both of each pair have, float64 (P,)."""
    tags = sorted(set().union(*asked.requester_tags, *asked.candidate_tags))
    if not tags or not asked.requester_tags or not asked.candidate_tags:
        return np.zeros(len(asked))
    number = {tag: n for n, tag in enumerate(tags)}
    one, other = _bits(asked.requester_tags, number), _bits(asked.candidate_tags, number)
    sizes = _count(one), _count(other)
    out = np.zeros(len(asked))
    for start in range(0, len(asked), _AT_ONCE):
        at = slice(start, start + _AT_ONCE)
        who, whom = asked.requester[at], asked.candidate[at]
        shared = _count(one[who] & other[whom])
        whole = sizes[0][who] if share_of == "requester" else sizes[0][who] + sizes[1][whom] - shared
        out[at] = shared / np.maximum(whole, 1)
    return out


def _bits(tags: Sequence[frozenset[str]], number: dict[str, int]) -> NDArray[np.uint64]:
    """Tags of each as bits, uint64 (N, W)."""
    out = np.zeros((len(tags), -(-len(number) // 64)), np.uint64)
    for row, own in enumerate(tags):
        for tag in own:
            word, bit = divmod(number[tag], 64)
            out[row, word] |= np.uint64(1) << np.uint64(bit)
    return out


def _count(bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    return found
