"""Who saw what and who decided what: on record before anybody sees it (SEC20, SEC24)."""

from __future__ import annotations

import ast
import inspect
import logging
import sqlite3
import warnings
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import matchengine
from matchengine.accountable import READERS, people_in
from matchengine.actors import HOST, ITSELF, acting
from matchengine.engine import Engine
from matchengine.errors import DataError, MatchEngineError, StoreError
from matchengine.quota import QuotaError
from matchengine.records import ConsentGrant, Pause, Person, Suggestion
from matchengine.store.audit import CUT, EVERYBODY, Anchor, Break, find_break, head_of, pseudonym
from matchengine.store.base import AuditLine, Commit, Event, Position
from matchengine.store.documents import Gone
from matchengine.store.memory import MemoryStore
from matchengine.store.recording import RecordedStore, recorded
from matchengine.store.stores import open_store
from tests.support import CONFIG, config, consent, engine, group, mentee, mentor, over

PEOPLE = [mentee("a"), mentee("b"), mentor("m"), mentor("n")]
SENSITIVE = """[match.mentor.scorers.ages]
use = "cross_generational"
"""


def programme(store: Any = None, reads: str | None = None, **options: Any) -> Engine:
    made = over(recorded(MemoryStore() if store is None else store), config(), **options)
    if reads is not None:
        made.config = with_reads(made, reads)
    made.load(PEOPLE, [group("g")])
    return made


def with_reads(made: Engine, reads: str) -> Any:
    """Return the engine's configuration with another `[audit] reads`."""
    from matchengine.audit_config import AuditConfig

    changed = made.config.model_copy()
    object.__setattr__(changed, "__dict__", {**changed.__dict__, "audit": AuditConfig(reads=reads)})  # type: ignore[arg-type]
    return changed


def new_lines(made: Engine, ask: Any) -> list[AuditLine]:
    """Return the lines that asking leaves."""
    before = len(made.audit_lines())
    ask()
    return made.audit_lines()[before:]


def subjects(made: Engine, *ids: str) -> set[str]:
    store = made._keeper.store  # type: ignore[union-attr]
    assert isinstance(store, RecordedStore)
    return {pseudonym(store.key, "main", each) for each in ids}


# ---------------------------------------------------------------------- what is asked

FIVE = "\n[programme]\nmember_questions_per_day = 5\n"


def fabricated(shown: Suggestion, count: int) -> list[Suggestion]:
    return [Suggestion.model_validate(shown.model_dump() | {"candidate_id": f"x{n}"}) for n in range(count)]


def test_every_suggestion_that_is_told_to_a_member_is_a_question_and_what_is_carried_is_none() -> None:
    made = engine(FIVE)
    made.load(PEOPLE)
    (shown,) = made.suggest("a", "mentor", 1, "coordinator")
    asked = fabricated(shown, 6)
    assert len(made.tell(asked, "requester", carried=True)) == 6
    assert len(made.tell(asked, "candidate")) == 6
    for _again in range(2):
        assert len(made.tell(asked[:5], "requester")) == 5
    with pytest.raises(QuotaError):
        made.tell(asked[5:], "requester")
    with pytest.raises(QuotaError):
        made.suggest("a", "mentor")
    assert made.suggest("b", "mentor")


def test_nothing_stays_of_what_somebody_asked_who_is_erased_nor_in_a_process_that_reads() -> None:
    store = recorded(MemoryStore())
    made = over(store, config(FIVE))
    made.load(PEOPLE)
    reader = over(store, read_only=True)
    for each in (made, reader):
        each.suggest("a", "mentor")
        each.suggest("b", "mentor")
    made.erase("a", why="asked", by="coordinator:7")
    reader.suggest("b", "mentor")
    for each in (made, reader):
        assert each._quota is not None
        assert set(each._quota._asked) == {"b"}


# ---------------------------------------------------------------------- what is shown


