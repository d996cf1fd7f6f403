"""Cover: what several items of one side get from the items of the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.scorers.cover import best_of_each, cover, level_doubt, only_source, quality, shares_of_either

NAN = np.nan
SHARE = st.floats(0, 1, width=32)
GRID = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda size: st.lists(st.lists(SHARE, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def value_of(items, aggregation="max"):
    return cover(items.similarity, items.left, items.pairs, items.left.priority, aggregation).value


def test_quality_follows_the_levels_and_is_middling_where_unknown():
    assert quality(np.array([0, 1, 2, 3, 4, NAN])).tolist() == pytest.approx([0, 0.4, 0.6, 0.85, 1, 0.7])


def test_priorities_weigh_the_items(items_of):
    items = items_of([[1.0], [0.0]], left={"priority": [3, 1]})
    assert value_of(items) == pytest.approx([0.75])


def test_unknown_items_are_dropped_and_lower_the_known_share(items_of):
    items = items_of([[0.8, NAN], [NAN, NAN]], left={"priority": [1, 3]})
    result = cover(items.similarity, items.left, items.pairs, items.left.priority)
    assert result.value == pytest.approx([0.8])
    assert result.known == pytest.approx([0.25])


def test_a_pair_without_items_or_knowledge_abstains(items_of):
    items = items_of([[0.5]], np.zeros((0, 2)), [[NAN]])
    result = cover(items.similarity, items.left, items.pairs)
    assert result.value == pytest.approx([0.5, NAN, NAN], nan_ok=True)
    assert result.known == pytest.approx([1, 0, 0])


def test_no_pairs_at_all(items_of):
    items = items_of()
    assert cover(items.similarity, items.left, 0).value.shape == (0,)


@pytest.mark.parametrize(
    ("aggregation", "wanted"), [("max", 0.9), ("best_three", 0.7), ("top3_mean", 0.7), ("sum", 1.0)]
)
def test_aggregations_of_several_offers(items_of, aggregation, wanted):
    assert value_of(items_of([[0.9, 0.1, 0.5, 0.7]]), aggregation) == pytest.approx([wanted])


def test_top3_mean_takes_as_many_as_there_are_and_ignores_unknown_ones(items_of):
    items = items_of([[0.9, 0.5, NAN]], [[0.4]], [[NAN, NAN]])
    assert best_of_each(items.similarity, items.left, "top3_mean") == pytest.approx([0.7, 0.4, NAN], nan_ok=True)


def test_the_second_and_third_of_best_three_count_two_fifths_of_the_best_at_least(items_of):
    items = items_of([[0.9, 0.5, NAN]], [[0.5]], [[NAN, NAN]], [[0.6, 0.1, 0.1]])
    assert best_of_each(items.similarity, items.left, "best_three") == pytest.approx(
        [(0.9 + 0.5 + 0.36) / 3, 0.3, NAN, 0.36], nan_ok=True
    )


@given(GRID, SHARE)
def test_best_three_never_falls_when_a_member_is_added(items_of, grid, more):
    before = value_of(items_of(grid), "best_three")
    assert value_of(items_of([[*row, more] for row in grid]), "best_three") >= before - 1e-6


def test_sum_keeps_unknown_apart_from_zero(items_of):
    items = items_of([[0.2, NAN], [NAN, NAN]])
    assert best_of_each(items.similarity, items.left, "sum") == pytest.approx([0.2, NAN], nan_ok=True)


def test_sum_works_on_the_side_that_is_not_consecutive(items_of):
    items = items_of([[0.1, 0.4], [0.2, 0.3]])
    assert best_of_each(items.similarity, items.right, "sum") == pytest.approx([0.3, 0.7])


@given(grid=GRID)
def test_duplicate_offers_change_nothing(items_of, grid):
    doubled = [[*row, row[0]] for row in grid]
    assert value_of(items_of(doubled)) == pytest.approx(value_of(items_of(grid)))


@given(grid=GRID, extra=SHARE)
def test_an_added_offer_never_lowers_the_cover(items_of, grid, extra):
    more = [[*row, extra] for row in grid]
    assert value_of(items_of(more))[0] >= value_of(items_of(grid))[0] - 1e-6


@given(grid=GRID, levels=st.lists(st.integers(0, 3), min_size=5, max_size=5), raised=st.integers(0, 4))
def test_a_higher_level_never_lowers_the_cover(items_of, grid, levels, raised):
    def at(given_levels):
        items = items_of(grid, right={"level": given_levels[: len(grid[0])]})
        return cover(items.similarity * quality(items.right.level)[items.right_of], items.left, 1).value[0]

    higher = [level + (position == raised) for position, level in enumerate(levels)]
    assert at(higher) >= at(levels) - 1e-6


def test_level_doubt_is_a_tenth_of_the_unknown_share(items_of):
    items = items_of([[1, 1]], [[1, 1]], np.zeros((1, 0)), right={"level": [2, NAN, NAN, NAN]})
    assert level_doubt(items.right, 3) == pytest.approx([0.05, 0.1, 0])
    assert level_doubt(items_of([[1]], right={"level": [3]}).right, 1) == pytest.approx([0])


def test_only_source_leaves_other_items_out(items_of):
    items = items_of([[0.5], [0.9]], left={"source": [0, 1]})
    assert only_source(items, "goals") == pytest.approx([0.5, NAN], nan_ok=True)
    assert only_source(items_of([[0.5], [0.9]]), "goals") == pytest.approx([0.5, 0.9])
    assert np.isnan(only_source(items, "no such field")).all()


def either(first, second):
    served = [(np.fmax.reduceat(i.similarity[i.right.order], i.right.starts), i.right) for i in (first, second)]
    return shares_of_either(*served, first.pairs)


def test_each_item_counts_the_better_of_two_lists(items_of):
    result = either(items_of([[0.2, 0.6]]), items_of([[0.4, 0.1]]))
    assert result.value == pytest.approx([0.5])
    assert result.known == pytest.approx([1])


def test_a_pair_absent_from_one_list_is_taken_from_the_other(items_of):
    one = items_of([[0.2, NAN]], np.zeros((0, 2)), [[NAN, NAN]], np.zeros((0, 1)))
    other = items_of(np.zeros((0, 2)), [[0.8, 0.6]], [[0.4, NAN]], np.zeros((0, 1)))
    result = either(one, other)
    assert result.value == pytest.approx([0.2, 0.7, 0.4, NAN], nan_ok=True)
    assert result.known == pytest.approx([0.5, 1, 0.5, 0])
