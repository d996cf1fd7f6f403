"""How well the step that a gathering asks for fits the rung a person chose (domain.md C5, exposure ladder)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray

__all__ = ["LEVELS", "ladder", "ladder_of_any_level"]

LEVELS = np.arange(5.0)
"""0 one friendly contact, 1 two to five people, 2 a beginner group, 3 an open regular group, 4 a large event."""
_AHEAD = 0.5


def ladder(level: FloatArray, rung: FloatArray, *, over: float = 0.7, under: float = 1.5) -> FloatArray:
    """exp(-d² / 2σ²) with d = level - (rung + ½); float in (0, 1], NaN where either is unknown.

    Parameters
    ----------
    level, rung : float arrays, broadcast against each other
        0 to 4: how big a step it is to come, and the biggest step that feels all right to the person.
    over, under
        σ where the step is too big (d > 0), and where it is small; the first is smaller, so that too much is worse.
    """
    distance = level - (rung + _AHEAD)
    width = np.where(distance > 0, over, under)
    fit: FloatArray = np.exp(-((distance / width) ** 2) / 2)
    return fit


def ladder_of_any_level(rung: FloatArray, *, over: float = 0.7, under: float = 1.5) -> FloatArray:
    """Mean of `ladder` over all five levels, (P,): what to expect where nobody said how big the step is."""
    whole = np.asarray(rung, np.float64)[..., None]
    mean: FloatArray = ladder(LEVELS, whole, over=over, under=under).mean(axis=-1)
    return mean
