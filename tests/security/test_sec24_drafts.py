"""A human decides: whatever is asked, the programme's records stay as they are, and every answer is a draft (SEC24)."""

from __future__ import annotations

import ast
import hashlib
import json
import typing
from pathlib import Path

import pytest

import matchengine as me
from matchengine.records.vocabulary import RelationshipStatus
from tests.cli.commands import run
from tests.privacy.test_static import FILES, SOURCE, parsed
from tests.security.faces import document, outputs, people, texts_in, write_programme
from tests.security.test_sec1_vectors import records

DECIDED = {"active", "completed", "ended"}
"""States of a relationship that only people bring about."""


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def statuses(value: object) -> set[str]:
    """Return every `status` in a document."""
    if isinstance(value, dict):
        own = {value["status"]} if isinstance(value.get("status"), str) else set()
        return own.union(*map(statuses, value.values()))
    return set().union(*map(statuses, value)) if isinstance(value, list) else set()


def test_no_command_decides_anything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    running = [{"person_id": "a1", "other_id": "m1", "kind": "mentoring", "status": "active"}]
    write_programme(data, people(4, 4), relationships=running)
    before = contents(data)
    found = outputs(data, tmp_path / "files", forms=[["--json"]])
    assert contents(data) == before
    told = statuses([document(found, name) for name in ("suggest", "everyone", "bundle", "assign")])
    assert told == {"draft"}
    saved = json.loads((tmp_path / "files" / "plan.json").read_text(encoding="utf-8"))
    assert statuses(saved) == {"draft"}


def test_nothing_that_an_engine_answers_joins_its_ties(tmp_path: Path) -> None:
    made = write_programme(tmp_path / "data", people(4, 4))
    before = (made.fingerprint(), sorted(made._pool.ties.open_matches()))
    made.suggest_many(["a0", "a1"], "mentor", 3)
    plan = made.assign("mentor")
    made.explain("a0", "m0", "mentor")
    made.bundle("a0")
    assert plan.document.status == "draft"
    assert (made.fingerprint(), sorted(made._pool.ties.open_matches())) == before


def test_only_the_flag_publishes_a_plan_and_even_then_no_record_changes(tmp_path: Path) -> None:
    """Publishing says that somebody has looked; who is matched with whom stands in the records, which people keep."""
    data, saved = tmp_path / "data", tmp_path / "plan.json"
    write_programme(data, people(4, 4))
    assert run("assign", "--data", data, "--save", saved).status == 0
    before = contents(data)
    for words, status in (([], "draft"), (["--publish", "--by", "c-1", "--why", "agreed with both"], "published")):
        done = run("assign", "--data", data, "--plan", saved, *words, "--json")
        assert done.status == 0, done.text
        assert done.document["status"] == status
        assert contents(data) == before
    assert {"c-1", "agreed with both"} <= set(texts_in(done.document))


def decided_by_code(tree: ast.AST) -> list[int]:
    """Return lines where code makes a relationship, or a status of one, that people have to decide."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "status" and isinstance(node.value, ast.Constant)
        and node.value.value in DECIDED
    ]  # fmt: skip


INVENTS = {"simulation", "evaluation", "testing"}
"""Rooms about invented people, whose matches come about by themselves."""


def test_no_code_makes_a_relationship_that_people_have_to_decide() -> None:
    assert set(typing.get_args(RelationshipStatus)) >= DECIDED | {"proposed"}
    own = [path for path in FILES if path.is_relative_to(SOURCE) and path.relative_to(SOURCE).parts[0] not in INVENTS]
    assert len(own) > 300
    found = {str(path.relative_to(SOURCE)): lines for path in own if (lines := decided_by_code(parsed(path)))}
    assert found == {}


def test_the_check_sees_what_it_is_there_for() -> None:
    assert decided_by_code(ast.parse("Relationship(person_id=a, other_id=b, status='active')")) == [1]
    assert decided_by_code(ast.parse("Relationship(person_id=a, other_id=b, status='proposed')")) == []


def test_every_record_of_a_result_begins_as_a_draft() -> None:
    defaults = {
        model.__name__: model.model_fields["status"].default
        for model in records()
        if "status" in model.model_fields and model.__module__.startswith("matchengine.records.")
    }
    results = {"Suggestion", "MemberSuggestion", "PlanDocument"}
    assert results <= set(defaults)
    assert {defaults[name] for name in results} == {"draft"}


def test_a_suggestion_cannot_say_that_it_is_more_than_a_draft() -> None:
    made = me.Suggestion.model_json_schema()["properties"]["status"]
    assert made["const"] == "draft"
    with pytest.raises(ValueError, match="draft"):
        me.Suggestion.model_validate({"status": "final"})
