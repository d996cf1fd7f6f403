"""Find demands on groups that contradict each other, before any search begins (domain.md F2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from matchengine.batch import IntArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.planning.groups.problem import GroupAims, GroupsProblem

__all__ = ["GroupsConflictError", "Rule", "check", "components"]

Rule = Literal[
    "sizes",
    "together_apart",
    "together_too_many",
    "locks_apart",
    "locks_together",
    "locks_too_many",
    "locks_no_time",
]


class GroupsConflictError(DataError):
    """Demands on the groups contradict each other.

    Attributes
    ----------
    rule : str
        `sizes`: the sizes contradict each other. `together_apart`: people who are to be together, directly or through
        others, must not be. `together_too_many`: more people are to be together than a group holds. `locks_apart`:
        people locked into one group must not be together. `locks_together`: people who are to be together are locked
        into different groups. `locks_too_many`: more people are locked into a group than it holds. `locks_no_time`: the
        people locked into one group share no slot and language.
    positions : tuple of int
        The people concerned, ascending; for a cycle of wishes all whom it ties together.
    """

    def __init__(self, message: str, rule: Rule, positions: Sequence[int] = ()) -> None:
        self.rule = rule
        self.positions = tuple(sorted(int(p) for p in positions))
        super().__init__(message)


def components(people: int, pairs: IntArray, fixed: IntArray | None = None) -> IntArray:
    """Number the sets of people whom wishes (and locks into one group) tie together, int64 (people,).

    Each set has the number of its first member.
    """
    label = list(range(people))

    def root(one: int) -> int:
        while label[one] != one:
            label[one] = label[label[one]]
            one = label[one]
        return one

    links = [(int(a), int(b)) for a, b in pairs]
    if fixed is not None:
        first: dict[int, int] = {}
        links += [(first.setdefault(int(g), n), n) for n, g in enumerate(fixed) if g >= 0]
    for one, other in links:
        a, b = sorted((root(one), root(other)))
        label[b] = a
    return np.array([root(one) for one in range(people)], np.int64)


def check(problem: GroupsProblem, aims: GroupAims) -> None:
    """Raise at the first contradiction found.

    Raises
    ------
    GroupsConflictError
        When sizes, wishes, boundaries or locks contradict each other; it names the rule and the positions.
    DataError
        When arrays do not fit each other.
    """
    _sizes(aims)
    _shapes(problem)
    tied = components(problem.people, problem.together)
    _together(problem, aims, tied)
    if problem.fixed is not None:
        _locks(problem, aims, tied)


def _sizes(aims: GroupAims) -> None:
    if not 1 <= aims.smallest <= aims.target <= aims.largest:
        told = {"smallest": aims.smallest, "target": aims.target, "largest": aims.largest}
        message = _(
            "groups of {smallest} to {largest} people with a target of {target} are not possible; "
            "give 1 ≤ smallest ≤ target ≤ largest",
            **told,
        )
        raise GroupsConflictError(message, "sizes")


def _shapes(problem: GroupsProblem) -> None:
    n, facilitators = problem.people, len(problem.facilitator_places)
    wanted: list[tuple[str, int, int]] = [
        ("similarity", len(problem.similarity), n),
        ("slots", len(problem.slots), n),
        ("languages", len(problem.languages), n),
        ("lottery", len(np.unique(problem.lottery)), n),
        *((f"balance {d}", len(one), n) for d, one in enumerate(problem.balance)),
    ]
    for name in ("difference", "offers", "wants", "features"):
        array = getattr(problem, name)
        wanted += [(name, len(array), n)] if array.size else []
    for name in ("newcomer", "experienced", "fixed"):
        array = getattr(problem, name)
        wanted += [(name, len(array), n)] if array is not None else []
    if facilitators:
        wanted += [
            ("slots of facilitators", problem.facilitator_slots.shape[1], problem.slots.shape[1]),
            ("languages of facilitators", problem.facilitator_languages.shape[1], problem.languages.shape[1]),
            ("facilitators with slots", len(problem.facilitator_slots), facilitators),
            ("facilitators with languages", len(problem.facilitator_languages), facilitators),
        ]
    for name, got, expected in wanted:
        if got != expected:
            raise DataError(
                _("{name}: expected {expected} rows, all different, got {got}", name=name, expected=expected, got=got)
                if name == "lottery"
                else _("{name}: expected {expected}, got {got}", name=name, expected=expected, got=got)
            )
    for pairs in (problem.apart, problem.together):
        if len(pairs) and (pairs.min() < 0 or pairs.max() >= n or (pairs[:, 0] == pairs[:, 1]).any()):
            raise DataError(_("a pair names somebody who is not there, or one person twice; expected two positions"))


def _together(problem: GroupsProblem, aims: GroupAims, tied: IntArray) -> None:
    for one, other in problem.apart:
        if tied[one] == tied[other]:
            message = _("people who wish to be in one group, directly or through others, must not be together")
            raise GroupsConflictError(message, "together_apart", np.flatnonzero(tied == tied[one]).tolist())
    label, count = np.unique(tied, return_counts=True)
    for one in label[count > aims.largest]:
        people = np.flatnonzero(tied == one).tolist()
        message = _(
            "{n} people wish to be in one group, which holds {most}; lower the wishes or raise the largest size",
            n=len(people),
            most=aims.largest,
        )
        raise GroupsConflictError(message, "together_too_many", people)


def _locks(problem: GroupsProblem, aims: GroupAims, tied: IntArray) -> None:
    fixed = problem.fixed
    if fixed is None:
        return
    for one in np.unique(tied):
        people = np.flatnonzero((tied == one) & (fixed >= 0))
        if len(np.unique(fixed[people])) > 1:
            message = _("people who wish to be in one group are locked into different groups; release one of them")
            raise GroupsConflictError(message, "locks_together", people.tolist())
    both = components(problem.people, problem.together, fixed)
    for one, other in problem.apart:
        if both[one] == both[other]:
            message = _("people who must not be together are locked into one group; release one of them")
            raise GroupsConflictError(message, "locks_apart", np.flatnonzero(both == both[one]).tolist())
    for group in np.unique(fixed[fixed >= 0]):
        people = np.flatnonzero(both == both[np.flatnonzero(fixed == group)[0]])
        if len(people) > aims.largest:
            message = _(
                "{n} people are locked or tied into one group, which holds {most}; release some of them",
                n=len(people),
                most=aims.largest,
            )
            raise GroupsConflictError(message, "locks_too_many", people.tolist())
        for table in (problem.slots, problem.languages):
            if table.shape[1] and not table[people].all(axis=0).any():
                message = _("people locked into one group share no time or no language; release one of them")
                raise GroupsConflictError(message, "locks_no_time", people.tolist())
