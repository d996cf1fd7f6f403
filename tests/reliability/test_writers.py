"""A writer that opens from a cache, or loses its right, its server or its disk: nothing is lost or kept shut."""

from __future__ import annotations

import os
import shutil
import threading
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchengine.engine import Engine
from matchengine.errors import StoreError
from matchengine.records import Person
from matchengine.store.cache import CacheWarning
from matchengine.store.keep import Keeper
from matchengine.store.sql.sqlite import SqliteStore
from tests.postgres import application_url, drop_database, postgres_url
from tests.store.test_postgres import cut_connections
from tests.support import CONFIG, config, consent, mentee, mentor, over

__all__ = ["application_url", "postgres_url"]

OTHER = config(text=CONFIG.replace("weight = 0.30", "weight = 0.25"))
pytestmark = pytest.mark.filterwarnings("ignore::matchengine.store.cache.CacheWarning")


def person(record: dict[str, Any]) -> Person:
    return Person.model_validate(record)


def held(made: Engine) -> list[str]:
    """Return of whom the state of an engine knows, without another look into the store."""
    table = made._held.pool.tables["people"]
    return sorted(external for external, alive in zip(table.ids, table.alive, strict=True) if alive)


def loaded(location: Any, **options: Any) -> Engine:
    made = over(location, config(), **options)
    made.load([mentee("a"), mentor("m")])
    return made


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collects a number each time everything is read."""
    told: list[int] = []
    whole = Keeper.everything

    def counted(keeper: Keeper) -> Any:
        told.append(len(told))
        return whole(keeper)

    monkeypatch.setattr(Keeper, "everything", counted)
    return told


def broken(*_given: Any, **_more: Any) -> Any:
    raise StoreError("the disk reports an error")


# ---------------------------------------------------------------------- opening


def test_what_was_written_since_the_cache_was_made_is_there_in_postgresql_too(
    application_url: str, tmp_path: Path
) -> None:
    made = loaded(application_url, files=tmp_path)
    made.upsert(person(mentee("b")))
    made._keeper.store.close()  # type: ignore[union-attr]  # a process that ends without more ado
    with over(application_url, files=tmp_path) as again:
        assert held(again) == ["a", "b", "m"]
        again.upsert(person(mentee("c")))
    with over(application_url, files=tmp_path, read_only=True) as reader:
        assert held(reader) == ["a", "b", "c", "m"]


def test_a_writer_reads_everything_once_where_there_is_no_cache(
    application_url: str, tmp_path: Path, everything: list[int]
) -> None:
    loaded(application_url, files=tmp_path).close()
    shutil.rmtree(tmp_path / "cache")
    everything.clear()
    with over(application_url, files=tmp_path) as again:
        assert everything == [0]
        assert again._keeper.behind() is None  # type: ignore[union-attr]


# ---------------------------------------------------------------------- closing


@pytest.mark.parametrize("database", [True, False])
def test_closing_again_is_nothing(application_url: str, tmp_path: Path, database: bool) -> None:
    where = application_url if database else tmp_path / "programme.db"
    with warnings.catch_warnings():
        warnings.simplefilter("error", CacheWarning)
        with loaded(where, files=tmp_path / "files") as made:
            made.close()
        made.close()


def test_a_writer_lets_go_although_the_server_is_gone(application_url: str, postgres_url: str, tmp_path: Path) -> None:
    made = loaded(application_url, files=tmp_path)
    drop_database(postgres_url)
    with pytest.raises(StoreError):
        made.suggest("a", "mentor")
    made.close()
    assert made._keeper.closed  # type: ignore[union-attr]


def test_a_writer_in_doubt_lets_go_although_the_disk_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loaded(tmp_path / "programme.db")
    with monkeypatch.context() as failing:
        failing.setattr(SqliteStore, "write", broken)
        failing.setattr(SqliteStore, "position", broken)
        with pytest.raises(StoreError):
            made.upsert(person(mentor("m2")))
        made.close()
    with over(tmp_path / "programme.db") as again:
        assert held(again) == ["a", "m"]


# ---------------------------------------------------------------------- failing


def test_what_serves_goes_on_serving_while_a_disk_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with loaded(tmp_path / "programme.db") as made:
        before = made.suggest("a", "mentor")
        with monkeypatch.context() as failing:
            failing.setattr(SqliteStore, "write", broken)
            failing.setattr(SqliteStore, "position", broken)
            with pytest.raises(StoreError):
                made.upsert(person(mentor("m2")))
            assert made.suggest("a", "mentor") == before
        made.upsert(person(mentor("m2")))
        assert len(made.suggest("a", "mentor")) == 2


def test_a_first_look_at_a_store_that_fails_is_answered_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with loaded(tmp_path / "programme.db") as made, monkeypatch.context() as failing:
        for name in ("write", "position", "entries"):
            failing.setattr(SqliteStore, name, broken)
        with pytest.raises(StoreError):
            made.upsert(person(mentor("m2")))
        assert [each.candidate_id for each in made.suggest("a", "mentor")] == ["m"]


def test_a_consent_that_ends_while_a_disk_fails_is_withheld_at_once_and_on_record_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    made = over(tmp_path / "programme.db", config())
    ends = consent("a", "age_band", "match", expires_at=soon)
    made.load([mentee("a", age_band="25-34"), mentor("m")], consents=[ends])

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(hours=1)

    for name in ("pool.consents", "store.ended"):
        monkeypatch.setattr(f"matchengine.{name}.datetime", Later)
    with monkeypatch.context() as failing:
        failing.setattr(SqliteStore, "write", broken)
        assert len(made.suggest("a", "mentor")) == 1
        table = made._held.pool.tables["people"]
        assert np.isnan(table.column("age_band")[table.row_of["a"]])
    made.upsert(person(mentor("m2")))
    ended = [line for line in made.audit_lines() if "consent ended" in line.event.details]
    assert len(ended) == 1
    made.close()
    assert b"25-34" not in (tmp_path / "programme.db").read_bytes()


def test_who_lost_the_right_to_write_answers_from_what_another_writer_wrote(
    application_url: str, postgres_url: str, everything: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHENGINE_STORE_KEY", "A" * 43 + "=")
    first = loaded(application_url)
    cut_connections(postgres_url)
    with over(application_url, OTHER) as second:
        second.load([mentee("a"), mentor("m"), mentor("m2")])
        before = len(everything)
        assert [len(first.suggest("a", "mentor")) for _ in range(3)] == [2] * 3
        assert len(everything) == before + 1
        with pytest.raises(StoreError, match="right to write"):
            first.upsert(person(mentor("m3")))
    first.close()


def test_an_erasure_whose_end_could_not_be_written_is_finished_by_the_next_change(
    tmp_path: Path, everything: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loaded(tmp_path / "programme.db")
    made.upsert(person(mentor("x")))
    whole, full = SqliteStore.write, threading.Event()

    def until_it_is_full(store: SqliteStore, programme: str, commit: Any) -> Any:
        if full.is_set():
            broken()
        position = whole(store, programme, commit)
        if commit.forget:
            full.set()
        return position

    with monkeypatch.context() as failing:
        failing.setattr(SqliteStore, "write", until_it_is_full)
        with pytest.raises(StoreError):
            made.erase("x", why="asked", by="coordinator:1")
        before = len(everything)
        assert [[each.candidate_id for each in made.suggest("a", "mentor")] for _ in range(3)] == [["m"]] * 3
        assert len(everything) <= before + 1
    assert made._keeper.setting("measures") is None  # type: ignore[union-attr]
    made.upsert(person(mentor("m2")))
    assert made._keeper.setting("measures") is not None  # type: ignore[union-attr]
    told = made.suggest("a", "mentor")
    made.close()
    with over(tmp_path / "programme.db") as again:
        assert again.suggest("a", "mentor") == told


def test_a_draft_is_marked_by_the_change_that_succeeds_after_one_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loaded(tmp_path / "programme.db") as made:
        made.keep("draft", made.suggest("a", "mentor")[0])
        new = person(mentor("m", interests=[{"text": "chess"}]))
        with monkeypatch.context() as failing:
            failing.setattr(Keeper, "_takes_away", broken)
            with pytest.raises(StoreError):
                made.upsert(new)
        assert made.kept("draft").stale == ()
        made.upsert(new)
        assert made.kept("draft").stale == ("changed",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_forked_between_commit_and_state_sees_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loaded(tmp_path / "programme.db")
    there, go_on, whole = threading.Event(), threading.Event(), Keeper.commit

    def commit(*given: Any, **more: Any) -> Any:
        position = whole(*given, **more)
        there.set()
        go_on.wait(60)
        return position

    monkeypatch.setattr(Keeper, "commit", commit)
    writing = threading.Thread(target=made.upsert, args=(person(mentor("m2")),))
    writing.start()
    assert there.wait(60)
    child = os.fork()
    if child == 0:
        seen = 1
        try:
            made.suggest("a", "mentor")
            seen = int(held(made) != ["a", "m", "m2"])
        finally:
            os._exit(seen)
    _child, status = os.waitpid(child, 0)
    go_on.set()
    writing.join()
    made.close()
    assert status == 0


# ---------------------------------------------------------------------- reading in one moment


@pytest.mark.parametrize("database", [True, False])
def test_an_error_of_whoever_reads_in_one_moment_is_none_of_the_database(
    application_url: str, tmp_path: Path, database: bool
) -> None:
    with loaded(application_url if database else tmp_path / "programme.db", files=tmp_path / "files") as made:
        store = made._keeper.store  # type: ignore[union-attr]
        with pytest.raises(FileNotFoundError), store.one_moment("main"):
            (tmp_path / "nowhere").read_bytes()
        with store.one_moment("main"):
            assert store.position("main") == made._keeper.position  # type: ignore[union-attr]
