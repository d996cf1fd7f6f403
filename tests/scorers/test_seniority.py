"""Seniority, and fields of work in common."""

import numpy as np
import pytest

from matchengine.components import specs_in
from matchengine.scorers.same_field import same_field
from matchengine.scorers.seniority import seniority
from matchengine.testing import check_all

NAN = np.nan


def floats(*values):
    return np.array(values, np.float32)


def test_ahead_in_years_and_stages_is_above_one_half():
    result = seniority(floats(3, 25, 7), floats(25, 3, 7), floats(1, 4, 2), floats(4, 1, 2))
    assert result.value[0] == pytest.approx(1 - result.value[1])
    assert result.value[0] > 0.9
    assert result.value[2] == pytest.approx(0.5)
    assert result.evidence["years"] == pytest.approx([1 / (1 + np.exp(-22 / 7)), NAN, NAN], nan_ok=True)


def test_seven_years_or_one_stage_ahead():
    expected = 1 / (1 + np.exp(-1))
    result = seniority(floats(0, NAN), floats(7, NAN), floats(NAN, 2), floats(3, 3))
    assert result.value == pytest.approx([expected, expected])
    assert result.confidence == pytest.approx([0.5, 0.5])


def test_nothing_known_abstains():
    result = seniority(floats(NAN), floats(7), floats(1), floats(NAN))
    assert np.isnan(result.value).all()
    assert result.confidence == pytest.approx([0])


def test_fields_by_the_shorter_list():
    masks = np.array([[1], [3], [0], [4]], np.uint64), np.array([[3], [1], [1], [3]], np.uint64)
    result = same_field(*masks)
    assert result.value == pytest.approx([1, 1, NAN, 0], nan_ok=True)
    assert result.confidence == pytest.approx([1, 1, 0, 1])
    assert result.evidence["shared"] == pytest.approx([1, 1, NAN, NAN], nan_ok=True)


@pytest.mark.parametrize("scorer", [seniority, same_field])
def test_they_keep_the_rules_of_scorers(scorer):
    (spec,) = specs_in(scorer)
    assert check_all(spec) == []
