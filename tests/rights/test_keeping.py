"""Drafts that are kept, and SEC22: what has run out is absent at once, and after a purge nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from matchengine.config import parse_config, to_toml
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.records import Feedback, Pause, Person, Relationship
from matchengine.store.documents import Gone
from matchengine.store.memory import MemoryStore
from tests.rights.support import BY, opened, programme
from tests.support import CONFIG, config, mentee, mentor

CANARY = "xanaduinstrument"
KEEPS = "[retention]\nfeedback = 30\nrelationship = 10\nresult = 5\ncopy = 5\nmeeting = 2\npause = 1\n"


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Move the clock of everything that asks whether something has run out."""
    ahead = timedelta(days=days)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    for name in ("store.keep", "store.memory", "changes", "rights.rights", "store.sql.store"):
        monkeypatch.setattr(f"matchengine.{name}.datetime", Later)


def answer(**more: Any) -> Feedback:
    given = {"about_id": "m0", "person_id": "a0", "wave": "end", "perspective": "requester", "instrument": CANARY}
    return Feedback.model_validate(given | {"items": {"not_for_me": True}} | more)


def shown(made: Engine) -> list[str]:
    return sorted(each.candidate_id for each in made.suggest("a0", "mentor", 9))


def test_what_has_run_out_is_absent_at_once_and_a_purge_changes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    made = programme(extra=KEEPS)
    made.upsert(answer())
    assert shown(made) == ["m1", "m2", "m3"]
    reader = opened(made._keeper.store, read_only=True)  # type: ignore[union-attr]
    later(monkeypatch, 31)
    assert shown(made) == shown(reader) == shown(opened(made._keeper.store)) == ["m0", "m1", "m2", "m3"]  # type: ignore[union-attr]
    purged = made.purge()
    assert purged.documents == {"feedback": 1}
    assert shown(made) == ["m0", "m1", "m2", "m3"]
    assert made.purge().documents == {}


def test_after_a_purge_nothing_of_it_is_in_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlalchemy")
    with programme(tmp_path / "programme.db", KEEPS) as made:
        made.upsert(answer())
        assert found(tmp_path)
        later(monkeypatch, 31)
        made.purge()
        assert found(tmp_path) == []
    assert found(tmp_path) == []


def found(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]


def test_without_a_purge_the_search_above_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    pytest.importorskip("sqlalchemy")
    with programme(tmp_path / "programme.db", KEEPS) as made:
        made.upsert(answer())
        later(monkeypatch, 31)
        assert shown(made) == ["m0", "m1", "m2", "m3"]
    assert found(tmp_path)


def test_what_runs_is_kept_and_what_is_over_counts_from_its_end() -> None:
    made = programme(extra=KEEPS)
    running = Relationship(person_id="a0", other_id="m0", kind="mentoring")
    over = Relationship.model_validate(
        {"person_id": "a1", "other_id": "m1", "kind": "mentoring", "status": "ended", "ends": "2026-01-01"}
    )
    made.apply([running, over])
    assert made._keeper is not None
    ends = [e.expires_at for e in made._keeper.entries(kinds=("relationship",), now=datetime.min.replace(tzinfo=UTC))]
    assert ends == [None, datetime(2026, 1, 11, 23, 59, 59, 999_999, UTC)]
    assert made.purge().documents == {"relationship": 1}


def test_a_configuration_that_changes_counts_for_what_is_there_already() -> None:
    store = MemoryStore()
    programme(store).upsert(answer(given_at="2020-01-01T00:00:00Z"))
    made = opened(store, config(KEEPS))
    assert made.purge().documents == {"feedback": 1}


def test_the_hash_of_a_configuration_without_the_table_is_what_it_was() -> None:
    assert "retention" not in to_toml(config())
    assert parse_config(to_toml(config(KEEPS))) == config(KEEPS)
    with pytest.raises(ConfigError, match="retention"):
        parse_config(CONFIG + "[retention]\nfeedback = 0\n")


# ---------------------------------------------------------------------- drafts


def test_a_draft_comes_back_as_it_was_kept() -> None:
    made = programme()
    plan = made.assign("mentor")
    made.keep("spring", plan)
    lists = made.shortlists("mentor", 2)
    made.keep("lists", lists)
    again = opened(made._keeper.store, read_only=True)  # type: ignore[union-attr]
    assert again.kept("spring").document == plan.document
    assert again.kept("lists").document == lists
    assert [each.name for each in again.kept_results()] == ["spring", "lists"]
    made.let_go("spring")
    made.let_go("never")
    with pytest.raises(UnknownIdError):
        made.kept("spring")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Person.model_validate(mentee("a0")), "changed"),
        (Gone("m0"), "left"),
        (Pause(person_id="a0"), "paused"),
        (Person.model_validate(mentee("late")), None),
        (Pause(person_id="a0", lifted=True), None),
    ],
)
def test_a_draft_says_by_category_why_it_is_stale(change: Any, reason: str | None) -> None:
    made = programme()
    made.keep("spring", made.assign("mentor"))
    made.apply([change])
    for engine in (made, opened(made._keeper.store, read_only=True)):  # type: ignore[union-attr]
        assert engine.kept("spring").stale == (() if reason is None else (reason,))
    made.keep("spring", made.assign("mentor"))
    assert made.kept("spring").stale == ()


def test_a_load_makes_every_draft_stale_and_an_erasure_deletes_those_of_the_person() -> None:
    made = programme()
    plan = made.assign("mentor")
    made.keep("spring", plan)
    made.load([mentee("a0"), mentor("m0")])
    assert made.kept("spring").stale == ("loaded",)
    made.erase("a0", **BY)
    with pytest.raises(UnknownIdError):
        made.kept("spring")
    with pytest.raises(DataError, match="erased"):
        made.keep("spring", plan)


def test_a_draft_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made = programme(extra=KEEPS)
    made.keep("spring", made.assign("mentor"))
    later(monkeypatch, 6)
    with pytest.raises(UnknownIdError):
        made.kept("spring")


@pytest.mark.parametrize("name", ["", "Spring", "a b", "../x", "x" * 65])
def test_a_name_is_one_of_few_signs(name: str) -> None:
    made = programme()
    with pytest.raises(DataError):
        made.keep(name, made.assign("mentor"))


def test_only_our_documents_are_kept() -> None:
    with pytest.raises(DataError, match="dict"):
        programme().keep("x", {"a": 1})


def test_where_something_was_written_is_remembered_by_writers_and_readers(tmp_path: Path) -> None:
    made = programme()
    made.save(tmp_path / "one")
    reader = opened(made._keeper.store, read_only=True)  # type: ignore[union-attr]
    reader.save(tmp_path / "two")
    made.note_copy(tmp_path / "three.pdf", "letter")
    reader.note_copy(tmp_path / "two.pdf", "letter")
    names = ("one", "three.pdf", "two", "two.pdf")
    assert [copy.address for copy in made.copies()] == [str(tmp_path / name) for name in names]
