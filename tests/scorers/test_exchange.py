"""Covers on either side, exchanges, and means of what is known."""

import numpy as np
import pytest

from matchengine.scorers.cover import met, of_source, only_source
from matchengine.scorers.exchange import exchange, gift_quotes, mean_of_known

NAN = np.nan


def test_needs_may_stand_on_either_side(items_of):
    left = met(items_of([[0.9, 0.2], [0.1, 0.5]], left={"priority": [3, 1]}, right={"level": [4, 4]}), "left")
    right = met(items_of([[0.9, 0.1], [0.2, 0.5]], right={"priority": [3, 1]}, left={"level": [4, 4]}), "right")
    assert left.value == pytest.approx([(3 * 0.9 + 0.5) / 4])
    assert right.value == pytest.approx(left.value)
    assert right.best == pytest.approx([0.9, 0.5])


@pytest.mark.parametrize("side", ["left", "right"])
def test_only_one_source_counts_on_either_side(items_of, side):
    grid = np.array([[0.9, 0.9], [0.3, 0.3]])
    items = items_of(grid if side == "left" else grid.T, **{side: {"source": [0, 1]}})
    assert of_source(items, "wants", side).tolist() == [False, True]
    assert np.nanmax(only_source(items, "wants", side)) == pytest.approx(0.3)
    assert met(items, side, "wants").value == pytest.approx([0.3 * 0.7])
    assert met(items, side, "wants").known == pytest.approx([0.9])  # only the unknown level is in doubt
    assert np.isnan(met(items, side, "hopes").value).all()
    assert met(items, side, "hopes").known == pytest.approx([0])


def test_an_exchange_needs_both_directions(items_of):
    both = exchange(
        items_of([[1.0]], [[1.0]], right={"level": [2, 4]}), items_of([[1.0]], [[NAN]], left={"level": [4, 4]})
    )
    assert both.value == pytest.approx([np.sqrt(0.6), NAN], nan_ok=True)
    assert both.known == pytest.approx([1, 0])


def test_gifts_are_the_strongest_offers_in_each_direction(items_of):
    gets, gives = items_of([[0.2, 0.9], [0.5, 0.1]]), items_of([[0.3, 0.1], [0.2, 0.8]])
    both = exchange(gets, gives)
    told = gift_quotes(gets, gives, both.gets, both.gives)
    assert {name: (q.side, q.texts.tolist()) for name, q in told.items()} == {
        "need": ("requester", [0]),
        "offer": ("candidate", [1]),
        "gift": ("requester", [1]),
        "aim": ("candidate", [1]),
    }


def test_what_gives_nothing_is_not_quoted(items_of):
    gets, gives = items_of([[0.0]]), items_of([[0.9]], left={"level": [0]})
    both = exchange(gets, gives)
    assert both.value == pytest.approx([0])
    told = gift_quotes(gets, gives, both.gets, both.gives)
    assert [quotes.texts.tolist() for quotes in told.values()] == [[-1]] * 4


def test_unknown_parts_are_dropped_from_a_mean():
    one, other = np.array([0.2, NAN, NAN]), np.array([0.8, 0.8, NAN])
    value, known = mean_of_known((one, np.array([1.0, 0, 0]), 0.25), (other, np.array([0.5, 1, 0]), 0.75))
    assert value == pytest.approx([0.65, 0.8, NAN], nan_ok=True)
    assert known == pytest.approx([0.625, 0.75, 0])
    value, known = mean_of_known((one, np.ones(3), np.array([1.0, 1, 1])), (other, np.ones(3), np.array([0.0, 0, 0])))
    assert value == pytest.approx([0.2, NAN, NAN], nan_ok=True)
