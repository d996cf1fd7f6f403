"""Which groups the same people join: shrunk cosine or EASE over memberships, as one number per pair.

Membership of a group that could say something sensitive about its members is left out on both sides: it is no evidence,
and nothing follows for it (domain.md B5.5). What is left acts only where at least five people joined both groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, PairBatch, Sides
from matchengine.pool.history import HistorySettings
from matchengine.records import Event, Gathering, Group, Project

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = [
    "JOINED_TABLES",
    "CoMembership",
    "close_by_joining",
    "closeness",
    "co_membership",
    "held_back",
    "in_common",
    "joined_together",
    "mean_closeness",
    "says_nothing_sensitive",
    "without",
]

JOINED_TABLES = ("groups", "events", "projects")
_HARMLESS = frozenset(
    {
        *("peer_circle", "hobby", "sport_walk", "neighbours", "library", "volunteering", "professional"),
        *("online_forum", "informal", "mixer", "open_day", "workshop", "social", "talk", "online"),
    }
)
"""Kinds that say nothing sensitive of members; left out are support, self-help, parents, faith, culture, advocacy."""
_SAMPLE = 512
"""People whose numbers are the scale on which all are placed."""
_PRIVATE = np.uint32(1 << 2)


def says_nothing_sensitive(record: Gathering) -> bool:
    """Whether being a member of a gathering says nothing sensitive about somebody, as far as its record tells.

    True only for harmless kinds, topic risk A, open admission, and where the record names nobody it is intended for, no
    norm, no community, no identity as its frame, and no confidentiality.
    """
    if not isinstance(record, Group | Event | Project):
        return False
    kind, safety = getattr(record, "kind", "hobby"), record.safety
    confidential = safety is not None and (bool(safety.confidential) or "private_attendance" in safety.items)
    marked = record.intended_for or record.norms or record.anchors or record.framing == "identity_focused"
    closed = getattr(record, "admission", "open") == "closed" or record.suspended
    return kind in _HARMLESS and record.topic_risk == "A" and not (confidential or marked or closed)


class CoMembership(NamedTuple):
    """What follows from who joined what.

    Attributes
    ----------
    item_of : dict of str to int64 array (N,)
        By table, the number of each row among the G gatherings that count; -1 for all others.
    joined : bool array (people, G)
        Own history of each person.
    both : float64 array (G, G)
        Members two gatherings have in common, those below the floor 0; the members of each on the diagonal.
    close : float64 array (G, G)
        Closeness of each gathering (row) to another (column), the diagonal 0.
    scale : float64 array (S,)
        Ascending: what people of a sample reach with gatherings they did not join.
    """

    item_of: Mapping[str, IntArray]
    joined: NDArray[np.bool_]
    both: FloatArray
    close: FloatArray
    scale: FloatArray


def co_membership(pool: Pool) -> CoMembership:
    """Work out closeness of gatherings; gatherings with fewer members than the floor do not count."""
    settings, people = pool.history, pool.tables["people"]
    counting = people.alive & ((people.column("visibility") & _PRIVATE) == 0)
    keys = {
        external: (table, row)
        for table in JOINED_TABLES
        for external, row in pool.tables[table].row_of.items()
        if says_nothing_sensitive(pool.cards[table][external])
    }
    told = [pair for pair in pool.ties.history.memberships(settings.until) if pair[1] in keys]
    told = [pair for pair in told if pair[0] in people.row_of]
    members: dict[str, int] = {}
    for person, external in told:
        members[external] = members.get(external, 0) + int(counting[people.row_of[person]])
    kept = {external: n for n, external in enumerate(e for e in sorted(keys) if members.get(e, 0) >= settings.floor)}
    item_of = {table: np.full(len(pool.tables[table]), -1, np.int64) for table in JOINED_TABLES}
    for external, number in kept.items():
        table, row = keys[external]
        item_of[table][row] = number
    joined = np.zeros((len(people), len(kept)), np.bool_)
    for person, external in told:
        if external in kept:
            joined[people.row_of[person], kept[external]] = True
    both = in_common(joined[counting], settings.floor)
    held = held_back(np.diag(both), settings.popularity_exponent)
    made = CoMembership(item_of, joined, both, held * close_by_joining(both, settings), np.zeros(0))
    return made._replace(scale=_scale(pool, made))


def in_common(joined: NDArray[np.bool_], floor: int) -> FloatArray:
    """Members that every two gatherings have in common, (G, G), 0 below the floor; their members on the diagonal."""
    from scipy.sparse import csr_array

    counted = csr_array(joined.astype(np.float64))
    both: FloatArray = (counted.T @ counted).toarray()
    both[both < floor] = 0
    return both


def close_by_joining(both: FloatArray, settings: HistorySettings) -> FloatArray:
    """Closeness of every two gatherings by their common members, (G, G), the diagonal 0; none is held back."""
    members = np.diag(both).copy()
    if settings.model == "ease" and 0 < len(members) <= settings.largest:
        close = np.where(both > 0, _ease(both, settings.ridge * members.mean()), 0)
    else:
        close = closeness(both, members[:, None], members[None, :], settings.shrinkage)
    np.fill_diagonal(close, 0)
    return close


def closeness(both: FloatArray, one: FloatArray, other: FloatArray, shrinkage: float) -> FloatArray:
    """n / (n + shrinkage) · n / sqrt(n_one · n_other), with n the common members; all of shapes that broadcast.

    Returns
    -------
    float array
        In [0, 1); 0 where nobody is in both.
    """
    safe = np.maximum(both, 1)
    found: FloatArray = both / (safe + shrinkage) * both / np.sqrt(np.maximum(one * other, 1))
    return found


def _ease(both: FloatArray, penalty: float) -> FloatArray:
    """Weights of EASE, -P / diag(P) with P the inverse of the ridged Gram matrix (Steck 2019, equation 8).

    Common members below the floor are 0, so the matrix may lose its positive eigenvalues; those are brought back to 0.
    """
    values, vectors = np.linalg.eigh(both)
    inverse = (vectors / (np.maximum(values, 0) + penalty)) @ vectors.T
    weights: FloatArray = -inverse / np.diag(inverse)
    return weights


def held_back(members: FloatArray, exponent: float, median: float | None = None) -> FloatArray:
    """(median / members) ** exponent: below 1 for what is widespread, above 1 for what few have found."""
    if not exponent or not len(members):
        return np.ones(len(members))
    middle = np.median(members) if median is None else median
    held: FloatArray = (middle / np.maximum(members, 1)) ** exponent
    return held


def _scale(pool: Pool, made: CoMembership) -> FloatArray:
    """What people of a sample, drawn by what they wrote, reach with gatherings they did not join."""
    rows = pool.derived.draw("people", np.flatnonzero(made.joined.any(axis=1)), _SAMPLE)
    own = made.joined[rows]
    reached: FloatArray = np.sort(mean_closeness(own, made.close)[~own])
    return reached


def mean_closeness(own: NDArray[np.bool_], close: FloatArray) -> FloatArray:
    """Mean closeness of each person's own gatherings to every gathering, (people, G)."""
    found: FloatArray = (own @ close) / np.maximum(own.sum(axis=1), 1)[:, None]
    return found.round(12)


