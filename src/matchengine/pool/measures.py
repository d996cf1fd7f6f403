"""What a programme measured over everybody when it was loaded: weights of words, what is similar, average scores.

It belongs to the store, so that whoever reads the store anew gives the same numbers as whoever was there all along.
Words lie in it as keyed hashes: nobody can read them, and with the key only ask of a known word whether it is there.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matchengine.errors import StoreError
from matchengine.i18n import _

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["LARGEST", "Measures"]

FORM = 1
"""Raised whenever words are cut or weighed in another way, so that nothing measured earlier is used."""
LARGEST = 1 << 28
"""Characters of a document at most: about sixteen million words."""
_HEAVIEST = 100.0
HASHES = NDArray[np.uint64]


@dataclass(frozen=True)
class Measures:
    """What was measured over everybody at one moment.

    Attributes
    ----------
    key : bytes
        Under which words are hashed; never written.
    model : str
        Fingerprint of the model whose cosines were measured; empty where there was no text.
    made_for : str
        Hash of what else has a part in words and vectors.
    low, high, lexical_high : float
        What counts as similar, in meaning and in words (domain.md C0).
    new_word : float
        Weight of a word that was not there.
    texts : int
        How many texts there were.
    words : uint64 array (W,)
        Keyed hash of each word in its language, ascending.
    weights : float32 array (W,)
        Its weight.
    neutral : mapping
        For each kind of match the score of an average pair, 0 to 1.
    asked_by : str
        Hash of everything that has a part in how pairs are scored; under another one `neutral` does not count.
    """

    key: bytes = field(repr=False)
    model: str
    made_for: str
    low: float
    high: float
    lexical_high: float
    new_word: float
    texts: int
    words: HASHES
    weights: NDArray[np.float32]
    neutral: Mapping[str, float] = field(default_factory=dict)
    asked_by: str = ""

    @classmethod
    def of(cls, pool: Pool, key: bytes, made_for: str = "") -> Measures:
        """Return what a pool measured that was just loaded; `key` has 32 bytes."""
        lexicon = pool.lexicon
        numbered = sorted(lexicon.numbered())
        words, numbers = np.unique(_hashed(key, [(tag, word) for _number, tag, word in numbered]), return_index=True)
        weights = lexicon.weights(numbers)
        low, high = pool.calibration
        texts = sum(len(of.texts) for of in pool.fields.values())
        measured = (low, high, pool.lexical_high, lexicon.new_word_weight, texts)
        return cls(key, pool.model, made_for, *measured, words, weights)

    def weigh(self, words: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return weights (n,) of words, each given with its language before it; new ones get `new_word`."""
        asked, out = _hashed(self.key, words), np.full(len(words), self.new_word, np.float32)
        if len(self.words):
            at = np.minimum(np.searchsorted(self.words, asked), len(self.words) - 1)
            there = self.words[at] == asked
            out[there] = self.weights[at[there]]
        return out

    def only(self, words: Collection[tuple[str, str]]) -> Measures:
        """Return the same without all other words; the weights of those that stay do not change."""
        kept = np.isin(self.words, _hashed(self.key, [*words]))
        return self if kept.all() else replace(self, words=self.words[kept], weights=self.weights[kept])

    def holds(self, word: str, language: str) -> bool:
        """Whether a word of `matchengine.pool.lexicon.words_of` is among them."""
        return bool(np.isin(_hashed(self.key, [(language, word)]), self.words)[0])

    def fits(self, model: str, made_for: str) -> bool:
        """Whether a pool with this model and this reading of texts may go by them."""
        return self.model in ("", model) and self.made_for == made_for

    def agrees(self, pool: Pool) -> bool:
        """Whether a pool goes by them, as far as its few numbers tell."""
        own = (*pool.calibration, pool.lexical_high, pool.lexicon.new_word_weight)
        return own == (self.low, self.high, self.lexical_high, self.new_word)

    # ------------------------------------------------------------------ as a document

    def to_json(self) -> str:
        """Return a document that holds everything but the key."""
        return json.dumps({
            "form": FORM, "key": _check(self.key), "model": self.model, "made_for": self.made_for,
            "low": self.low, "high": self.high, "lexical_high": self.lexical_high,
            "new_word": self.new_word, "texts": self.texts,
            "words": _packed(self.words, "<u8"), "weights": _packed(self.weights, "<f4"),
            "neutral": dict(self.neutral), "asked_by": self.asked_by,
        })  # fmt: skip

    @classmethod
    def from_json(cls, document: str, key: bytes) -> Measures | None:
        """Undo `to_json`; None where it was made in another form or under another key, so that none of it counts.

        Raises
        ------
        StoreError
            Where the document is damaged or far too large; nothing of it is repeated.
        """
        if len(document) > LARGEST:
            raise _damaged()
        try:
            told = json.loads(document)
            if told["form"] != FORM or told["key"] != _check(key):
                return None
            low, high, lexical_high, new_word = map(_number, map(told.get, ("low", "high", "lexical_high", "new_word")))
            made = cls(
                key,
                _text(told["model"]),
                _text(told["made_for"]),
                low,
                high,
                lexical_high,
                new_word,
                _whole(told["texts"]),
                _unpacked(told["words"], "<u8").astype(np.uint64),
                _unpacked(told["weights"], "<f4").astype(np.float32),
                {_text(name): _number(value) for name, value in told["neutral"].items()},
                _text(told["asked_by"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged() from error
        if not made._possible():
            raise _damaged()
        return made

    def _possible(self) -> bool:
        weights, words = self.weights, self.words
        return (
            -1 <= self.low < self.high <= 2
            and 0 < self.lexical_high <= 1
            and 0 < self.new_word < _HEAVIEST
            and len(words) == len(weights)
            and bool((words[1:] > words[:-1]).all())
            and bool((np.isfinite(weights) & (weights >= 0) & (weights < _HEAVIEST)).all())
            and all(0 <= value <= 1 for value in self.neutral.values())
        )


def _hashed(key: bytes, words: Sequence[tuple[str, str]]) -> HASHES:
    begun = blake2b(key=key, digest_size=8, person=b"words")
    digests = bytearray()
    for language, word in words:
        one = begun.copy()
        one.update(f"{language}\x00{word}".encode("utf-8", "surrogatepass"))
        digests += one.digest()
    return np.frombuffer(bytes(digests), "<u8").astype(np.uint64)


def _check(key: bytes) -> str:
    return blake2b(b"matchengine", key=key, digest_size=8, person=b"which key").hexdigest()


def _packed(values: NDArray[Any], form: DTypeLike) -> str:
    return base64.b64encode(np.ascontiguousarray(values, form).tobytes()).decode()


def _unpacked(coded: object, form: DTypeLike) -> NDArray[Any]:
    try:
        return np.frombuffer(base64.b64decode(_text(coded), validate=True), form)
    except binascii.Error as error:
        raise ValueError from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return value


def _damaged() -> StoreError:
    return StoreError(_("store: what was measured over everybody is damaged"))
