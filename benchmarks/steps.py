"""Where the time of a suggestion goes: the engine's steps, timed from outside."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matchengine.engine as module
from matchengine.engine import Engine
from matchengine.scene import Scene

__all__ = ["steps"]

_STEPS = {"retrieve": "retrieve", "score": "score", "combine": "combine and rank", "rank": "combine and rank"}
_PRESENT = "explain and present"


@contextmanager
def steps() -> Iterator[dict[str, float]]:
    """Collect seconds per step while the block runs; what no step accounts for is the caller's to subtract."""
    spent: dict[str, float] = defaultdict(float)
    running: list[str] = []

    def timed(work: Callable[..., Any], step: str) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            running.append(step)
            start = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                taken = time.perf_counter() - start
                spent[running.pop()] += taken
                if running:  # a step inside another counts for the inner one alone
                    spent[running[-1]] -= taken

        return run

    whole = {name: getattr(module, name) for name in _STEPS if hasattr(module, name)}
    for name, work in whole.items():
        setattr(module, name, timed(work, _STEPS[name]))
    eligible, present = Scene.eligible, Engine._present
    Scene.eligible = timed(eligible, "constrain")  # type: ignore[method-assign]
    Engine._present = timed(present, _PRESENT)  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        for name, work in whole.items():
            setattr(module, name, work)
        Scene.eligible, Engine._present = eligible, present  # type: ignore[method-assign]
