"""Sensitive fields as columns (domain.md B3, B4): blank wherever no consent for the purpose at hand is in force.

What a person says about themselves becomes tokens, hashed under the programme's key. Only tokens that somebody allowed
to be told are kept in words too (`Reveals`), for the explanation of a mutual match. What people allow to be counted for
the balance of groups stands in a column and a vocabulary of its own, which no scorer and no constraint can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.consents import AGE_BAND, BALANCE, LIVED_EXPERIENCE, Consents
from matchengine.pool.shared import Columns, Shared, numbers, wide
from matchengine.pool.tables import Table
from matchengine.records import Person
from matchengine.records import vocabulary as v

__all__ = [
    "COUNTED",
    "JOINT_WISHES",
    "TOKEN_COLUMNS",
    "WISH_COLUMNS",
    "forget_words",
    "numbers_in",
    "sensitive_columns",
    "wished_apart",
    "wishes_in",
    "with_counted",
    "withhold",
]

_NAN = float("nan")
_AGES = {name: float(n) for n, name in enumerate(v.AGE_BANDS)}
WISH_COLUMNS: Mapping[str, float] = {"wish_nice": 1 / 3, "wish_important": 2 / 3, "wish_very_important": 1.0}
"""Columns of the tokens a person wishes to share, by strength, with the importance w of domain.md C2."""
JOINT_WISHES = ("joint_wish_1", "joint_wish_2", "joint_wish_3")
_TELLING = ("open_tokens", "partner_tokens", "coordinator_tokens")
COUNTED = "counted"
"""Column of the tokens that a person allowed to be counted when groups are formed (purpose `group_balance`)."""
TOKEN_COLUMNS = ("attributes", *_TELLING, "must_share", *WISH_COLUMNS, *JOINT_WISHES, COUNTED)
"""Wide masks over the tokens of `Shared.codes["attributes"]`; `counted` is one over `Shared.codes["balance"]`."""
_JOINTLY = 2.0
"""What a wish for several things at once counts where no single wish is stronger: important."""
_OPEN_TO = {
    "open_tokens": ("members",),
    "partner_tokens": ("members", "matched_partner_after_both_accept"),
    "coordinator_tokens": ("coordinator",),
}
"""Columns of the tokens that may be told, with the audiences of the consents that open them."""
_PERSONAL = (("age_band", "age_band"), ("barriers", "barriers"))


def sensitive_columns(people: Sequence[Person], shared: Shared, consents: Consents) -> Columns:
    """Return the columns of the fields of domain.md B3, n rows each."""
    tokens: dict[str, list[list[str]]] = {name: [] for name in TOKEN_COLUMNS}
    anchors: list[list[str]] = []
    ages, wished, levels = [], [], []
    barriers = np.full((len(people), len(v.BARRIER_KINDS)), _NAN, np.float32)
    for row, person in enumerate(people):
        found = _tokens(person, shared, consents)
        for name, told_tokens in found.items():
            tokens[name].append(told_tokens)
        told = person.anchors if consents.allows(person.id, "anchors") else ()
        anchors.append([shared.hashed(word) for word in told])
        age = person.age_band
        ages.append(_AGES[age] if age is not None and consents.allows(person.id, "age_band") else _NAN)
        count, level = _weight(found, shared)
        wished.append(count)
        levels.append(level)
        if person.barriers and consents.allows(person.id, "barriers"):
            barriers[row] = 0
            for barrier in person.barriers:
                barriers[row, v.BARRIER_KINDS.index(barrier.kind)] = v.BARRIER_STRENGTHS[barrier.strength]
    columns: Columns = {name: wide(rows, shared.codes[_vocabulary(name)]) for name, rows in tokens.items()}
    return columns | {
        "anchors": wide(anchors, shared.codes["communities"]),
        "age_band": numbers(ages),
        "barriers": barriers,
        "wished": numbers(wished),
        "wish_level": numbers(levels),
    }


def _weight(tokens: Mapping[str, Sequence[str]], shared: Shared) -> tuple[float, float]:
    """How many things a person wishes to share that can be told apart, and how much; NaN where nothing (C2)."""
    wished = {token for name in (*WISH_COLUMNS, *JOINT_WISHES) for token in tokens[name]}
    if not wished:
        return _NAN, _NAN
    level = max((n for n, name in enumerate(WISH_COLUMNS, 1) if tokens[name]), default=0)
    jointly = _JOINTLY if any(tokens[name] for name in JOINT_WISHES) else 0.0
    return float(len({wished_apart(token, shared) for token in wished})), max(float(level), jointly)


def wished_apart(token: str, shared: Shared) -> str:
    """What a token is about: its dimension, and of lived experience each theme by itself."""
    dimension = token.partition(":")[0]
    return token if dimension == shared.hashed(LIVED_EXPERIENCE) else dimension


def _tokens(person: Person, shared: Shared, consents: Consents) -> dict[str, list[str]]:
    """Tokens of one person by column. Who allows nothing has none, and only own tokens can be wished for."""
    told: dict[str, list[str]] = {name: [] for name in TOKEN_COLUMNS}
    own = [(each.dimension, each.value) for each in person.attributes]
    own += [(LIVED_EXPERIENCE, theme) for theme in person.lived_experience]
    told[COUNTED] = _counted(person, own, shared, consents)
    allowed = [(dimension, value) for dimension, value in own if consents.allows_token(person.id, dimension)]
    by_word: dict[str, list[str]] = {}
    for dimension, value in allowed:
        token = shared.token(dimension, value)
        told["attributes"].append(token)
        for word in {dimension, value} if dimension == LIVED_EXPERIENCE else {dimension}:
            by_word.setdefault(word.casefold(), []).append(token)
        for column, audiences in _OPEN_TO.items():
            if consents.allows_token(person.id, dimension, "explain", audiences):
                told[column].append(token)
                shared.reveals.setdefault(token, value)
    if allowed and person.wishes and consents.allows(person.id, "wishes"):
        for wish in person.wishes:
            found = by_word.get(wish.dimension.casefold(), [])
            told[f"wish_{wish.strength}"] += found
            told["must_share"] += found if wish.must and wish.dimension.casefold() in shared.must_share else []
    if allowed and person.joint_wishes and consents.allows(person.id, "wishes"):
        for column, joint in zip(JOINT_WISHES, person.joint_wishes, strict=False):
            parts = [by_word.get(word.casefold(), []) for word in joint.dimensions]
            told[column] = [token for tokens in parts for token in tokens] if all(parts) else []
    return told


def _vocabulary(column: str) -> str:
    return "balance" if column == COUNTED else "attributes"


def _counted(person: Person, own: Sequence[tuple[str, str]], shared: Shared, consents: Consents) -> list[str]:
    """Tokens that a person allows to be counted when groups are formed; the age band is one of them."""
    age = () if person.age_band is None else ((AGE_BAND, person.age_band),)
    every = [each for each in own if each[0].casefold() != AGE_BAND]
    return [shared.token(*each) for each in (*every, *age) if consents.allows_token(person.id, each[0], BALANCE)]


def with_counted(table: Table) -> None:
    """Give people saved before anybody could be counted an empty column."""
    if COUNTED not in table.names:
        table.extend([], {COUNTED: np.zeros((len(table), 1), np.uint64)})


def withhold(table: Table, person_id: str, consents: Consents, shared: Shared) -> None:
    """Blank what a person's columns hold without a grant in force, field by field; unused words are forgotten."""
    row = table.row_of.get(person_id)
    if row is None:
        return
    kept = _mask(shared, consents, person_id, "match", ())
    for column in TOKEN_COLUMNS:
        mask = table.writable(column)[row]
        allowed = kept
        if column == COUNTED:
            allowed = _mask(shared, consents, person_id, BALANCE, (), "balance")
        elif column in _OPEN_TO:
            allowed = kept & _mask(shared, consents, person_id, "explain", _OPEN_TO[column])
        elif column != "attributes" and not consents.allows(person_id, "wishes"):
            allowed = np.zeros_like(kept)
        if column in JOINT_WISHES and (mask & ~allowed[: len(mask)]).any():
            allowed = np.zeros_like(kept)  # a wish for several things at once stands as a whole
        mask &= allowed[: len(mask)]
    words = list(shared.codes["attributes"])
    left = {name: [words[n] for n in numbers_in(table.column(name)[row])] for name in (*WISH_COLUMNS, *JOINT_WISHES)}
    table.writable("wished")[row], table.writable("wish_level")[row] = _weight(left, shared)
    for field, column in _PERSONAL:
        if not consents.allows(person_id, field):
            table.writable(column)[row] = np.nan
    if not consents.allows(person_id, "anchors"):
        table.writable("anchors")[row] = 0
    forget_words(table, shared)


