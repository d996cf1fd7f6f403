"""Pools for the tests of swaps, and slow, plain ways to say what is right in small ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, permutations

import numpy as np

from matchengine.planning.swaps.problem import Exchange, SwapGraph

Arc = tuple[int, int, float]


def pool(vertices: int, arcs: Sequence[Arc], starters: Sequence[int] = (), lottery: Sequence[int] = ()) -> SwapGraph:
    """Make a graph out of (source, target, gain)."""
    ordered = sorted(arcs)
    return SwapGraph(
        vertices=vertices,
        source=np.array([a for a, _, _ in ordered], np.int32),
        target=np.array([b for _, b, _ in ordered], np.int32),
        gain=np.array([g for _, _, g in ordered], np.float64),
        starter=np.isin(np.arange(vertices), starters),
        priority=np.ones(vertices),
        lottery=np.array(list(lottery) or range(vertices), np.uint64),
    )


def drawn(vertices: int, density: float, seed: int, starters: int = 0) -> SwapGraph:
    """Draw a pool: every arc with the same chance, gains of .05 to .60, the last vertices are starters."""
    rng = np.random.default_rng(seed)
    there = rng.random((vertices, vertices)) < density
    np.fill_diagonal(there, False)
    there[vertices - starters :] = False
    gains = rng.uniform(0.05, 0.6, (vertices, vertices))
    arcs = [(int(a), int(b), float(gains[a, b])) for a, b in zip(*np.nonzero(there), strict=True)]
    return pool(vertices, arcs, range(vertices - starters, vertices), rng.permutation(vertices).tolist())


def gains(graph: SwapGraph) -> dict[tuple[int, int], float]:
    """Return the gain of each arc."""
    triples = zip(graph.source.tolist(), graph.target.tolist(), graph.gain.tolist(), strict=True)
    return {(a, b): g for a, b, g in triples}


def every_exchange(graph: SwapGraph, cycle: int, chain: int) -> list[tuple[tuple[int, ...], bool]]:
    """List members of all cycles and chains by trying every order of vertices."""
    arcs, out = gains(graph), []
    for size in range(2, max(cycle, chain + 1) + 1):
        for line in permutations(range(graph.vertices), size):
            if not all(step in arcs for step in pairwise(line)):
                continue
            if size <= cycle and line[0] == min(line) and (line[-1], line[0]) in arcs:
                out.append((line, False))
            if size <= chain + 1 and graph.starter[line[-1]]:
                out.append((line, True))
    return out


def taking(members: tuple[int, ...], chain: bool) -> list[tuple[int, int]]:
    """Return the arcs of a cycle or chain."""
    steps = list(pairwise(members))
    return steps if chain else [*steps, (members[-1], members[0])]


def weight(graph: SwapGraph, members: tuple[int, ...], chain: bool, decline: float) -> float:
    """Σ priority·gain · (1 - q)^arcs."""
    arcs, steps = gains(graph), taking(members, chain)
    return float(sum(graph.priority[a] * arcs[a, b] for a, b in steps) * (1 - decline) ** len(steps))


def every_plan(options: list[tuple[tuple[int, ...], bool]]) -> Iterator[list[tuple[tuple[int, ...], bool]]]:
    """Yield every set of exchanges that share no vertex."""
    yield []
    for place, (members, chain) in enumerate(options):
        rest = [option for option in options[place + 1 :] if not set(option[0]) & set(members)]
        for more in every_plan(rest):
            yield [(members, chain), *more]


def checked(graph: SwapGraph, exchanges: Sequence[Exchange], cycle: int, chain: int, decline: float) -> None:
    """Check by the definitions that exchanges form a plan."""
    for one, other in combinations(exchanges, 2):
        assert not set(one.members.tolist()) & set(other.members.tolist())
    for exchange in exchanges:
        members = tuple(exchange.members.tolist())
        assert len(set(members)) == len(members)
        assert 2 <= len(members) <= (chain + 1 if exchange.chain else cycle)
        used = list(zip(graph.source[exchange.arcs].tolist(), graph.target[exchange.arcs].tolist(), strict=True))
        assert used == taking(members, exchange.chain)
        assert [bool(graph.starter[m]) for m in members] == [False] * (len(members) - 1) + [exchange.chain]
        assert abs(exchange.weight - weight(graph, members, exchange.chain, decline)) < 1e-12
