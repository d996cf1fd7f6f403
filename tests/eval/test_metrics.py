"""The metrics of eval/ against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from eval.metrics import coverage, hit, interval_of_mean, quality, skewness, tie_groups


def test_equal_scores_form_one_group() -> None:
    ranked = [("a", 3.0), ("b", 2.0), ("c", 2.0), ("d", 1.0)]
    assert tie_groups(ranked) == [["a"], ["b", "c"], ["d"]]


def test_without_ties_the_first_relevant_counts() -> None:
    found = quality([["a"], ["b"], ["c"]], {"b", "c"})
    assert found.reciprocal_rank == pytest.approx(1 / 2)
    assert found.recall == 1


def test_a_tie_is_averaged() -> None:
    # one relevant among two tied at ranks 2 and 3: (1/2 + 1/3) / 2
    assert quality([["a"], ["b", "c"]], {"c"}).reciprocal_rank == pytest.approx((1 / 2 + 1 / 3) / 2)
    # two relevant among three tied at ranks 1 to 3: first at 1 with 2/3, at 2 with 1/3
    assert quality([["a", "b", "c"]], {"a", "b"}).reciprocal_rank == pytest.approx(2 / 3 + 1 / 3 / 2)


def test_recall_counts_the_share_of_a_group_that_fits() -> None:
    groups = [[f"first{n}" for n in range(8)], ["x", "y", "z", "w"]]
    # four tied candidates for two places: each is in with probability 1/2
    assert quality(groups, {"x"}).recall == pytest.approx(1 / 2)
    assert quality(groups, {"x", "first0"}).recall == pytest.approx(3 / 4)


def test_missing_candidates_are_not_found() -> None:
    assert quality([["a"], ["b"]], {"nobody"}) == (0, 0)
    assert quality([["a"]], {"a", "nobody"}) == (1, 0.5)
    assert quality([], {"a"}) == (0, 0)


def test_ranks_beyond_the_cut_count_as_not_found() -> None:
    groups = [[str(n)] for n in range(60)]
    assert quality(groups, {"49"}).reciprocal_rank == pytest.approx(1 / 50)
    assert quality(groups, {"50"}).reciprocal_rank == 0
    # everybody tied: 1/rank averaged over 60 places, of which the last ten count nothing
    tied = quality([[str(n) for n in range(60)]], {"3"})
    assert tied.reciprocal_rank == pytest.approx(sum(1 / place for place in range(1, 51)) / 60)
    assert tied.recall == pytest.approx(10 / 60)


def test_hit_is_a_probability_over_tied_orders() -> None:
    assert hit([["a"], ["b"]], {"a"}, 1) == 1
    assert hit([["a"], ["b"]], {"b"}, 1) == 0
    assert hit([["a", "b"], ["c"]], {"b"}, 1) == pytest.approx(1 / 2)
    # 3 places for 4 tied of whom 2 are relevant: at least one is always in
    assert hit([["a", "b", "c", "d"]], {"a", "b"}, 3) == 1
    assert hit([["a", "b", "c", "d"]], {"a"}, 3) == pytest.approx(3 / 4)
    assert hit([["a"]], {"nobody"}, 3) == 0


def test_coverage_counts_everybody_once() -> None:
    assert coverage([["a", "b"], ["b", "c"]], 6) == pytest.approx(0.5)
    assert coverage([["a", "b"], ["b", "c"]], 6, at=1) == pytest.approx(2 / 6)


def test_skewness() -> None:
    assert skewness(np.array([3, 3, 3])) == 0
    assert skewness(np.array([1, 2, 3])) == pytest.approx(0)
    # 0, 0, 3: mean 1, variance 2, third moment (−1 − 1 + 8) / 3 = 2
    assert skewness(np.array([0, 0, 3])) == pytest.approx(2 / 2**1.5)


def test_interval_holds_the_mean_and_is_seeded() -> None:
    values = np.random.default_rng(1).normal(0.3, 1, 80)
    found = interval_of_mean(values, resamples=2000)
    assert found.low < found.mean < found.high
    assert found.mean == pytest.approx(values.mean())
    assert found == interval_of_mean(values, resamples=2000)
    assert interval_of_mean(np.zeros(5), resamples=50) == (0, 0, 0)


def test_dependent_queries_widen_the_interval() -> None:
    rng = np.random.default_rng(2)
    values = np.repeat(rng.normal(0, 1, 12), 10)
    clusters = [f"c{n // 10}" for n in range(120)]
    alone, together = interval_of_mean(values), interval_of_mean(values, clusters)
    assert together.high - together.low > 2 * (alone.high - alone.low)
