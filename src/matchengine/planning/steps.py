"""One next step: the most useful one that is not too hard (domain.md C8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.records.journey import StepKind

__all__ = ["STEEPNESS", "Option", "best_option", "utility", "within_reach"]

STEEPNESS = 4.0
_SAME = 1e-9


@dataclass(frozen=True)
class Option:
    """A step that could be taken.

    Attributes
    ----------
    need : float
        N(a): how far it goes towards what the person needs, 0 to 1.
    difficulty : float
        Rung of the exposure ladder that it takes, 0 to 4.
    help : float
        Rungs that company or a contact makes up for.
    accompanied : bool
        Whether somebody comes along.
    """

    kind: StepKind
    need: float
    difficulty: float
    help: float = 0.0
    accompanied: bool = False


def utility(option: Option, rung: float) -> float:
    """Return U(a) = N(a)·σ(4(rung + ½ + help - difficulty)), 0 to 1 (domain.md C8)."""
    return option.need / (1 + math.exp(-STEEPNESS * (rung + 0.5 + option.help - option.difficulty)))


def within_reach(option: Option, rung: float) -> bool:
    """Whether a step takes at most one rung more than the person's own, whatever the help."""
    return option.difficulty <= rung + 1


def best_option(options: Sequence[Option], rung: float) -> Option:
    """Return exactly one step: that of the highest utility within reach; of ties the easier, then the first.

    Raises
    ------
    DataError
        When no step is within reach.
    """
    reachable = [option for option in options if within_reach(option, rung)]
    if not reachable:
        raise DataError(_("no step is within reach of rung {rung}; offer one of difficulty 0", rung=rung))
    most = max(utility(option, rung) for option in reachable)
    best = [option for option in reachable if utility(option, rung) >= most - _SAME]
    return min(best, key=lambda option: option.difficulty)
