"""Groups by likeness alone, for tens of thousands of people: gather, then exchange, all in arrays (domain.md F3).

Whoever is farthest from all others gathers the nearest who are left. Then exchanges of two people between groups, and
moves of one where the sizes allow it, follow: in each round the best one of everybody, with the groups they are likest
to, is found at once, and those that touch no group twice are made.
"""

from __future__ import annotations

import time

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["bisected", "likest"]

SHARED = 0.3
"""A group of m people counts m to this power: 0 would make large bad groups out of those who fit nowhere."""
PART = 12_000
"""Nearest people are looked up among at most so many."""
REST, NEAREST, BLOCK = 1_500, 24, 512
NEAR = 4
"""Groups whose members are looked at for each person in a round."""
ROUNDS = 60
LEAST = 1e-4
"""A round that gains less than this share of the total is the last."""
FRESH = 4
"""After so many rounds the likest groups of everybody are looked up anew."""
AXIS_STEPS, AXIS_ROWS = 5, 1_000
"""Steps of the power iteration for an axis, and rows that it looks at at most."""


def bisected(vectors: FloatArray, weight: IntArray, most: int) -> list[IntArray]:
    """Divide rows in halves along the axis of their largest variance, until no part weighs more than `most`.

    Parameters
    ----------
    vectors : float array (N, d)
    weight : int64 array (N,)
        People whom each row stands for.
    """
    todo: list[IntArray] = [np.arange(len(vectors))]
    done: list[IntArray] = []
    while todo:
        rows = todo.pop()
        if weight[rows].sum() <= most or len(rows) < 2:
            done.append(rows)
            continue
        seen = vectors[rows[:: -(-len(rows) // AXIS_ROWS)]]
        own = seen - seen.mean(axis=0)
        axis = own[np.argmax(np.round((own**2).sum(axis=1), 6))]
        for _step in range(AXIS_STEPS):
            axis = own.T @ (own @ axis)
            axis /= max(float(np.linalg.norm(axis)), 1e-12)
        order = np.argsort(np.round(vectors[rows] @ axis, 6), kind="stable")
        half = int(np.searchsorted(np.cumsum(weight[rows][order]), weight[rows].sum() / 2)) + 1
        half = min(half, len(rows) - 1)
        todo += [np.sort(rows[order[half:]]), np.sort(rows[order[:half]])]
    return done


def likest(
    vectors: FloatArray, sizes: IntArray, bounds: tuple[int, int], deadline: float | None = None
) -> tuple[IntArray, bool]:
    """Number the group of each person so that the groups' mean likeness, each times size^0.3, adds up to much.

    Parameters
    ----------
    vectors : float32 array (N, d)
        Unit length.
    sizes : int64 array (K,)
        Sizes to begin with, at least 2 each, which add up to N.
    bounds : (int, int)
        Smallest and largest size; within them people move to where they fit.
    deadline : float or None
        Moment of `time.monotonic` to stop at.

    Returns
    -------
    (int64 array (N,), bool)
        Group of each person, and whether the clock struck.
    """
    label, count = _gathered(vectors, sizes), len(sizes)
    sums = _sums(vectors, label, np.arange(count), count)
    near = sums @ vectors.T
    groups, fresh = _near_groups(label, near, _weight(label, count)), True
    for turn in range(ROUNDS):
        if deadline is not None and time.monotonic() > deadline:
            return label, True
        size = np.bincount(label, minlength=count)
        within: FloatArray = near[label, np.arange(len(label))]
        square: FloatArray = np.bincount(label, within, minlength=count).astype(np.float64)
        total = float(((square - size) * _worth(size)).sum())
        moved = _moves(label, near, (size, square), bounds, groups)
        swapped = _exchanges(vectors, label, near, _weight(label, count), groups)
        one, other, gain = _disjoint(label, moved, swapped, count)
        little = not len(one) or gain.sum() < LEAST * max(total, 1e-9)
        if little and fresh:
            break
        changed = _make(label, one, other)
        if len(changed):
            near[changed] = _sums(vectors, label, changed, count) @ vectors.T
        fresh = little or turn % FRESH == FRESH - 1
        groups = _near_groups(label, near, _weight(label, count)) if fresh else groups
    return label, False


def _weight(label: IntArray, count: int) -> FloatArray:
    """What likeness counts in each group, m^0.3 / (m (m − 1)), float32 (K,)."""
    size = np.bincount(label, minlength=count)
    return _worth(size).astype(np.float32)


def _worth(size: IntArray) -> FloatArray:
    """What the sum of likeness over ordered pairs is multiplied with in groups of some sizes."""
    found: FloatArray = size**SHARED / (size * (size - 1.0))
    return found


def _make(label: IntArray, one: IntArray, other: IntArray) -> IntArray:
    """Carry out exchanges (`other` a person) and moves (`other` −1 − the group); return the groups that changed."""
    moves = other < 0
    begin = label[one]
    partner = np.where(moves, one, other)
    end = np.where(moves, -1 - other, label[partner])
    label[partner] = begin
    label[one] = end
    found: IntArray = np.unique(np.concatenate([begin, end]))
    return found


def _gathered(vectors: FloatArray, sizes: IntArray) -> IntArray:
    """First groups: whoever is farthest from all others gathers the nearest who are left."""
    label = np.full(len(vectors), -1, np.int64)
    number = 0
    for rows in bisected(vectors, np.ones(len(vectors), np.int64), PART):
        number = _gather_near(vectors, sizes, rows, label, number)
    rest = np.flatnonzero(label < 0)
    for rows in bisected(vectors[rest], np.ones(len(rest), np.int64), REST) if len(rest) else []:
        number = _gather_all(vectors, sizes, rest[rows], label, number)
    rest = np.flatnonzero(label < 0)
    label[rest] = np.repeat(np.arange(number, len(sizes)), sizes[number:])
    return label


def _gather_near(vectors: FloatArray, sizes: IntArray, rows: IntArray, label: IntArray, number: int) -> int:
    """Gather out of everybody's nearest; whoever has too few of them left waits. Return the next group's number."""
    own = vectors[rows]
    most = min(NEAREST, len(rows) - 1)
    if most < 1:
        return number
    around = np.zeros((len(rows), most), np.int64)
    close = np.zeros(len(rows))
    for begin in range(0, len(rows), BLOCK):
        alike = own[begin : begin + BLOCK] @ own.T
        alike[np.arange(len(alike)), np.arange(begin, begin + len(alike))] = -np.inf
        found = np.argpartition(-alike, most - 1, axis=1)[:, :most]
        value = np.take_along_axis(alike, found, axis=1)
        order = np.argsort(-np.round(value, 6), axis=1, kind="stable")
        around[begin : begin + BLOCK] = np.take_along_axis(found, order, axis=1)
        close[begin : begin + BLOCK] = value.mean(axis=1)
    left = np.ones(len(rows), np.bool_)
    for first in np.argsort(np.round(close, 6), kind="stable").tolist():
        if left[first] and number < len(sizes):
            others = around[first][left[around[first]]][: int(sizes[number]) - 1]
            if len(others) == sizes[number] - 1:
                inside = np.append(others, first)
                label[rows[inside]] = number
                left[inside] = False
                number += 1
    return number


def _gather_all(vectors: FloatArray, sizes: IntArray, rows: IntArray, label: IntArray, number: int) -> int:
    """Gather out of everybody who is left. Return the next group's number."""
    alike = vectors[rows] @ vectors[rows].T
    left = np.ones(len(rows), np.bool_)
    for first in np.argsort(np.round(alike.mean(axis=1), 6), kind="stable").tolist():
        if left[first] and number < len(sizes) and left.sum() >= sizes[number]:
            around = np.where(left, alike[first], -np.inf)
            around[first] = np.inf
            inside = np.argsort(-np.round(around, 6), kind="stable")[: int(sizes[number])]
            label[rows[inside]] = number
            left[inside] = False
            number += 1
    return number


def _sums(vectors: FloatArray, label: IntArray, groups: IntArray, count: int) -> FloatArray:
    """Sum of the members of some groups, float32 (G, d)."""
    place = np.full(count, -1, np.int64)
    place[groups] = np.arange(len(groups))
    rows = np.flatnonzero(place[label] >= 0)
    rows = rows[np.argsort(place[label[rows]], kind="stable")]
    begins = np.searchsorted(place[label[rows]], np.arange(len(groups)))
    found: FloatArray = np.add.reduceat(vectors[rows], begins, axis=0)
    return found


def _near_groups(label: IntArray, near: FloatArray, weight: FloatArray) -> IntArray:
    """Other groups which each person would bring most to, int64 (N, NEAR), in no order; `near` is float (K, N)."""
    most = min(NEAR, len(weight) - 1)
    found = np.zeros((len(label), most), np.int64)
    for begin in range(0, len(label) if most else 0, 1_024):
        wish = np.ascontiguousarray(near[:, begin : begin + 1_024].T) * weight
        wish[np.arange(len(wish)), label[begin : begin + 1_024]] = -np.inf
        found[begin : begin + 1_024] = np.argpartition(-wish, most - 1, axis=1)[:, :most]
    return found


def _moves(
    label: IntArray,
    near: FloatArray,
    state: tuple[IntArray, FloatArray],
    bounds: tuple[int, int],
    groups: IntArray,
) -> tuple[IntArray, FloatArray]:
    """The best move of each person to one of some groups, and what it gains, int64 and float (N,)."""
    size, square = state
    everybody = np.arange(len(label))
    if not groups.shape[1]:
        return np.zeros(len(label), np.int64), np.full(len(label), -np.inf)
    mean = (square - size) * _worth(size)
    less, more = np.maximum(size - 1, 2), size + 1
    after = (square[label] - 2 * near[label, everybody] + 1 - less[label]) * _worth(less)[label]
    gone = np.where(size[label] > max(bounds[0], 2), after - mean[label], -np.inf)
    joined = (square[groups] + 2 * near[groups, everybody[:, None]] + 1 - more[groups]) * _worth(more)[groups]
    come = np.where((size < bounds[1])[groups] & (groups != label[:, None]), joined - mean[groups], -np.inf)
    best = np.argmax(np.round(come, 6), axis=1)
    return groups[everybody, best], gone + come[everybody, best]


def _exchanges(
    vectors: FloatArray, label: IntArray, near: FloatArray, weight: FloatArray, groups: IntArray
) -> tuple[IntArray, FloatArray]:
    """The best exchange of each person with a member of some groups, and what it gains, int64 and float (N,)."""
    count, everybody = len(label), np.arange(len(label))
    own = near[label, everybody]
    if not groups.shape[1]:
        return everybody, np.full(count, -np.inf)
    order = np.argsort(label, kind="stable")
    size = np.bincount(label, minlength=len(weight))
    seats = np.full((len(weight), int(size.max())), -1, np.int64)
    ordered = label[order]
    seats[ordered, np.arange(count) - np.searchsorted(ordered, ordered)] = order
    partner = seats[groups].reshape(count, -1)
    target = np.repeat(groups, seats.shape[1], axis=1)
    mine = weight[label][:, None]
    gain = mine * (1 - own[:, None] + near[label[:, None], partner])
    gain += weight[target] * (1 - own[partner] + near[target, everybody[:, None]])
    gain[(partner < 0) | (target == label[:, None])] = -np.inf
    rough = np.argpartition(-gain, 2, axis=1)[:, :3] if gain.shape[1] > 3 else np.argsort(-gain, axis=1)
    partner, target = np.take_along_axis(partner, rough, 1), np.take_along_axis(target, rough, 1)
    both = np.einsum("nd,nkd->nk", vectors, vectors[partner])
    gain = 2 * (np.take_along_axis(gain, rough, 1) - (mine + weight[target]) * both)
    best = np.argmax(np.round(gain, 6), axis=1)
    return partner[everybody, best], gain[everybody, best]


def _disjoint(
    label: IntArray, moved: tuple[IntArray, FloatArray], swapped: tuple[IntArray, FloatArray], count: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """The best moves and exchanges first, each that touches no group of an earlier one: person, other side, gain."""
    moves = moved[1] > swapped[1]
    gain = np.where(moves, moved[1], swapped[1])
    end = np.where(moves, moved[0], label[swapped[0]])
    other = np.where(moves, -1 - moved[0], swapped[0])
    ranked = np.flatnonzero(gain > 1e-6)
    ranked = ranked[np.argsort(-np.round(gain[ranked], 6), kind="stable")]
    free = np.ones(count, np.bool_)
    kept = []
    for one, first, second in zip(ranked.tolist(), label[ranked].tolist(), end[ranked].tolist(), strict=True):
        if free[first] and free[second]:
            free[first] = free[second] = False
            kept.append(one)
    chosen = np.array(kept, np.int64)
    return chosen, other[chosen], gain[chosen].astype(np.float64)
