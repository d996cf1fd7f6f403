"""How many it takes, before and after."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from matchengine.errors import DataError
from matchengine.inference import (
    compare,
    design_effect,
    intraclass_correlation,
    minimum_detectable,
    sample_size,
    still_needed,
    verdicts,
)


def test_clusters_multiply_what_is_needed():
    assert design_effect(25, 0.05) == pytest.approx(2.2)
    assert design_effect(25, -0.01) == 1.0
    assert sample_size(0.3, mean_size=25, icc=0.05) == math.ceil(87.209 * 2.2)


@pytest.mark.parametrize("units", [20, 60, 400])
def test_what_can_be_found_is_found_with_that_power(units):
    effect = minimum_detectable(units)
    assert TTestPower().power(effect, units, 0.05) == pytest.approx(0.8, abs=0.006)
    assert minimum_detectable(units, deviation=0.2) == pytest.approx(0.2 * effect)
    assert minimum_detectable(units, clusters=10, icc=0.1) > effect


def test_too_few_find_nothing():
    assert minimum_detectable(4) == math.inf
    assert minimum_detectable(100, clusters=4) == math.inf


def test_icc_of_known_numbers():
    """Two clusters of two: MSB = 4, MSW = .5, m0 = 2, so (4 − .5) / (4 + .5)."""
    assert intraclass_correlation([0, 1, 2, 3], [0, 0, 1, 1]) == pytest.approx(3.5 / 4.5)
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(400), rng.integers(2, 12, 400))
    values = rng.normal(size=400)[group] * np.sqrt(0.2) + rng.normal(size=len(group)) * np.sqrt(0.8)
    assert intraclass_correlation(values, group) == pytest.approx(0.2, abs=0.04)
    assert math.isnan(intraclass_correlation([1.0, 2.0], [0, 1]))
    assert math.isnan(intraclass_correlation([np.nan], [0]))


def shown(units: int, mean: float = 0.0, clusters: int | None = None):
    """A comparison of known mean and spread 1 within clusters."""
    values = np.random.default_rng(7).normal(size=units)
    values = (values - values.mean()) / values.std(ddof=1) + mean
    return compare(values, None if clusters is None else np.repeat(np.arange(clusters), units // clusters))


def test_so_many_more_would_tell():
    seen = shown(60, 0.03)
    assert verdicts([seen], 0.2)[0].answer == "cannot_tell"
    needed = still_needed(seen, 0.2)
    assert needed.clusters is None
    assert not needed.at_least
    total = 60 + needed.units
    assert total == pytest.approx(((1.645 + 1.2816) / 0.2) ** 2, abs=4)
    assert needed.units > 100
    with_power = TTestPower().power(0.2, total, 0.05)
    assert with_power > 0.8


def test_an_estimate_between_zero_and_the_margin_needs_more_than_the_plan():
    """300 are more than the plan asks for, yet .1 of .19 is neither: then as many as the estimate asks for."""
    seen = shown(300, 0.1)
    needed = still_needed(seen, 0.19)
    later = shown(300 + needed.units, 0.1)
    assert verdicts([seen], 0.19)[0].answer == "cannot_tell"
    assert needed.units > 0
    assert verdicts([later], 0.19)[0].answer != "cannot_tell"


def test_clusters_are_asked_for_where_people_do_not_help():
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(8), 25)
    values = rng.normal(size=8)[group] + rng.normal(size=200) * 0.3
    needed = still_needed(compare(values, group), 0.2)
    assert needed.units is None
    assert needed.clusters > 50


def test_people_help_where_clusters_hardly_differ():
    needed = still_needed(shown(200, 0.02, clusters=20), 0.15)
    assert needed.units is not None
    assert needed.clusters is not None
    assert needed.units > 0
    assert needed.clusters > 0


def test_without_inference_the_least_is_told():
    few = still_needed(compare(np.array([0.1, 0.3])), 0.2)
    assert (few.units, few.clusters, few.at_least) == (3, None, True)
    cohorts = still_needed(compare(np.arange(40.0), np.arange(40) % 3), 0.2)
    assert (cohorts.units, cohorts.clusters, cohorts.at_least) == (None, 2, True)


def test_what_cannot_be_planned_is_refused():
    with pytest.raises(DataError, match="effect"):
        sample_size(0.0)
    with pytest.raises(DataError, match="power"):
        sample_size(0.2, power=1.0)
    with pytest.raises(DataError, match="design effect"):
        design_effect(0.5, 0.1)
