"""The harness starts quickly and loads nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.architecture.test_imports import HEAVY, ROOT, loaded_by


def test_the_harness_loads_nothing_heavy() -> None:
    loaded, named = loaded_by(
        "import matchengine.evaluation", "from matchengine.evaluation import EvaluationConfig, parse_evaluation"
    )
    assert not loaded & {*HEAVY, "pydantic", "numpy", "tqdm"}
    assert not named & set(HEAVY)


def test_it_starts_within_a_third_of_a_second() -> None:
    """The best of several starts, less that of the interpreter alone: a loaded machine must not fail it."""

    def best(code: str) -> float:
        taken = []
        for _start in range(5):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)  # noqa: S603
            taken.append(time.perf_counter() - began)
        return min(taken)

    assert best("import matchengine.evaluation") - best("pass") <= 0.3
