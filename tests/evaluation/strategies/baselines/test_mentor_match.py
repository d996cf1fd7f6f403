"""The adapter to mentor-match, in a process of its own: the package overwrites `matching`, which others need.

MATCHENGINE_MENTOR_MATCH names a folder with it: pip install --target FOLDER mentor-match
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = os.environ.get("MATCHENGINE_MENTOR_MATCH", "")
ROOT = Path(__file__).resolve().parents[4]
CODE = """
import sys
sys.path[:0] = sys.argv[1:]
import numpy as np
from dataclasses import replace
from tests.evaluation.strategies.baselines.test_baselines import tagged
from matchengine.components import specs_in
from matchengine.evaluation.strategies.baselines.mentor_match import mentor_match
from matchengine.testing.strategies import check_strategy, question
found = mentor_match(tagged(seats=np.ones(3))).reshape(2, 3)
assert (~np.isnan(found)).tolist() == [[True, False, False], [False, True, False]], found
both = mentor_match(tagged(seats=np.array([0., 2., 0.]))).reshape(2, 3)
assert (~np.isnan(both)).tolist() == [[False, True, False]] * 2, both
for seed in range(4):
    asked = question(seed, 8, 6)
    matched = ~np.isnan(mentor_match(asked))
    assert (np.bincount(asked.requester[matched]) <= 1).all()
    held = np.bincount(asked.candidate[matched], minlength=6)
    assert (np.isnan(asked.seats) | (held <= asked.seats)).all()
    assert matched.any()
(spec,) = specs_in(mentor_match)
check_strategy(spec)
print("fine")
"""


@pytest.mark.skipif(not Path(FOLDER, "matching", "process.py").exists(), reason="MATCHENGINE_MENTOR_MATCH is not set")
def test_the_adapter_keeps_the_contract() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", CODE, FOLDER, str(ROOT)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout.strip() == "fine", done.stderr
