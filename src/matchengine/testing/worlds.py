"""Random but realistic inputs for any scorer or constraint: people and groups with gaps, seeded.

A `World` is a fixed population. Whatever pairs are asked for, a pair always has the same inputs: this is what lets
checks compare a batch with its parts, with another order and with both sides exchanged.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import ItemPairs, JointSets, PairBatch, read_only
from matchengine.errors import PluginError, did_you_mean
from matchengine.records import vocabulary as v
from matchengine.testing.item_pairs import make_item_pairs
from matchengine.testing.joint import draw_joint_sets

__all__ = ["Inputs", "World"]

Inputs = dict[str, Any]
"""Input arrays, or `ItemPairs`, by the name of the argument."""


class _Column(NamedTuple):
    """How a column looks: `kind` float, vector, flag, word, words, wide, style …; numbers lie in [low, high]."""

    kind: str
    low: float = 0
    high: float = 1
    step: float = 0
    words: int = 0


def _words(vocabulary: Any, kind: str = "words") -> _Column:
    return _Column(kind, words=len(get_args(vocabulary)))


_FLAG = _Column("flag")
_COLUMNS: Mapping[str, _Column] = {
    "roles": _words(v.Role),
    "modes": _words(v.Mode),
    "safety_needs": _words(v.SafetyItem),
    "norm_needs": _words(v.GroupNorm),
    "support_mode": _words(v.SupportMode, "word"),
    "framing_preference": _words(v.FramingPreference, "word"),
    "visibility": _words(v.Visibility, "word"),
    "goal_kind": _words(v.GoalKind, "word"),
    "blocked_kinds": _words(v.GroupKind),
    "blocked_venues": _words(v.VenueType),
    "values": _Column("wide", words=100),
    "fields": _Column("wide", words=100),
    "attributes": _Column("wide", words=100),
    "anchors": _Column("wide", words=20),
    "career_stage": _Column("float", 0, 6, 1),
    "experience_years": _Column("float", 0.5, 25),
    "comfort_rung": _Column("float", 0, 4, 1),
    "cadence_minutes": _Column("float", 10, 240),
    "max_travel_minutes": _Column("float", 0, 120, 5),
    "age_band": _Column("float", 0, 7, 1),
    "free_places": _Column("float", -1, 5, 1),
    "topic_risk": _Column("float", 0, 2, 1),
    "cost": _Column("float", 0, 3, 1),
    "exposure_level": _Column("float", 0, 4, 1),
    "wants": _Column("float", 1, 10, 1),
    "visits": _Column("float", 0, 6, 1),
    "time_balance": _Column("float", -5, 5, 1),
    "sponsoring": _Column("float", 0, 1, 0.5),
    "size": _Column("float", 1, 40, 1),
    "level": _Column("float", 0, 4, 1),
    "days_old": _Column("float", 0, 1500, 1),
    "days_until": _Column("float", -30, 60, 1),
    "resource_type": _words(v.ResourceType, "word"),
    **dict.fromkeys(("regular", "from_elsewhere", "newcomers_share", "talk_share"), _Column("float", 0, 1)),
    **dict.fromkeys(("network_counts",), _Column("vector", 0, 5, 1, len(v.NETWORK_CATEGORIES))),
    **dict.fromkeys(("network_importance", "fills"), _Column("vector", 0, 1, 0, len(v.NETWORK_CATEGORIES))),
    **dict.fromkeys(("supports", "usual_supports"), _Column("vector", 0, 1, 0, len(v.BARRIER_KINDS))),
    "barriers": _Column("barriers"),
    "style": _Column("style"),
    "languages": _Column("languages"),
    "languages_to_learn": _Column("learning"),
    "kind": _words(v.GroupKind, "word"),
    "venue_type": _words(v.VenueType, "word"),
    "framing": _words(v.GroupFraming, "word"),
    "norms": _words(v.GroupNorm),
    "safety_items": _words(v.SafetyItem),
    **dict.fromkeys(
        ("returning", "open_to_learn", "adult", "guardian_consent", "vetted", "safety_complete", "suspended"), _FLAG
    ),
    **dict.fromkeys(("conditional", "beginner_friendly", "accompanied", "try_once"), _FLAG),
    **dict.fromkeys(("activity_first", "named_contact"), _FLAG),
}
_PAIRS: Mapping[str, _Column] = {
    **dict.fromkeys(("must_not", "existing", "do_not_rematch", "blocked_topic"), _Column("rare")),
    "must_share": _Column("rare"),
    **dict.fromkeys(("line_manager", "household", "knows_member"), _Column("rare")),
    "common_minutes": _Column("float", 0, 300, 15),
    "needed_minutes": _Column("float", 15, 90, 15),
    "apart": _FLAG,
    "language": _Column("float", 0, 1, 0.2),
    "distance_km": _Column("float", 0, 60),
    "distance_error_km": _Column("float", 0, 5),
    "online": _FLAG,
    **dict.fromkeys(("joined_together", "accepts", "accepted_by", "usually_accepts"), _Column("float", 0.02, 0.98)),
}
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "needs": ("goals", "wants"),
    "offers": ("offers",),
    "past": ("past_work",),
    "aims": ("hopes_to_gain", "mentoring_focus"),
    "interests": ("interests",),
    "opportunities": ("opportunities",),
    "influence": ("influence",),
    "roles": ("roles",),
    "topics": ("topics", "description"),
}
_MOST: Mapping[str, int] = {
    "needs": 6,
    "offers": 6,
    "past": 6,
    "aims": 2,
    "interests": 5,
    "topics": 4,
    "opportunities": 3,
    "influence": 4,
    "roles": 4,
}
_TEXTS = 60
_CLUSTERS = 12
_LANGUAGES = 6


class World:
    """A fixed population of people who are also groups, so that any two rows can be paired.

    Parameters
    ----------
    seed : int
        Everything follows from it.
    rows : int
        Size of the population.
    missing : float
        Share of values that are unknown; with hardly any, `check_missing_is_not_zero` has too little to look at.
    columns : mapping of str to array
        Further columns (`<field>`, first axis `rows`) or pair features (`pair_<name>`, shape (rows, rows)), for
        components that read something of their own plugin.
    """

    def __init__(
        self, seed: int = 0, rows: int = 48, missing: float = 0.2, columns: Mapping[str, NDArray[Any]] | None = None
    ) -> None:
        self.seed, self.rows, self.missing = seed, rows, missing
        self._made: dict[str, Any] = dict(columns or {})
        self._own = frozenset(self._made)

    @property
    def own(self) -> dict[str, NDArray[Any]]:
        """The columns that a plugin brought itself."""
        return {name: self._made[name] for name in sorted(self._own)}

    def holding(self, how: str) -> World:
        """The same population, but candidates hold no token (`silent`, `other`) or more tokens (`more`) than here.

        Tokens that were not wished for are not in any joint set, so holding only such is the same as holding none.
        """
        world = World(self.seed, self.rows, self.missing)
        self._joint_sets(self.batch(1))
        world._made, world._own = dict(self._made), self._own
        joint = self._made["joint"]
        held = joint.held | joint.wished[::-1] if how == "more" else np.zeros_like(joint.held)
        world._made["joint"] = replace(joint, held=held)
        return world

    def batch(self, pairs: int, salt: str = "batch") -> PairBatch:
        """Return `pairs` random pairs; those of one requester stand together."""
        drawn = self._random(salt).integers(0, self.rows, (2, pairs)).astype(np.int32)
        return PairBatch(np.sort(drawn[0]), drawn[1])

    def inputs(self, names: Sequence[str], batch: PairBatch) -> Inputs:
        """Return the named inputs of a batch; all arrays refuse writes.

        Raises
        ------
        PluginError
            Where a name is not an input the world knows.
        """
        return {name: self._input(name, batch) for name in names}

    def _input(self, name: str, batch: PairBatch) -> Any:
        side, _, rest = name.partition("_")
        if side == "items":
            left, _, right = rest.partition("_")
            return self._items(left, right, batch)
        if name == "pair_shared_wishes":
            return self._joint_sets(batch)
        if side == "pair":
            return read_only(self._pair(name)[batch.requester_rows, batch.candidate_rows])
        rows = batch.requester_rows if side == "requester" else batch.candidate_rows
        column = self._column(rest)
        if rows.strides == (0,) and len(rows):
            return np.broadcast_to(column[rows[0]], (len(rows), *column.shape[1:]))
        return read_only(column[rows])

    def _joint_sets(self, batch: PairBatch) -> JointSets:
        if "joint" not in self._made:
            self._made["joint"] = draw_joint_sets(self._random("joint"), self.rows, self.missing)
        made: JointSets = self._made["joint"].of(batch)
        return made

    def _random(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def _column(self, name: str) -> NDArray[Any]:
        if name not in self._made:
            if name not in _COLUMNS:
                raise PluginError(
                    f"no column {name!r} is known to the world; {did_you_mean(name, _COLUMNS)} "
                    "A column of your own plugin goes into World(columns=...)"
                )
            self._made[name] = self._draw(self._random(name), _COLUMNS[name], (self.rows,))
        made: NDArray[Any] = self._made[name]
        return made

    def _pair(self, name: str) -> NDArray[Any]:
        """A pair feature as a symmetric matrix over the population."""
        if name not in self._made:
            plain = name.removeprefix("pair_")
            if plain == "same":
                self._made[name] = np.eye(self.rows, dtype=np.bool_)
            elif plain in _PAIRS:
                drawn = self._draw(self._random(name), _PAIRS[plain], (self.rows, self.rows))
                self._made[name] = np.where(np.tri(self.rows, dtype=np.bool_), drawn, drawn.T)
            else:
                known = ["pair_same", *(f"pair_{known}" for known in _PAIRS)]
                raise PluginError(f"no pair feature {name!r} is known to the world; {did_you_mean(name, known)}")
        made: NDArray[Any] = self._made[name]
        return made

    def _draw(self, random: np.random.Generator, column: _Column, shape: tuple[int, ...]) -> NDArray[Any]:
        unknown = random.random(shape) < self.missing
        match column.kind:
            case "rare":
                return random.random(shape) < 0.1
            case "word":
                return np.where(unknown, 0, 1 << random.integers(0, column.words, shape)).astype(np.uint32)
            case "words":
                chosen = random.random((*shape, column.words)) < 0.3
                masks = (chosen << np.arange(column.words)).sum(axis=-1)
                return np.where(unknown, 0, masks).astype(np.uint32)
            case "wide":
                chosen = random.random((*shape, 128)) < 4 / column.words
                chosen[..., column.words :] = False
                chosen[unknown] = False
                return np.packbits(chosen, axis=-1, bitorder="little").view(np.uint64)
            case "languages":
                levels = random.integers(1, 8, (*shape, _LANGUAGES)) * (random.random((*shape, _LANGUAGES)) < 0.35)
                return np.where(unknown[..., None], 0, levels).astype(np.int8)
            case "learning":
                return random.random((*shape, _LANGUAGES)) < 0.2
            case "vector":
                numbers = random.uniform(column.low, column.high, (*shape, column.words))
                numbers = np.round(numbers / column.step) * column.step if column.step else numbers
                gaps = unknown[..., None] | (random.random((*shape, column.words)) < self.missing)
                return np.where(gaps, np.nan, numbers).astype(np.float32)
            case "style":
                sliders = random.integers(-2, 3, (*shape, 5)).astype(np.float32)
                return np.where(random.random((*shape, 5)) < self.missing, np.float32(np.nan), sliders)
            case "barriers":
                strengths = random.choice([0, 0, 0, 0.3, 0.6, 1], (*shape, len(get_args(v.BarrierKind))))
                return np.where(unknown[..., None], np.nan, strengths).astype(np.float32)
            case "flag":
                return np.where(unknown, np.nan, random.integers(0, 2, shape)).astype(np.float32)
            case _:
                numbers = random.uniform(column.low, column.high, shape)
                if column.step:
                    numbers = np.round(numbers / column.step) * column.step
                return np.where(unknown, np.nan, np.clip(numbers, column.low, column.high)).astype(np.float32)

    def _field(self, name: str) -> dict[str, NDArray[Any]]:
        """The items of a text field, ragged: `starts`, `counts`, `text`, `level`, `priority`, `source`."""
        key = f"text {name}"
        if key not in self._made:
            if name not in _SOURCES:
                raise PluginError(f"no text field {name!r} is known to the world; {did_you_mean(name, _SOURCES)}")
            random = self._random(key)
            counts = random.integers(1, _MOST[name] + 1, self.rows)
            counts[random.random(self.rows) < self.missing] = 0
            total = int(counts.sum())
            place = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
            level = np.where(random.random(total) < self.missing, np.nan, random.integers(0, 5, total))
            priority = random.integers(1, 4, total)
            kinds = len(_SOURCES[name])
            self._made[key] = {
                "starts": np.cumsum(counts) - counts,
                "counts": counts,
                "text": random.integers(0, _TEXTS, total).astype(np.int32),
                "level": (level if name in ("needs", "offers", "roles") else np.full(total, np.nan)).astype(np.float32),
                "priority": (priority if name in ("needs", "roles") else np.ones(total)).astype(np.float32),
                "source": (place % kinds if name == "aims" else random.integers(0, kinds, total)).astype(np.int8),
            }
        made: dict[str, NDArray[Any]] = self._made[key]
        return made

    @cached_property
    def _meanings(self) -> dict[str, NDArray[Any]]:
        random = self._random("meanings")
        centres = random.normal(size=(_CLUSTERS, 8))
        made = {}
        for name in _SOURCES:
            vectors = centres[random.integers(0, _CLUSTERS, _TEXTS)] + 0.5 * random.normal(size=(_TEXTS, 8))
            made[name] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return made

    def _likeness(self, left: str, right: str) -> dict[str, NDArray[Any]]:
        """Similarities of all texts of two fields, symmetric where both are the same field."""
        first, second = sorted((left, right))
        key = f"likeness {first} {second}"
        if key not in self._made:
            random = self._random(key)
            shape = (_TEXTS, _TEXTS)
            chance, unknown, foreign = random.random(shape), random.random(shape), random.random(shape)
            if first == second:
                lower = np.tri(_TEXTS, dtype=np.bool_)
                chance, unknown, foreign = (np.where(lower, drawn, drawn.T) for drawn in (chance, unknown, foreign))
            cosine = self._meanings[first] @ self._meanings[second].T
            phi = np.where(unknown < self.missing / 2, np.nan, np.clip((cosine - 0.2) / 0.55, 0, 1))
            lexical = np.where(foreign < self.missing, np.nan, np.where(chance < 0.1, chance * 8, 0))
            self._made[key] = {"phi": phi, "lexical": lexical, "similarity": np.fmax(phi, 0.9 * lexical)}
        made: dict[str, NDArray[Any]] = self._made[key]
        return made if left == first else {name: matrix.T for name, matrix in made.items()}

    def _items(self, left: str, right: str, batch: PairBatch) -> ItemPairs:
        one, other = self._field(left), self._field(right)
        likeness = self._likeness(left, right)
        return make_item_pairs(
            _owned(one, batch.requester_rows),
            _owned(other, batch.candidate_rows),
            one,
            other,
            likeness,
            fields=(left, right),
            sources=(_SOURCES[left], _SOURCES[right]),
        )


def _owned(field: Mapping[str, NDArray[Any]], rows: NDArray[Any]) -> list[NDArray[Any]]:
    return [np.arange(field["starts"][row], field["starts"][row] + field["counts"][row]) for row in rows]
