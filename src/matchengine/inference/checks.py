"""What every function of this room asks of its arrays, said once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["codes", "numbers", "share"]


def numbers(name: str, values: Any, size: int | None = None) -> FloatArray:
    """Return values as a float64 array (N,); NaN stays NaN.

    Raises
    ------
    DataError
        When they are not one row of numbers, hold an infinite number, or are not `size` many.
    """
    try:
        array: FloatArray = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise DataError(_("{name}: expected numbers, one for each unit", name=name)) from None
    if array.ndim != 1:
        raise DataError(_("{name}: expected one row of numbers; got {n} dimensions", name=name, n=array.ndim))
    if size is not None and len(array) != size:
        raise DataError(
            _("{name}: expected {size} values, one for each unit; got {n}", name=name, size=size, n=len(array))
        )
    if np.isinf(array).any():
        raise DataError(_("{name}: expected finite numbers or NaN for unknown; found an infinite one", name=name))
    return array


def codes(name: str, labels: Any, size: int) -> IntArray:
    """Return labels as int64 codes 0, 1, … in the order of the labels; −1 where a label is unknown.

    Unknown is a negative whole number, NaN, None or an empty text.

    Raises
    ------
    DataError
        When there is not one label for each unit.
    """
    array: NDArray[Any] = np.asarray(labels)
    if array.shape != (size,):
        raise DataError(
            _(
                "{name}: expected {size} labels, one for each unit; got shape {shape}",
                name=name,
                size=size,
                shape=array.shape,
            )
        )
    if array.dtype.kind in "iuf":
        unknown = np.isnan(array) | (array < 0) if array.dtype.kind == "f" else array < 0
    else:
        unknown = np.array([label is None or label == "" or label != label for label in array.tolist()], np.bool_)
        array = np.array([str(label) for label in array.tolist()], np.str_) if size else np.zeros(0, np.str_)
    found = np.full(size, -1, np.int64)
    found[~unknown] = np.unique(array[~unknown], return_inverse=True)[1]
    return found


def share(name: str, value: float) -> float:
    """Return a number that lies strictly between 0 and 1.

    Raises
    ------
    DataError
        When it does not.
    """
    if not 0 < value < 1:
        raise DataError(_("{name}: expected a number between 0 and 1; got {value!r}", name=name, value=value))
    return float(value)
