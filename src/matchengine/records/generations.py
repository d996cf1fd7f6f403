"""How the years between suggested or matched people are spread over a programme (domain.md C4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matchengine.records.base import Record

ShareOf = Annotated[float, Field(ge=0, le=1)]


class GapCell(Record):
    """Pairs whose gap lies in [`from_years`, `to_years`); `to_years` None means without end.

    `pairs` and `share` are None where the cell is too small to be told.
    """

    from_years: Annotated[float, Field(ge=0)]
    to_years: float | None = None
    pairs: int | None = None
    share: ShareOf | None = None
    target: ShareOf


class GapHistogram(Record):
    """Gaps in years over all pairs of a programme, beside the spread that the programme aims for.

    Attributes
    ----------
    kind : str
        The kind of match.
    pairs : int
        All pairs, whether their gap is known or not. Shares are shares of them.
    unknown : int or None
        Pairs whose gap nobody told; None where they are too few to be told.
    divergence : float or None
        Kullback-Leibler divergence of the spread from the target, in nats: 0 is exactly on target. It follows from what
        is told: all that is not told counts as one cell. None where no cell is told.
    least : int
        Cells with fewer pairs are not told, nor any that could be worked out from the others.
    """

    kind: str = ""
    cells: tuple[GapCell, ...]
    pairs: int
    unknown: int | None = None
    divergence: Annotated[float, Field(ge=0)] | None = None
    least: int = 10
