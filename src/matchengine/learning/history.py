"""What was known when, and who is held out with whom: so that nothing learned has seen what it is tested on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.records import Feedback, Relationship

__all__ = ["FEWEST_CLUSTERS", "Fold", "HeldOutBy", "KnownBefore", "folds", "known_before", "quarter_of"]

HeldOutBy = Literal["later_cohorts", "other_cohorts", "other_people"]
FEWEST_CLUSTERS = 5
"""Cohorts below which nothing can be inferred from cohorts (evaluation.md 3.5)."""
_CHAIN_FROM = 3
"""Cohorts to learn from before the first later one is tested on."""
_FOLDS = 5


@dataclass(frozen=True)
class Fold:
    """Positions of what is learned from and of what is tested on; no judge is in both."""

    train: IntArray
    test: IntArray


@dataclass(frozen=True)
class KnownBefore:
    """Records as they could be known before a day."""

    relationships: tuple[Relationship, ...]
    feedback: tuple[Feedback, ...]


def known_before(
    day: date,
    relationships: Iterable[Relationship],
    feedback: Iterable[Feedback] = (),
    without: Iterable[tuple[str, str]] = (),
) -> KnownBefore:
    """Keep what was known before a day: a feature of that day may read nothing else.

    Parameters
    ----------
    without : iterable of (str, str)
        Pairs whose own records are left out too, whichever way round: a pair must not predict itself.

    Notes
    -----
    A match that began before the day counts as active then, whatever became of it later. What has no date is left
    out: nobody can say that it was known; so is `do_not_rematch`, which says nothing of when it was asked for.
    """
    own = {frozenset(pair) for pair in without}
    ties = []
    for tie in relationships:
        if tie.started is None or tie.started >= day or frozenset((tie.person_id, tie.other_id)) in own:
            continue
        later = tie.ends is None or tie.ends >= day
        ended = tie.status in ("completed", "ended")
        now = {"status": "active"} if ended and later else {}
        ties.append(tie.model_copy(update=now | {"do_not_rematch": False}))
    said = [
        each
        for each in feedback
        if each.given_at is not None
        and day_of(each.given_at) < day
        and (each.person_id is None or frozenset((each.person_id, each.about_id)) not in own)
    ]
    return KnownBefore(tuple(ties), tuple(said))


def day_of(moment: datetime) -> date:
    """Day of a moment in UTC; a naive one counts as UTC."""
    return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()


def quarter_of(day: date) -> str:
    """Cohort of somebody who named none: the quarter in which they began, as `2026-Q1`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def folds(
    judges: Sequence[str], cohorts: Sequence[str | None], began: Mapping[str, date], weight: Mapping[str, float]
) -> tuple[HeldOutBy, list[Fold], list[str]]:
    """Split preferences so that whole cohorts, or at least whole people, are held out.

    Parameters
    ----------
    judges, cohorts : sequences (N,)
        Who said each preference, and in which cohort; None where nobody knows.
    began : mapping
        First day of each cohort, where all days are known: then later cohorts are tested on earlier ones.
    weight : mapping
        What orders judges who have no cohort: a number made of what they said, never of how their id is spelled.

    Returns
    -------
    by : str
        `later_cohorts` with at least eight dated cohorts, `other_cohorts` with at least five, else `other_people`.
    folds : list of Fold
    clusters : list of str (N,)
        The cluster of each preference: its cohort, or its judge.
    """
    named = sorted({cohort for cohort in cohorts if cohort is not None})
    who, whom = np.array(judges, object), np.array([c or "" for c in cohorts], object)
    if len(named) >= FEWEST_CLUSTERS:
        clusters = [c or "" for c in cohorts]
        dated = all(cohort in began for cohort in named)
        if dated and len(named) >= _CHAIN_FROM + FEWEST_CLUSTERS:
            order = sorted(named, key=lambda cohort: (began[cohort], cohort))
            made = [_fold(who, np.isin(whom, order[:n]), whom == order[n]) for n in range(_CHAIN_FROM, len(order))]
            return "later_cohorts", [fold for fold in made if fold is not None], clusters
        parts = [named[n::_FOLDS] for n in range(_FOLDS)]
        known = whom != ""
        made = [_fold(who, known & ~np.isin(whom, part), np.isin(whom, part)) for part in parts]
        return "other_cohorts", [fold for fold in made if fold is not None], clusters
    order = sorted(set(judges), key=lambda judge: (weight.get(judge, 0.0), judge))
    parts = [order[n::_FOLDS] for n in range(_FOLDS)]
    made = [_fold(who, ~np.isin(who, part), np.isin(who, part)) for part in parts if part]
    return "other_people", [fold for fold in made if fold is not None], list(judges)


def _fold(judges: np.ndarray, train: BoolArray, test: BoolArray) -> Fold | None:
    """A fold without the judges of its test among those it learns from; None where one side is empty."""
    train = train & ~np.isin(judges, judges[test])
    return Fold(np.flatnonzero(train), np.flatnonzero(test)) if train.any() and test.any() else None
