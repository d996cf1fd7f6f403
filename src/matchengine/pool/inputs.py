"""The named inputs of scorers and constraints for one batch of pairs, computed once and shared (docs/inputs.md).

Everything handed out is read-only. The fused similarity of two texts is noisy-or of its two kinds of evidence,
each calibrated to the texts at hand and with the weight the configuration gives it, and 1 where both name the same
concept.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import ItemPairs, JointSets, PairBatch, Segments, Sides, frozen, read_only
from matchengine.errors import PluginError, did_you_mean
from matchengine.i18n import _
from matchengine.pool.flags import suspended_column
from matchengine.pool.history_groups import JOINED_TABLES, joined_together
from matchengine.pool.history_people import likelihoods
from matchengine.pool.items import Geometry, run_similarities
from matchengine.pool.joint_sets import joint_sets
from matchengine.pool.placement import knows_member
from matchengine.pool.pool import Pool
from matchengine.pool.sensitive import TOKEN_COLUMNS
from matchengine.pool.tables import Table
from matchengine.pool.text import TEXT_FIELDS, TextField

__all__ = ["Inputs", "known_inputs", "offers"]

_LEVEL_VALUE = np.array([0, 0.2, 0.4, 0.6, 0.8, 0.95, 1, 1], np.float32)
"""h of domain.md C9 by language level 0 to 7."""
_PREFERRED = np.float32(0.05)
_WISHED = 2
"""Fewest dimensions a requester must wish to share before a lift acts (domain.md B4)."""
_IN_PERSON, _ASYNC = np.uint32(1), np.uint32(1 << 4)
_INTERNAL = frozenset(
    {"availability", "place", "household", "languages_preferred", "wished", "wish_level", "identity_cap"}
    | (set(TOKEN_COLUMNS) - {"attributes"})
)
_DERIVED = {"usual_supports": "supports"}
"""Columns worked out from another one over everybody."""
_OF_PEOPLE = frozenset({"must_share", "accepts", "accepted_by", "usually_accepts"})
_OF_JOINED = frozenset({"joined_together"})


class Inputs:
    """Inputs of one batch by name.

    Parameters
    ----------
    pool : Pool
    sides : Sides
    batch : PairBatch
    semantic, lexical : float
        Weights of the two kinds of evidence in the fused similarity, 0 to 1.
    """

    def __init__(self, pool: Pool, sides: Sides, batch: PairBatch, semantic: float = 1.0, lexical: float = 1.0) -> None:
        self.pool = pool
        self.sides = sides
        self.batch = batch
        self.weights = (semantic, lexical)
        self._memo: dict[str, Any] = {}
        self._requesters = pool.tables[sides.requesters]
        self._candidates = pool.tables[sides.candidates]
        one = len(batch) == len(self._candidates) and batch.requester_rows.strides == (0,)
        self._everybody = one and bool((batch.candidate_rows == np.arange(len(batch))).all())

    def __getitem__(self, name: str) -> Any:
        found = self._memo.get(name)
        if found is None:
            found = self._memo[name] = frozen(self._make(name))
        return found

    def _make(self, name: str) -> Any:
        if not offers(self.pool, self.sides, name):
            known = known_inputs(self.pool, self.sides)
            hint = did_you_mean(name, known)
            raise PluginError(_("input {name!r} does not exist for this kind of match; {hint}", name=name, hint=hint))
        side, _dash, rest = name.partition("_")
        if side == "items":
            return self._items(*rest.split("_"))
        if side == "pair":
            made = _PAIR_FEATURES[rest](self)
            return made if isinstance(made, JointSets) else read_only(made)
        return read_only(self._column(side, rest))

    def _column(self, side: str, name: str) -> NDArray[Any]:
        if side == "candidate":
            column = self._whole(self._candidates, name)
            if name == "attributes":
                column = np.where(self.pool.derived.findable()[:, None], column, np.uint64(0))
            return column if self._everybody else column[self.batch.candidate_rows]
        column, rows = self._whole(self._requesters, name), self.batch.requester_rows
        if rows.strides == (0,) and len(rows):
            value = column[int(rows[0])]
            return np.broadcast_to(value, (len(rows), *value.shape))
        return column[rows]

    def _whole(self, table: Table, name: str) -> NDArray[Any]:
        """A column of all rows; places that are left and tokens that may act are worked out first."""
        if name == "free_places":
            return self.pool.derived.free_places(table.name, self.sides.role)
        if name == "attributes":
            return self.pool.derived.acting_tokens()
        if name == "usual_supports":
            return self.pool.derived.usual_supports(table.name)
        if name == "suspended":
            return suspended_column(self.pool.flags, table)
        return self._as_wide(table, name)

    def _as_wide(self, table: Table, name: str) -> NDArray[Any]:
        """A column of all rows, as wide as that of the other side: tables learn languages and tokens one by one."""
        column = table.column(name)
        if column.ndim == 1:
            return column
        sides = (self._requesters, self._candidates)
        width = max(side.column(name).shape[1] for side in sides if name in side.names)
        return column if width == column.shape[1] else self.pool.derived.widened(table.name, name, width)

    def may_lift(self) -> NDArray[np.bool_]:
        """Whether a lift may act: towards people only for requesters who wish to share at least two dimensions (P,)."""
        if self.sides.candidates != "people":
            return np.ones(len(self.batch), np.bool_)
        wished: NDArray[np.bool_] = self.pool.derived.wished_apart()[self.batch.requester_rows] >= _WISHED
        return wished

    # ------------------------------------------------------------------ pair features

    def _tie(self, kind: str) -> NDArray[np.bool_]:
        return self.pool.ties.matrix(kind, self.batch, self._requesters, self._candidates)

    def _same(self) -> NDArray[np.bool_]:
        if self._requesters is not self._candidates:
            return np.zeros(len(self.batch), np.bool_)
        same: NDArray[np.bool_] = self.batch.requester_rows == self.batch.candidate_rows
        return same

    def _household(self) -> NDArray[np.bool_]:
        tied = self._tie("household")
        if self._requesters is self._candidates:
            own, other = self._column("requester", "household"), self._column("candidate", "household")
            tied |= (own == other) & (own >= 0)
        return tied

    def _common_minutes(self) -> NDArray[np.float32]:
        theirs = self._column("candidate", "availability")
        own = self._requesters.column("availability")
        out = np.empty(len(self.batch), np.float32)
        for row, pairs in self.batch.runs:
            out[pairs] = self.pool.shared.calendar.minutes(int(own[row]), theirs[pairs])
        return out

    def _language(self) -> NDArray[np.float32]:
        """L of domain.md C9; a shared language that either prefers counts .05 more."""
        own, theirs = self._column("requester", "languages"), self._column("candidate", "languages")
        known = (_highest(own) > 0) & (_highest(theirs) > 0)
        shared = np.minimum(own, theirs)
        value = _LEVEL_VALUE[_highest(shared)]
        preferred = self._column("requester", "languages_preferred") | self._column("candidate", "languages_preferred")
        if preferred.any():
            wished = _LEVEL_VALUE[_highest(np.where(preferred, shared, 0))]
            value = np.maximum(value, np.where(wished > 0, np.minimum(wished + _PREFERRED, 1), 0))
        return np.where(known, value, np.float32(np.nan))

    def _distances(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        theirs = self._column("candidate", "place")
        own = self._requesters.column("place")
        distance = np.empty(len(self.batch), np.float32)
        error = np.empty_like(distance)
        for row, pairs in self.batch.runs:
            distance[pairs], error[pairs] = self.pool.shared.places.distances(int(own[row]), theirs[pairs])
        return distance, error

    def _distance(self) -> NDArray[np.float32]:
        distance, error = self._distances()
        self._memo["pair_distance_error_km"] = frozen(error)
        return distance

    def _online(self) -> NDArray[np.float32]:
        own, theirs = self._column("requester", "modes"), self._column("candidate", "modes")
        online = ((own & theirs & ~_IN_PERSON) != 0).astype(np.float32)
        return np.where((own == 0) | (theirs == 0), np.float32(np.nan), online)

    def _apart(self) -> NDArray[np.float32]:
        own, theirs = self._column("requester", "modes"), self._column("candidate", "modes")
        apart = ((own & theirs & _ASYNC) != 0).astype(np.float32)
        return np.where((own == 0) | (theirs == 0), np.float32(np.nan), apart)

    def _needed_minutes(self) -> NDArray[np.float32]:
        own, theirs = self._column("requester", "cadence_minutes"), self._column("candidate", "cadence_minutes")
        needed: NDArray[np.float32] = np.fmax(own, theirs)
        return needed

    def _must_share(self) -> NDArray[np.bool_]:
        """Whether the candidate tells all members of everything that the requester must share."""
        wanted, told = self._column("requester", "must_share"), self._column("candidate", "open_tokens")
        width = min(wanted.shape[1], told.shape[1])
        lacks = (wanted[:, :width] & ~told[:, :width]).any(axis=1) | wanted[:, width:].any(axis=1)
        met: NDArray[np.bool_] = ~lacks
        return met

    def _likelihoods(self, name: str) -> NDArray[np.float32]:
        """One of the three likelihoods of a yes; they are worked out together."""
        found = likelihoods(self.pool, self.batch)
        names = ("pair_accepts", "pair_accepted_by", "pair_usually_accepts")
        self._memo |= {each: read_only(array) for each, array in zip(names, found, strict=True)}
        made: NDArray[np.float32] = self._memo[name]
        return made

    def _blocked_topic(self) -> NDArray[np.bool_]:
        return self.pool.blocked_topics(self.batch, self.sides.requesters, self.sides.candidates)

    # ------------------------------------------------------------------ item pairs

    def _items(self, left_name: str, right_name: str) -> ItemPairs:
        left = self.pool.fields[f"{self.sides.requesters}.{left_name}"]
        right = self.pool.fields[f"{self.sides.candidates}.{right_name}"]
        if not len(left.texts) or not len(right.texts):
            return _nothing(len(self.batch), left, right)
        shape = Geometry.of(left.items, right.items, self.batch)
        phi, lexical, same = run_similarities(self.pool, left, right, shape, self.batch)
        lexical = np.clip(lexical / np.float32(self.pool.lexical_high), 0, 1)
        similarity = _fuse(phi, lexical, *self.weights)
        similarity[same] = 1
        return ItemPairs(
            pairs=len(self.batch),
            left=_segments(left.items, shape.left_entries, shape.left_starts, None, shape.left_pairs),
            right=_segments(right.items, shape.right_entries, shape.right_starts, shape.right_order, shape.right_pairs),
            left_of=read_only(shape.left_of),
            right_of=read_only(shape.right_of),
            phi=read_only(phi),
            lexical=read_only(lexical),
            similarity=read_only(similarity),
            left_field=left.name,
            right_field=right.name,
            sources=left.sources,
            right_sources=right.sources,
        )


def _fuse(phi: NDArray[Any], lexical: NDArray[Any], semantic_weight: float, lexical_weight: float) -> NDArray[Any]:
    """Noisy-or of the evidence that is there; NaN where there is none."""
    if not lexical_weight:
        return phi.copy()
    if not semantic_weight:
        return lexical.copy()
    if not (np.isnan(phi).any() or np.isnan(lexical).any()):
        missing = np.float32(semantic_weight) * phi
        np.subtract(1, missing, out=missing)
        missing *= 1 - np.float32(lexical_weight) * lexical
        return np.subtract(1, missing, out=missing)
    missing = (1 - semantic_weight * np.nan_to_num(phi)) * (1 - lexical_weight * np.nan_to_num(lexical))
    return np.where(np.isnan(phi) & np.isnan(lexical), np.float32(np.nan), 1 - missing).astype(np.float32)


def _nothing(pairs: int, left: TextField, right: TextField) -> ItemPairs:
    """Item pairs of a batch where one side has no texts at all."""
    none, flat = np.zeros(0, np.int64), np.zeros(0, np.float32)
    empty = Segments(none, None, none, none.astype(np.int32), flat, flat, none.astype(np.int8))
    fields = (left.name, right.name, left.sources, right.sources)
    return ItemPairs(pairs, empty, empty, none, none, flat, flat, flat, *fields, recorded=False)


def _segments(items: Any, entries: Any, starts: Any, order: Any, pairs: Any) -> Segments:
    return Segments(
        starts=read_only(starts),
        order=order,
        pair=read_only(pairs),
        text=read_only(items.text[entries]),
        level=read_only(items.level[entries]),
        priority=read_only(items.priority[entries]),
        source=read_only(items.source[entries]),
    )


def _highest(levels: NDArray[np.int8]) -> NDArray[np.int8]:
    """Largest of each row of (P, L); transposed first, which is many times faster."""
    highest: NDArray[np.int8] = np.ascontiguousarray(levels.T).max(axis=0, initial=0)
    return highest


_PAIR_FEATURES: dict[str, Callable[[Inputs], Any]] = {
    "shared_wishes": lambda inputs: joint_sets(inputs.pool, inputs.batch, inputs.sides.candidates),
    "must_share": Inputs._must_share,
    "same": Inputs._same,
    "household": Inputs._household,
    "common_minutes": Inputs._common_minutes,
    "language": Inputs._language,
    "distance_km": Inputs._distance,
    "distance_error_km": lambda inputs: inputs._distances()[1],
    "online": Inputs._online,
    "apart": Inputs._apart,
    "needed_minutes": Inputs._needed_minutes,
    "blocked_topic": Inputs._blocked_topic,
    "existing": lambda inputs: inputs._tie("existing"),
    "joined_together": lambda inputs: joined_together(inputs.pool, inputs.sides, inputs.batch),
    "accepts": lambda inputs: inputs._likelihoods("pair_accepts"),
    "accepted_by": lambda inputs: inputs._likelihoods("pair_accepted_by"),
    "usually_accepts": lambda inputs: inputs._likelihoods("pair_usually_accepts"),
    "knows_member": lambda inputs: knows_member(inputs.pool, inputs.sides, inputs.batch),
    "must_not": lambda inputs: inputs._tie("must_not"),
    "do_not_rematch": lambda inputs: inputs._tie("do_not_rematch"),
    "line_manager": lambda inputs: inputs._tie("line_manager"),
}


def offers(pool: Pool, sides: Sides, name: str, idle: Container[str] = ()) -> bool:
    """Whether the tables of two sides can offer an input that is not idle."""
    side, _, rest = name.partition("_")
    if name in idle:
        return False
    if side in ("requester", "candidate"):
        names = pool.tables[sides.requesters if side == "requester" else sides.candidates].names
        return _DERIVED.get(rest, rest) in names and rest not in _INTERNAL
    if side == "items":
        left, _, right = rest.partition("_")
        return pool.field(sides.requesters, left) is not None and pool.field(sides.candidates, right) is not None
    if rest in _OF_JOINED:
        return sides.candidates in JOINED_TABLES
    return rest in _PAIR_FEATURES and (sides.candidates == "people" or rest not in _OF_PEOPLE)


def known_inputs(pool: Pool, sides: Sides) -> list[str]:
    """Names of all inputs that scorers and constraints of these sides may read."""
    tables = (("requester", sides.requesters), ("candidate", sides.candidates))
    names = [f"{side}_{name}" for side, table in tables for name in (*pool.tables[table].names, *_DERIVED)]
    names += [f"pair_{name}" for name in _PAIR_FEATURES]
    names += [
        f"items_{left}_{right}" for left in TEXT_FIELDS[sides.requesters] for right in TEXT_FIELDS[sides.candidates]
    ]
    return sorted(name for name in names if offers(pool, sides, name))
