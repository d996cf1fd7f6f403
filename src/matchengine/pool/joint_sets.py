"""Sets of tokens that requesters wish to share, counted over the population, for one batch of pairs (domain.md C2)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray, JointSets, PairBatch
from matchengine.pool.sensitive import JOINT_WISHES, WISH_COLUMNS

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["joint_sets"]

_LARGEST = 3
_SLOTS = 10
"""Most tokens of one requester that count: the most important ones."""


class _Wishes(NamedTuple):
    """What one requester wishes for: tokens, and the sets of them as bit masks over these tokens, with importance."""

    tokens: tuple[int, ...]
    masks: IntArray
    importance: NDArray[np.float32]


_NOTHING = _Wishes((), np.zeros(0, np.int64), np.zeros(0, np.float32))


class _Case(NamedTuple):
    """The sets of one case: its number for each, the wishes, how many hold each set, whether it is shared."""

    number: IntArray
    wishes: _Wishes
    holders: IntArray
    shared: NDArray[np.bool_]


def joint_sets(pool: Pool, batch: PairBatch) -> JointSets:
    """List the sets of a batch of pairs of people."""
    people = pool.tables["people"]
    tokens, findable = pool.derived.acting_tokens(), pool.derived.findable()
    case = np.zeros(len(batch), np.int64)
    parts: list[_Case] = []
    totals: list[tuple[int, int]] = []
    for row, pairs in batch.runs:
        wishes = _wishes(pool, row, tokens)
        if not wishes.tokens:
            case[pairs] = len(totals)
            totals.append((0, 0))
            continue
        held, holders = _holders(tokens, people.alive, wishes.tokens)
        rows = batch.candidate_rows[pairs]
        distinct, place = np.unique(np.where(findable[rows], held[rows], 0), return_inverse=True)
        case[pairs] = len(totals) + place
        for shared in distinct.tolist():
            number = np.full(len(wishes.masks), len(totals), np.int64)
            parts.append(_Case(number, wishes, holders[wishes.masks], wishes.masks & ~shared == 0))
            wished = (1 << len(wishes.tokens)) - 1
            totals.append((int(holders[wished]), int(holders[shared])))
    whole = np.array(totals, np.int32).reshape(-1, 2)
    return JointSets(
        case=case,
        of_case=_joined([part.number for part in parts], np.int64),
        size=_joined([np.bitwise_count(part.wishes.masks) for part in parts], np.int8),
        importance=_joined([part.wishes.importance for part in parts], np.float32),
        holders=_joined([part.holders for part in parts], np.int32),
        shared=_joined([part.shared for part in parts], np.bool_),
        wished_holders=whole[:, 0],
        shared_holders=whole[:, 1],
        level=people.column("wish_level")[batch.requester_rows],
        population=int((tokens[people.alive] != 0).any(axis=1).sum()),
    )


def _joined(parts: list[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype)


def _wishes(pool: Pool, row: int, tokens: NDArray[np.uint64]) -> _Wishes:
    """What a requester wishes to share: sets of at most three tokens they hold themselves."""
    people = pool.tables["people"]
    if np.isnan(people.column("wish_level")[row]):
        return _NOTHING
    importance: dict[int, float] = {}
    for name, weight in WISH_COLUMNS.items():
        for token in _numbers(people.column(name)[row], tokens[row]):
            importance[token] = max(weight, importance.get(token, 0))
    joint = [_numbers(people.column(name)[row], tokens[row]) for name in JOINT_WISHES]
    listed = dict.fromkeys([*sorted(importance, key=lambda t: (-importance[t], t)), *(t for of in joint for t in of)])
    slots = tuple(listed)[:_SLOTS]
    if not slots:
        return _NOTHING
    place = {token: n for n, token in enumerate(slots)}
    sets: dict[int, float] = {}
    singles = [importance.get(token, 0.0) for token in slots]
    for size in range(1, _LARGEST + 1):
        for members in combinations(range(len(slots)), size):
            weight = float(np.prod([singles[n] for n in members]) ** (1 / size))
            if weight > 0:
                sets[sum(1 << n for n in members)] = weight
    for of in joint:
        if 0 < len(of) <= _LARGEST and all(token in place for token in of):
            sets[sum(1 << place[token] for token in of)] = 1.0
    return _Wishes(slots, np.array(list(sets), np.int64), np.array(list(sets.values()), np.float32))


def _numbers(mask: NDArray[np.uint64], own: NDArray[np.uint64]) -> list[int]:
    """Numbers of the tokens in a mask that act for the person."""
    width = min(len(mask), len(own))
    bits = np.unpackbits(np.ascontiguousarray(mask[:width] & own[:width]).view(np.uint8), bitorder="little")
    found: list[int] = np.flatnonzero(bits).tolist()
    return found


def _holders(
    tokens: NDArray[np.uint64], alive: NDArray[np.bool_], slots: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the tokens each person holds, as bits (N,), and how many people hold all tokens of each set (2^s,)."""
    held = np.zeros(len(tokens), np.int64)
    for place, token in enumerate(slots):
        held |= ((tokens[:, token // 64] >> np.uint64(token % 64)) & np.uint64(1)).astype(np.int64) << place
    holders = np.bincount(held[alive], minlength=1 << len(slots))
    for place in range(len(slots)):  # sum over all supersets, one token at a time
        split = holders.reshape(-1, 2, 1 << place)
        split[:, 0] += split[:, 1]
    return held, holders