def test_a_coordinator_who_looks_leaves_a_line_with_everybody_seen() -> None:
    made = programme()
    with acting("coordinator:7", "ticket 12"):
        (line,) = new_lines(made, lambda: made.suggest("a", "mentor", viewer="coordinator"))
    event = line.event
    assert (event.actor, event.action, event.why) == ("coordinator:7", "saw", "ticket 12")
    assert dict(event.details) == {"question": "suggest", "reader": "coordinator", "kind": "mentor"}
    assert set(event.subjects) == subjects(made, "a", "m", "n")


def test_members_leave_a_line_at_their_own_lists_only_where_it_is_wanted() -> None:
    left: dict[tuple[str, str], list[str]] = {}
    for reads in ("none", "coordinators", "everybody"):
        made = programme(reads=reads)
        for viewer in ("requester", "coordinator"):
            lines = new_lines(made, lambda made=made, viewer=viewer: made.suggest("a", "mentor", viewer=viewer))
            left[reads, viewer] = [line.event.details["reader"] for line in lines]
    assert left == {
        ("none", "requester"): [],
        ("none", "coordinator"): [],
        ("coordinators", "requester"): [],
        ("coordinators", "coordinator"): ["coordinator"],
        ("everybody", "requester"): ["member"],
        ("everybody", "coordinator"): ["coordinator"],
    }


def test_one_call_leaves_one_line_whatever_it_asks_in_turn() -> None:
    made = programme()
    (line,) = new_lines(made, lambda: made.bundle("a", viewer="coordinator"))
    assert line.event.details["question"] == "bundle"
    (line,) = new_lines(made, lambda: made.suggest_many(["a", "b"], "mentor", viewer="coordinator"))
    assert set(line.event.subjects) == subjects(made, "a", "b", "m", "n")


def test_an_answer_about_everybody_says_so() -> None:
    made = programme()
    for ask in (lambda: made.assign("mentor"), lambda: made.shortlists("mentor"), lambda: made.check("mentor")):
        (line,) = new_lines(made, ask)
        assert line.event.subjects == ()
        assert line.event.details["about"] == EVERYBODY


def test_what_names_nobody_leaves_no_line_and_what_is_taken_away_does(tmp_path: Path) -> None:
    made = programme(reads="none")
    assert not new_lines(made, made.fingerprint)
    (line,) = new_lines(made, lambda: made.save(tmp_path / "saved"))[-1:]
    assert (line.event.action, line.event.details["question"]) == ("exported", "save")


def test_the_use_of_a_sensitive_field_is_on_record_not_its_value() -> None:
    made = over(recorded(MemoryStore()), config(text=CONFIG + SENSITIVE))
    made.load([mentee("a", age_band="18-24"), mentor("m", age_band="55-64")], consents=[consent("a", "age_band")])
    (line,) = new_lines(made, lambda: made.suggest("a", "mentor", viewer="coordinator"))
    assert line.event.details["uses"] == "age_band"
    assert "18-24" not in str(made.audit_lines())


class Unrecorded(MemoryStore):
    """Loses the line of an answer: the disk is full."""

    full = False

    def write(self, programme: str, commit: Commit) -> Position:
        if self.full and commit.events:
            raise StoreError("no room")
        return super().write(programme, commit)


@pytest.mark.parametrize("reads", ["coordinators", "everybody"])
def test_an_answer_that_cannot_be_put_on_record_is_not_handed_out(reads: str) -> None:
    store = Unrecorded()
    made = programme(store, reads=reads)
    store.full = True
    with pytest.raises(StoreError, match="not handed out"):
        made.suggest("a", "mentor", viewer="coordinator")
    with pytest.raises(StoreError):
        made.upsert(Person.model_validate(mentor("late")))
    assert "late" not in {entry.id for entry in store.entries("main")}
    store.full = False
    assert made.suggest("a", "mentor", viewer="coordinator")
    assert "late" not in made.members("mentor").candidates


