"""The four verdicts: better, worse, practically the same, or we cannot tell (evaluation.md 3.5, point 4).

A difference is oriented so that more is better. For one declared family of comparisons and one declared margin:

* **same**: both one-sided tests against the margin succeed (TOST, Schuirmann 1987): the interval of level 1 − 2·alpha
  lies strictly between −margin and +margin, and so does the family's Holm-adjusted p-value of equivalence say. A
  difference that is different from zero and yet inside the margin is the same: it was declared too small to matter.
* **better**, **worse**: not the same, the Holm-adjusted p-value is at most alpha, and the interval of level 1 − alpha
  lies on one side of zero. This says that there is a difference, not that it is large; whether all of the interval lies
  beyond the margin, so that it is larger than what was said to matter, is told apart (`exceeds_margin`).
* **cannot tell**: everything else, among it every comparison of which nothing is inferred.

Test and interval must both agree before a verdict is given; a strategy against itself is the same with width 0. In one
comparison at most one of the two claims can be false. A family errs with chance alpha at most where all of it is truly
equal, or all truly at the margin or beyond, and with chance 2·alpha at most whatever is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.inference.intervals import Comparison
from matchengine.inference.multiplicity import holm

__all__ = ["Answer", "Verdict", "equivalence_p", "verdicts"]

Answer = Literal["better", "worse", "same", "cannot_tell"]


@dataclass(frozen=True)
class Verdict:
    """What a comparison says about a declared margin.

    Attributes
    ----------
    answer : str
        ``better``, ``worse``, ``same`` or ``cannot_tell``.
    margin : float
        The margin that was declared.
    adjusted_p : float
        p-value of the difference, Holm-adjusted over the family; NaN where nothing is inferred.
    equivalence_p, adjusted_equivalence_p : float
        p-value of the two one-sided tests, and Holm-adjusted over the family; NaN where nothing is inferred.
    differs : bool
        Whether the difference is told from zero; it may be so, and the answer still be ``same``.
    exceeds_margin : bool
        Whether it differs and all of the interval lies beyond the margin, on one side.
    """

    answer: Answer
    margin: float
    adjusted_p: float
    equivalence_p: float
    adjusted_equivalence_p: float
    differs: bool
    exceeds_margin: bool


def equivalence_p(comparison: Comparison, margin: float) -> float:
    """Return the p-value of two one-sided t tests that the difference lies within ±margin.

    Parameters
    ----------
    comparison : Comparison
        Its estimate, standard error and degrees of freedom are used.
    margin : float
        At least 0.

    Returns
    -------
    float
        The larger of both one-sided p-values; 0 for a strategy against itself; NaN where nothing is inferred. Where
        all differences are equal but not zero, the smallest p-value that a sign-flip test of so many could give.
    """
    from scipy.special import stdtr

    _checked(margin)
    if not comparison.inferred:
        return float("nan")
    if comparison.method == "identical":
        return 0.0
    nearest = margin - abs(comparison.estimate)
    if comparison.standard_error == 0:
        return comparison.smallest_p if nearest > 0 else 1.0
    return float(stdtr(comparison.degrees, -nearest / comparison.standard_error))


def verdicts(comparisons: Sequence[Comparison], margin: float) -> list[Verdict]:
    """Give the verdicts of one declared family; the rules stand at the top of this module.

    Parameters
    ----------
    comparisons : sequence of Comparison
        The whole family, all at one alpha, oriented so that more is better. Those of which nothing is inferred are no
        members of it.
    margin : float
        The smallest difference that matters, at least 0; with 0 only a strategy against itself can be the same.

    Returns
    -------
    list of Verdict
        One for each comparison.

    Raises
    ------
    DataError
        For a margin below 0 or not finite, or comparisons of different levels.
    """
    _checked(margin)
    if len({one.alpha for one in comparisons}) > 1:
        raise DataError(_("verdicts: expected comparisons of one level; got several. Compare all with the same alpha"))
    alone = [equivalence_p(one, margin) for one in comparisons]
    differences, sames = holm([one.p_value for one in comparisons]), holm(alone)
    return [
        _verdict(one, margin, float(p), raw, float(q))
        for one, p, raw, q in zip(comparisons, differences, alone, sames, strict=True)
    ]


def _verdict(one: Comparison, margin: float, difference: float, alone: float, same: float) -> Verdict:
    above, below = one.low > 0, one.high < 0
    differs = bool(difference <= one.alpha and (above or below))
    inside = -margin < one.narrow_low and one.narrow_high < margin
    answer: Answer = "cannot_tell"
    if one.method == "identical" or (inside and same <= one.alpha):
        answer = "same"
    elif differs:
        answer = "better" if above else "worse"
    beyond = differs and (one.low > margin or one.high < -margin)
    return Verdict(answer, margin, difference, alone, same, differs, bool(beyond))


def _checked(margin: float) -> None:
    if not (np.isfinite(margin) and margin >= 0):
        raise DataError(_("margin: expected a finite number of at least 0; got {value!r}", value=margin))
