"""What was known before a match began: so that what became of it explains nothing about it (issue 6, learning).

Scorers of history read who joined what and who said yes to whom. Learned from as things stand today, they would know
the very answers that they are learned from. So whatever somebody compares is scored by what was known before the first
day of the quarter's first match among those compared, made from records alone (`history.known_before`): a match that
was under way counts as such, whatever became of it later. Where anything compared has no date, nobody can say what was
known before it; then scorers of history have no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from matchengine.learning.history import day_of, known_before, quarter_of
from matchengine.learning.preferences import Pair, Said, pair_of, tie_pairs
from matchengine.pool.derived import Derived
from matchengine.pool.history import History as Answers
from matchengine.registry import MatchKind
from matchengine.scene import Scene

__all__ = ["History", "history_of", "known_then"]


@dataclass(frozen=True)
class History:
    """When each pair that people compare was first known of, and the records that hold what was known before.

    Attributes
    ----------
    days : dict of pair to date
    said : Said
    """

    days: Mapping[Pair, date]
    said: Said

    @cached_property
    def _starts(self) -> dict[str, date]:
        """First day of each quarter's first pair: few days on which history has to be worked out."""
        found: dict[str, date] = {}
        for day in sorted(self.days.values()):
            found.setdefault(quarter_of(day), day)
        return found

    def day(self, pairs: Iterable[Pair]) -> date:
        """The day before which everything has to be known that may be read about these pairs, compared together."""
        return self._starts[quarter_of(min(self.days[pair] for pair in pairs))]


def history_of(kind: MatchKind, said: Said, pairs: Iterable[Pair]) -> History | None:
    """Return the history of these pairs; None where anything about one of them has no date, as a ranking has none."""
    days = _days(kind, said)
    found = {pair: days.get(pair) for pair in pairs}
    known = {pair: day for pair, day in found.items() if day is not None}
    return History(known, said) if found and len(known) == len(found) else None


def _days(kind: MatchKind, said: Said) -> dict[Pair, date | None]:
    """First day of each pair; None where anything about it has none."""
    told = [(pair, tie.started) for tie in said.relationships for pair in tie_pairs(kind, [tie])]
    told += [
        (pair, None if each.given_at is None else day_of(each.given_at))
        for each in said.feedback
        if (pair := pair_of(each)) is not None
    ]
    found: dict[Pair, date | None] = {}
    for pair, day in told:
        before = found.get(pair, day)
        found[pair] = None if day is None or before is None else min(before, day)
    return found


def known_then(scene: Scene, said: Said, day: date) -> Scene:
    """Return the same scene with the history that the records given held before a day; the pool at hand is not changed.

    Memberships and answers that the records do not hold are no part of it.
    """
    known = known_before(day, said.relationships, said.feedback)
    history = Answers()
    for tie in known.relationships:
        history.add_relationship(tie)
    for answer in known.feedback:
        history.add_feedback(answer)
    pool = copy(scene.pool)
    pool.ties = copy(scene.pool.ties)
    pool.ties.history = history
    pool.derived = Derived(pool)
    return replace(scene, pool=pool)
