"""What it costs to hold widespread groups back, and what it brings: accuracy beside coverage, tail, concentration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.pool.history_groups import close_by_joining, held_back, in_common, mean_closeness

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["FEWEST_PEOPLE", "Price", "gini", "protection_price"]

FEWEST_PEOPLE = 10
"""People whose membership is held out; with fewer, no figure is given."""


class Price(NamedTuple):
    """Figures of one popularity exponent over `people` people, each with one membership held out.

    Attributes
    ----------
    exponent : float
    recall : float
        Share of people whose held-out gathering is among their first k.
    tail_recall : float
        The same over those whose held-out gathering is one of the less widespread half; NaN where there are none.
    coverage : float
        Share of gatherings that are among the first k of anybody.
    gini : float
        Concentration of places in lists over gatherings: 0 all alike, towards 1 a few have all.
    people : int
    """

    exponent: float
    recall: float
    tail_recall: float
    coverage: float
    gini: float
    people: int


def protection_price(
    pool: Pool, exponents: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0), k: int = 5
) -> tuple[Price, ...]:
    """Show the price of `popularity_exponent` on the memberships at hand.

    One membership of everybody with at least two is held out, drawn by the lottery of the pool; closeness and numbers
    of members come from all others, so that nothing is predicted from itself.

    Raises
    ------
    DataError
        Where fewer than ten people have two memberships that count.
    """
    made = pool.derived.co_membership()
    people = np.flatnonzero(made.joined.sum(axis=1) >= 2)
    if len(people) < FEWEST_PEOPLE:
        told = N_("{n} people joined two gatherings that count, expected at least {least}; no figure is given")
        raise DataError(_(told, n=len(people), least=FEWEST_PEOPLE))
    lottery = pool.tables["people"].lottery
    held = np.array([_drawn(made.joined[row], int(lottery[row])) for row in people.tolist()], np.int64)
    rest = made.joined.copy()
    rest[people, held] = False
    both = in_common(rest, pool.history.floor)
    members = np.diag(both)
    reached = mean_closeness(rest[people], close_by_joining(both, pool.history))
    tail = members <= np.median(members)
    found = []
    for exponent in exponents:
        shown = _first(np.where(rest[people], 0, reached * held_back(members, exponent)), k)
        hits = shown[np.arange(len(people)), held]
        of_tail = hits[tail[held]]
        places = shown.sum(axis=0)
        recall_of_tail = float(of_tail.mean()) if len(of_tail) else float("nan")
        covered = float((places > 0).mean())
        found.append(Price(exponent, float(hits.mean()), recall_of_tail, covered, gini(places), len(people)))
    return tuple(found)


def _drawn(joined: NDArray[np.bool_], lot: int) -> int:
    items = np.flatnonzero(joined)
    return int(items[lot % len(items)])


def _first(reached: FloatArray, k: int) -> NDArray[np.bool_]:
    """Whether each gathering is among the first k of each person, (people, G); what nothing speaks for is not shown."""
    order = np.argsort(-reached, axis=1, kind="stable")[:, :k]
    shown = np.zeros(reached.shape, np.bool_)
    np.put_along_axis(shown, order, True, axis=1)
    return shown & (reached > 0)


def gini(counts: IntArray) -> float:
    """Gini coefficient of counts, 0 where all are equal or nothing is counted."""
    ordered, size = np.sort(counts), len(counts)
    total = float(ordered.sum())
    if not total:
        return 0.0
    return float(((2 * np.arange(1, size + 1) - size - 1) * ordered).sum() / (size * total))
