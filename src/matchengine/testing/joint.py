"""A population with wishes and tokens, and its `JointSets`: what lifts over people are checked on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import JointSets, PairBatch, read_only

__all__ = ["JointPopulation", "draw_joint_sets"]

_TOKENS = 8
_OPTED_IN = 400
"""People who opened tokens, beyond the few rows that pairs are made of."""


@dataclass(frozen=True)
class JointPopulation:
    """Tokens that each row holds and wishes for, as bits (N,); how important and how much; holders of every set."""

    held: NDArray[np.int64]
    wished: NDArray[np.int64]
    importance: NDArray[np.float32]
    level: NDArray[np.float32]
    holders: NDArray[np.int64]

    def of(self, batch: PairBatch) -> JointSets:
        """Return the joint sets of a batch."""
        wished, level = self.wished[batch.requester_rows], self.level[batch.requester_rows]
        wished = np.where(np.isnan(level), 0, wished)
        shared = self.held[batch.candidate_rows] & wished
        keys = np.stack([batch.requester_rows.astype(np.int64), wished, shared], axis=1)
        cases, case = np.unique(keys, axis=0, return_inverse=True)
        rows: list[tuple[int, int, float, int, bool]] = []
        for number, (row, wish, common) in enumerate(cases.tolist()):
            tokens = [token for token in range(_TOKENS) if wish >> token & 1]
            for members in (m for size in (1, 2, 3) for m in combinations(tokens, size)):
                mask = sum(1 << token for token in members)
                weight = float(np.prod(self.importance[row, list(members)]) ** (1 / len(members)))
                rows.append((number, len(members), weight, int(self.holders[mask]), mask & ~common == 0))
        columns = list(zip(*rows, strict=True)) or [()] * 5
        return JointSets(
            case=read_only(case.reshape(-1)),
            of_case=read_only(np.array(columns[0], np.int64)),
            size=read_only(np.array(columns[1], np.int8)),
            importance=read_only(np.array(columns[2], np.float32)),
            holders=read_only(np.array(columns[3], np.int32)),
            shared=read_only(np.array(columns[4], np.bool_)),
            wished_holders=read_only(self.holders[cases[:, 1]].astype(np.int32)),
            shared_holders=read_only(self.holders[cases[:, 2]].astype(np.int32)),
            level=read_only(level),
            population=_OPTED_IN,
        )


def draw_joint_sets(random: np.random.Generator, rows: int, missing: float) -> JointPopulation:
    """Draw a population of `rows` people among some hundred who opened tokens."""
    everybody = _bits(random.random((_OPTED_IN, _TOKENS)) < random.uniform(0.05, 0.5, _TOKENS))
    holders = np.bincount(everybody, minlength=1 << _TOKENS)
    for token in range(_TOKENS):
        split = holders.reshape(-1, 2, 1 << token)
        split[:, 0] += split[:, 1]
    held = everybody[:rows] | _bits(random.random((rows, _TOKENS)) < 0.3)
    wished = held & _bits(random.random((rows, _TOKENS)) < 0.7)
    level = np.where(
        (random.random(rows) < missing) | (wished == 0), np.nan, random.integers(1, 4, rows).astype(np.float32)
    )
    importance = random.choice(np.array([1 / 3, 2 / 3, 1], np.float32), (rows, _TOKENS))
    return JointPopulation(held, wished, importance, level.astype(np.float32), holders)


def _bits(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    packed: NDArray[np.int64] = (chosen.astype(np.int64) << np.arange(_TOKENS)).sum(axis=1)
    return packed
