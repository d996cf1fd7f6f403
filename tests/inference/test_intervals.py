"""One comparison from many differences: which method is chosen, and that its numbers are right."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from matchengine.errors import DataError
from matchengine.inference import Sharing, compare

RNG = np.random.default_rng(6)


def clustered(clusters: int, each: int, shift: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Differences with a little likeness inside clusters, and their clusters."""
    rng = np.random.default_rng([clusters, each])
    label = np.repeat(np.arange(clusters), each)
    return shift + rng.normal(size=clusters)[label] * 0.3 + rng.normal(size=clusters * each), label


@pytest.mark.parametrize(
    ("units", "clusters", "method", "test"),
    [
        (4, None, "descriptive", "none"),
        (5, None, "t", "sign_flip"),
        (29, None, "t", "sign_flip"),
        (30, None, "bca", "sign_flip"),
        (5001, None, "t", "sign_flip"),
        (200, 4, "descriptive", "none"),
        (200, 5, "t_by_cluster", "t"),
        (198, 9, "t_by_cluster", "t"),
        (200, 10, "bootstrap_by_cluster", "sign_flip"),
    ],
)
def test_the_declared_rules_choose_the_method(units, clusters, method, test):
    values = np.random.default_rng(1).normal(0.1, 1, units)
    group = None if clusters is None else np.arange(units) % clusters
    found = compare(values, group, draws=500)
    assert (found.method, found.test) == (method, test)
    assert found.inferred == (method != "descriptive")
    assert found.estimate == pytest.approx(values.mean())
    if found.inferred:
        assert found.low < found.narrow_low < found.estimate < found.narrow_high < found.high
        assert 0 < found.p_value <= 1
    else:
        assert np.isnan([found.low, found.high, found.p_value, found.standard_error]).all()
        assert found.reason == ("few_units" if clusters is None else "few_clusters")


def test_without_any_unit_nothing_is_said():
    found = compare([np.nan, np.nan])
    assert (found.reason, found.units, found.missing) == ("no_units", 0, 2)
    assert np.isnan(found.estimate)


@pytest.mark.parametrize("clusters", [None, 1, 3, 20])
def test_a_strategy_against_itself_differs_by_exactly_nothing(clusters):
    arm = RNG.random(60)
    group = None if clusters is None else np.arange(60) % clusters
    found = compare(left=arm, right=arm, cluster=group)
    assert (found.method, found.low, found.high, found.estimate, found.p_value) == ("identical", 0.0, 0.0, 0.0, 1.0)
    assert found.left == found.right == pytest.approx(arm.mean())


def test_bca_is_that_of_scipy():
    values = np.random.default_rng(3).exponential(size=60) - 0.7
    found = compare(values, draws=40_000)
    oracle = stats.bootstrap((values,), np.mean, n_resamples=40_000, method="BCa", rng=np.random.default_rng(0))
    assert found.method == "bca"
    assert (found.low, found.high) == pytest.approx(oracle.confidence_interval, abs=0.01)


def test_few_units_have_the_paired_t_interval():
    values = np.random.default_rng(4).normal(0.2, 1, 12)
    found = compare(values)
    oracle = stats.ttest_1samp(values, 0.0)
    assert (found.low, found.high) == pytest.approx(oracle.confidence_interval(0.95))
    assert (found.narrow_low, found.narrow_high) == pytest.approx(oracle.confidence_interval(0.90))
    assert found.robustness.t == pytest.approx(oracle.pvalue)


def test_clusters_of_one_size_have_the_t_interval_of_their_means():
    values, group = clustered(8, 25)
    found = compare(values, group)
    means = values.reshape(8, 25).mean(axis=1)
    oracle = stats.ttest_1samp(means, 0.0)
    assert found.degrees == pytest.approx(7)
    assert (found.low, found.high) == pytest.approx(oracle.confidence_interval(0.95))
    assert found.p_value == pytest.approx(oracle.pvalue) == pytest.approx(found.robustness.t)
    assert found.smallest_p == 2 / 2**8


def test_every_unit_counts_once_however_large_its_cluster():
    values, group = np.arange(60.0), np.repeat(np.arange(6), [30, 10, 5, 5, 5, 5])
    found = compare(values, group)
    assert found.estimate == pytest.approx(values.mean())
    assert found.degrees < 5


def test_clusters_widen_the_interval_when_units_are_alike():
    rng = np.random.default_rng(5)
    group = np.repeat(np.arange(20), 20)
    values = rng.normal(size=20)[group] + 0.5 * rng.normal(size=400)
    naive, honest = compare(values), compare(values, group)
    assert honest.high - honest.low > 2 * (naive.high - naive.low)
    assert honest.icc > 0.5


