"""Every change is on record in the commit that makes it: neither is ever true without the other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support import consent, mentee

from matchengine.actors import HOST, ITSELF, acting
from matchengine.errors import StoreError
from matchengine.records import ConsentGrant, Feedback, MeetingHeld, Person, Record, Relationship
from matchengine.store.audit import EVERYBODY, Anchor, first_break, pseudonym
from matchengine.store.base import Change, Commit, Event, Position, Store, VectorRows
from matchengine.store.documents import change_of
from matchengine.store.memory import MemoryStore
from matchengine.store.recording import MOST_NAMED, RecordedStore, noted_head, recorded
from matchengine.store.stores import open_store

KEY = b"k" * 32
PERSON = Change("person", "p1", '{"id":"p1"}', ("p1", "boss"))


def store() -> RecordedStore:
    return RecordedStore(MemoryStore(), KEY)


def only_event(made: Store) -> Event:
    (line,) = made.audit("main")
    return line.event


def test_a_change_names_who_what_whom_and_why_and_no_content() -> None:
    made = store()
    with acting("coordinator:7", "ticket 12"):
        made.write("main", Commit(changes=(PERSON, Change("person", "p2", '{"id":"p2"}', ("p2",)))))
    event = only_event(made)
    assert (event.actor, event.action, event.why) == ("coordinator:7", "changed", "ticket 12")
    assert event.details == {"person": "2"}
    assert event.subjects == tuple(sorted(pseudonym(KEY, "main", each) for each in ("p1", "p2")))
    assert "p1" not in str(event)


@pytest.mark.parametrize(
    ("commit", "action", "details"),
    [
        (Commit(changes=(Change("person", "p1", None),)), "changed", {"person removed": "1"}),
        (Commit(forget=("p1",), changes=(PERSON,)), "erased", {"person": "1"}),
        (Commit(replace=("person",), changes=(PERSON,)), "loaded", {"person": "1", "about": EVERYBODY}),
        (
            Commit(purge_until=datetime(2026, 3, 9, tzinfo=UTC)),
            "purged",
            {"until": "2026-03-09T00:00:00+00:00", "about": EVERYBODY},
        ),
    ],
)
def test_what_was_done_follows_from_the_commit(commit: Commit, action: str, details: dict[str, str]) -> None:
    made = store()
    made.write("main", commit)
    event = only_event(made)
    assert (event.actor, event.action, dict(event.details)) == (HOST, action, details)
    assert pseudonym(KEY, "main", "p1") in event.subjects or "about" in details


def test_a_withdrawn_consent_is_told_from_a_given_one() -> None:
    made = store()
    given = consent("p1", "age_band")
    for withdrawn in ({}, {"withdrawn_at": "2026-01-01T00:00:00Z"}):
        made.write("main", Commit(changes=(change_of(ConsentGrant.model_validate(given | withdrawn)),)))
    assert [set(line.event.details) for line in made.audit("main")] == [{"consent"}, {"consent withdrawn"}]


SAID = {"wave": "end", "perspective": "requester", "items": {"trust": 1}}


@pytest.mark.parametrize(
    ("record", "subjects"),
    [
        (Relationship(person_id="p1", other_id="p2", kind="must_not"), {"p1"}),
        (Relationship(person_id="p1", other_id="p2", kind="mentoring", anchor_of="p3"), {"p1", "p2"}),
        (Feedback.model_validate(SAID | {"person_id": "p1", "about_id": "p2"}), {"p1"}),
        (Feedback.model_validate(SAID | {"anonymous": True, "about_id": "p2"}), set()),
        (
            Person.model_validate(mentee("p1", line_manager="p2", boundaries=[{"kind": "person", "value": "p3"}])),
            {"p1"},
        ),
        (MeetingHeld(person_id="p1", other_id="p2", held_on=date(2026, 3, 1)), {"p1", "p2"}),
    ],
)
def test_a_line_concerns_nobody_whom_others_named_in_confidence(record: Record, subjects: set[str]) -> None:
    made = store()
    made.write("main", Commit(changes=(change_of(record),)))
    assert {*only_event(made).subjects} == {pseudonym(KEY, "main", each) for each in subjects}


def test_a_withdrawal_counts_nothing_that_tells_whether_there_was_something_to_take_out() -> None:
    told = []
    withdrawn = change_of(
        ConsentGrant.model_validate(consent("p1", "wishes") | {"withdrawn_at": "2026-01-01T00:00:00Z"})
    )
    for taken in ((), (PERSON, Change("wish_edits", "p1", None))):
        made = store()
        made.write("main", Commit(changes=(withdrawn, *taken)))
        told.append(dict(only_event(made).details))
    assert told == [{"consent withdrawn": "1"}] * 2


def test_what_changes_no_document_needs_no_line_and_an_event_of_its_own_stays_alone() -> None:
    made = store()
    rows = VectorRows("m", np.zeros((1, 32), np.uint8), np.ones((1, 4), np.float32), np.zeros(1, np.bool_))
    made.write("main", Commit())
    made.write("main", Commit(vectors=(rows,)))
    assert not list(made.audit("main"))
    made.write("main", Commit(forget=("p1",), events=(Event("a", "erased"),)))
    assert only_event(made) == Event("a", "erased")


def test_a_line_about_very_many_is_about_everybody() -> None:
    made = store()
    few, many = ([Change("person", f"p{n}", "{}", (f"p{n}",)) for n in range(MOST_NAMED + extra)] for extra in (0, 1))
    made.write("main", Commit(changes=few))
    made.write("main", Commit(changes=many))
    first, second = (line.event for line in made.audit("main"))
    assert len(first.subjects) == MOST_NAMED
    assert "about" not in first.details
    assert second.subjects == ()
    assert second.details["about"] == EVERYBODY


class Failing(MemoryStore):
    """Fails between the change and the line, as a store would that did not commit both at once."""

    def write(self, programme: str, commit: Commit) -> Position:
        if commit.events and commit.changes:
            raise StoreError("the disk is full")
        return super().write(programme, commit)


def test_a_change_that_cannot_be_put_on_record_is_not_made() -> None:
    made = RecordedStore(Failing(), KEY)
    with pytest.raises(StoreError):
        made.write("main", Commit(changes=(PERSON,)))
    assert not list(made.entries("main"))
    assert not list(made.audit("main"))


def test_were_the_line_written_after_the_change_one_could_be_without_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same commit is what holds the two together."""

    def apart(self: RecordedStore, programme: str, commit: Commit) -> Position:
        self.store.write(programme, commit)
        from matchengine.store.recording import on_record

        return self.store.write(programme, on_record(programme, commit, self.key))

    monkeypatch.setattr(RecordedStore, "write", apart)
    made = RecordedStore(Failing(), KEY)
    with pytest.raises(StoreError):
        made.write("main", Commit(changes=(PERSON,)))
    assert list(made.entries("main"))
    assert not list(made.audit("main"))


