"""What a pool holds, as hashes: the same records give the same digits, in whatever order and under whatever key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.pool import Pool

__all__ = ["consents_digest", "data_digest", "digest_of", "rarity_digest", "vectors_digest"]

_DIGITS = 16
_PLAIN = ("values", "fields", "languages", "tags", "concepts")
"""Vocabularies whose words are plain; all others are hashed under the key of the programme."""


def digest_of(value: Any) -> str:
    """Return a hash of a plain value that JSON can hold, 16 hexadecimal digits."""
    return _short(sha256(json.dumps(value, sort_keys=True, default=str).encode()))


def data_digest(pool: Pool) -> str:
    """Hash every row that stands for somebody, its columns and texts, and every tie, by id and not by row.

    The programme's random key has no part in it; rows of people who left have none either.
    """
    digest = sha256()
    for name, table in sorted(pool.tables.items()):
        order = sorted((external, row) for external, row in table.row_of.items() if table.alive[row])
        rows = np.array([row for _external, row in order], np.int64)
        digest.update(json.dumps([name, [external for external, _row in order]]).encode())
        for column in sorted(table.names):
            digest.update(_column(pool, column, table.column(column)[rows]))
        for key, field in sorted(pool.fields.items()):
            if key.startswith(f"{name}."):
                owned = (field.items.text[field.items.of(row)].tolist() for row in rows.tolist())
                digest.update(json.dumps([key, [[field.texts[text] for text in texts] for texts in owned]]).encode())
        cards = [card.model_dump_json() for _id, card in sorted(pool.cards.get(name, {}).items())]
        digest.update(json.dumps(cards).encode())
    for name in _PLAIN:
        digest.update(json.dumps([name, sorted(pool.shared.codes[name])]).encode())
    digest.update(json.dumps(json.loads(pool.ties.to_json()), sort_keys=True).encode())
    return _short(digest)


def vectors_digest(pool: Pool) -> str:
    """Hash the vectors of all texts of people and gatherings, by text."""
    digest = sha256()
    for key, field in sorted(pool.fields.items()):
        known = np.flatnonzero(field.known)
        order = sorted(range(len(known)), key=lambda n: (field.texts[int(known[n])], field.languages[int(known[n])]))
        vectors = pool.vectors(field, known[order]) if len(known) else np.zeros((0, 0), np.float32)
        _add(digest, key, vectors)
    return _short(digest)


def consents_digest(pool: Pool) -> str:
    """Hash every grant of consent that the pool keeps."""
    grants: Iterable[str] = (grant.model_dump_json() for grant in pool.consents)
    return digest_of(sorted(grants))


def rarity_digest(pool: Pool) -> str:
    """Hash how many hold each thing that can be wished for; no word and no name has a part in it."""
    tokens = pool.derived.acting_tokens()[pool.tables["people"].alive]
    bits = np.unpackbits(tokens.view(np.uint8), axis=-1).sum(axis=0) if len(tokens) else np.zeros(0, np.int64)
    return digest_of(sorted(bits[bits > 0].tolist()))


def _column(pool: Pool, name: str, values: NDArray[Any]) -> bytes:
    """A hash of a column that does not depend on the numbers which words, hours or places happened to get."""
    digest = sha256()
    if name == "availability":
        slots = pool.shared.calendar.slots
        digest.update(json.dumps([name, [slots[int(number)] for number in values]]).encode())
    elif name == "place":
        digest.update(json.dumps([name, [pool.shared.places.keys[int(number)] for number in values]]).encode())
    elif name == "household":
        first = {number: place for place, number in reversed(list(enumerate(values.tolist())))}
        _add(digest, name, np.array([first[number] if number >= 0 else -1 for number in values.tolist()], np.int64))
    elif values.ndim == 2 and values.dtype.kind in "bui":
        whole = np.ascontiguousarray(values)
        words = np.unpackbits(whole.view(np.uint8), axis=1) if values.dtype == np.uint64 else whole
        holders = words[:, words.any(axis=0)].T
        digest.update(b"".join([name.encode(), *sorted(sha256(of.tobytes()).digest() for of in holders)]))
    else:
        _add(digest, name, values)
    return digest.digest()


def _add(digest: Any, name: str, array: NDArray[Any]) -> None:
    whole = np.ascontiguousarray(array)
    digest.update(f"{name} {whole.dtype} {whole.shape}".encode())
    digest.update(whole.tobytes())


def _short(digest: Any) -> str:
    digits: str = digest.hexdigest()[:_DIGITS]
    return digits
