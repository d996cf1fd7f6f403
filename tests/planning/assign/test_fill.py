"""Pairs in an order, each where it is still possible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import InfeasibleError, Quota
from matchengine.errors import DataError
from matchengine.planning.assign.fill import fill
from tests.planning.assign.made import table

PROBLEM = table([[0.9, 0.8], [0.7, 0.6], [0.5, 0.4]], None, [1, 2])
ALL = np.arange(6)


def test_the_order_decides():
    assert fill(PROBLEM, ALL, "x").tolist() == [0, 3, 5]
    assert fill(PROBLEM, ALL[::-1], "x").tolist() == [0, 3, 5]
    assert fill(PROBLEM, np.array([1, 2, 3, 4, 5, 0]), "x").tolist() == [1, 2, 5]


def test_what_has_to_be_comes_first():
    assert fill(replace(PROBLEM, must=ALL == 4), ALL, "x").tolist() == [1, 3, 4]


def test_exclusions_and_quotas_are_kept():
    assert fill(replace(PROBLEM, exclusive=np.array([[3, 0]])), ALL, "x").tolist() == [0, 5]
    limited = replace(PROBLEM, quotas=(Quota("second", np.array([1, 3, 5]), most=1), Quota("free", ALL)))
    assert fill(limited, ALL, "x").tolist() == [0, 3]


def test_impossible_demands_are_told():
    with pytest.raises(InfeasibleError, match="places"):
        fill(replace(PROBLEM, must=np.isin(ALL, [0, 2])), ALL, "x")
    with pytest.raises(InfeasibleError, match="exclude"):
        fill(replace(PROBLEM, must=np.isin(ALL, [0, 3]), exclusive=np.array([[0, 3]])), ALL, "x")
    with pytest.raises(InfeasibleError, match="quota"):
        fill(replace(PROBLEM, must=ALL == 0, quotas=(Quota("none", ALL, most=0),)), ALL, "x")
    with pytest.raises(DataError, match="'x'"):
        fill(replace(PROBLEM, quotas=(Quota("some", ALL, least=1),)), ALL, "x")
