"""Choose pairs between two sides so that as many as possible have their share, then for the greatest worth.

A network flow, solved as a linear program by HiGHS: its vertices are whole numbers, so the choice is the best there is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["Slots", "at_least", "chosen_pairs", "even"]


class Slots(NamedTuple):
    """What pairs count for those of one side: each slot belongs to a person, holds `most` pairs, and has a reward.

    Attributes
    ----------
    owner : int array (S,)
    reward : float64 array (S,)
        In [0, 1], not increasing over the slots of a person. Any reward outweighs all worth together.
    most : float64 array (S,)
    """

    owner: IntArray
    reward: FloatArray
    most: FloatArray


def even(most: IntArray) -> Slots:
    """Return slots that fill everybody in turn: a first pair for one person comes before a second for another."""
    owner = np.repeat(np.arange(len(most)), most)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(most) - most, most)
    return Slots(owner, 1 - place / (max(int(most.max(initial=0)), 1) + 1), np.ones(len(owner)))


def at_least(least: IntArray, most: IntArray) -> Slots:
    """Return slots that bring everybody to `least` pairs where that is possible, and nobody beyond `most`."""
    least = np.minimum(least, most)
    everybody = np.arange(len(most))
    reward = np.repeat([1.0, 0.0], len(most))
    return Slots(np.tile(everybody, 2), reward, np.concatenate([least, most - least]).astype(np.float64))


def chosen_pairs(
    pairs: tuple[IntArray, IntArray], worth: FloatArray, slots: tuple[Slots, Slots], most: int | None = None
) -> IntArray:
    """Return the positions of the chosen pairs, ascending: first for the rewards of the slots, then for the worth.

    Parameters
    ----------
    pairs : two int arrays (A,)
        Left and right person of each pair that may be chosen; no pair twice.
    worth : float64 array (A,)
    slots : two Slots
        Of the left and of the right side; a person without a slot is in no pair.
    most : int or None
        Pairs in all at most.
    """
    from scipy.optimize import linprog  # slow to import
    from scipy.sparse import csr_array, hstack, vstack

    number = len(worth)
    if not number:
        return np.zeros(0, np.int64)
    sizes = [
        int(max(side.max(initial=-1), of.owner.max(initial=-1))) + 1 for side, of in zip(pairs, slots, strict=True)
    ]
    reach = float(np.abs(worth).max()) + 1
    steps = [float(np.diff(np.unique(of.reward)).min(initial=1.0)) for of in slots]
    scale = reach * sum(sizes) / (steps[0] * steps[1])  # more than any exchange of pairs changes in worth
    empty = [csr_array((sizes[n], len(slots[1 - n].owner))) for n in (0, 1)]
    rows = []
    for n, (side, of) in enumerate(zip(pairs, slots, strict=True)):
        taken = csr_array((np.ones(number), (side, np.arange(number))), shape=(sizes[n], number))
        held = csr_array(
            (-np.ones(len(of.owner)), (of.owner, np.arange(len(of.owner)))), shape=(sizes[n], len(of.owner))
        )
        rows.append(hstack([taken, held, empty[n]] if n == 0 else [taken, empty[n], held]))
    cost = -np.concatenate([worth, *(scale * of.reward for of in slots)])
    upper = np.concatenate([np.ones(number), *(of.most for of in slots)])
    limit = None if most is None else np.concatenate([np.ones(number), np.zeros(len(cost) - number)])[None]
    found = linprog(
        cost,
        A_eq=vstack(rows).tocsr(),
        b_eq=np.zeros(sum(sizes)),
        A_ub=limit,
        b_ub=None if most is None else [most],
        bounds=np.stack([np.zeros(len(upper)), upper], axis=1),
        method="highs-ds",
    )
    if not found.success:
        raise RuntimeError(f"HiGHS: {found.message}")
    chosen: IntArray = np.flatnonzero(found.x[:number] > 0.5)
    return chosen
