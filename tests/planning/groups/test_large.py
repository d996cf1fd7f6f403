"""Many people: likeness by vectors alone, and neighbourhoods with all rules (domain.md F3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.planning.groups import form, large
from matchengine.planning.groups.form import form_groups
from matchengine.planning.groups.measures import isolates, members_of
from matchengine.planning.groups.problem import GroupAims
from matchengine.planning.groups.vectors import bisected, likest
from tests.planning.groups.pools import broken_rules, nobody_special, permuted, pool


def clusters(count, each, seed=0):
    draw = np.random.default_rng(seed)
    centres = np.repeat(draw.normal(size=(count, 24)), each, axis=0)
    vectors = (centres + 0.3 * draw.normal(size=centres.shape)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_vectors(vectors, **more):
    problem = nobody_special(len(vectors), similarity=vectors, difference=np.zeros((len(vectors), 0)), vectors=True)
    return replace(problem, **more)


def test_clusters_of_a_groups_size_are_found():
    vectors = clusters(60, 6)
    forming = form_groups(by_vectors(vectors), GroupAims(alpha=1), seed=0)
    assert sum(len(set(group.members // 6)) == 1 for group in forming.groups) >= 57
    assert broken_rules(by_vectors(vectors), GroupAims(), forming) == []


def test_sizes_follow_the_likeness_within_their_bounds():
    vectors = np.concatenate([clusters(30, 4), clusters(30, 8, seed=1)])
    label, stopped = likest(vectors, np.full(60, 6), (4, 8))
    assert not stopped
    assert set(np.bincount(label).tolist()) <= {4, 5, 6, 7, 8}
    pure = [len(set((np.flatnonzero(label == g)[np.flatnonzero(label == g) < 120] // 4).tolist())) for g in range(60)]
    assert np.mean(np.array(pure) <= 1) > 0.8


def test_halves_hold_everybody_once_and_no_more_than_asked():
    vectors, weight = clusters(10, 7), np.random.default_rng(0).integers(1, 4, 70)
    parts = bisected(vectors, weight, 20)
    assert sorted(np.concatenate(parts).tolist()) == list(range(70))
    assert max(weight[rows].sum() for rows in parts) <= 20


FULL = (form.AT_ONCE, large.NEIGHBOURHOOD)


@pytest.fixture(params=[(64, 36), pytest.param(FULL, marks=pytest.mark.slow)], ids=["smaller", "full size"])
def at_once(request, monkeypatch):
    """The most people without neighbourhoods; every day that and the size of a neighbourhood are less by the same."""
    monkeypatch.setattr(form, "AT_ONCE", request.param[0])
    monkeypatch.setattr(large, "NEIGHBOURHOOD", request.param[1])
    return request.param[0]


@pytest.mark.parametrize("vectors", [True, False])
def test_many_people_with_all_rules(vectors, at_once):
    people = at_once + 40
    problem = pool(
        people,
        3,
        slots=3,
        density=0.8,
        newcomer=None,
        fixed=np.where(np.arange(people) < 9, np.arange(people) // 3, -1),
    )
    problem = replace(problem, together=np.array([(20, 21), (30, people - 10)]), apart=np.array([(40, 41), (50, 51)]))
    if vectors:
        problem = replace(problem, similarity=clusters(people // 8, 8), difference=np.zeros((people, 0)), vectors=True)
    problem.slots[:9] = problem.slots[[20, 21, 30, people - 10]] = True
    forming = form_groups(problem, GroupAims(), seed=0, restarts=1, steps=40)
    assert broken_rules(problem, GroupAims(), forming) == []
    assert len(forming.unplaced) <= (~problem.slots.any(axis=1)).sum() + 1
    assert isolates(problem, members_of(forming.groups)) == []


def test_permuting_many_people_permutes_the_groups(at_once):
    vectors = clusters(40, 6)
    problem = by_vectors(vectors)
    order = np.random.default_rng(1).permutation(240)
    other = replace(problem, similarity=vectors[order], lottery=problem.lottery[order])
    one, two = (form_groups(p, GroupAims(alpha=1), seed=0) for p in (problem, other))
    assert [sorted(order[g.members].tolist()) for g in two.groups] == [g.members.tolist() for g in one.groups]
    mixed = pool(at_once + 10, 1, density=0.9)
    order = np.random.default_rng(2).permutation(at_once + 10)
    one, two = (form_groups(p, GroupAims(), seed=0, restarts=1, steps=10) for p in (mixed, permuted(mixed, order)))
    assert [sorted(order[g.members].tolist()) for g in two.groups] == [g.members.tolist() for g in one.groups]


def test_a_start_of_many_people_keeps_its_groups_together(at_once):
    people = at_once + 40
    problem = pool(people, 3, slots=2, density=1.0)
    first = form_groups(problem, GroupAims(), seed=0, restarts=1, steps=10)
    again = form_groups(problem, GroupAims(), seed=1, restarts=1, steps=0, start=[members_of(first.groups)])
    assert len(again.unplaced) <= len(first.unplaced)
    assert broken_rules(problem, GroupAims(), again) == []
