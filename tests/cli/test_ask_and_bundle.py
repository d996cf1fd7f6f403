"""`matchengine ask` and `matchengine bundle` on the sample programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchengine.cli.ask import render as render_questions
from matchengine.cli.bundle import render as render_bundle
from matchengine.records.bundle import Bundle
from matchengine.records.question_list import QuestionList
from tests.cli.commands import run, too_wide


def test_ask_names_what_is_worth_asking(data: Path) -> None:
    done = run("ask", "HB-0241", "--data", data, "--config", "lexical")
    assert (done.status, done.err) == (0, "")
    assert "Are you 18 or older?" in done.out, "who left that question blank can be matched with nobody"
    assert not too_wide(done.out)
    document = run("ask", "HB-0241", "--data", data, "--json").document
    asked = QuestionList.model_validate(document)
    assert (asked.questions[0].field, asked.matchable) == ("adult", False)
    assert asked.fingerprint is not None
    assert render_questions(asked.model_copy(update={"fingerprint": None})).strip() == done.out.strip()


def test_ask_has_an_answer_where_nothing_is_missing() -> None:
    asked = QuestionList(person_id="p", kind="mentor", matchable=True)
    assert "would change the first three" in render_questions(asked)
    assert "Nobody can be suggested" in render_questions(asked.model_copy(update={"matchable": False}))
    assert "network" in render_questions(asked.model_copy(update={"unheard": ("network",)}))


def test_bundle_shows_one_of_each_type(data: Path) -> None:
    done = run("bundle", "HB-0043", "--data", data)
    assert (done.status, done.err) == (0, "")
    assert not too_wide(done.out)
    bundle = Bundle.model_validate(run("bundle", "HB-0043", "--data", data, "--json").document)
    found = [item.type for item in bundle.items]
    assert len(found) == len(set(found))
    assert {"mentor", "group"} <= set(found)
    for item in bundle.items:
        assert item.suggestion.candidate_id in done.out
    assert render_bundle(bundle).strip() == done.out.strip()


@pytest.mark.parametrize("command", ["ask", "bundle"])
def test_somebody_who_is_not_there_is_3(command: str, data: Path) -> None:
    done = run(command, "HB-9999", "--data", data)
    assert done.status == 3
    assert "no such person" in done.err


@pytest.mark.parametrize("option", [("ask", "-k"), ("bundle", "--each")])
def test_a_number_below_one_is_2(option: tuple[str, str], data: Path) -> None:
    done = run(option[0], "HB-0043", option[1], "0", "--data", data)
    assert done.status == 2
    assert "too small" in done.err
