"""Drafts that are kept, and SEC22: what has run out is absent at once, and after a purge nowhere."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from matchengine.config import parse_config, to_toml
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.records import Feedback, Pause, Person, Record, Relationship
from matchengine.store.documents import Gone
from matchengine.store.memory import MemoryStore
from matchengine.store.results import ids_in
from tests.privacy.test_drafts import BALANCED, ROUND, RUNNING, drafts, people
from tests.programme.groups.circles import PEER
from tests.programme.swaps.test_exchange_cycles import KIND as EXCHANGE
from tests.properties.disclosing import LIFT
from tests.rights.support import BY, opened, programme
from tests.support import CONFIG, WordsPlugin, config, mentee, mentor

CANARY = "xanaduinstrument"
KEEPS = "[retention]\nfeedback = 30\nrelationship = 10\nresult = 5\ncopy = 5\nmeeting = 2\npause = 1\n"


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Move the clock of everything that asks whether something has run out."""
    ahead = timedelta(days=days)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    places = ["store.keep", "store.memory", "changes", "rights.rights", "store.copies"]
    if find_spec("sqlalchemy") is not None:
        places += ["store.sql.store", "store.sql.commits"]
    for name in places:
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


def test_the_last_day_of_the_calendar_stops_no_purge() -> None:
    made = programme(extra=KEEPS)
    made.pause("m1", until=date.max)
    made.upsert(Relationship(person_id="a0", other_id="m2", kind="mentoring", status="ended", ends=date.max))
    made.upsert(answer(given_at="2020-01-01"))
    assert made.purge().documents == {"feedback": 1}
    assert "m1" not in shown(made)


def test_a_configuration_that_changes_counts_for_what_is_there_already() -> None:
    store = MemoryStore()
    programme(store).upsert(answer(given_at="2020-01-01T00:00:00Z"))
    made = opened(store, config(KEEPS))
    assert made.purge().documents == {"feedback": 1}


MONTH = "[retention]\nfeedback = 30\nrelationship = 30\nresult = 30\ncopy = 30\npause = 30\n"
ENDED = {"person_id": "a1", "other_id": "m1", "kind": "mentoring", "status": "ended"}


def without_dates(made: Engine) -> Engine:
    """Let a programme keep something of each kind whose time counts from when it was written."""
    made.keep("spring", made.assign("mentor"))
    made.note_copy("/somewhere/letter.pdf", "letter")
    made.apply([answer(), Relationship.model_validate(ENDED), Pause(person_id="a2", lifted=True)])
    assert made.kept("spring").stale == ("changed",)
    return made


