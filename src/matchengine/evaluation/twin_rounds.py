"""Earlier rounds of an invented programme, made by a logged policy, so that evaluating and learning can be tried.

The earlier rounds were made by a logged policy: each mentee of a cohort, in an order drawn by lot, gets one of the free
mentors who suit them about as well as the best in practical things, each with the same chance. That chance is the
propensity (domain.md H10: randomise only among near-tied options). Up to five of the near ties are shown; after a short
talk with each the mentee ranks them, by what they would truly gain and a good deal of noise. Scores of fit played no
part in it: had they, an evaluation would find that the engine agrees with itself, even in a world where nothing
matters. For the same reason the evaluation file compares among those shown. Nobody in the files exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.evaluation.twin_programme import TODAY, Twin, expected_of

if TYPE_CHECKING:
    from matchengine.records import Feedback, Relationship
    from matchengine.records.journey import Meeting
    from matchengine.simulation import PairOutcomes, World

__all__ = ["COLUMNS", "FEWEST_COHORTS", "NEAR", "SHOWN", "Rounds", "live_rounds"]

COLUMNS = (
    "requester_id", "candidate_id", "cohort", "rating", "months", "accepted", "shown", "propensity", "observed_at",
    "rank",
)  # fmt: skip
"""Columns of `outcomes.csv`; rating and months are empty for who was shown and not taken, or did not answer. `rank` is
where the mentee placed somebody after a short talk with all who were shown."""
NEAR = 0.05
"""Practical scores at most so far below the best free one are near ties."""
SHOWN = 5
"""So many near ties are shown at most."""
PRACTICAL = "feasibility"
"""Scorer by which near ties are told; without one in the configuration every allowed mentor is a near tie."""
FEWEST_COHORTS = 5
_PER_COHORT = 25
_TALK_NOISE = 0.05
"""Standard deviation of what a short talk adds to an expectation, in points of utility."""


@dataclass
class Rounds:
    """Rows and records of all rounds: outcomes, (person, cohort), rankings, and how likely each was to be shown."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    cohorts: list[tuple[str, str]] = field(default_factory=list)
    rankings: list[tuple[str, ...]] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    ratings: int = 0


@dataclass(frozen=True)
class _Drawn:
    """Who was chosen for each member of a cohort (−1 for nobody), with which chance, and who was shown with which."""

    chosen: IntArray
    propensity: FloatArray
    shown: Sequence[IntArray]
    chance: FloatArray


def live_rounds(twin: Twin, place: World, scores: FloatArray | None) -> Rounds:
    """Let every cohort live through its round, half a year each; mentors are free again for the next.

    Parameters
    ----------
    scores : float64 array (P,) or None
        Practical scores of the pairs of `twin.asked`; None where all are alike.
    """
    from matchengine.simulation import run_pairs, to_records

    population, asked, weeks = twin.population, twin.asked, twin.population.knobs.weeks
    rng = np.random.default_rng([twin.seed, 11])
    count = max(FEWEST_COHORTS, round(asked.requesters / _PER_COHORT))
    hoped, made = expected_of(population, place, "mentor")[0], Rounds()
    practical = np.zeros(len(asked)) if scores is None else scores
    for number, members in enumerate(np.array_split(rng.permutation(asked.requesters), count)):
        started = TODAY - timedelta(weeks=(weeks + 1) * (count - number))
        drawn = _drawn(twin, members, practical, rng)
        outcome = run_pairs(population, place, members, drawn.chosen, twin.seed)
        told = to_records(population, outcome, started=started, seed=twin.seed, propensity=drawn.propensity)
        made.relationships += told.relationships
        made.feedback += told.feedback
        made.meetings += told.meetings
        for n, person in enumerate(members.tolist()):
            felt = hoped[person, drawn.shown[n]] + _TALK_NOISE * rng.standard_normal(len(drawn.shown[n]))
            _told(made, twin, (person, n), drawn, felt)
            when = f"{started:%Y-%m}", started.isoformat()
            made.rows += _rows(twin, (person, n), drawn, outcome, when, felt)
            made.cohorts.append((asked.requester_ids[person], f"{started:%Y-%m}"))
        made.ratings += int(np.isfinite(outcome.satisfaction).sum())
    return made


def _drawn(twin: Twin, members: IntArray, scores: FloatArray, rng: np.random.Generator) -> _Drawn:
    """Draw one of the near ties for each member, in their order, and up to four more to be shown beside them."""
    asked = twin.asked
    left = np.where(np.isnan(asked.seats), len(members), np.floor(np.nan_to_num(asked.seats)))
    chosen, propensity, chance = np.full(len(members), -1, np.int64), np.ones(len(members)), np.ones(len(members))
    shown = []
    for n, person in enumerate(members.tolist()):
        at = np.arange(asked.starts[person], asked.starts[person + 1])
        at = at[~np.isnan(scores[at]) & (left[asked.candidate[at]] > 0)]
        near = rng.permutation(at[scores[at] >= scores[at].max() - NEAR]) if len(at) else at
        if len(near):
            chosen[n], propensity[n] = asked.candidate[near[0]], 1.0 / len(near)
            chance[n] = min(1.0, SHOWN / len(near))
            left[chosen[n]] -= 1
        shown.append(np.sort(asked.candidate[near[:SHOWN]]).astype(np.int64))
    return _Drawn(chosen, propensity, shown, chance)


def _told(made: Rounds, twin: Twin, who: tuple[int, int], drawn: _Drawn, felt: FloatArray) -> None:
    """Add how a mentee ranked those shown, and how likely each was to be shown."""
    (person, n), asked = who, twin.asked
    ids = [asked.candidate_ids[mentor] for mentor in drawn.shown[n][np.argsort(-felt)].tolist()]
    mentee = asked.requester_ids[person]
    if len(ids) > 1:
        made.rankings.append((mentee, *ids, *[""] * (SHOWN - len(ids))))
    made.seen += [
        {"requester_id": mentee, "candidate_id": one, "propensity": round(float(drawn.chance[n]), 6)}
        for one in sorted(ids)
    ]


def _rows(
    twin: Twin, who: tuple[int, int], drawn: _Drawn, outcome: PairOutcomes, when: tuple[str, str], felt: FloatArray
) -> list[tuple[Any, ...]]:
    """Rows of `outcomes.csv` for everybody who was shown to one mentee."""
    (person, n), asked, rows = who, twin.asked, []
    rank = np.argsort(np.argsort(-felt)) + 1
    for place, mentor in enumerate(drawn.shown[n].tolist()):
        taken = mentor == drawn.chosen[n]
        rated = taken and bool(np.isfinite(outcome.satisfaction[n]))
        rows.append((
            asked.requester_ids[person], asked.candidate_ids[mentor], when[0],
            int(outcome.satisfaction[n]) if rated else "", f"{outcome.months[n]:.1f}" if taken else "",
            "true" if taken else "false", "true", f"{drawn.propensity[n]:.6f}", when[1],
            int(rank[place]),
        ))  # fmt: skip
    return rows
