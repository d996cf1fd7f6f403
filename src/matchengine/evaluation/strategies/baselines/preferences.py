"""What adapters of other packages are given: shared tags as preferences, places, and whom each may be paired with."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.evaluation.strategies.baselines.tag_overlap import overlap
from matchengine.evaluation.strategies.drawing import lottery

__all__ = ["matched_alone", "places_of", "strict_order", "tags_shared"]


def tags_shared(asked: Asked) -> FloatArray:
    """Share of tags that both of each pair have, float64 (P,)."""
    return overlap(asked)


def places_of(asked: Asked) -> IntArray:
    """Places of each candidate, int64 (M,): as many as there are requesters where no limit is known."""
    limited = ~np.isnan(asked.seats)
    found: IntArray = np.where(limited, np.maximum(np.nan_to_num(asked.seats), 0), asked.requesters).astype(np.int64)
    return found


def strict_order(asked: Asked, score: FloatArray, *, of_candidates: bool) -> IntArray:
    """Pairs in the order of each person's preferences, grouped by person, best first, the seed deciding between equals.

    Returns positions of pairs, int64 (P,), grouped by requester, or by candidate.
    """
    own, others = (asked.candidate, asked.requester) if of_candidates else (asked.requester, asked.candidate)
    draw = lottery(asked.requester_ids if of_candidates else asked.candidate_ids, asked.seed, "between equals")
    order: IntArray = np.lexsort((draw[others], -score, own))
    return order


def matched_alone(asked: Asked, score: FloatArray, pairs: set[tuple[int, int]]) -> FloatArray:
    """Scores of matched pairs, at least .5; NaN for all others: a package that matches suggests nobody else."""
    matched = [pair in pairs for pair in zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True)]
    return np.where(np.array(matched, np.bool_), 0.5 + score / 2, np.nan)
