"""Every store passes the public checks, and the checks catch stores that are wrong on purpose."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.postgres import application_url, postgres_url

from matchengine.errors import PluginError
from matchengine.store.base import AuditLine, Change, Commit, Entry, Event, Position, Store, VectorRows
from matchengine.store.memory import MemoryStore
from matchengine.store.sql import sqlite
from matchengine.store.stores import open_store
from matchengine.testing.store_worlds import KINDS, LONG_AGO, MODELS, NOON, PEOPLE, differences, key_of, vector_rows
from matchengine.testing.stores import DURABLE_CHECKS, STORE_CHECKS, StorePlace, check_store

__all__ = ["application_url", "postgres_url"]


def place_at(location: str) -> StorePlace:
    """Return a place whose stores lie at one location."""

    def place(programme: str = "main", read_only: bool = False) -> Store:
        return open_store(location, programme, read_only=read_only)

    return place


def memory_place() -> StorePlace:
    """Return a place in memory; it ends with the store that was opened there."""

    def place(programme: str = "main", read_only: bool = False) -> Store:
        return MemoryStore()

    return place


@pytest.fixture
def sqlite_place(tmp_path: Path) -> StorePlace:
    return place_at(str(tmp_path / "programme.db"))


@pytest.fixture
def postgres_place(application_url: str) -> StorePlace:
    return place_at(application_url)


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
def test_memory(check: Callable[[StorePlace], None]) -> None:
    check(memory_place())


@pytest.mark.parametrize("check", [*STORE_CHECKS, *DURABLE_CHECKS], ids=lambda check: check.__name__)
def test_sqlite(check: Callable[[StorePlace], None], sqlite_place: StorePlace) -> None:
    check(sqlite_place)


@pytest.mark.parametrize("check", [*STORE_CHECKS, *DURABLE_CHECKS], ids=lambda check: check.__name__)
def test_postgres(check: Callable[[StorePlace], None], postgres_place: StorePlace) -> None:
    check(postgres_place)


# ---------------------------------------------------------------------- random commits (REL12, of stores)

_ids, _moments = st.sampled_from(PEOPLE), st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))
_people = st.lists(_ids, max_size=3).map(tuple)
_texts = st.lists(st.integers(0, 7), max_size=4)
_changes = st.builds(
    Change, st.sampled_from(KINDS), _ids, st.none() | st.text(max_size=5), _people, st.none() | _moments,
    st.sampled_from([None, LONG_AGO]),
)  # fmt: skip
_vectors = st.builds(vector_rows, st.sampled_from(MODELS), _texts, st.integers(0, 3))
_events = st.builds(
    Event, st.just("host:1"), st.sampled_from(["saw", "erased"]), _people,
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=3), max_size=2), st.text(max_size=5),
)  # fmt: skip
_commits = st.builds(
    Commit,
    forget=st.lists(_ids, max_size=1),
    purge_until=st.none() | _moments,
    replace=st.lists(st.sampled_from(KINDS), max_size=1),
    changes=st.lists(_changes, max_size=5),
    vectors=st.lists(_vectors, max_size=2),
    only_vectors=st.none() | st.dictionaries(st.sampled_from(MODELS), st.lists(st.integers(0, 7).map(key_of))),
    events=st.lists(_events.filter(lambda event: "\0" not in event.why), max_size=2),
    new_epoch=st.booleans(),
)
_steps = st.lists(_commits | st.just("reopen"), min_size=1, max_size=12)
_QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
_NUMBER = count()


def _tell_the_same(place: StorePlace, programme: str, steps: list[Any]) -> None:
    store, reference = place(programme), MemoryStore()
    try:
        for step in steps:
            if step == "reopen":
                store.close()
                store = place(programme)
                continue
            assert store.write(programme, step) == reference.write(programme, step)
            assert [*differences(store, reference, programme)] == []
    finally:
        store.close()


@_QUICK
@given(steps=_steps)
def test_sqlite_tells_what_memory_tells(steps: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "agreement"
    _tell_the_same(place_at(str(folder / "programme.db")), f"p{next(_NUMBER)}", steps)


@settings(_QUICK, max_examples=12)
@given(steps=_steps)
def test_postgres_tells_what_memory_tells(steps: list[Any], application_url: str) -> None:
    _tell_the_same(place_at(application_url), f"p{next(_NUMBER)}", steps)


# ---------------------------------------------------------------------- stores that are wrong on purpose


class BeginsAtOne(MemoryStore):
    def position(self, programme: str) -> Position:
        return max(super().position(programme), Position(0, 1))


class Backwards(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        return super().write(programme, replace(commit, changes=[*commit.changes][::-1]))


class AlwaysNew(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        return super().write(programme, replace(commit, new_epoch=True))


class Silent(MemoryStore):
    """Tells nobody that something went."""

    def entries(self, programme: str, **asked: Any) -> Iterator[Entry]:
        return (entry for entry in super().entries(programme, **asked) if entry.document is not None)


class NeverExpires(MemoryStore):
    def entries(self, programme: str, *, now: datetime | None = None, **asked: Any) -> Iterator[Entry]:
        return super().entries(programme, now=NOON - timedelta(9), **asked)


class BeginsAnew(MemoryStore):
    """Counts the time of whatever is rewritten from now on."""

    def write(self, programme: str, commit: Commit) -> Position:
        changes = [replace(change, written_at=None) for change in commit.changes]
        return super().write(programme, replace(commit, changes=changes))


class KeepsTheExpired(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        return super().write(programme, replace(commit, purge_until=None))


class BuriesInsteadOfForgetting(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        whole = [e for person in commit.forget for e in self.entries(programme, involving=person)]
        gone = [Change(entry.kind, entry.id, None) for entry in whole]
        return super().write(programme, replace(commit, forget=(), changes=[*gone, *commit.changes]))


class NeverReplaces(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        return super().write(programme, replace(commit, replace=()))


class ForgetsTheIdsOfMany(MemoryStore):
    def entries(self, programme: str, *, ids: Any = None, **asked: Any) -> Iterator[Entry]:
        return super().entries(programme, ids=None if ids and len(ids) > 999 else ids, **asked)


class TakesTheNewVector(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        of_models = self._of(programme).vectors
        for rows in commit.vectors:
            for key in rows.keys:
                of_models.get(rows.model, {}).pop(key.tobytes(), None)
        return super().write(programme, commit)


class KeepsAllVectors(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        return super().write(programme, replace(commit, only_vectors=None))


class PartByPart(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        super().write(programme, replace(commit, vectors=(), events=()))
        return super().write(programme, Commit(vectors=commit.vectors, events=commit.events))


class PageByPage(MemoryStore):
    """Reads a page, then looks what comes next."""

    def entries(self, programme: str, *, since: int = 0, **asked: Any) -> Iterator[Entry]:
        while page := list(super().entries(programme, since=since, **asked))[:100]:
            yield from (entry for entry in page if since or entry.document is not None)
            since = page[-1].generation


class OneForAll(MemoryStore):
    """Does not look at the name of the programme."""

    shared: dict[str, Any] = {}  # noqa: RUF012

    def _of(self, programme: str) -> Any:
        return self.shared.setdefault("held", super()._of(programme))


class LosesTheReason(MemoryStore):
    def audit(self, programme: str) -> Iterator[AuditLine]:
        return (line._replace(event=replace(line.event, why="")) for line in super().audit(programme))


class Strips(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        changes = [replace(c, document=c.document and c.document.strip()) for c in commit.changes]
        return super().write(programme, replace(commit, changes=changes))


class SortsPeople(MemoryStore):
    def write(self, programme: str, commit: Commit) -> Position:
        changes = [replace(change, people=tuple(sorted(change.people))) for change in commit.changes]
        return super().write(programme, replace(commit, changes=changes))


class StaysOpen(MemoryStore):
    def close(self) -> None:
        pass


class OneKey(MemoryStore):
    """Answers with a vector for every key that was asked for, also for those asked for twice."""

    def vectors(self, programme: str, model: str, keys: NDArray[np.uint8]) -> VectorRows:
        found = super().vectors(programme, model, keys)
        rows = [*range(len(found.keys)), 0] if len(found.keys) else []
        return VectorRows(model, found.keys[rows], found.vectors[rows], found.truncated[rows])


_WRONG: tuple[tuple[type[MemoryStore], str], ...] = (
    (BeginsAtOne, "check_empty"),
    (Backwards, "check_generations"),
    (BeginsAnew, "check_generations"),
    (BeginsAnew, "check_agrees_with_memory"),
    (AlwaysNew, "check_epoch"),
    (Silent, "check_tombstones"),
    (NeverExpires, "check_expiry"),
    (KeepsTheExpired, "check_purge"),
    (BuriesInsteadOfForgetting, "check_forget"),
    (NeverReplaces, "check_replace"),
    (ForgetsTheIdsOfMany, "check_questions"),
    (TakesTheNewVector, "check_vectors"),
    (OneKey, "check_vectors"),
    (KeepsAllVectors, "check_only_vectors"),
    (PartByPart, "check_all_or_nothing"),
    (PageByPage, "check_one_position"),
    (OneForAll, "check_programmes_are_apart"),
    (LosesTheReason, "check_record"),
    (Strips, "check_hostile_text"),
    (SortsPeople, "check_agrees_with_memory"),
    (StaysOpen, "check_closed"),
)


@pytest.mark.parametrize(("wrong", "caught_by"), _WRONG)
def test_a_wrong_store_is_caught(wrong: type[MemoryStore], caught_by: str) -> None:
    (check,) = [check for check in STORE_CHECKS if check.__name__ == caught_by]
    with pytest.raises(PluginError):
        check(lambda programme="main", read_only=False: wrong())


def test_every_check_catches_something() -> None:
    assert {caught_by for _wrong, caught_by in _WRONG} == {check.__name__ for check in STORE_CHECKS}


@pytest.mark.parametrize("check", DURABLE_CHECKS, ids=lambda check: check.__name__)
def test_a_store_that_lasts_no_longer_than_its_process_is_caught(check: Callable[[StorePlace], None]) -> None:
    with pytest.raises(PluginError):
        check(memory_place())


def test_all_checks_together_tell_every_one_that_fails(tmp_path: Path) -> None:
    check_store(memory_place, durable=False)
    with pytest.raises(PluginError, match=f"fails 3 of {len(STORE_CHECKS) + 3}") as caught:
        check_store(memory_place)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [c.__name__ for c in DURABLE_CHECKS]


# ---------------------------------------------------------------------- mechanisms taken away (REL22)


def _check(name: str) -> Callable[[StorePlace], None]:
    return next(check for check in (*STORE_CHECKS, *DURABLE_CHECKS) if check.__name__ == name)


def test_without_transactions_a_broken_commit_is_caught(
    sqlite_place: StorePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_BEGIN", dict.fromkeys((False, True), "SELECT 1"))
    with pytest.raises(PluginError, match="broken commit"):
        _check("check_all_or_nothing")(sqlite_place)


def test_without_a_lock_two_writers_are_caught(sqlite_place: StorePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_arguments: None)
    with pytest.raises(PluginError, match="two engines"):
        _check("check_one_writer")(sqlite_place)


_PREDICATE = re.compile(r'("?\w+"?\.)?programme = \?')


def _listening(monkeypatch: pytest.MonkeyPatch, heard: Callable[[str], str]) -> None:
    """Let every statement to SQLite pass through a function."""
    whole = sqlite.sqlite_engine

    def engine(path: Path) -> sa.Engine:
        made = whole(path)

        def before(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> Any:
            return heard(statement), parameters

        sa.event.listen(made, "before_cursor_execute", before, retval=True)
        return made

    monkeypatch.setattr(sqlite, "sqlite_engine", engine)


def test_without_the_predicate_a_mix_of_programmes_is_caught(
    sqlite_place: StorePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _listening(monkeypatch, lambda statement: _PREDICATE.sub("? IS NOT NULL", statement))
    with pytest.raises(PluginError):
        _check("check_programmes_are_apart")(sqlite_place)


def test_every_statement_names_its_programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And none of them holds a value: what is asked for travels beside it."""
    said: set[str] = set()

    def heard(statement: str) -> str:
        said.add(" ".join(statement.split()))
        return statement

    for name in ("check_agrees_with_memory", "check_programmes_are_apart", "check_readers", "check_hostile_text"):
        with monkeypatch.context() as patched:
            _listening(patched, heard)
            _check(name)(place_at(str(tmp_path / f"{name}.db")))
    table = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE) (record|involvement|vector|audit|programme)\b")
    ours = [each for each in said if table.search(each) and not each.startswith("CREATE")]
    assert len(ours) > 20
    for statement in ours:
        named = "programme" in statement.partition("WHERE")[2] if "WHERE" in statement else "INSERT INTO" in statement
        assert named or "programme.name = ?" in statement, statement
        assert not re.search(r"'[^']", statement.replace("alembic_version", "")), statement
