"""Q(g): means of known pairs, teaching, faultlines by every split, and what groups give up (domain.md F1, F2)."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from matchengine.planning.groups.faultlines import strengths
from matchengine.planning.groups.feasible import prepared
from matchengine.planning.groups.problem import GroupAims
from matchengine.planning.groups.quality import Judge, taught
from tests.planning.groups.pools import nobody_special, pool

NAN = np.nan


def strength_by_hand(features):
    """Σ n_k |mean_k − mean|² over Σ |x − mean|², the largest over all splits in two."""
    size = len(features)
    total = ((features - features.mean(axis=0)) ** 2).sum()
    best = 0.0
    for k in range(1, size):
        for side in combinations(range(size), k):
            rest = [one for one in range(size) if one not in side]
            between = sum(
                len(part) * ((features[list(part)].mean(axis=0) - features.mean(axis=0)) ** 2).sum()
                for part in (side, rest)
            )
            best = max(best, between / total)
    return best


@pytest.mark.parametrize("size", [2, 3, 6, 8])
def test_a_faultline_is_the_largest_share_of_variance_over_all_splits(size):
    features = np.random.default_rng(size).normal(size=(3, size, 4))
    assert strengths(features) == pytest.approx([strength_by_hand(one) for one in features])


def test_two_blocks_split_completely_and_equals_not_at_all():
    blocks = np.array([[[0.0, 0.0]] * 3 + [[1.0, 1.0]] * 3, [[2.0, 2.0]] * 6])
    assert strengths(blocks) == pytest.approx([1.0, 0.0])


def test_what_is_unknown_splits_nobody():
    known = np.array([[[0.0], [0.0], [1.0], [1.0]]])
    told = np.concatenate([known, np.full((1, 4, 1), NAN)], axis=2)
    assert strengths(told) == pytest.approx(strengths(known))


def test_a_large_group_finds_the_obvious_split():
    features = np.repeat([[0.0, 0.0], [3.0, 1.0]], 6, axis=0)[None]
    assert strengths(features) == pytest.approx([1.0])
    mixed = np.random.default_rng(0).normal(size=(4, 10, 2))
    assert (strengths(mixed) <= [strength_by_hand(one) + 1e-9 for one in mixed]).all()


def test_teaching_is_the_share_of_wishes_that_is_met_and_one_teacher_is_enough():
    assert taught(np.array([[1.0, 0.0], [3.0, 0.5], [1.0, 1.0]]), np.array([[1.0, 3.0], [1.0, 3.0], [0.0, 0.0]])) == (
        pytest.approx([0.25, 0.625, 0.0])
    )


def test_quality_is_the_formula():
    problem, aims = pool(9, 3), GroupAims(alpha=0.7, teaching=0.4, faultline=0.2, smallest=3, target=4)
    people = np.array([1, 4, 5, 8])
    verdict = Judge.of(prepared(problem), aims).verdict(people, np.ones((1, 4)))
    pairs = list(combinations(people.tolist(), 2))
    likeness = np.mean([problem.similarity[pair] for pair in pairs])
    difference = np.mean([problem.difference[pair] for pair in pairs])
    offered, wanted = problem.offers[people].sum(axis=0), problem.wants[people].sum(axis=0)
    teaching = sum(min(1, o) * w for o, w in zip(offered, wanted, strict=True)) / wanted.sum()
    split = strength_by_hand(problem.features[people].astype(float))
    assert verdict.quality[0] == pytest.approx(0.7 * likeness + 0.3 * difference + 0.4 * teaching - 0.2 * split)


def test_unknown_pairs_are_left_out_and_where_nothing_is_known_the_other_part_counts():
    similarity = np.full((4, 4), NAN, np.float32)
    similarity[0, 1] = similarity[1, 0] = 0.9
    problem = nobody_special(4, similarity=similarity, difference=np.full((4, 4), 0.4, np.float32))
    judge = Judge.of(prepared(problem), GroupAims(smallest=2, target=2, alpha=0.5))
    verdict = judge.verdict(np.arange(4), np.array([[1.0, 1, 1, 1], [0, 0, 1, 1]]))
    assert verdict.similarity == pytest.approx([0.9, NAN], nan_ok=True)
    assert verdict.quality == pytest.approx([0.65, 0.4])


def test_what_a_group_gives_up_is_counted():
    balance = (np.array([0, 1, 1, 1, 0, -1]),)
    newcomer, experienced = np.array([1, 0, 0, 0, 1, 0], bool), np.array([0, 0, 0, 0, 0, 1], bool)
    problem = nobody_special(6, balance=balance, newcomer=newcomer, experienced=experienced)
    judge = Judge.of(prepared(problem), GroupAims(smallest=4, target=4, min_share=0.5))
    groups = np.array([[1.0, 1, 1, 1, 0, 0], [1, 1, 1, 0, 1, 1]])
    verdict = judge.verdict(np.arange(6), groups)
    assert verdict.isolates.tolist() == [2, 0]
    assert verdict.shares.tolist() == [1, 2]
    assert verdict.lacking.tolist() == [True, False]


def test_vectors_and_their_square_of_likeness_are_the_same_problem():
    vectors = np.random.default_rng(0).normal(size=(6, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    square = nobody_special(6, similarity=(vectors @ vectors.T))
    short = nobody_special(6, similarity=vectors, difference=np.zeros((6, 0)), vectors=True)
    member = np.array([[1.0, 1, 1, 1, 0, 1]])
    one, other = (Judge.of(p, GroupAims()).verdict(np.arange(6), member) for p in (square, short))
    assert one.quality == pytest.approx(other.quality)
