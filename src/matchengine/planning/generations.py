"""The years between people over a whole programme, against a target; small cells stay untold (domain.md C4, G4)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.records.generations import GapCell, GapHistogram

__all__ = ["GAP_TARGET", "divergence", "gap_histogram", "told"]

GAP_TARGET: Mapping[float, float] = {0.0: 0.0, 8.0: 0.15, 15.0: 0.35, 25.0: 0.35, 35.0: 0.15, 60.0: 0.0}
"""Share of pairs by the gap in years from which a cell begins: most where a gap counts fully. An assumption."""
LEAST = 10
"""Smallest cell of a report (domain.md annex 3), and what a programme may lower it to."""
_LOWEST = 5
_SMOOTHING = 0.01


def gap_histogram(
    years: FloatArray, target: Mapping[float, float] = GAP_TARGET, least: int = LEAST, kind: str = ""
) -> GapHistogram:
    """Count gaps by cell and compare them with a target.

    Parameters
    ----------
    years : float array (P,)
        Gap of each pair, from 0; NaN unknown.
    target : mapping
        For each cell the gap in years from which it begins, and the share it should have; shares are scaled to sum 1.
    least : int
        Cells with fewer pairs are not told; at least 5. Where what is not told could be worked out by subtraction,
        the next smallest cell is not told either.

    Raises
    ------
    DataError
        Where the target does not begin at 0, has a negative share or none above 0, or `least` is below 5.
    """
    starts = sorted(target)
    wanted = np.array([target[start] for start in starts], np.float64)
    if least < _LOWEST:
        raise DataError(_("least is {least}, expected at least {lowest}", least=least, lowest=_LOWEST))
    if not starts or starts[0] != 0 or not (wanted >= 0).all() or not wanted.sum() > 0 or not np.isfinite(wanted).all():
        raise DataError(
            _("target: expected shares of 0 or more, one above 0, for cells of which the first begins at 0")
        )
    wanted, pairs = wanted / wanted.sum(), len(years)
    known = years[~np.isnan(years)]
    counts = np.bincount(np.searchsorted(starts, known, side="right") - 1, minlength=len(starts))
    seen = told(np.array([*counts, pairs - len(known)]), least)
    cells = [
        GapCell(
            from_years=start,
            to_years=end,
            pairs=int(count) if shown else None,
            share=float(count / pairs) if shown else None,
            target=float(share),
        )
        for start, end, count, share, shown in zip(starts, [*starts[1:], None], counts, wanted, seen[:-1], strict=True)
    ]
    unknown = pairs - len(known) if seen[-1] else None
    compared = None
    if seen[:-1].any():
        spread = np.append(counts[seen[:-1]], 0)
        spread[-1] = pairs - (unknown or 0) - spread.sum()
        compared = divergence(np.append(wanted[seen[:-1]], wanted[~seen[:-1]].sum()), spread / spread.sum())
    return GapHistogram(kind=kind, cells=tuple(cells), pairs=pairs, unknown=unknown, divergence=compared, least=least)


def told(counts: NDArray[np.integer], least: int) -> NDArray[np.bool_]:
    """Return which cells of a table with a known total may be told, shape (C,).

    Not those below `least`, nor the next smallest ones until what is untold is nothing, or at least `least` pairs.
    """
    shown: NDArray[np.bool_] = counts >= least
    for cell in np.argsort(counts, kind="stable").tolist():
        hidden = counts[~shown]
        if not hidden.sum() or hidden.sum() >= least:
            break
        shown[cell] = False
    return shown


def divergence(target: FloatArray, spread: FloatArray) -> float:
    """Kullback-Leibler divergence of a spread from a target, in nats; the spread is smoothed with .01 of the target."""
    smooth = (1 - _SMOOTHING) * spread + _SMOOTHING * target
    some = target > 0
    return max(float((target[some] * np.log(target[some] / smooth[some])).sum()), 0.0)
