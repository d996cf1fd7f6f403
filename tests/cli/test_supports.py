"""`matchengine supports`: text, JSON, CSV, and what it refuses."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
from pathlib import Path
from typing import Any

import pytest

from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.cli.supports import add_supports
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.i18n import PSEUDO, speaking
from matchengine.plugins import lexical
from matchengine.records.supports import SupportReport
from tests.cli.commands import Done, too_wide
from tests.journey.easy import EASY, consent, feeling, offering
from tests.support import CONFIG

SHUT = {"childcare": 0.0, "transport": 0.0}
TEXT = CONFIG.replace('"words"', '"lexical"').replace('["builtin"]', '["builtin", "lexical"]')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a programme in which childcare would open two groups to seven people, and transport one to two."""
    import matchengine as me
    from matchengine.config import parse_config

    assert lexical
    people = [feeling(f"canary{n}", {"childcare": "blocking"}) for n in range(7)]
    people += [feeling(f"canary{n}", {"transport": "strong", "cost": "strong"}) for n in (8, 9)]
    groups = [offering("g", SHUT | {"cost": 1.0}, title="Walkers", welcome=["greeters"]), offering("h")]
    made = me.Engine(parse_config(TEXT + EASY))
    given = [one for person in people for one in consent(person["id"], "barriers")]
    made.load(people, groups=groups, consents=given)
    data = tmp_path_factory.mktemp("supports")
    made.save(data / "engine")
    return data


def supports(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_supports(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), err.getvalue())


def test_the_text_says_what_would_open_which_group_to_how_many(folder: Path) -> None:
    done = supports("--data", folder, "--kind", "easy")
    assert (done.status, done.err) == (0, "")
    assert not too_wide(done.out)
    words = " ".join(done.out.split())
    assert "Walkers (g) 7 effort 3: childcare during the meeting fewer than 5 effort 1: a day pass or a lift" in words
    assert "childcare during the meeting ask first whether it is there already fewer than 5" in words
    assert "People who wait" not in words, "two of nine would be left, which tells of a few"
    assert "How it welcomes newcomers" not in words
    assert "canary" not in done.text


def test_json_is_the_document_and_names_nobody(folder: Path) -> None:
    done = supports("--data", folder, "--kind", "easy", json=True)
    found = SupportReport.model_validate_json(done.out)
    assert {one.candidate_id for one in found.gatherings} == {"g", "h"}
    assert found.fingerprint is not None
    assert "canary" not in done.out


def test_one_group_comes_with_what_its_organiser_could_add(folder: Path) -> None:
    words = " ".join(supports("g", "--data", folder, "--kind", "easy").out.split())
    assert "How it welcomes newcomers 1 of 4 things that are known" in words
    assert "not there: signs in the languages of those who come" in words
    assert "not told: one may come once to try" in words
    assert "(h)" not in words


def test_target_costs_and_effects_are_options(folder: Path) -> None:
    def read(*more: object) -> Any:
        return SupportReport.model_validate_json(
            supports("g", "--data", folder, "--kind", "easy", *more, json=True).out
        )

    assert read("--cost", "childcare=8").gatherings[0].fixes[0].cost == 8
    without = read("--achieves", "childcare=0").gatherings[0]
    assert [fix.supports for fix in without.fixes] == [("transport",)]
    assert without.waiting == 9
    assert read("--target", "0").gatherings == ()


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        (("--cost", "childcare"), ConfigError, "KIND=NUMBER"),
        (("--cost", "childcare=much"), ConfigError, "KIND=NUMBER"),
        (("--cost", "chidlcare=1"), DataError, "childcare"),
        (("--achieves", "childcare=2"), DataError, "after"),
        (("--cost", "childcare=-1"), DataError, "costs"),
        (("--target", "2"), DataError, "target"),
        (("nobody",), UnknownIdError, "nobody"),
        (("--kind", "mentor"), DataError, "no supports"),
        (("--kind", "esay"), ConfigError, "easy"),
    ],
)
def test_what_it_refuses(folder: Path, arguments: tuple[str, ...], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        supports("--data", folder, "--kind", "easy", *arguments)


def test_csv_holds_every_set_of_supports(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    done = supports("--data", folder, "--kind", "easy", "--csv", path)
    assert "s.csv" in done.err
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert tuple(rows[0][name] for name in ("group_id", "supports", "opens")) == ("g", "childcare", "7")
    assert {row["opens"] for row in rows} == {"7", "fewer than 5"}
    assert {row["waiting"] for row in rows} == {""}
    assert "canary" not in path.read_text(encoding="utf-8-sig")


def test_every_sentence_is_in_the_readers_language(folder: Path) -> None:
    with speaking(PSEUDO):
        done = supports("g", "--data", folder, "--kind", "easy")
    for line in done.out.splitlines():
        assert not line.strip() or "⟦" in line or "⟧" in line or line.startswith(" "), line
