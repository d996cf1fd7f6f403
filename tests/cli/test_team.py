"""`matchengine team`: text, JSON, uncovered roles, exit status."""

from __future__ import annotations

import argparse
import contextlib
import io
from pathlib import Path

import pytest

import matchengine as me
from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.cli.team import add_team
from matchengine.config import parse_config
from matchengine.errors import ConfigError, UnknownIdError
from matchengine.i18n import PSEUDO, speaking
from matchengine.records.team import Team
from tests.cli.commands import Done, too_wide
from tests.journey.gatherings import KINDS, project
from tests.support import CONFIG, mentee


def run(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_team(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lexical = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
    made = me.Engine(parse_config(lexical + KINDS))
    made.load([mentee("a"), mentee("b", offers=[{"text": "public speaking", "level": 3}])], projects=[project()])
    data = tmp_path_factory.mktemp("team")
    made.save(data / "engine")
    return data


def test_s1_07_the_text_lists_members_roles_and_what_nobody_covers(folder: Path) -> None:
    done = run("film", "--data", folder)
    assert done.status == 0
    assert not too_wide(done.out)
    found = Team.model_validate_json(run("film", "--data", folder, json=True).out)
    assert found.uncovered == ("welding",)
    for told in ("Members", "Roles", "Nobody covers", "  - welding", "short video editing: a (fit", *found.members):
        assert told in done.out


def test_a_role_that_stays_uncovered_fails_a_strict_run(folder: Path) -> None:
    assert run("film", "--data", folder, "--strict").status == 4


def test_what_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(UnknownIdError, match="nothing"):
        run("nothing", "--data", folder)
    with pytest.raises(ConfigError, match="project"):
        run("film", "--data", folder, "--kind", "projekt")
    with pytest.raises(ConfigError, match="candidate = 'project'"):
        run("film", "--data", folder, "--kind", "group")


def test_every_sentence_is_translated(folder: Path) -> None:
    with speaking(PSEUDO):
        out = run("film", "--data", folder).out
    assert "⟦" in out
    for word in ("Members", "Roles", "Nobody"):
        assert word not in out
