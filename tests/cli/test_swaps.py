"""`matchengine swaps`: text, JSON, saved ledgers, yes and no, rankings, circles, and what is refused."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from pathlib import Path

import pytest

import matchengine as me
from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.cli.swaps import add_swaps
from matchengine.config import parse_config
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.io import write_folder
from matchengine.records import Person, Relationship
from matchengine.records.swaps import SkillCircles, SwapLedger
from tests.cli.commands import Done, too_wide
from tests.programme.swaps.people import SKILLS, SWAPS, ring, teaches, ties, wish, wishes
from tests.support import CONFIG, mentee

ROUNDS = SWAPS + "least_fit = 0.0\nleast_gain = 0.0\ndisruption = 0.0\n"
EXCHANGE = """
[match.exchange]
requester = "anyone"
candidate = "anyone"
[match.exchange.scorers.skills]
use = "skill_exchange"
block = "need"
"""
DAY = ("--today", "2026-03-09")


def run(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_swaps(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), err.getvalue())


def learner(name: str, wants: str, offers: str) -> dict[str, object]:
    return mentee(name, wants=[{"text": wants}], offers=[{"text": offers, "level": 4}], goals=[], roles=["peer"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lexical = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
    made = me.Engine(parse_config(lexical + ROUNDS + EXCHANGE))
    circle = [
        learner("x", "tailoring", "singing"),
        learner("y", "singing", "chess"),
        learner("z", "chess", "tailoring"),
    ]
    people = [*ring(), teaches("free", SKILLS[1]), *circle]
    data = tmp_path_factory.mktemp("swaps")
    made.load(people, relationships=ties())
    made.save(data / "engine")
    records = {"people": [Person.model_validate(p) for p in people]}
    write_folder(data / "records", records | {"relationships": [Relationship.model_validate(t) for t in ties()]})
    given = wishes(perspective="private zebra quilts")
    given[0]["ranking"], given[1]["ranking"] = ["m1"], ["m0"]
    (data / "wishes.jsonl").write_text("\n".join(json.dumps(each) for each in given), encoding="utf-8")
    return data


@pytest.fixture(scope="module")
def options(folder: Path) -> tuple[object, ...]:
    return ("--wishes", folder / "wishes.jsonl", "--data", folder, *DAY)


def test_s1_11_the_text_tells_a_coordinator_everything_and_json_the_same(options: tuple[object, ...]) -> None:
    done = run(*options)
    assert done.status == 0
    assert not too_wide(done.out)
    ledger = SwapLedger.model_validate_json(run(*options, json=True).out)
    assert ledger.swapped == 3
    for swap in ledger.exchanges:
        for told in (swap.id, str(swap.starts), str(swap.returns_on), str(swap.accept_by)):
            assert told in done.out
        for move in swap.moves:
            assert f"{move.person_id}: from {move.from_mentor} to {move.to_mentor}" in done.out
    for told in ("proven to be the best possible", "No controlled study", "Before you go on", "Decisions"):
        assert told in " ".join(done.out.split())
    assert "zebra" not in done.out


def test_a_saved_ledger_goes_on_with_yes_and_no(options: tuple[object, ...], tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert run(*options, "--save", first).status == 0
    before = SwapLedger.model_validate_json(first.read_bytes())
    who = before.exchanges[0].moves[0].person_id
    assert run("--accept", who, "--plan", first, *options[2:], "--save", second).status == 0
    assert SwapLedger.model_validate_json(second.read_bytes()).exchanges[0].accepted_by == (who,)
    done = run(*options, "--decline", who, "--plan", first, "--leaves")
    assert "came to nothing" in done.out
    assert not too_wide(done.out)
    after = SwapLedger.model_validate_json(run(*options, "--decline", who, "--plan", first, "--leaves", json=True).out)
    assert who not in {move.person_id for swap in after.standing for move in swap.moves}


def test_rankings_are_traded(options: tuple[object, ...]) -> None:
    ledger = SwapLedger.model_validate_json(run(*options, "--rank", json=True).out)
    assert ledger.objective == "ttc"
    assert {(move.person_id, move.to_mentor) for move in ledger.exchanges[0].moves} == {("e0", "m1"), ("e1", "m0")}
    assert "mentees' own rankings" in run(*options, "--rank").out


def test_s1_05_circles_of_people_who_teach_one_another(folder: Path) -> None:
    done = run("--circles", "exchange", "--data", folder)
    assert not too_wide(done.out)
    found = SkillCircles.model_validate_json(run("--circles", "exchange", "--data", folder, json=True).out)
    [circle] = found.circles
    assert {lesson.learner_id for lesson in circle.lessons} == {"x", "y", "z"}
    for lesson in circle.lessons:
        assert lesson.teacher_id in done.out


def test_what_cannot_be_done_is_refused(options: tuple[object, ...], folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--wishes"):
        run("--data", folder)
    with pytest.raises(ConfigError, match="--plan"):
        run(*options, "--decline", "e0")
    with pytest.raises(ConfigError, match="not both"):
        run(*options, "--decline", "e0", "--accept", "e0", "--plan", tmp_path / "x")
    with pytest.raises(ConfigError, match="--leaves"):
        run(*options, "--leaves")
    with pytest.raises(ConfigError, match="summer"):
        run(*options, "--name", "sumer")
    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")
    for path in (broken, tmp_path / "missing.json"):
        with pytest.raises(DataError, match=path.name):
            run(*options, "--decline", "e0", "--plan", path)
    with pytest.raises(DataError, match="cannot be read"):
        run("--wishes", tmp_path / "missing.csv", "--data", folder, *DAY)
    strange = tmp_path / "strange.jsonl"
    strange.write_text(json.dumps(wish("nobody", "m0")), encoding="utf-8")
    with pytest.raises(DataError, match="not known") as told:
        run("--wishes", strange, "--data", folder, *DAY)
    assert told.value.problems == ("nobody",)


def test_problems_of_the_file_are_told_beside_the_plan(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "wishes.csv"
    path.write_text("Mentee,Mentor,From\ne0,m0,soon\n", encoding="utf-8")
    done = run("--wishes", path, "--data", folder, *DAY)
    assert "soon" in done.err
    assert "Asked: 0." in done.out


def test_every_sentence_is_translated(options: tuple[object, ...], folder: Path) -> None:
    with speaking(PSEUDO):
        out = run(*options).out + run("--circles", "exchange", "--data", folder).out
    assert "⟦" in out
    for word in ("Exchange", "returns", "Chosen", "Circle", "Decisions", "gain"):
        assert word not in out