def test_were_failures_swallowed_it_would_be_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: raising is what keeps the answer back."""
    store = Unrecorded()
    made = programme(store)
    store.full = True
    told = Engine._told

    def careless(self: Engine, *args: Any) -> None:
        try:
            told(self, *args)
        except StoreError:
            return

    monkeypatch.setattr(Engine, "_told", careless)
    assert made.suggest("a", "mentor", viewer="coordinator")


def test_an_engine_that_only_reads_leaves_lines_too(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with programme(open_store(path, "main")) as writer:
        reader = over(recorded(open_store(path, "main", read_only=True)), read_only=True)
        with acting("coordinator:7"):
            (line,) = new_lines(reader, lambda: reader.suggest("a", "mentor", viewer="coordinator"))
        assert line.event.actor == "coordinator:7"
        writer.upsert(Person.model_validate(mentor("late")))
        assert [each.event.action for each in writer.audit_lines()][-2:] == ["saw", "changed"]
        assert writer.verify_audit() is None
        assert "late" in reader.members("mentor").candidates
        reader.close()


def test_without_a_store_there_is_no_record_and_nothing_is_in_the_way() -> None:
    made = engine()
    made.load(PEOPLE)
    assert made.suggest("a", "mentor", viewer="coordinator")
    for ask in (made.audit_lines, made.verify_audit, lambda: made.cut_audit(datetime.now(UTC))):
        with pytest.raises(DataError, match="no record"):
            ask()
    with acting("a"), pytest.raises(DataError, match="no record"):
        made.decided("accepted", "a", "m", "mentor")


COORDINATOR = {
    *("assign", "bundle", "check", "check_ins", "decline_swap", "eligible", "excluded", "explain", "form_groups"),
    *("groups_to_start", "help_checks", "invitations", "journey", "members", "mismatches", "mixer", "open_plan"),
    *("copies", "kept", "kept_results"),
    *("person_record", "place", "plan_swaps", "ready_to_mentor", "reminders", "shadow_prices", "shortlists"),
    *("shown_text", "skill_circles", "suggest", "suggest_many", "suspended", "team", "tell"),
}
"""Methods whose answer a coordinator reads, or whoever the argument `viewer` names."""


def test_every_question_says_who_reads_the_answer() -> None:
    """Whoever adds a method has to say it; until they do, a coordinator reads it, and it goes on record."""
    public = {name: each for name, each in inspect.getmembers(Engine, inspect.isfunction) if not name.startswith("_")}
    reading = {name for name, each in public.items() if getattr(each, "answers_from_one_state", False)}
    assert not COORDINATOR & READERS.keys()
    assert reading - (COORDINATOR | READERS.keys()) == set()
    assert all("viewer" not in inspect.signature(public[name]).parameters for name in READERS)


# ---------------------------------------------------------------------- what is changed


def test_every_change_is_on_record_with_who_and_whom() -> None:
    made = programme()
    changes: list[tuple[Any, dict[str, str], set[str]]] = [
        (lambda: made.upsert(Person.model_validate(mentor("late"))), {"person": "1"}, {"late"}),
        (lambda: made.remove("late"), {"person removed": "1"}, {"late"}),
        (lambda: made.apply([Pause(person_id="m")]), {"pause": "1"}, {"m"}),
        (lambda: made.apply([ConsentGrant.model_validate(consent("a", "age_band"))]), {"consent": "1"}, {"a"}),
        (
            lambda: made.apply([Gone("n"), Person.model_validate(mentee("c"))]),
            {"person": "1", "person removed": "1"},
            {"n", "c"},
        ),
    ]
    for change, details, ids in changes:
        with acting("coordinator:7", "asked for"):
            (line,) = new_lines(made, change)
        assert (line.event.actor, line.event.action, line.event.why) == ("coordinator:7", "changed", "asked for")
        assert dict(line.event.details) == details
        assert set(line.event.subjects) == subjects(made, *ids)
    first = next(line.event for line in made.audit_lines() if line.event.action == "loaded")
    assert (first.actor, first.action, first.details["person"], first.details["about"]) == (
        HOST, "loaded", "4", EVERYBODY,
    )  # fmt: skip
    assert made.verify_audit() is None


def test_a_refused_change_leaves_no_line() -> None:
    made = programme()

    def refused() -> None:
        with pytest.raises(MatchEngineError):
            made.remove("nobody")

    assert not new_lines(made, refused)


def test_what_time_brings_about_is_in_nobodys_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made = over(recorded(MemoryStore()), config())
    soon = datetime.now(UTC) + timedelta(seconds=1)
    grant = consent("a", "age_band", expires_at=soon.isoformat())
    made.load([mentee("a", age_band="18-24"), mentor("m")], consents=[grant])

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return super().now(tz) + timedelta(days=1)

    monkeypatch.setattr("matchengine.pool.consents.datetime", Later)
    monkeypatch.setattr("matchengine.store.ended.datetime", Later)
    with acting("member:a"):
        lines = new_lines(made, lambda: made.suggest("a", "mentor"))
    assert [line.event.actor for line in lines] == [ITSELF]
    assert lines[0].event.details == {"consent ended": "1"}


# ---------------------------------------------------------------------- what is decided


def test_a_decision_is_a_persons_and_on_record() -> None:
    made = programme()
    with pytest.raises(DataError, match="who decided"):
        made.decided("accepted", "a", "m", "mentor")
    with acting("coordinator:7"):
        (line,) = new_lines(made, lambda: made.decided("overridden", "a", "m", "mentor", why="they know each other"))
    assert (line.event.actor, line.event.action, line.event.why) == ("coordinator:7", "decided", "they know each other")
    assert dict(line.event.details) == {"question": "decided", "verdict": "overridden", "kind": "mentor"}
    assert set(line.event.subjects) == subjects(made, "a", "m")


def test_no_path_writes_a_final_match() -> None:
    """SEC24: everything is drafted, published and decided, and no relationship and no document has come of it."""
    made = programme()
    before = list(made._keeper.entries())  # type: ignore[union-attr]
    made.suggest_many(["a", "b"], "mentor", viewer="coordinator")
    made.bundle("a")
    made.shortlists("mentor")
    plan = made.assign("mentor")
    published = plan.publish(by="coordinator:7")
    with acting("coordinator:7"):
        for requester, candidate in published.pairs:
            made.decided("published", requester, candidate, "mentor")
    assert published.pairs
    assert list(made._keeper.entries()) == before  # type: ignore[union-attr]
    assert made.assign("mentor").document.pairs == plan.document.pairs  # nobody counts as matched


# ---------------------------------------------------------------------- reading the record


def test_a_person_can_be_told_who_saw_them() -> None:
    made = programme()
    with acting("coordinator:7"):
        made.excluded("a", "mentor")
        made.excluded("b", "mentor")
        made.assign("mentor")
    lines = made.audit_lines("a")
    assert lines[0].event.action == "loaded"
    assert [line.event.details.get("question") for line in lines[1:]] == ["excluded", "assign", "audit_lines"]
    assert made.audit_lines()[-1].event.details["question"] == "audit_lines"


def test_nothing_of_an_id_is_readable_on_record() -> None:
    made = over(recorded(MemoryStore()), config())
    made.load([mentee("secret-member-1"), mentor("secret-member-2")])
    made.suggest("secret-member-1", "mentor", viewer="coordinator")
    assert "secret" not in str(made.audit_lines())


def test_an_old_part_can_be_cut_off_by_somebody_who_signs(tmp_path: Path) -> None:
    made = programme(open_store(tmp_path / "a.db", "main"))
    made.upsert(Person.model_validate(mentor("late")))
    old = made.audit_lines()
    anchor, now = head_of(old), datetime.now(UTC)
    made.remove("late")
    with pytest.raises(DataError, match="who cuts"):
        made.cut_audit(now)
    with acting("coordinator:7", "five years"):
        assert made.cut_audit(now) == anchor
        assert made.cut_audit(now - timedelta(days=1)) is None
    lines = made.audit_lines()
    assert [(line.number - anchor.number, line.event.action) for line in lines] == [(1, "changed"), (2, CUT)]
    assert lines[-1].event == Event(
        "coordinator:7", CUT, (), {"up_to": str(anchor.number), "hash": anchor.hash}, "five years"
    )
    assert made.verify_audit() is None
    assert made.verify_audit(anchor) is None
    assert made.verify_audit(Anchor(1, old[0].hash)) == Break(1, "anchor")
    made.upsert(Person.model_validate(mentor("later")))
    with acting("coordinator:7"):
        made.cut_audit(datetime.now(UTC) + timedelta(days=1))
    assert [(line.number - anchor.number, line.event.action) for line in made.audit_lines()] == [(4, CUT)]
    assert made.verify_audit() is None
    made.close()


def tampered(path: Path, *statements: str) -> None:
    """Change a store as somebody may who owns the file."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in [*(f"DROP TRIGGER {name}" for (name,) in triggers), *statements]:
            connection.execute(statement)
        connection.commit()