def joined_together(pool: Pool, sides: Sides, batch: PairBatch) -> NDArray[np.float32]:
    """How close a gathering is to those that the requester joined, among all a person might join, (P,).

    The gathering itself is left out of the requester's history, and the requester out of its members, so that no
    membership is evidence for itself.

    Returns
    -------
    float32 array (P,)
        In (0, 1), a place among what others reach, .5 the middle, pulled there by a short history. NaN where the
        requester joined nothing that counts, or the gathering is sensitive or has too few members.
    """
    out = np.full(len(batch), np.nan, np.float32)
    made = pool.derived.co_membership()
    numbers = made.item_of.get(sides.candidates)
    if numbers is None or not len(made.both):
        return out
    support = pool.history.support
    for row, pairs in batch.runs:
        own = made.joined[row]
        if own.any():
            items = numbers[batch.candidate_rows[pairs]]
            reached = mean_closeness(own[None, :], made.close)[0]
            count = np.full(len(own), float(own.sum()))
            for item in np.flatnonzero(own).tolist():
                reached[item], count[item] = without(pool, made, row, item)
            place = _place(reached, made.scale)
            count[count == 0] = np.nan
            value = 0.5 + (place - 0.5) * count / (count + support)
            out[pairs] = np.where(items >= 0, value[items], np.nan)
    return out


def without(pool: Pool, made: CoMembership, row: int, item: int) -> tuple[float, int]:
    """What a gathering that somebody joined would reach had they not joined it, and how many others they joined."""
    settings, people = pool.history, pool.tables["people"]
    others = np.flatnonzero(made.joined[row])
    others = others[others != item]
    members = np.diag(made.both)
    counted = int(not people.column("visibility")[row] & _PRIVATE)
    left = members[item] - counted
    if not len(others) or left < settings.floor or settings.model == "ease":
        return np.nan, 0
    both = made.both[others, item] - counted
    both[both < settings.floor] = 0
    close = closeness(both, members[others], np.full(len(others), left), settings.shrinkage)
    close = close * held_back(np.array([left]), settings.popularity_exponent, float(np.median(members)))
    return float(close.mean().round(12)), len(others)


def _place(values: FloatArray, scale: FloatArray) -> FloatArray:
    """Share of a scale that lies below each value, those equal to it counted half; .5 where the scale is empty."""
    if not len(scale):
        return np.full(len(values), 0.5)
    below, up_to = (np.searchsorted(scale, values, side=side) for side in ("left", "right"))
    placed: FloatArray = (below + up_to) / (2 * len(scale))
    return placed
