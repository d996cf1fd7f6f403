"""Sign flips: exact where few, (b + 1) / (B + 1) where many, the same for any order."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from matchengine.errors import DataError
from matchengine.inference import robustness, sign_flip


def test_few_sums_are_tried_in_every_pattern():
    sums = np.array([0.4, -0.1, 1.2, 0.3, 0.9, -0.2])
    far = [abs(np.dot(signs, sums)) >= abs(sums.sum()) - 1e-12 for signs in product((1, -1), repeat=6)]
    found = sign_flip(sums)
    assert found.exact
    assert (found.p_value, found.patterns, found.smallest) == (np.mean(far), 64, 2 / 64)


def test_fourteen_are_exact_and_fifteen_are_drawn():
    values = np.random.default_rng(0).normal(0.5, 1, 15)
    assert sign_flip(values[:14]).exact
    drawn = sign_flip(values, draws=50_000)
    assert not drawn.exact
    assert drawn.smallest == 1 / 50_001
    oracle = stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert drawn.p_value == pytest.approx(oracle.pvalue, abs=0.01)


def test_p_is_never_zero_and_counts_the_data_itself():
    assert sign_flip(np.full(40, 1.0), draws=999).p_value == 1 / 1000


def test_order_and_zeros_change_nothing():
    values = np.random.default_rng(2).normal(0.2, 1, 40)
    more = np.append(values[::-1], np.zeros(7))
    assert sign_flip(values, seed=5) == sign_flip(more, seed=5)
    assert sign_flip(np.zeros(9)).p_value == 1.0


def test_robustness_is_that_of_scipy():
    values = np.append(np.random.default_rng(3).normal(0.3, 1, 25), np.zeros(5))
    found = robustness(values)
    assert found.t == pytest.approx(stats.ttest_1samp(values, 0).pvalue)
    assert found.wilcoxon == pytest.approx(stats.wilcoxon(values, zero_method="pratt").pvalue)
    assert robustness(np.zeros(4)).wilcoxon == 1.0
    assert np.isnan(robustness(np.array([1.0])).t)
    assert np.isnan(robustness(np.full(6, 0.1)).t)


def test_unknown_sums_are_refused():
    with pytest.raises(DataError, match="unknown"):
        sign_flip(np.array([1.0, np.nan]))
    with pytest.raises(DataError, match="at least 1 draw"):
        sign_flip(np.array([1.0]), draws=0)
