"""The ranking metrics against independent implementations and against the definition (evaluation.md section 6)."""

from __future__ import annotations

from functools import partial
from math import comb

import numpy as np
import pytest

from matchengine.comparison import Case, Lists
from matchengine.metrics import kernel, order
from matchengine.metrics.average_precision import average_precision
from matchengine.metrics.ndcg import ndcg, ndcg_for_candidates
from matchengine.metrics.precision import precision
from matchengine.metrics.recall import recall
from matchengine.metrics.reciprocal_rank import reciprocal_rank
from matchengine.metrics.success import success
from tests.metrics.lists import (
    NAN,
    averaged,
    case_of,
    drawn,
    lists_of,
    plain_ap,
    plain_ndcg,
    plain_precision,
    plain_recall,
    plain_rr,
    plain_success,
)

PLAIN = {
    ndcg: plain_ndcg, average_precision: plain_ap, reciprocal_rank: plain_rr, recall: plain_recall,
    precision: plain_precision, success: plain_success,
}  # fmt: skip


def test_equal_to_pytrec_eval_on_a_thousand_runs_without_ties():
    pytrec = pytest.importorskip("pytrec_eval")
    measures = {
        "ndcg_cut.5", "ndcg_cut.10", "ndcg", "map", "map_cut.5", "recip_rank", "recall.10", "recall.100", "P.5",
        "success.5",
    }  # fmt: skip
    rng = np.random.default_rng(3)
    lists = _tie_free(rng, people=1_000)
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for person, candidate, score, gain in zip(*map(np.ndarray.tolist, _columns(lists)), strict=True):
        qrels.setdefault(str(person), {})[str(candidate)] = int(gain)
        if score == score:
            run.setdefault(str(person), {})[str(candidate)] = score
    theirs = pytrec.RelevanceEvaluator(qrels, measures).evaluate(run)
    case = Case(lists)
    suitable = np.bincount(lists.person[lists.gain > 0], minlength=lists.people)
    ours = {
        "ndcg_cut_5": ndcg(case, k=5),
        "ndcg_cut_10": ndcg(case, k=10),
        "ndcg": ndcg(case),
        "map": average_precision(case),
        "map_cut_5": average_precision(case, k=5) * np.minimum(suitable, 5) / np.maximum(suitable, 1),
        "recip_rank": reciprocal_rank(case),
        "recall_10": recall(case, k=10),
        "recall_100": recall(case, k=100),
        "P_5": precision(case, k=5),
        "success_5": success(case, k=5),
    }
    compared = 0
    for person, values in theirs.items():
        if suitable[int(person)]:
            compared += 1
            for name, value in ours.items():
                assert value[int(person)] == pytest.approx(values[name], abs=1e-12), name
    assert compared > 900


def test_means_equal_to_ir_measures_which_counts_the_missing_as_zero():
    ir = pytest.importorskip("ir_measures")
    lists = _tie_free(np.random.default_rng(5), people=60)
    lists = lists.scored(np.where(lists.person < 7, np.nan, lists.score))
    columns = list(zip(*map(np.ndarray.tolist, _columns(lists)), strict=True))
    qrels = [ir.Qrel(str(p), str(c), int(g)) for p, c, _, g in columns]
    run = [ir.ScoredDoc(str(p), str(c), s) for p, c, s, _ in columns if s == s]
    theirs = ir.calc_aggregate([ir.nDCG @ 10, ir.AP, ir.RR, ir.R @ 10], qrels, run)
    case = Case(lists)
    ours = [ndcg(case, k=10), average_precision(case), reciprocal_rank(case), recall(case, k=10)]
    for measure, values in zip((ir.nDCG @ 10, ir.AP, ir.RR, ir.R @ 10), ours, strict=True):
        assert np.nansum(values) / lists.people == pytest.approx(theirs[measure], abs=1e-12)


@pytest.mark.parametrize("k", [1, 3, 5, 12])
def test_ties_equal_to_scikit_learn(k):
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(k)
    score, gain = np.round(rng.random((50, 12)), 1), rng.integers(0, 4, (50, 12)).astype(float)
    gain[:, 0] = 1
    case = case_of(*[list(zip(s, g, strict=True)) for s, g in zip(score, gain, strict=True)])
    wanted = [metrics.ndcg_score(gain[n : n + 1], score[n : n + 1], k=k) for n in range(50)]
    assert ndcg(case, k=k) == pytest.approx(np.array(wanted), abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 4, 7])
