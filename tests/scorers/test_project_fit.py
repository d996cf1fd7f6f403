"""Projects: the role that suits best, with the level it takes, and shared interests."""

import numpy as np
import pytest

from matchengine.scorers.project_fit import enough, project_fit, suitability

NAN = np.nan


def roles(items_of, grid, levels=None, needed=None):
    left = {} if levels is None else {"level": levels}
    right = {} if needed is None else {"level": needed}
    return items_of(grid, left=left, right=right, fields=("offers", "roles"))


def topics(items_of, grid):
    return items_of(grid, fields=("interests", "topics"))


def test_a_level_that_is_needed_is_enough():
    level = np.array([0, 1, 2, 3, 4, NAN, 2, 1, 0], np.float32)
    needed = np.array([2, 2, 2, 2, 2, 2, NAN, 0, 0], np.float32)
    assert enough(level, needed) == pytest.approx([0, 2 / 3, 1, 1, 1, 1, 0.6, 1, 1], abs=1e-6)


def test_suitability_is_similarity_times_level(items_of):
    items = roles(items_of, [[0.9, 0.8]], levels=[2], needed=[4, 2])
    assert suitability(items) == pytest.approx([0.9 * 0.6, 0.8])


def test_the_best_role_and_the_interests_make_the_value(items_of):
    result = project_fit(roles(items_of, [[0.9, 0.2]], levels=[4]), topics(items_of, [[1.0]]))
    assert result.value == pytest.approx([0.6 * 0.9 + 0.4 * 0.6])
    assert result.confidence == pytest.approx([1])
    assert result.evidence["role"].texts.tolist() == [0]


def test_one_part_alone_counts_wholly_with_less_confidence(items_of):
    suited, liked = roles(items_of, [[0.9]], levels=[4]), topics(items_of, [[1.0]])
    nothing = topics(items_of, [[NAN]])
    alone = project_fit(suited, nothing)
    assert (alone.value[0], alone.confidence[0]) == pytest.approx((0.9, 0.6))
    other = project_fit(roles(items_of, [[NAN]]), liked)
    assert (other.value[0], other.confidence[0]) == pytest.approx((0.6, 0.4))
    assert np.isnan(project_fit(roles(items_of, [[NAN]]), nothing).value).all()
