"""Many weightings at once agree with one at a time, in scores and in what lists are worth."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from matchengine.comparison import Case, Lists
from matchengine.errors import DataError
from matchengine.evaluation.strategies.sweep import expected_ndcg, sweep_ndcg, sweep_scores
from matchengine.evaluation.strategies.weighting import (
    combined,
    configured,
    leave_one_out,
    neutral_of,
    only_one,
    simplex,
    weighted_kind,
)
from matchengine.matching.combine import combine
from matchengine.metrics.ndcg import ndcg
from tests.evaluation.strategies.worlds import matrices_of


def weightings(matrices):
    own = configured(matrices)
    return [own, *simplex(matrices, own, 6, 1), *leave_one_out(own).values(), *only_one(own).values()]


@pytest.mark.parametrize("gaps", [0.0, 0.2, 0.7])
@pytest.mark.parametrize("across", [0.0, 1.0, -2.0])
@pytest.mark.parametrize(("single", "error"), [(False, 1e-9), (True, 2e-6)])
def test_scores_are_those_of_combine(gaps, across, single, error):
    matrices, _starts, _gain = matrices_of(gaps=gaps, across=across, lifts=2, seed=1)
    chosen = weightings(matrices)
    total, sure = sweep_scores(matrices, chosen, single=single)
    for t, weighting in enumerate(chosen):
        kind, columns = weighted_kind(matrices, weighting)
        values = matrices.values[:, columns], matrices.confidences[:, columns]
        table = combine(kind, *values, neutral_of(matrices, weighting))
        assert np.abs(table.total - total[:, t]).max() < error
        assert np.abs(table.confidence - sure[:, t]).max() < error


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("across", [0.0, 1.0, -2.0])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_lists_are_worth_what_they_are_worth_one_at_a_time(gaps, across, seed):
    matrices, starts, gain = matrices_of(gaps=gaps, across=across, lifts=1, seed=seed, must_know=("need",))
    chosen = weightings(matrices)
    found = sweep_ndcg(matrices, starts, gain, chosen, single=False)
    expected = [expected_ndcg(combined(matrices, weighting, starts).ranking, starts, gain) for weighting in chosen]
    assert np.allclose(found, expected, rtol=0, atol=1e-12, equal_nan=True)


def test_a_scorer_of_history_that_is_silent_costs_no_confidence_here_either():
    matrices, starts, gain = matrices_of(gaps=0.4, seed=2)
    first, *others = matrices.kind.scorers
    made = replace(first, spec=replace(first.spec, role="history"))
    matrices = replace(matrices, kind=replace(matrices.kind, scorers=(made, *others)))
    chosen = weightings(matrices)
    found = sweep_ndcg(matrices, starts, gain, chosen)
    expected = [expected_ndcg(combined(matrices, one, starts).ranking, starts, gain) for one in chosen]
    assert np.allclose(found, expected, rtol=0, atol=1e-12, equal_nan=True)
    with pytest.raises(DataError, match="history"):
        sweep_scores(matrices, chosen)


@pytest.mark.parametrize("more", [{"goal_blocks": {"career_move": {"need": 0.9}}}, {"lifts": 1}])
def test_what_cannot_be_done_at_once_is_done_one_by_one(more):
    matrices, starts, gain = matrices_of(**more)
    chosen = weightings(matrices)
    found = sweep_ndcg(matrices, starts, gain, chosen, k=10)
    expected = [expected_ndcg(combined(matrices, one, starts).ranking, starts, gain, 10) for one in chosen]
    assert np.allclose(found, expected, rtol=0, atol=1e-12, equal_nan=True)


def test_threads_and_tiles_change_nothing():
    matrices, starts, gain = matrices_of(60, 40, seed=4)
    chosen = weightings(matrices) * 4
    one = sweep_ndcg(matrices, starts, gain, chosen, threads=1)
    assert np.array_equal(one, sweep_ndcg(matrices, starts, gain, chosen, threads=3), equal_nan=True)
    apart = np.concatenate([sweep_ndcg(matrices, starts, gain, [each]) for each in chosen])
    assert np.allclose(one, apart, rtol=0, atol=1e-12, equal_nan=True)


def test_ties_give_the_expectation_over_all_orders():
    rng = np.random.default_rng(3)
    for _case in range(30):
        n = int(rng.integers(2, 6))
        score, gain = rng.integers(0, 3, n).astype(float), rng.integers(0, 3, n).astype(float)
        score[rng.random(n) < 0.2] = np.nan
        if not gain.any():
            continue
        discount = np.where(np.arange(n) < 3, 1 / np.log2(np.arange(n) + 2), 0)
        ideal = (np.sort(gain)[::-1] * discount).sum()
        each = []
        for order in permutations(range(n)):
            ranked = sorted(order, key=lambda i: -np.nan_to_num(score[i], nan=-9))
            each.append(sum(gain[i] * d for i, d in zip(ranked, discount, strict=True) if not np.isnan(score[i])))
        found = expected_ndcg(score, np.array([0, n]), gain, 3)[0]
        assert found == pytest.approx(np.mean(each) / ideal, abs=1e-12)


@pytest.mark.parametrize("k", [1, 3, 5, 10])
def test_lists_are_worth_what_the_metric_of_that_name_says(k):
    matrices, starts, gain = matrices_of(30, 25, seed=8)
    score = combined(matrices, configured(matrices), starts).ranking
    people, others = np.repeat(np.arange(30), 25), np.tile(np.arange(25), 30)
    lists = Lists(30, 25, people, others, score, gain)
    assert np.allclose(
        expected_ndcg(score, starts, gain, k), ndcg(Case(lists), k=k), rtol=0, atol=1e-12, equal_nan=True
    )


def test_the_best_order_is_worth_one_and_nobody_relevant_nothing():
    gain = np.array([0.0, 2.0, 1.0, 0.0, np.nan, 0.0])
    found = expected_ndcg(np.nan_to_num(gain), np.array([0, 3, 6]), gain)
    assert found[0] == pytest.approx(1)
    assert np.isnan(found[1])


def test_more_equals_than_a_byte_counts():
    gain = np.zeros(700)
    gain[600] = 1
    found = expected_ndcg(np.full(700, 0.5), np.array([0, 700]), gain, 5)[0]
    assert found == pytest.approx((1 / np.log2(np.arange(2, 7))).sum() / 700)


def test_weightings_that_do_not_go_together_are_refused():
    matrices, _starts, _gain = matrices_of(goal_blocks={"career_move": {"need": 0.9}})
    with pytest.raises(DataError, match="goals"):
        sweep_scores(matrices, [configured(matrices)])
