"""Which items are quoted."""

import numpy as np
import pytest

from matchengine.batch import segment_max
from matchengine.scorers.evidence import strongest_texts

NAN = np.nan


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_strongest_pair_of_each_pair_of_people(items_of, side):
    items = items_of([[0.5, 0.6], [0.9, NAN]], [[0.1]], np.zeros((0, 1)), [[NAN]], [[0.7, 0.7]])
    left, right = strongest_texts(items.similarity, items, side)
    assert left.tolist() == [1, -1, -1, -1, 4]
    assert right.tolist() == [0, -1, -1, -1, 5]


def test_a_caller_may_hand_over_the_best(items_of):
    items = items_of([[0.5, 0.6], [0.9, 0.2]])
    best = segment_max(items.similarity, items.left)
    assert [t.tolist() for t in strongest_texts(items.similarity, items, "left", best)] == [[1], [0]]


def test_no_item_pairs(items_of):
    items = items_of(np.zeros((0, 1)))
    assert [t.tolist() for t in strongest_texts(items.similarity, items, "left")] == [[-1], [-1]]
