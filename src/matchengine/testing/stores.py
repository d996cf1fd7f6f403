"""What every store must do: whole commits or nothing, running numbers, no traces, programmes apart, a sound record.

Each check takes a `place`: `place(programme="main", read_only=False)` opens a store at one and the same place, which is
empty when the check begins. It raises `PluginError` with the difference found. `STORE_CHECKS` hold for every store,
`DURABLE_CHECKS` for those that outlive what opened them. Run them without a test framework: `check_store(new_place)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matchengine.errors import PluginError
from matchengine.testing.store_bench import StorePlace
from matchengine.testing.store_commits import (
    check_agrees_with_memory,
    check_all_or_nothing,
    check_closed,
    check_hostile_text,
    check_one_position,
    check_one_writer,
    check_programmes_are_apart,
    check_readers,
    check_record,
    check_reopened,
)
from matchengine.testing.store_documents import (
    check_empty,
    check_epoch,
    check_expiry,
    check_forget,
    check_generations,
    check_only_vectors,
    check_purge,
    check_questions,
    check_replace,
    check_tombstones,
    check_vectors,
)

__all__ = ["DURABLE_CHECKS", "STORE_CHECKS", "StorePlace", "check_store"]


STORE_CHECKS: Sequence[Callable[[StorePlace], None]] = (
    check_empty,
    check_generations,
    check_epoch,
    check_tombstones,
    check_expiry,
    check_purge,
    check_forget,
    check_replace,
    check_questions,
    check_vectors,
    check_only_vectors,
    check_all_or_nothing,
    check_one_position,
    check_programmes_are_apart,
    check_record,
    check_hostile_text,
    check_agrees_with_memory,
    check_closed,
)
DURABLE_CHECKS: Sequence[Callable[[StorePlace], None]] = (check_reopened, check_one_writer, check_readers)


def check_store(new_place: Callable[[], StorePlace], *, durable: bool = True) -> None:
    """Run all checks, each at a place of its own, and report every one that fails.

    Raises
    ------
    PluginError
        One sentence per failed check.
    """
    checks = (*STORE_CHECKS, *(DURABLE_CHECKS if durable else ()))
    problems = []
    for check in checks:
        try:
            check(new_place())
        except Exception as error:  # a check must not hide what the others find
            problems.append(f"{check.__name__}: {type(error).__name__}: {error}")
    if problems:
        raise PluginError(f"the store fails {len(problems)} of {len(checks)} checks", problems)
