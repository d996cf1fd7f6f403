"""One engine for many threads: whatever they ask at the same time, each is answered as if it were alone (REL7)."""

from __future__ import annotations

import itertools
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matchengine.batch import FloatArray
from matchengine.components import scorer
from matchengine.config import parse_config
from matchengine.engine import Engine
from matchengine.matching import boundary, faults
from matchengine.plugins.numpy_index import NumpyIndex
from tests.properties.populations import Offers
from tests.properties.populations import programme as population
from tests.reliability import programme as p
from tests.support import CONFIG, WordsPlugin, engine, group

READERS = 8
SEARCHING = "[retrieve]\nshortlist = 10\ndense_up_to = 0\n"


@pytest.fixture(autouse=True)
def many_switches() -> Iterator[None]:
    """Let threads take turns a hundred times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """Start all tasks at the same moment, each in its own thread, and return what they give."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        barrier.wait(60)
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [each.result(120) for each in [pool.submit(run, task) for task in tasks]]


def fresh(extra: str = "") -> Engine:
    """Return an engine that has answered nothing yet, so that everything it remembers is still to be worked out."""
    made = engine(extra)
    people = population(12, 24, seed=5)
    ties = [{"person_id": f"a{n}", "other_id": f"m{n}", "kind": "mentoring", "status": "active"} for n in range(3)]
    made.load(
        people,
        groups=[group(f"g{n}", topics=["sql data", "hiking"][: 1 + n % 2]) for n in range(6)],
        relationships=ties,
    )
    return made


def questions(made: Engine) -> list[Callable[[], Any]]:
    """Return questions of every sort, as calls."""
    who = [f"a{n}" for n in range(12)]
    return [
        lambda: made.suggest_many(who, "mentor", 5),
        lambda: [made.suggest(each, "group", 3) for each in who],
        lambda: [made.explain("a1", f"m{n}", "mentor", "coordinator") for n in range(6)],
        lambda: made.assign("mentor").document,
        lambda: made.check("mentor"),
        lambda: made.bundle("a2"),
        lambda: (made.members("mentor"), made.members("group"), made.fingerprint()),
        lambda: [made.excluded(each, "mentor") for each in who],
        lambda: made.unmet(),
        lambda: made.journey("a3", "g1"),
    ]


@pytest.mark.parametrize("extra", ["", SEARCHING])
def test_every_question_at_once_is_answered_as_one_after_another(extra: str, tmp_path: Path) -> None:
    fresh(extra).save(tmp_path / "saved")
    alone, made = (Engine.open(tmp_path / "saved", plugins=[WordsPlugin()]) for _each in range(2))
    expected = [repr(ask()) for ask in questions(alone)]
    asked = questions(made) * 2
    found = at_once([lambda ask=ask: repr(ask()) for ask in asked])  # type: ignore[misc]
    assert found == expected * 2


def test_to_save_while_others_read_and_one_writes_gives_a_folder_of_one_generation(tmp_path: Path) -> None:
    made = fresh()
    for number in range(60):  # many words, so that to go through them takes a while
        words = [{"text": " ".join(f"word{number}x{n}" for n in range(20))}]
        made.upsert(p.Person.model_validate(p.member(0, 0) | {"id": f"w{number}", "interests": words}))
    done = threading.Event()

    def write() -> None:
        for number in itertools.count():
            told = p.member(number % 9, number) | {"hopes_to_gain": f"new{number} other{number} third{number}"}
            made.upsert(p.Person.model_validate(told))
            if done.wait(0.001):
                break

    def save(place: int) -> None:
        for number in itertools.count():
            folder = tmp_path / f"{place}-{number}"
            made.save(folder)
            again = Engine.open(folder, plugins=[WordsPlugin()])
            found.add((again.fingerprint().generation, len(again._pool.tables["people"].ids)))
            if done.is_set():
                break
            if len(found) > 3:
                done.set()

    first, found = (made.fingerprint().generation, len(made._pool.tables["people"].ids)), set[tuple[int, int]]()
    at_once([write, lambda: save(1), lambda: save(2)])
    assert all(known - first[1] == generation - first[0] for generation, known in found)


def test_an_index_that_grows_is_searched_without_a_lock() -> None:
    """The writer works on a fork; whoever searches finds exactly what was there when the fork was published."""
    dice = np.random.default_rng(3)
    vectors = dice.standard_normal((1_200, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made = NumpyIndex(32)
    made.add(np.arange(200), vectors[:200])
    held, done = [made], threading.Event()

    def write() -> list[str]:
        for start in range(200, 1_200, 10):
            new = held[0].fork()
            new.add(np.arange(start, start + 10), vectors[start : start + 10])
            held[0] = new
        done.set()
        return []

    def read() -> list[str]:
        problems = []
        while not done.is_set():
            index = held[0]
            there, hits = len(index), index.search(vectors[:3], 7)
            exact = np.argsort(-(vectors[:3] @ vectors[:there].T), axis=1, kind="stable")[:, :7]
            if hits.ids.reshape(3, 7).tolist() != exact.tolist():
                problems.append(f"of {there}")
        return problems

    assert at_once([write, read, read, read]) == [[], [], [], []]


@scorer("talkative", block="relate", title="talk")
def talkative(pair_common_minutes: NDArray[np.float32]) -> FloatArray:
    """Print, and give a share."""
    print("a secret")  # noqa: T201  # this is what is tried
    return np.full(len(pair_common_minutes), 0.5)


def test_what_components_print_in_many_threads_stays_out_and_is_told_of_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = CONFIG.replace('use = "values_overlap"', 'use = "talkative"')
    made = Engine(parse_config(text), plugins=[WordsPlugin(), Offers(talkative)])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        made.load(population(6, 9, seed=2))
        faults._TOLD._topics.clear()  # as if nobody had been told of it
        told.clear()
        at_once([lambda: made.suggest_many([f"a{n}" for n in range(6)], "mentor", 3)] * READERS)
    assert "a secret" not in capsys.readouterr().out
    assert len([each for each in told if "it prints" in str(each.message)]) == 1
    assert sys.stdout is not boundary._HUSH


@contextmanager
def _isolated() -> Iterator[Engine]:
    text = CONFIG.replace('use = "values_overlap"\n', 'use = "values_overlap"\nisolate = true\n')
    made = Engine(parse_config(text), plugins=[WordsPlugin()])
    made.load(population(8, 12, seed=4))
    yield made


def test_a_scorer_in_a_process_of_its_own_serves_many_threads() -> None:
    plain = engine()
    plain.load(population(8, 12, seed=4))
    expected = [repr(plain.suggest(f"a{n}", "mentor", 5)) for n in range(8)]
    with _isolated() as made:
        found = at_once([lambda n=n: repr(made.suggest(f"a{n}", "mentor", 5)) for n in range(8)])  # type: ignore[misc]
    assert found == expected
