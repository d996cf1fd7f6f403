"""How well the score, read as a chance, tells who says yes: reported, never used to score anybody (domain.md G2).

No configuration turns it on: calibrating keeps the order within a kind of match, so suggestions would be the same. Only
the evaluation harness turns scores into chances, where it compares strategies by them (`evaluation.probability`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.learning.calibration import (
    ISOTONIC_EACH,
    ISOTONIC_FROM,
    PLATT_FROM,
    Method,
    brier,
    calibration_error,
    fit_calibration,
)
from matchengine.learning.features import learnable_kind, rows_of, scored
from matchengine.learning.preferences import Said, outcomes_of
from matchengine.matching.combine import combine, neutral_score
from matchengine.records.learning import CalibrationReport
from matchengine.scene import Scene

__all__ = ["calibration_of", "report", "sound_method"]

Array = NDArray[np.float64]
_FOLDS = 5
_DECIMALS = 4
_FLEXIBLE: tuple[Method, ...] = ("identity", "platt", "isotonic")


def sound_method(outcomes: int, rarer: int) -> Method:
    """Return the most flexible method that so many outcomes bear; `rarer` counts the kind of which there are fewer."""
    if outcomes >= ISOTONIC_FROM and rarer >= ISOTONIC_EACH:
        return "isotonic"
    return "platt" if outcomes >= PLATT_FROM and rarer >= _FOLDS else "identity"


def calibration_of(scene: Scene, said: Said) -> CalibrationReport:
    """Compare the configured score with the answers that pairs came to; requesters held out whole."""
    answers = outcomes_of(scene.kind, said)
    rows = rows_of(scene, answers)
    place, batch, raw = scored(scene, rows)
    kind = learnable_kind(scene.kind)
    if not place or not kind.scorers:
        return CalibrationReport(method="identity", outcomes=0)
    goals = scene.goals(batch)
    neutral = neutral_score(kind, raw.values, raw.confidences, goals)
    scores = np.asarray(combine(kind, raw.values, raw.confidences, neutral, goals).total, np.float64)
    told = np.empty(len(place))
    for pair, at in place.items():
        told[at] = answers[pair]
    return report(scores, told, np.asarray(batch.requester_rows, np.int64))


def report(scores: Array, outcomes: Array, owner: NDArray[np.int64]) -> CalibrationReport:
    """Fit the method that the outcomes bear on four fifths of the requesters and try it on the others, in turn.

    Parameters
    ----------
    scores, outcomes : float arrays (N,)
        In [0, 1]; 1 for yes, 0 for no.
    owner : int array (N,)
        The requester of each.
    """
    yes = int(outcomes.sum())
    part = _parts(scores, owner)
    method = min((_of_part(scores, outcomes, part != n) for n in range(_FOLDS)), key=_FLEXIBLE.index)
    after = np.full(len(scores), np.nan)
    for n in range(_FOLDS):
        train, test = part != n, part == n
        after[test] = fit_calibration(method, scores[train], outcomes[train]).apply(scores[test])
    few = len(outcomes) < PLATT_FROM
    numbers = [
        calibration_error(scores, outcomes), calibration_error(after, outcomes),
        brier(scores, outcomes), brier(after, outcomes),
    ]  # fmt: skip
    before_error, after_error, before_brier, after_brier = (None if few else round(n, _DECIMALS) for n in numbers)
    return CalibrationReport(
        method=method, outcomes=len(outcomes), yes=None if few else yes,
        error_before=before_error, error_after=after_error, brier_before=before_brier, brier_after=after_brier,
    )  # fmt: skip


def _parts(scores: Array, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fifth, 0 to 4, that each score belongs to: that of its requester, by scores and not by ids."""
    owners, place = np.unique(owner, return_inverse=True)
    sums = np.round(np.bincount(place, scores), 9)
    fifth = np.empty(len(owners), np.int64)
    fifth[np.argsort(sums, kind="stable")] = np.arange(len(owners)) % _FOLDS
    return fifth[place]


def _of_part(scores: Array, outcomes: Array, train: NDArray[np.bool_]) -> Method:
    yes, n = int(outcomes[train].sum()), int(train.sum())
    return sound_method(n, min(yes, n - yes)) if n > 1 and np.ptp(scores[train]) > 0 else "identity"
