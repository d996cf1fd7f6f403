"""Stable matching by the package `matching` from PyPI, on shared tags: what a programme could install today."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.errors import PluginError
from matchengine.evaluation.strategies.baselines.preferences import (
    matched_alone,
    places_of,
    strict_order,
    tags_shared,
)
from matchengine.i18n import _

__all__ = ["matching_stable"]

_STACK, _DEPTH = 1 << 29, 1_000_000


@strategy("matching_stable", title="Stable matching on shared tags (package matching)", baseline=True)
def matching_stable(asked: Asked) -> FloatArray:
    """Suggest the one candidate whom `matching`'s hospital–resident game gives to each requester.

    Both sides prefer whom they share more tags with; the seed decides between equals.

    Returns
    -------
    float64 array (P,)
        .5 to 1 for the pairs that it matches, NaN for all others.

    Raises
    ------
    PluginError
        Without the package `matching`, with the command that installs it.
    """
    try:
        from matching.games import HospitalResident  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        told = _(
            "strategy 'matching_stable' needs the package matching, which is not there. Run: pip install matching "
            "(never beside mentor-match, which overwrites it)"
        )
        raise PluginError(told) from error
    score = tags_shared(asked)
    asking, asked_by, places = _dictionaries(asked, score)
    if not asking:
        return np.full(len(asked), np.nan)
    game = _deep(lambda: HospitalResident.create_from_dictionaries(asking, asked_by, places).solve())
    return matched_alone(asked, score, {(r.name, h.name) for h, held in game.items() for r in held})


def _dictionaries(asked: Asked, score: FloatArray) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]:
    """Preferences of both sides and places, as the package reads them; who has nobody, or no place, is left out."""
    places = places_of(asked)
    open_to = places[asked.candidate] > 0
    both = []
    for own, others, turned in ((asked.requester, asked.candidate, False), (asked.candidate, asked.requester, True)):
        order = strict_order(asked, score, of_candidates=turned)
        order = order[open_to[order]]
        cuts = [0, *(np.flatnonzero(np.diff(own[order])) + 1).tolist(), len(order)]
        both.append({int(own[order[a]]): others[order[a:b]].tolist() for a, b in pairwise(cuts) if b > a})
    return both[0], both[1], {candidate: int(places[candidate]) for candidate in both[1]}


def _deep(work: Any) -> Mapping[Any, Any]:
    """Run with room for deep recursion: the package copies all people, each of whom knows all others, recursively."""
    found: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:
            failed.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(_DEPTH)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    if failed:
        raise failed[0]
    solved: Mapping[Any, Any] = found[0]
    return solved
