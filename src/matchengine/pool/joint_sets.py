"""Sets of tokens that requesters wish to share, counted over the population, for one batch of pairs (domain.md C2)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray, JointSets, PairBatch
from matchengine.pool.sensitive import JOINT_WISHES, WISH_COLUMNS, numbers_in

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["JOINTLY", "joint_sets", "wished_tokens"]

_LARGEST = 3
_SLOTS = 10
"""Most tokens of one requester that count: the most important ones."""
_APART = 2
"""Fewest things, told apart, that requesters must wish to share with people before any wish acts (domain.md B4)."""
JOINTLY = 1.0
"""Importance of a set that is wished for as such."""


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


def joint_sets(pool: Pool, batch: PairBatch, candidates: str = "people") -> JointSets:
    """List the sets of a batch of pairs; `candidates` names the table of those who can be suggested.

    Of groups, events and projects the tokens are those they say they are intended for (domain.md S1-02). That is
    public, so every token counts that a requester holds and wishes to share; the holders are people all the same.
    """
    people = pool.tables["people"]
    of_people = candidates == "people"
    own = pool.derived.acting_tokens() if of_people else people.column("attributes")
    case = np.zeros(len(batch), np.int64)
    parts: list[_Case] = []
    totals: list[tuple[int, int]] = []
    for row, pairs in batch.runs:
        wishes = _wishes(pool, row, own, _APART if of_people else 1)
        if not wishes.tokens:
            case[pairs] = len(totals)
            totals.append((0, 0))
            continue
        held, holders = _holders(own, people.alive, wishes.tokens)
        if of_people:
            held = np.where(pool.derived.findable(), held, 0)
        else:
            held = _held(pool.derived.intended_for(candidates), wishes.tokens)
        rows = batch.candidate_rows[pairs]
        distinct, place = np.unique(held[rows], return_inverse=True)
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
        population=int((own[people.alive] != 0).any(axis=1).sum()),
    )


def _joined(parts: list[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype)


def wished_tokens(pool: Pool, row: int, own: NDArray[np.uint64]) -> tuple[dict[int, float], list[list[int]]]:
    """What a person wishes to share of the tokens `own` (N, W): each with its importance, and those wished for jointly.

    A joint wish stands as a whole: it is left out where one of its tokens is not among `own`.
    """
    people = pool.tables["people"]
    importance: dict[int, float] = {}
    for name, weight in WISH_COLUMNS.items():
        for token in _numbers(people.column(name)[row], own[row]):
            importance[token] = max(weight, importance.get(token, 0))
    wanted = [people.column(name)[row] for name in JOINT_WISHES]
    joint = [_numbers(mask, own[row]) for mask in wanted]
    return importance, [of for of, mask in zip(joint, wanted, strict=True) if 0 < len(of) == len(numbers_in(mask))]


def _wishes(pool: Pool, row: int, own: NDArray[np.uint64], apart: int) -> _Wishes:
    """What a requester wishes to share: sets of at most three tokens they hold themselves."""
    importance, joint = wished_tokens(pool, row, own)
    listed = dict.fromkeys([*sorted(importance, key=lambda t: (-importance[t], t)), *(t for of in joint for t in of)])
    slots = tuple(listed)[:_SLOTS]
    about = pool.derived.about_of_tokens()
    if not slots or len({about[token] for token in slots}) < apart:
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
        if len(of) <= _LARGEST and all(token in place for token in of):
            sets[sum(1 << place[token] for token in of)] = JOINTLY
    return _Wishes(slots, np.array(list(sets), np.int64), np.array(list(sets.values()), np.float32))


def _numbers(mask: NDArray[np.uint64], own: NDArray[np.uint64]) -> list[int]:
    """Numbers of the tokens in a mask that act for the person."""
    width = min(len(mask), len(own))
    return numbers_in(mask[:width] & own[:width])


def _held(tokens: NDArray[np.uint64], slots: tuple[int, ...]) -> NDArray[np.int64]:
    """Which of the tokens each row holds, as bits (N,)."""
    held = np.zeros(len(tokens), np.int64)
    for place, token in enumerate(slots):
        if token // 64 < tokens.shape[1]:
            held |= ((tokens[:, token // 64] >> np.uint64(token % 64)) & np.uint64(1)).astype(np.int64) << place
    return held


def _holders(
    tokens: NDArray[np.uint64], alive: NDArray[np.bool_], slots: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the tokens each person holds, as bits (N,), and how many people hold all tokens of each set (2^s,)."""
    held = _held(tokens, slots)
    holders = np.bincount(held[alive], minlength=1 << len(slots))
    for place in range(len(slots)):  # sum over all supersets, one token at a time
        split = holders.reshape(-1, 2, 1 << place)
        split[:, 0] += split[:, 1]
    return held, holders
