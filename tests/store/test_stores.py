"""Which store a location means, and every location that means none (SEC16)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from matchengine.errors import DataError, MatchEngineError, MissingExtraError, StoreError
from matchengine.store import stores
from matchengine.store.base import Change, Commit
from matchengine.store.memory import MemoryStore
from matchengine.store.secret import key_of
from matchengine.store.sql.sqlite import SqliteStore
from matchengine.store.stores import files_of, is_store, open_store, sqlite_path


@pytest.mark.parametrize(
    ("location", "store"),
    [
        ("a.db", True), ("a/b.sqlite", True), (Path("a.sqlite3"), True), ("sqlite:///a", True), ("memory:", True),
        ("postgresql://h/d", True), ("postgresql+psycopg://h/d", True), ("postgres://h/d", True), ("mysql://h/d", True),
        ("folder", False), (Path("folder/saved"), False), ("a.db/saved", False), ("sqlite", False),
    ],
)  # fmt: skip
def test_locations_of_stores_and_of_folders(location: str | Path, store: bool) -> None:
    assert is_store(location) is store


def test_a_file_and_its_url_mean_the_same_store(tmp_path: Path) -> None:
    path = tmp_path / "programme.sqlite"
    for location in (path, str(path), f"sqlite:///{path}"):
        with closing(open_store(location, "main")) as store:
            assert isinstance(store, SqliteStore)
            store.write("main", Commit(changes=[Change("person", "a", "{}")]))
    with closing(open_store(path, "main", read_only=True)) as store:
        assert store.position("main").generation == 3
    assert sqlite_path(f"sqlite:///{path}") == path
    assert sqlite_path("postgresql://h/d") is sqlite_path("memory:") is None


def test_an_open_store_stays_as_it_is() -> None:
    store = MemoryStore()
    assert open_store(store, "main") is store
    assert isinstance(open_store("memory:", "main"), MemoryStore)
    assert files_of(store) is files_of("memory:") is files_of("postgresql://h/d") is None


def test_files_lie_beside_the_database_or_where_they_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    assert files_of(path) == tmp_path / "a.db-files"
    assert files_of("postgresql://h/d", tmp_path / "kept") == tmp_path / "kept"
    with closing(open_store(path, "main", files=tmp_path / "kept")) as store:
        key_of(store)
    beside = {each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*")}
    assert beside == {"a.db", "a.db-files", "a.db-files/writer-main.lock", "kept", "kept/key"}


_NAMES = (
    "sqlite:", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x.db", "sqlite:///x.db?mode=rwc",
    "sqlite:///x.db#y", "mysql://me:secret@h/d", "http://h/x.db", "x.db\0y.db", "a\0.db", "n" * 300 + ".db",
    "d/" * 3_000 + "x.db", "\0.db", "/proc/nothing/x.db", "/dev/null/x.db",
)  # fmt: skip


@pytest.mark.parametrize("location", _NAMES, ids=range(len(_NAMES)))
@pytest.mark.parametrize("read_only", [False, True])
def test_a_location_that_is_none_is_refused(
    tmp_path: Path, location: str, read_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence of ours, without a password, and no file anywhere."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as caught:
        open_store(location, "main", read_only=read_only)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 600
    assert list(tmp_path.iterdir()) == []


_PROGRAMMES = (
    "", "..", "../x", "/x", "a/b", "a\\b", "A", "é", "a b", "a\0b", "-a", "_a", ".a", "a.b", "a" * 65, "ａ",
    "a\u202eb", "~", "$HOME", "a:b", "con ", "*", "?", "a\tb",
)  # fmt: skip


@pytest.mark.parametrize("programme", _PROGRAMMES, ids=range(len(_PROGRAMMES)))
def test_a_name_that_is_none_of_a_programme_reaches_no_file(tmp_path: Path, programme: str) -> None:
    with pytest.raises(DataError):
        open_store(tmp_path / "x" / "a.db", programme)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("linked", ["a.db", "a.db-files", "a.db-wal", "a.db-shm"])
@pytest.mark.parametrize("there", [False, True])
def test_no_link_is_followed(tmp_path: Path, linked: str, there: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if there:
        elsewhere.mkdir() if linked == "a.db-files" else elsewhere.write_bytes(b"")
    (tmp_path / linked).symlink_to(elsewhere)
    with pytest.raises(StoreError, match=linked):
        open_store(tmp_path / "a.db", "main")
    assert elsewhere.exists() is there
    if there:
        assert [*elsewhere.iterdir()] == [] if elsewhere.is_dir() else elsewhere.read_bytes() == b""


@pytest.mark.parametrize("linked", ["a.db", "a.db-wal", "a.db-shm"])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_with_two_names_is_refused_under_both(tmp_path: Path, linked: str, read_only: bool) -> None:
    """As `cp -al` and rsnapshot make it: each name has a log and a lock of its own, so there would be two writers."""
    (tmp_path / linked).write_bytes(b"")
    os.link(tmp_path / linked, tmp_path / linked.replace("a.db", "b.db"))
    for name in ("a.db", "b.db"):
        with pytest.raises(StoreError, match="hard link"):
            open_store(tmp_path / name, "main", read_only=read_only)
    assert len([*tmp_path.iterdir()]) == 2
    (tmp_path / linked.replace("a.db", "b.db")).unlink()
    open_store(tmp_path / "a.db", "main").close()


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    os.mkfifo(tmp_path / "pipe.db")
    (tmp_path / "b.db-files").write_text("a file", encoding="utf-8")
    for name in ("folder.db", "pipe.db", "b.db"):
        with pytest.raises(StoreError, match=name):
            open_store(tmp_path / name, "main")


@pytest.mark.parametrize(
    "content", [b"no database at all, only a text", b"SQLite format 3\0" + bytes(90), b"\0" * 4_096]
)
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    for read_only in (True, False):
        with pytest.raises(StoreError):
            open_store(path, "main", read_only=read_only)
        assert path.read_bytes() == content


def test_the_database_of_another_program_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as host:
        host.executescript("CREATE TABLE record (id INTEGER); INSERT INTO record VALUES (7)")
    before = path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(StoreError, match="another program"):
            open_store(path, "main", read_only=read_only)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store_and_a_reader_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with pytest.raises(StoreError, match="no store here yet"):
        open_store(path, "main", read_only=True)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="no store here yet"):
        open_store(path, "main", read_only=True)
    open_store(path, "main").close()
    open_store(path, "main", read_only=True).close()


def test_an_open_folder_of_files_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "a.db-files").mkdir(mode=0o755)
    open_store(tmp_path / "a.db", "main").close()
    assert (tmp_path / "a.db-files").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["ends with space .db", "é🜁.db", "%41?#&.db", "a'b;--.db", "-x.db", "file:x.db"])
def test_strange_names_of_files_are_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with closing(open_store(path, "main")) as store:
        store.write("main", Commit(changes=[Change("person", "a", "{}")]))
    assert path.is_file()
    assert {each.name for each in tmp_path.iterdir()} == {name, f"{name}-files"}


@pytest.mark.parametrize("missing", ["sqlalchemy", "alembic"])
def test_a_missing_extra_is_named(tmp_path: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = stores.find_spec
    monkeypatch.setattr(stores, "find_spec", lambda name: None if name == missing else there(name))
    for location in (tmp_path / "a.db", "postgresql://h/d"):
        with pytest.raises(MissingExtraError, match=r"matchengine\[store\]"):
            open_store(location, "main")
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_sql_is_loaded_before_it_is_needed() -> None:
    code = textwrap.dedent("""
        import sys
        import matchengine.engine, matchengine.store.stores, matchengine.testing.stores
        from matchengine.store.stores import open_store
        open_store("memory:", "main")
        print([name for name in ("sqlalchemy", "alembic", "psycopg", "sqlite3", "cryptography") if name in sys.modules])
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_the_address_of_a_server_is_told_without_its_password() -> None:
    with pytest.raises(MatchEngineError) as caught:
        open_store("postgresql://me:secret@127.0.0.1:1/d?connect_timeout=1", "main")
    assert "secret" not in str(caught.value)
