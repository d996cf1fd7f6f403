"""Whether reasons hold, from scores that were worked out anew without what they cite (domain.md H8).

Pure functions over pairs and scorers; whoever explains supplies the scores. After DeYoung et al., ERASER (ACL 2020).
"""

from __future__ import annotations

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError

__all__ = ["comprehensiveness", "sign_agreement", "sufficiency"]


def comprehensiveness(score: FloatArray, without_cited: FloatArray) -> FloatArray:
    """What each score loses when everything cited is taken away, float64 (P,); large where reasons name what counts.

    Parameters
    ----------
    score, without_cited : float64 array (P,)
        NaN where a score could not be worked out; the result is NaN there.
    """
    _same(score, without_cited)
    return score - without_cited


def sufficiency(score: FloatArray, cited_alone: FloatArray) -> FloatArray:
    """How far each score is from the one that the cited reasons give alone, float64 (P,) at least 0; small is good."""
    _same(score, cited_alone)
    return np.abs(score - cited_alone)


def sign_agreement(stated: IntArray | FloatArray, lost: FloatArray, where: BoolArray | None = None) -> float:
    """Share of stated directions that agree with what the score loses without their scorer.

    Parameters
    ----------
    stated : array (P, S)
        1 where a reason says a scorer speaks for the pair, −1 against, 0 where none is said.
    lost : float64 array (P, S)
        Score less the score without the scorer; NaN where not known.
    where : bool array (P, S), optional
        Which reasons count; those with a stated direction otherwise.

    Returns
    -------
    float
        In [0, 1]; NaN where no reason counts.
    """
    _same(stated, lost)
    counts = (stated != 0 if where is None else where) & ~np.isnan(lost)
    return float((np.sign(stated) == np.sign(lost))[counts].mean()) if counts.any() else float("nan")


def _same(one: np.ndarray, other: np.ndarray) -> None:
    if one.shape != other.shape:
        raise DataError(f"explanations: {one.shape} and {other.shape} values; expected one for each of the same pairs")
