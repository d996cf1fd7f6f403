"""How good somebody found each of several candidates, as grades from 0 to 1: what lists are measured by (domain.md H1).

One kind of answer for each person, so that grades of one person are on one scale:

* a ranking of n: 1 for the first, 0 for the last, even steps between;
* else ratings part of the way: (mean − 1) / 4 over what they rated 1 to 5, and 0 for whom they declined;
* else answers: 1 for whom they took part with, 0 for whom they declined.

Only people who look are graded, and only candidates about whom they said something: nothing is known of all others.
What is left out of preferences is left out here too, pairs in which anybody did not feel safe among them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.learning.preferences import Pair, Said, declined_by, ratings_by, tie_pairs, took_part, unsafe_pairs
from matchengine.registry import MatchKind

__all__ = ["FEWEST_GRADED", "FEWEST_JUDGED", "Graded", "Grades", "Metric", "declared", "grades_of"]

Metric = Literal["ndcg@5", "pairwise_accuracy"]
Grades = Mapping[str, Mapping[Pair, float]]
"""By person: the grade, 0 to 1, of each pair that they said something about."""
FEWEST_GRADED = 3
"""Candidates that somebody must have graded, two of them differently, to be measured by a list."""
FEWEST_JUDGED = 40
"""People measured by a list below which lists are not the measure."""


class Graded(NamedTuple):
    """Grades as arrays, person by person.

    Attributes
    ----------
    people : tuple of str (J,)
    person, row : int arrays (G,)
        Positions in `people` and rows of the pairs in a table, ordered by both.
    gain : float array (G,)
        Grade, 0 to 1.
    """

    people: tuple[str, ...]
    person: IntArray
    row: IntArray
    gain: FloatArray

    @classmethod
    def none(cls) -> Graded:
        """Nobody graded anything."""
        return cls((), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))

    @classmethod
    def of(cls, grades: Grades, rows: Mapping[str, Mapping[Pair, int]]) -> Graded:
        """Take those who graded enough; `rows` says by person where each pair stands, and leaves out who is unknown."""
        people: list[str] = []
        told: list[tuple[int, int, float]] = []
        for person in sorted(grades):
            own = rows.get(person, {})
            found = {own[pair]: grade for pair, grade in grades[person].items() if pair in own}
            if len(found) >= FEWEST_GRADED and len(set(found.values())) > 1:
                told += [(len(people), row, found[row]) for row in sorted(found)]
                people.append(person)
        person_of, row_of, gain = (np.array([each[n] for each in told]) for n in range(3))
        return cls(tuple(people), person_of.astype(np.int64), row_of.astype(np.int64), gain.astype(np.float64))


def grades_of(kind: MatchKind, said: Said, asking: Collection[str]) -> Grades:
    """Return the grades of everybody who looks.

    Parameters
    ----------
    asking : collection of str
        Ids of those who look.
    """
    ties, unsafe = tie_pairs(kind, said.relationships), unsafe_pairs(said.feedback)
    found: dict[str, dict[Pair, float]] = {}
    declined = declined_by(said.feedback)
    for judge, rated in ratings_by(ties, said.feedback).items():
        found[judge] = {pair: (sum(v for v, _d in told) / len(told) - 1) / 4 for pair, told in rated.items()}
    for judge, refused in declined.items():
        if judge not in found:
            found[judge] = dict.fromkeys(took_part(ties, judge), 1.0)
        found[judge] |= dict.fromkeys(refused, 0.0)
    for ranking in said.rankings:
        who, last = ranking.person_id, len(ranking.ranked) - 1
        if last > 0:
            found[who] = {(who, other): 1 - place / last for place, other in enumerate(ranking.ranked)}
    return {
        judge: {pair: of[pair] for pair in sorted(of) if pair[0] == judge and frozenset(pair) not in unsafe}
        for judge, of in sorted(found.items())
        if judge in asking
    }


def declared(graded: int, judges: int) -> Metric:
    """Return what the gate measures by, from counts alone: before any score or weight is looked at.

    nDCG@5 where at least forty people, and at least half of all who look and said something, graded three candidates
    or more; the share of preferences in the right order otherwise.

    Parameters
    ----------
    graded : int
        People who graded enough candidates to be measured by a list.
    judges : int
        People who look and said something.
    """
    return "ndcg@5" if graded >= FEWEST_JUDGED and 2 * graded >= judges else "pairwise_accuracy"
