"""Golden numbers of inference: GN14 of domain.md, annex 1, and the sample sizes of H10."""

import pytest

from matchengine.inference import sample_size, smoothed_epsilon

H10 = [(0.2, 197), (0.3, 88), (0.5, 32)]
"""d_z, and how many units find it at 5 % with a chance of 80 %."""


def test_gn14_differential_fairness():
    assert smoothed_epsilon([[2, 0], [30, 30]], smoothing=1.0) == pytest.approx(0.6931, abs=1e-4)


@pytest.mark.parametrize(("effect", "units"), H10)
def test_h10_units_that_find_an_effect(effect, units):
    assert sample_size(effect) == units
