"""Rules of sponsorship: willingness, and interests that would conflict (domain.md C7)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.batch import BoolArray, FloatArray, Ruled
from matchengine.components import constraint

__all__ = ["ReportingLine", "conflict_of_interest", "willing_to_sponsor"]

ReportingLine = Literal["refuse", "declare"]


@constraint(
    "conflict_of_interest",
    reason="one of them answers for the other, or they are close in private life",
    confirm="record that one of them is the other's line manager, and who decides in their place",
    remedy="a sponsor from outside the line of management, the household and the family",
    looser={"reporting_line": ("refuse", "declare")},
)
def conflict_of_interest(
    pair_line_manager: BoolArray, pair_household: BoolArray, *, reporting_line: ReportingLine = "refuse"
) -> Ruled:
    """Nobody sponsors a member of their household or family, nor, unless it is declared, somebody they manage.

    Parameters
    ----------
    pair_line_manager, pair_household : bool arrays (P,)
    reporting_line
        `refuse`, or `declare`: then such a pair passes with an entry to confirm.
    """
    passes = ~(pair_household | pair_line_manager)
    if reporting_line == "refuse":
        return Ruled(passes)
    return Ruled(passes, pair_household | ~pair_line_manager)


@constraint(
    "willing_to_sponsor",
    reason="they do not want to sponsor anybody",
    confirm="ask whether they would introduce or speak up for somebody",
    remedy="a sponsor who would introduce or speak up for others",
    told_to=("candidate", "coordinator"),
)
def willing_to_sponsor(candidate_sponsoring: FloatArray) -> Ruled:
    """The sponsor would make introductions at least; float (P,): 0 none, .5 introductions, 1 active, NaN unknown."""
    return Ruled(candidate_sponsoring > 0, ~np.isnan(candidate_sponsoring))