@pytest.mark.parametrize("metric", PLAIN, ids=lambda metric: metric.__name__)
def test_ties_are_the_mean_over_every_order(metric, k):
    lists = drawn(k, people=25, candidates=7, decimals=0, unknown=0.2)
    wanted = averaged(lists, partial(PLAIN[metric], k=k))
    assert metric(Case(lists), k=k) == pytest.approx(np.array(wanted), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("metric", [ndcg, average_precision, reciprocal_rank], ids=lambda metric: metric.__name__)
def test_without_a_depth_the_whole_list_counts(metric):
    case = Case(drawn(2, decimals=1))
    assert np.array_equal(metric(case), metric(case, k=12), equal_nan=True)
    assert not np.array_equal(metric(case), metric(case, k=3), equal_nan=True)


@pytest.mark.parametrize("metric", PLAIN, ids=lambda metric: metric.__name__)
def test_a_strategy_that_knows_nothing_gets_what_chance_gets(metric):
    lists = drawn(8, people=30, candidates=9)
    rng = np.random.default_rng(1)
    constant = metric(Case(lists.scored(np.zeros(len(lists.person)))), k=4)
    by_lot = [metric(Case(lists.scored(rng.random(len(lists.person)))), k=4) for _ in range(1_000)]
    spread = np.nanstd(np.nanmean(by_lot, axis=1)) / np.sqrt(1_000)
    assert np.nanmean(constant) == pytest.approx(np.nanmean(by_lot), abs=5 * spread)
    assert spread < 0.004


def test_a_constant_score_of_one_suitable_among_many():
    n = 100
    case = case_of([(0.0, float(c == 0)) for c in range(n)])
    assert reciprocal_rank(case)[0] == pytest.approx(sum(1 / r for r in range(1, n + 1)) / n, abs=1e-14)
    assert average_precision(case)[0] == pytest.approx(reciprocal_rank(case)[0], abs=1e-14)
    assert success(case, k=5)[0] == pytest.approx(0.05)
    assert ndcg(case, k=2)[0] == pytest.approx((1 + 1 / np.log2(3)) / n)


def test_reciprocal_rank_of_a_very_long_tie():
    n, marks = 5_000, 3
    person = np.zeros(n, np.int32)
    gain = (np.arange(n) < marks).astype(float)
    lists = Lists(1, n, person, np.arange(n, dtype=np.int32), np.zeros(n), gain)
    exact = sum(comb(n - x, marks - 1) / comb(n, marks) / x for x in range(1, n - marks + 2))
    assert reciprocal_rank(Case(lists))[0] == pytest.approx(exact, abs=1e-13)


def test_the_rows_of_a_matrix_are_cut_where_memory_would_grow(monkeypatch):
    lists = drawn(4, people=40, candidates=9, decimals=1)
    wanted = [reciprocal_rank(Case(lists)), ndcg(Case(lists), k=3)]
    monkeypatch.setattr(kernel, "_CELLS", 10)
    monkeypatch.setattr(order, "_CELLS", 10)
    again = lists.scored(lists.score.copy())
    assert np.array_equal(reciprocal_rank(Case(again)), wanted[0], equal_nan=True)
    assert np.array_equal(ndcg(Case(again), k=3), wanted[1], equal_nan=True)


def test_whoever_has_no_list_gets_nothing_and_whoever_has_nobody_suitable_is_left_out():
    case = case_of([(NAN, 1.0), (NAN, 0.0)], [(0.5, 0.0), (0.4, 0.0)], [(0.5, NAN)], [], [(0.9, 1.0)])
    for metric in PLAIN:
        assert np.array_equal(metric(case, k=2) > 0, [False, False, False, False, True])
        assert np.array_equal(np.isnan(metric(case, k=2)), [False, True, True, True, False]), metric


def test_suitable_candidates_who_are_not_suggested_count_against_the_list():
    case = case_of([(0.9, 1.0), (NAN, 1.0), (0.8, 0.0)])
    assert recall(case, k=3)[0] == 0.5
    assert average_precision(case)[0] == 0.5
    assert ndcg(case, k=3)[0] == pytest.approx(1 / (1 + 1 / np.log2(3)))


def test_unknown_outcomes_count_as_not_suitable_or_are_taken_out():
    case = case_of([(0.9, NAN), (0.8, NAN), (0.7, 1.0), (0.6, 0.0)])
    assert reciprocal_rank(case)[0] == pytest.approx(1 / 3)
    assert reciprocal_rank(case, unknown="condensed")[0] == 1
    assert precision(case, k=2, unknown="condensed")[0] == 0.5


def test_the_worst_and_the_best_order_of_ties_bound_the_mean_and_a_lot_is_one_of_them():
    case = Case(drawn(5, people=200, decimals=1))
    for metric in PLAIN:
        worst, mean, best = (metric(case, k=4, ties=ties) for ties in ("worst", "average", "best"))
        known = ~np.isnan(mean)
        assert (worst[known] <= mean[known] + 1e-12).all()
        assert (mean[known] <= best[known] + 1e-12).all()
        assert (worst[known] < best[known]).any()
        drawn_lots = [metric(case, k=4, ties="lottery", seed=seed) for seed in range(40)]
        assert np.array_equal(drawn_lots[0], metric(case, k=4, ties="lottery", seed=0), equal_nan=True)
        assert np.nanmean(drawn_lots) == pytest.approx(np.nanmean(mean), abs=0.01)
        assert (np.array(drawn_lots)[:, known] <= best[known] + 1e-12).all()


def test_the_order_of_candidates_changes_not_a_single_bit():
    lists = drawn(6, people=50, candidates=11, decimals=1)
    to = np.random.default_rng(0).permutation(11)
    place = np.lexsort((to[lists.candidate], lists.person))
    moved = Lists(
        50, 11, lists.person[place], to[lists.candidate][place].astype(np.int32), lists.score[place], lists.gain[place]
    )
    for metric in PLAIN:
        assert np.array_equal(metric(Case(lists), k=4), metric(Case(moved), k=4), equal_nan=True)


def test_the_order_of_gains_is_perfect():
    lists = drawn(9, unknown=0.1)
    best = Case(lists.scored(np.nan_to_num(lists.gain)))
    for metric in (ndcg, average_precision, reciprocal_rank):
        values = metric(best, k=5)
        assert values[~np.isnan(values)] == pytest.approx(1.0, abs=1e-15)
        assert values[~np.isnan(values)].max() <= 1.0


def test_lists_of_candidates_are_measured_alike():
    lists = drawn(10)
    reverse = lists.exchanged()
    case = Case(lists, reverse=reverse)
    assert np.array_equal(ndcg_for_candidates(case, k=3), ndcg(Case(reverse), k=3), equal_nan=True)


def test_the_boundary_of_ties():
    ranked = order.Ranked.of(lists_of([(0.9, 0), (0.5, 0), (0.5, 0)], [(0.9, 0), (0.8, 0)], [(NAN, 0)]))
    assert np.array_equal(kernel.boundary_tied(ranked, 2), [1, 0, NAN], equal_nan=True)
    assert np.array_equal(kernel.boundary_tied(ranked, 1), [0, 0, NAN], equal_nan=True)
    assert np.array_equal(kernel.boundary_tied(ranked, 3), [0, 0, NAN], equal_nan=True)


def _tie_free(rng: np.random.Generator, people: int) -> Lists:
    counts = rng.integers(1, 140, people)
    person = np.repeat(np.arange(people), counts).astype(np.int32)
    candidate = np.concatenate([np.arange(count) for count in counts]).astype(np.int32)
    score = np.concatenate([rng.permutation(count) / 8 for count in counts])
    score[(rng.random(len(score)) < 0.1) & (candidate > 0)] = np.nan
    gain = rng.choice([0.0, 1.0, 2.0, 3.0], len(person), p=[0.85, 0.07, 0.05, 0.03])
    return Lists(people, 140, person, candidate, score, gain)


def _columns(lists: Lists) -> tuple[np.ndarray, ...]:
    return lists.person, lists.candidate, lists.score, lists.gain
