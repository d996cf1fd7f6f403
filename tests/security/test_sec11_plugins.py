"""What is installed is not active: a rogue package on the path is never imported, whatever is asked (SEC11).

Listing and enabling are tested in tests/cli/test_plugin_list.py, discovery in tests/registry.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import ROOT
from tests.registry.distributions import distribution
from tests.security.faces import commands, people, write_programme

ROGUE = """
from pathlib import Path
Path(__file__).with_name("it-ran").write_text("yes")


def matchengine_commands(cli):
    raise RuntimeError


def matchengine_run_finished(result):
    Path(__file__).with_name("it-ran").write_text(repr(result))
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with rogue distributions: one new, two that take built-in names."""
    folder = tmp_path / "site"
    folder.mkdir()
    for name, point in (("rogue", "rogue"), ("taker", "builtin"), ("shadow", "lexical")):
        distribution(folder, name, f"{name}_module", ROGUE, point=point)
    return folder


def everything(site: Path, data: Path, *, enabled: str = "", most: int = 1) -> subprocess.CompletedProcess[str]:
    """Run every command in one fresh process with the rogue packages on its path."""
    code = "import sys\nfrom tests.security.faces import commands\nfrom tests.cli.commands import run\n"
    code += "from pathlib import Path\ndata, files = sys.argv[1:3]\n"
    code += f"for words in list(commands(Path(files)).values())[:{most}]:\n"
    code += "    run(*words, *([] if words[0] == 'plugins' else ['--data', data]))\n"
    code += "done = [run('plugins', '--config', 'lexical').out, run('doctor').out, run('config', 'show').out]\n"
    code += enabled + "print(done[0])\nprint('rogue_module' in sys.modules)\n"
    files = data.parent / "files"
    files.mkdir(exist_ok=True)
    paths = os.pathsep.join([str(site), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    command = [sys.executable, "-c", code, str(data), str(files)]
    environment = os.environ | {"PYTHONPATH": paths}
    return subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, timeout=300, cwd=data.parent, env=environment
    )


@pytest.mark.parametrize("most", [2, pytest.param(99, marks=pytest.mark.slow)])
def test_no_command_imports_a_package_that_is_merely_installed(site: Path, tmp_path: Path, most: int) -> None:
    write_programme(tmp_path / "data", people(3, 3))
    done = everything(site, tmp_path / "data", most=most)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (site / "it-ran").exists()
    assert done.stdout.strip().endswith("False")
    assert done.stdout.count("not enabled, not imported") >= 3
    assert "rogue 3.1.4: not enabled, not imported" in done.stdout


def test_the_rogue_package_would_run_if_it_were_named(site: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    enabled = "from matchengine.discovery import load_installed\nload_installed('rogue')\n"
    assert everything(site, tmp_path / "data", enabled=enabled).stdout.strip().endswith("True")
    assert (site / "it-ran").exists()


def test_the_documentation_says_that_a_plugin_has_full_power() -> None:
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    assert "runs with full power" in page
    assert len(commands(Path("x"))) > 10
