"""`matchengine groups`: text, JSON, a saved draft formed anew, wishes, exit status."""

from __future__ import annotations

import argparse
import contextlib
import io
from pathlib import Path

import pytest

import matchengine as me
from matchengine.cli.groups import add_groups
from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.config import parse_config
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.records.circles import GroupsPlan
from tests.cli.commands import Done, too_wide
from tests.programme.groups.circles import CIRCLE, PEER, group_of, member
from tests.support import CONFIG, consent

LEXICAL = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')


def run(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_groups(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = me.Engine(parse_config(LEXICAL + PEER + CIRCLE + 'balance = ["heritage"]\n'))
    kinds = {n: [{"dimension": "heritage", "value": "canary"}] for n in (0, 1)}
    people = [member(n, ("TU",) if n % 2 else ("FR",), attributes=kinds.get(n, [])) for n in range(12)]
    grants = [consent(f"p{n:02}", "attributes", "group_balance") for n in (0, 1)]
    made.load([*people, member(20, availability=[])], consents=grants)
    data = tmp_path_factory.mktemp("groups") / "data"
    made.save(data / "engine")
    return data


def plan_of(folder: Path, *arguments: object) -> GroupsPlan:
    return GroupsPlan.model_validate_json(run(*arguments, "--data", folder, json=True).out)


def test_the_text_tells_members_time_language_and_who_is_left(folder: Path) -> None:
    done = run("--data", folder)
    assert done.status == 0
    assert not too_wide(done.out)
    plan = plan_of(folder)
    for told in ("Tuesdays at 18:00", "language: English", "In no group"):
        assert told in done.out
    assert all(person in done.out for group in plan.groups for person in group.members)
    assert "p20: It is not recorded when they are free" in " ".join(done.out.split())


def test_nobody_learns_who_is_the_only_one_of_their_kind(folder: Path) -> None:
    done = run("--data", folder)
    assert "only ones of their kind in a group: a few, not told apart" in done.out
    both = done.out + run("--data", folder, json=True).out
    assert "canary" not in both
    assert "heritage" not in both


def test_the_same_command_gives_the_same_bytes(folder: Path) -> None:
    assert run("--data", folder, json=True).out == run("--data", folder, "--name", "circle", json=True).out


def test_a_saved_draft_is_formed_anew_around_what_is_locked(folder: Path, tmp_path: Path) -> None:
    saved = tmp_path / "draft.json"
    done = run("--data", folder, "--save", saved)
    assert str(saved.name) in "".join(done.err.split())
    first = GroupsPlan.model_validate_json(saved.read_text(encoding="utf-8"))
    (number,) = [group.number for group in first.groups if "p01" in group.members]
    asked = ("--plan", saved, "--lock", f"p01:{number}", "--apart", "p01:p03", "--together", "p01:p05")
    again = plan_of(folder, *asked)
    (own,) = [group for group in again.groups if group.number == number]
    assert {"p01", "p05"} <= set(own.members)
    assert "p03" not in own.members
    assert again.locks == {"p01": number}


def test_only_some_people(folder: Path) -> None:
    plan = plan_of(folder, "--people", "p01, p03,p05")
    assert group_of(plan, "p01") == {"p01", "p03", "p05"}


def test_a_strict_run_fails_where_somebody_is_left(folder: Path) -> None:
    assert run("--data", folder, "--strict").status == 4
    assert run("--data", folder, "--strict", "--people", "p01,p03,p05").status == 0


@pytest.mark.parametrize(
    ("arguments", "kind", "told"),
    [
        (("--together", "p01"), ConfigError, "two words with a colon between"),
        (("--lock", "p01:x"), ConfigError, "'x' is not the number of a group"),
        (("--name", "circl"), DataError, "did you mean 'circle'"),
        (("--plan", "nowhere.json"), DataError, "cannot be read"),
    ],
)
def test_what_cannot_be_asked_is_told(
    folder: Path, arguments: tuple[str, ...], kind: type[Exception], told: str
) -> None:
    with pytest.raises(kind, match=told):
        run("--data", folder, *arguments)


def test_who_wishes_to_come_together_and_shares_no_time_is_in_no_group(folder: Path) -> None:
    plan = plan_of(folder, "--together", "p01:p02")
    assert {"p01", "p02"} <= {one.person_id for one in plan.unplaced}


def test_a_file_that_is_no_draft_is_told_without_its_words(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"name": "circle", "secret": "canary"}', encoding="utf-8")
    with pytest.raises(DataError, match="not a draft of groups") as caught:
        run("--data", folder, "--plan", wrong)
    assert "canary" not in str(caught.value)


def test_every_sentence_goes_through_the_catalogue(folder: Path) -> None:
    with speaking(PSEUDO):
        told = run("--data", folder).out
    assert "Groups" not in told
    assert "when:" not in told
