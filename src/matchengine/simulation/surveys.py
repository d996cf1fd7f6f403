"""What people say when they are asked: noisy, crowded at the top, and missing where it would be bad news."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray

__all__ = ["Asked", "answered", "rating"]

_SPREAD = 4.0
_CONTENT = 4.0
_GONE = 0.8
_HABIT = 0.4


@dataclass(frozen=True, eq=False)
class Asked:
    """Who is asked, with dice: noise (p,) standard normal, luck (p,) in (0, 1), reliability (p,), ended (p,)."""

    noise: FloatArray
    luck: FloatArray
    reliability: FloatArray
    ended: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def rating(knobs: Knobs, felt: FloatArray, noise: FloatArray) -> FloatArray:
    """Return ratings from 1 to 5 for what is felt (0 to 1): logistic, shifted up, so that most say 4 or 5."""
    odds = _SPREAD * (felt - 0.5) + knobs.satisfaction_ceiling + knobs.satisfaction_noise * noise
    return np.clip(np.floor(1.0 + 5.0 / (1.0 + np.exp(-odds))), 1.0, 5.0)


def answered(knobs: Knobs, felt: FloatArray, asked: Asked) -> FloatArray:
    """Return ratings of those who answer, NaN for all others.

    Who is less content, less reliable, or gone, answers less often: missing not at random.
    """
    given = rating(knobs, felt, asked.noise)
    truly = 1.0 + 5.0 * np.clip(felt, 0.0, 1.0)
    odds = knobs.answering + knobs.answering_by_satisfaction * np.minimum(truly - _CONTENT, 1.0)
    odds = odds + _HABIT * asked.reliability - _GONE * asked.ended
    return np.where(asked.luck < 1.0 / (1.0 + np.exp(-odds)), given, np.nan)
