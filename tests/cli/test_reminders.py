"""`matchengine reminders`: who is due, who is overdue, what is to be recognised; text and JSON."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from matchengine.cli.documents import RemindersDocument
from matchengine.cli.reminders import _DID, _KINDS
from matchengine.cli.shipped import config_path
from matchengine.i18n import PSEUDO, speaking
from matchengine.io import read_folder, write_folder
from matchengine.planning.reminders import _ASKED
from matchengine.records import Contribution, Group, Person, Relationship
from matchengine.records.contribution import ContributionKind
from tests.cli.commands import Done, run, small_files, too_wide

TODAY = "2026-03-09"


def tie(person: str, other: str, started: str | None, kind: str = "mentoring") -> Relationship:
    told = {"person_id": person, "other_id": other, "kind": kind, "started": started}
    return Relationship.model_validate(told)


def did(person: str, on: str, **more: object) -> Contribution:
    return Contribution.model_validate({"person_id": person, "kind": "welcoming", "on": on} | more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a programme with ties of several ages, some of people who left."""
    records = {
        "people": [Person(id=name) for name in ("a", "b", "m", "n")],
        "groups": [Group(id="g", title="Walkers", kind="hobby")],
        "relationships": [
            tie("a", "m", "2026-02-05"),
            tie("b", "n", "2025-11-01"),
            tie("a", "g", "2026-02-05", "membership"),
            tie("b", "m", None),
            tie("gone", "m", "2026-02-05"),
            tie("a", "gone", "2026-02-05"),
        ],
        "contributions": [
            did("m", "2026-03-01", text="Led the walk around the harbour when it rained"),
            did("n", "2026-02-01", kind="teaching"),
            did("a", "2026-03-01", acknowledged=True),
            did("gone", "2026-03-01"),
        ],
    }
    write_folder(tmp_path / "records", records)  # type: ignore[arg-type]
    return tmp_path


def told(folder: Path, *more: object) -> Done:
    return run("reminders", "--data", folder, "--today", TODAY, *more)


def test_s2_28_the_document_holds_due_and_overdue(folder: Path) -> None:
    document = RemindersDocument.model_validate(told(folder, "--json").document)
    found = document.reminders
    assert found.today == date(2026, 3, 9)
    assert {(each.person_id, each.about_id) for each in found.due} == {("a", "m"), ("m", "a"), ("a", "g")}
    assert {(each.person_id, each.about_id, each.after_days) for each in found.overdue} == {
        ("b", "n", 90),
        ("n", "b", 90),
    }
    assert found.undated == 1
    assert [(each.person_id, each.kind) for each in document.to_be_recognised] == [
        ("n", "teaching"),
        ("m", "welcoming"),
    ]


def test_the_text_says_the_same_in_eighty_columns(folder: Path) -> None:
    done = told(folder)
    assert done.status == 0, done.text
    assert not too_wide(done.out)
    text = " ".join(done.out.split())
    assert "2026-03-07 a about m (mentoring), 30 days after the start" in text
    assert "Overdue for more than 14 days" in text
    assert "2026-03-01 m: welcoming newcomers. Led the walk around the harbour when it rained" in text
    assert "1 match has no first day" in text
    assert "gone" not in text


def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    write_folder(tmp_path / "records", {"people": [Person(id="a")]})
    out = told(tmp_path).out
    assert out.count("(nobody)") == 2
    assert "(nothing that waits)" in out


def test_the_days_are_those_of_the_configuration(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    text = config_path("lexical").read_text(encoding="utf-8")
    assert text.count("[programme]\n") == 1
    own.write_text(text.replace("[programme]\n", "[programme]\npulse_days = [7]\n"), encoding="utf-8")
    document = told(folder, "--config", own, "--json").document
    assert {each["after_days"] for part in ("due", "overdue") for each in document["reminders"][part]} == {7}
    own.write_text(text.replace("[programme]\n", "[programme]\npulse_days = [90, 30]\n"), encoding="utf-8")
    done = told(folder, "--config", own)
    assert done.status == 2
    assert "the first one first" in done.err


def test_the_days_are_those_of_the_import_where_none_is_named(folder: Path) -> None:
    text = (
        config_path("lexical").read_text(encoding="utf-8").replace("[programme]\n", "[programme]\npulse_days = [7]\n")
    )
    (folder / "own.toml").write_text(text, encoding="utf-8")
    people, mapping = small_files(folder)
    data = folder / "data"
    assert run("import", people, "--map", mapping, "--config", folder / "own.toml", "--data", data).status == 0
    write_folder(data / "records", {"relationships": [tie("p-1", "p-2", "2026-03-01")]})
    document = told(data, "--json").document
    assert {each["after_days"] for each in document["reminders"]["due"]} == {7}


def test_an_import_leaves_contributions_alone(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    data = tmp_path / "data"
    write_folder(data / "records", {"contributions": [did("p-1", "2026-03-01")]})
    assert run("import", people, "--map", mapping, "--config", "lexical", "--data", data).status == 0
    assert [each.person_id for each in read_folder(data / "records").contributions] == ["p-1"]
    saved = b"".join(path.read_bytes() for path in sorted((data / "engine").iterdir()))
    assert b"welcoming" not in saved


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = told(tmp_path / "nowhere")
    assert done.status == 3
    assert "nowhere" in done.err


def test_every_kind_has_words_and_every_sentence_is_translated(folder: Path) -> None:
    assert set(_DID) == set(get_args(ContributionKind))
    assert set(_KINDS) == _ASKED
    with speaking(PSEUDO):
        out = told(folder, "--language", PSEUDO).out
    assert "To be recognised" not in out
    assert "⟦" in out
