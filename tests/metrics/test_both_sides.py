"""Both sides together: harmonic mean, the side that is served worse, mutual pairs (domain.md H1)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison import Case, Lists
from matchengine.errors import DataError
from matchengine.metrics.mutual import (
    expected_matches,
    mutual_hit,
    mutual_yield,
    rank_product,
    reciprocal_lift,
    reciprocal_success,
)
from matchengine.metrics.ndcg import ndcg, ndcg_for_candidates
from matchengine.metrics.recall import recall, recall_for_candidates
from matchengine.metrics.success import success, success_for_candidates
from matchengine.metrics.two_sided import lower_side_ndcg, lower_side_recall, lower_side_success, two_way_ndcg
from tests.metrics.lists import NAN, drawn, lists_of, orders

SECOND = 1 / np.log2(3)


@pytest.fixture
def case() -> Case:
    lists = drawn(1, people=15, candidates=9, unknown=0.2)
    rng = np.random.default_rng(2)
    other = replace(
        lists, score=np.round(rng.random(len(lists.score)), 1), gain=drawn(7, 15, 9).gain[: len(lists.gain)]
    )
    mutual = (lists.gain > 0) & (other.gain > 0)
    return Case(lists, reverse=other.exchanged(), mutual=mutual)


def test_two_sides_in_one_number(case):
    mine, theirs = np.nanmean(ndcg(case, k=3)), np.nanmean(ndcg_for_candidates(case, k=3))
    assert mine != pytest.approx(theirs)
    assert two_way_ndcg(case, k=3) == pytest.approx([2 / (1 / mine + 1 / theirs)])
    assert lower_side_ndcg(case, k=3) == pytest.approx([min(mine, theirs)])
    assert lower_side_recall(case, k=3) == pytest.approx(
        [min(np.nanmean(recall(case, k=3)), np.nanmean(recall_for_candidates(case, k=3)))]
    )
    assert lower_side_success(case, k=1) == pytest.approx(
        [min(np.nanmean(success(case, k=1)), np.nanmean(success_for_candidates(case, k=1)))]
    )


def test_a_side_that_gets_nothing_makes_the_harmonic_mean_nothing():
    lists = lists_of([(0.9, 1.0), (0.1, 0.0)])
    reverse = Lists(2, 1, np.array([0, 1], np.int32), np.zeros(2, np.int32), np.full(2, np.nan), np.array([1.0, 0.0]))
    assert two_way_ndcg(Case(lists, reverse=reverse)).tolist() == [0.0]
    nobody = replace(reverse, gain=np.zeros(2))
    assert np.isnan(two_way_ndcg(Case(lists, reverse=nobody))).all()
    assert np.isnan(lower_side_ndcg(Case(lists, reverse=nobody))).all()


def by_hand() -> Case:
    """Two requesters and three candidates: (0, 0), (0, 2) and (1, 2) are mutual; the outcome of (1, 0) is unknown."""
    lists = lists_of(
        [(0.9, 1.0), (0.8, 1.0), (0.7, 2.0)],
        [(0.9, NAN), (0.5, 0.0), (0.5, 1.0)],
    )
    mutual = np.array([True, False, True, True, False, True])
    reverse = replace(lists, score=np.array([0.2, 0.5, 0.4, 0.6, 0.5, NAN])).exchanged()
    return Case(lists, reverse=reverse, mutual=mutual)


def test_yield_hit_and_success_by_hand():
    case = by_hand()
    assert mutual_yield(case, k=2).tolist() == [1.0, 0.5]
    assert mutual_yield(case, k=3).tolist() == [2.0, 1.0]
    assert mutual_hit(case, k=1).tolist() == [1.0, 0.0]
    assert mutual_hit(case, k=2).tolist() == [1.0, 0.5]
    assert reciprocal_success(case, k=2).tolist() == [pytest.approx(1.5 / 3)]
    assert reciprocal_lift(case, k=2).tolist() == [pytest.approx((1.5 / 3) / (3 / 5))]


def test_an_answer_that_is_not_known_is_no_match_even_if_the_case_says_so():
    case = by_hand()
    assert case.mutual[3]
    assert np.isnan(case.lists.gain[3])
    assert mutual_yield(case, k=1)[1] == 0


def test_ranks_on_both_lists_by_hand():
    case = by_hand()
    assert rank_product(case).tolist() == pytest.approx([(1 * 1 / 2 + 1 / 3 * 1) / 2, 0.0])
    assert expected_matches(case).tolist() == pytest.approx([1 * SECOND + 0.5 * 1.0, 0.0])
    assert expected_matches(case, k=2).tolist() == pytest.approx([SECOND, 0.0])


def test_nobody_mutual_is_left_out_and_nothing_known_too():
    case = by_hand()
    none = replace(case, mutual=np.zeros(6, bool))
    for metric in (rank_product, expected_matches):
        assert np.isnan(metric(none)).all()
    assert np.isnan(mutual_hit(none, k=2)).all()
    assert mutual_yield(none, k=2).tolist() == [0.0, 0.0]
    assert np.isnan(reciprocal_lift(none, k=2)).all()
    nothing = replace(case, lists=replace(case.lists, gain=np.full(6, np.nan)))
    assert np.isnan(mutual_yield(nothing, k=2)).all()
    assert np.isnan(reciprocal_success(nothing, k=2)).all()


def test_the_product_of_ranks_is_the_mean_over_every_order_of_both_lists():
    lists = lists_of([(0.5, 1.0), (0.5, 1.0), (0.4, 0.0)], [(0.3, 1.0), (0.3, 0.0), (0.3, 1.0)])
    reverse = replace(lists, score=np.array([0.5, 0.5, 0.2, 0.5, 0.1, 0.2])).exchanged()
    case = Case(lists, reverse=reverse, mutual=np.array([1, 1, 0, 1, 0, 1], bool))

    def mean_inverse(score: np.ndarray, of: int) -> float:
        return float(np.mean([1 / (order.index(of) + 1) for order in orders(score)]))

    wanted = []
    for person in range(2):
        rows = np.flatnonzero((lists.person == person) & case.mutual)
        found = []
        for row in rows.tolist():
            candidate = int(lists.candidate[row])
            theirs = reverse.score[reverse.person == candidate]
            found.append(mean_inverse(lists.score[lists.person == person], candidate) * mean_inverse(theirs, person))
        wanted.append(np.mean(found))
    assert rank_product(case) == pytest.approx(np.array(wanted))


def test_reverse_lists_that_lack_a_pair_give_it_no_attention():
    case = by_hand()
    keep = np.array([True, True, True, True, False, True])
    old = case.reverse
    fewer = Lists(3, 2, old.person[keep], old.candidate[keep], old.score[keep], old.gain[keep])
    assert rank_product(replace(case, reverse=fewer))[0] < rank_product(case)[0]
    none = Lists(3, 2, *(np.zeros(0, np.int32),) * 2, np.zeros(0), np.zeros(0))
    assert expected_matches(replace(case, reverse=none)).tolist() == [0.0, 0.0]


def test_a_part_that_is_not_there_is_an_error_with_its_name():
    bare = Case(drawn(1))
    with pytest.raises(DataError, match="mutual"):
        mutual_yield(bare, k=1)
    with pytest.raises(DataError, match="reverse"):
        ndcg_for_candidates(bare)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"mutual": np.zeros(2, bool)}, "mutual has shape"),
        ({"seats": np.zeros(2)}, "seats has shape"),
        ({"probability": np.zeros(1)}, "probability has shape"),
        ({"probability": np.full(3, 1.5)}, "outside of 0 to 1"),
        ({"reverse": lists_of([(1.0, 1.0)])}, "reverse is about"),
        ({"perturbed": (lists_of([(1.0, 1.0)]),)}, "other people"),
    ],
)
def test_a_case_whose_parts_do_not_fit_is_refused(more, told):
    with pytest.raises(DataError, match=told):
        Case(lists_of([(0.9, 1.0), (0.8, 1.0), (0.7, 2.0)]), **more)
