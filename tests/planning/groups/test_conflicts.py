"""Demands that contradict each other: one clear error with the rule and the positions."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.planning.groups.conflicts import GroupsConflictError
from matchengine.planning.groups.form import form_groups
from matchengine.planning.groups.problem import GroupAims
from tests.planning.groups.pools import nobody_special

CYCLE = np.array([(0, 1), (1, 2), (2, 0)])


def locked(**groups):
    fixed = np.full(12, -1)
    for number, people in enumerate(groups.values()):
        fixed[people] = number
    return fixed


@pytest.mark.parametrize(
    ("rule", "positions", "more"),
    [
        ("together_apart", (0, 1, 2, 3), {"together": np.array([(0, 1), (1, 2), (2, 3)]), "apart": np.array([(3, 0)])}),
        ("together_too_many", tuple(range(9)), {"together": np.array([(n, n + 1) for n in range(8)] + [(8, 0)])}),
        ("locks_apart", (3, 4), {"fixed": locked(a=[3, 4]), "apart": np.array([(3, 4)])}),
        ("locks_together", (0, 2), {"fixed": locked(a=[0], b=[2]), "together": CYCLE}),
        ("locks_too_many", tuple(range(9)), {"fixed": locked(a=list(range(9)))}),
        ("locks_no_time", (0, 1), {"fixed": locked(a=[0, 1]), "slots": np.arange(12)[:, None] % 2 == [0, 1]}),
    ],
)
def test_a_contradiction_names_the_rule_and_the_positions(rule, positions, more):
    with pytest.raises(GroupsConflictError) as caught:
        form_groups(nobody_special(12, **more), GroupAims(), seed=0)
    assert caught.value.rule == rule
    assert caught.value.positions == positions


@pytest.mark.parametrize("sizes", [(5, 4, 4), (4, 8, 9), (6, 8, 5), (0, 8, 6)])
def test_sizes_that_contradict_each_other_are_an_error(sizes):
    smallest, largest, target = sizes
    with pytest.raises(GroupsConflictError, match="not possible") as caught:
        form_groups(nobody_special(12), GroupAims(smallest=smallest, largest=largest, target=target), seed=0)
    assert caught.value.rule == "sizes"


def test_a_cycle_of_wishes_that_fits_is_no_conflict():
    forming = form_groups(nobody_special(12, together=CYCLE), GroupAims(), seed=0, restarts=1)
    assert any(set(group.members.tolist()) >= {0, 1, 2} for group in forming.groups)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"lottery": np.zeros(12, np.uint64)}, "lottery"),
        ({"slots": np.ones((5, 2), bool)}, "slots"),
        ({"balance": (np.zeros(3, np.int64),)}, "balance 0"),
        ({"apart": np.array([(0, 12)])}, "pair"),
    ],
)
def test_arrays_that_do_not_fit_are_an_error(more, name):
    with pytest.raises(DataError, match=name):
        form_groups(nobody_special(12, **more), GroupAims(), seed=0)
