"""Every exchange of a small graph, and the best choice among them, found by trying everything."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from matchengine.planning.swaps.problem import Exchange


def every_exchange(graph, longest_cycle=3, longest_chain=3, decline=0.1):
    """Return all cycles, each once, and all chains."""
    arc = {(int(a), int(b)): n for n, (a, b) in enumerate(zip(graph.source, graph.target, strict=True))}
    takers = [v for v in range(graph.vertices) if not graph.starter[v]]
    starters = [v for v in range(graph.vertices) if graph.starter[v]]
    found = []
    for size in range(2, longest_cycle + 1):
        for members in combinations(takers, size):
            for rest in permutations(members[1:]):
                walk = (members[0], *rest)
                found.append((walk, [*zip(walk, (*walk[1:], walk[0]), strict=True)], False))
    for size in range(1, longest_chain + 1):
        for members in permutations(takers, size):
            found += [((*members, s), [*zip(members, (*members[1:], s), strict=True)], True) for s in starters]
    out = []
    for walk, steps, chain in found:
        if all(step in arc for step in steps):
            arcs = np.array([arc[step] for step in steps], np.int64)
            gains = (graph.priority[graph.source[arcs]] * graph.gain[arcs]).sum()
            out.append(Exchange(np.array(walk, np.int64), arcs, chain, float(gains * (1 - decline) ** len(arcs))))
    return out


def best_weight(graph, **limits):
    """Return the greatest weight of exchanges that share nobody."""
    everything = sorted(every_exchange(graph, **limits), key=lambda each: -each.weight)

    def best(start, taken):
        value = 0.0
        for n in range(start, len(everything)):
            members = set(everything[n].members.tolist())
            if not members & taken:
                value = max(value, everything[n].weight + best(n + 1, taken | members))
        return value

    return best(0, set())
