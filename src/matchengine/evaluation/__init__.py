"""The harness: compare strategies on the same people and say honestly which is better (docs/evaluation.md).

Names are loaded when they are first used, so that `import matchengine.evaluation` stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchengine.lazy import lazily

if TYPE_CHECKING:
    from matchengine.evaluation.config import EvaluationConfig, load_evaluation, parse_evaluation
    from matchengine.evaluation.difference import compare_runs
    from matchengine.evaluation.run import Options, check_evaluation, result_of, run_evaluation
    from matchengine.evaluation.task import Task

__all__ = [
    "EvaluationConfig",
    "Options",
    "Task",
    "check_evaluation",
    "compare_runs",
    "load_evaluation",
    "parse_evaluation",
    "result_of",
    "run_evaluation",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "config": ("EvaluationConfig", "load_evaluation", "parse_evaluation"),
        "difference": ("compare_runs",),
        "run": ("Options", "check_evaluation", "result_of", "run_evaluation"),
        "task": ("Task",),
    },
)
