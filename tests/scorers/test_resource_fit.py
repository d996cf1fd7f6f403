"""Resources: goals and topics, times language, cost and freshness."""

import numpy as np
import pytest

from matchengine.scorers.affinity import affinity
from matchengine.scorers.resource_fit import freshness, price, resource_fit

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)


def test_the_product_of_all_factors(items_of):
    items = items_of([[0.8, 0.1]], fields=("needs", "topics"))
    result = resource_fit(items, column(0.6), column(2), column(1095))
    assert result.value == pytest.approx(affinity(items, 0.6).value * 0.6 * 0.7 * 0.5)
    assert result.confidence == pytest.approx([1])
    assert result.evidence["need"].texts.tolist() == [0]


def test_an_unknown_factor_is_left_out_and_lowers_the_confidence(items_of):
    items = items_of([[0.8]], fields=("needs", "topics"))
    result = resource_fit(items, column(NAN), column(NAN), column(NAN))
    assert result.value == pytest.approx(affinity(items, 0.6).value)
    assert result.confidence == pytest.approx([0.4])


def test_without_goals_or_topics_nothing_is_said(items_of):
    result = resource_fit(items_of([[NAN]], fields=("needs", "topics")), column(1), column(0), column(0))
    assert np.isnan(result.value).all()


def test_a_resource_in_a_language_that_nobody_speaks_is_of_no_use(items_of):
    result = resource_fit(items_of([[1.0]], fields=("needs", "topics")), column(0), column(0), column(0))
    assert result.value.tolist() == [0]


def test_prices_and_age():
    assert price(column(0, 1, 2, 3, NAN), (1, 0.8, 0.5, 0)) == pytest.approx([1, 0.8, 0.5, 0, NAN], nan_ok=True)
    assert freshness(column(-5, 0, 100, 200, NAN), 100.0) == pytest.approx([1, 1, 0.5, 0.25, NAN], nan_ok=True)
