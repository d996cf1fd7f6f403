"""Cycles and chains by joins, beside trying every order of vertices."""

import numpy as np
import pytest

from matchengine.planning.swaps import enumerate as listing
from matchengine.planning.swaps.enumerate import TooManyError, cycles_and_chains
from tests.planning.swaps import pools


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("cycle", "chain"), [(2, 0), (3, 3), (4, 4), (0, 2), (3, 0)])
def test_every_exchange_is_found_once(seed, cycle, chain, monkeypatch):
    monkeypatch.setattr(listing, "_STEP", 5)  # joins in small pieces give the same
    graph = pools.drawn(7, 0.4, seed, starters=seed % 3)
    found = cycles_and_chains(graph, cycle, chain, 0.1)
    wanted = pools.every_exchange(graph, cycle, chain)
    mine = [(tuple(found.one(row).members.tolist()), found.one(row).chain) for row in range(len(found))]
    assert sorted(mine) == sorted(wanted)
    pools.checked(graph, [found.one(int(row)) for row in range(len(found))][:1], cycle, chain, 0.1)
    weights = {key: pools.weight(graph, *key, 0.1) for key in wanted}
    assert found.weight == pytest.approx([weights[key] for key in mine])
    assert found.people.tolist() == [len(members) - chain for members, chain in mine]


def test_an_empty_graph_has_none():
    assert len(cycles_and_chains(pools.pool(0, []))) == 0
    assert len(cycles_and_chains(pools.pool(3, [], starters=[2]))) == 0


def test_priority_weighs_the_gain_of_who_waited():
    graph = pools.pool(2, [(0, 1, 0.3), (1, 0, 0.2)])
    graph.priority[0] = 2.0
    assert cycles_and_chains(graph).weight == pytest.approx([0.81 * 0.8])


def test_too_many_are_refused_with_a_remedy():
    graph = pools.drawn(12, 1.0, 0)
    with pytest.raises(TooManyError, match="allow shorter ones"):
        cycles_and_chains(graph, 3, 0, most=100)
    assert len(cycles_and_chains(graph, 3, 0, most=12 * 11 * 10)) == 12 * 11 // 2 + 12 * 11 * 10 // 3


def test_rows_are_padded_behind():
    found = cycles_and_chains(pools.drawn(6, 0.6, 1, starters=1), 3, 3)
    assert found.members.dtype == found.arcs.dtype == np.int32
    assert ((found.members[:, 1:] < 0) | (found.members[:, :-1] >= 0)).all()
