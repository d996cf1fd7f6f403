"""The list of who was erased: what it tells, where it lies, and that it is whole or as before."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from matchengine.errors import StoreError
from matchengine.store import suppression
from matchengine.store.base import Change
from matchengine.store.suppression import ERASED, Suppression, owners_in, read_list, suppression_file, write_list

KEY = b"k" * 32
ONE, TWO = "1" * 64, "2" * 64
OPEN = Path("/proc/self/fd")
needs_open_files = pytest.mark.skipif(not OPEN.is_dir(), reason="the system does not tell which files are open")


def hashed(told: bytes, key: bytes = KEY) -> str:
    return hmac.new(key, told, hashlib.sha256).hexdigest()


def ids(*hashes: str) -> dict[str, str]:
    """A list of ids alone."""
    return {each: each for each in hashes}


def listed(*hashes: str) -> Suppression:
    return Suppression(lambda: KEY, "main", ids(*hashes))


def test_a_hash_depends_on_key_programme_and_id() -> None:
    made = Suppression(lambda: KEY, "main")
    assert made.hash_of("a") == hashed(b'["erased","main","a"]')
    assert made.hash_of("é") == hashed(b'["erased","main","\\u00e9"]')
    others = [Suppression(lambda: b"q" * 32, "main").hash_of("a"), Suppression(lambda: KEY, "other").hash_of("a")]
    assert len({made.hash_of("a"), made.hash_of("b"), *others}) == 4


def test_only_those_on_the_list_are_named() -> None:
    made = listed(hashed(b'["erased","main","a"]'))
    assert made
    assert made.names("a")
    assert not made.names("b")
    assert made.hashes == {made.hash_of("a")}


def test_the_key_is_asked_for_once_and_only_where_there_is_something_to_hash() -> None:
    asked = []
    empty = Suppression(lambda: asked.append(1) or KEY, "main")
    assert not empty
    assert not empty.names("a")
    assert asked == []
    empty.hash_of("a")
    empty.hash_of("b")
    assert asked == [1]


def test_the_list_lies_among_the_files_of_a_store(tmp_path: Path) -> None:
    database = tmp_path / "programme.db"
    database.touch()
    told: Any = SimpleNamespace(files=str(tmp_path / "own"), location=str(database))
    assert suppression_file(told, "main") == tmp_path / "own" / "erased-main"
    beside: Any = SimpleNamespace(files=None, location=str(database))
    assert suppression_file(beside, "other") == tmp_path / "programme.db-files" / "erased-other"
    bare: Any = SimpleNamespace(location=database)
    assert suppression_file(bare, "main") == tmp_path / "programme.db-files" / "erased-main"


def test_a_store_without_files_has_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "programme.db").touch()
    monkeypatch.chdir(tmp_path)
    without: list[Any] = [
        SimpleNamespace(),
        SimpleNamespace(location="programme.db"),
        SimpleNamespace(location=str(tmp_path)),
        SimpleNamespace(location=str(tmp_path / "none.db")),
    ]
    assert [suppression_file(store, "main") for store in without] == [None] * 4
    assert read_list(None) == {}
    write_list(None, ids(ONE))
    assert os.listdir() == ["programme.db"]


def test_a_list_is_read_as_it_was_written_and_tells_the_same_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "files" / "erased-main"
    assert read_list(path) == {}
    write_list(path, ids(TWO, ONE))
    assert read_list(path) == ids(ONE, TWO)
    head, *lines = path.read_text(encoding="ascii").splitlines()
    assert head == "# matchengine: people who were erased, as keyed hashes. Keep this file and the key beside it."
    assert lines == [ONE, TWO]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    write_list(path, ids(TWO))
    assert read_list(path) == ids(TWO)
    write_list(path, ids())
    assert read_list(path) == {}
    assert os.listdir(path.parent) == ["erased-main"]


def test_empty_lines_and_remarks_are_passed_by(tmp_path: Path) -> None:
    path = tmp_path / "erased-main"
    path.write_text(f"# told by hand\n\n{ONE}\n# and so on\n{TWO}", encoding="ascii")
    assert read_list(path) == ids(ONE, TWO)


@pytest.mark.parametrize("line", ["nonsense", ONE[:-1], ONE + "1", "G" * 64, "A" * 64, f" {ONE}"])
def test_a_damaged_list_stops_everything(tmp_path: Path, line: str) -> None:
    path = tmp_path / "erased-main"
    path.write_text(f"{TWO}\n{line}\n", encoding="ascii")
    with pytest.raises(StoreError) as caught:
        read_list(path)
    assert str(caught.value) == f"{path}: the list of people who were erased is damaged; restore it"


def test_a_list_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    folder, odd = tmp_path / "folder", tmp_path / "odd"
    folder.mkdir()
    odd.write_bytes(b"\xff" * 64)
    for path in (folder, odd):
        with pytest.raises(StoreError) as caught:
            read_list(path)
        assert str(caught.value) == f"{path}: the list of people who were erased cannot be read"


@needs_open_files
def test_a_list_reaches_the_disk_before_it_takes_the_place_of_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, told = tmp_path / "erased-main", []
    fsync, replace = os.fsync, Path.replace

    def seen(handle: int) -> None:
        at = Path(os.readlink(OPEN / str(handle)))
        told.append(("folder", at) if at.is_dir() else ("file", at.parent, at.name[:13], at.read_text("ascii")[-65:]))
        fsync(handle)

    def put(fresh: Path, target: Path) -> Path:
        told.append(("put", target))
        return replace(fresh, target)

    monkeypatch.setattr(os, "fsync", seen)
    monkeypatch.setattr(Path, "replace", put)
    before = len(os.listdir(OPEN))
    write_list(path, ids(ONE))
    assert told == [("file", tmp_path, ".erased-main-", f"{ONE}\n"), ("put", path), ("folder", tmp_path)]
    assert len(os.listdir(OPEN)) == before


@pytest.mark.parametrize("step", ["fsync", "replace", "mkstemp"])
def test_where_a_list_cannot_be_written_the_one_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "erased-main"
    write_list(path, ids(ONE))

    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    of = {"fsync": os, "replace": Path, "mkstemp": suppression.tempfile}[step]
    with monkeypatch.context() as patch:
        patch.setattr(of, step, full)
        with pytest.raises(StoreError) as caught:
            write_list(path, ids(ONE, TWO))
    told = "the list of people who were erased cannot be written (No space left on device); nobody was erased"
    assert str(caught.value) == f"{path}: {told}"
    assert read_list(path) == ids(ONE)
    assert os.listdir(tmp_path) == ["erased-main"]


def test_an_interruption_leaves_no_half_of_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_given: Any) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "erased-main"
    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_list(path, ids(ONE))
    assert os.listdir(tmp_path) == []


@needs_open_files
def test_a_folder_that_cannot_be_reached_is_closed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list stands by then, and that it stands is not known: whoever called is told that it failed."""
    fsync = os.fsync

    def fail(handle: int) -> None:
        if Path(os.readlink(OPEN / str(handle))).is_dir():
            raise OSError(5, "Input/output error")
        fsync(handle)

    before = len(os.listdir(OPEN))
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match="Input/output error"):
        write_list(tmp_path / "erased-main", ids(ONE))
    assert len(os.listdir(OPEN)) == before


