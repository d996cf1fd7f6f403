"""`matchengine store`: what a store holds and who writes to it, its schema, its keys."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from matchengine.cli import make_parser
from matchengine.cli.output import Output
from matchengine.errors import ConfigError, StoreError
from matchengine.store.base import Change, Commit, Event
from matchengine.store.sealing import KEYS_VARIABLE, new_key
from matchengine.store.sql.migrate import latest_version
from matchengine.store.stores import open_store
from matchengine.testing.store_worlds import vector_rows
from tests.postgres import APPLICATION, application_url, as_application, postgres_url

__all__ = ["application_url", "postgres_url"]


def run(*arguments: str) -> int:
    """Run an action of `store`."""
    parsed = make_parser().parse_args(["store", *arguments])
    return int(parsed.run(parsed, Output(json=parsed.json, quiet=parsed.quiet)))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def fill(location: str | Path, programme: str = "main") -> None:
    changes = [Change("person", "a", "{}", ("a",)), Change("person", "b", "{}"), Change("setting", "model", "words-a")]
    with closing(open_store(location, programme)) as store:
        commit = Commit(changes=changes, vectors=[vector_rows("words-a", [1, 2])], events=[Event("x", "came")])
        store.write(programme, commit)


def test_status_counts_and_never_tells_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    location = str(tmp_path / "programme.db")
    fill(location)
    fill(location, "other")
    with closing(open_store(location, "other")):
        found = told(capsys, "status", location)
        assert run("status", location) == 0
    assert (found["schema_version"], [each["programme"] for each in found["programmes"]]) == (
        latest_version(), ["main", "other"]
    )  # fmt: skip
    main, other = found["programmes"]
    assert (main["generation"], main["documents"], main["vectors"]) == (3, {"person": 2, "setting": 1}, {"words-a": 2})
    assert (main["events"], main["model"], main["writer"], main["unclean"]) == (1, "words-a", None, False)
    assert other["writer"] == os.getpid()
    text = capsys.readouterr().out
    assert "person 2" in text
    assert f"Process {os.getpid()} writes to it since 20" in text
    assert max(map(len, text.splitlines())) <= 80
    assert [each["programme"] for each in told(capsys, "status", location, "--programme", "main")["programmes"]] == [
        "main"
    ]


def test_status_makes_nothing_and_refuses_what_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here yet"):
        run("status", str(tmp_path / "programme.db"))
    with pytest.raises(StoreError, match="keeps nothing"):
        run("status", "memory:")
    assert list(tmp_path.iterdir()) == []


def test_migrate_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    location = tmp_path / "programme.db"
    with pytest.raises(StoreError, match="no store here yet"):
        run("migrate", str(location))
    location.write_bytes(b"")
    assert told(capsys, "migrate", str(location)) == {
        "location": str(location), "before": None, "after": latest_version()
    }  # fmt: skip
    assert told(capsys, "migrate", str(location))["before"] == latest_version()
    assert run("migrate", str(location)) == 0
    assert "nothing to do" in capsys.readouterr().out
    fill(location)


def test_a_database_of_postgresql_is_prepared_migrated_and_looked_at(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    as_application(postgres_url)
    assert told(capsys, "migrate", postgres_url)["after"] == latest_version()
    found = told(capsys, "init", postgres_url, "--app-role", APPLICATION)
    assert (found["role"], found["pgvector"]) == (APPLICATION, True)
    location = as_application(postgres_url)
    fill(location)
    (main,) = told(capsys, "status", location)["programmes"]
    assert (main["generation"], main["documents"], main["vectors"]) == (3, {"person": 2, "setting": 1}, {"words-a": 2})
    assert "postgres:" not in found["location"].partition("//")[2]


def test_a_key_is_made_and_a_store_is_encrypted_and_rotated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    location = str(tmp_path / "programme.db")
    fill(location)
    with pytest.raises(ConfigError, match="no key"):
        run("rotate", location)
    first, second = (told(capsys, "key", name)["key"] for name in ("2026-01", "2026-02"))
    assert first.startswith("2026-01:")
    monkeypatch.setenv(KEYS_VARIABLE, first)
    with pytest.raises(StoreError, match="not encrypted"):
        run("rotate", location)
    found = told(capsys, "rotate", location, "--encrypt")
    assert (found["documents"], found["vectors"], found["key"]) == (3, 2, "2026-01")
    monkeypatch.setenv(KEYS_VARIABLE, f"{second},{first}")
    assert told(capsys, "rotate", location)["documents"] == 3
    monkeypatch.setenv(KEYS_VARIABLE, second)
    with closing(open_store(location, "main")) as store:
        assert len([*store.entries("main")]) == 3
        assert len(store.vectors("main", "words-a", vector_rows("words-a", [1, 2]).keys).keys) == 2
    monkeypatch.delenv(KEYS_VARIABLE)
    assert told(capsys, "status", location)["programmes"][0]["model"] is None


def test_a_name_that_is_none_of_a_key_is_refused() -> None:
    assert len(new_key()) == 44
    with pytest.raises(ConfigError):
        run("key", "A b")
