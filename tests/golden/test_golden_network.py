"""Golden numbers GN9 of domain.md, annex 1 (tolerance 1e-4): gaps of a network and how far a candidate fills them."""

import numpy as np
import pytest

from matchengine.records import vocabulary as v
from matchengine.scorers.network_gap import fill_gaps, gaps, network_gap

COUNTS = np.array([[3.0, 0, 0, 1, 2, 0]])
IMPORTANCE = np.array([[0.2, 1, 0.6, 1, 0.2, 0.6]])
SCALES = (2.0, 3.0, 2.0, 2.0, 2.0, 3.0)
FILLS = np.array([[0.0, 0.5, 0.3, 1, 0, 0]])
"""Friends .5, neighbours .3, community groups 1."""


def test_the_scales_of_the_golden_case_are_the_default():
    assert SCALES == v.NETWORK_SCALES
    assert v.NETWORK_CATEGORIES == ("family", "friends", "neighbours", "community_groups", "services", "clubs")


def test_gn9_gaps():
    wanted = [0.0446, 1, 0.6, 0.6065, 0.0736, 0.6]
    assert gaps(COUNTS, IMPORTANCE, SCALES)[0] == pytest.approx(wanted, abs=1e-4)


def test_gn9_value():
    found = fill_gaps(gaps(COUNTS, IMPORTANCE, SCALES), FILLS)
    assert found.value == pytest.approx([0.4399], abs=1e-4)


def test_gn9_scorer_in_single_precision():
    single = (array.astype(np.float32) for array in (COUNTS, IMPORTANCE, FILLS))
    result = network_gap(*single, np.zeros(1, np.uint32))
    assert result.value == pytest.approx([0.4399], abs=1e-4)
    assert result.confidence == pytest.approx([1])
