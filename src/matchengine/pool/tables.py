"""Records as columns: what scorers and constraints may read about people and gatherings.

Missing numbers are NaN, closed vocabularies are bit masks with 0 for unknown, open ones are wider masks. Sensitive
fields reach a column only with a consent in force for the purpose `match` (consent projection, domain.md B4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.pool.arrays import Codes, Growable, pack_strings, unpack_strings
from matchengine.pool.calendar import Calendar
from matchengine.pool.places import Places
from matchengine.pool.text import primary_language
from matchengine.records import Event, Group, LanguageAbility, Person, Resource
from matchengine.records import vocabulary as v

__all__ = ["Columns", "Shared", "Table", "gathering_columns", "people_columns"]

Columns = dict[str, NDArray[Any]]
_NAN = float("nan")
_STAGES = {name: float(n) for n, name in enumerate(v.CAREER_STAGES)}
_LEVELS = {name: n for n, name in enumerate(v.LANGUAGE_LEVELS, 1)}
_AGES = {name: float(n) for n, name in enumerate(v.AGE_BANDS)}
_RISKS = {"A": 0.0, "B": 1.0, "C": 2.0}
_COSTS = {name: float(n) for n, name in enumerate(get_args(v.CostLevel))}
_ROLES: tuple[str, ...] = get_args(v.Role)
_BARRIERS: tuple[str, ...] = get_args(v.BarrierKind)
_STYLE: tuple[str, ...] = (
    "directive_questioning",
    "structured_spontaneous",
    "task_relationship",
    "written_spoken",
    "challenge_reassure",
)
_DEFAULT_PLACES = {"mentor": 1.0}


class Shared:
    """Vocabularies, calendar and places that all tables of a pool share."""

    OPEN = ("values", "fields", "attributes", "languages", "households", "tags", "concepts")

    def __init__(
        self, calendar: Calendar, places: Places | None = None, words: Mapping[str, Sequence[str]] | None = None
    ):
        self.calendar = calendar
        self.places = places or Places()
        self.codes: dict[str, Codes] = {name: Codes() for name in self.OPEN}
        for name, known in (words or {}).items():
            self.codes[name] = Codes({word: number for number, word in enumerate(known)})


def _bits(vocabulary: Any) -> Callable[[Iterable[str | None]], int]:
    """Return a function from words to a bit mask, remembering what it has seen."""
    numbers = {word: 1 << n for n, word in enumerate(get_args(vocabulary) or vocabulary)}
    memo: dict[tuple[str | None, ...], int] = {}

    def mask(words: Iterable[str | None]) -> int:
        key = tuple(words)
        found = memo.get(key)
        if found is None:
            found = memo[key] = sum(numbers[word] for word in set(key) if word is not None)
        return found

    return mask


_MODES, _SAFETY, _NORMS = _bits(v.Mode), _bits(v.SafetyItem), _bits(v.GroupNorm)
_ROLE, _SUPPORT, _FRAMING = _bits(v.Role), _bits(v.SupportMode), _bits(v.FramingPreference)
_VISIBILITY, _KIND, _VENUE = _bits(v.Visibility), _bits(v.GATHERING_KINDS), _bits(v.VenueType)
_GROUP_FRAMING = _bits(v.GroupFraming)
_KINDS_KNOWN, _VENUES_KNOWN = frozenset(v.GATHERING_KINDS), frozenset(get_args(v.VenueType))


def _uint32(values: list[int]) -> NDArray[np.uint32]:
    return np.array(values, np.uint32)


def _numbers(values: Sequence[float | None]) -> NDArray[np.float32]:
    return np.array(values, np.float32)  # None becomes NaN


def _wide(rows: Sequence[Sequence[str]], codes: Codes) -> NDArray[np.uint64]:
    """Open vocabularies as bit masks of shape (n, W)."""
    entries = [(row, codes[word.casefold()]) for row, words in enumerate(rows) for word in words]
    out = np.zeros((len(rows), max(1, -(-len(codes) // 64))), np.uint64)
    if entries:
        row, code = np.array(entries).T
        np.bitwise_or.at(out, (row, code // 64), np.uint64(1) << (code % 64).astype(np.uint64))
    return out


def _languages(rows: Sequence[Sequence[LanguageAbility]], codes: Codes) -> tuple[NDArray[Any], NDArray[Any]]:
    """Levels of shape (n, L), 0 = not spoken or avoided, and which languages are preferred."""
    entries = [
        (row, codes[primary_language(ability.tag)], _LEVELS[ability.level], ability.wish == "prefer")
        for row, abilities in enumerate(rows)
        for ability in abilities
        if ability.wish != "avoid"
    ]
    levels = np.zeros((len(rows), max(1, len(codes))), np.int8)
    preferred = np.zeros_like(levels, dtype=np.bool_)
    if entries:
        row, code, level, wish = np.array(entries).T
        np.maximum.at(levels, (row, code), level.astype(np.int8))
        preferred[row, code] = wish.astype(np.bool_)
    return levels, preferred


def people_columns(people: Sequence[Person], shared: Shared, consented: Callable[[str, str], bool]) -> Columns:
    """Turn people into columns of n rows.

    Parameters
    ----------
    consented : callable
        Tells for a person id and a field whether a consent for the purpose `match` is in force.
    """
    languages, preferred = _languages([p.languages for p in people], shared.codes["languages"])
    columns: Columns = {
        "roles": _uint32([_ROLE(p.roles) for p in people]),
        "modes": _uint32([_MODES(p.modes) for p in people]),
        "safety_needs": _uint32([_SAFETY(p.safety_needs) for p in people]),
        "norm_needs": _uint32([_NORMS(p.norm_needs) for p in people]),
        "support_mode": _uint32([_SUPPORT((p.support_mode,)) for p in people]),
        "framing_preference": _uint32([_FRAMING((p.framing_preference,)) for p in people]),
        "visibility": _uint32([_VISIBILITY((p.visibility,)) for p in people]),
        "values": _wide([p.values for p in people], shared.codes["values"]),
        "fields": _wide([p.fields for p in people], shared.codes["fields"]),
        "career_stage": _numbers([_STAGES.get(p.career_stage, _NAN) if p.career_stage else _NAN for p in people]),
        "experience_years": _numbers(
            [max((v.EXPERIENCE_MIDPOINTS[e.band] for e in p.experience), default=_NAN) for p in people]
        ),
        "comfort_rung": _numbers([p.comfort_rung for p in people]),
        "cadence_minutes": _numbers([p.cadence.minutes_per_week if p.cadence else _NAN for p in people]),
        "max_travel_minutes": _numbers([p.place.max_travel_minutes if p.place else None for p in people]),
        "returning": _numbers([p.returning for p in people]),
        "open_to_learn": _numbers([p.open_to_learn for p in people]),
        "adult": _numbers([p.adult for p in people]),
        "guardian_consent": _numbers([p.guardian_consent for p in people]),
        "vetted": _numbers([_vetted(p) for p in people]),
        "free_places": np.array([_places(p) for p in people], np.float32).reshape(len(people), len(_ROLES)),
        "style": _style(people),
        "languages": languages,
        "languages_preferred": preferred,
        "availability": np.array([shared.calendar.number(p.availability) for p in people], np.int32),
        "place": np.array([shared.places.number(p.place) for p in people], np.int32),
        "household": np.array(
            [shared.codes["households"][p.household] if p.household else -1 for p in people], np.int32
        ),
    }
    return columns | _boundary_columns(people) | _sensitive_columns(people, shared, consented)


def _vetted(person: Person) -> float:
    if person.vetting is None or person.vetting.status == "pending":
        return _NAN
    return float(person.vetting.status == "vetted")


def _places(person: Person) -> list[float]:
    given = person.capacity
    return [given.get(role, _DEFAULT_PLACES.get(role, _NAN)) for role in _ROLES]  # type: ignore[call-overload]


def _style(people: Sequence[Person]) -> NDArray[np.float32]:
    blank = [None] * len(_STYLE)
    rows = [[getattr(p.style, name) for name in _STYLE] if p.style else blank for p in people]
    return np.array(rows, np.float32).reshape(len(people), len(_STYLE))


def _boundary_columns(people: Sequence[Person]) -> Columns:
    kinds, venues = [], []
    for person in people:
        told = person.boundaries
        kinds.append(_KIND(b.value for b in told if b.kind == "group_kind" and b.value in _KINDS_KNOWN) if told else 0)
        venues.append(_VENUE(b.value for b in told if b.kind == "venue" and b.value in _VENUES_KNOWN) if told else 0)
    return {"blocked_kinds": _uint32(kinds), "blocked_venues": _uint32(venues)}


def _sensitive_columns(people: Sequence[Person], shared: Shared, consented: Callable[[str, str], bool]) -> Columns:
    """Columns of domain.md B3 fields, blank wherever no consent for matching is in force."""
    tokens: list[list[str]] = []
    ages: list[float] = []
    wished: list[float] = []
    barriers = np.full((len(people), len(_BARRIERS)), _NAN, np.float32)
    for row, person in enumerate(people):
        shown = [
            f"{a.dimension}:{a.value}"
            for a in person.attributes
            if consented(person.id, "attributes") or consented(person.id, f"attributes.{a.dimension}")
        ]
        if person.lived_experience and consented(person.id, "lived_experience"):
            shown += [f"lived_experience:{theme}" for theme in person.lived_experience]
        tokens.append(shown)
        age = person.age_band
        ages.append(_AGES[age] if age is not None and consented(person.id, "age_band") else _NAN)
        wishes = {wish.dimension for wish in person.wishes}
        wished.append(float(len(wishes)) if wishes and consented(person.id, "wishes") else _NAN)
        if person.barriers and consented(person.id, "barriers"):
            barriers[row] = 0
            for barrier in person.barriers:
                barriers[row, _BARRIERS.index(barrier.kind)] = v.BARRIER_STRENGTHS[barrier.strength]
    return {
        "attributes": _wide(tokens, shared.codes["attributes"]),
        "age_band": _numbers(ages),
        "barriers": barriers,
        "wished": _numbers(wished),
    }


def gathering_columns(records: Sequence[Group | Event | Resource], shared: Shared) -> Columns:
    """Turn groups, events or resources into columns; a field that a record type lacks is unknown."""

    def get(name: str, default: Any = None) -> list[Any]:
        return [getattr(r, name, default) for r in records]

    safety = get("safety")
    languages, preferred = _languages(get("languages"), shared.codes["languages"])
    schedules = get("schedule")
    sizes = zip(get("size_max"), get("size_now"), strict=True)
    free = [_NAN if most is None or now is None else float(most - now) for most, now in sizes]
    return {
        "kind": _uint32([_KIND((k,)) if k in _KINDS_KNOWN else 0 for k in get("kind")]),
        "modes": _uint32([_MODES(m) for m in get("modes", ())]),
        "venue_type": _uint32([_VENUE((k,)) for k in get("venue_type")]),
        "norms": _uint32([_NORMS(n) for n in get("norms", ())]),
        "safety_items": _uint32([_SAFETY(s.items) if s else 0 for s in safety]),
        "framing": _uint32([_GROUP_FRAMING((k,)) for k in get("framing")]),
        "topic_risk": _numbers([_RISKS[r] for r in get("topic_risk", "A")]),
        "safety_complete": _numbers([float(_safety_complete(r)) for r in records]),
        "suspended": _numbers([float(s) for s in get("suspended", False)]),
        "conditional": _numbers([float(_conditional(r)) for r in records]),
        "free_places": _numbers(free),
        "adult": np.ones(len(records), np.float32),
        "cost": _numbers([_COSTS[c] if c else _NAN for c in get("cost")]),
        "exposure_level": _numbers(get("exposure_level")),
        "beginner_friendly": _numbers(get("beginner_friendly")),
        "languages": languages,
        "languages_preferred": preferred,
        "availability": np.array([shared.calendar.number(s.slots) if s else 0 for s in schedules], np.int32),
        "place": np.array([shared.places.number(p) for p in get("place")], np.int32),
        "cadence_minutes": np.full(len(records), _NAN, np.float32),
        "max_travel_minutes": np.full(len(records), _NAN, np.float32),
    }


def _safety_complete(record: Group | Event | Resource) -> bool:
    """Whether every safety field that domain.md C10 demands of a support group is there."""
    safety = getattr(record, "safety", None)
    return safety is not None and all(
        (
            safety.confidential,
            safety.rules,
            safety.listen_only_ok,
            safety.crisis_protocol,
            safety.safeguarding_trained,
            safety.helplines,
            safety.facilitator_type in ("professional", "trained_volunteer", "peer"),
            safety.facilitator_type != "peer" or safety.facilitator_trained,
            "exit_without_reason" in safety.items,
        )
    )


def _conditional(record: Group | Event | Resource) -> bool:
    return bool(getattr(record, "intended_for", ())) or "women_only" in getattr(record, "norms", ())


class Table:
    """Rows under external ids. Rows are only ever appended or marked as gone, so a row number stays valid."""

    def __init__(self, name: str, seed: int = 0) -> None:
        self.name = name
        self._key = str(seed).encode()
        self._lottery = Growable.empty(np.uint64)
        self.ids: list[str] = []
        self.row_of: dict[str, int] = {}
        self._alive = Growable.empty(np.bool_)
        self._columns: dict[str, Growable] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which rows still stand for somebody, shape (N,)."""
        return self._alive.data

    @property
    def lottery(self) -> NDArray[np.uint64]:
        """A number per row from the seed and the id alone: the order in which ties are broken."""
        return self._lottery.data

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._columns)

    def column(self, name: str) -> NDArray[Any]:
        """One column, first axis N."""
        return self._columns[name].data

    def extend(self, ids: Sequence[str], columns: Columns) -> None:
        """Append rows; an id that is there already moves to its new row."""
        for offset, external in enumerate(ids):
            old = self.row_of.get(external)
            if old is not None:
                self._alive.data[old] = False
            self.row_of[external] = len(self.ids) + offset
        self.ids += ids
        drawn = [int.from_bytes(blake2b(i.encode(), digest_size=8, key=self._key).digest(), "little") for i in ids]
        self._lottery.extend(np.array(drawn, np.uint64))
        self._alive.extend(np.ones(len(ids), np.bool_))
        for name, rows in columns.items():
            if name not in self._columns:
                fill = np.nan if rows.dtype.kind == "f" else 0
                self._columns[name] = Growable.empty(rows.dtype, rows.shape[1:], fill)
            self._columns[name].extend(rows)

    def drop(self, external: str) -> int | None:
        """Mark a row as gone and return it; None where the id is unknown."""
        row = self.row_of.pop(external, None)
        if row is not None:
            self._alive.data[row] = False
        return row

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        columns = {f"column.{name}": column.data for name, column in self._columns.items()}
        ids = {f"ids.{name}": array for name, array in pack_strings(self.ids).items()}
        return {"alive": self.alive, "lottery": self.lottery, **columns, **ids}

    @classmethod
    def from_state(cls, name: str, seed: int, state: dict[str, NDArray[Any]]) -> Table:
        """Undo `state`."""
        made = cls(name, seed)
        made._lottery = Growable(state["lottery"])
        made.ids = unpack_strings({key: state[f"ids.{key}"] for key in ("bytes", "offsets")})
        made._alive = Growable(state["alive"])
        made.row_of = {external: row for row, external in enumerate(made.ids) if state["alive"][row]}
        for key, array in state.items():
            if key.startswith("column."):
                fill = np.nan if array.dtype.kind == "f" else 0
                made._columns[key.removeprefix("column.")] = Growable(array, fill)
        return made


_IDS_OF = (N_("person"), N_("group"), N_("event"), N_("resource"))
"""Whose ids `refuse_duplicates` speaks of."""


def refuse_duplicates(ids: Sequence[str], what: str) -> None:
    """Raise where an id is given twice in one load.

    Raises
    ------
    DataError
        Naming every id that occurs more than once.
    """
    if len(set(ids)) < len(ids):
        seen: set[str] = set()
        twice = sorted({i for i in ids if i in seen or seen.add(i)})  # type: ignore[func-returns-value]
        headline = ngettext(
            "{n} {what} id occurs more than once; nothing was loaded",
            "{n} {what} ids occur more than once; nothing was loaded",
            len(twice),
            what=_(what),
        )
        raise DataError(headline, twice)