# ---------------------------------------------------------------------- addresses

MADE = "p-0123456789abcdef"
"""An id that we gave to somebody who had none."""


def with_addresses(**addresses: str) -> Suppression:
    """Return a list with some people and their addresses."""
    ids_of = {who.replace("_", "-"): address for who, address in addresses.items()}
    one = Suppression(lambda: KEY, "main")
    changes = [Change(ERASED, one.hash_of(who), '"2026-03-09"') for who in ids_of]
    return Suppression(lambda: KEY, "main", owners_in([*changes, *one.of_addresses(ids_of)]))


def test_documents_tell_whose_each_hash_is() -> None:
    day, link, other = Change(ERASED, ONE, '"2026-03-09"'), Change(ERASED, TWO, f'"{ONE}"'), Change("person", "p", "{}")
    assert owners_in([day, other, link, Change(ERASED, "3" * 64, None)]) == {ONE: ONE, TWO: ONE, "3" * 64: "3" * 64}
    assert owners_in([]) == {}


def test_a_list_keeps_whose_each_address_is(tmp_path: Path) -> None:
    path, told = tmp_path / "erased-main", {TWO: ONE, ONE: ONE}
    write_list(path, told)
    assert path.read_text(encoding="ascii").splitlines()[1:] == [ONE, f"{TWO} {ONE}"]
    assert read_list(path) == told


def test_an_address_stands_for_whoever_was_erased_under_it() -> None:
    made = with_addresses(a="Ana@Example.org")
    standing = made.erased_id("ana@example.org")
    assert standing is not None
    assert standing == "erased-" + hashed(b'["erased","main","e-mail\\nana@example.org"]')[:32]
    assert made.names(standing)
    assert made.erased_id("bea@example.org") is None
    assert Suppression(lambda: KEY, "main").erased_id("ana@example.org") is None
    assert len(made.hashes) == 2


def test_who_has_an_id_is_told_apart_from_whoever_had_one_too() -> None:
    assert with_addresses(a="ana@example.org").erased_id("ana@example.org", told_apart=True) is None
    made = with_addresses(**{MADE.replace("-", "_"): "Ana@example.org"})
    assert made.erased_id("ana@Example.org", told_apart=True) == made.erased_id("ana@example.org")
    assert made.erased_id("ana@example.org") is not None
    assert made.erased_id("bea@example.org", told_apart=True) is None
    assert len(made.hashes) == 3


def test_addresses_are_added_once_for_those_who_have_one() -> None:
    made = with_addresses(a="ana@example.org")
    assert made.of_addresses({"a": "ana@example.org", "b": ""}) == []
    [new] = made.of_addresses({"a": "a2@example.org", "b": ""})
    assert (new.kind, new.document) == (ERASED, f'"{made.hash_of("a")}"')
    several = [each.id for each in made.of_addresses({"a": "a2@example.org", "c": "c@example.org"})]
    assert len(several) == 2
    assert several == sorted(several)


def test_all_hashes_of_one_person_go_together() -> None:
    made = with_addresses(a="ana@example.org", b="bea@example.org")
    more = owners_in(made.of_addresses({made.erased_id("ana@example.org") or "": "a2@example.org"}))
    assert set(more.values()) == {made.hash_of("a")}
    both = Suppression(lambda: KEY, "main", {**made.owners, **more})
    standing = [both.erased_id(f"{each}@example.org") or "" for each in ("ana", "a2")]
    expected = {both.hash_of(each) for each in ("a", *standing)}
    assert [both.together(each) for each in ("a", *standing)] == [expected] * 3
    assert len(expected) == 3
    assert both.together("somebody") == frozenset()
    assert both.together("b") == frozenset(both.hashes - expected)


def test_the_mark_of_a_programme_is_no_hash_of_an_id() -> None:
    made = Suppression(lambda: KEY, "main")
    assert made.mark == hashed(b'["erased","main","contacts\\n"]')
    assert made.mark != Suppression(lambda: KEY, "other").mark
