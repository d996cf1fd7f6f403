"""Closed vocabularies as bits: bit i stands for the i-th word (records/vocabulary.py)."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

__all__ = ["MaskArray", "bit"]

MaskArray = NDArray[np.uint32]


def bit(vocabulary: Any, word: str) -> np.uint32:
    """Return the bit of a word in columns of a vocabulary; a word that is not in it raises ValueError."""
    return np.uint32(1 << get_args(vocabulary).index(word))
