"""Random commits, and how two stores that were given the same ones are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from matchengine.store.audit import first_break
from matchengine.store.base import Change, Commit, Entry, Event, Store, VectorRows

__all__ = ["KINDS", "LONG_AGO", "MODELS", "NOON", "PEOPLE", "differences", "key_of", "random_commit", "vector_rows"]

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
"""The moment from which random documents expire: some before it, some after."""
LONG_AGO = datetime(2020, 2, 29, 23, 59, 59, 999_999, UTC)
"""When some random documents were written first."""
KINDS = ("person", "relationship", "setting", "it's; DROP TABLE record --")
PEOPLE = ("ana", "Ana", "bo%", "b_", "Ω", "🜁", "'", '"', "\\", "a b")
MODELS = ("words", "words ", "w'")
_DIMENSION = 8


def key_of(number: int) -> bytes:
    """Return the key of a made-up text, 32 bytes."""
    return bytes([number % 256]) * 32


def vector_rows(model: str, numbers: list[int], salt: int = 0) -> VectorRows:
    """Return vectors of made-up texts; `salt` makes others of the same texts."""
    keys = np.frombuffer(b"".join(map(key_of, numbers)), np.uint8).reshape(-1, 32)
    rng = np.random.default_rng([salt, *numbers])
    vectors = rng.standard_normal((len(numbers), _DIMENSION)).astype(np.float32)
    return VectorRows(model, keys, vectors, np.array([number % 2 == 0 for number in numbers], np.bool_))


def random_commit(seed: int) -> Commit:
    """Return a commit of a few documents, vectors and events, sometimes with something that deletes."""
    rng = np.random.default_rng(seed)

    def some(values: tuple[str, ...], most: int) -> tuple[str, ...]:
        return tuple(str(value) for value in rng.choice(values, rng.integers(0, most + 1)))

    def change() -> Change:
        kind, id = some(KINDS, 1) or (KINDS[0],), some(PEOPLE, 1) or (PEOPLE[0],)
        if rng.random() < 0.25:
            return Change(kind[0], id[0], None)
        expires = NOON + timedelta(hours=int(rng.integers(-3, 4))) if rng.random() < 0.3 else None
        written = LONG_AGO if rng.random() < 0.3 else None
        return Change(kind[0], id[0], f'{{"n":{seed},"é":"{id[0]}"}}', some(PEOPLE, 3), expires, written)

    often = rng.random(6)
    texts = [int(n) for n in rng.integers(0, 8, rng.integers(0, 4))]
    return Commit(
        forget=some(PEOPLE, 2) if often[0] < 0.15 else (),
        purge_until=NOON + timedelta(hours=int(rng.integers(-3, 4))) if often[1] < 0.15 else None,
        replace=some(KINDS, 2) if often[2] < 0.15 else (),
        changes=[change() for _each in range(int(rng.integers(0, 6)))],
        vectors=[vector_rows(str(rng.choice(MODELS)), texts, seed)] if often[3] < 0.5 else [],
        only_vectors={MODELS[0]: {key_of(n) for n in texts}, MODELS[1]: set()} if often[4] < 0.1 else None,
        events=[Event("host:1", "changed", some(PEOPLE, 2), {"b": "2", "a": "1"}, "wanted")] * int(rng.integers(0, 3)),
        new_epoch=bool(often[5] < 0.1),
    )


def differences(left: Store, right: Store, programme: str) -> Iterator[str]:
    """Yield what two stores say differently about a programme."""
    if left.position(programme) != right.position(programme):
        yield f"position: {left.position(programme)} and {right.position(programme)}"
    last = right.position(programme).generation
    asked: list[Mapping[str, Any]] = [
        {},
        *({"since": since} for since in {1, last // 2, last - 1} if since > 0),
        *({"kinds": (kind,)} for kind in KINDS),
        {"kinds": KINDS[:2], "ids": PEOPLE[:3]},
        {"ids": ()},
        {"ids": PEOPLE[::2], "since": last // 2},
        *({"involving": person} for person in PEOPLE),
        {"now": NOON + timedelta(hours=1)},
        {"since": 1, "now": NOON + timedelta(hours=2)},
    ]
    for question in asked:
        told = {"now": NOON} | dict(question)
        if _told(left, programme, told) != _told(right, programme, told):
            yield f"entries({', '.join(f'{name}={value!r}' for name, value in told.items())})"
    for model in MODELS:
        if _vectors(left, programme, model) != _vectors(right, programme, model):
            yield f"vectors of model {model!r}"
    lines = [[*store.audit(programme)] for store in (left, right)]
    if [line.event for line in lines[0]] != [line.event for line in lines[1]]:
        yield "events on record"
    if any(first_break(each) is not None for each in lines):
        yield "a chain of events that is broken"


def _told(store: Store, programme: str, question: Mapping[str, Any]) -> list[Entry]:
    """Return what is told, less when it was written by the clock of its commit."""
    found = store.entries(programme, **question)
    return [entry if entry.written_at == LONG_AGO else entry._replace(written_at=NOON) for entry in found]


def _vectors(store: Store, programme: str, model: str) -> dict[bytes, tuple[bytes, bool]]:
    found = store.vectors(programme, model, vector_rows(model, [*range(8), 3, 3]).keys)
    if len({key.tobytes() for key in found.keys}) != len(found.keys):
        return {}
    rows = zip(found.keys, found.vectors, found.truncated, strict=True)
    return {key.tobytes(): (vector.tobytes(), bool(cut)) for key, vector, cut in rows}
