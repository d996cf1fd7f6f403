"""Groups by likeness alone, for tens of thousands of people: divide, gather, exchange, all in arrays (domain.md F3).

The people are divided into neighbourhoods along principal axes; in each, whoever is farthest from all others gathers the
nearest who are left. Then exchanges of two people between groups follow: in each round the best exchange of everybody with
the members of the likest groups is found at once, and those that touch no group twice are made.
"""

from __future__ import annotations

import time

import numpy as np

from matchengine.batch import FloatArray, IntArray

__all__ = ["bisected", "likest"]

NEIGHBOURHOOD = 600
NEAR = 4
"""Groups whose members are looked at for each person in a round."""
ROUNDS = 60
LEAST = 1e-5
"""A round that gains less than this share of the total is the last."""
AXIS_STEPS = 6


def bisected(vectors: FloatArray, weight: IntArray, most: int) -> list[IntArray]:
    """Divide rows in halves along the axis of their largest variance, until no part weighs more than `most`.

    Parameters
    ----------
    vectors : float array (N, d)
    weight : int64 array (N,)
        People whom each row stands for.
    """
    todo, done = [np.arange(len(vectors))], []
    while todo:
        rows = todo.pop()
        if weight[rows].sum() <= most or len(rows) < 2:
            done.append(rows)
            continue
        own = vectors[rows] - vectors[rows].mean(axis=0)
        axis = own[np.argmax(np.round((own**2).sum(axis=1), 6))]
        for _step in range(AXIS_STEPS):
            axis = own.T @ (own @ axis)
            axis /= max(float(np.linalg.norm(axis)), 1e-12)
        order = np.argsort(np.round(own @ axis, 6), kind="stable")
        half = int(np.searchsorted(np.cumsum(weight[rows][order]), weight[rows].sum() / 2)) + 1
        half = min(half, len(rows) - 1)
        todo += [np.sort(rows[order[half:]]), np.sort(rows[order[:half]])]
    return done


def likest(vectors: FloatArray, sizes: IntArray, deadline: float | None = None) -> tuple[IntArray, bool]:
    """Number the group of each person so that the sum of the groups' mean likeness is large.

    Parameters
    ----------
    vectors : float32 array (N, d)
        Unit length.
    sizes : int64 array (K,)
        Sizes of the groups, at least 2 each, which add up to N.
    deadline : float or None
        Moment of `time.monotonic` to stop at.

    Returns
    -------
    (int64 array (N,), bool)
        Group of each person, and whether the clock struck.
    """
    label = _gathered(vectors, sizes)
    weight = (1 / (sizes * (sizes - 1))).astype(np.float32)
    sums = _sums(vectors, label, np.arange(len(sizes)), len(sizes))
    near = vectors @ sums.T
    total = float((weight * ((sums**2).sum(axis=1) - sizes)).sum())
    for _round in range(ROUNDS):
        if deadline is not None and time.monotonic() > deadline:
            return label, True
        one, other, gain = _exchanges(vectors, label, near, weight, sizes)
        if not len(one) or gain.sum() < LEAST * max(total, 1e-9):
            break
        total += float(gain.sum())
        changed = np.unique(np.concatenate([label[one], label[other]]))
        label[one], label[other] = label[other], label[one]
        near[:, changed] = vectors @ _sums(vectors, label, changed, len(sizes)).T
    return label, False


def _gathered(vectors: FloatArray, sizes: IntArray) -> IntArray:
    """First groups: in each neighbourhood whoever is farthest from all gathers the nearest who are left."""
    label = np.full(len(vectors), -1, np.int64)
    waiting: list[int] = []
    number = 0
    for rows in bisected(vectors, np.ones(len(vectors), np.int64), NEIGHBOURHOOD):
        alike = vectors[rows] @ vectors[rows].T
        left = np.ones(len(rows), np.bool_)
        order = np.argsort(np.round(alike.mean(axis=1), 6), kind="stable")
        for first in order.tolist():
            if left[first] and number < len(sizes) and left.sum() >= sizes[number]:
                around = np.where(left, alike[first], -np.inf)
                around[first] = np.inf
                size = int(sizes[number])
                inside = np.argpartition(-around, size - 1)[:size] if size < len(rows) else np.flatnonzero(left)
                label[rows[inside]] = number
                left[inside] = False
                number += 1
        waiting += rows[left].tolist()
    rest = np.array(waiting, np.int64)
    label[rest] = np.repeat(np.arange(number, len(sizes)), sizes[number:])
    return label


def _sums(vectors: FloatArray, label: IntArray, groups: IntArray, count: int) -> FloatArray:
    """Sum of the members of some groups, float32 (G, d)."""
    place = np.full(count, -1, np.int64)
    place[groups] = np.arange(len(groups))
    rows = np.flatnonzero(place[label] >= 0)
    rows = rows[np.argsort(place[label[rows]], kind="stable")]
    begins = np.searchsorted(place[label[rows]], np.arange(len(groups)))
    found: FloatArray = np.add.reduceat(vectors[rows], begins, axis=0)
    return found


def _exchanges(
    vectors: FloatArray, label: IntArray, near: FloatArray, weight: FloatArray, sizes: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Exchanges that gain, no group in two of them: both people of each, and what it gains."""
    count, everybody = len(label), np.arange(len(label))
    own = near[everybody, label]
    wish = near * weight
    wish[everybody, label] = -np.inf
    most = min(NEAR, len(sizes) - 1)
    if most < 1:
        return everybody[:0], everybody[:0], np.zeros(0)
    groups = np.argpartition(-wish, most - 1, axis=1)[:, :most]
    order = np.argsort(label, kind="stable")
    seats = np.full((len(sizes), int(sizes.max())), -1, np.int64)
    ordered = label[order]
    seats[ordered, np.arange(count) - np.searchsorted(ordered, ordered)] = order
    partner = seats[groups].reshape(count, -1)
    target = np.repeat(groups, seats.shape[1], axis=1)
    mine = weight[label][:, None]
    gain = mine * (1 - own[:, None] + near[partner, label[:, None]])
    gain += weight[target] * (1 - own[partner] + near[everybody[:, None], target])
    gain[partner < 0] = -np.inf
    rough = np.argpartition(-gain, 2, axis=1)[:, :3] if gain.shape[1] > 3 else np.argsort(-gain, axis=1)
    partner, target = np.take_along_axis(partner, rough, 1), np.take_along_axis(target, rough, 1)
    both = np.einsum("nd,nkd->nk", vectors, vectors[partner])
    gain = 2 * (np.take_along_axis(gain, rough, 1) - (mine + weight[target]) * both)
    best = np.argmax(np.round(gain, 6), axis=1)
    gain, partner = gain[everybody, best], partner[everybody, best]
    return _disjoint(label, partner, gain, len(sizes))


def _disjoint(
    label: IntArray, partner: IntArray, gain: FloatArray, count: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """The best exchanges first, each that touches no group of an earlier one."""
    ranked = np.flatnonzero(gain > 1e-6)
    ranked = ranked[np.argsort(-np.round(gain[ranked], 6), kind="stable")]
    free = np.ones(count, np.bool_)
    kept = []
    for one, first, second in zip(
        ranked.tolist(), label[ranked].tolist(), label[partner[ranked]].tolist(), strict=True
    ):
        if free[first] and free[second]:
            free[first] = free[second] = False
            kept.append(one)
    chosen = np.array(kept, np.int64)
    return chosen, partner[chosen], gain[chosen].astype(np.float64)
