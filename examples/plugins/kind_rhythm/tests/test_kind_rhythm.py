"""The public conformance kit, and what this scorer is for."""

# ruff: noqa: S101

import numpy as np
import pytest
from matchengine_kind_rhythm import kind_rhythm, matchengine_components

from matchengine.testing import CheckSkippedError, parametrize_with_checks


@parametrize_with_checks(list(matchengine_components()))
def test_conformance(spec, check):
    try:
        check(spec)
    except CheckSkippedError as skipped:
        pytest.skip(str(skipped))


def test_the_same_rhythm_is_best_and_four_times_as_often_is_half():
    own, theirs = np.array([30.0, 30.0, 120.0, 30.0, np.nan]), np.array([30.0, 120.0, 30.0, 31.0, 30.0])
    scored = kind_rhythm(own, theirs)
    assert scored.value[:3].tolist() == pytest.approx([1, 0.5, 0.5])
    assert scored.value[3] > 0.99
    assert np.isnan(scored.value[4])
    assert scored.evidence["alike"][[0, 3]].tolist() == [1, 1]
    assert np.isnan(scored.evidence["alike"][[1, 2, 4]]).all()
