"""The key of a store: made once, for its owner alone, and never quietly replaced by another one."""

from __future__ import annotations

import base64
import shutil
import stat
import threading
from pathlib import Path

import pytest
from tests.support import config, mentee, mentor, over

from matchengine.engine import Engine
from matchengine.errors import DataError, StoreError
from matchengine.records import Person
from matchengine.store.bond import BOND, bond_of, mark_folder, refuse_strangers, renew_key
from matchengine.store.memory import MemoryStore
from matchengine.store.secret import KEY_VARIABLE, key_in, key_of
from matchengine.store.stores import open_store

BY = {"why": "asked for it", "by": "coordinator:7"}
OTHER = base64.b64encode(b"e" * 32).decode()


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


# ---------------------------------------------------------------------- no other key, no other store's folder


def begun(place: Path, *, files: Path | None = None) -> Engine:
    """Return an engine over a new store with four people."""
    made = over(place, config(), files=files)
    made.load(people=[mentee("a0"), mentee("a1"), mentor("m0"), mentor("m1")])
    return made


def ids(made: Engine) -> set[str]:
    return set(made._pool.tables["people"].row_of)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_key_that_is_lost_is_not_replaced_by_a_new_one(tmp_path: Path, read_only: bool) -> None:
    with begun(tmp_path / "a.db") as made:
        made.erase("a1", **BY)
    (tmp_path / "a.db-files").rename(tmp_path / "away")
    with pytest.raises(StoreError, match=r"missing.*files=.*MATCHENGINE_STORE_KEY.*lost for good"):
        over(tmp_path / "a.db", read_only=read_only)
    assert not (tmp_path / "a.db-files" / "key").exists()
    shutil.rmtree(tmp_path / "a.db-files", ignore_errors=True)
    (tmp_path / "away").rename(tmp_path / "a.db-files")
    with over(tmp_path / "a.db") as made, pytest.raises(DataError, match="erased"):
        made.upsert(Person.model_validate(mentee("a1")))


def test_a_job_without_the_key_of_the_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as host:
        host.setenv(KEY_VARIABLE, OTHER)
        begun(tmp_path / "a.db").close()
    with pytest.raises(StoreError, match="missing"):
        over(tmp_path / "a.db")
    key_in(tmp_path / "a.db-files")
    with pytest.raises(StoreError, match=r"a\.db-files/key: this is not the key"):
        over(tmp_path / "a.db")
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(b"f" * 32).decode())
    with pytest.raises(StoreError, match=f"{KEY_VARIABLE}: this is not the key"):
        over(tmp_path / "a.db")
    monkeypatch.setenv(KEY_VARIABLE, OTHER)
    with over(tmp_path / "a.db") as made:
        assert ids(made) >= {"a0", "a1"}


def test_a_job_that_does_not_know_the_folder_of_the_host_is_refused(tmp_path: Path) -> None:
    begun(tmp_path / "a.db", files=tmp_path / "secure").close()
    with pytest.raises(StoreError, match="missing"):
        over(tmp_path / "a.db")
    over(tmp_path / "a.db", files=tmp_path / "secure").close()


def test_a_folder_has_the_list_of_one_store(tmp_path: Path) -> None:
    with begun(tmp_path / "a.db", files=tmp_path / "secure") as first:
        with pytest.raises(StoreError, match=r"store-main: this folder belongs to another store"):
            over(tmp_path / "b.db", config(), files=tmp_path / "secure")
        begun(tmp_path / "b.db").close()
        for read_only in (False, True):
            with pytest.raises(StoreError, match="another store"):
                over(tmp_path / "b.db", files=tmp_path / "secure", read_only=read_only)
        other = over(tmp_path / "b.db", config(), files=tmp_path / "secure", programme="other")
        other.close()  # it has a list of its own
        assert "a1" in ids(first)
    assert stat.S_IMODE((tmp_path / "secure" / "store-main").stat().st_mode) == 0o600
    over(tmp_path / "a.db", files=tmp_path / "secure").close()


def test_two_stores_may_have_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, OTHER)
    for name in ("a.db", "b.db"):
        begun(tmp_path / name).close()
        over(tmp_path / name).close()


@pytest.mark.filterwarnings("ignore::matchengine.store.cache.CacheWarning")
def test_what_was_put_back_is_opened_and_what_was_copied_as_a_whole(tmp_path: Path) -> None:
    place, files = tmp_path / "a.db", tmp_path / "a.db-files"
    begun(place).close()
    (tmp_path / "early").mkdir()
    shutil.copy(place, tmp_path / "early" / "a.db")
    shutil.copytree(files, tmp_path / "early" / "files")
    with over(place) as made:
        made.erase("a1", **BY)
    shutil.copy(tmp_path / "early" / "a.db", place)  # the database alone
    with over(place) as made:
        assert "a1" not in ids(made)
    shutil.rmtree(files)
    shutil.copytree(tmp_path / "early" / "files", files)  # the folder alone
    with over(place) as made:
        assert "a1" not in ids(made)
    shutil.copy(place, tmp_path / "c.db")
    shutil.copytree(files, tmp_path / "c.db-files")
    with over(tmp_path / "c.db") as made:
        assert "a1" not in ids(made)
    place.unlink()  # all of the database is lost; who was erased is still known
    with over(place, config()) as made, pytest.raises(DataError, match="erased"):
        made.upsert(Person.model_validate(mentee("a1")))


def test_a_store_of_before_is_bound_by_who_writes_to_it(tmp_path: Path) -> None:
    """A reader changes nothing; a folder without the file gets it."""
    begun(tmp_path / "a.db").close()
    store = open_store(tmp_path / "a.db", "main")
    renew_key(store, "main")
    store.close()
    (tmp_path / "a.db-files" / "store-main").unlink()
    reader = over(tmp_path / "a.db", read_only=True)
    assert reader._keeper is not None
    assert " " not in (reader._keeper.setting(BOND) or " ")
    reader.close()
    assert not (tmp_path / "a.db-files" / "store-main").exists()
    with over(tmp_path / "a.db") as made:
        assert made._keeper is not None
        name, known = (made._keeper.setting(BOND) or "").split()
        assert (tmp_path / "a.db-files" / "store-main").read_text(encoding="ascii") == name
        assert len(known) == 64


@pytest.mark.filterwarnings("ignore::matchengine.store.cache.CacheWarning")
def test_a_key_that_is_lost_for_good_can_be_renewed(tmp_path: Path) -> None:
    begun(tmp_path / "a.db").close()
    (tmp_path / "a.db-files" / "key").unlink()
    store = open_store(tmp_path / "a.db", "main")
    renew_key(store, "main")
    assert [line.event.action for line in store.audit("main")][-1] == "changed"
    store.close()
    for _each in range(2):
        with over(tmp_path / "a.db") as made:
            assert made.verify_audit() is None


def test_what_is_kept_of_a_key_tells_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, OTHER)
    first, second = (bond_of(MemoryStore(), "main") for _each in range(2))
    assert first.split()[0] != second.split()[0]
    assert first.split()[1] != second.split()[1]
    store = MemoryStore()
    refuse_strangers(store, "main")
    mark_folder(store, "main")
    assert store.position("main").generation == 0
