"""`--plugin-file`, `--no-plugin`, `--trace`, and commands that plugins add, before or after the name of a command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Done, run, small_files

LEXICAL = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")
HALF = """
import numpy as np
import matchengine as me
from matchengine.components import specs_in


@me.scorer("half", block="relate", says="half way")
def half(requester_adult):
    return np.where(np.isnan(requester_adult), np.nan, 0.5)


def matchengine_components():
    return specs_in(half)
"""
COUNTING = """
from pathlib import Path


def matchengine_run_finished(result):
    with Path(__file__).with_suffix(".log").open("a") as file:
        file.write(f"{len(result)}\\n")


def matchengine_commands(cli):
    def count(arguments, output):
        print(arguments.kind, len(cli.open_engine(arguments).members(arguments.kind).candidates))
        return arguments.status

    def declare(parser):
        parser.add_argument("--kind", default="mentor")
        parser.add_argument("--status", type=int)

    cli.add("count", "count 100% of those who can be suggested", count, declare)
"""


@pytest.fixture(scope="module")
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import a tiny programme; return its folder."""
    folder = tmp_path_factory.mktemp("own")
    people, mapping = small_files(folder)
    done = run("import", people, "--map", mapping, "--config", "lexical", "--data", folder / "data")
    assert done.status == 0, done.text
    return folder / "data"


@pytest.fixture
def using(tmp_path: Path) -> Path:
    """Write the plugin `half` and a configuration that uses its scorer; return the latter."""
    (tmp_path / "half.py").write_text(HALF, encoding="utf-8")
    (tmp_path / "counting.py").write_text(COUNTING, encoding="utf-8")
    path = tmp_path / "half.toml"
    path.write_text(LEXICAL + '[match.mentor.scorers.middle]\nuse = "half"\n', encoding="utf-8")
    return path


def reasons(done: Done) -> list[str]:
    """Return the scorers that a suggestion names."""
    assert done.status == 0, done.text
    return [reason["scorer"] for reason in done.document["suggestions"][0]["reasons"]]


def test_a_plugin_file_takes_part_wherever_the_option_stands(using: Path, own_data: Path) -> None:
    file = using.with_name("half.py")
    asked = ["suggest", "p-1", "--data", own_data, "--config", using, "--json"]
    assert "middle" in reasons(run(*asked, "--plugin-file", file))
    assert "middle" in reasons(run("--plugin-file", file, *asked))
    assert "middle" in reasons(run("--plugin-file", using.with_name("counting.py"), *asked, "--plugin-file", file))
    plugins = run(*asked, "--plugin-file", file).document["fingerprint"]["plugins"]
    assert re.fullmatch(r"file [0-9a-f]{12}", plugins["half"])
    refused = run(*asked)
    assert refused.status == 2
    assert "no enabled plugin offers a scorer named 'half'" in refused.err


@pytest.mark.parametrize("command", [["check"], ["explain", "p-1", "p-2"], ["show-text", "p-1"]])
def test_every_command_that_opens_an_engine_takes_a_plugin_file(
    using: Path, own_data: Path, command: list[str]
) -> None:
    asked = [*command, "--data", own_data, "--config", using]
    assert run(*asked, "--plugin-file", using.with_name("half.py")).status == 0
    assert run(*asked).status == 2


def test_a_plugin_file_observes(using: Path, own_data: Path) -> None:
    counting = using.with_name("counting.py")
    assert run("suggest", "p-1", "--data", own_data, "--plugin-file", counting).status == 0
    assert counting.with_suffix(".log").read_text().split() == ["1"]