def position(made: Engine) -> tuple[int, int]:
    assert made._keeper is not None
    return made._keeper.store.position("main")


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_purges_in_between_postpone_nothing(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "sqlite":
        pytest.importorskip("sqlalchemy")
    with without_dates(programme(tmp_path / "programme.db" if kind == "sqlite" else None, MONTH)) as made:
        before = position(made)
        for days in (0, 10, 20, 29):
            later(monkeypatch, days)
            assert made.purge().documents == made.purge().documents == {}
            assert position(made) == before
            assert made.kept("spring").stale == ("changed",)
        later(monkeypatch, 31)
        gone = dict.fromkeys(("copy", "feedback", "pause", "relationship", "result", "stale"), 1)
        assert made.purge().documents == gone
        after = position(made)
        assert made.purge().documents == {}
        assert position(made) == after


def test_another_configuration_counts_from_when_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    without_dates(programme(store, MONTH))
    later(monkeypatch, 20)
    made = opened(store, config(MONTH.replace("30", "60")))
    assert made.purge().documents == {}
    after = position(made)
    made.purge()
    assert position(made) == after
    later(monkeypatch, 59)
    assert made.kept("spring").stale == ("changed",)
    assert made.purge().documents == {}
    later(monkeypatch, 61)
    assert len(made.purge().documents) == 6


def test_an_erasure_begins_the_time_of_others_not_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = programme(extra=MONTH)
    flag = answer(about_id="g", items={"felt_unsafe": True})
    made.apply([Relationship.model_validate(ENDED | {"anchor_of": "a0"}), flag])
    later(monkeypatch, 20)
    erased = made.erase("a0", **BY)
    assert (erased.rewritten, erased.flags_kept) == (1, 1)
    assert made.purge().documents == {}
    later(monkeypatch, 31)
    assert made.purge().documents == {"feedback": 1, "relationship": 1}


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


@pytest.fixture(scope="module", name="every")
def _every() -> dict[str, Record]:
    """Every draft of a programme, by a name to keep it under."""
    return {name.replace(" ", "-"): document for name, document in drafts(large())}


def large(location: Any = None) -> Engine:
    """Return the programme of those drafts, over a store where a location is given."""
    text = PEER + BALANCED + ROUND + EXCHANGE + LIFT
    made = Engine(config(text), plugins=[WordsPlugin()]) if location is None else opened(location, config(text))
    made.load(people(), relationships=RUNNING)
    return made


def naming(every: dict[str, Record], person_id: str) -> set[str]:
    """The names of the drafts that hold an id anywhere, sentences included."""
    return {name for name, each in every.items() if re.search(rf"\b{person_id}\b", each.model_dump_json())}


@pytest.mark.parametrize("person_id", ["e0", "e5", "m2", "m5"])
def test_no_draft_that_names_an_erased_person_is_kept(every: dict[str, Record], person_id: str) -> None:
    """Wherever it does: as a key, in a list, in a sentence; and whether they were there when it was kept or not."""
    made, expected = large(MemoryStore()), naming(every, person_id)
    assert expected
    keeper = made._keeper
    assert keeper is not None
    made.remove(person_id)
    for name, document in every.items():
        made.keep(name, document)
    assert {e.id for e in keeper.entries(kinds=("result",)) if person_id in e.people} == expected
    again = opened(keeper.store)
    again.keep("later", every[min(expected)])  # of whom a tombstone alone is left
    done = again.erase(person_id, **BY)
    assert done.results == len(expected) + 1
    assert {each.name for each in again.kept_results()} == every.keys() - expected
    for name in expected:
        with pytest.raises(DataError, match="erased"):
            again.keep(name, every[name])
    for name in every.keys() - expected:
        again.keep(name, every[name])


def test_what_of_a_text_may_be_an_id() -> None:
    said = "You return to m2. They (“e-2_x”), 'q' and 8 of 12 rooms, 10443: a/b-c; 与zz9见面 on 2026-03-17 a"
    _placed, found = ids_in({"a b|c": [said, "7"], "of": {"z": 1}})
    assert {"m2", "e-2_x", "q", "10443", "a/b-c", "zz9", "7", "z", "of"} <= found
    assert not {"8", "12", "03", "a", "2026"} & found
    known = {"m-1", "m-2", "p-3"}
    assert ids_in({"mentor_id": "m-1", "x": "with m-2, p-3."}, known) == (
        {"m-1"},
        {"mentor_id", "m-1", "x", "with m-2, p-3.", "with", "m-2", "m-2,", "p-3", "p-3.", "mentor", "id"},
    )


def test_a_word_of_a_closed_list_is_nobodys_id() -> None:
    told = {"fit": "good", "kind": {"good-one": 1}, "said": "very good"}
    assert "good" not in ids_in({"fit": "good"})[1]
    assert {"good", "good-one"} <= ids_in(told)[1]


def test_a_draft_called_by_a_person_tells_nobody_and_leaves_nothing(tmp_path: Path) -> None:
    people = [mentee("anna-7"), mentee("a1"), *(mentor(f"m{n}") for n in range(4))]
    made = programme(tmp_path / "programme.db", people=people)
    first, second, *_more = made.suggest("anna-7", "mentor", 3)
    made.keep("anna-7", first)
    made.keep("for-anna-7", second)
    assert "anna-7" not in made.person_record(first.candidate_id).model_dump_json()
    assert "anna-7" not in made.person_record(second.candidate_id).model_dump_json()
    made.upsert(Person.model_validate(mentee("anna-7", interests=[{"text": "tea"}])))
    assert made.kept("for-anna-7").stale == ("changed",)
    made.erase("anna-7", **BY)
    assert made.kept_results() == ()
    made.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"anna-7" in path.read_bytes()]


def test_an_id_is_looked_for_in_the_name_of_a_draft_too() -> None:
    made = programme()
    plan = made.assign("mentor")
    made.erase("a0", **BY)
    with pytest.raises(DataError, match="erased"):
        made.keep("letter-a0", made.assign("mentor"))
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


@pytest.mark.parametrize(("copies", "left"), [("", ["one", "two"]), ("copy = 45\n", ["two"])])
def test_where_a_reader_wrote_something_outlives_the_record(
    copies: str, left: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlalchemy")
    with programme(tmp_path / "programme.db", "[retention]\naudit = 30\n" + copies) as made:
        reader = opened(tmp_path / "programme.db", read_only=True)
        for days, name in ((0, "one"), (10, "two"), (20, "two")):
            later(monkeypatch, days)
            reader.note_copy(tmp_path / name, "letter")
        reader.close()
        later(monkeypatch, 60)
        before = made.copies()
        assert made.purge().audit_up_to is not None
        assert [Path(copy.address).name for copy in made.copies()] == left
        assert {*made.copies()} <= {*before}
        after = position(made)
        made.purge()
        assert position(made) == after
        assert [Path(copy.address).name for copy in made.erase("a0", **BY).copies] == left
