"""Ways of working together (domain.md C1, style)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer

__all__ = ["style_fit"]

_SLIDERS = 5
_WIDEST = 4
_NEEDED = 2


@scorer(
    "style_fit",
    block="relate",
    title="ways of working",
    says={"both": "the way you like to work is alike on {alike:.0f} of {shared:.0f} points"},
    says_to={
        "candidate": {"both": "the way you like to work is alike on {alike:.0f} of {shared:.0f} points"},
        "coordinator": {"both": "the way they like to work is alike on {alike:.0f} of {shared:.0f} points"},
    },
    symmetric=True,
)
def style_fit(requester_style: FloatArray, candidate_style: FloatArray) -> Scored:
    """1 - mean |a - b| / 4 over the sliders that both set; NaN below two shared sliders.

    Parameters
    ----------
    requester_style, candidate_style : float arrays (P, 5)
        -2 to 2; NaN for a blank slider. On the sliders `directive_questioning` and `challenge_reassure` a mentor
        states what they offer and a mentee what they wish, so one difference serves all five.

    Returns
    -------
    Scored
        value (P,) in [0, 1], symmetric; the confidence is the share of shared sliders. Evidence: how many sliders
        are shared, and on how many both are at most one step apart.
    """
    apart = np.abs(requester_style - candidate_style)
    blank = np.isnan(apart)
    shared = _SLIDERS - _rows(blank)
    enough = np.where(shared >= _NEEDED, shared, np.nan)
    alike = _rows(apart <= 1)
    return Scored(
        1 - _rows(np.where(blank, 0, apart)) / (_WIDEST * enough),
        np.where(shared >= _NEEDED, shared / _SLIDERS, 0),
        alike=np.where(alike >= _NEEDED, alike, np.nan),
        shared=enough,
    )


def _rows(array: FloatArray | np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FloatArray:
    """Sum of each row of (P, 5), float32 (P,); BLAS would warn of values that are not there, on some processors."""
    sums: FloatArray = np.einsum("ps->p", array.astype(np.float32))
    return sums
