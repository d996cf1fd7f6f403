"""A call that ends at any point, by an error or an interrupt: what is served is what the store holds (REL1, REL22)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from matchengine.changes import Changes
from matchengine.config import parse_config
from matchengine.engine import Engine
from matchengine.errors import StoreError
from matchengine.matching import worker
from matchengine.records import Person
from matchengine.store.sql.store import SqlStore
from tests.properties.populations import programme as population
from tests.reliability import programme as p
from tests.support import CONFIG, WordsPlugin, engine, over

FAULTS: list[type[BaseException]] = [KeyboardInterrupt, StoreError, MemoryError]


def programme(folder: Path) -> Engine:
    made = over(folder / "programme.db", engine().config)
    made.load(**p.started())
    p.answers(made)
    return made


def served(made: Engine) -> tuple[Any, ...]:
    """Return what is answered, and of whom the engine knows."""
    return p.answers(made), made.members("mentor"), [made.person_record(f"p{n}").record for n in (2, 4)]


def rebuilt(folder: Path) -> tuple[Any, ...]:
    """Return what an engine answers that read everything from the store."""
    with over(folder / "programme.db", read_only=True) as made:
        made._rebuild(made._keeper)  # type: ignore[arg-type]
        return served(made)


def failing(whole: Callable[..., Any], fault: type[BaseException], when: Callable[..., bool]) -> Callable[..., Any]:
    """Let a method fail, once, after it has done what it does."""
    failed = []

    def call(*given: Any, **more: Any) -> Any:
        result = whole(*given, **more)
        if not failed and when(*given, **more):
            failed.append(fault)
            raise fault("made to fail")
        return result

    return call


CHANGES: dict[str, Callable[[Engine], Any]] = {
    "person": lambda made: made.upsert(Person.model_validate(p.member(2, 70))),
    "removed": lambda made: made.remove("p5"),
    "withdrawn": lambda made: p.make(made, ("withdraw", 90, 4)),
    "loaded": lambda made: p.make(made, ("load", 91, 0)),
    "erased": lambda made: made.erase("p5", why="asked", by="coordinator:1"),
}


def interrupted(folder: Path, what: str, fault: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Return an engine one of whose changes was true in the store when it failed."""
    made = programme(folder)
    monkeypatch.setattr(SqlStore, "write", failing(SqlStore.write, fault, lambda _self, _of, commit: commit.changes))
    with suppress(fault):
        CHANGES[what](made)
    return made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_that_fails_after_its_commit_is_taken_over(
    tmp_path: Path, what: str, fault: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    with interrupted(tmp_path, what, fault, monkeypatch) as made:
        if what not in ("loaded", "erased"):  # which measure anew in an engine that reads everything
            assert served(made) == rebuilt(tmp_path)
        made.upsert(Person.model_validate(p.member(1, 80)))
        before = served(made)
    with over(tmp_path / "programme.db") as again:  # from the cache
        assert served(again) == before
        assert before == rebuilt(tmp_path)


def test_without_a_look_at_the_store_a_change_that_failed_is_never_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL22, negative control."""
    monkeypatch.setattr(Changes, "_change_failed", lambda self: None)
    with interrupted(tmp_path, "removed", KeyboardInterrupt, monkeypatch) as made:
        made.upsert(Person.model_validate(p.member(1, 80)))
        assert "p5" in made._pool.tables["people"].row_of
    with over(tmp_path / "programme.db") as again:
        assert "p5" in again._pool.tables["people"].row_of


def test_an_erasure_interrupted_after_its_commit_leaves_nothing_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with programme(tmp_path) as made:
        made.upsert(Person.model_validate(p.member(5, 1) | {"id": "canary-7"}))
        monkeypatch.setattr(Changes, "_take_up", failing(Changes._take_up, KeyboardInterrupt, lambda *_given: True))
        with suppress(KeyboardInterrupt):
            made.erase("canary-7", why="asked", by="coordinator:1")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and b"canary-7" in path.read_bytes()] == []


def test_what_ran_out_is_withheld_though_reading_anew_failed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with programme(tmp_path) as made:
        keeper = made._keeper
        assert keeper is not None
        keeper.next_end = past = datetime(2020, 1, 1, tzinfo=UTC)
        with monkeypatch.context() as patched:
            patched.setattr(Changes, "_filled", lambda *_given: (_ for _ in ()).throw(StoreError("made to fail")))
            with pytest.raises(StoreError, match="made to fail"):
                p.answers(made)
        assert keeper.next_end == past
        p.answers(made)
        assert keeper.next_end > datetime.now(UTC)


def test_a_change_under_way_is_made_before_the_right_to_write_is_given_back(tmp_path: Path) -> None:
    """Also without a cache, the publication of which waits for it."""
    keys = {"k": b"k" * 32}
    made = over(tmp_path / "programme.db", engine().config, keys=keys)
    made.load(**p.started())
    begun, go_on, told = threading.Event(), threading.Event(), list[str]()
    commit = made._keeper.store.store.write  # type: ignore[union-attr, attr-defined]

    def slowly(*given: Any) -> Any:
        begun.set()
        go_on.wait(60)
        done = commit(*given)
        told.append("written")
        return done

    made._keeper.store.store.write = slowly  # type: ignore[union-attr, attr-defined]
    closing = threading.Thread(target=lambda: (made.close(), told.append("closed")))
    changing = threading.Thread(target=lambda: made.upsert(Person.model_validate(p.member(3, 70))))
    changing.start()
    assert begun.wait(60)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    go_on.set()
    for thread in (changing, closing):
        thread.join(60)
    assert told == ["written", "closed"]


# ---------------------------------------------------------------------- a scorer in a process of its own


@pytest.fixture
def isolated() -> Engine:
    made = Engine(
        parse_config(CONFIG.replace('use = "values_overlap"\n', 'use = "values_overlap"\nisolate = true\n')),
        plugins=[WordsPlugin()],
    )
    made.load(population(8, 12, seed=4))
    return made


def told_after_an_interrupt(made: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Any]]:
    """Interrupt a call while it waits for its worker; return what is answered before and afterwards."""

    def ask() -> list[Any]:
        return [made.suggest(f"a{n}", "mentor", 5) for n in range(8)]

    def interrupted_talk(there: Any, _back: Any, request: bytes, _most: int) -> bytes:
        worker.write_frame(there, request)
        raise KeyboardInterrupt

    before = ask()
    with monkeypatch.context() as patched:
        patched.setattr(worker, "_talk", interrupted_talk)
        with pytest.raises(KeyboardInterrupt):
            made.suggest("a0", "mentor", 5)
    return before, ask()


def test_a_call_interrupted_while_a_scorer_works_leaves_no_answer_behind(
    isolated: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = told_after_an_interrupt(isolated, monkeypatch)
    assert after == before


def test_without_ending_the_process_the_next_calls_get_the_answers_of_others(
    isolated: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL22, negative control."""
    monkeypatch.setattr(worker._Worker, "stop", lambda self: "")
    before, after = told_after_an_interrupt(isolated, monkeypatch)
    assert after != before