def test_order_and_names_of_clusters_change_no_bit():
    values, group = clustered(12, 10)
    names = np.array([f"cohort {chr(122 - g)}" for g in group])
    order = np.random.default_rng(0).permutation(len(values))
    assert repr(compare(values, group, seed=3)) == repr(compare(values[order], names[order], seed=3))
    alone = repr(compare(values, seed=3))
    assert alone == repr(compare(values[order], seed=3))
    assert alone != repr(compare(values, seed=4))


def test_units_of_unknown_cluster_are_one_cluster():
    values = RNG.normal(size=60)
    group = np.repeat(np.arange(6), 10)
    unknown = np.where(group == 5, -1, group)
    texts = ["" if g < 0 else f"c{g}" for g in unknown]
    assert compare(values, unknown).clusters == compare(values, texts).clusters == 6
    assert compare(values, unknown).low == compare(values, group).low


def test_missing_differences_are_left_out_and_counted():
    values, group = clustered(12, 10)
    gaps = np.append(values, [np.nan, np.nan])
    found = compare(gaps, np.append(group, [12, 13]))
    assert (found.units, found.missing, found.clusters) == (120, 2, 12)
    assert found.low == compare(values, group).low


def test_both_arms_give_the_differences():
    left, right = RNG.random(40), RNG.random(40)
    right[3] = np.nan
    found = compare(left=left, right=right)
    assert found.left - found.right == pytest.approx(found.estimate)
    assert (found.units, found.missing) == (39, 1)
    assert compare(left - right, left=left, right=right).low == found.low


def test_equal_differences_are_as_sure_as_their_number_allows():
    five, six = compare(np.full(5, 0.1)), compare(np.full(6, 0.1))
    assert five.low == five.high == pytest.approx(0.1)
    assert (five.test, five.p_value, six.p_value) == ("sign_flip", 2 / 2**5, 2 / 2**6)
    grouped = compare(np.full(60, 0.1), np.arange(60) % 6)
    assert (grouped.test, grouped.p_value) == ("sign_flip", 2 / 2**6)


def test_few_clusters_that_differ_fall_back_on_t():
    """Where almost all clusters show no difference at all, many bootstrap draws have no spread."""
    values, group = np.zeros(240), np.repeat(np.arange(24), 10)
    values[:5] = 1.0
    found = compare(values, group)
    assert found.method == "t_by_cluster"
    assert found.test == "sign_flip"
    assert found.p_value == 1.0


def test_sharing_across_clusters_calls_for_the_dyadic_method():
    values, group = clustered(20, 10)
    inside = Sharing(np.arange(200), group * 10 + np.arange(200) % 3)
    across = Sharing(np.arange(200), np.arange(200) // 4 * 7 % 53)
    assert compare(values, group, shared=inside).method == "bootstrap_by_cluster"
    assert compare(values, group, shared=across).method == "t_dyadic"
    assert compare(values, shared=Sharing(np.arange(200), np.arange(200))).method == "bca"
    everybody = Sharing(np.arange(200), np.zeros(200, np.int64))
    assert compare(values, shared=everybody).reason == "few_independent_groups"
    assert compare(values, np.arange(200) % 3, shared=across).reason == "few_clusters"


def test_links_of_missing_units_are_left_out():
    values = RNG.normal(size=100)
    sharing = Sharing(np.arange(100), np.arange(100) // 4)
    gaps = np.append(values, np.nan)
    more = Sharing(np.append(sharing.unit, 100), np.append(sharing.candidate, 3))
    assert compare(gaps, shared=more).standard_error == pytest.approx(compare(values, shared=sharing).standard_error)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "needs differences"),
        ({"left": [1.0]}, "both arms"),
        ({"left": [1.0], "right": [1.0, 2.0]}, "expected 1 values"),
        ({"difference": [0.5], "left": [1.0], "right": [1.0]}, "left minus right"),
        ({"difference": [[0.5]]}, "one row"),
        ({"difference": ["much"]}, "expected numbers"),
        ({"difference": [np.inf]}, "finite"),
        ({"difference": [0.5, 1.0], "cluster": [1]}, "expected 2 labels"),
        ({"difference": [0.5], "alpha": 0.5}, "alpha"),
        ({"difference": [0.5], "draws": 10}, "at least 100"),
        ({"difference": [0.5, 1.0], "shared": Sharing(np.array([2]), np.array([0]))}, "positions of units"),
    ],
)
def test_what_cannot_be_compared_is_told(given, message):
    with pytest.raises(DataError, match=message):
        compare(**given)
