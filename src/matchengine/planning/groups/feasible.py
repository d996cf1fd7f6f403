"""When, in which language and with which facilitator people could meet (domain.md F2, constraints 1, 2 and 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.planning.groups.problem import GroupsProblem

__all__ = ["Cells", "canonical", "cells_of", "matrices", "part", "prepared"]


@dataclass(frozen=True)
class Cells:
    """All ways in which a group could meet: a slot, a language and a facilitator each.

    `open` bool (N, C) says who could come to it; `slot`, `language`, `facilitator` int64 (C,) are its numbers, −1 where
    none plays a part. A group can meet if all its members could come to one cell.
    """

    open: BoolArray
    slot: IntArray
    language: IntArray
    facilitator: IntArray


def cells_of(problem: GroupsProblem, least: int = 1) -> Cells:
    """Work out the cells to which at least `least` people could come.

    Where slots (languages, facilitators) play no part, there is one that suits everybody, number −1.
    """
    n = problem.people
    slots = problem.slots if problem.slots.shape[1] else np.ones((n, 1), np.bool_)
    languages = problem.languages if problem.languages.shape[1] else np.ones((n, 1), np.bool_)
    slot, language = np.divmod(np.arange(slots.shape[1] * languages.shape[1]), languages.shape[1])
    meeting = slots[:, slot] & languages[:, language]
    enough = meeting.sum(axis=0) >= least
    meeting, slot, language = meeting[:, enough], slot[enough], language[enough]
    leads = np.full(len(slot), -1)
    if len(problem.facilitator_places):
        meeting, slot, language, leads = _led(problem, meeting, slot, language)
        enough = meeting.sum(axis=0) >= least
        meeting, slot, language, leads = meeting[:, enough], slot[enough], language[enough], leads[enough]
    if not problem.slots.shape[1]:
        slot = np.full(len(slot), -1)
    if not problem.languages.shape[1]:
        language = np.full(len(language), -1)
    return Cells(meeting, slot, language, leads)


def _led(
    problem: GroupsProblem, meeting: BoolArray, slot: IntArray, language: IntArray
) -> tuple[BoolArray, IntArray, IntArray, IntArray]:
    """Cells once for each facilitator who is free at the slot, speaks the language and has a place."""
    count = len(problem.facilitator_places)
    able = np.repeat((problem.facilitator_places > 0)[:, None], len(slot), axis=1)
    if problem.slots.shape[1]:
        able &= problem.facilitator_slots[:, slot]
    if problem.languages.shape[1]:
        able &= problem.facilitator_languages[:, language]
    may = np.ones((problem.people, count), np.bool_)
    if len(problem.facilitator_apart):
        may[problem.facilitator_apart[:, 1], problem.facilitator_apart[:, 0]] = False
    leads, cell = np.nonzero(able)
    return meeting[:, cell] & may[:, leads], slot[cell], language[cell], leads


def canonical(problem: GroupsProblem) -> IntArray:
    """Return the people in the order of their lottery numbers, in which every search works."""
    return np.argsort(problem.lottery, kind="stable")


def prepared(problem: GroupsProblem) -> GroupsProblem:
    """Leave out what cannot matter: values that one person holds, a lone newcomer, experience that nobody has."""
    balance = []
    for values in problem.balance:
        found, place, count = np.unique(values, return_inverse=True, return_counts=True)
        balance.append(np.where((found >= 0) & (count >= 2), found, -1)[place])
    newcomer, experienced = problem.newcomer, problem.experienced
    return replace(
        problem,
        balance=tuple(balance),
        newcomer=newcomer if newcomer is not None and newcomer.sum() >= 2 else None,
        experienced=experienced if experienced is not None and experienced.any() else None,
    )


def part(problem: GroupsProblem, people: IntArray) -> GroupsProblem:
    """Return the problem of some people only, in the order given; what concerns others is left out."""
    place = np.full(problem.people, -1, np.int64)
    place[people] = np.arange(len(people))

    def pairs(of: IntArray) -> IntArray:
        inside = place[np.asarray(of, np.int64).reshape(-1, 2)]
        kept: IntArray = inside[(inside >= 0).all(axis=1)]
        return kept

    def rows(of: FloatArray) -> FloatArray:
        return of[people] if of.size else of

    apart = np.asarray(problem.facilitator_apart, np.int64).reshape(-1, 2)
    led = np.stack([apart[:, 0], place[apart[:, 1]]], axis=1) if len(apart) else apart
    square = problem.similarity.shape == (problem.people, problem.people) and not problem.vectors
    different = problem.difference.shape == (problem.people, problem.people)
    return replace(
        problem,
        people=len(people),
        similarity=problem.similarity[np.ix_(people, people)] if square else problem.similarity[people],
        difference=problem.difference[np.ix_(people, people)] if different else rows(problem.difference),
        slots=problem.slots[people],
        languages=problem.languages[people],
        lottery=problem.lottery[people],
        vectors=not square,
        apart=pairs(problem.apart),
        together=pairs(problem.together),
        offers=rows(problem.offers),
        wants=rows(problem.wants),
        features=rows(problem.features),
        balance=tuple(one[people] for one in problem.balance),
        newcomer=None if problem.newcomer is None else problem.newcomer[people],
        experienced=None if problem.experienced is None else problem.experienced[people],
        facilitator_apart=led[led[:, 1] >= 0] if len(led) else led,
        fixed=None if problem.fixed is None else problem.fixed[people],
    )


def matrices(problem: GroupsProblem) -> tuple[FloatArray, FloatArray]:
    """Return likeness and difference of all pairs, float64 (N, N), NaN where nothing is known."""
    n = problem.people
    if problem.vectors or problem.similarity.shape != (n, n):
        vectors = problem.similarity.astype(np.float64)
        likeness = vectors @ vectors.T
    else:
        likeness = problem.similarity.astype(np.float64)
    if not problem.difference.size:
        return likeness, np.zeros((n, n))
    if problem.difference.shape == (n, n):
        return likeness, problem.difference.astype(np.float64)
    other = problem.difference.astype(np.float64)
    return likeness, 1 - other @ other.T
