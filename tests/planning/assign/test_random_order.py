"""Any pair that is possible, by lot."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from matchengine.planning.assign.random_order import random_order
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import table


def test_values_do_not_count():
    problem = assignment_problem(1, 20, 8)
    other = replace(problem, joint=1 - problem.joint, requester_value=1 - problem.requester_value)
    assert np.array_equal(random_order(problem).chosen, random_order(other).chosen)


def test_other_numbers_give_another_draw_and_every_pair_the_same_chance():
    problem = table([[0.9, 0.5, 0.2]] * 3)
    rng = np.random.default_rng(3)
    counts: Counter[int] = Counter()
    for _ in range(3_000):
        numbers = rng.integers(2**63, size=6).astype(np.uint64)
        drawn = replace(problem, requester_lottery=numbers[:3], candidate_lottery=numbers[3:])
        counts.update(random_order(drawn).chosen.tolist())
    assert sum(counts.values()) == 9_000
    assert [counts[p] / 3_000 for p in range(9)] == pytest.approx([1 / 3] * 9, abs=0.04)
