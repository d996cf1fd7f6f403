"""The checker finds each kind of wrong result, and nothing in a right one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import Assignment, Quota
from matchengine.planning.assign.verify import Violation, verify
from tests.planning.assign.problems import problem_of

PROBLEM = problem_of([[0.9, 0.2], [0.8, 0.7]], 1)


@pytest.mark.parametrize(
    ("changed", "chosen", "expected"),
    [
        ({}, [0, 3], ()),
        ({}, [], ()),
        ({}, [4], (Violation("not_listed", 4, 0, 1),)),
        ({}, [-1], (Violation("not_listed", -1, 0, 1),)),
        ({}, [0, 1], (Violation("requester_most", 0, 1, 2),)),
        ({}, [0, 2], (Violation("candidate_most", 0, 1, 2),)),
        ({"requester_least": np.array([0, 1])}, [0], (Violation("requester_least", 1, 1, 0),)),
        ({"candidate_least": np.array([0, 1])}, [0], (Violation("candidate_least", 1, 1, 0),)),
        ({"must": np.array([False, False, False, True])}, [0], (Violation("must", 3, 1, 0),)),
        ({"exclusive": np.array([[0, 3]])}, [0, 3], (Violation("exclusive", 0, 1, 2),)),
        ({"quotas": (Quota("few", np.array([0, 3]), most=1),)}, [0, 3], (Violation("quota_most", 0, 1, 2),)),
        ({"quotas": (Quota("many", np.array([1]), least=1),)}, [0, 3], (Violation("quota_least", 0, 1, 0),)),
    ],
)
def test_each_demand_is_counted(changed, chosen, expected):
    assert verify(replace(PROBLEM, **changed), Assignment(np.array(chosen, np.int64))) == expected


def test_a_pair_chosen_twice_is_told():
    room = replace(PROBLEM, requester_most=np.array([2, 2]), candidate_most=np.array([2, 2]))
    assert verify(room, Assignment(np.array([0, 0]))) == (Violation("twice", 0, 1, 2),)
