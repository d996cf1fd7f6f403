"""Vectors leave the engine in no form: not in answers, files, pages, traces, logs or errors (SEC1)."""

from __future__ import annotations

import base64
import json
import logging
import pkgutil
import re
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import matchengine as me
import matchengine.records
from matchengine.cli.documents import DOCUMENTS
from matchengine.records import Record
from matchengine.trace import tracing
from tests.security.faces import ASKED, outputs, people, write_programme
from tests.support import CONFIG, WordsPlugin

_NUMBER = re.compile(rb"-?\d+\.\d{3,}(?:[eE][-+]?\d+)?")
_RUN = 3
"""So many numbers of a vector in a row are no accident."""


def traces(vector: np.ndarray) -> set[bytes]:
    """Return pieces of bytes by which a vector can be known: its numbers as they lie in memory, also in base64."""
    found = set()
    for kind in (np.float32, np.float64, np.float16):
        data = vector.astype(kind).tobytes()
        filled = [n for n in range(0, len(data) - 24, 8) if data[n : n + 24].count(0) < 12]
        for start in filled[:4]:
            piece = data[start : start + 24]
            found |= {piece, piece[::-1], piece.hex().encode()}
            for shift in range(3):  # base64 of a longer text: what lies between its first and last groups of three
                found.add(base64.b64encode(piece[shift : shift + 21])[4:-4])
    return found


def numbers(data: bytes) -> np.ndarray:
    """Return every number with three decimals or more, in order."""
    return np.array([float(each) for each in _NUMBER.findall(data)], np.float64)


def holds(data: bytes, vectors: np.ndarray) -> bool:
    """Whether bytes hold a piece of any vector, as memory, as base64 or written out."""
    if any(piece in data for vector in vectors for piece in traces(vector)):
        return True
    told = numbers(data)
    for start in range(len(told) - _RUN + 1):
        part = told[start : start + _RUN]
        if np.count_nonzero(part) == _RUN and len(set(part)) == _RUN:
            near = np.ones(vectors.shape[1] - _RUN + 1, np.bool_)[None].repeat(len(vectors), 0)
            for place in range(_RUN):
                near &= np.abs(vectors[:, place : place + near.shape[1]] - part[place]) < 5e-4
            if near.any():
                return True
    return False


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, me.Engine]:
    """Return a programme on disk and its engine."""
    data = tmp_path_factory.mktemp("vectors")
    return data, write_programme(data, people(), CONFIG, [WordsPlugin()])


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the dense embedder of the tests as a plugin of one file."""
    path = tmp_path_factory.mktemp("plugin") / "words_plugin.py"
    path.write_text(
        "from matchengine.components import specs_in\nfrom tests.support import WordVectors\n\n\n"
        "def matchengine_components():\n    return list(specs_in(WordVectors))\n",
        encoding="utf-8",
    )
    return path


def vectors_of(made: me.Engine) -> np.ndarray:
    """Return the vectors of all that the engine embedded of a few people."""
    texts = [text for who in ASKED for of in made.shown_text(who).values() for text in of]
    vectors = np.asarray(made.embedder.encode(sorted(set(texts))).vectors)
    assert len(vectors) > 4
    return vectors


def test_no_output_of_any_form_holds_a_vector(programme: tuple[Path, me.Engine], plugin: Path, tmp_path: Path) -> None:
    data, made = programme
    vectors = vectors_of(made)
    found = outputs(data, tmp_path / "files", "--plugin-file", plugin, "--trace")
    assert len(found) > 60
    assert [name for name, content in found.items() if holds(content, vectors)] == []


@pytest.mark.parametrize("form", ["memory", "wide", "base64", "hex", "text", "json", "short"])
def test_the_search_finds_a_vector_in_every_form(programme: tuple[Path, me.Engine], form: str) -> None:
    vectors = vectors_of(programme[1])
    vector = vectors[2]
    data = {
        "memory": b"xx" + vector.tobytes(),
        "wide": vector.astype(np.float64).tobytes(),
        "base64": base64.b64encode(b"x" + vector.tobytes()),
        "hex": vector.tobytes().hex().encode(),
        "text": " ".join(f"{n:.4f}" for n in vector).encode(),
        "json": json.dumps({"vector": [float(n) for n in vector]}).encode(),
        "short": str([round(float(n), 3) for n in vector]).encode(),
    }[form]
    assert holds(data, vectors)
    assert not holds(b"Score 61.250 of 100, 0.875 known, 12.345 behind", vectors)


def test_logs_traces_and_errors_hold_no_vector(
    programme: tuple[Path, me.Engine], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    data, made = programme
    told: list[str] = []
    caplog.set_level(logging.DEBUG)
    with tracing(lambda call: told.append(call.line())):
        again = me.Engine.open(data / "engine", plugins=[WordsPlugin()])
        again.suggest("a0", "mentor")
        for wrong in (lambda: again.suggest("a0", "nothing"), lambda: again.suggest("nobody", "mentor")):
            with pytest.raises(me.MatchEngineError) as caught:
                wrong()
            told.append(repr(caught.value))
    told += [repr(again), repr(again.embedder), repr(again.load(people()))]
    assert len(told) > 20
    assert not holds("\n".join([*told, caplog.text]).encode(), vectors_of(made))


# ---------------------------------------------------------------- no record has a place for one


def records() -> Iterator[type[Record]]:
    """Yield every public record and document model."""
    for module in pkgutil.walk_packages(matchengine.records.__path__, "matchengine.records."):
        import_module(module.name)
    import_module("matchengine.cli.documents")
    waiting, seen = [Record, *DOCUMENTS.values()], set()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            waiting += model.__subclasses__()
            yield model


def open_list_of_numbers(annotation: object) -> bool:
    """Whether a field may hold a list of numbers of any length, or bytes."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in (bytes, bytearray, np.ndarray):
        return True
    if origin in (tuple, list, set, frozenset) and (origin is not tuple or arguments[1:] == (...,)):
        return any(argument is float or _is_float(argument) for argument in arguments)
    return any(open_list_of_numbers(argument) for argument in arguments if argument is not ...)


