"""Golden number GN11 of domain.md, annex 1 (tolerance 1e-4): weight of a cycle of two and of three."""

import pytest
from tests.planning.swaps.pools import pool

from matchengine.planning.swaps.alternatives import completion
from matchengine.planning.swaps.solve import plan_swaps

GN11 = [([0.30, 0.20], 0.4050, 0.81), ([0.30, 0.25, 0.20], 0.5467, 0.729)]
"""Gains around the cycle, its weight at q = .1, how likely nobody declines."""


@pytest.mark.parametrize(("gains", "wanted", "likely"), GN11)
def test_gn11_weight_of_a_cycle(gains, wanted, likely):
    count = len(gains)
    plan = plan_swaps(pool(count, [(n, (n + 1) % count, gain) for n, gain in enumerate(gains)]), decline=0.1)
    (exchange,) = plan.exchanges
    assert exchange.weight == pytest.approx(wanted, abs=1e-4)
    assert plan.value == exchange.weight
    assert completion(exchange, 0.1) == pytest.approx(likely)
