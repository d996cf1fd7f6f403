"""Retrieval never starves: if k eligible candidates exist, k are returned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import engine, mentee, mentor

from matchengine.engine import Engine
from matchengine.matching.retrieve import retrieve

SMALL = """
[retrieve]
shortlist = 10
dense_up_to = 0
"""
SHARED = ["sql", "data", "welding", "meetings", "pottery", "speaking", "law", "gardens"]


def crowd(count: int, seed: int) -> list[dict[str, Any]]:
    """Mentors whose offers repeat; the first speak about what the mentee needs."""
    rng = np.random.default_rng(seed)
    people = []
    for n in range(count):
        words = rng.choice(SHARED, 2, replace=False)
        offers = [{"text": " ".join(words), "level": 3}] if rng.random() < 0.8 else []
        people.append(mentor(f"m{n}", offers=offers, hopes_to_gain=None, interests=[{"text": str(rng.choice(SHARED))}]))
    return people


def retrieve_then_filter(made: Engine, forbidden: set[str], depth: int, k: int) -> int:
    """What the usual design does: take the nearest first, drop the forbidden afterwards."""
    pool = made._pool
    left, right = pool.fields["people.needs"], pool.fields["people.offers"]
    own = left.items.text[left.items.of(pool.tables["people"].row_of["a"])]
    hits = pool.indexes["people.offers"].search(pool.vectors(left, own), depth)
    owners, _ = right.owners(np.unique(hits.ids))
    found = {pool.tables["people"].ids[row] for row in owners}
    return min(k, len(found - forbidden))


@settings(max_examples=25, deadline=None)
@given(st.integers(15, 60), st.integers(0, 1000), st.floats(0, 0.97), st.integers(1, 8))
def test_k_eligible_candidates_are_returned(count: int, seed: int, blocked: float, k: int) -> None:
    rng = np.random.default_rng(seed)
    forbidden = [f"m{n}" for n in range(count) if rng.random() < blocked]
    boundaries = [{"kind": "person", "value": f} for f in forbidden[:50]]
    made = engine(SMALL)
    made.load([mentee("a", boundaries=boundaries), *crowd(count, seed)])
    got = made.suggest("a", "mentor", k)
    eligible = count - len(boundaries)
    assert len(got) == min(k, eligible)
    assert not {s.candidate_id for s in got} & set(forbidden[:50])


def test_the_usual_design_would_starve() -> None:
    nearest = [mentor(f"m{n}", offers=[{"text": "learn sql for data work", "level": 4}]) for n in range(40)]
    others = [mentor(f"o{n}", offers=[{"text": f"pottery number {n}", "level": 4}]) for n in range(5)]
    forbidden = {f"m{n}" for n in range(40)}
    made = engine(SMALL)
    made.load([mentee("a", boundaries=[{"kind": "person", "value": f} for f in forbidden]), *nearest, *others])
    assert retrieve_then_filter(made, forbidden, depth=3, k=5) < 5
    assert {s.candidate_id for s in made.suggest("a", "mentor", 5)} == {f"o{n}" for n in range(5)}


def test_candidates_without_any_text_are_reached_too() -> None:
    silent = [mentor(f"s{n}", offers=[], interests=[], hopes_to_gain=None) for n in range(15)]
    made = engine(SMALL)
    made.load([mentee("a"), *silent])
    assert len(made.suggest("a", "mentor", 12)) == 12


def test_gaps_are_filled_first_with_those_who_said_something() -> None:
    silent = [mentor(f"s{n}", offers=[], interests=[], hopes_to_gain=None) for n in range(15)]
    other = {"offers": [{"text": "pottery", "level": 4}], "interests": [], "hopes_to_gain": None}
    made = engine(SMALL + "semantic = 0.0")
    made.load([mentee("a"), *silent, *(mentor(f"o{n}", **other) for n in range(12))])
    scene, pool = made._scene("mentor"), made._pool
    row = pool.tables["people"].row_of["a"]
    [found] = retrieve(pool, scene.kind, made.config.retrieve, [row], [scene.eligible(row)])
    names = [pool.tables["people"].ids[candidate] for candidate in found]
    assert len(names) == 10
    assert all(name.startswith("o") for name in names)


@pytest.mark.parametrize("settings_", ["semantic = 0.0", "lexical = 0.0"])
def test_either_kind_of_evidence_alone_finds_the_match(settings_: str) -> None:
    made = engine(SMALL + settings_)
    made.load([mentee("a"), *crowd(60, 3), mentor("best", offers=[{"text": "learn sql for data work", "level": 4}])])
    assert made.suggest("a", "mentor", 1)[0].candidate_id == "best"


def test_search_and_dense_scoring_agree_on_the_best() -> None:
    people = [mentee("a"), *(person for person in crowd(300, 5) if person["offers"])]
    dense, sparse = engine(), engine("[retrieve]\nshortlist = 100\ndense_up_to = 0\n")
    dense.load(people)
    sparse.load(people)
    assert dense.suggest("a", "mentor", 5) == sparse.suggest("a", "mentor", 5)
