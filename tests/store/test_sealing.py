"""Encryption at rest (SEC26): nothing readable in any file, no row in the place of another, keys that change."""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchengine.errors import ConfigError, MissingExtraError, StoreError
from matchengine.store.audit import find_break
from matchengine.store.base import Change, Commit, VectorRows
from matchengine.store.recording import noted_head
from matchengine.store.sealing import (
    KEYS_VARIABLE,
    Keys,
    Open,
    Sealed,
    key_id_of,
    keys_from_text,
    new_key,
    sealer_with,
)
from matchengine.store.sql.store import SqlStore
from matchengine.store.stores import open_store
from matchengine.store.upkeep import reseal

ONE, TWO = {"one": b"1" * 32}, {"two": b"2" * 32}
CANARIES = [f"canary-{n:03d}-{'x' * 20}" for n in range(200)]


def opened(path: Path, keys: Keys | None, *, takes_plain: bool = False, **options: Any) -> SqlStore:
    sealer = Open() if keys is None else Sealed(keys, takes_plain=takes_plain)
    store = open_store(path, "main", sealer=sealer, **options)
    assert isinstance(store, SqlStore)
    return store


def vectors(seed: int = 0, count: int = 50) -> VectorRows:
    draw = np.random.default_rng(seed)
    made = draw.standard_normal((count, 16)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return VectorRows("model", draw.integers(0, 256, (count, 32), np.uint8), made, np.zeros(count, np.bool_))


def documents() -> list[Change]:
    return [
        Change("person", f"p{n}", f'{{"id":"p{n}","goal":"{word}"}}', (f"p{n}",)) for n, word in enumerate(CANARIES)
    ]


def filled(path: Path, keys: Keys | None) -> VectorRows:
    rows = vectors()
    store = opened(path, keys)
    store.write("main", Commit(changes=documents(), vectors=(rows,)))
    store.close()
    return rows


def bytes_of(folder: Path) -> bytes:
    """Everything in every file under a folder."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def found_in(data: bytes, rows: VectorRows) -> int:
    """How many of the canaries, vectors and hashes of texts stand readable in bytes."""
    wanted = [word.encode() for word in CANARIES]
    wanted += [row.tobytes()[at : at + 16] for row in rows.vectors for at in (0, 16, 48)]
    wanted += [key.tobytes() for key in rows.keys]
    return sum(each in data for each in wanted)


def check_holds(store: SqlStore, rows: VectorRows) -> None:
    """What was written comes back, whatever is in the file."""
    assert {entry.document for entry in store.entries("main")} == {change.document for change in documents()}
    held = store.vectors("main", "model", rows.keys)
    at = {key.tobytes(): place for place, key in enumerate(held.keys)}
    assert len(at) == len(rows.keys) == len(held.keys)
    order = [at[key.tobytes()] for key in rows.keys]
    np.testing.assert_array_equal(held.vectors[order], rows.vectors)


# ---------------------------------------------------------------------- the sealer alone


def test_what_is_sealed_opens_in_its_own_place_alone() -> None:
    sealer = Sealed(ONE)
    data = sealer.seal(b"told", b"place")
    assert sealer.unseal(data, b"place") == b"told"
    assert b"told" not in data
    with pytest.raises(StoreError, match="'one'"):
        sealer.unseal(data, b"elsewhere")


@pytest.mark.parametrize("length", [0, 1, 4, 10_000])
def test_anything_can_be_sealed(length: int) -> None:
    sealer, data = Sealed(ONE), os.urandom(length)
    assert sealer.unseal(sealer.seal(data, b""), b"") == data


def test_no_bit_can_be_changed_and_no_byte_be_missing() -> None:
    sealer = Sealed(ONE)
    data = sealer.seal(b"told", b"place")
    for at in range(len(data)):
        for damaged in (data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], data[:at]):
            with pytest.raises(StoreError) as refused:
                sealer.unseal(damaged, b"place")
            assert "told" not in str(refused.value)


def test_an_error_names_the_key_and_nothing_else() -> None:
    data = Sealed(ONE).seal(b"told", b"place")
    with pytest.raises(StoreError, match=r"key 'one' is not here \(there are: two\)"):
        Sealed(TWO).unseal(data, b"place")
    with pytest.raises(StoreError, match="'one'") as refused:
        Sealed({"one": b"9" * 32}).unseal(data, b"place")
    assert refused.value.__cause__ is None
    assert "told" not in str(refused.value)
    with pytest.raises(StoreError, match="'one' is not here"):
        Open().unseal(data, b"place")
    with pytest.raises(StoreError, match="not encrypted"):
        Sealed(ONE).unseal(b'{"id": 1}', b"place")


def test_no_two_nonces_are_alike() -> None:
    sealer = Sealed(ONE)
    head = len(sealer.head)
    seen = {sealer.seal(b"the same", b"place")[head : head + 12] for _each in range(10_000)}
    assert len(seen) == 10_000


def test_were_nonces_not_drawn_anew_the_same_one_would_come_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    monkeypatch.setattr("matchengine.store.sealing.os.urandom", bytes)
    sealer = Sealed(ONE)
    assert sealer.seal(b"the same", b"place") == sealer.seal(b"the same", b"place")


def test_the_hash_of_a_text_always_looks_the_same_and_can_be_found_again() -> None:
    both = Sealed({**TWO, **ONE})
    digest = os.urandom(32)
    assert Sealed(ONE).key(digest) == both.keys(digest)[1]
    assert both.key(digest) == both.keys(digest)[0] == Sealed(TWO).key(digest)
    assert digest not in both.key(digest)
    assert both.hash_behind(Sealed(ONE).key(digest), "one") == digest
    with pytest.raises(StoreError):
        both.hash_behind(Sealed(ONE).key(digest), "two")
    with pytest.raises(StoreError):
        Sealed(TWO).hash_behind(Sealed(ONE).key(digest), "one")


def test_without_keys_everything_stays_as_it_is() -> None:
    assert Open().unseal(Open().seal(b"told", b""), b"") == b"told"
    assert Open().key(b"k") == b"k"
    assert Open().keys(b"k") == (b"k",)
    assert (Open.sealed, Sealed.sealed) == (False, True)


# ---------------------------------------------------------------------- where keys come from


def test_keys_come_from_the_environment_the_first_one_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    assert isinstance(sealer_with(), Open)
    monkeypatch.setenv(KEYS_VARIABLE, f"new:{new_key()}, old:{new_key()}")
    made = sealer_with()
    assert isinstance(made, Sealed)
    assert (made.current, list(made.ids)) == ("new", ["new", "old"])
    assert key_id_of(made.seal(b"x", b"")) == "new"


def test_keys_come_from_a_key_service_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS_VARIABLE, f"new:{new_key()}")
    made = sealer_with(lambda: ONE)
    assert isinstance(made, Sealed)
    assert made.current == "one"


GOOD = base64.b64encode(b"1" * 32).decode()
SHORT = base64.b64encode(b"1" * 31).decode()


@pytest.mark.parametrize(
    "text", ["secret", "one:secret", f"one:{SHORT}", f"ONE:{GOOD}", f":{GOOD}", f"one:{GOOD}," * 2, f"one:{GOOD}!"]
)
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        keys_from_text(text)
    assert "secret" not in str(refused.value)
    assert "MTEx" not in str(refused.value)


def test_keys_given_in_code_are_checked_too() -> None:
    for bad in ({}, {"one": b"short"}, {"o n e": b"1" * 32}, {"one": "1" * 32}):
        with pytest.raises(ConfigError):
            Sealed(bad)  # type: ignore[arg-type]


def test_without_the_library_the_error_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    with pytest.raises(MissingExtraError, match=r"matchengine\[encryption\]"):
        Sealed(ONE)


# ---------------------------------------------------------------------- a store


def test_nothing_of_what_is_sealed_can_be_read_in_any_file(tmp_path: Path) -> None:
    rows = filled(tmp_path / "a.db", ONE)
    store = opened(tmp_path / "a.db", ONE)
    check_holds(store, rows)
    assert (tmp_path / "a.db-wal").exists()
    assert found_in(bytes_of(tmp_path), rows) == 0  # while the log is there
    store.close()
    assert found_in(bytes_of(tmp_path), rows) == 0


def test_without_encryption_the_same_search_finds_everything(tmp_path: Path) -> None:
    """Negative control: the search finds what there is."""
    rows = filled(tmp_path / "a.db", None)
    assert found_in(bytes_of(tmp_path), rows) > len(CANARIES)


def test_a_sealed_store_is_refused_without_its_keys(tmp_path: Path) -> None:
    rows = filled(tmp_path / "a.db", ONE)
    for keys, named in ((None, "'one' is not here"), (TWO, "'one' is not here"), ({"one": b"9" * 32}, "'one' cannot")):
        store = opened(tmp_path / "a.db", keys)
        with pytest.raises(StoreError, match=named) as refused:
            list(store.entries("main"))
        assert "canary" not in str(refused.value)
        assert not len(store.vectors("main", "model", rows.keys).keys)
        store.close()
    store = opened(tmp_path / "a.db", ONE)
    check_holds(store, rows)
    store.close()


def test_an_open_store_is_refused_with_keys(tmp_path: Path) -> None:
    filled(tmp_path / "a.db", None)
    store = opened(tmp_path / "a.db", ONE)
    with pytest.raises(StoreError, match="not encrypted"):
        list(store.entries("main"))
    store.close()


def swap(path: Path) -> None:
    """Exchange the documents of two people in the file, as somebody may who can write to it."""
    store = opened(path, None)
    record = store._tables.record
    with store._transaction("main", writes=True) as connection:
        sealed = {row.id: row.document for row in connection.execute(record.select())}
        for one, other in (("p1", "p2"), ("p2", "p1")):
            connection.execute(record.update().where(record.c.id == one).values(document=sealed[other]))
    store.close()


def test_no_row_can_take_the_place_of_another(tmp_path: Path) -> None:
    filled(tmp_path / "a.db", ONE)
    swap(tmp_path / "a.db")
    store = opened(tmp_path / "a.db", ONE)
    with pytest.raises(StoreError, match="changed or moved"):
        list(store.entries("main"))
    store.close()


def without_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal and open without the associated data."""
    seal, unseal = Sealed.seal, Sealed.unseal
    monkeypatch.setattr(Sealed, "seal", lambda self, data, _context: seal(self, data, b""))
    monkeypatch.setattr(Sealed, "unseal", lambda self, data, _context: unseal(self, data, b""))


def test_without_the_associated_data_one_could(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the place is what binds a row."""
    without_places(monkeypatch)
    filled(tmp_path / "a.db", ONE)
    swap(tmp_path / "a.db")
    store = opened(tmp_path / "a.db", ONE)
    assert len(list(store.entries("main"))) == len(CANARIES)
    store.close()


# ---------------------------------------------------------------------- rotation


def test_after_a_rotation_the_old_key_can_be_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    rows = filled(path, ONE)
    store = opened(path, {**TWO, **ONE})
    position = store.position("main")
    check_holds(store, rows)  # and nothing has to be embedded anew
    assert reseal(store, "main", chunk=7) == (len(CANARIES), len(rows.keys), "two")
    assert store.position("main") == position
    assert reseal(store, "main") == (0, 0, "two")
    (line,) = store.audit("main")
    assert (line.event.action, line.event.details["key"]) == ("resealed", "two")
    store.close()
    assert b"\x00MES\x01\x03one" not in bytes_of(tmp_path)
    store = opened(path, TWO)
    check_holds(store, rows)
    assert find_break(store.audit("main"), noted_head(store, "main")) is None
    store.close()


def test_an_open_store_becomes_a_sealed_one(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    rows = filled(path, None)
    store = opened(path, ONE, takes_plain=True)
    assert reseal(store, "main") == (len(CANARIES), len(rows.keys), "one")
    store.close()
    assert found_in(bytes_of(tmp_path), rows) == 0
    store = opened(path, ONE)
    check_holds(store, rows)
    store.close()


def interrupted(path: Path, keys: Keys, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a rotation and end it after some rows."""
    left = [after]
    seal = Sealed.seal

    def failing(self: Sealed, data: bytes, context: bytes) -> bytes:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return seal(self, data, context)

    store = opened(path, keys)
    with monkeypatch.context() as patched:
        patched.setattr(Sealed, "seal", failing)
        with pytest.raises(KeyboardInterrupt):
            reseal(store, "main", chunk=10)
    store.close()


@pytest.mark.parametrize("after", [0, 5, 25, 199, 203, 245])
def test_a_rotation_that_ended_early_goes_on_where_it_was(
    tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, both = tmp_path / "a.db", {**TWO, **ONE}
    rows = filled(path, ONE)
    interrupted(path, both, after, monkeypatch)
    store = opened(path, both)
    check_holds(store, rows)
    done = reseal(store, "main")
    assert done.documents == len(CANARIES) - min(after // 10 * 10, len(CANARIES))
    store.close()
    store = opened(path, TWO)
    check_holds(store, rows)
    store.close()


def test_a_text_that_was_embedded_anew_meanwhile_stays_once(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    rows = filled(path, ONE)
    store = opened(path, TWO)  # without the old key nothing is found, so everything is embedded and kept anew
    store.write("main", Commit(vectors=(rows,)))
    store.close()
    store = opened(path, {**TWO, **ONE})
    assert len(store.vectors("main", "model", rows.keys).keys) == len(rows.keys)
    assert reseal(store, "main").vectors == len(rows.keys)
    check_holds(store, rows)
    store.close()


def test_were_the_id_of_the_key_ignored_a_rotated_store_could_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: while both keys are in use, the id is what tells which."""
    path, both = tmp_path / "a.db", {**TWO, **ONE}
    rows = filled(path, ONE)
    monkeypatch.setattr("matchengine.store.sealing.key_id_of", lambda _data: "two")
    store = opened(path, both)
    with pytest.raises(StoreError):
        check_holds(store, rows)
    store.close()


def test_a_rotation_without_keys_or_without_the_old_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    rows = filled(path, ONE)
    for keys in (None, TWO):
        store = opened(path, keys)
        with pytest.raises(StoreError):
            reseal(store, "main")
        store.close()
    store = opened(path, ONE)
    check_holds(store, rows)
    store.close()


def test_all_of_ten_thousand_writes_have_nonces_of_their_own(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db", ONE)
    changes = [Change("setting", f"s{n}", "{}") for n in range(10_000)]
    store.write("main", Commit(changes=changes))
    record, head = store._tables.record, len(Sealed(ONE).head)
    with store._transaction("main") as connection:
        rows = connection.execute(record.select()).all()
    store.close()
    assert len({bytes(row.document)[head : head + 12] for row in rows}) == 10_000
