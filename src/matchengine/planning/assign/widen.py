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
    """Solve over lists, and as long as somebody is left over who has not seen everybody eligible, with longer ones.

    A round that serves nobody more does not end it: the candidate who is free may stand further down.

    Parameters
    ----------
    lists
        What `solve` and `fetch_more` understand.
    fetch_more : callable
        Returns longer lists for some requesters (positions, int64); None once they have seen everybody eligible, which
        ends the search. It should at least double a list, so that few rounds are needed.
    solve : callable
        Returns a result and the positions of the requesters left over.

    Returns
    -------
    tuple
        The last result and its lists.
    """
    result, left = solve(lists)
    while len(left) and (longer := fetch_more(lists, left)) is not None:
        lists = longer
        result, left = solve(lists)
    return result, lists