def _is_float(annotation: object) -> bool:
    arguments = typing.get_args(annotation)
    return bool(arguments) and typing.get_origin(annotation) is typing.Annotated and arguments[0] is float


FIGURES = {
    "matchengine.records.evaluation",
    "matchengine.records.flips",
    "matchengine.records.kpi",
    "matchengine.records.learning",
    "matchengine.records.simulation",
}
"""Rooms of figures about whole programmes: their lists of numbers are curves and intervals, never of one text."""
TOLD = {"embedding", "embeddings", "vector", "vectors", "latent"}


def test_no_public_record_has_a_field_for_a_vector() -> None:
    models = list(records())
    assert len(models) > 120
    named = {(m.__name__, f): d for m in models for f, d in m.model_fields.items() if set(f.split("_")) & TOLD}
    counts = (int, dict[str, int])  # how many there are is told, and by which model
    assert {name for name, field in named.items() if field.annotation not in (str, *counts)} == set()
    lists = [
        (model.__name__, name)
        for model in models
        for name, field in model.model_fields.items()
        if model.__module__ not in FIGURES and open_list_of_numbers(field.annotation)
    ]
    assert lists == [("BlockingSwap", "gains")], "what each of two or three gains by trading places"


@pytest.mark.parametrize("annotation", [tuple[float, ...], list[float], dict[str, list[float]], bytes, np.ndarray])
def test_the_check_of_fields_sees_what_it_is_there_for(annotation: object) -> None:
    assert open_list_of_numbers(annotation)
    assert not open_list_of_numbers(tuple[str, ...])
    assert not open_list_of_numbers(tuple[float, float])
