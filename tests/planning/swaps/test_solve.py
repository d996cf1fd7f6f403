"""Plans of swaps: fixed cases, limits, settings; large pools beside their bound."""

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError
from matchengine.errors import DataError
from matchengine.planning.swaps.blocking import blocking_cycles
from matchengine.planning.swaps.cover import cover
from matchengine.planning.swaps.limits import Clock, Work
from matchengine.planning.swaps.prices import exact_prices, find_prices, greedy
from matchengine.planning.swaps.solve import plan_swaps
from tests.planning.swaps import pools

TRIANGLE = [(0, 1, 0.3), (1, 2, 0.25), (2, 0, 0.2)]
PRICED = Work(exact_people=0)
"""Never branch and bound over the whole pool."""


def lines(plan):
    return [exchange.members.tolist() for exchange in plan.exchanges]


def test_h12_e_a_triangle_without_cycles_of_two():
    graph = pools.pool(3, TRIANGLE)
    assert lines(plan_swaps(graph)) == [[0, 1, 2]]
    assert lines(plan_swaps(graph, longest_cycle=2)) == []
    assert lines(plan_swaps(graph, longest_cycle=2, longest_chain=0)) == []


@pytest.mark.parametrize("objective", ["max_weight", "max_people_then_weight", "leximin_gain"])
@pytest.mark.parametrize("graph", [pools.pool(0, []), pools.pool(4, []), pools.pool(3, TRIANGLE[:2])])
def test_nothing_to_swap_gives_an_empty_plan(graph, objective):
    plan = plan_swaps(graph, objective=objective)
    assert (plan.exchanges, plan.value, plan.bound, plan.gap, plan.proven) == ((), 0.0, 0.0, 0.0, True)


def test_a_chain_ends_with_its_starter_and_uses_it_once():
    graph = pools.pool(4, [(0, 3, 0.4), (1, 0, 0.3), (2, 3, 0.1)], starters=[3])
    plan = plan_swaps(graph, decline=0.0)
    assert lines(plan) == [[1, 0, 3]]
    assert plan.exchanges[0].chain
    assert plan.value == pytest.approx(0.7)
    assert lines(plan_swaps(graph, longest_chain=1)) == [[0, 3]]
    assert lines(plan_swaps(graph, longest_chain=0)) == []


def test_declines_make_short_exchanges_worth_more():
    graph = pools.pool(3, [*TRIANGLE, (1, 0, 0.29)])
    assert lines(plan_swaps(graph, decline=0.0)) == [[0, 1, 2]]
    assert lines(plan_swaps(graph, decline=0.5)) == [[0, 1]]


def test_people_first_then_weight_and_lowest_gain_first():
    """Two cycles of two serve four; one cycle of two is heavier than both. A third way is fairer than the second."""
    arcs = [(0, 1, 0.1), (1, 0, 0.1), (2, 3, 0.1), (3, 2, 0.1), (1, 2, 0.9), (2, 1, 0.9)]
    graph = pools.pool(4, arcs)
    assert lines(plan_swaps(graph)) == [[1, 2]]
    people = plan_swaps(graph, objective="max_people_then_weight")
    assert sorted(lines(people)) == [[0, 1], [2, 3]]
    assert (people.value, people.bound) == (4, 4)
    fair = pools.pool(4, [(0, 1, 0.6), (1, 0, 0.6), (2, 3, 0.1), (3, 2, 0.6),
                          (0, 2, 0.2), (2, 0, 0.2), (1, 3, 0.2), (3, 1, 0.2)])  # fmt: skip
    assert sorted(lines(plan_swaps(fair, objective="max_people_then_weight"))) == [[0, 1], [2, 3]]
    assert sorted(lines(plan_swaps(fair, objective="leximin_gain"))) == [[0, 2], [1, 3]]


def test_who_waited_comes_first():
    arcs = [(0, 1, 0.3), (1, 0, 0.3), (1, 2, 0.3), (2, 1, 0.3)]
    for waited, wanted in ((0, [0, 1]), (2, [1, 2])):
        graph = pools.pool(3, arcs)
        graph.priority[waited] = 1.5
        assert lines(plan_swaps(graph)) == [wanted]


@pytest.mark.parametrize("seed", range(4))
def test_prices_without_branch_and_bound_come_near_a_valid_bound(seed):
    graph = pools.drawn(48, 0.12, seed, starters=3)
    exact, priced = plan_swaps(graph), plan_swaps(graph, work=PRICED)
    pools.checked(graph, priced.exchanges, 3, 3, 0.1)
    assert exact.proven
    assert priced.value <= exact.value + 1e-9
    assert priced.bound >= exact.value - 1e-9
    assert priced.value >= 0.95 * priced.bound


