"""What several tests of the programme twin share."""

from __future__ import annotations

import json
from functools import cache

import numpy as np

from matchengine.simulation import WORLDS, Knobs, Population, Records, populate
from matchengine.simulation.skills import SKILLS, _bank


@cache
def twin(name: str = "W1", mentees: int = 300, seed: int = 1, groups: int = 24) -> Population:
    """Return a programme of a world."""
    return populate(WORLDS[name].knobs(Knobs(mentees=mentees, groups=groups)), seed)


@cache
def records(name: str = "W1", mentees: int = 300, seed: int = 1, groups: int = 24) -> Records:
    """Return its records."""
    return twin(name, mentees, seed, groups).records()


def dumped(told: Records) -> str:
    """Return all records as one text."""
    return json.dumps([r.model_dump(mode="json") for part in told.values() for r in part], ensure_ascii=False)


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return Spearman's correlation (no ties to speak of)."""
    ranks = [np.argsort(np.argsort(values)) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


def random_pairs(population: Population, count: int = 4_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return positions of random mentees and mentors."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, len(population.mentees), count), rng.integers(0, len(population.mentors), count)


def skill_in(text: str, language: str) -> int | None:
    """Return the skill that a text names, None where it names an area alone."""
    found = [
        (len(option), n)
        for n, skill in enumerate(SKILLS)
        for option in _bank(language)["skills"][skill]
        if option.lower() in text.lower()
    ]
    return max(found)[1] if found else None
