"""The distinct texts of one side, who holds each, and how close two sets of texts are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray
from matchengine.pool.pool import Pool
from matchengine.pool.text import TextField

__all__ = ["Texts", "closeness", "texts_of", "unread"]


@dataclass(frozen=True)
class Texts:
    """N distinct items of a side, an item being a text of a field with its concept.

    Attributes
    ----------
    fields : tuple of str
        Short name of the field of each item, such as `needs`.
    words : scipy sparse array (N, W)
        Unit rows of word weights.
    vectors, known : float32 (N, d), bool (N,)
        Unit vectors; rows of zeros where the embedder does not know the language.
    languages, concepts : int arrays (N,)
        Codes; -1 for no concept.
    holders : scipy sparse array (rows of the side, N)
        1 where a row has the item.
    """

    texts: tuple[str, ...]
    fields: tuple[str, ...]
    words: Any
    vectors: NDArray[np.float32]
    known: BoolArray
    languages: IntArray
    concepts: IntArray
    holders: Any

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, items: IntArray) -> Texts:
        """Return some of the items."""
        chosen = items.tolist()
        return Texts(
            tuple(self.texts[n] for n in chosen),
            tuple(self.fields[n] for n in chosen),
            self.words[items],
            self.vectors[items],
            self.known[items],
            self.languages[items],
            self.concepts[items],
            self.holders[:, items],
        )


def texts_of(pool: Pool, table: str, names: Sequence[str], rows: IntArray) -> Texts:
    """Gather the items of some rows in some text fields, in an order that follows from the texts alone."""
    parts = [_of_field(pool, f"{table}.{name}", rows) for name in names]
    made = _together([part for part in parts if len(part)], len(rows), pool.embedder.dimension, len(pool.lexicon))
    order = sorted(range(len(made)), key=lambda n: (made.texts[n], made.fields[n], int(made.concepts[n] >= 0)))
    return made.take(np.array(order, np.int64))


def _of_field(pool: Pool, key: str, rows: IntArray) -> Texts:
    from scipy.sparse import csr_array

    field = pool.fields[key]
    items = field.items
    entries = items.entries(rows)
    holder = np.repeat(np.arange(len(rows)), items.counts(rows))
    pairs = np.stack([items.text[entries], items.concept[entries]], axis=1).astype(np.int64)
    distinct, item = np.unique(pairs, axis=0, return_inverse=True)
    texts, concepts = distinct[:, 0], distinct[:, 1]
    position, words, weights = field.words.rows(texts)
    holders = csr_array((np.ones(len(item), np.float32), (holder, item.reshape(-1))), shape=(len(rows), len(texts)))
    holders.data[:] = 1
    return Texts(
        tuple(field.texts[n] for n in texts.tolist()),
        (key.partition(".")[2],) * len(texts),
        csr_array((weights, (position, words)), shape=(len(texts), len(pool.lexicon))),
        _vectors(pool, field, texts),
        field.known[texts],
        field.language_codes[texts],
        concepts,
        holders,
    )


def _vectors(pool: Pool, field: TextField, texts: IntArray) -> NDArray[np.float32]:
    out = np.zeros((len(texts), pool.embedder.dimension), np.float32)
    known = field.known[texts]
    if known.any():
        out[known] = pool.vectors(field, texts[known])
    return out


def _together(parts: list[Texts], rows: int, dimension: int, words: int) -> Texts:
    from scipy.sparse import csr_array, hstack, vstack

    if not parts:
        none, flags = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        vectors = np.zeros((0, dimension), np.float32)
        return Texts((), (), csr_array((0, words)), vectors, flags, none, none, csr_array((rows, 0)))
    return Texts(
        tuple(text for part in parts for text in part.texts),
        tuple(name for part in parts for name in part.fields),
        vstack([part.words for part in parts], format="csr"),
        np.concatenate([part.vectors for part in parts]),
        np.concatenate([part.known for part in parts]),
        np.concatenate([part.languages for part in parts]),
        np.concatenate([part.concepts for part in parts]),
        hstack([part.holders for part in parts], format="csc"),
    )


def closeness(pool: Pool, left: Texts, right: Texts, semantic: float, lexical: float) -> NDArray[np.float32]:
    """Similarity of every left with every right item, float32 (L, R) in [0, 1], as scorers see it; unknown is 0.

    Parameters
    ----------
    semantic, lexical : float
        Weights of the two kinds of evidence, as `retrieve` of the configuration gives them.
    """
    phi = np.asarray(pool.calibration.phi(left.vectors @ right.vectors.T), np.float32)
    phi[~left.known] = 0
    phi[:, ~right.known] = 0
    words = np.clip((left.words @ right.words.T).toarray() / np.float32(pool.lexical_high), 0, 1).astype(np.float32)
    words[left.languages[:, None] != right.languages] = 0
    if not lexical or not semantic:
        out = phi if semantic else words
    else:
        out = 1 - (1 - np.float32(semantic) * phi) * (1 - np.float32(lexical) * words)
    out[(left.concepts[:, None] == right.concepts) & (left.concepts >= 0)[:, None]] = 1
    return out


def unread(pool: Pool, table: str, names: Sequence[str], rows: IntArray) -> tuple[int, int]:
    """Count the items of some rows in some text fields, and those in a language that the embedder does not read."""
    total = not_read = 0
    for name in names:
        field = pool.fields[f"{table}.{name}"]
        known = field.known[field.items.text[field.items.entries(rows)]]
        total += len(known)
        not_read += int(np.count_nonzero(~known))
    return total, not_read
