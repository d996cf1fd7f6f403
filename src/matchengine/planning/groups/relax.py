"""What is given up, in which order, where not every demand on the groups can be met (domain.md F2).

Placing everybody comes first. Then the order of `RELAXATIONS`, read from its end: nobody is isolated; a value that is
present holds its share; somebody experienced is in each group; the mix of likeness and difference (α) is weighed;
groups have the target size. Slot, language, boundaries and safety are never given up: a group that breaks them is no
group.

* `target_size` is given up where a group has another size than the target. Among partitions that are alike in all that
  ranks higher, the one with the smallest sum of squared deviations wins, and only then the objective.
* `alpha` is given up where in a group nothing is known about the likeness, or about the difference, of any pair: then
  the other one alone counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.groups.problem import FormedGroup, GroupAims, Relaxation

__all__ = ["ISOLATE", "LACKING", "OFF_TARGET", "SHARE", "UNPLACED", "Standing", "penalty", "relaxed", "standing"]

OFF_TARGET, LACKING, SHARE, ISOLATE, UNPLACED = 1.0, 8.0, 16.0, 64.0, 512.0
"""What a search takes off the objective for each squared deviation, lacking group, share, isolate, person left out.

One exchange changes two groups, so that these weights keep the order of the relaxations in each exchange; whole
partitions are compared by their `Standing`.
"""


@dataclass(frozen=True, order=True)
class Standing:
    """How good a partition is; the smaller comes first, attribute by attribute in this order.

    `unplaced` people, `isolates`, values below their `shares`, groups `lacking` somebody experienced, squared
    deviations `off_target`, and the negative objective, rounded to 9 digits.
    """

    unplaced: int
    isolates: int
    shares: int
    lacking: int
    off_target: int
    loss: float


def penalty(size: FloatArray, isolates: FloatArray, shares: FloatArray, lacking: BoolArray, target: int) -> FloatArray:
    """What is taken off the quality of groups, float (B,)."""
    found: FloatArray = OFF_TARGET * (size - target) ** 2 + ISOLATE * isolates + SHARE * shares + LACKING * lacking
    return found


def standing(
    unplaced: int, sizes: IntArray, counts: tuple[int, int, int], quality: FloatArray, aims: GroupAims
) -> Standing:
    """Return how a partition stands; `counts` are isolates, shares and lacking groups of the whole."""
    isolates, shares, lacking = counts
    objective = float(quality.sum() + aims.worst * quality.min()) if len(quality) else 0.0
    off = int(((sizes - aims.target) ** 2).sum())
    return Standing(unplaced, isolates, shares, lacking, off, -round(objective, 9))


def relaxed(group: FormedGroup, shares: int, lacking: bool, aims: GroupAims) -> tuple[Relaxation, ...]:
    """Return what was given up for one group, in the declared order."""
    found: list[tuple[Relaxation, bool]] = [
        ("target_size", len(group.members) != aims.target),
        ("alpha", bool(np.isnan(group.similarity) or np.isnan(group.difference)) and len(group.members) > 1),
        ("experienced_member", lacking),
        ("min_share", shares > 0),
        ("isolates", len(group.isolates) > 0),
    ]
    return tuple(name for name, given_up in found if given_up)
