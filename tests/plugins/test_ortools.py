"""OR-tools' flow chooses the very pairs that `max_weight` chooses, and is only asked for where it is installed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.planning.assign.problems import problem_of, random_problem

from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.verify import verify


def test_without_the_extra_the_message_is_the_command():
    code = (
        "import sys; sys.modules['ortools'] = None\n"
        "from matchengine.errors import MissingExtraError\n"
        "try:\n    import matchengine.plugins.ortools\n"
        "except MissingExtraError as error:\n    print(error)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert "pip install 'matchengine[flow]'" in done.stdout


@pytest.fixture
def assigner():
    pytest.importorskip("ortools", reason="OR-tools is not installed, so its flow is not compared")
    from matchengine.plugins.ortools import max_weight_ortools

    return max_weight_ortools


@pytest.mark.parametrize("seed", range(30))
def test_it_chooses_what_max_weight_chooses(assigner, seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 25, 10, ties=seed % 2 == 0)
    problem = replace(problem, requester_most=rng.integers(1, 3, 25))
    found = assigner(problem)
    assert verify(problem, found) == ()
    assert found.chosen.tolist() == max_weight(problem).chosen.tolist()
    assert found.gap == 0


def test_other_demands_go_to_max_weight(assigner):
    problem = replace(problem_of([[0.9, 0.2], [0.8, 0.7]]), must=np.array([False, True, False, False]))
    assert assigner(problem).chosen.tolist() == [1, 2]
    assert len(assigner(problem_of(np.full((2, 2), np.nan))).chosen) == 0