def test_lines_can_only_be_cut_where_a_line_signs_for_it(tmp_path: Path) -> None:
    """The database itself refuses to change the record, and does so again after a cut."""
    made = programme(open_store(tmp_path / "a.db", "main"))
    with acting("coordinator:7"):
        made.cut_audit(datetime.now(UTC))
    made.close()
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        for statement in ("DELETE FROM audit", "UPDATE audit SET actor = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(statement)


def test_a_broken_record_is_not_cut_off(tmp_path: Path) -> None:
    made = programme(open_store(tmp_path / "a.db", "main"))
    tampered(tmp_path / "a.db", "UPDATE audit SET actor = 'somebody else' WHERE number = 1")
    assert made.verify_audit() == Break(1, "content")
    with acting("coordinator:7"), pytest.raises(StoreError, match="broken at line 1"):
        made.cut_audit(datetime.now(UTC) + timedelta(days=1))
    made.close()


def test_only_a_database_is_cut() -> None:
    made = programme()
    with acting("a"), pytest.raises(StoreError, match="database"):
        made.cut_audit(datetime.now(UTC))


def test_no_content_reaches_record_log_or_warning(caplog: pytest.LogCaptureFixture) -> None:
    """SEC12: 200 marked words in every text of people, at every level of every log."""
    caplog.set_level(logging.DEBUG)
    made = over(recorded(MemoryStore()), config())
    words = [f"canary{n:03d}" for n in range(200)]
    people = [
        mentee(f"a{n}", goals=[{"text": one}], interests=[{"text": two}])
        if n % 2
        else mentor(f"m{n}", offers=[{"text": one, "level": 3}])
        for n, (one, two) in enumerate(zip(words[::2], words[1::2], strict=True))
    ]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        made.load(people)
        for viewer in ("requester", "coordinator"):
            made.suggest("a1", "mentor", viewer=viewer)  # type: ignore[arg-type]
        with acting("coordinator:7"):
            made.decided("accepted", "a1", "m0", "mentor")
        with pytest.raises(MatchEngineError) as refused:
            made.suggest("nobody", "mentor", viewer="coordinator")
        made.remove("m0")
    told = [str(made.audit_lines()), caplog.text, str(refused.value), *(str(each.message) for each in warned)]
    assert not [word for word in words for text in told if word in text]
    assert find_break(made.audit_lines()) is None


def test_the_package_writes_no_log_of_its_own() -> None:
    """SEC12: nothing is logged, so nothing can leak there; whoever begins to log names people by `pseudonym`."""
    root = Path(str(matchengine.__file__)).parent
    using = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(each.name.split(".")[0] == "logging" for each in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "logging")
    }
    assert using == {"testing/artefacts.py", "store/sql/failures.py"}  # one listens, one silences: none writes


def test_ids_are_found_wherever_a_record_holds_them() -> None:
    made = programme()
    drafts = made.suggest("a", "mentor", viewer="coordinator")
    assert set(people_in({"x": [drafts]})) == {"a", "m", "n"}
    assert not list(people_in(iter(drafts)))
    assert len(drafts) == 2
