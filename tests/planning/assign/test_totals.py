"""The worst-off person as well off as can be: against trying everything, however people are listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from matchengine.assignment import InfeasibleError, Quota
from matchengine.errors import DataError, MatchEngineError
from matchengine.planning.assign import totals
from matchengine.planning.assign.leximin import leximin
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.program import NothingFoundError
from matchengine.planning.assign.totals import STEP, by_lot, fairest, open_to_more, several, step_of
from matchengine.planning.assign.verify import verify
from matchengine.testing.assigners import ASSIGNER_CHECKS, assignment_problem, relabelled
from tests.planning.assign.problems import every_choice, matched, permuted, problem_of, random_problem
from tests.properties.populations import holds_for

NAN = np.nan


def fair(problem, **settings):
    return leximin(problem, over="person", **settings)


def worst(problem, chosen):
    """Lowest total of a served requester, person by person; those who can have nothing beside must pairs apart."""
    found = []
    for person in sorted(set(problem.requester[chosen].tolist())):
        mine = np.flatnonzero(problem.requester == person)
        room = problem.requester_most[person] - problem.must[mine].sum()
        taken = [problem.must[problem.candidate == j].sum() for j in problem.candidate[mine]]
        places = problem.candidate_most[problem.candidate[mine]] - taken
        if room > 0 and (places[~problem.must[mine]] > 0).any():
            found.append(float(problem.joint[np.intersect1d(chosen, mine)].sum()))
    return min(found, default=2.0 * len(problem))


def generous(seed, *, ties, demanding):
    """A tiny problem in which most who look may have two or three."""
    rng = np.random.default_rng([seed, 5])
    problem = random_problem(rng, 3, 3, ties=ties, demanding=demanding)
    return replace(problem, requester_most=rng.integers(1, 4, 3), candidate_most=rng.integers(0, 3, 3))


@holds_for(st.integers(0, 2**32), st.booleans(), st.booleans(), few=20, many=60)
def test_its_aims_are_those_of_trying_everything(seed, ties, demanding):
    problem = generous(seed, ties=ties, demanding=demanding)
    possible = list(every_choice(problem))
    if not possible:
        with pytest.raises(InfeasibleError):
            fair(problem)
        return
    found = fair(problem)
    assert verify(problem, found) == ()
    most = max(matched(problem, chosen) for chosen in possible)
    assert matched(problem, found.chosen) == most
    fullest = [chosen for chosen in possible if matched(problem, chosen) == most]
    highest = max(worst(problem, chosen) for chosen in fullest)
    lowest = worst(problem, found.chosen)
    assert lowest > highest - (1e-8 if ties else STEP)  # values of five kinds are multiples of the step
    kept = [chosen for chosen in fullest if worst(problem, chosen) >= lowest - 1e-8]
    sums = [float(problem.joint[chosen].sum()) for chosen in kept]
    assert found.objective == pytest.approx(max(sums), abs=1e-6)
    assert found.objective == pytest.approx(problem.joint[found.chosen].sum())


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(n, marks=pytest.mark.slow) for n in range(12, 30))])
def test_with_one_candidate_each_people_are_pairs(seed):
    problem = random_problem(np.random.default_rng(seed), ties=seed % 3 == 0, demanding=seed % 2 == 1)
    problem = replace(problem, requester_most=np.ones(4, np.int64))
    try:
        expected = leximin(problem)
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            fair(problem)
        return
    assert fair(problem).chosen.tolist() == expected.chosen.tolist()
    count = matched(problem, expected.chosen)
    assert fairest(problem, count).objective == pytest.approx(expected.objective, abs=2e-4)


def test_nobody_has_little_so_that_another_has_much():
    matrix = [[0.9, 0.8, 0.5, 0.4], [0.5, 0.3, 0.4, 0.3]]
    problem = replace(problem_of(matrix), requester_most=np.array([2, 2]))
    assert max_weight(problem).chosen.tolist() == [0, 1, 6, 7]  # 1.7 and .7
    assert leximin(problem).chosen.tolist() == [1, 2, 4]  # no pair below .5: 1.3 and .5, and one place stays empty
    assert fair(problem).chosen.tolist() == [1, 3, 4, 6]  # 1.2 and .9
    assert fair(problem).objective == pytest.approx(2.1)


def test_a_third_of_little_worth_is_added_where_it_takes_nothing_from_anybody():
    problem = replace(problem_of([[0.9, 0.1, 0.05]]), requester_most=np.array([3]))
    assert len(fair(problem).chosen) == 3


def test_a_must_pair_counts_towards_a_total_that_can_grow_and_not_towards_one_that_cannot():
    must = np.array([True, False, False, False])
    problem = problem_of([[0.1, 0.6, NAN], [NAN, 0.7, 0.3]], requester_most=np.array([2, 2]), must=must)
    assert open_to_more(problem).tolist() == [True, True]
    assert fair(problem).chosen.tolist() == [0, 1, 3]  # .7 and .3 rather than .1 and 1.0
    settled = replace(problem, requester_most=np.array([1, 2]))
    assert open_to_more(settled).tolist() == [False, True]
    assert fair(settled).chosen.tolist() == [0, 2, 3]


def test_who_goes_without_is_who_would_have_least_and_more_people_come_before_more_for_one():
    problem = problem_of([[0.3, NAN, NAN], [0.4, NAN, NAN], [0.9, 0.35, 0.2]], requester_most=np.array([2, 2, 3]))
    assert fair(problem).chosen.tolist() == [1, 3, 4]  # .4 and .55; one person alone could have 1.45


def test_limits_are_kept_before_anybody_is_made_better_off():
    problem = replace(problem_of(np.full((2, 4), 0.5)), requester_most=np.array([2, 2]))
    assert worst(problem, fair(problem).chosen) == pytest.approx(1.0)
    quota = replace(problem, quotas=(Quota("few", np.arange(4), most=1),))
    assert verify(quota, fair(quota)) == ()
    assert worst(quota, fair(quota).chosen) == pytest.approx(0.5)
    never = replace(problem, quotas=(Quota("many", np.arange(4), least=3),))
    with pytest.raises(InfeasibleError) as raised:
        fair(never)
    assert raised.value.demands


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 12))])
def test_people_listed_otherwise_have_the_same(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 14, 9, ties=seed % 2 == 0)
    twos = rng.permutation(len(problem))[:6].reshape(-1, 2)
    quota = Quota("some", np.sort(rng.permutation(len(problem))[:12]), most=4)
    most = rng.integers(1, 4, 14)
    for asked in (problem, replace(problem, exclusive=twos, quotas=(quota,))):
        asked = replace(asked, requester_most=most)
        assert several(asked)
        renamed, old = permuted(asked, rng)
        assert sorted(old[fair(renamed).chosen]) == fair(asked).chosen.tolist()


def test_listing_by_lot_is_one_listing_of_the_same_people():
    rng = np.random.default_rng(4)
    problem = replace(random_problem(rng, 6, 5, demanding=True), arrival=rng.permutation(6))
    listed, old = by_lot(problem)
    first, second = np.argsort(np.argsort(problem.requester_lottery)), np.argsort(np.argsort(problem.candidate_lottery))
    same, expected = relabelled(problem, first, second)
    assert old.tolist() == expected.tolist()
    for name in vars(same).keys() - {"exclusive", "quotas", "starts"}:
        assert np.array_equal(getattr(listed, name), getattr(same, name)), name
    assert sorted(map(sorted, listed.exclusive)) == sorted(map(sorted, same.exclusive))
    assert [np.sort(q.pairs).tolist() for q in listed.quotas] == [np.sort(q.pairs).tolist() for q in same.quotas]


@pytest.mark.parametrize("check", ASSIGNER_CHECKS, ids=lambda check: check.__name__)
def test_check(check):
    check(fair)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 8))])
def test_the_worst_off_have_no_less_than_by_any_method_that_serves_as_many(seed):
    problem = replace(assignment_problem(seed, 12, 8, density=0.7), requester_most=np.full(12, 2))
    found = fair(problem)
    for other in (max_weight(problem), leximin(problem)):
        assert matched(problem, found.chosen) >= matched(problem, other.chosen)
        if matched(problem, found.chosen) == matched(problem, other.chosen):
            assert worst(problem, found.chosen) >= worst(problem, other.chosen) - STEP
    assert found.objective <= max_weight(problem).objective + 1e-6
    assert found.objective <= found.bound


@pytest.mark.parametrize(
    ("joint", "step"),
    [([0.5, 1.0], 0.5), ([0.3, 0.45], 0.15), ([0.2, 0.123], 0.001), ([0.5, 1 / 3], STEP), ([0], STEP)],
)
def test_a_step_divides_all_values_where_one_can(joint, step):
    assert step_of(np.array(joint, np.float64)) == pytest.approx(step)


def test_a_sum_that_rounding_moves_is_still_reached():
    # .1 + .2 is a little more than .3 and .7 + .1 a little less than .8
    problem = replace(problem_of([[0.1, 0.2, NAN, NAN], [NAN, NAN, 0.7, 0.1]]), requester_most=np.array([2, 2]))
    assert len(fair(problem).chosen) == 4
    alone = replace(problem_of([[0.7, 0.1, 0.75], [NAN, NAN, 0.8]]), requester_most=np.array([2, 1]))
    assert fair(alone).chosen.tolist() == [0, 1, 3]


def test_in_full_is_not_offered_for_totals():
    problem = replace(problem_of(np.full((2, 2), 0.5)), requester_most=np.array([2, 1]))
    with pytest.raises(DataError, match="leave out full"):
        fair(problem, full=True)
    assert len(fair(replace(problem, requester_most=np.ones(2, np.int64)), full=True).chosen) == 2


def test_a_total_about_which_nothing_is_found_within_the_nodes_counts_as_out_of_reach(monkeypatch):
    solve = totals.solve
    asked = []

    def lost(problem, value, *, least, **others):
        asked.append(least.max())
        if least.max() > limit:
            raise NothingFoundError("no assignment was found within 3 nodes")
        return solve(problem, value, least=least, **others)

    monkeypatch.setattr(totals, "solve", lost)
    problem = replace(problem_of(np.full((2, 4), 0.5)), requester_most=np.array([2, 2]))
    limit = 0.6
    assert len(fair(problem).chosen) == 4
    assert max(asked) == pytest.approx(1.0)
    limit = -1.0
    with pytest.raises(MatchEngineError, match="within 3 nodes"):
        fair(problem)


def test_nothing_to_choose_from():
    nobody = replace(problem_of(np.full((2, 2), NAN)), requester_most=np.array([2, 2]))
    assert len(fair(nobody).chosen) == 0
    full = replace(problem_of(np.full((2, 2), 0.4), 0), requester_most=np.array([2, 2]))
    assert len(fair(full).chosen) == 0
    worthless = replace(problem_of(np.zeros((2, 3))), requester_most=np.array([2, 2]))
    assert matched(worthless, fair(worthless).chosen) == 2
