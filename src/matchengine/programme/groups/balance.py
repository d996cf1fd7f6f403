"""Whom to count so that nobody is the only one of their kind in a group (domain.md F2.3, B4).

Counted are only those who granted `group_balance` for a dimension. Whoever did not, does not mind (and left the box
empty), or is the only one of their kind among those who take part, is as neutral as somebody who said nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.pool.consents import AGE_BAND, BALANCE, LIVED_EXPERIENCE, Consents
from matchengine.pool.pool import Pool
from matchengine.pool.sensitive import COUNTED

__all__ = ["Counted", "counted"]


@dataclass(frozen=True)
class Counted:
    """Who is counted for what.

    Attributes
    ----------
    numbers : tuple of int64 arrays (N,)
        The number of each person's value, −1 for neutral; somebody who holds two values of a dimension has one in each
        of two arrays. Numbers tell values apart and mean nothing.
    dimensions : tuple of str
        What each array is about; for the question who may be told, never for a report.
    """

    numbers: tuple[IntArray, ...] = ()
    dimensions: tuple[str, ...] = ()

    @property
    def people(self) -> BoolArray:
        """Who is counted for anything, bool (N,)."""
        found: BoolArray = np.any([one >= 0 for one in self.numbers], axis=0)
        return found


def counted(pool: Pool, rows: IntArray, dimensions: Sequence[str]) -> Counted:
    """Number the values of some dimensions that two or more of some people allow to be counted.

    Parameters
    ----------
    rows : int array (N,)
        Rows of the table of people; the numbers follow their order and nothing else.
    dimensions : sequence of str
        Dimensions of attributes, `lived_experience`, or `age_band`.
    """
    held = pool.tables["people"].column(COUNTED)[rows]
    codes = pool.shared.codes["balance"]
    numbers: list[IntArray] = []
    named: list[str] = []
    for dimension in dict.fromkeys(dimensions):
        head = pool.shared.hashed(dimension)
        tokens = [n for token, n in codes.items() if token.partition(":")[0] == head and n // 64 < held.shape[1]]
        holders = [(held[:, n // 64] >> np.uint64(n % 64) & np.uint64(1)).astype(np.bool_) for n in tokens]
        shared = sorted((of for of in holders if of.sum() > 1), key=lambda of: np.flatnonzero(of).tolist())
        for layer in _layers(shared, len(rows)):
            numbers.append(layer)
            named.append(dimension)
    return Counted(tuple(numbers), tuple(named))


def _layers(holders: Sequence[BoolArray], people: int) -> list[IntArray]:
    """Write values into as few arrays as hold one value of each person, int64 (N,) each."""
    layers: list[IntArray] = []
    for number, of in enumerate(holders):
        for layer in layers:
            if (layer[of] < 0).all():
                break
        else:
            layer = np.full(people, -1, np.int64)
            layers.append(layer)
        layer[of] = number
    return layers


def may_be_told(consents: Consents, person_id: str, dimension: str, audiences: Collection[str]) -> bool:
    """Whether somebody allowed others to be told that they are counted for a dimension."""
    own = dimension in (LIVED_EXPERIENCE, AGE_BAND)
    fields = (dimension,) if own else ("attributes", f"attributes.{dimension}")
    return any(consents.allows(person_id, field, BALANCE, audiences) for field in fields)
