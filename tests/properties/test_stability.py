"""What holds for stable and related assignments whatever the values (domain.md E, Annex 2)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.planning.assign.eps_stable import eps_stable
from matchengine.planning.assign.first_come import first_come
from matchengine.planning.assign.greedy import greedy
from matchengine.planning.assign.measures import measure_assignment
from matchengine.planning.assign.preferences import preferences_of
from matchengine.planning.assign.random_order import random_order
from matchengine.planning.assign.rsd import rsd
from matchengine.planning.assign.stable import candidates_propose, stable
from matchengine.testing.assigners import assignment_problem, relabelled
from tests.planning.assign.made import distinct, feasible, ranks_of
from tests.properties.populations import quick

METHODS = (stable, rsd, greedy, random_order, first_come)


@st.composite
def problems(draw, largest=12, several=False):
    sizes = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    density, seed = draw(st.sampled_from([0.2, 0.5, 1.0])), draw(st.integers(0, 10**6))
    problem = assignment_problem(seed, *sizes, density=density, most=draw(st.integers(1, 4)), several=several)
    if draw(st.booleans()):  # many equal values
        names = ("joint", "requester_value", "candidate_value")
        problem = replace(problem, **{name: np.round(getattr(problem, name), 1) for name in names})
    return problem


@quick
@given(problems(largest=25), st.sampled_from([0, 0.02, 0.05]))
def test_no_blocking_pair_after_deferred_acceptance_whoever_proposes(problem, width):
    known = preferences_of(problem, width)
    ranks = {"requester_rank": known.requester_place, "candidate_rank": known.candidate_place}
    for solve in (stable, lambda p, tie_width: candidates_propose(p, tie_width)):
        chosen = solve(problem, tie_width=width).chosen
        assert blocking_pairs(problem, chosen, **ranks).count == 0
        # in values: nobody gains more than the width within which people are alike, and what rounding adds
        assert blocking_pairs(problem, chosen, epsilon=width + 0.001).count == 0


@quick
@given(problems(largest=20))
def test_rural_hospitals(problem):
    one, other = stable(problem), candidates_propose(problem)
    for mine, theirs in zip(problem.loads(one.chosen), problem.loads(other.chosen), strict=True):
        assert np.array_equal(mine, theirs)


@quick
@given(problems(largest=14))
def test_requesters_do_best_when_they_propose(problem):
    place = preferences_of(problem).requester_place
    for mine, theirs in zip(stable(problem).chosen, candidates_propose(problem).chosen, strict=True):
        assert problem.requester[mine] == problem.requester[theirs]
        assert place[mine] <= place[theirs]


@quick
@given(problems(largest=12), st.integers(0, 10**6))
def test_another_requester_never_helps_the_others(problem, seed):
    place = preferences_of(problem).requester_place
    absent = seed % problem.requesters
    without = stable(replace(problem, requester_most=np.where(np.arange(problem.requesters) == absent, 0, 1)))
    before = {int(problem.requester[p]): int(place[p]) for p in without.chosen}
    after = {int(problem.requester[p]): int(place[p]) for p in stable(problem).chosen}
    for who, got in after.items():
        assert who == absent or before[who] <= got
    assert after.keys() - {absent} <= before.keys()


@quick
@given(problems(largest=10), st.integers(0, 10**6))
def test_another_place_never_harms_a_requester(problem, seed):
    place = preferences_of(problem).requester_place
    more = problem.candidate_most.copy()
    more[seed % len(more)] += 1
    before = {int(problem.requester[p]): int(place[p]) for p in stable(problem).chosen}
    after = {int(problem.requester[p]): int(place[p]) for p in stable(replace(problem, candidate_most=more)).chosen}
    assert all(after[who] <= got for who, got in before.items())


@quick
@given(problems(largest=5), st.sampled_from([0.0, 0.05, 0.2]))
def test_the_rows_say_no_blocking_pair_and_nothing_else(problem, epsilon):
    """Each assignment satisfies C_j · Σ x_ij' + Σ x_i'j ≥ C_j for all pairs just when nothing blocks (domain.md E)."""
    mine, theirs, most = problem.requester_value, problem.candidate_value, problem.candidate_most
    for seen, chosen in enumerate(feasible(problem)):
        if seen > 150:
            break
        x = np.zeros(len(problem))
        x[chosen] = 1
        met = True
        for p in range(len(problem)):
            own = (problem.requester == problem.requester[p]) & (mine >= mine[p] - epsilon - 1e-6)
            at = (problem.candidate == problem.candidate[p]) & (theirs >= theirs[p] - epsilon - 1e-6)
            at[p] = False
            room = most[problem.candidate[p]]
            met &= room * x[own].sum() + x[at].sum() >= room - 1e-9
        assert met == (blocking_pairs(problem, np.array(chosen, int), epsilon=epsilon).count == 0)


@quick
@given(problems(largest=9), st.sampled_from([0.0, 0.05, 0.3]))
def test_a_slack_is_kept_and_places_as_many_as_deferred_acceptance(problem, epsilon):
    found = eps_stable(problem, epsilon=epsilon)
    assert blocking_pairs(problem, found.chosen, epsilon=epsilon).count == 0
    strict = distinct(problem)
    assert len(eps_stable(strict, epsilon=epsilon).chosen) >= len(stable(strict, tie_width=0).chosen)
    assert found.gap <= 0.011


@quick
@given(problems(largest=9))
def test_more_slack_never_places_fewer(problem):
    counts = [len(eps_stable(problem, epsilon=epsilon).chosen) for epsilon in (0, 0.1, 1)]
    assert counts == sorted(counts)


@quick
@given(problems(largest=8), st.integers(0, 10**6))
def test_no_requester_gains_by_another_order(problem, seed):
    """Under deferred acceptance and by lot (domain.md E: truthful for mentees)."""
    problem = distinct(problem, seed)
    rng = np.random.default_rng(seed)
    liar = seed % problem.requesters
    own = np.flatnonzero(problem.requester == liar)
    true, _ = ranks_of(problem)
    stated = problem.requester_value.copy()
    stated[own] = rng.permutation(stated[own])
    for method in (stable, rsd):
        honest = true[np.intersect1d(method(problem, tie_width=0).chosen, own)]
        lied = method(replace(problem, requester_value=stated), tie_width=0).chosen
        lying = true[np.intersect1d(lied, own)]
        assert not len(lying) or (len(honest) and honest[0] <= lying[0])


@quick
@given(problems(several=True), st.integers(0, 10**6))
def test_the_order_of_people_does_not_count(problem, seed):
    rng = np.random.default_rng(seed)
    moved, old = relabelled(problem, rng.permutation(problem.requesters), rng.permutation(problem.candidates))
    back = np.argsort(old)
    for method in METHODS[1:]:
        found = method(problem).chosen
        assert np.array_equal(np.sort(old[method(moved).chosen]), found)
    chosen = random_order(problem).chosen
    one, other = (measure_assignment(*of) for of in ((problem, chosen), (moved, np.sort(back[chosen]))))
    for name in ("unmatched_rate", "mean", "least", "nash_welfare", "envy", "justified_envy", "envy_depth", "regret"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True)
    assert one.blocking.count == other.blocking.count


@quick
@given(problems(several=True), st.integers(0, 10**6))
def test_locked_pairs_are_kept_by_everybody(problem, seed):
    problem = replace(problem, requester_most=np.minimum(problem.requester_most, 1))
    some = random_order(problem).chosen
    locked = np.random.default_rng(seed).permutation(some)[: len(some) // 2]
    must = np.isin(np.arange(len(problem)), locked)
    for method in (*METHODS, eps_stable):
        assert np.isin(locked, method(replace(problem, must=must)).chosen).all()