def test_everything_else_is_the_stores_own() -> None:
    inner = MemoryStore()
    made = recorded(inner)
    assert isinstance(made, Store)
    assert recorded(made) is made
    assert recorded(inner).key == made.key
    assert made.location == "memory:"
    made.close()
    with pytest.raises(StoreError):
        inner.position("main")


def test_a_database_notes_the_end_of_its_record(tmp_path: Path) -> None:
    made = recorded(open_store(tmp_path / "a.db", "main"))
    assert noted_head(made, "main") == Anchor(0, "0" * 64)
    made.write("main", Commit(changes=(PERSON,)))
    (line,) = made.audit("main")
    assert noted_head(made, "main") == Anchor(1, line.hash)
    assert first_break(made.audit("main")) is None
    made.close()
    assert noted_head(MemoryStore(), "main") is None


def test_what_the_program_does_of_itself_is_in_nobodys_name() -> None:
    from matchengine.actors import acting_itself

    made = store()
    with acting("coordinator:7"), acting_itself():
        made.write("main", Commit(changes=(PERSON,)))
    assert only_event(made).actor == ITSELF


def test_no_content_reaches_the_record() -> None:
    """SEC12: 200 marked words in documents, and none of them on record."""
    made: Any = store()
    for n in range(200):
        document = f'{{"id":"p{n}","goals":[{{"text":"canary-{n:03d}"}}]}}'
        made.write("main", Commit(changes=(Change("person", f"p{n}", document, (f"p{n}",)),)))
    lines = list(made.audit("main"))
    assert len(lines) == 200
    assert "canary" not in str(lines)
