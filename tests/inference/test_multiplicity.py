"""Holm and Benjamini–Hochberg against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.inference import benjamini_hochberg, holm
from tests.inference.oracles import corrected


@pytest.mark.parametrize("size", [1, 2, 7, 40])
@pytest.mark.parametrize(("ours", "theirs"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
def test_adjusted_as_statsmodels_does(size, ours, theirs):
    for seed in range(10):
        p_values = np.round(np.random.default_rng(seed).beta(0.4, 2, size), 3)
        assert ours(p_values) == pytest.approx(corrected(p_values, theirs))


@pytest.mark.parametrize("ours", [holm, benjamini_hochberg])
def test_comparisons_without_p_are_no_members(ours):
    some = ours([0.01, np.nan, 0.04])
    assert some[[0, 2]] == pytest.approx(ours([0.01, 0.04]))
    assert np.isnan(some[1])
    assert len(ours([])) == 0
    with pytest.raises(DataError, match="from 0 to 1"):
        ours([1.2])
