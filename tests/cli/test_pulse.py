"""`matchengine pulse`: what follows from what people said back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matchengine.cli.shipped import config_path
from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.records import Feedback
from tests.cli.commands import Done, run
from tests.support import group, mentee, mentor

STARTED = date(2026, 1, 5)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with a match that goes badly, a group that did not help, and somebody who could mentor."""
    path = tmp_path / "p.db"
    with Engine.open(path, load_config(config_path("lexical"))) as engine:
        tie = {"person_id": "a", "other_id": "m", "kind": "mentoring", "started": STARTED}
        engine.load(
            [mentee("a"), mentee("b"), mentee("c"), mentor("m")],
            [group("g"), group("h")],
            relationships=[
                tie,
                tie | {"person_id": "b", "status": "completed"},
                {"person_id": "c", "other_id": "g", "kind": "membership", "started": STARTED},
            ],
        )
        for who, about, items in (
            ("a", "m", {"helpfulness": 1}),
            ("c", "g", {"helpfulness": 1}),
            ("a", "h", {"felt_unsafe": True}),
            ("b", "h", {"felt_unsafe": True}),
        ):
            told = {"about_id": about, "person_id": who, "wave": "30_days", "perspective": "requester"}
            engine.upsert(Feedback.model_validate(told | {"items": items}))
    return path


def told(store: Path, *more: object) -> Done:
    done = run("pulse", "--data", store, "--today", "2026-02-20", *more)
    assert done.status == 0, done.text
    return done


def test_a_coordinator_reads_needs_in_80_columns(store: Path) -> None:
    out = told(store).out
    assert "a and m: suggest a talk" in out
    assert "What each of them expects" in out
    assert "b: “short video editing”" in out
    assert "h: Several people" in out
    assert "helpfulness" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_document_holds_the_same(store: Path) -> None:
    document = told(store, "--json").document
    assert [each["step"] for each in document["mismatches"]["found"]] == ["conversation"]
    assert [each["group_id"] for each in document["help_checks"]["offers"]] == ["g"]
    assert [each["about_id"] for each in document["suspended"]] == ["h"]


def test_one_person_reads_their_own_side(store: Path) -> None:
    assert "About the match with m" in told(store, "a").out
    assert "No match has reached a pulse yet." in told(store, "c").out
    mine, theirs = (told(store, who, "--json").document["matches"][0] for who in "am")
    assert mine["needs"] == ["expectations"]
    assert theirs["needs"] == []


def test_a_folder_keeps_no_answers_that_could_be_read(data: Path) -> None:
    done = run("pulse", "--data", data)
    assert done.status == 3
    assert "over a store" in done.err
