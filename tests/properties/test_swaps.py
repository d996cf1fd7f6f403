"""Annex 2 and D4 for swaps: what holds in every pool; trying everything is the oracle where pools are small."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import strategies as st

from matchengine.assignment import InfeasibleError
from matchengine.planning.swaps.blocking import blocking_cycles, gains_of
from matchengine.planning.swaps.canonical import part_of
from matchengine.planning.swaps.problem import SwapGraph
from matchengine.planning.swaps.solve import plan_swaps
from matchengine.planning.swaps.ttc import top_trading_cycles
from tests.planning.swaps import pools
from tests.properties.populations import holds_for

OBJECTIVES = ("max_weight", "max_people_then_weight", "leximin_gain")


@st.composite
def small(draw: st.DrawFn) -> SwapGraph:
    """Draw a pool of up to seven vertices; gains in steps of .05, so that ties occur."""
    count = draw(st.integers(0, 7))
    starters = draw(st.integers(0, min(2, count)))
    steps = [(a, b) for a in range(count - starters) for b in range(count) if a != b]
    chosen = draw(st.lists(st.sampled_from(steps), unique=True, max_size=18)) if steps else []
    made = [(a, b, draw(st.integers(1, 12)) / 20) for a, b in chosen]
    lottery = draw(st.permutations(range(count)))
    return pools.pool(count, made, range(count - starters, count), lottery)


def taken(graph: SwapGraph, plan) -> list[float]:
    """Gains of everybody in hundredths, ascending."""
    return sorted(np.floor(gains_of(graph, plan.exchanges) * 100 + 1e-9).astype(int).tolist())


def plans(graph: SwapGraph, cycle: int, chain: int):
    """Weight, people and sorted gains of every plan."""
    arcs = pools.gains(graph)
    for chosen in pools.every_plan(pools.every_exchange(graph, cycle, chain)):
        steps = [step for members, is_chain in chosen for step in pools.taking(members, is_chain)]
        value = sum(pools.weight(graph, members, is_chain, 0.1) for members, is_chain in chosen)
        gains = [0] * (graph.vertices - len(steps)) + [int(np.floor(arcs[step] * 100 + 1e-9)) for step in steps]
        yield value, len(steps), sorted(gains)


@holds_for(small(), st.integers(2, 4), st.integers(0, 3))
def test_d2_each_objective_reaches_what_trying_every_plan_reaches(graph, cycle, chain):
    every = list(plans(graph, cycle, chain))
    for objective in OBJECTIVES:
        plan = plan_swaps(graph, objective=objective, longest_cycle=cycle, longest_chain=chain)
        pools.checked(graph, plan.exchanges, cycle, chain, 0.1)
        value = sum(exchange.weight for exchange in plan.exchanges)
        people = sum(len(exchange.arcs) for exchange in plan.exchanges)
        assert plan.proven
        assert plan.finished
        assert plan.gap == pytest.approx(0, abs=1e-9)
        if objective == "max_weight":
            assert value == pytest.approx(max(v for v, _, _ in every))
            assert plan.value == pytest.approx(value)
        elif objective == "max_people_then_weight":
            assert (people, pytest.approx(value)) == max((n, v) for v, n, _ in every)
            assert plan.value == plan.bound == people
        else:
            best = max(gains for _, _, gains in every)
            assert taken(graph, plan) == best
            assert value == pytest.approx(max(v for v, _, gains in every if gains == best))


@holds_for(small())
def test_d4_loads_of_mentors(graph):
    """A cycle leaves every load as it is; a chain adds one to its starter and takes one from its first member."""
    plan = plan_swaps(graph)
    change = np.zeros(graph.vertices, int)
    for exchange in plan.exchanges:
        before = change.copy()
        np.add.at(change, graph.target[exchange.arcs], 1)
        np.add.at(change, graph.source[exchange.arcs], -1)
        if not exchange.chain:
            assert (change == before).all()
    assert (change[graph.starter] <= 1).all()
    assert (change[~graph.starter] <= 0).all()


@holds_for(small(), st.data())
def test_d4_more_arcs_and_longer_cycles_never_lower_the_best(graph, data):
    whole = plan_swaps(graph)
    options = [pools.weight(graph, m, c, 0.1) for m, c in pools.every_exchange(graph, 3, 3)]
    assert whole.value >= max(options, default=0) - 1e-12
    assert whole.value >= plan_swaps(graph, longest_cycle=2).value - 1e-12
    assert whole.value >= plan_swaps(graph, longest_chain=2).value - 1e-12
    if len(graph):
        fewer = np.ones(len(graph), bool)
        fewer[data.draw(st.integers(0, len(graph) - 1))] = False
        part = part_of(graph, np.arange(graph.vertices), fewer)
        assert whole.value >= plan_swaps(part.graph).value - 1e-12


@holds_for(small(), st.randoms(use_true_random=False), st.sampled_from(OBJECTIVES))
def test_d4_other_labels_give_the_same_exchanges(graph, random, objective):
    """Gains repeat, so that plans tie: the lottery decides, not the order of the data."""
    order = list(range(graph.vertices))
    random.shuffle(order)
    part = part_of(graph, np.array(order, np.int64))
    plan, other = plan_swaps(graph, objective=objective), plan_swaps(part.graph, objective=objective)
    there = [part.back(exchange) for exchange in other.exchanges]
    assert [e.members.tolist() for e in there] == [e.members.tolist() for e in plan.exchanges]
    assert [e.arcs.tolist() for e in there] == [e.arcs.tolist() for e in plan.exchanges]
    assert other.value == plan.value


@holds_for(small())
def test_d3_blocking_cycles_are_those_of_the_definition(graph):
    plan = plan_swaps(graph, objective="max_people_then_weight")
    now, arcs = gains_of(graph, plan.exchanges), pools.gains(graph)
    wanted = {
        members
        for members, chain in pools.every_exchange(graph, 3, 0)
        if not chain and all(arcs[step] > now[step[0]] for step in pools.taking(members, False))
    }
    found = [exchange.members.tolist() for exchange in blocking_cycles(graph, plan.exchanges)]
    turned = {tuple(np.roll(line, -int(np.argmin(line))).tolist()) for line in found}
    assert turned == wanted
    assert len(found) == len(wanted)


@holds_for(small(), st.sampled_from(OBJECTIVES))
def test_d3_plans_without_blocking_cycles(graph, objective):
    arcs = pools.gains(graph)
    options = pools.every_exchange(graph, 3, 3)
    best = None
    for chosen in pools.every_plan(options):
        now = {a: arcs[a, b] for members, chain in chosen for a, b in pools.taking(members, chain)}
        stable = all(
            any(arcs[a, b] <= now.get(a, 0) for a, b in pools.taking(members, False))
            for members, chain in options
            if not chain
        )
        if stable:
            value = sum(pools.weight(graph, members, chain, 0.1) for members, chain in chosen)
            gains = sorted([0] * (graph.vertices - len(now)) + [int(np.floor(g * 100 + 1e-9)) for g in now.values()])
            key = {"max_weight": value, "max_people_then_weight": len(now), "leximin_gain": gains}[objective]
            best = key if best is None else max(best, key)
    if best is None:
        with pytest.raises(InfeasibleError):
            plan_swaps(graph, objective=objective, forbid_blocking=True)
        return
    plan = plan_swaps(graph, objective=objective, forbid_blocking=True)
    pools.checked(graph, plan.exchanges, 3, 3, 0.1)
    assert not blocking_cycles(graph, plan.exchanges)
    assert plan.proven
    if objective == "leximin_gain":
        assert taken(graph, plan) == best
    else:
        assert plan.value == pytest.approx(best)


def outcome(rankings) -> list[int]:
    """Whose place each has after the trades."""
    has = list(range(len(rankings)))
    for cycle in top_trading_cycles(
        [np.array(r, np.int64) for r in rankings], np.arange(len(rankings), dtype=np.uint64)
    ):
        for one, other in zip(cycle.tolist(), np.roll(cycle, -1).tolist(), strict=True):
            has[one] = other
    return has


def every_ranking(vertex: int, count: int):
    others = [other for other in range(count) if other != vertex]
    return [line for size in range(count) for line in permutations(others, size)]


def rank(ranking, vertex: int, place: int) -> int:
    """0 for the best; whoever keeps their own place is behind all that they accept."""
    if place == vertex:
        return len(ranking)
    return ranking.index(place) if place in ranking else len(ranking) + 1


def test_d3_trading_cycles_of_three_people_are_rational_in_the_core_and_truthful():
    """All 125 profiles of three people, every coalition, every lie."""
    options = [every_ranking(vertex, 3) for vertex in range(3)]
    coalitions = [c for size in (1, 2, 3) for c in permutations(range(3), size) if c == tuple(sorted(c))]
    for profile in product(*options):
        has = outcome(profile)
        now = [rank(profile[v], v, has[v]) for v in range(3)]
        assert all(now[v] <= len(profile[v]) for v in range(3))
        for members in coalitions:
            for places in permutations(members):
                then = [rank(profile[v], v, place) for v, place in zip(members, places, strict=True)]
                before = [now[v] for v in members]
                better = all(t <= b for t, b in zip(then, before, strict=True)) and then != before
                assert not better, (profile, members, places)
        for vertex in range(3):
            for lie in options[vertex]:
                told = [*profile[:vertex], lie, *profile[vertex + 1 :]]
                assert rank(profile[vertex], vertex, outcome(told)[vertex]) >= now[vertex]


@holds_for(st.data())
def test_d3_trading_cycles_of_more_people_do_not_depend_on_lottery_and_have_no_better_trade(data):
    count = data.draw(st.integers(1, 6))
    rankings = [
        data.draw(st.permutations([o for o in range(count) if o != v]))[: data.draw(st.integers(0, count - 1))]
        for v in range(count)
    ]
    arrays = [np.array(r, np.int64) for r in rankings]
    one = top_trading_cycles(arrays, np.arange(count, dtype=np.uint64))
    other = top_trading_cycles(arrays, np.arange(count, dtype=np.uint64)[::-1])
    assert {frozenset(c.tolist()) for c in one} == {frozenset(c.tolist()) for c in other}
    has = outcome(rankings)
    now = [rank(rankings[v], v, has[v]) for v in range(count)]
    for places in permutations(range(count)):
        then = [rank(rankings[v], v, place) for v, place in enumerate(places)]
        assert then == now or any(t > b for t, b in zip(then, now, strict=True))
