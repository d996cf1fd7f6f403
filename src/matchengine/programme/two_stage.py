"""The second stage: after shortlists, people of both sides say whom they want and whom not (domain.md E)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.planning.assign.ranked import ranked_problem
from matchengine.programme.problem import Pair, Task
from matchengine.records.plan import Ranking
from matchengine.scene import Scene

__all__ = ["RANKED_METHOD", "Ranked", "read_rankings"]

RANKED_METHOD = "stable"
"""What decides where people ranked and nobody chose another method."""
_BY_RANKING = frozenset({"stable", "eps_stable", "rsd"})


@dataclass(frozen=True)
class Ranked:
    """What people said, by id, and the shortlists they saw; None where they may rank anybody.

    Rankings decide instead of scores; whoever ranked nobody keeps their scores. A veto is silent: the pair is not
    available to anybody, and nothing tells why.
    """

    rankings: Mapping[str, Ranking]
    lists: Mapping[str, tuple[str, ...]] | None = None

    @cached_property
    def listed(self) -> set[Pair]:
        """Pairs of requesters and candidates that were on a shortlist."""
        return {(who, other) for who, others in (self.lists or {}).items() for other in others}

    @cached_property
    def vetoed(self) -> frozenset[Pair]:
        """Pairs that one of the two does not want, as (who said so, the other)."""
        return frozenset((who, other) for who, said in self.rankings.items() for other in said.vetoed)

    @property
    def people(self) -> int:
        """How many said something."""
        return len(self.rankings)

    def method(self, configured: str) -> str:
        """The method that decides where nobody names one: as configured if it reads preferences, else stable."""
        return configured if configured in _BY_RANKING else RANKED_METHOD

    def applied(self, task: Task) -> Task:
        """Return a task in which rankings take the place of scores, among the pairs of the shortlists."""
        own, theirs = self._ranks(task)
        away = ~(self._on_a_list(task) | task.problem.must)
        problem, kept = ranked_problem(task.problem, own, theirs, vetoed=away)
        asking = np.bincount(problem.requester, minlength=problem.requesters)
        asked = np.bincount(problem.candidate, minlength=problem.candidates)
        problem = replace(
            problem,
            requester_least=np.minimum(problem.requester_least, asking),
            candidate_least=np.minimum(problem.candidate_least, asked),
        )
        return replace(task, problem=problem, pairs=task.pairs.take(kept))

    def _ranks(self, task: Task) -> tuple[IntArray, IntArray]:
        """Rank of each pair with its requester and its candidate, 0 where they did not rank it."""
        own, theirs = np.zeros(len(task.pairs), np.int64), np.zeros(len(task.pairs), np.int64)
        for who, said in self.rankings.items():
            for rank, other in enumerate(said.ranked, 1):
                for ranks, pair in ((own, (who, other)), (theirs, (other, who))):
                    at = self._at(task, pair)
                    if at is not None:
                        ranks[at] = rank
        return own, theirs

    def _at(self, task: Task, pair: Pair) -> int | None:
        """Position of a pair in exactly this direction."""
        asking, asked = task.requester_at.get(pair[0]), task.candidate_at.get(pair[1])
        return None if asking is None or asked is None else task.pairs.position(asking, asked)

    def _on_a_list(self, task: Task) -> BoolArray:
        if self.lists is None:
            return np.ones(len(task.pairs), np.bool_)
        out = np.zeros(len(task.pairs), np.bool_)
        out[task.positions(self.listed)] = True
        return out


def read_rankings(
    scene: Scene, rankings: Iterable[Ranking], lists: Mapping[str, Sequence[str]] | None = None
) -> Ranked:
    """Check what people said against who takes part and what they saw.

    Raises
    ------
    DataError
        With every problem: somebody unknown, two rankings of one person, somebody ranked who was not on the list.
        Vetoes of people who have left are no problem.
    """
    said: dict[str, Ranking] = {}
    problems: list[str] = []
    members = scene.members()
    asking, giving = set(members.requesters), set(members.candidates)
    for ranking in rankings:
        who = ranking.person_id
        if who in said:
            problems.append(_("{id} has two rankings; keep one", id=who))
        said[who] = ranking
        if who not in asking | giving:
            problems.append(_("{id} does not take part in kind {kind!r}", id=who, kind=scene.kind.name))
        strangers = [other for other in ranking.ranked if other not in asking | giving]
        told = N_("{id} ranked {other}, who does not take part in kind {kind!r}")
        problems += [_(told, id=who, other=other, kind=scene.kind.name) for other in strangers]
    made = Ranked(said, None if lists is None else {who: tuple(others) for who, others in lists.items()})
    if lists is not None:
        listed = dict.fromkeys(lists, asking) | {other: giving for others in lists.values() for other in others}
        gone = sorted(external for external, side in listed.items() if external not in side)
        told = N_("{id} does not take part in kind {kind!r}")
        problems += [_(told, id=external, kind=scene.kind.name) for external in gone]
        for who, ranking in said.items():
            away = [o for o in ranking.ranked if (who, o) not in made.listed and (o, who) not in made.listed]
            problems += [
                _("{id} ranked {other}, but they were on no shortlist together", id=who, other=o) for o in away
            ]
    if problems:
        told = ngettext("{n} problem in the rankings", "{n} problems in the rankings", len(problems))
        raise DataError(told, problems)
    return made
