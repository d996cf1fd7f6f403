"""SEC21: a person gets everything that is held about them, and nothing of anybody else; it can be loaded again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from matchengine.actors import acting
from matchengine.engine import Engine
from matchengine.errors import DataError, UnknownIdError
from matchengine.records import Feedback, MeetingHeld, Pause, Person, Relationship
from matchengine.rights.rights import Rights
from matchengine.store import recording
from matchengine.store.memory import MemoryStore
from tests.rights.support import BY, grants, opened
from tests.rights.support import programme as programme_of_rights
from tests.support import config, group, mentee, mentor

A, B = "aa-canary", "bb-canary"
OWN = tuple(f"owncanary{n}" for n in range(12))
OTHER = tuple(f"bcanary{n}" for n in range(9))


def whole() -> Engine:
    """A programme in which A and B say something in every way that there is, about each other too."""
    made = opened(MemoryStore(), config())
    first = mentee(
        A,
        goals=[{"text": OWN[0]}],
        interests=[{"text": OWN[1]}],
        pronouns=OWN[2],
        attributes=[{"dimension": OWN[3], "value": OWN[4]}],
        anchors=[OWN[5]],
        household=OWN[6],
        training_done=[OWN[7]],
        boundaries=[{"kind": "person", "value": B}, {"kind": "topic", "value": OWN[8]}],
    )
    second = mentor(
        B,
        offers=[{"text": f"sql {OTHER[0]}", "level": 4}],
        interests=[{"text": OTHER[1]}],
        attributes=[{"dimension": OTHER[2], "value": OTHER[3]}],
        boundaries=[{"kind": "person", "value": A}, {"kind": "topic", "value": OTHER[4]}],
        line_manager=A,
    )
    answer = {"wave": "end", "items": {"trust": 2, "felt_unsafe": True}, "given_at": "2026-02-03T00:00:00Z"}
    made.load(
        [first, second, mentor("m0"), mentor("m1", offers=[{"text": OTHER[5], "level": 4}])],
        groups=[group("g", contacts=[{"person_id": A}, {"person_id": B}])],
        relationships=[
            {"person_id": A, "other_id": "m1", "kind": "mentoring", "goals": [OWN[9]], "decided_by": B},
            {"person_id": B, "other_id": A, "kind": "peer", "goals": [OTHER[6]], "do_not_rematch": True},
            {"person_id": B, "other_id": A, "kind": "must_not", "goals": [OTHER[7]]},
            {"person_id": A, "other_id": "g", "kind": "membership"},
        ],
        consents=[*grants(A, "attributes", "anchors", "pronouns"), *grants(B, "attributes")],
        feedback=[
            answer | {"person_id": A, "about_id": B, "perspective": "requester", "instrument": OWN[10]},
            answer | {"person_id": B, "about_id": A, "perspective": "candidate", "instrument": OTHER[8]},
        ],
    )
    made.upsert(Pause(person_id=A, until=datetime(2020, 1, 1, tzinfo=UTC).date()))
    made.upsert(MeetingHeld(person_id=B, other_id=A, held_on=datetime(2026, 3, 1, tzinfo=UTC).date(), on_goals=1))
    made.keep("spring", made.assign("mentor"))
    return made


@pytest.fixture(scope="module")
def engine() -> Engine:
    return whole()


def test_it_holds_everything_of_the_person(engine: Engine) -> None:
    text = engine.person_record(A).model_dump_json()
    assert not [each for each in (A, *OWN[:11]) if each not in text]
    told = json.loads(text)
    assert told["derived"]["texts"]["needs"] == [OWN[0]]
    assert told["derived"]["vectors"] > 0
    assert told["derived"]["tokens"]["attributes"] == 1
    assert told["derived"]["suggestions"]["mentor"]
    assert {each["kind"] for each in told["held"]} >= {"person", "consent", "relationship", "feedback", "meeting"}
    assert all(each["written_at"] and each["generation"] for each in told["held"])
    assert told["named_in"] == {"group": 1}
    assert {each["with"] for each in told["relationships"]} >= {"g"}
    assert [each["kind"] for each in told["results"]] == ["PlanDocument"]
    assert "spring" not in text  # a draft may be called by somebody
    assert any(A in json.dumps(part) for part in told["results"][0]["parts"])


def test_it_holds_nothing_of_anybody_else(engine: Engine) -> None:
    text = engine.person_record(A).model_dump_json()
    assert not [each for each in (B, *OTHER, '"m0"', '"m1"') if each in text]
    told = json.loads(text)
    assert told["feedback_about"] == {"answers": "0-4"}
    assert "must_not" not in text
    assert "do_not_rematch" not in text
    assert all("on_goals" not in each for each in told["meetings"])
    assert not any(len(value) > 8 and _numbers(value) for value in _lists(told)), "a vector"


def _lists(value: Any) -> list[list[Any]]:
    if isinstance(value, dict):
        return [each for part in value.values() for each in _lists(part)]
    return [value, *(each for part in value for each in _lists(part))] if isinstance(value, list) else []


def _numbers(value: list[Any]) -> bool:
    return all(isinstance(each, float) for each in value)


def test_of_a_draft_that_lists_them_it_holds_no_row_of_others() -> None:
    """Somebody who has a mentor already stands in a list of the draft: its other lists are none of their affair."""
    tie = {"person_id": "a0", "other_id": "m0", "kind": "mentoring", "status": "active"}
    made = programme_of_rights(relationships=[tie])
    made.keep("spring", made.assign("mentor"))
    kept = json.loads(made.kept("spring").document.model_dump_json())
    assert "a0" in kept["already"]
    assert [each for each in kept["alternates"] if "a0" not in each.values()]
    told = made.person_record("a0").model_dump_json()
    assert "already" in told
    assert "alternates" not in told


def test_an_exported_record_can_be_loaded_again(engine: Engine) -> None:
    told = json.loads(engine.person_record(A).model_dump_json())
    again = opened(MemoryStore(), config())
    again.load([told["record"]], consents=told["consents"])
    own = json.loads(again.person_record(A).model_dump_json())
    assert own["record"] == told["record"]
    assert own["consents"] == told["consents"]
    assert own["derived"]["texts"] == told["derived"]["texts"]
    Person.model_validate(told["record"])


def answer(author: str, trust: int, **more: Any) -> Feedback:
    said = {"about_id": "m0", "wave": "end", "perspective": "requester", "items": {"trust": trust}}
    return Feedback.model_validate(said | {"person_id": author} | more)


def test_ratings_are_told_as_means_anew_with_every_fifth_person() -> None:
    """Two means one answer apart would tell that answer."""
    made = opened(MemoryStore(), config())
    made.load([mentor("m0"), *(mentee(f"a{n}") for n in range(10))])
    told = []
    for n, trust in enumerate((4, 5, 4, 5, 4, 1, 1, 1, 1, 1)):
        made.upsert(answer(f"a{n}", trust))
        told.append(made.person_record("m0").feedback_about)
    steps = [{"answers": "0-4"}, {"answers": 5.0, "trust": 4.4}, {"answers": 10.0, "trust": 2.7}]
    assert told == [*[steps[0]] * 4, *[steps[1]] * 5, steps[2]]
    made.upsert(answer("a0", 1, wave="30_days"))
    assert made.person_record("m0").feedback_about == steps[2]


def test_a_mean_is_of_those_who_answered_first_in_whatever_order_they_are_sent() -> None:
    said = [answer(f"a{n}", 5 if n < 5 else 1, given_at=f"2026-02-0{n + 1}T00:00:00Z") for n in range(7)]
    made = opened(MemoryStore(), config())
    made.load([mentor("m0"), *(mentee(f"a{n}") for n in range(7))], feedback=said[::-1])
    assert made.person_record("m0").feedback_about == {"answers": 5.0, "trust": 5.0}


def confided(**more: Any) -> Person:
    """B, who is no candidate of anybody's."""
    return Person.model_validate(mentee("b", **more))


