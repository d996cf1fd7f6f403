"""What strategies are compared on: who is asked about whom, the outcomes they are judged by, and what may be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.comparison import Asked, Lists, Outcomes
from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["Fold", "Task", "folds_of"]


@dataclass(frozen=True)
class Task:
    """A question with its answers; strategies are given `asked` alone, with what a fold lets them know.

    Attributes
    ----------
    asked : Asked
        N requesters, M candidates, P eligible pairs.
    gain : float64 array (P,)
        How good the outcome of each pair was; NaN where none is known.
    mutual : bool array (P,) or None
        Whether both sides said yes.
    reverse_gain : float64 array (P,) or None
        How good it was for the candidate.
    propensity : float64 array (P,)
        Probability with which the pair was shown when outcomes were collected; NaN where not logged.
    moment : float64 array (P,)
        Days since 1970-01-01 at which the outcome was observed; NaN where not known.
    cluster : tuple of (str or None)
        Cohort of each requester; None throughout where the data have none.
    facts : dict of str to int
        What reading the data counted, for the data gate.
    """

    asked: Asked
    gain: FloatArray
    mutual: BoolArray | None = None
    reverse_gain: FloatArray | None = None
    propensity: FloatArray = field(default_factory=lambda: np.zeros(0))
    moment: FloatArray = field(default_factory=lambda: np.zeros(0))
    cluster: tuple[str | None, ...] = ()
    facts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.gain) != len(self.asked):
            raise DataError(_("a task needs one outcome, or NaN, for each of its {n} pairs", n=len(self.asked)))
        for name in ("propensity", "moment"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(len(self.asked), np.nan))
        if not self.cluster:
            object.__setattr__(self, "cluster", (None,) * self.asked.requesters)

    @property
    def clusters(self) -> IntArray:
        """Number of each requester's cluster, int64 (N,); everybody their own where the data have none.

        Clusters are numbered in the order of their names, so that the order of people plays no part.
        """
        if all(name is None for name in self.cluster):
            return np.arange(self.asked.requesters)
        _names, found = np.unique([name or "" for name in self.cluster], return_inverse=True)
        return found.astype(np.int64)

    @property
    def clustered(self) -> bool:
        """Whether the data say who belongs together."""
        return any(name is not None for name in self.cluster)

    def lists(self, score: FloatArray) -> Lists:
        """Return what a strategy answered, beside the outcomes."""
        asked = self.asked
        return Lists(asked.requesters, asked.candidates, asked.requester, asked.candidate, score, self.gain)

    def known(self, pairs: BoolArray) -> Outcomes:
        """Return the outcomes of some pairs, bool (P,), as what may be learned from."""
        which = pairs & ~np.isnan(self.gain)
        asked = self.asked
        return Outcomes(asked.requester[which], asked.candidate[which], self.gain[which], self.moment[which])


@dataclass(frozen=True)
class Fold:
    """Who is judged, bool (N,), and the outcomes from which strategies may learn for them, bool (P,)."""

    judged: BoolArray
    learn: BoolArray

    def ask(self, task: Task) -> Asked:
        """Return what a strategy is given for this fold."""
        return replace(task.asked, known=task.known(self.learn))


def folds_of(task: Task, scheme: str, folds: int, seed: int, before: float = float("nan")) -> list[Fold]:
    """Split people so that nobody is judged by an outcome that a strategy could learn from.

    `leave_one_cluster_out` judges each cluster by what the others tell; `group_kfold` does so for `folds` groups of
    clusters of about equal size; `time` learns from outcomes observed before a day (in days since 1970-01-01) and
    judges those of whom none was: their first known outcome is of that day or later.

    Raises
    ------
    DataError
        Where there are too few clusters, or nobody is left to judge.
    """
    asked, cluster = task.asked, task.clusters
    known = ~np.isnan(task.gain)
    if scheme == "time":
        early = known & (task.moment < before)
        judged = np.bincount(asked.requester, weights=known & (task.moment >= before), minlength=asked.requesters) > 0
        judged &= np.bincount(asked.requester, weights=early, minlength=asked.requesters) == 0
        if not judged.any():
            raise DataError(
                _("split.before: nobody has all their outcomes on that day or later; choose an earlier day")
            )
        return [Fold(judged, early & ~_turned(asked, judged))]
    numbers = cluster
    if scheme == "group_kfold":
        numbers = _grouped(task, cluster, folds, seed)
    parts = np.unique(numbers)
    if len(parts) < 2:
        raise DataError(
            _("split: one cluster alone cannot be split; name unit.cluster, or take scheme = 'group_kfold'")
        )
    folds_made = [(numbers == part, known & (numbers != part)[asked.requester]) for part in parts]
    return [Fold(judged, learn & ~_turned(asked, judged)) for judged, learn in folds_made]


def _turned(asked: Asked, judged: BoolArray) -> BoolArray:
    """Pairs whose candidate is a person who is judged, bool (P,).

    Where people both ask and are suggested, as peers do, such a pair may be one of theirs seen from the other side.
    """
    own = {name for name, here in zip(asked.requester_ids, judged.tolist(), strict=True) if here}
    both = np.array([name in own for name in asked.candidate_ids], np.bool_)
    found: BoolArray = both[asked.candidate] if len(both) else np.zeros(0, np.bool_)
    return found


def _grouped(task: Task, cluster: IntArray, folds: int, seed: int) -> IntArray:
    """Deal clusters out to `folds` groups of about equal size, the largest first, ties by a draw of their names."""
    names = [
        name if name is not None else person
        for name, person in zip(task.cluster, task.asked.requester_ids, strict=True)
    ]
    first: dict[int, str] = {}
    for number, name in zip(cluster.tolist(), names, strict=True):
        first[number] = min(first.get(number, name), name)
    ordered = sorted(first, key=lambda number: first[number])
    draw = dict(
        zip(ordered, np.random.default_rng([seed, len(ordered)]).permutation(len(ordered)).tolist(), strict=True)
    )
    size = np.bincount(cluster)
    load, of = np.zeros(min(folds, len(ordered)), np.int64), np.zeros(len(size), np.int64)
    for number in sorted(ordered, key=lambda number: (-size[number], draw[number])):
        of[number] = int(np.argmin(load))
        load[of[number]] += size[number]
    found: IntArray = of[cluster]
    return found


def positions(ids: Sequence[str]) -> dict[str, int]:
    """Return the position of each id."""
    return {name: place for place, name in enumerate(ids)}
