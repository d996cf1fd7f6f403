"""Assignments on the scores of any strategy: one problem for all, so that only the scores differ (domain.md E, H3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.errors import DataError, PluginError
from matchengine.evaluation.strategies.drawing import lottery, shaken
from matchengine.i18n import _
from matchengine.registry import Registry

__all__ = ["NOISE", "place", "problem_of", "solve_again", "unit"]

NOISE = 0.02
"""How far scores move at most when a problem is solved again (domain.md H3)."""


def unit(score: FloatArray) -> FloatArray:
    """Return scores in [0, 1], NaN as it was: as they are where they lie there, else stretched between the extremes."""
    known = score[~np.isnan(score)]
    if not len(known) or (known.min() >= 0 and known.max() <= 1):
        return score
    low, high = float(known.min()), float(known.max())
    return np.where(np.isnan(score), np.nan, 0.5) if high == low else (score - low) / (high - low)


def problem_of(
    asked: Asked,
    joint: FloatArray,
    requester_value: FloatArray | None = None,
    candidate_value: FloatArray | None = None,
) -> AssignmentProblem:
    """Return the problem of all pairs of `asked`, in their order, under some values.

    Everybody who asks gets one candidate at most; a candidate without a known limit may take everybody. Of two pairs in
    which the same two people stand for each other at most one may be chosen. The lottery follows from the seed and ids.

    Parameters
    ----------
    joint, requester_value, candidate_value : float64 arrays (P,)
        What a pair is worth, in [0, 1], never NaN; for either side the joint value where not given.

    Raises
    ------
    DataError
        Where a value is NaN or outside [0, 1].
    """
    views = [joint, joint if requester_value is None else requester_value]
    views.append(joint if candidate_value is None else candidate_value)
    for view in views:
        if len(view) != len(asked) or (len(view) and not (view.min() >= 0 and view.max() <= 1)):
            raise DataError(_("an assignment needs one value in [0, 1] for each of its {n} pairs", n=len(asked)))
    limited = ~np.isnan(asked.seats)
    seats = np.where(limited, np.maximum(np.floor(np.nan_to_num(asked.seats)), 0), asked.requesters)
    return AssignmentProblem(
        requesters=asked.requesters,
        candidates=asked.candidates,
        requester=asked.requester.astype(np.int32),
        candidate=asked.candidate.astype(np.int32),
        joint=views[0],
        requester_value=views[1],
        candidate_value=views[2],
        requester_least=np.zeros(asked.requesters, np.int64),
        requester_most=np.ones(asked.requesters, np.int64),
        candidate_least=np.zeros(asked.candidates, np.int64),
        candidate_most=seats.astype(np.int64),
        must=np.zeros(len(asked), np.bool_),
        requester_lottery=lottery(asked.requester_ids, asked.seed, "assign"),
        candidate_lottery=lottery(asked.candidate_ids, asked.seed, "assign"),
        arrival=asked.arrival.astype(np.int64),
        exclusive=_turned(asked),
    )


def place(asked: Asked, registry: Registry, method: str, score: FloatArray, reverse: FloatArray) -> IntArray:
    """Let an assigner choose among the pairs that a strategy suggests; positions in `asked`, ascending.

    Parameters
    ----------
    score, reverse : float64 arrays (P,)
        What a pair is worth to either side, in [0, 1]; a pair with NaN in `score` is not in the problem. NaN in
        `reverse` alone takes the other side's value.

    Raises
    ------
    PluginError
        Where no enabled plugin offers the method, or it breaks a demand.
    """
    from matchengine.planning.assign.verify import verify

    spec = registry.assigner(method)
    given = {"seed": asked.seed} if "seed" in spec.settings.model_fields else {}
    at = np.flatnonzero(~np.isnan(score))
    theirs = np.where(np.isnan(reverse), score, reverse)[at]
    among = _among(asked, at)
    problem = problem_of(among, (score[at] + theirs) / 2, score[at], theirs)
    if not len(problem):
        return np.zeros(0, np.int64)
    found = spec.build(problem, **registry.settings(spec, given).model_dump())
    if not isinstance(found, Assignment) or verify(problem, found):
        told = _("assigner {name!r} broke a demand; its result was not used. Report it to its author.", name=spec.name)
        raise PluginError(told)
    chosen: IntArray = at[np.sort(found.chosen)]
    return chosen


def solve_again(
    asked: Asked, registry: Registry, method: str, views: tuple[FloatArray, FloatArray], draws: int
) -> tuple[IntArray, ...]:
    """Choose again, draw by draw, with every score moved by up to .02, and those of either side on their own."""
    out = []
    for draw in range(draws):
        moved = [
            np.clip(shaken(asked, view, NOISE, f"noise {draw} {side}"), 0, 1)
            for side, view in zip(("requester", "candidate"), views, strict=True)
        ]
        out.append(place(asked, registry, method, moved[0], moved[1]))
    return tuple(out)


def _among(asked: Asked, at: IntArray) -> Asked:
    """The same people with some of the pairs."""
    return replace(asked, requester=asked.requester[at], candidate=asked.candidate[at])


def _turned(asked: Asked) -> IntArray:
    """Positions of pairs in which the same two people stand for each other, int64 (K, 2)."""
    own = {external: n for n, external in enumerate(asked.requester_ids)}
    as_requester = np.array([own.get(external, -1) for external in asked.candidate_ids], np.int64)
    theirs: dict[str, Any] = {external: n for n, external in enumerate(asked.candidate_ids)}
    as_candidate = np.array([theirs.get(external, -1) for external in asked.requester_ids], np.int64)
    none = np.zeros((0, 2), np.int64)
    if not len(asked) or (as_requester < 0).all():
        return none
    keys = asked.requester.astype(np.int64) * asked.candidates + asked.candidate
    back_who, back_whom = as_requester[asked.candidate], as_candidate[asked.requester]
    back = np.where((back_who >= 0) & (back_whom >= 0), back_who * asked.candidates + back_whom, -1)
    at = np.minimum(np.searchsorted(keys, back), len(keys) - 1)
    one = np.arange(len(keys))
    turned = (keys[at] == back) & (one < at)
    return np.stack([one[turned], at[turned]], axis=1) if turned.any() else none
