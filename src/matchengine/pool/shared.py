"""What the tables of a pool share: vocabularies, calendar, places, the programme's key; and how words become masks."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.arrays import Codes, forked
from matchengine.pool.calendar import Calendar
from matchengine.pool.places import Places
from matchengine.pool.text import primary_language
from matchengine.records import LanguageAbility
from matchengine.records import vocabulary as v

__all__ = ["Columns", "Shared", "bits_of", "language_levels", "numbers", "uint32", "wide"]

Columns = dict[str, NDArray[Any]]
_LEVELS = {name: n for n, name in enumerate(v.LANGUAGE_LEVELS, 1)}
_KEY_BYTES = 32
_WISHES: dict[str | None, int] = {"prefer": 1, "learn": 2}


class Shared:
    """Vocabularies, calendar, places and key that all tables of a pool share.

    Words that could reveal something about a person (attributes, lived experience, communities) are stored as hashes
    under a key of the programme, so that a column or a scorer knows equality but no meaning; `reveals` keeps the words
    of those tokens alone that somebody allowed to be told. `must_share` are the dimensions that a person may demand.
    """

    OPEN = ("values", "fields", "attributes", "communities", "languages", "households", "tags", "concepts", "balance")

    def __init__(
        self,
        calendar: Calendar,
        places: Places | None = None,
        words: Mapping[str, Sequence[str]] | None = None,
        key: bytes | None = None,
    ):
        self.calendar = calendar
        self.places = places or Places()
        self.key = key or secrets.token_bytes(_KEY_BYTES)
        self.reveals: dict[str, str] = {}
        self.must_share: frozenset[str] = frozenset()
        self.codes: dict[str, Codes] = {name: Codes() for name in self.OPEN}
        for name, known in (words or {}).items():
            self.codes[name] = Codes({word: number for number, word in enumerate(known)})

    def fork(self) -> Shared:
        """Return the same vocabularies, calendar and places, to grow apart from these."""
        made = forked(self)
        made.calendar, made.places = forked(self.calendar), forked(self.places)
        made.codes = {name: Codes(codes) for name, codes in self.codes.items()}
        return made

    def hashed(self, word: str) -> str:
        """Return a word as 16 hexadecimal digits under the programme's key; small and capital letters are one."""
        return _hashed(self.key, word.casefold())

    def token(self, dimension: str, value: str) -> str:
        """Return what stands for one value of one dimension: the hash of either, with a colon between."""
        return f"{self.hashed(dimension)}:{self.hashed(value)}"


@lru_cache(maxsize=65_536)
def _hashed(key: bytes, word: str) -> str:
    return blake2b(word.encode(), digest_size=8, key=key).hexdigest()


def bits_of(vocabulary: Any) -> Callable[[Iterable[str | None]], int]:
    """Return a function from words to a bit mask, remembering what it has seen."""
    places = {word: 1 << n for n, word in enumerate(get_args(vocabulary) or vocabulary)}
    memo: dict[tuple[str | None, ...], int] = {}

    def mask(words: Iterable[str | None]) -> int:
        key = tuple(words)
        found = memo.get(key)
        if found is None:
            found = memo[key] = sum(places[word] for word in set(key) if word is not None)
        return found

    return mask


def uint32(values: list[int]) -> NDArray[np.uint32]:
    """Bit masks of closed vocabularies, shape (n,)."""
    return np.array(values, np.uint32)


def numbers(values: Sequence[float | None]) -> NDArray[np.float32]:
    """Numbers of shape (n,); None becomes NaN."""
    return np.array(values, np.float32)


def wide(rows: Sequence[Sequence[str]], codes: Codes) -> NDArray[np.uint64]:
    """Open vocabularies as bit masks of shape (n, W)."""
    entries = [(row, codes[word.casefold()]) for row, words in enumerate(rows) for word in words]
    out = np.zeros((len(rows), max(1, -(-len(codes) // 64))), np.uint64)
    if entries:
        row, code = np.array(entries).T
        np.bitwise_or.at(out, (row, code // 64), np.uint64(1) << (code % 64).astype(np.uint64))
    return out


def language_levels(rows: Sequence[Sequence[LanguageAbility]], codes: Codes) -> tuple[NDArray[Any], ...]:
    """Levels of shape (n, L), 0 = not spoken or avoided, and which languages are preferred, and are to be learnt."""
    entries = [
        (row, codes[primary_language(ability.tag)], _LEVELS[ability.level], _WISHES.get(ability.wish, 0))
        for row, abilities in enumerate(rows)
        for ability in abilities
        if ability.wish != "avoid"
    ]
    levels = np.zeros((len(rows), max(1, len(codes))), np.int8)
    wishes = np.zeros_like(levels)
    if entries:
        row, code, level, wish = np.array(entries).T
        np.maximum.at(levels, (row, code), level.astype(np.int8))
        wishes[row, code] = wish
    return levels, wishes == _WISHES["prefer"], wishes == _WISHES["learn"]
