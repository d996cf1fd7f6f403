"""Differences that share candidates: the variance by hand, clusters as a special case, the floor."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.inference import Sharing, compare, dyadic_spread


def by_hand(values: np.ndarray, links: list[set[int]]) -> float:
    """Sum the products of residuals over every pair that shares something."""
    residual = values - values.mean()
    pairs = [(i, j) for i in range(len(values)) for j in range(len(values)) if i == j or links[i] & links[j]]
    effective = len(values) ** 2 / len(pairs)
    return sum(residual[i] * residual[j] for i, j in pairs) / len(values) ** 2 * effective / (effective - 1)


def test_the_variance_sums_over_linked_pairs():
    rng = np.random.default_rng(1)
    units, first, second = np.arange(600) % 300, rng.integers(0, 40, 300), rng.integers(0, 40, 300)
    quality = rng.normal(size=40)
    values = quality[first] + rng.normal(size=300) * 0.2
    found = dyadic_spread(values, Sharing(units, np.append(first, second)))
    links = [{int(a), int(b)} for a, b in zip(first, second, strict=True)]
    assert found.spread.standard_error**2 == pytest.approx(by_hand(values, links))
    assert not found.floored


def test_many_rows_are_the_same_as_one_block():
    rng = np.random.default_rng(2)
    values, mentor = rng.normal(size=1200), rng.integers(0, 400, 1200)
    found = dyadic_spread(values, Sharing(np.arange(1200), mentor))
    links = [{int(m)} for m in mentor]
    wanted = max(by_hand(values, links), values.var(ddof=1) / 1200)
    assert found.spread.standard_error**2 == pytest.approx(wanted)


def test_equal_groups_are_equal_clusters():
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(20), 10)
    values = rng.normal(size=20)[group] + rng.normal(size=200)
    found = dyadic_spread(values, Sharing(np.arange(200), group))
    nine = compare(values[:90], group[:90])
    nine_shared = dyadic_spread(values[:90], Sharing(np.arange(90), group[:90]))
    assert (found.effective, found.spread.degrees) == pytest.approx((20, 19))
    assert nine_shared.spread.standard_error == pytest.approx(nine.standard_error)
    assert nine_shared.spread.degrees == pytest.approx(nine.degrees)


def test_clusters_and_sharing_are_joined():
    rng = np.random.default_rng(4)
    values, mentor, cohort = rng.normal(size=120), rng.integers(0, 60, 120), np.repeat(np.arange(12), 10)
    joined = dyadic_spread(values, Sharing(np.arange(120), mentor), cohort)
    links = [{int(m), 100 + int(c)} for m, c in zip(mentor, cohort, strict=True)]
    wanted = max(by_hand(values, links), values.var(ddof=1) / 120)
    assert joined.spread.standard_error**2 == pytest.approx(wanted)
    assert not joined.nested
    assert dyadic_spread(values, Sharing(np.arange(120), cohort * 50 + mentor % 3), cohort).nested


def test_differences_that_cancel_are_held_for_independent_at_the_least():
    """One to one, both strategies use the same mentors: their qualities cancel in the mean."""
    rng = np.random.default_rng(5)
    quality, other = rng.normal(size=60) * 3, rng.permutation(60)
    values = quality - quality[other] + rng.normal(size=60) * 0.1
    found = dyadic_spread(values, Sharing(np.tile(np.arange(60), 2), np.append(np.arange(60), other)))
    assert found.floored
    assert found.spread.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(60))


def test_too_few_independent_groups_say_so():
    values = np.random.default_rng(6).normal(size=50)
    assert not dyadic_spread(values, Sharing(np.arange(50), np.arange(50) % 3)).enough
    assert not dyadic_spread(values, Sharing(np.arange(50), np.zeros(50))).enough
    assert dyadic_spread(values, Sharing(np.arange(50), np.arange(50) % 5)).enough


def test_links_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="two rows"):
        dyadic_spread(np.ones(3), Sharing(np.array([0, 1]), np.array([0])))
    with pytest.raises(DataError, match="from 0 to 2"):
        dyadic_spread(np.ones(3), Sharing(np.array([3]), np.array([0])))
