"""After a plan: declines, the outlook of each exchange, trading cycles by ranking."""

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.planning.swaps.alternatives import next_best, outlooks, weakest
from matchengine.planning.swaps.repair import resolve
from matchengine.planning.swaps.solve import plan_swaps
from matchengine.planning.swaps.ttc import ranked_by_gain, top_trading_cycles
from tests.planning.swaps import pools


@pytest.mark.parametrize("seed", range(5))
def test_d4_a_decline_touches_only_its_own_exchange(seed):
    graph = pools.drawn(24, 0.2, seed, starters=2)
    plan = plan_swaps(graph)
    gone = int(plan.exchanges[0].members[0])
    fixed = resolve(graph, plan, declined_vertices=[gone])
    assert fixed.kept == plan.exchanges[1:]
    assert fixed.dissolved == plan.exchanges[:1]
    assert {id(e) for e in fixed.plan.exchanges} == {id(e) for e in (*fixed.kept, *fixed.added)}
    pools.checked(graph, fixed.plan.exchanges, 3, 3, 0.1)
    assert all(gone not in exchange.members for exchange in fixed.plan.exchanges)
    assert fixed.plan.value == pytest.approx(sum(exchange.weight for exchange in fixed.plan.exchanges))
    assert fixed.plan.bound >= fixed.plan.value


def test_d4_a_declined_arc_leaves_its_people_free_for_others():
    graph = pools.pool(3, [(0, 1, 0.5), (1, 0, 0.5), (1, 2, 0.2), (2, 1, 0.2)])
    plan = plan_swaps(graph)
    assert [e.members.tolist() for e in plan.exchanges] == [[0, 1]]
    fixed = resolve(graph, plan, declined_arcs=[0])
    assert [e.members.tolist() for e in fixed.added] == [[1, 2]]
    assert resolve(graph, plan).plan.exchanges == plan.exchanges


def test_d4_outlook_of_an_exchange():
    graph = pools.pool(4, [(0, 1, 0.5), (1, 0, 0.4), (1, 2, 0.3), (2, 1, 0.3), (0, 2, 0.1), (2, 0, 0.1)])
    (found,) = outlooks(graph, plan_swaps(graph, longest_chain=0), longest_chain=0)
    assert found.exchange.members.tolist() == [0, 1]
    assert (found.weakest, found.weakest_gain) == (1, 0.4)
    assert found.completion == pytest.approx(0.81)
    assert found.next_best[1].members.tolist() == [0, 1, 2]  # .9 · .729, more than the .6 · .81 of 1 and 2
    assert found.next_best[0].members.tolist() == [0, 1, 2]
    lone = pools.pool(2, [(0, 1, 0.5), (1, 0, 0.5)], lottery=[7, 3])
    (only,) = outlooks(lone, plan_swaps(lone))
    assert only.next_best == {0: None, 1: None}
    assert weakest(lone, only.exchange) == 1  # equal gains: the lottery


@pytest.mark.parametrize("seed", range(4))
def test_next_best_is_the_heaviest_that_is_not_planned(seed):
    graph = pools.drawn(8, 0.4, seed, starters=1)
    plan = plan_swaps(graph)
    planned = {(*tuple(np.sort(exchange.members).tolist()), exchange.weight) for exchange in plan.exchanges}
    best: dict[int, float] = {}
    for members, chain in pools.every_exchange(graph, 3, 3):
        value = pools.weight(graph, members, chain, 0.1)
        if not any(p[:-1] == tuple(sorted(members)) and abs(p[-1] - value) < 1e-12 for p in planned):
            best |= {member: max(value, best.get(member, 0)) for member in members}
    found = next_best(graph, plan)
    assert {member: exchange.weight for member, exchange in found.items()} == pytest.approx(best)
    assert all(member in exchange.members for member, exchange in found.items())


def test_d3_trading_cycles_of_a_known_case():
    """1 and 2 trade first; 0, who wanted 1, gets the place of 3; 4 keeps theirs."""
    rankings = [[1, 3], [2], [1, 0], [0], [1, 2]]
    cycles = top_trading_cycles([np.array(r) for r in rankings], np.arange(5, dtype=np.uint64)[::-1])
    assert [cycle.tolist() for cycle in cycles] == [[3, 0], [2, 1]]


def test_a_ranking_by_gain_breaks_ties_by_lottery():
    graph = pools.pool(4, [(0, 1, 0.2), (0, 2, 0.5), (0, 3, 0.2)], lottery=[0, 9, 5, 1])
    assert [line.tolist() for line in ranked_by_gain(graph)] == [[2, 3, 1], [], [], []]


@pytest.mark.parametrize(("ranking", "told"), [([5], "does not exist"), ([1, 1], "twice")])
def test_rankings_that_cannot_be_are_told(ranking, told):
    with pytest.raises(DataError, match=told):
        top_trading_cycles([np.array(ranking), np.array([0])], np.arange(2, dtype=np.uint64))
