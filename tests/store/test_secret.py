"""The key of a store: made once, for its owner alone, and never quietly replaced by another one."""

from __future__ import annotations

import base64
import stat
import threading
from pathlib import Path

import pytest

from matchengine.errors import StoreError
from matchengine.store.memory import MemoryStore
from matchengine.store.secret import KEY_VARIABLE, key_in, key_of
from matchengine.store.stores import open_store


@pytest.fixture(autouse=True)
def _no_key_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    files = tmp_path / "files"
    key = key_in(files)
    assert len(key) == 32
    assert key_in(files) == key
    assert [path.name for path in files.iterdir()] == ["key"]
    assert stat.S_IMODE((files / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(files.stat().st_mode) == 0o700
    assert key_in(tmp_path / "other") != key


def test_two_that_make_it_at_once_go_on_with_the_same(tmp_path: Path) -> None:
    found: list[bytes] = []
    begin = threading.Barrier(8)

    def make() -> None:
        begin.wait()
        found.append(key_in(tmp_path / "files"))

    threads = [threading.Thread(target=make) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("content", [b"", b"short", b"k" * 33])
def test_a_damaged_key_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    key_in(tmp_path)
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        key_in(tmp_path)
    assert (tmp_path / "key").read_bytes() == content


def test_a_store_in_a_file_has_its_key_beside_it(tmp_path: Path) -> None:
    keys = []
    for _each in range(2):
        store = open_store(tmp_path / "a.db", "main")
        keys.append(key_of(store))
        store.close()
    assert keys[0] == keys[1] == (tmp_path / "a.db-files" / "key").read_bytes()


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path / "a.db", "main")
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(b"e" * 32).decode())
    assert key_of(store) == b"e" * 32
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    with pytest.raises(StoreError, match=KEY_VARIABLE) as refused:
        key_of(store)
    assert "secret" not in str(refused.value)
    store.close()


def test_a_store_in_memory_keeps_its_key_as_long_as_it_lives() -> None:
    store = MemoryStore()
    assert key_of(store) == key_of(store)
    assert key_of(store) != key_of(MemoryStore())


def test_a_store_that_lasts_without_a_key_is_refused() -> None:
    class Elsewhere:
        """A store with no folder of its own."""

    with pytest.raises(StoreError, match="files="):
        key_of(Elsewhere())  # type: ignore[arg-type]
