"""How many significant nulls chance allows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from matchengine.errors import DataError
from matchengine.inference import check_nulls


def test_sound_tests_pass_and_eager_ones_fail():
    rng = np.random.default_rng(1)
    sound = check_nulls(rng.random(1000))
    assert sound.passed
    assert sound.low < sound.share < sound.high
    eager = check_nulls(rng.random(1000) * 0.5)
    assert not eager.passed
    assert eager.significant > eager.most


def test_the_limit_is_the_binomial_one():
    found = check_nulls(np.append(np.zeros(11), np.ones(89)))
    assert found.most == 11
    assert stats.binom.cdf(11, 100, 0.05) >= 0.99 > stats.binom.cdf(10, 100, 0.05)
    assert found.passed
    assert not check_nulls(np.append(np.zeros(12), np.ones(88))).passed


def test_nothing_tested_is_nothing_shown():
    found = check_nulls([np.nan])
    assert (found.total, found.passed) == (0, True)
    assert np.isnan(found.share)
    with pytest.raises(DataError, match="from 0 to 1"):
        check_nulls([2.0])
