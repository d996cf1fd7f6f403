"""A simulated round as a programme would have written it down: ties, meetings, answers, and propensities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.records.journey import Meeting
from matchengine.records.person import Cadence
from matchengine.records.relationship import Feedback, FeedbackItems, Relationship
from matchengine.simulation.group_outcomes import GroupOutcomes
from matchengine.simulation.noise import FloatArray, normal
from matchengine.simulation.outcomes import PairOutcomes
from matchengine.simulation.population import Population

__all__ = ["RoundRecords", "to_records"]


@dataclass(frozen=True)
class RoundRecords:
    """Records of one round; nothing hidden is in them.

    Attributes
    ----------
    relationships : list of Relationship
        Kind `mentoring` or `membership`; `completed`, or `ended` with the day it ended.
    feedback : list of Feedback
        Only of those who answered.
    meetings : list of Meeting
    propensities : mapping of (requester id, candidate id) to float
        Probability with which the policy chose the pair, where it was given; empty otherwise.
    """

    relationships: list[Relationship]
    feedback: list[Feedback]
    meetings: list[Meeting]
    propensities: Mapping[tuple[str, str], float]


def to_records(
    population: Population,
    outcome: PairOutcomes | GroupOutcomes,
    *,
    started: date,
    seed: int = 0,
    propensity: Any = None,
) -> RoundRecords:
    """Write down what became of a round.

    Parameters
    ----------
    population : Population
    outcome : PairOutcomes or GroupOutcomes
        From `run_pairs` or `run_groups` of the same population; mentees without a mentor are left out.
    started : date
        First day of the round.
    seed : int
        For the noise of the single items of an answer.
    propensity : (p,) float in (0, 1], optional
        Probability with which the policy chose each pair.

    Raises
    ------
    DataError
        Where the propensities are not one for each pair, or out of range.
    """
    logged = _propensities(propensity, len(outcome.requester))
    rows = [int(n) for n in np.flatnonzero(outcome.candidate >= 0)]
    if isinstance(outcome, PairOutcomes):
        writer: _Pairs | _Groups = _Pairs(population, outcome, started, seed)
    else:
        writer = _Groups(population, outcome, started, seed)
    pairs = {row: writer.ids(row) for row in rows}
    return RoundRecords(
        relationships=[writer.tie(row) for row in rows],
        feedback=[said for row in rows for said in writer.answers(row)],
        meetings=[met for row in rows for met in writer.meetings(row)],
        propensities={} if logged is None else {pairs[row]: float(logged[row]) for row in rows},
    )


def _propensities(propensity: Any, count: int) -> FloatArray | None:
    if propensity is None:
        return None
    values = np.asarray(propensity, np.float64)
    if values.shape != (count,) or not np.all((values > 0) & (values <= 1)):
        raise DataError(_("propensity: expected {n} numbers above 0 and at most 1", n=count))
    return values


def _mark(value: float) -> int:
    return int(np.clip(np.floor(1.0 + 5.0 * value), 1, 5))


class _Pairs:
    """Writes down pairs of mentees and mentors."""

    def __init__(self, population: Population, outcome: PairOutcomes, started: date, seed: int) -> None:
        self.population, self.outcome, self.started = population, outcome, started
        self.weeks = population.knobs.weeks
        numbers = np.append(population.mentors.number + 1, 0)  # the last one for nobody
        keys = (population.mentees.number[outcome.requester], numbers[outcome.candidate])
        self.noise = np.zeros((4, len(keys[0])))
        if len(keys[0]):
            self.noise = np.stack([normal(seed, f"item-{n}", *keys) for n in range(4)])

    def ids(self, row: int) -> tuple[str, str]:
        """Return the ids of mentee and mentor."""
        i, j = int(self.outcome.requester[row]), int(self.outcome.candidate[row])
        return self.population.mentees.ids[i], self.population.mentors.ids[j]

    def _last(self, row: int) -> date:
        weeks = round(float(self.outcome.months[row]) * 365.25 / 12 / 7)
        return self.started + timedelta(weeks=min(weeks, self.weeks))

    def tie(self, row: int) -> Relationship:
        """Return the relationship."""
        mentee, mentor = self.ids(row)
        return Relationship(
            person_id=mentee,
            other_id=mentor,
            kind="mentoring",
            status="ended" if self.outcome.ended[row] else "completed",
            started=self.started,
            ends=self._last(row),
            cadence=Cadence(every="weekly", minutes=60),
        )

    def meetings(self, row: int) -> list[Meeting]:
        """Return one meeting for each week in which they met."""
        mentee, mentor = self.ids(row)
        return [
            Meeting(person_id=mentee, other_id=mentor, on=self.started + timedelta(days=7 * int(week) + 2), kind="meet")
            for week in np.flatnonzero(self.outcome.met[:, row])
        ]

    def answers(self, row: int) -> list[Feedback]:
        """Return what mentee and mentor said at the end, if they said anything."""
        mentee, mentor = self.ids(row)
        when = datetime.combine(self._last(row), time(12), UTC)
        gain, quality, (helped, trusted, reached, safe) = (
            float(self.outcome.gain[row]),
            float(self.outcome.quality[row]),
            0.12 * self.noise[:, row],
        )
        said = []
        if np.isfinite(self.outcome.satisfaction[row]):
            items = FeedbackItems(
                satisfaction=int(self.outcome.satisfaction[row]),
                helpfulness=_mark(0.6 * gain + 0.4 * quality + 0.15 + helped),
                trust=_mark(quality + 0.2 + trusted),
                goal_progress=_mark(gain + 0.1 + reached),
                felt_safe=_mark(0.5 + 0.5 * quality + safe),
            )
            said.append(
                Feedback(
                    about_id=mentor, wave="end", perspective="requester", items=items, person_id=mentee, given_at=when
                )
            )
        if np.isfinite(self.outcome.mentor_satisfaction[row]):
            items = FeedbackItems(satisfaction=int(self.outcome.mentor_satisfaction[row]))
            said.append(
                Feedback(
                    about_id=mentee, wave="end", perspective="candidate", items=items, person_id=mentor, given_at=when
                )
            )
        return said


class _Groups:
    """Writes down visits to groups."""

    def __init__(self, population: Population, outcome: GroupOutcomes, started: date, seed: int) -> None:
        self.population, self.outcome, self.started = population, outcome, started

    def ids(self, row: int) -> tuple[str, str]:
        """Return the ids of the person and the group."""
        i, g = int(self.outcome.requester[row]), int(self.outcome.candidate[row])
        return self.population.mentees.ids[i], self.population.groups.ids[g]

    def tie(self, row: int) -> Relationship:
        """Return the membership; who never came back is no member any more."""
        person, group = self.ids(row)
        stays = bool(self.outcome.attended[-4:, row].any())
        return Relationship(
            person_id=person,
            other_id=group,
            kind="membership",
            status="active" if stays else "ended",
            started=self.started,
        )

    def meetings(self, row: int) -> list[Meeting]:
        """Return one entry for each visit, with no rating: nobody asked after each."""
        person, group = self.ids(row)
        return [
            Meeting(person_id=person, other_id=group, on=self.started + timedelta(days=7 * int(week) + 3))
            for week in np.flatnonzero(self.outcome.attended[:, row])
        ]

    def answers(self, row: int) -> list[Feedback]:
        """Return what the person said at the end, if they said anything."""
        if not np.isfinite(self.outcome.satisfaction[row]):
            return []
        person, group = self.ids(row)
        unsafe = bool(self.outcome.felt_unsafe[row])
        items = FeedbackItems(
            satisfaction=int(self.outcome.satisfaction[row]),
            felt_safe=2 if unsafe else _mark(0.5 + 0.5 * float(self.outcome.belonging[row])),
            felt_unsafe=unsafe,
        )
        last = self.started + timedelta(weeks=self.population.knobs.group_weeks)
        when = datetime.combine(last, time(12), UTC)
        return [
            Feedback(
                about_id=group, wave="90_days", perspective="requester", items=items, person_id=person, given_at=when
            )
        ]
