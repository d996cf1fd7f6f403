"""Whoever did well with others: the same for everybody who asks (evaluation.md 3.6)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy

__all__ = ["popularity"]


@strategy("popularity", title="Whoever did well with others", baseline=True, learns=True)
def popularity(asked: Asked) -> FloatArray:
    """Score candidates by the gains of their known outcomes together.

    Only `Asked.known` is read, which never holds an outcome by which the answer is judged. An estimate that leaves one
    row out of the very rows it is judged by would leak their labels: whoever did well with this person would count one
    less for this person alone.

    Returns
    -------
    float64 array (P,)
        In [0, 1], 1 for the most popular; 0 where nothing is known of a candidate.
    """
    gains = np.bincount(asked.known.candidate, weights=asked.known.gain, minlength=asked.candidates).astype(np.float64)
    most = float(gains.max(initial=0))
    return (gains / most if most > 0 else np.zeros(asked.candidates))[asked.candidate]
