"""What weights are learned from: the values of those scorers that read nothing protected (domain.md G3).

A scorer takes part only if everything it reads is in a closed list. So a new column is not learned from until somebody
decides that it may be; lifts, constraints, sensitive fields and what follows from them, boundaries, vetting, and what
became of earlier matches are never on it. Scorers that do not take part are not even run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.learning.preferences import Pair, Preference
from matchengine.matching.score import RawScores, score
from matchengine.pool.sensitive import TOKEN_COLUMNS
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS
from matchengine.registry import ActiveScorer, MatchKind
from matchengine.scene import Scene

__all__ = [
    "COLUMNS",
    "PAIRS",
    "PROTECTED",
    "Table",
    "learnable_kind",
    "reads_protected",
    "rows_of",
    "scored",
    "table_of",
    "why_not",
]

COLUMNS: frozenset[str] = frozenset({
    "values", "career_stage", "experience_years", "comfort_rung", "cadence_minutes", "max_travel_minutes", "wants",
    "sponsoring", "open_to_learn", "goal_kind", "style", "languages", "languages_to_learn", "modes", "support_mode",
    "network_counts", "network_importance", "talk_share", "size", "kind", "cost", "exposure_level", "fills", "level",
    "beginner_friendly", "regular", "named_contact", "resource_type", "days_old", "days_until", "try_once",
    "activity_first", "accompanied",
})  # fmt: skip
"""Columns of either side that a learned weight may depend on."""
PAIRS: frozenset[str] = frozenset({
    "common_minutes", "language", "distance_km", "distance_error_km", "online", "apart", "needed_minutes",
})  # fmt: skip
"""Features of a pair that a learned weight may depend on."""
PROTECTED: frozenset[str] = SENSITIVE_PERSON_FIELDS | frozenset(TOKEN_COLUMNS) | {
    "shared_wishes", "wished", "wish_level", "identity_cap", "norm_needs", "safety_needs", "framing_preference",
    "blocked_kinds", "blocked_venues", "blocked_topic", "must_not", "do_not_rematch",
}  # fmt: skip
"""What is sensitive, follows from it, or is a boundary: no number of a proposal may depend on it."""


@dataclass(frozen=True)
class Table:
    """Scorer values of every pair that a preference names.

    Attributes
    ----------
    kind : MatchKind
        With the learnable scorers alone.
    values, confidences : float arrays (N, S)
        As `matching.score` returns them; NaN where a scorer abstains.
    goals : int array (N,) or None
        Kind of the requester's main goal, where block weights depend on it.
    better, worse : int arrays (M,)
        Rows of the two pairs of each preference.
    preferences : tuple of Preference (M,)
    unknown : int
        Preferences left out, because somebody in them is no longer known or does not take part.
    """

    kind: MatchKind
    values: FloatArray
    confidences: FloatArray
    goals: IntArray | None
    better: IntArray
    worse: IntArray
    preferences: tuple[Preference, ...]
    unknown: int = 0

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each preference counts, shape (M,)."""
        return np.array([each.weight for each in self.preferences], np.float64)


def why_not(scorer: ActiveScorer) -> tuple[str, ...] | None:
    """Return what of a scorer's inputs may not be learned from; empty for a lift, None for a scorer that takes part."""
    if scorer.block is None or scorer.spec.role == "lift":
        return ()
    barred = tuple(name for name in scorer.spec.inputs if not _free(name))
    return barred or None


def _free(name: str) -> bool:
    side, _dash, rest = name.partition("_")
    return side == "items" or (rest in PAIRS if side == "pair" else rest in COLUMNS)


def learnable_kind(kind: MatchKind) -> MatchKind:
    """The same kind with the scorers alone that may be learned about."""
    return replace(kind, scorers=tuple(scorer for scorer in kind.scorers if why_not(scorer) is None))


def reads_protected(inputs: Iterable[str]) -> bool:
    """Whether any of these inputs is a sensitive field, follows from one, or is a boundary that stays silent."""
    return any(name.partition("_")[2] in PROTECTED for name in inputs)


def table_of(scene: Scene, preferences: Iterable[Preference]) -> Table:
    """Score every pair that a preference names, with the learnable scorers alone.

    Preferences about somebody who is not known, or who does not take part in this kind of match, are left out and
    counted.
    """
    given = list(preferences)
    rows = rows_of(scene, (pair for each in given for pair in (each.better, each.worse)))
    kept = [each for each in given if each.better in rows and each.worse in rows]
    used = {pair: rows[pair] for each in kept for pair in (each.better, each.worse)}
    place, batch, raw = scored(scene, used)
    return Table(
        learnable_kind(scene.kind),
        raw.values,
        raw.confidences,
        scene.goals(batch),
        np.array([place[each.better] for each in kept], np.int64),
        np.array([place[each.worse] for each in kept], np.int64),
        tuple(kept),
        len(given) - len(kept),
    )


def rows_of(scene: Scene, pairs: Iterable[Pair]) -> dict[Pair, tuple[int, int]]:
    """Rows of the pairs in which both are known and take part in this kind of match."""
    kind, sides, tables = scene.kind, scene.kind.sides, scene.pool.tables
    asking = scene.pool.members(sides.requesters, kind.requester_role)
    giving = scene.pool.candidates(sides)
    found = {}
    for pair in pairs:
        one, other = tables[sides.requesters].row_of.get(pair[0]), tables[sides.candidates].row_of.get(pair[1])
        if one is not None and other is not None and asking[one] and giving[other]:
            found[pair] = one, other
    return found


def scored(scene: Scene, rows: Mapping[Pair, tuple[int, int]]) -> tuple[dict[Pair, int], PairBatch, RawScores]:
    """Run the learnable scorers on some pairs; return where each pair stands, the batch and the scores."""
    order = sorted(rows, key=rows.__getitem__)
    both = np.array([rows[pair] for pair in order], np.int32).reshape(len(order), 2)
    batch = PairBatch(np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1]))
    return {pair: n for n, pair in enumerate(order)}, batch, score(learnable_kind(scene.kind), scene.inputs(batch))
