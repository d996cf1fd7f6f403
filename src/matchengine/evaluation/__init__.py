"""The harness: compare strategies on the same people and say honestly which is better (docs/evaluation.md).

Names are loaded when they are first used, so that `import matchengine.evaluation` stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "config": ("EvaluationConfig", "load_evaluation", "parse_evaluation"),
    "difference": ("compare_runs",),
    "run": ("Options", "check_evaluation", "result_of", "run_evaluation"),
    "task": ("Task",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'matchengine.evaluation' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"matchengine.evaluation.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