def confide(made: Engine, whom: str, what: str) -> None:
    """Let B say or do something about somebody, or about somebody else."""
    with acting("b"):
        if what == "must_not":
            made.upsert(Relationship(person_id="b", other_id=whom, kind="must_not"))
        elif what == "boundary":
            made.upsert(confided(boundaries=[{"kind": "person", "value": whom}]))
        elif what == "line manager":
            made.upsert(confided(line_manager=whom))
        elif what == "answer":
            made.upsert(answer("b", 1, about_id=whom))
        elif what == "answer without a name":
            made.upsert(answer("b", 1, about_id=whom, person_id=None, anonymous=True))
        elif what == "all at once":
            boundaries = [{"kind": "person", "value": whom}]
            made.apply([Person.model_validate(mentee("a")), confided(boundaries=boundaries, line_manager=whom)])
        else:
            made.decided("rejected", "b", whom, "mentor")


CONFIDED = ("must_not", "boundary", "line manager", "answer", "answer without a name", "veto", "all at once")


def heard(made: Engine) -> str:
    """Everything that A is told, without the moments."""
    told = made.person_record("a")
    written = {each.written_at for each in told.held} | {each.at for each in told.seen} | {told.made_at}
    text = told.model_dump_json(exclude={"results": {"__all__": {"kept_at"}}})
    for moment in written:
        text = text.replace(moment.isoformat().replace("+00:00", "Z"), "NOW")
    return text


