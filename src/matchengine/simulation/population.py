"""A whole invented programme: hidden state, and the records an engine would get to see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

import numpy as np

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.records.group import Group
from matchengine.records.person import Person
from matchengine.records.relationship import ConsentGrant, Relationship
from matchengine.simulation.disclosure import sensitive_fields
from matchengine.simulation.gatherings import Gatherings, group_record, make_gatherings
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import generator
from matchengine.simulation.people import IntArray, Side, make_side
from matchengine.simulation.profiles import person_fields

__all__ = ["Population", "Records", "Sample", "populate"]

_SAMPLE = 1_200
_TIES = ("must_not", "household")


class Records(TypedDict):
    """What `Engine.load` takes: `engine.load(**population.records())`."""

    people: list[Person]
    groups: list[Group]
    consents: list[ConsentGrant]
    relationships: list[Relationship]


@dataclass(frozen=True, eq=False)
class Sample:
    """Random pairs of the population at birth: the yardstick of its factors, whoever is left out later."""

    mentees: Side
    mentors: Side
    groups: Gatherings


@dataclass(frozen=True, eq=False)
class Population:
    """An invented programme. Its hidden state is for this room and for oracles; an engine gets `records()`.

    Attributes
    ----------
    knobs : Knobs
    seed : int
    mentees, mentors : Side
    groups : Gatherings
    ties : (t, 3) int
        Numbers of mentee and mentor, and position in `_TIES`.
    sample : Sample
    """

    knobs: Knobs
    seed: int
    mentees: Side
    mentors: Side
    groups: Gatherings
    ties: IntArray
    sample: Sample

    @cached_property
    def yardstick(self) -> Population:
        """The random pairs of the population at birth as a programme of their own: pair n is mentee n with mentor n."""
        return replace(self, mentees=self.sample.mentees, mentors=self.sample.mentors)

    @property
    def seats(self) -> IntArray:
        """Mentees each mentor can take, shape (mentors,)."""
        return self.mentors.capacity

    def subset(
        self,
        mentees: Sequence[int] | None = None,
        mentors: Sequence[int] | None = None,
        groups: Sequence[int] | None = None,
    ) -> Population:
        """Return the same programme with some of the people and groups, in the order of the given positions.

        What becomes of a pair is the same as before.
        """
        return replace(
            self,
            mentees=self.mentees if mentees is None else self.mentees.take(np.asarray(mentees, np.int64)),
            mentors=self.mentors if mentors is None else self.mentors.take(np.asarray(mentors, np.int64)),
            groups=self.groups if groups is None else self.groups.take(np.asarray(groups, np.int64)),
        )

    def renamed(self, mentees: Sequence[str], mentors: Sequence[str]) -> Population:
        """Return the same programme under other ids; nothing else changes.

        Raises
        ------
        DataError
            Where the ids are not as many as the people, or not all different.
        """
        for side, ids in ((self.mentees, mentees), (self.mentors, mentors)):
            if len(set(ids)) != len(side):
                raise DataError(_("renamed: expected {n} different ids, got {got}", n=len(side), got=len(set(ids))))
        return replace(
            self,
            mentees=self.mentees.take(np.arange(len(self.mentees)), tuple(mentees)),
            mentors=self.mentors.take(np.arange(len(self.mentors)), tuple(mentors)),
        )

    def records(self) -> Records:
        """Return what people and organisers told, for `Engine.load(**records)`; nothing hidden is in it."""
        people: list[Person] = []
        consents: list[ConsentGrant] = []
        for side in (self.mentees, self.mentors):
            for row in range(len(side)):
                told, grants = sensitive_fields(self.knobs, self.seed, side, row)
                people.append(Person(**person_fields(self.knobs, self.seed, side, row), **told))
                consents += grants
        return {
            "people": people,
            "groups": [group_record(self.knobs, self.seed, self.groups, row) for row in range(len(self.groups))],
            "consents": consents,
            "relationships": self._ties(),
        }

    def _ties(self) -> list[Relationship]:
        mentees = dict(zip(self.mentees.number.tolist(), self.mentees.ids, strict=True))
        mentors = dict(zip(self.mentors.number.tolist(), self.mentors.ids, strict=True))
        return [
            Relationship(person_id=mentees[one], other_id=mentors[other], kind=_TIES[kind])
            for one, other, kind in self.ties.tolist()
            if one in mentees and other in mentors
        ]


def populate(knobs: Knobs, seed: int) -> Population:
    """Draw an invented programme.

    Parameters
    ----------
    knobs : Knobs
        For a world, `world.knobs(knobs)`: two worlds change what is written or how many there are.
    seed : int
        At least 0. The same seed gives the same programme; under other knobs the same people as far as those allow.

    Raises
    ------
    DataError
        Where the seed is below 0.
    """
    if seed < 0:
        raise DataError(_("seed is {seed}, expected at least 0", seed=seed))
    mentees, mentors = make_side(knobs, seed, "mentee"), make_side(knobs, seed, "mentor")
    groups, pairs = make_gatherings(knobs, seed, mentees), generator(seed, "sample").random((_SAMPLE, 2))
    drawn = generator(seed, "ties").random((round(knobs.mentees * knobs.ties_per_100 / 100), 3))
    ties = np.floor(drawn * [len(mentees), len(mentors), len(_TIES)]).astype(np.int64)
    ties = ties[np.sort(np.unique(ties[:, :2], axis=0, return_index=True)[1])] if len(ties) else ties
    return Population(
        knobs=knobs,
        seed=seed,
        mentees=mentees,
        mentors=mentors,
        groups=groups,
        ties=ties,
        sample=Sample(
            mentees.take(np.floor(pairs[:, 0] * len(mentees)).astype(np.int64)),
            mentors.take(np.floor(pairs[:, 1] * len(mentors)).astype(np.int64)),
            groups,
        ),
    )
