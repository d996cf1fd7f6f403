"""What always holds of ranking metrics (evaluation.md section 6)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.comparison import Case, Lists
from matchengine.metrics.average_precision import average_precision
from matchengine.metrics.exposure import coverage, effective_coverage, exposure_gini, exposure_gini_rel
from matchengine.metrics.ndcg import ndcg
from matchengine.metrics.precision import precision
from matchengine.metrics.recall import recall
from matchengine.metrics.reciprocal_rank import reciprocal_rank
from matchengine.metrics.success import success
from matchengine.testing.comparisons import relabelled_case
from tests.metrics.lists import averaged, plain_ap, plain_ndcg, plain_precision, plain_recall, plain_rr, plain_success
from tests.properties.populations import quick

PLAIN = {
    ndcg: plain_ndcg, average_precision: plain_ap, reciprocal_rank: plain_rr, recall: plain_recall,
    precision: plain_precision, success: plain_success,
}  # fmt: skip
depths = st.integers(1, 8)
nothing = float("nan")


@st.composite
def some_lists(draw, most=5):
    """Lists of up to four people and some candidates, scores from so few levels that most are tied."""
    people, candidates = draw(st.integers(1, 4)), draw(st.integers(1, most))
    cell = st.tuples(
        st.booleans(), st.sampled_from([0.0, 0.5, 1.0, nothing]), st.sampled_from([0.0, 0.0, 1.0, 2.5, nothing])
    )
    cells = draw(st.lists(cell, min_size=people * candidates, max_size=people * candidates))
    there = np.array([eligible for eligible, _, _ in cells], bool).reshape(people, candidates)
    person, candidate = (side.astype(np.int32) for side in np.nonzero(there))
    kept = [(score, gain) for eligible, score, gain in cells if eligible]
    values = np.array(kept, np.float64).reshape(-1, 2)
    return Lists(people, candidates, person, candidate, values[:, 0].copy(), values[:, 1].copy())


@quick
@given(some_lists(), depths)
def test_ties_give_the_mean_over_every_order(lists, k):
    for metric, plain in PLAIN.items():
        wanted = np.array(averaged(lists, partial(plain, k=k)))
        assert metric(Case(lists), k=k) == pytest.approx(wanted, abs=1e-12, nan_ok=True), metric


@quick
@given(some_lists(8), depths, st.integers(0, 2**32 - 1))
def test_nobody_s_place_in_a_table_matters(lists, k, seed):
    rng = np.random.default_rng(seed)
    people, candidates = rng.permutation(lists.people), rng.permutation(lists.candidates)
    moved, _ = relabelled_case(Case(lists), people, candidates)
    for metric in PLAIN:
        assert np.array_equal(metric(moved, k=k)[people], metric(Case(lists), k=k), equal_nan=True)
    for metric in (coverage, effective_coverage, exposure_gini, exposure_gini_rel):
        assert metric(moved, k=k) == pytest.approx(metric(Case(lists), k=k), abs=1e-12, nan_ok=True)


@quick
@given(some_lists(8), depths)
def test_only_the_order_of_scores_counts(lists, k):
    other = Case(lists.scored(np.exp(3 * lists.score) - 7))
    for metric in PLAIN:
        assert np.array_equal(metric(other, k=k), metric(Case(lists), k=k), equal_nan=True)


@quick
@given(some_lists(8), depths)
def test_values_are_shares_the_order_of_gains_is_best_and_the_best_order_of_ties_bounds(lists, k):
    best = Case(lists.scored(np.nan_to_num(lists.gain)))
    for metric in PLAIN:
        values, most, least = metric(Case(lists), k=k), metric(best, k=k), metric(Case(lists), k=k, ties="worst")
        known = ~np.isnan(values)
        assert np.array_equal(known, ~np.isnan(most))
        assert ((values[known] >= 0) & (values[known] <= 1)).all()
        assert (values[known] <= most[known] + 1e-12).all()
        assert (least[known] <= values[known] + 1e-12).all()


@quick
@given(some_lists(8), depths)
def test_one_place_more_never_lowers_what_is_found(lists, k):
    for metric in (recall, success, coverage, reciprocal_rank):
        shorter, longer = metric(Case(lists), k=k), metric(Case(lists), k=k + 1)
        known = ~np.isnan(shorter)
        assert (shorter[known] <= longer[known] + 1e-12).all()
