"""What somebody's history said before a cohort began: so that what became of it explains nothing about it (issue 6, 7).

Scorers of history read who joined what and who said yes to whom. Learned from as things stand today, they would know
the very answers that they are learned from. So each cohort is scored by what was known before its first day, made from
records alone (`history.known_before`): a match that was under way counts as such, whatever became of it later. Where a
cohort has something without a date, nobody can say what was known before it; then scorers of history have no part.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import date

from matchengine.learning.history import day_of, known_before
from matchengine.learning.preferences import Pair, Preference, Said, pair_of, tie_pairs
from matchengine.pool.derived import Derived
from matchengine.pool.history import History
from matchengine.registry import MatchKind
from matchengine.scene import Scene

__all__ = ["first_days", "known_then"]


def first_days(kind: MatchKind, said: Said, preferences: Iterable[Preference]) -> dict[str, date] | None:
    """Return by cohort the first day on which anything is known of the pairs that its people compare.

    None where a preference belongs to no cohort, or to a pair about which something has no date: a ranking alone has
    none.
    """
    days = _days(kind, said)
    found: dict[str, date] = {}
    for each in preferences:
        for pair in (each.better, each.worse):
            day = days.get(pair)
            if each.cohort is None or day is None:
                return None
            found[each.cohort] = min(found.get(each.cohort, day), day)
    return found


def _days(kind: MatchKind, said: Said) -> dict[Pair, date | None]:
    """First day of each pair; None where anything about it has none."""
    told = [(pair, tie.started) for pair, tie in tie_pairs(kind, said.relationships).items()]
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
    history = History()
    for tie in known.relationships:
        history.add_relationship(tie)
    for answer in known.feedback:
        history.add_feedback(answer)
    pool = copy(scene.pool)
    pool.ties = copy(scene.pool.ties)
    pool.ties.history = history
    pool.derived = Derived(pool)
    return replace(scene, pool=pool)