def test_a_large_pool_is_near_its_bound_and_better_than_greedy():
    rng = np.random.default_rng(1)
    ring = np.arange(400)
    steps = [(a, int((a + d) % 400)) for a in ring for d in rng.choice(np.r_[-30:0, 1:31], 8, replace=False).tolist()]
    graph = pools.pool(
        400, [(int(a), b, float(rng.uniform(0.05, 0.6))) for a, b in steps], lottery=rng.permutation(400)
    )
    plan = plan_swaps(graph, longest_chain=0)
    pools.checked(graph, plan.exchanges, 3, 0, 0.1)
    from matchengine.planning.swaps.enumerate import cycles_and_chains

    found = cycles_and_chains(graph, 3, 0, 0.1)
    plain = found.weight[greedy(found.members, np.argsort(-found.weight, kind="stable"), 400)].sum()
    assert plan.gap <= 0.04
    assert plan.value >= 1.08 * plain
    assert plan.steps["windows"] > 0


@pytest.mark.parametrize("seed", [*range(1), *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 3))])
def test_prices_bound_every_plan_and_approach_the_relaxation(seed):
    from matchengine.planning.swaps.enumerate import cycles_and_chains

    graph = pools.drawn(80, 0.1, seed, starters=3)
    found = cycles_and_chains(graph)
    prices = find_prices(found.members, found.weight, 80, 800, Clock(None))
    relaxed = exact_prices(found.members, found.weight, 80)
    assert relaxed.bound <= prices.bound <= 1.005 * relaxed.bound
    assert relaxed.bound >= plan_swaps(graph).value - 1e-9


def test_greedy_takes_one_after_another():
    rng = np.random.default_rng(5)
    members = np.array([rng.choice(30, 3, replace=False) for _ in range(200)])
    members[::3, 2] = -1
    order = rng.permutation(200)
    used: set[int] = set()
    wanted = []
    for row in order.tolist():
        line = {v for v in members[row].tolist() if v >= 0}
        if not line & used:
            used |= line
            wanted.append(row)
    assert greedy(members, order, 30).tolist() == sorted(wanted)


def test_the_same_pool_gives_the_same_plan_and_a_clock_is_told():
    graph = pools.drawn(40, 0.2, 3)
    assert lines(plan_swaps(graph)) == lines(plan_swaps(graph))
    hurried = plan_swaps(graph, seconds=0.0)
    pools.checked(graph, hurried.exchanges, 3, 3, 0.1)
    assert not hurried.finished
    assert hurried.bound >= hurried.value
    assert plan_swaps(graph, seconds=500.0).finished


@pytest.mark.parametrize("seed", range(5))
def test_any_length_is_an_assignment(seed):
    graph = pools.drawn(7, 0.3, seed, starters=seed % 2)
    plan = plan_swaps(graph, longest_cycle=None, decline=0.0)
    pools.checked(graph, plan.exchanges, 7, 7, 0.0)
    assert plan.value == pytest.approx(plan_swaps(graph, longest_cycle=7, longest_chain=6, decline=0.0).value)
    assert plan.proven
    assert sum(exchange.weight for exchange in cover(graph)) == pytest.approx(plan.value)


def test_blocking_cycles_can_be_forbidden_at_a_price():
    arcs = [(0, 1, 0.5), (1, 0, 0.5), (1, 2, 0.1), (2, 1, 0.9), (0, 3, 0.1), (3, 0, 0.9)]
    graph = pools.pool(4, arcs)
    heavy, calm = plan_swaps(graph), plan_swaps(graph, forbid_blocking=True)
    assert sorted(lines(heavy)) == [[0, 3], [1, 2]]
    assert [e.members.tolist() for e in blocking_cycles(graph, heavy.exchanges)] == [[0, 1]]
    assert lines(calm) == [[0, 1]]
    assert calm.value < heavy.value


def test_a_pool_in_which_every_plan_is_blocked_is_told():
    """Each wants the next most; pairs only, so that somebody is always better off with another (roommates)."""
    arcs = [(0, 1, 0.5), (1, 0, 0.2), (1, 2, 0.5), (2, 1, 0.2), (2, 0, 0.5), (0, 2, 0.2)]
    with pytest.raises(InfeasibleError, match="blocking"):
        plan_swaps(pools.pool(3, arcs), longest_cycle=2, forbid_blocking=True)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"objective": "max_wieght"}, "did you mean 'max_weight'"),
        ({"decline": 1.0}, "below 1"),
        ({"longest_cycle": None}, "limit the length"),
        ({"forbid_blocking": True, "work": PRICED}, "too large"),
    ],
)
def test_settings_that_cannot_be_are_told(settings, told):
    with pytest.raises(DataError, match=told):
        plan_swaps(pools.pool(3, TRIANGLE), **settings)
