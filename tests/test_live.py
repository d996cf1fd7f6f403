"""One writer and many readers: a call keeps to one state, whatever is written meanwhile."""

from __future__ import annotations

import inspect
import threading
from contextlib import nullcontext
from typing import Any

import pytest

from matchengine.engine import Engine
from matchengine.errors import DataError, UnknownIdError
from matchengine.records import Person
from tests.support import engine, mentee, mentor

CHANGES = 24
WRITING = {"load", "upsert", "remove", "apply", "close", "pause", "resume", "sync", "request_group", "placed", "erase"}
WRITING |= {"allow_again", "purge", "keep", "let_go", "note_copy", "keep_away", "decided", "cut_audit", "reseal"}
WRITING |= {"audit_lines", "verify_audit", "open_requests", "changes_since", "measure"}  # read the store itself
WRITING |= {"kept_away"}
"""Public methods that change what an engine holds."""


def programme() -> Engine:
    made = engine()
    made.load([mentee(f"a{n}") for n in range(4)] + [mentor(f"m{n}") for n in range(12)])
    return made


def change(made: Engine, number: int) -> None:
    """The change with this number: somebody comes, somebody is described anew, somebody goes."""
    if number % 3 == 2:
        made.remove(f"new{number - 2}")
    elif number % 3 == 1:
        made.upsert(Person.model_validate(mentor(f"m{number % 12}", offers=[{"text": f"topic {number}", "level": 2}])))
    else:
        made.upsert(Person.model_validate(mentor(f"new{number}", offers=[{"text": "sql for data work", "level": 4}])))


def answers(made: Engine) -> tuple[Any, ...]:
    """What several questions answer, each of which reads what the change before wrote."""
    people = [f"a{n}" for n in range(4)]
    found = made.suggest_many(people, "mentor", 20)
    places = made.members("mentor").candidates
    return (
        made.fingerprint().generation,
        tuple((s.requester_id, s.candidate_id, round(s.score, 9)) for of in found.values() for s in of),
        places,
    )


@pytest.fixture(scope="module")
def expected() -> dict[int, tuple[Any, ...]]:
    """What is answered after each number of changes, worked out alone."""
    made = programme()
    found = {0: answers(made)}
    for number in range(CHANGES):
        change(made, number)
        found[number + 1] = answers(made)
    by_generation = {told[0]: told for told in found.values()}
    assert len({told[1:] for told in by_generation.values()}) > CHANGES / 2
    return by_generation


def read_while_writing(made: Engine, keeping: bool) -> list[tuple[Any, ...]]:
    """Let two threads ask until a third has made all changes; return everything they were told."""
    told: list[tuple[Any, ...]] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def reader() -> None:
        try:
            while not done.is_set():
                with made._reading() if keeping else nullcontext():
                    told.append(answers(made))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=reader) for _each in range(2)]
    for thread in threads:
        thread.start()
    for number in range(CHANGES):
        before = len(told)
        change(made, number)
        while len(told) < before + 1 and not failed:
            done.wait(0.001)
    done.set()
    for thread in threads:
        thread.join(60)
    assert not failed, failed
    return told


def test_no_answer_mixes_two_generations(expected: dict[int, tuple[Any, ...]]) -> None:
    told = read_while_writing(programme(), keeping=True)
    assert len({each[0] for each in told}) > CHANGES / 3
    assert all(each == expected[each[0]] for each in told)


def test_each_call_alone_keeps_to_one_generation(expected: dict[int, tuple[Any, ...]]) -> None:
    """Several calls may see several generations, but the suggestions of one call are those of one generation."""
    possible = {each[1] for each in expected.values()}
    told = read_while_writing(programme(), keeping=False)
    assert all(each[1] in possible for each in told)


def test_a_change_is_seen_by_the_next_call_and_a_refused_one_by_none() -> None:
    made = programme()
    before = answers(made)
    with pytest.raises(UnknownIdError):
        made.remove("nobody")
    with pytest.raises(DataError):
        made.suggest("a0", "mentor", 0)
    assert answers(made) == before
    made.remove("m3")
    assert "m3" not in made.members("mentor").candidates
    assert made.fingerprint().generation == before[0] + 1


def test_within_a_call_nothing_changes_and_outside_everything_is_new() -> None:
    made = programme()
    with made._reading():
        before = answers(made)
        made.remove("m3")
        assert answers(made) == before
    assert "m3" not in answers(made)[2]


def test_a_load_waits_for_a_change_under_way_and_is_not_undone_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made, begun, go_on = programme(), threading.Event(), threading.Event()
    whole = made._made

    def slow(pool: Any, change: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return whole(pool, change)

    monkeypatch.setattr(made, "_made", slow)
    changing = threading.Thread(target=lambda: made.upsert(Person.model_validate(mentor("late"))))
    loading = threading.Thread(target=lambda: made.load([mentee("b"), mentor("only")]))
    changing.start()
    assert begun.wait(30)
    loading.start()
    loading.join(0.2)
    go_on.set()
    changing.join(30)
    loading.join(30)
    assert made.members("mentor").candidates == ("only",)


def test_every_public_question_keeps_to_one_state() -> None:
    """Whoever adds a method must say which kind it is: one that reads, or one that writes."""
    public = {name: each for name, each in inspect.getmembers(Engine, inspect.isfunction) if not name.startswith("_")}
    reading = {name for name, each in public.items() if getattr(each, "answers_from_one_state", False)}
    assert public.keys() - reading == WRITING
    assert {"suggest", "suggest_many", "explain", "assign", "bundle", "check", "save", "fingerprint"} <= reading
