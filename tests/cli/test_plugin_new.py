"""`matchengine new-plugin`: a package that installs, passes its own test, and runs (architecture.md section 4)."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from matchengine.cli.plugin_new import NewPluginDocument, write_plugin
from matchengine.errors import ConfigError
from tests.cli.commands import ROOT, Done, run

INSTALLED = """
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
from matchengine.cli import main
done = []
for arguments in json.loads(sys.argv[2]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    done.append([status, out.getvalue(), err.getvalue()])
json.dump(done, sys.stdout)
"""


def test_a_new_plugin_is_a_package_with_a_scorer_a_test_and_a_readme(tmp_path: Path) -> None:
    done = run("new-plugin", "quick-start", "--into", tmp_path, "--json")
    assert done.status == 0
    document = NewPluginDocument.model_validate_json(done.out)
    folder = tmp_path / "quick-start"
    assert {Path(file).relative_to(folder).as_posix() for file in document.files} == {
        "README.md",
        "pyproject.toml",
        "src/quick_start.py",
        "tests/test_quick_start.py",
    }
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"] == {"matchengine": {"quick-start": "quick_start"}}
    code = (folder / "src" / "quick_start.py").read_text(encoding="utf-8")
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    test = (folder / "tests" / "test_quick_start.py").read_text(encoding="utf-8")
    assert len([line for line in test.partition("\n\n\n")[2].splitlines() if line.strip()]) == 3
    assert not [path for path in folder.rglob("*") if path.is_file() and "$" in path.name]
    for path in (p for p in folder.rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8")
        assert "$module" not in text
        assert "$$" not in text
        assert all(len(line) <= 120 for line in text.splitlines()), path.name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Quick", "small letters"),
        ("quick_start", "small letters"),
        ("-x", "small letters"),
        ("9lives", "small letters"),
        ("quick--start", "small letters"),
        ("../x", "small letters"),
        ("class", "small letters"),
        ("a" * 33, "small letters"),
        ("json", "module named 'json'"),
        ("numpy", "module named 'numpy'"),
        ("builtin", "plugin named 'builtin'"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_and_nothing_written(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        write_plugin(name, tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    assert run("new-plugin", "quick-start", "--into", tmp_path).status == 0
    code = tmp_path / "quick-start" / "src" / "quick_start.py"
    code.write_text("mine = True\n", encoding="utf-8")
    done = run("new-plugin", "quick-start", "--into", tmp_path)
    assert (done.status, done.out) == (2, "")
    assert "not empty" in done.err
    assert code.read_text(encoding="utf-8") == "mine = True\n"


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("new-plugin", "quick-start", "--into", tmp_path / "file")
    assert done.status == 2
    assert "cannot be written" in done.err


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write a plugin and install it with pip, offline, into a folder of its own; return both folders."""
    work = tmp_path_factory.mktemp("new-plugin")
    site = work / "site"
    package = work / "quick-start"
    write_plugin("quick-start", package)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(  # noqa: S603
        [*pip, "--disable-pip-version-check", "--target", str(site), str(package)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return package, site


@pytest.fixture(scope="module")
def said(installed: tuple[Path, Path]) -> dict[str, Done]:
    """Run commands in a process that has the installed plugin; what it is not enabled in comes first."""
    package, site = installed
    text = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")
    config = package.parent / "mine.toml"
    config.write_text(
        text.replace('"lexical"]', '"lexical", "quick-start"]')
        + '[match.mentor.scorers.mine]\nuse = "quick_start"\nwith = { target = 10.0 }\n',
        encoding="utf-8",
    )
    commands = {
        "plain": ["plugins", "--config", "lexical", "--json"],
        "named": ["plugins", "--config", str(config), "--inputs", "experience_years", "--json"],
        "checked": ["check-plugin", "quick-start", "--json"],
        "taken": ["new-plugin", "quick-start", "--into", str(package.parent / "taken")],
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", INSTALLED, str(site), json.dumps(list(commands.values()))],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return {name: Done(*told) for name, told in zip(commands, json.loads(done.stdout), strict=True)}


def test_an_installed_new_plugin_takes_part_once_it_is_named(said: dict[str, Done]) -> None:
    document = said["named"].document
    (mine,) = [plugin for plugin in document["plugins"] if plugin["name"] == "quick-start"]
    assert (mine["enabled"], mine["origin"]) == (True, "matchengine-quick-start 0.1.0")
    assert [one["plugin"] for one in document["inputs"]] == ["quick-start"]
    plain = said["plain"].document
    assert [p["enabled"] for p in plain["plugins"] if p["name"] == "quick-start"] == [False]


def test_an_installed_new_plugin_passes_its_checks_and_its_own_test(
    installed: tuple[Path, Path], said: dict[str, Done]
) -> None:
    package, site = installed
    assert said["checked"].status == 0, said["checked"].text
    assert said["checked"].document["origin"] == "matchengine-quick-start 0.1.0"
    program = f"import sys, pytest; sys.path.insert(0, {str(site)!r}); sys.exit(pytest.main(sys.argv[1:]))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, "-q", "-p", "no:cacheprovider", str(package / "tests")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=package,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_a_name_that_is_installed_is_taken(said: dict[str, Done]) -> None:
    assert said["taken"].status == 2
    assert "is there already" in said["taken"].err
