"""Golden numbers GN11 and GN12 of domain.md, annex 1 (tolerance 1e-4), as the metrics give them."""

import numpy as np
import pytest
from tests.metrics.lists import case_of
from tests.planning.swaps.pools import pool

from matchengine.comparison import Exchanged
from matchengine.metrics.ndcg import ndcg
from matchengine.metrics.swaps import expected_gain
from matchengine.planning.swaps.solve import plan_swaps

IN_ORDER = [(0.9, 3.0), (0.8, 0.0), (0.7, 2.0), (0.6, 1.0)]


@pytest.mark.parametrize(("gain", "wanted"), [("linear", 0.9305), ("exponential", 0.9508)])
def test_gn12_two_gains(gain, wanted):
    assert ndcg(case_of(IN_ORDER), gain=gain) == pytest.approx([wanted], abs=1e-4)
    assert ndcg(case_of(IN_ORDER), k=4, gain=gain) == pytest.approx([wanted], abs=1e-4)


@pytest.mark.parametrize(("gains", "wanted"), [([0.30, 0.20], 0.4050), ([0.30, 0.25, 0.20], 0.5467)])
def test_gn11_expected_completed_gain(gains, wanted):
    count = len(gains)
    graph = pool(count, [(n, (n + 1) % count, gain) for n, gain in enumerate(gains)])
    case = case_of(swaps=Exchanged(graph, plan_swaps(graph).exchanges, decline=0.1))
    assert expected_gain(case) == pytest.approx([wanted], abs=1e-4)


def test_a_hit_at_rank_two_is_not_perfect():
    """A discount of log2(max(rank, 2)), as one toolkit has it, would make it 1 (evaluation.md 0, finding 3)."""
    assert ndcg(case_of([(0.9, 0.0), (0.8, 1.0)]), k=10) == pytest.approx([1 / np.log2(3)])
