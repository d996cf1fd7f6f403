"""Who could start a small group: people near each other who chose the same theme (domain.md S4-03)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.planning.small_groups import small_groups
from matchengine.pool.pool import Pool
from matchengine.records.follow_up import SmallGroup, ThemeChoice

__all__ = ["NEAR_KM", "groups_to_start"]

NEAR_KM = 10.0
"""How far apart neighbours may be: two neighbouring cells of a coarse place; an assumption."""


def groups_to_start(pool: Pool, choices: Sequence[ThemeChoice], near_km: float = NEAR_KM) -> tuple[SmallGroup, ...]:
    """Propose small groups to a programme; nobody else may see them before all have said yes (`invitation`).

    Left out without a word are people who did not opt in, are not known as adults, take a break, or whose place is
    unknown; two of whom either does not want the other are never in one group.

    Parameters
    ----------
    choices : sequence of ThemeChoice
        Themes that people chose.
    near_km : float
        Largest distance between coarse places.
    """
    people, places = pool.tables["people"], pool.shared.places
    asked = (people.column("adult") == 1) & pool.members("people", None)
    known = [c for c in choices if (row := people.row_of.get(c.person_id)) is not None and asked[row]]
    rows = [people.row_of[choice.person_id] for choice in known]
    numbers = people.column("place")[rows] if rows else np.zeros(0, np.int32)
    near = np.zeros((len(rows), len(rows)), np.bool_)
    for position, choice in enumerate(known):
        distances, _errors = places.distances(int(numbers[position]), numbers)
        apart = set(pool.ties.others("must_not", choice.person_id))
        near[position] = (distances <= near_km) & [other.person_id not in apart for other in known]
    return small_groups(known, near)
