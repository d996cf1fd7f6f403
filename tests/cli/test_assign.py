"""`matchengine assign`: a new draft, edits, a new solution, publishing, rankings; text and JSON."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from pathlib import Path

import pytest

import matchengine as me
from matchengine.cli.assign import add_assign
from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.cli.rankings import read_shortlists_file
from matchengine.config import parse_config
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.records.plan import PlanDocument
from matchengine.report.run import make_run
from tests.cli.commands import Done, too_wide
from tests.programme.plans import TOPICS, gives, three, wants
from tests.support import CONFIG


def run(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_assign(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lexical = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
    made = me.Engine(parse_config(lexical))
    made.load([*three(), wants("d", TOPICS[3], languages=[{"tag": "es", "level": "C1"}]), gives("p", TOPICS[3])])
    data = tmp_path_factory.mktemp("assign")
    made.save(data / "engine")
    return data


@pytest.fixture(scope="module")
def saved(folder: Path) -> Path:
    run("--data", folder, "--save", folder / "plan.json")
    return folder / "plan.json"


def document(done: Done) -> PlanDocument:
    return PlanDocument.model_validate_json(done.out)


def test_the_summary_comes_first_then_pairs_then_who_has_nobody(folder: Path) -> None:
    done = run("--data", folder)
    assert done.status == 0
    assert not too_wide(done.out)
    order = [
        done.out.index(word) for word in ("3 of 4 who look have somebody", "Pairs", "a : m", "Without anybody (1)")
    ]
    assert order == sorted(order)
    assert "d: they share no language well enough" in done.out
    assert "> What would help" in done.out
    assert "Free, and nobody with them (1)" in done.out


def test_json_is_the_document_and_a_saved_plan_is_the_same(folder: Path, saved: Path) -> None:
    made = document(run("--data", folder, json=True))
    assert {(p.requester_id, p.candidate_id) for p in made.pairs} == {("a", "m"), ("b", "n"), ("c", "o")}
    assert made.method == "leximin"
    assert PlanDocument.model_validate_json(saved.read_text("utf-8")) == made
    assert document(run("--data", folder, "--plan", saved, json=True)) == made


def test_demands_of_a_new_draft_hold(folder: Path) -> None:
    made = document(run("--data", folder, "--must", "a:n", "--must-not", "b:m", "--by", "hb-1", json=True))
    found = {(p.requester_id, p.candidate_id) for p in made.pairs}
    assert ("a", "n") in found
    assert ("b", "m") not in found
    assert [d.by for d in made.decisions] == ["hb-1", "hb-1", "leximin"]
    assert document(run("--data", folder, "--method", "max_weight", "--seed", 3, json=True)).seed == 3


def test_a_plan_is_edited_solved_again_and_published(folder: Path, saved: Path, tmp_path: Path) -> None:
    signed = ("--by", "hb-1", "--why", "moved away", "--today", "2026-03-10")
    target = tmp_path / "next.json"
    edits = ("--lock", "a:m", "--leave-out", "n", "--resolve", "--save", target, *signed)
    done = run("--data", folder, "--plan", saved, *edits)
    assert not too_wide(done.out)
    for told in ("Changed", "b: n → p. n no longer takes part.", "Decisions", "left out n by hb-1: moved away"):
        assert told in " ".join(done.out.split())
    assert "Written" in done.err
    last = run("--data", folder, "--plan", target, "--publish", *signed)
    assert "published" in last.out
    kept = document(run("--data", folder, "--plan", target, "--release", "a:m", "--forbid", "a:m", json=True))
    assert "a" not in {p.requester_id for p in kept.pairs}


def test_a_draft_is_solved_afresh(folder: Path, saved: Path) -> None:
    made = document(run("--data", folder, "--plan", saved, "--add", "c:n", "--afresh", json=True))
    assert ("c", "n") in {(p.requester_id, p.candidate_id) for p in made.pairs}
    assert made.decisions[-1].by == "leximin"


@pytest.mark.parametrize("as_json", [True, False])
def test_rankings_come_from_a_file(folder: Path, tmp_path: Path, as_json: bool) -> None:
    path = tmp_path / "said"
    if as_json:
        told = [{"person_id": "a", "ranked": ["n"], "vetoed": ["o"]}, {"person_id": "n", "ranked": ["a"]}]
        path.write_text(json.dumps(told), "utf-8")
    else:
        path.write_text("person,rank 1,rank 2,veto 1\na,n,,o\nn,a,,\n", "utf-8")
    made = document(run("--data", folder, "--rankings", path, json=True))
    assert ("a", "n") in {(p.requester_id, p.candidate_id) for p in made.pairs}
    assert (made.method, made.ranked) == ("stable", 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who,1\na,n\n", "the header is not"),
        ("person,rank 1,veto 1\na,n,n\n", "each id once"),
        ("[nothing]", "no valid JSON"),
    ],
)
def test_a_file_of_rankings_that_makes_no_sense_is_refused(folder: Path, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "said.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=told):
        run("--data", folder, "--rankings", path)


def test_nobody_gets_whom_they_were_not_shown(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "shown.json"
    path.write_text(make_run(me.Engine.open(folder / "engine"), "mentor", 1).model_dump_json(), "utf-8")
    shown = {who: set(of) for who, of in read_shortlists_file(path).items()}
    made = document(run("--data", folder, "--shortlists", path, json=True))
    assert made.pairs
    assert all(pair.candidate_id in shown[pair.requester_id] for pair in made.pairs)
    path.write_text("[]", "utf-8")
    with pytest.raises(DataError, match="not a run of suggestions"):
        run("--data", folder, "--shortlists", path)


def test_what_makes_no_sense_together_is_refused(folder: Path, saved: Path) -> None:
    with pytest.raises(ConfigError, match="--must are for a new draft"):
        run("--data", folder, "--plan", saved, "--must", "a:m")
    with pytest.raises(ConfigError, match="--lock and --resolve: only for a draft made before"):
        run("--data", folder, "--lock", "a:m", "--resolve")
    with pytest.raises(ConfigError, match="'a-m' is no pair"):
        run("--data", folder, "--must", "a-m")
    with pytest.raises(ConfigError, match="cannot be read"):
        run("--data", folder, "--plan", folder / "nothing.json")
    with pytest.raises(ConfigError, match="mentro"):
        run("--data", folder, "--kind", "mentro")


def test_every_sentence_is_translated(folder: Path, saved: Path) -> None:
    with speaking(PSEUDO):
        out = run("--data", folder, "--plan", saved, "--leave-out", "n", "--resolve").out
    assert "⟦" in out
    for word in ("Pairs", "Without", "Changed", "Decisions", "Draft", "points"):
        assert word not in out
