"""What holds for every test."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Let the garbage collector pass by what collecting made: it lives to the end, and looking at it takes time."""
    gc.collect()
    gc.freeze()
