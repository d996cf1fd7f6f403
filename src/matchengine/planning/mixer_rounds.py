"""Deal pairs of two sides out to rounds, so that nobody has two meetings in one round (König 1916, de Werra 1971)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import IntArray

__all__ = ["dealt"]


def dealt(left: IntArray, right: IntArray, rounds: int, most: int | None = None) -> IntArray:
    """Return the round of each pair, int64 (K,): those of one round share nobody; rounds differ by one pair at most.

    Parameters
    ----------
    left, right : int array (K,)
        Nobody is in more than `rounds` pairs.
    most : int or None
        Pairs of one round at most; K is at most `rounds · most`.

    Raises
    ------
    ValueError
        When somebody is in more pairs than there are rounds, or there are too many pairs.
    """
    number = len(left)
    if number and max(np.bincount(left).max(), np.bincount(right).max()) > rounds:
        raise ValueError("somebody has more meetings than there are rounds")
    if most is not None and number > rounds * most:
        raise ValueError("more meetings than rounds and tables hold")
    when = np.full(number, -1)
    size = int(max(left.max(initial=-1), right.max(initial=-1))) + 1
    at = np.full((2, size, rounds), -1)  # the pair of each person of each side in each round
    for pair in range(number):
        one, other = (int(np.flatnonzero(at[side, who] < 0)[0]) for side, who in ((0, left[pair]), (1, right[pair])))
        if one != other:  # free on the left in `one`, on the right in `other`: swap both along a path from the right
            _swap(_path(at, (left, right), 1, int(right[pair]), (one, other)), when, at, (left, right), (one, other))
        when[pair] = at[0, left[pair], one] = one
        at[0, left[pair], one] = at[1, right[pair], one] = pair
    _even_out(when, at, (left, right), rounds)
    return when


def _path(at: IntArray, ends: tuple[IntArray, IntArray], side: int, who: int, colours: tuple[int, int]) -> list[int]:
    """Pairs on the path from a person who has a pair in the first of two rounds, both rounds in turn."""
    path: list[int] = []
    colour = 0
    while (pair := int(at[side, who, colours[colour]])) >= 0 and (not path or pair != path[0]):
        path.append(pair)
        side, colour = 1 - side, 1 - colour
        who = int(ends[side][pair])
    return path


def _swap(
    path: list[int], when: IntArray, at: IntArray, ends: tuple[IntArray, IntArray], colours: tuple[int, int]
) -> None:
    """Move every pair of a path from the one round to the other."""
    for pair in path:
        for side in (0, 1):
            at[side, ends[side][pair], when[pair]] = -1
    for pair in path:
        when[pair] = colours[0] + colours[1] - when[pair]
        for side in (0, 1):
            at[side, ends[side][pair], when[pair]] = pair


def _even_out(when: IntArray, at: IntArray, ends: tuple[IntArray, IntArray], rounds: int) -> None:
    """Swap along paths that hold one pair more of the fullest round, until rounds differ by one pair at most."""
    counts = np.bincount(when, minlength=rounds)
    while counts.max() - counts.min() > 1:
        full, thin = int(counts.argmax()), int(counts.argmin())
        for pair in np.flatnonzero(when == full):
            starts = [side for side in (0, 1) if at[side, ends[side][pair], thin] < 0]
            if not starts:
                continue
            path = _path(at, ends, starts[0], int(ends[starts[0]][pair]), (full, thin))
            if len(path) % 2:  # begins and ends in the full round
                _swap(path, when, at, ends, (full, thin))
                break
        counts = np.bincount(when, minlength=rounds)
