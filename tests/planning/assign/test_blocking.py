"""The independent count of blocking pairs, against a count pair by pair (domain.md H3)."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matchengine.planning.assign import blocking
from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.planning.assign.first_come import first_come
from matchengine.planning.assign.random_order import random_order
from matchengine.planning.assign.stable import stable
from matchengine.testing.assigners import assignment_problem
from tests.planning.assign.made import blocks, ranks_of, table


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("epsilon", [0.0, 0.05, 0.3])
def test_agrees_with_counting_pair_by_pair(seed, epsilon):
    problem = assignment_problem(seed, 9, 6, density=0.6)
    chosen = random_order(problem).chosen
    mine, theirs = problem.requester_value, problem.candidate_value
    found = blocking_pairs(problem, chosen, epsilon=epsilon)
    assert found.count == blocks(problem, chosen.tolist(), mine, theirs, epsilon)
    assert found.possible == len(problem) - len(chosen)
    assert found.rate == pytest.approx(found.count / found.possible)


def test_more_slack_never_gives_more_pairs():
    problem = assignment_problem(4, 30, 10)
    counts = [blocking_pairs(problem, first_come(problem).chosen, epsilon=e).count for e in (0, 0.02, 0.1, 0.4)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_names_the_pair():
    problem = table([[0.9, 0.5], [0.9, 0.5]], [[0.8, 0.5], [0.3, 0.5]])
    found = blocking_pairs(problem, np.array([1, 2]))  # the second sits where the first would be more welcome
    assert found.pairs.tolist() == [0]
    assert found.rate == pytest.approx(0.5)
    assert blocking_pairs(problem, np.array([0, 3])).count == 0


def test_a_free_place_gains_from_any_pair_but_no_place_gains_nothing():
    problem = table([[0.01]], [[0.01]])
    assert blocking_pairs(problem, np.array([], int), epsilon=0.5).count == 1
    nobody = replace(problem, candidate_most=np.array([0]))
    assert blocking_pairs(nobody, np.array([], int)).count == 0
    assert blocking_pairs(nobody, np.array([], int)).rate == 0


def test_ranks_instead_of_values():
    problem = assignment_problem(8, 20, 9, density=0.7)
    mine, theirs = ranks_of(problem)
    chosen = stable(problem, tie_width=0).chosen
    assert blocking_pairs(problem, chosen, requester_rank=mine, candidate_rank=theirs).count == 0
    upside_down = blocking_pairs(problem, chosen, requester_rank=-mine, candidate_rank=-theirs)
    assert upside_down.count == blocks(problem, chosen.tolist(), mine, theirs)


def test_nobody_leaves_a_pair_that_has_to_be_chosen():
    problem = table([[0.9, 0.5], [0.8, 0.4]], [[0.9, 0.5], [0.8, 0.4]])
    chosen = np.array([1, 2])
    assert blocking_pairs(problem, chosen).pairs.tolist() == [0]
    for kept in chosen.tolist():
        must = np.arange(4) == kept
        assert blocking_pairs(replace(problem, must=must), chosen).count == 0


def test_knows_no_solver():
    tree = ast.parse(Path(blocking.__file__).read_text(encoding="utf-8"))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name and name.startswith("matchengine.planning")]
