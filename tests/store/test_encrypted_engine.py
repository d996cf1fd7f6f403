"""An engine over an encrypted store, and what of it is on record (SEC20, SEC24, SEC26)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support import CONFIG, config, mentee, mentor, over

import matchengine
from matchengine.actors import HOST
from matchengine.engine import Engine
from matchengine.errors import ConfigError, StoreError
from matchengine.records import Person
from matchengine.store.memory import MemoryStore
from matchengine.store.recording import RecordedStore
from matchengine.store.sealing import KEYS_VARIABLE, new_key

ONE, TWO = {"one": b"1" * 32}, {"two": b"2" * 32}
CANARIES = [f"canary{n:03d}" for n in range(200)]
PEOPLE = [
    *(mentee(f"a{n}", goals=[{"text": word}]) for n, word in enumerate(CANARIES[:100])),
    *(mentor(f"m{n}", offers=[{"text": word, "level": 3}]) for n, word in enumerate(CANARIES[100:])),
]


def seen(made: Engine) -> list[Any]:
    return [(s.candidate_id, s.score) for s in made.suggest("a1", "mentor", 20, viewer="coordinator")]


def raw(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_of_an_encrypted_programme_is_readable_in_any_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with over(path, config(), keys=ONE) as made:
        made.load(PEOPLE)
        expected = seen(made)
        made.upsert(Person.model_validate(mentee("late", goals=[{"text": "canary999"}])))
        made.remove("late")
        assert set(CANARIES) <= set(made.embedder.seen)  # type: ignore[attr-defined]
        vectors = made.embedder.encode(CANARIES).vectors
        pieces = {row.tobytes()[at : at + 16] for row in vectors for at in (0, 64)}
        assert len(pieces) == 2 * len(CANARIES)
        during = raw(tmp_path)
    for data in (during, raw(tmp_path)):
        assert not [word for word in (*CANARIES, "canary999") if word.encode() in data]
        assert not [piece for piece in pieces if piece in data]
    with over(path, keys=ONE) as again:
        assert seen(again) == expected
        assert again.embedder.seen == []  # type: ignore[attr-defined]  # every vector was found


def test_without_keys_the_same_search_finds_them(tmp_path: Path) -> None:
    """Negative control."""
    with over(tmp_path / "a.db", config()) as made:
        made.load(PEOPLE)
        vectors = made.embedder.encode(CANARIES).vectors
    data = raw(tmp_path)
    assert all(word.encode() in data for word in CANARIES)
    assert any(row.tobytes()[:16] in data for row in vectors)


def test_an_engine_changes_the_key_of_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    with over(path, config(), keys=ONE) as made:
        made.load(PEOPLE)
        expected = seen(made)
    with over(path, keys=lambda: {**TWO, **ONE}) as made:
        assert made.embedder.seen == []  # type: ignore[attr-defined]
        with matchengine.acting("officer:1"):
            assert made.reseal() > len(PEOPLE)
        assert made.reseal() == 0
        assert seen(made) == expected
        assert "resealed" in {line.event.action for line in made.audit_lines()}
        assert made.verify_audit() is None
    with over(path, keys=TWO) as made:
        assert seen(made) == expected
    for keys in (None, ONE, {"two": b"9" * 32}):
        with pytest.raises(StoreError, match="'two'"):
            over(path, keys=keys)
    monkeypatch.setenv(KEYS_VARIABLE, f"other:{new_key()}")
    with pytest.raises(StoreError, match="'two' is not here"):
        over(path)


def test_a_refused_opening_lets_go_of_the_right_to_write(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    over(path, config(), keys=ONE).close()
    for _each in range(2):
        with pytest.raises(StoreError, match="'one' is not here"):
            over(path)
    over(path, keys=ONE).close()


def test_an_open_store_is_refused_with_keys_and_cannot_be_sealed_without(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with over(path, config()) as made:
        made.load(PEOPLE[:3])
        with pytest.raises(StoreError, match="without keys"):
            made.reseal()
    with pytest.raises(StoreError, match="not encrypted"):
        over(path, keys=ONE)


def test_every_engine_over_a_store_keeps_a_record() -> None:
    made = over(MemoryStore(), config())
    assert made._keeper is not None
    assert isinstance(made._keeper.store, RecordedStore)
    made.load(PEOPLE[:3])
    assert [line.event.action for line in made.audit_lines()] == ["changed", "changed", "loaded"]


def test_the_configuration_says_which_answers_leave_a_line() -> None:
    for reads, expected in (("none", 0), ("coordinators", 1), ("everybody", 2)):
        made = over(MemoryStore(), config(text=CONFIG + f'[audit]\nreads = "{reads}"\n'))
        made.load(PEOPLE)
        before = len(made.audit_lines())
        made.suggest("a1", "mentor", viewer="coordinator")
        made.suggest("a1", "mentor")
        assert len(made.audit_lines()) - before == expected
    with pytest.raises(ConfigError, match="reads"):
        config(text=CONFIG + '[audit]\nreads = "some"\n')


def test_a_plan_is_published_by_somebody_and_that_is_on_record() -> None:
    made = over(MemoryStore(), config())
    made.load(PEOPLE)
    plan = made.assign("mentor")
    before = len(made.audit_lines())
    published = plan.publish(by="coordinator:7", why="meeting\nof 9 March")
    (line,) = made.audit_lines()[before:]
    assert (line.event.actor, line.event.action, line.event.why) == ("coordinator:7", "decided", "meeting of 9 March")
    assert line.event.details["verdict"] == "published"
    assert len(line.event.subjects) == len({each for pair in published.pairs for each in pair})
    made.assign("mentor").publish(by="Somebody with a name")
    assert made.audit_lines()[-1].event.actor == HOST
    assert "Somebody" not in str(made.audit_lines())
