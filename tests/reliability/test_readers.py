"""Four threads that read and one that writes, over a store: no answer mixes two generations (REL7)."""

from __future__ import annotations

import statistics
import threading
import time
from bisect import bisect_right
from pathlib import Path
from typing import Any

import pytest

from matchengine.engine import Engine
from matchengine.records import Person
from matchengine.store.documents import Gone
from tests.properties.populations import WORDS
from tests.reliability import programme as p
from tests.support import engine, mentee, mentor, over

READERS = 4
ASKING = 6
MENTORS = 10


def version(number: int) -> list[Any]:
    """Return the change that makes this generation: all mentors are described anew together, some come, some go.

    Every text and every level carries the number, so an answer that mixes two generations shows both.
    """
    count = len(WORDS)
    rare = {"text": f"{WORDS[number % count]} {WORDS[number // count % count]} {WORDS[number * 7 % count]}", "level": 3}
    new = [Person.model_validate(mentor("m0", offers=[rare]))]
    for each in range(1, MENTORS):
        wanted = (number + each * each) % ASKING
        words = " ".join(WORDS[wanted * 4 : wanted * 4 + 2 + (number + each) % 3])
        told = mentor(f"m{each}", offers=[{"text": words, "level": 1 + number % 4}])
        new.append(Person.model_validate(told))
    visitor = [Person.model_validate(mentor("visitor"))] if number % 2 else [Gone("visitor")]
    return [*new, *visitor]


def programme(place: Path) -> Engine:
    made = over(place, engine().config)
    asking = [mentee(f"a{n}", goals=[{"text": " ".join(WORDS[n * 4 : n * 4 + 4])}]) for n in range(ASKING)]
    made.load([*asking, *(person for person in version(1) if isinstance(person, Person))])
    return made


def answer(made: Engine) -> tuple[int, Any]:
    """Return what is answered, and of which generation."""
    with made._reading():
        told = made.suggest_many([f"a{n}" for n in range(ASKING)], "mentor", 5)
        generation = made.fingerprint().generation
    return generation, [(s.requester_id, s.candidate_id, s.score) for of in told.values() for s in of]


def seconds(made: Engine, until: threading.Event, told: list[tuple[int, Any]]) -> list[float]:
    """Ask until the event comes, note what was told, return how long each answer took."""
    spent = []
    while not until.is_set():
        start = time.perf_counter()
        told.append(answer(made))
        spent.append(time.perf_counter() - start)
        time.sleep(0.002)  # as somebody who asks now and then does
    return spent


def read(made: Engine, during: Any, length: float) -> tuple[list[tuple[int, Any]], list[float]]:
    """Let four threads ask for some seconds while something else goes on; return answers and times."""
    until, told, spent, failed = threading.Event(), [], [], []  # type: ignore[var-annotated]

    def run() -> None:
        try:
            spent.extend(seconds(made, until, told))
        except BaseException as error:
            failed.append(error)
            until.set()

    threads = [threading.Thread(target=run) for _each in range(READERS)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + length
    try:
        while time.monotonic() < end and not until.is_set():
            during()
    finally:
        until.set()
        for thread in threads:
            thread.join(60)
    assert not failed, failed
    return told, spent


def right_at(generation: int, expected: dict[int, Any]) -> list[Any]:
    """Return what may be answered at a generation: what its snapshot says.

    Keeping what was measured is a generation of its own, in which nobody's record changes: where no snapshot was taken
    of it, it says what the one before or the one after does.
    """
    if generation in expected:
        return [expected[generation]]
    known = sorted(expected)
    after = bisect_right(known, generation)
    return [expected[each] for each in known[max(after - 1, 0) : after + 1]]


@pytest.mark.parametrize("length", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_every_answer_is_that_of_one_generation(tmp_path: Path, length: int) -> None:
    with programme(tmp_path / "programme.db") as made:
        expected, number = dict([answer(made)]), [1]

        def write() -> None:
            number[0] += 1
            made.apply(version(number[0]))
            generation, told = answer(made)  # after the call returned: the snapshot to check by
            expected[generation] = told
            time.sleep(0.01)

        told, _spent = read(made, write, length)
        mixed = [generation for generation, found in told if found not in right_at(generation, expected)]
        assert mixed == []
        assert len({generation for generation, _found in told}) >= length / 2
        assert len(told) > 10 * length
        assert len({repr(found) for found in expected.values()}) > len(expected) / 2


def test_a_reader_in_another_engine_sees_only_whole_generations(tmp_path: Path) -> None:
    """The same over a store: who follows the writer takes over a commit as a whole."""
    with programme(tmp_path / "programme.db") as made, over(tmp_path / "programme.db", read_only=True) as reader:
        expected, number = {repr(answer(made)[1])}, [1]

        def write() -> None:
            number[0] += 1
            made.apply(version(number[0]))
            expected.add(repr(answer(made)[1]))
            assert repr(answer(reader)[1]) == repr(answer(made)[1])  # visible to the next call

        told, _spent = read(reader, write, 3)
        assert {repr(found) for _generation, found in told} <= expected
        assert len(told) > 20


def test_an_answer_from_two_states_would_be_noticed(tmp_path: Path) -> None:
    """The negative control (REL22): the same check, with the snapshot of each call taken away."""
    with programme(tmp_path / "programme.db") as made:
        expected, number = dict([answer(made)]), [1]

        def write() -> None:
            number[0] += 1
            made.apply(version(number[0]))
            generation, told = answer(made)
            expected[generation] = told

        def torn(of: Engine) -> tuple[int, Any]:
            told = [
                made.suggest(f"a{n}", "mentor", 5) for n in range(ASKING)
            ]  # six calls, each with a state of its own
            return made.fingerprint().generation, [
                (s.requester_id, s.candidate_id, s.score) for suggestions in told for s in suggestions
            ]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tests.reliability.test_readers.answer", torn)
            told, _spent = read(made, write, 2)
    assert any(expected.get(generation) != found for generation, found in told)


@pytest.mark.slow
def test_who_reads_hardly_notices_the_writer(tmp_path: Path) -> None:
    """The slowest hundredth of the answers takes at most twice as long as without a writer, at its best of three."""
    with programme(tmp_path / "programme.db") as made:
        number = [1]

        def write() -> None:
            number[0] += 1
            made.upsert(Person.model_validate(p.member(1, number[0]) | {"id": "m1"}))
            time.sleep(0.05)

        read(made, lambda: time.sleep(0.05), 2)
        ratios = []
        for _round in range(3):
            idle = read(made, lambda: time.sleep(0.05), 6)[1]
            busy = read(made, write, 6)[1]
            ratios.append(p99(busy) / p99(idle))
    assert min(ratios) <= 2, ratios


def p99(spent: list[float]) -> float:
    """The time that one answer in a hundred exceeds."""
    return statistics.quantiles(spent, n=100)[98]