@pytest.mark.parametrize("what", CONFIDED)
def test_what_others_confide_about_somebody_changes_nothing_in_their_record(what: str) -> None:
    texts = []
    for whom in ("a", "c"):
        made = opened(MemoryStore(), config())
        made.load([mentee("a"), mentee("b"), mentee("c"), mentor("m0")])
        made.keep("spring", made.suggest("a", "mentor")[0])
        confide(made, whom, what)
        texts.append(heard(made))
    assert texts[0] == texts[1]
    assert '"rejected"' not in texts[0]
    assert '"actor":"b"' not in texts[0]


def test_lines_of_an_earlier_version_name_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """They concern everybody whom a document involves; what explains none of one's own documents is left out."""
    monkeypatch.setattr(recording, "whose", lambda change: change.people)
    for what in ("must_not", "line manager", "answer without a name"):
        texts = []
        for whom in ("a", "c"):
            made = opened(MemoryStore(), config())
            made.load([mentee("a"), mentee("b"), mentee("c"), mentor("m0")])
            made.upsert(Person.model_validate(mentee("a")))
            confide(made, whom, what)
            texts.append(heard(made))
        assert texts[0] == texts[1], what


def test_of_changes_those_are_told_that_are_ones_own_and_of_who_acted_the_role() -> None:
    made = opened(MemoryStore(), config())
    made.load([mentee("a"), mentor("m0")])
    for actor in ("coordinator:7", "bo", "a"):
        with acting(actor):
            made.upsert(Person.model_validate(mentee("a")))
    tie = Relationship(person_id="a", other_id="m0", kind="mentoring")
    with acting("coordinator:7"):
        made.upsert(tie)
    with acting("a"):
        made.decided("rejected", "a", "m0", "mentor")
    told = [(each.actor, each.action, each.details) for each in made.person_record("a").seen]
    changes = [("coordinator", "changed", {}), ("somebody", "changed", {}), ("a", "changed", {})]
    decision = ("a", "decided", {"question": "decided", "verdict": "rejected", "kind": "mentor"})
    assert [each for each in told if each[0] != "host"] == [*changes, ("coordinator", "changed", {}), decision]
    assert ("host", "loaded", {"about": "everybody"}) in told


def test_of_copies_outside_what_and_the_day_are_told_and_no_path_which_may_name_others() -> None:
    made = opened(MemoryStore(), config())
    made.load([mentee("a"), mentee("e3")])
    made.note_copy("letters/e3.pdf", "letter")
    (copy,) = made.person_record("a").copies
    assert copy.model_dump() == {"what": "letter", "written_on": datetime.now(UTC).date()}
    assert "e3" in made.copies()[0].address


def test_a_household_called_by_an_id_tells_not_whether_they_are_here() -> None:
    told = set()
    for gone in (None, Engine.remove, lambda made, who: made.erase(who, **BY)):
        made = programme_of_rights(people=[mentee("a0", household="ana"), mentee("ana"), mentor("m0")])
        if gone is not None:
            gone(made, "ana")
        own = made.person_record("a0").record
        assert own is not None
        told.add(own.household)
    assert told == {"somebody-1"}


def test_who_is_unknown_and_who_was_erased_read_the_same() -> None:
    made = whole()
    made.erase(A, why="asked", by="coordinator:7")
    said = []
    for each in (A, "qq-canary"):
        with pytest.raises(UnknownIdError) as caught:
            made.person_record(each)
        said.append(str(caught.value).replace(each, "ID"))
    assert said[0] == said[1]


def test_whom_only_others_name_in_confidence_reads_like_nobody() -> None:
    made = opened(MemoryStore(), config())
    made.load([mentee("b", line_manager=A, boundaries=[{"kind": "person", "value": A}]), mentor("m0")])
    made.upsert(Relationship(person_id="b", other_id=A, kind="must_not"))
    with pytest.raises(UnknownIdError):
        made.person_record(A)


def test_without_a_store_nothing_is_held() -> None:
    made = Engine(config(), plugins=[_words()])
    with pytest.raises(DataError, match="store"):
        made.person_record("a")
    assert issubclass(Engine, Rights)


def _words() -> Any:
    from tests.support import WordsPlugin

    return WordsPlugin()
