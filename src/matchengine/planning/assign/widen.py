"""Candidate lists that grow for those who are left over (performance.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from matchengine.batch import IntArray

__all__ = ["widen"]

Lists = TypeVar("Lists")
Result = TypeVar("Result")


def widen(
    lists: Lists,
    fetch_more: Callable[[Lists, IntArray], Lists | None],
    solve: Callable[[Lists], tuple[Result, IntArray]],
) -> tuple[Result, Lists]:
    """Solve over lists, fetch more candidates for whoever is left over, and solve again while that serves more people.

    Parameters
    ----------
    lists
        What `solve` and `fetch_more` understand.
    fetch_more : callable
        Returns longer lists for some requesters (positions, int64); None where they have seen everybody eligible.
        It should at least double a list, so that few rounds are needed.
    solve : callable
        Returns a result and the positions of the requesters left over.

    Returns
    -------
    tuple
        The last result that served more people than the one before, and its lists.
    """
    result, left = solve(lists)
    while len(left):
        longer = fetch_more(lists, left)
        if longer is None:
            break
        again, still = solve(longer)
        if len(still) >= len(left):
            break
        result, left, lists = again, still, longer
    return result, lists