def test_no_plugin_leaves_a_plugin_out(tmp_path: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.registry.distributions import distribution

    distribution(tmp_path, "watch-plugin", "watch_module", COUNTING, point="watch")
    monkeypatch.syspath_prepend(str(tmp_path))
    config = tmp_path / "watching.toml"
    config.write_text(LEXICAL.replace('"lexical"]', '"lexical", "watch"]'), encoding="utf-8")
    log = tmp_path / "watch_module.log"
    asked = ["suggest", "p-1", "--data", own_data, "--config", config]
    left_out = run(*asked, "--no-plugin", "watch", "--json")
    assert left_out.status == 0
    assert "watch" not in left_out.document["fingerprint"]["plugins"]
    assert not log.exists()
    assert run(*asked).status == 0
    assert log.exists()
    misspelt = run("--no-plugin", "wach", *asked)
    assert misspelt.status == 2
    assert "did you mean 'watch'" in misspelt.err


def test_no_plugin_also_holds_for_the_configuration_of_a_folder(own_data: Path) -> None:
    done = run("suggest", "p-1", "--data", own_data, "--no-plugin", "builtin")
    assert done.status == 2
    assert "no enabled plugin offers" in done.err, "a configuration that still needs it is refused"
    assert run("suggest", "p-1", "--data", own_data.parent / "nowhere", "--no-plugin", "builtin").status == 3


@pytest.mark.parametrize("command", [["config", "show"], ["new-plugin", "x-y"], ["check-plugin", "builtin"]])
def test_a_command_refuses_what_it_would_ignore(command: list[str], tmp_path: Path) -> None:
    done = run("--no-plugin", "builtin", *command)
    assert done.status == 2
    assert "--no-plugin" in done.err


# ---------------------------------------------------------------- commands of plugins


def test_a_plugin_adds_a_command(using: Path, own_data: Path) -> None:
    counting = using.with_name("counting.py")
    for asked in (["--plugin-file", counting, "count"], ["count", "--plugin-file", counting]):
        done = run(*asked, "--data", own_data)
        assert (done.status, done.out) == (0, "mentor 2\n"), done.text
    assert run("count", "--plugin-file", counting, "--data", own_data, "--status", 7).status == 7
    shown = run("--plugin-file", counting, "--help")
    assert "count 100% of those who can be suggested" in " ".join(shown.out.split())
    assert "--kind" in run("--plugin-file", counting, "count", "--help").out
    assert "count" not in run("--help").out
    assert run("count").status == 2


def test_a_configuration_brings_the_commands_of_its_plugins(
    tmp_path: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.registry.distributions import distribution

    distribution(tmp_path, "tally-plugin", "tally_module", COUNTING, point="tally")
    monkeypatch.syspath_prepend(str(tmp_path))
    config = tmp_path / "tally.toml"
    config.write_text(LEXICAL.replace('"lexical"]', '"lexical", "tally"]'), encoding="utf-8")
    assert run("count", "--config", config, "--data", own_data).out == "mentor 2\n"
    assert run("count", "--config", config, "--no-plugin", "tally", "--data", own_data).status == 2
    assert run("count", "--config", "lexical", "--data", own_data).status == 2


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('cli.add("suggest", "x", print)', "'suggest' is there already"),
        ('cli.add("one", "x", print); cli.add("one", "x", print)', "'one' is there already"),
        ('cli.add("Two Words", "x", print)', "small letters"),
        ('cli.add("one", "x", print, lambda parser: parser.nothing())', "'one' of a plugin failed with AttributeError"),
        ("cli.nothing()", "commands of plugin 'mine' failed with AttributeError"),
        ('cli.add("one", "x", lambda arguments, output: 1 // 0)', "'one' of a plugin failed with ZeroDivisionError"),
    ],
)
def test_a_command_that_cannot_be_added_or_fails_is_named(tmp_path: Path, code: str, told: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"def matchengine_commands(cli):\n    {code}\n", encoding="utf-8")
    done = run("one", "--plugin-file", path)
    assert done.status == 2, done.text
    assert told in done.err
    assert "Traceback" not in done.err


def test_commands_of_the_program_do_not_wait_for_plugins(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(LEXICAL.replace('"lexical"]', '"lexical", "missing"]'), encoding="utf-8")
    assert run("config", "show", "--config", broken).status == 0
    assert run("doctor", "--config", broken).status == 4
    assert run("anything", "--config", broken).status == 2


# ---------------------------------------------------------------- tracing


def test_a_trace_tells_calls_on_stderr_and_changes_no_result(
    using: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = using.with_name("counting.py")
    asked = ["suggest", "p-1", "--data", own_data, "--plugin-file", counting]
    plain, traced = run(*asked), run(*asked, "--trace")
    assert plain.out == traced.out
    assert not plain.err
    assert re.search(r"^builtin: hook matchengine_components\(\) -> list of 1 +\d+\.\d\d ms$", traced.err, re.MULTILINE)
    assert re.search(r"^counting: hook matchengine_run_finished\(result tuple of 1\)", traced.err, re.MULTILINE)
    assert re.search(
        r"^builtin: scorer goals\(items_needs_offers ItemPairs\[.*\) -> Scored\[", traced.err, re.MULTILINE
    )
    assert re.search(r"^builtin: constraint vetting\(candidate_vetted float32 \(\d+,\)", traced.err, re.MULTILINE)
    assert "bread" not in traced.err
    assert "p-2" not in traced.err
    monkeypatch.setenv("MATCHENGINE_TRACE", "1")
    assert "matchengine_run_finished" in run(*asked).err
    monkeypatch.setenv("MATCHENGINE_TRACE", "0")
    assert not run(*asked).err
