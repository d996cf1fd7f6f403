"""What weights are learned from: the values of those scorers that read nothing protected (domain.md G3).

A scorer takes part only if everything it reads is in a closed list. So a new column is not learned from until somebody
decides that it may be; lifts, constraints, sensitive fields and what follows from them, boundaries, vetting, and what
became of this match are never on it. Scorers that do not take part are not even run. Scorers of history take part only
where everything compared can be scored by what was known before it (`before`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.learning.before import History, known_then
from matchengine.learning.grades import Graded, Grades
from matchengine.learning.preferences import Pair, Preference
from matchengine.matching.score import RawScores, score
from matchengine.pool.sensitive import TOKEN_COLUMNS
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS
from matchengine.registry import ActiveScorer, MatchKind
from matchengine.scene import Scene

__all__ = [
    "COLUMNS",
    "HISTORY",
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
HISTORY: frozenset[str] = frozenset({"joined_together", "accepts", "accepted_by", "usually_accepts"})
"""Features of a pair that follow from memberships and answers: learned about only as they were then."""
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
    graded : Graded
        Candidates that people graded, as rows of this table.
    """

    kind: MatchKind
    values: FloatArray
    confidences: FloatArray
    goals: IntArray | None
    better: IntArray
    worse: IntArray
    preferences: tuple[Preference, ...]
    unknown: int = 0
    graded: Graded = field(default_factory=Graded.none)

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each preference counts, shape (M,)."""
        return np.array([each.weight for each in self.preferences], np.float64)


def why_not(scorer: ActiveScorer, history: bool = False) -> tuple[str, ...] | None:
    """Return what of a scorer's inputs may not be learned from; empty for a lift, None for a scorer that takes part.

    Parameters
    ----------
    history : bool
        Whether scorers of history may take part.
    """
    if scorer.block is None or scorer.spec.role == "lift":
        return ()
    barred = tuple(name for name in scorer.spec.inputs if not _free(name, history))
    return barred or None


def _free(name: str, history: bool) -> bool:
    side, _dash, rest = name.partition("_")
    if side == "items":
        return True
    return rest in PAIRS or (history and rest in HISTORY) if side == "pair" else rest in COLUMNS


def reads_history(inputs: Iterable[str]) -> bool:
    """Whether any of these inputs follows from memberships or answers."""
    return any(name.partition("_")[2] in HISTORY for name in inputs)


def learnable_kind(kind: MatchKind, history: bool = False) -> MatchKind:
    """The same kind with the scorers alone that may be learned about."""
    return replace(kind, scorers=tuple(scorer for scorer in kind.scorers if why_not(scorer, history) is None))


def reads_protected(inputs: Iterable[str]) -> bool:
    """Whether any of these inputs is a sensitive field, follows from one, or is a boundary that stays silent."""
    return any(name.partition("_")[2] in PROTECTED for name in inputs)


def table_of(
    scene: Scene, preferences: Iterable[Preference], grades: Grades | None = None, history: History | None = None
) -> Table:
    """Score every pair that a preference or a grade names, with the learnable scorers alone.

    Preferences about somebody who is not known, or who does not take part in this kind of match, are left out and
    counted; grades of people who have no preference are left out.

    Parameters
    ----------
    history : History or None
        With it, scorers of history take part; what somebody compares is scored by what was known before all of it.
    """
    given = list(preferences)
    rows = rows_of(scene, (pair for each in given for pair in (each.better, each.worse)))
    kept = [each for each in given if each.better in rows and each.worse in rows]
    graded = grades or {}
    told = {each.judge: graded[each.judge] for each in kept if graded.get(each.judge)}
    rows |= rows_of(scene, (pair for of in told.values() for pair in of))
    whole = {judge: history.day(of) if history else None for judge, of in told.items()}
    days = [history.day((each.better, each.worse)) if history else None for each in kept]
    named = {(pair, day) for each, day in zip(kept, days, strict=True) for pair in (each.better, each.worse)}
    named |= {(pair, whole[judge]) for judge, of in told.items() for pair in of if pair in rows}
    place, values, confidences, goals = _scored_then(scene, rows, named, history)
    owned = {judge: {pair: place[pair, whole[judge]] for pair in of if pair in rows} for judge, of in told.items()}
    return Table(
        learnable_kind(scene.kind, history is not None),
        values,
        confidences,
        goals,
        np.array([place[each.better, day] for each, day in zip(kept, days, strict=True)], np.int64),
        np.array([place[each.worse, day] for each, day in zip(kept, days, strict=True)], np.int64),
        tuple(kept),
        len(given) - len(kept),
        Graded.of(told, owned),
    )


Moment = tuple[Pair, date | None]
"""A pair, and the day before which everything has to be known that may be read about it; None as of today."""


def _scored_then(
    scene: Scene, rows: Mapping[Pair, tuple[int, int]], named: set[Moment], history: History | None
) -> tuple[dict[Moment, int], FloatArray, FloatArray, IntArray | None]:
    """Score pairs, each as of its day; return where each stands, values and confidences, and goals of requesters."""
    place: dict[Moment, int] = {}
    made: list[RawScores] = []
    goals: list[IntArray] = []
    for day in sorted({day for _pair, day in named}, key=lambda day: day or date.min) or [None]:
        then = scene if day is None or history is None else known_then(scene, history.said, day)
        at, batch, raw = scored(then, {pair: rows[pair] for pair, of in named if of == day}, history is not None)
        place |= {(pair, day): len(place) + n for n, pair in enumerate(sorted(at, key=at.__getitem__))}
        made.append(raw)
        goal = scene.goals(batch)
        goals += [] if goal is None else [goal]
    values, confidences = (np.concatenate([getattr(raw, name) for raw in made]) for name in ("values", "confidences"))
    return place, values, confidences, np.concatenate(goals) if goals else None


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


def scored(
    scene: Scene, rows: Mapping[Pair, tuple[int, int]], history: bool = False
) -> tuple[dict[Pair, int], PairBatch, RawScores]:
    """Run the learnable scorers on some pairs; return where each pair stands, the batch and the scores."""
    order = sorted(rows, key=rows.__getitem__)
    both = np.array([rows[pair] for pair in order], np.int32).reshape(len(order), 2)
    batch = PairBatch(np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1]))
    return (
        {pair: n for n, pair in enumerate(order)},
        batch,
        score(learnable_kind(scene.kind, history), scene.inputs(batch)),
    )