def wishes_in(columns: Columns | Table, row: int) -> frozenset[tuple[str, int]]:
    """What a row wishes for: each token with the column that says how much, or how firmly."""
    found: set[tuple[str, int]] = set()
    for name in ("must_share", *WISH_COLUMNS, *JOINT_WISHES):
        column = columns.column(name) if isinstance(columns, Table) else columns[name]
        found.update((name, number) for number in numbers_in(column[row]))
    return frozenset(found)


def forget_words(table: Table, shared: Shared) -> None:
    """Drop the words of tokens that nobody any longer allows to be told."""
    if not shared.reveals:
        return
    told: set[int] = set()
    for name in _TELLING:
        told.update(numbers_in(np.bitwise_or.reduce(table.column(name)[table.alive], axis=0, initial=0)))
    for token in [t for t in shared.reveals if shared.codes["attributes"].get(t, -1) not in told]:
        del shared.reveals[token]


def numbers_in(mask: NDArray[np.uint64]) -> list[int]:
    """Numbers of the tokens in a mask (W,), ascending."""
    bits = np.unpackbits(np.ascontiguousarray(mask).view(np.uint8), bitorder="little")
    found: list[int] = np.flatnonzero(bits).tolist()
    return found


def _mask(
    shared: Shared,
    consents: Consents,
    person_id: str,
    purpose: str,
    audiences: Iterable[str],
    vocabulary: str = "attributes",
) -> NDArray[np.uint64]:
    """All tokens of dimensions that a person's grants allow, as a mask (W,)."""
    codes = shared.codes[vocabulary]
    dimensions = {shared.hashed(name) for name in consents.dimensions(person_id, purpose, tuple(audiences))}
    everything = consents.allows(person_id, "attributes", purpose, tuple(audiences))
    apart = {shared.hashed(LIVED_EXPERIENCE)}
    if purpose == BALANCE:
        apart.add(shared.hashed(AGE_BAND))
        dimensions |= {shared.hashed(AGE_BAND)} if consents.allows(person_id, AGE_BAND, BALANCE) else set()
    allowed: list[Any] = [
        number
        for token, number in codes.items()
        if (head := token.partition(":")[0]) in dimensions or (everything and head not in apart)
    ]
    mask = np.zeros(max(1, -(-len(codes) // 64)), np.uint64)
    for number in allowed:
        mask[number // 64] |= np.uint64(1 << (number % 64))
    return mask
