"""A programme whose people rank mentors by weights that the tests know, in cohorts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import matchengine as me
from matchengine.learning.features import rows_of, scored
from matchengine.learning.preferences import Said
from matchengine.learning.proposal import propose
from matchengine.learning.weights import Weights, with_weights
from matchengine.matching.combine import combine, neutral_score
from matchengine.records.learning import WeightProposal
from matchengine.records.plan import Ranking
from tests.learning.tables import TRUE
from tests.properties.populations import programme
from tests.support import engine


def loaded(mentees: int = 60, mentors: int = 12, seed: int = 0, extra: str = "", **more: Any) -> me.Engine:
    """Return an engine of the tests with a seeded programme."""
    made = engine(extra, plugins=more.pop("plugins", ()))
    made.load(programme(mentees, mentors, seed), **more)
    return made


def rankings(
    made: me.Engine, weights: Weights = TRUE, *, n: int = 5, seed: int = 0, noise: float = 0.01
) -> list[Ranking]:
    """Let every mentee rank n mentors of those they were shown, by the score under `weights` and some noise."""
    scene, rng = made._scene("mentor"), np.random.default_rng(seed)
    members = scene.members()
    told = []
    for person in members.requesters:
        shown = rng.choice(members.candidates, n, replace=False).tolist()
        place, batch, raw = scored(scene, rows_of(scene, [(person, mentor) for mentor in shown]))
        kind = with_weights(_bare(scene), weights)
        neutral = neutral_score(kind, raw.values, raw.confidences)
        total = combine(kind, raw.values, raw.confidences, neutral).total + rng.normal(0, noise, len(batch))
        told.append(Ranking(person_id=person, ranked=tuple(sorted(shown, key=lambda m: -total[place[person, m]]))))
    return told


def _bare(scene: Any) -> Any:
    from matchengine.learning.features import learnable_kind

    return learnable_kind(scene.kind)


def coin(told: list[Ranking], seed: int = 1) -> list[Ranking]:
    """The same people and mentors, in an order that means nothing."""
    rng = np.random.default_rng(seed)
    return [each.model_copy(update={"ranked": tuple(rng.permutation(each.ranked).tolist())}) for each in told]


def cohorts(made: me.Engine, count: int = 6) -> dict[str, str]:
    """Put the mentees into cohorts in turn."""
    people = made._scene("mentor").members().requesters
    return {person: f"cohort {n % count}" for n, person in enumerate(people)}


def learned(made: me.Engine, said: Said, kind: str = "mentor", **more: Any) -> WeightProposal:
    """Learn, as `Engine.fit` does."""
    return propose(made._scene(kind), said, made.fingerprint(), **more)


def weights_of(proposal: WeightProposal) -> Mapping[str, float]:
    """Learned weights by name."""
    return {each.name: each.learned for each in proposal.weights}


Maker = Callable[..., me.Engine]
