"""`matchengine store key`, `rotate` and `renew-key`: keys of an encrypted store, and the key of its hashes (SEC26)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from matchengine.cli.output import Output
from matchengine.cli.store_keys import add_key, add_renew_key, add_rotate
from matchengine.errors import ConfigError, StoreError
from matchengine.records import Person
from matchengine.store.base import Change, Commit
from matchengine.store.cache import CacheWarning
from matchengine.store.sealing import KEYS_VARIABLE, new_key, sealer_with
from matchengine.store.stores import open_store
from tests.support import engine, mentor, over


def run(add: Callable[[argparse.ArgumentParser], None], arguments: Sequence[object]) -> int:
    """Run a command with arguments, as `matchengine` does."""
    parser = argparse.ArgumentParser()
    add(parser)
    parsed = parser.parse_args([str(each) for each in arguments])
    return int(parsed.run(parsed, Output(json=True)))


def filled(path: Path) -> Path:
    store = open_store(path, "main", sealer=sealer_with())
    store.write("main", Commit(changes=(Change("person", "p1", '{"goal":"canary"}', ("p1",)),)))
    store.close()
    return path


def held(path: Path) -> list[str | None]:
    store = open_store(path, "main", sealer=sealer_with())
    try:
        return [entry.document for entry in store.entries("main")]
    finally:
        store.close()


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_store_is_encrypted_and_its_key_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    path = filled(tmp_path / "a.db")
    left = tmp_path / "a.db-files" / "cache" / "main"
    left.mkdir(parents=True)
    (left / "document.json").write_text("canary", encoding="utf-8")
    with pytest.raises(ConfigError, match="no key"):
        run(add_rotate, [path])
    assert run(add_key, ["first"]) == 0
    first = str(json.loads(capsys.readouterr().out)["key"])
    monkeypatch.setenv(KEYS_VARIABLE, first)
    with pytest.raises(StoreError, match="not encrypted"):
        run(add_rotate, [path])
    assert b"canary" in raw(tmp_path)
    assert run(add_rotate, [path, "--encrypt"]) == 0
    assert json.loads(capsys.readouterr().out) == {"programme": "main", "key": "first", "documents": 1, "vectors": 0}
    assert b"canary" not in raw(tmp_path)
    assert run(add_key, ["second"]) == 0
    second = str(json.loads(capsys.readouterr().out)["key"])
    monkeypatch.setenv(KEYS_VARIABLE, f"{second},{first}")
    assert held(path) == ['{"goal":"canary"}']
    assert run(add_rotate, [path]) == 0
    monkeypatch.setenv(KEYS_VARIABLE, second)
    assert held(path) == ['{"goal":"canary"}']
    monkeypatch.setenv(KEYS_VARIABLE, first)
    with pytest.raises(StoreError, match="'second'"):
        held(path)


def test_a_store_in_memory_is_not_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS_VARIABLE, f"one:{new_key()}")
    with pytest.raises(StoreError, match="database"):
        run(add_rotate, ["memory:"])


def test_a_key_needs_a_plain_id(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError):
        run(add_key, ["not an id"])
    assert capsys.readouterr().out == ""


def test_a_programme_whose_key_of_hashes_is_lost_goes_on_with_another_one(tmp_path: Path) -> None:
    place = tmp_path / "programme.db"
    with over(place, engine().config) as made:
        made.load([mentor("m1"), mentor("m2")])
        made.erase("m1", why="asked", by="coordinator:1")
    (tmp_path / "programme.db-files" / "key").unlink()
    with pytest.raises(StoreError, match="renew-key"):
        over(place)
    with pytest.raises(ConfigError, match="--yes"):
        run(add_renew_key, [place, "--by", "coordinator:1"])
    assert run(add_renew_key, [place, "--by", "coordinator:1", "--why", "lost", "--yes"]) == 0
    with pytest.warns(CacheWarning, match="measured"):
        again = over(place)
    with again:
        assert again.verify_audit() is None
        assert [line.event.actor for line in again.audit_lines() if line.event.why == "lost"] == ["coordinator:1"]
        again.upsert(Person.model_validate(mentor("m1")))  # nobody knows any more that they were erased


def test_no_key_is_renewed_where_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="bound to no key"):
        run(add_renew_key, [tmp_path / "programme.db", "--by", "coordinator:1", "--yes"])
