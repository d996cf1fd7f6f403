"""The score of an average pair of a programme, to which little-known pairs shrink (domain.md G1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.matching.combine import neutral_score
from matchengine.matching.constrain import allowed
from matchengine.matching.score import score
from matchengine.registry import ActiveConstraint
from matchengine.scene import Scene

__all__ = ["neutral_sample", "sample_neutral"]

_SAMPLE = 48  # requesters, and candidates of each
_PAIRS = 10_000  # checked at once


def sample_neutral(scene: Scene) -> float:
    """Median score of the well-informed pairs of a sample that the impersonal rules allow, in (0, 1)."""
    values, confidences, goals = neutral_sample(scene)
    return neutral_score(scene.kind, values, confidences, goals)


def neutral_sample(scene: Scene) -> tuple[FloatArray, FloatArray, IntArray | None]:
    """Return the scorer values and confidences (P, S) of that sample, and the kinds of main goals (P,) or None.

    Scorers of the role `history` are silent in it: the neutral score is the same with and without them.
    """
    pool, kind, sides = scene.pool, scene.kind, scene.kind.sides
    impersonal = [c for c in kind.constraints if not c.spec.personal]  # nobody's boundary may move a number
    asking = np.flatnonzero(pool.members(sides.requesters, kind.requester_role))
    rows = pool.derived.draw(sides.requesters, asking, _SAMPLE).tolist()
    found = [pool.derived.draw(sides.candidates, of_row, _SAMPLE) for of_row in _free(scene, impersonal, rows)]
    batch = PairBatch.many(rows, found)
    raw = score(kind, scene.inputs(batch))
    told = np.array([scorer.spec.role != "history" for scorer in kind.scorers], np.bool_)
    values, confidences = np.where(told, raw.values, np.nan), np.where(told, raw.confidences, 0)
    return values, confidences, scene.goals(batch)


def _free(scene: Scene, constraints: Sequence[ActiveConstraint], rows: Sequence[int]) -> Iterator[IntArray]:
    """Yield for each requester the rows of the candidates that the constraints allow; small pools in one batch."""
    sides = scene.kind.sides
    everybody, taking_part = scene.pool.rows(sides.candidates), scene.pool.candidates(sides)
    at_once = max(1, _PAIRS // max(1, len(everybody)))
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        inputs = scene.inputs(PairBatch.many(some, [everybody] * len(some)))
        passed = allowed(constraints, inputs, np.tile(taking_part, len(some)))
        yield from map(np.flatnonzero, passed.reshape(len(some), len(everybody)))
