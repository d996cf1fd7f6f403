"""F4: partition, sizes, every hard rule; better than chance; order of people; a start never lowers the result."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from matchengine.planning.groups.conflicts import GroupsConflictError
from matchengine.planning.groups.exact import exact_groups
from matchengine.planning.groups.feasible import prepared
from matchengine.planning.groups.form import form_groups
from matchengine.planning.groups.measures import isolates, members_of
from matchengine.planning.groups.problem import RELAXATIONS, GroupAims
from matchengine.planning.groups.quality import Judge
from tests.planning.groups.pools import broken_rules, permuted, pool
from tests.properties.populations import holds_for

AIMS = GroupAims(smallest=3, largest=5, target=4)
seeds = st.integers(0, 10_000)


@st.composite
def pools(draw):
    people, slots = draw(st.integers(1, 14)), draw(st.integers(1, 5))
    problem = pool(people, draw(seeds), slots=slots, density=draw(st.sampled_from([0.3, 0.6, 1.0])))
    number = st.integers(0, people - 1)
    pairs = draw(st.lists(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]), max_size=6))
    problem = permuted(problem, np.arange(people))
    fixed = np.array(draw(st.lists(st.sampled_from([-1, -1, -1, 4, 9]), min_size=people, max_size=people)))
    facilitators = draw(st.integers(0, 3))
    table = np.random.default_rng(people).random((facilitators, slots)) < 0.7
    object.__setattr__(problem, "apart", np.array(pairs, np.int64).reshape(-1, 2))
    object.__setattr__(problem, "fixed", fixed if draw(st.booleans()) else None)
    object.__setattr__(problem, "facilitator_slots", table)
    object.__setattr__(problem, "facilitator_languages", np.ones((facilitators, 2), bool))
    object.__setattr__(problem, "facilitator_places", np.arange(1, facilitators + 1))
    return problem


def _contradictory(problem):
    """Whether wishes and locks tie together people who must not be together, too many, or without a time."""
    fixed = np.full(problem.people, -1) if problem.fixed is None else problem.fixed
    links = np.eye(problem.people, dtype=bool) | ((fixed[:, None] == fixed) & (fixed >= 0))
    links[problem.together[:, 0], problem.together[:, 1]] = links[problem.together[:, 1], problem.together[:, 0]] = True
    tied = np.linalg.matrix_power(links.astype(np.int64), 4) > 0
    if any(tied[a, b] for a, b in problem.apart) or tied.sum(axis=1).max() > AIMS.largest:
        return True
    for one in range(problem.people):
        people = np.flatnonzero(tied[one])
        locks = {int(lock) for lock in fixed[people] if lock >= 0}
        never = not problem.slots[people].all(axis=0).any() or not problem.languages[people].all(axis=0).any()
        if len(locks) > 1 or (locks and never):
            return True
    return False


@holds_for(pools(), seeds)
def test_every_hard_rule_holds_and_what_is_given_up_is_named(problem, seed):
    if _contradictory(problem):
        with pytest.raises(GroupsConflictError):
            form_groups(problem, AIMS, seed=seed, restarts=1, steps=0)
        return
    forming = form_groups(problem, AIMS, seed=seed, restarts=2, steps=20)
    assert broken_rules(problem, AIMS, forming) == []
    alone = isolates(problem, members_of(forming.groups))
    assert sorted(alone) == sorted((n, *one) for n, group in enumerate(forming.groups) for one in group.isolates)
    for group in forming.groups:
        assert list(group.relaxed) == [name for name in RELAXATIONS if name in group.relaxed]
        assert ("isolates" in group.relaxed) == bool(group.isolates)
        assert ("target_size" in group.relaxed) == (len(group.members) != AIMS.target)


@holds_for(st.integers(6, 24), seeds, seeds)
def test_permuting_people_permutes_the_groups(people, world, seed):
    problem = pool(people, world, density=0.7)
    order = np.random.default_rng(seed).permutation(people)
    one = form_groups(problem, AIMS, seed=seed, restarts=2, steps=30)
    other = form_groups(permuted(problem, order), AIMS, seed=seed, restarts=2, steps=30)
    assert [sorted(order[group.members].tolist()) for group in other.groups] == [
        group.members.tolist() for group in one.groups
    ]
    assert [(g.slot, g.language, g.quality) for g in other.groups] == [
        (g.slot, g.language, g.quality) for g in one.groups
    ]
    assert sorted(order[other.unplaced].tolist()) == one.unplaced.tolist()


@pytest.mark.parametrize("programmes", [10, pytest.param(40, marks=pytest.mark.slow)])
def test_the_worst_group_is_not_worse_than_in_a_random_feasible_partition_in_95_percent_of_seeds(programmes):
    better = 0
    for seed in range(programmes):
        problem = pool(24, seed, density=1.0)
        object.__setattr__(problem, "apart", np.zeros((0, 2), np.int64))
        object.__setattr__(problem, "together", np.zeros((0, 2), np.int64))
        member = np.zeros((4, 24))
        draw = np.random.default_rng(seed).permutation(24)
        for group in range(4):
            member[group, draw[6 * group : 6 * group + 6]] = 1
        verdict = Judge.of(prepared(problem), GroupAims()).verdict(np.arange(24), member)
        assert verdict.possible.all()
        forming = form_groups(problem, GroupAims(), seed=seed, restarts=1, steps=60)
        better += min(group.quality for group in forming.groups) >= verdict.quality.min()
    assert better >= 0.95 * programmes


@holds_for(seeds, seeds)
def test_a_feasible_start_without_isolates_never_lowers_the_result(world, seed):
    problem = pool(12, world, density=0.9)
    plain = form_groups(problem, AIMS, seed=seed, restarts=1, steps=5)
    other = form_groups(problem, AIMS, seed=seed + 1, restarts=3)
    started = form_groups(problem, AIMS, seed=seed, restarts=1, steps=5, start=[members_of(other.groups)])

    def standing(forming):
        groups = forming.groups
        lacking = sum("experienced_member" in group.relaxed for group in groups)
        alone = sum(len(group.isolates) for group in groups)
        off = sum((len(group.members) - AIMS.target) ** 2 for group in groups)
        return len(forming.unplaced), alone, lacking, off, -round(forming.objective, 7)

    assert standing(started) <= standing(plain)
    assert standing(started) <= standing(other)


@holds_for(st.integers(6, 10), seeds)
def test_no_isolates_wherever_the_exact_model_reaches_none(people, world):
    problem = pool(people, world, density=0.7)
    best = exact_groups(problem, AIMS)
    found = form_groups(problem, AIMS, seed=0, restarts=6, steps=60)
    assert len(found.unplaced) == len(best.unplaced)
    assert sum(len(group.isolates) for group in found.groups) == sum(len(group.isolates) for group in best.groups)
    assert found.objective >= best.objective - 0.03 * abs(best.objective) or found.groups == ()
