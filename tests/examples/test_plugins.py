"""The plugins under examples/plugins: each is built, installed, found by its entry point, and passes its own tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "plugins"
PROJECTS = sorted(path.parent for path in FOLDER.glob("*/pyproject.toml"))
SECONDS = 300
LOOK = """
import sys
from matchengine.registry import Registry
name, kind = sys.argv[1:]
registry = Registry([name])
print(registry.versions[name], *(spec.name for spec in registry.specs(kind)))
"""


def run(*command: str, cwd: Path, site: Path | None = None) -> str:
    """Run Python; return what it prints, and fail with it where it fails."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site or ""), *sys.path])}
    done = subprocess.run(  # noqa: S603
        [sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=PROJECTS, ids=lambda path: path.name)
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build and install a copy of one project without network; return the copy and where it is installed."""
    root = tmp_path_factory.mktemp(request.param.name)
    copy, site = root / "project", root / "site"
    shutil.copytree(request.param, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run(*pip, "--no-build-isolation", "--target", str(site), str(copy), cwd=root)
    return copy, site


def test_there_are_a_scorer_a_constraint_and_an_embedder() -> None:
    assert [path.name for path in PROJECTS] == ["kind_rhythm", "prefixed_model", "reporting_chain"]


def test_it_is_found_by_its_entry_point(installed: tuple[Path, Path]) -> None:
    project, site = installed
    (name,) = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["matchengine"]
    kind = {"kind-rhythm": "scorer", "reporting-chain": "constraint", "prefixed-model": "embedder"}[name]
    found = run("-c", LOOK, name, kind, cwd=site, site=site).split()
    assert found == ["1.0", name if kind == "embedder" else name.replace("-", "_")]


def test_it_passes_its_own_tests(installed: tuple[Path, Path]) -> None:
    project, site = installed
    shutil.rmtree(project / "src")  # the installed package is tested, not the sources beside it
    told = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=project, site=site)
    assert " passed" in told
    assert "failed" not in told


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_its_readme_has_a_configuration_that_names_it(project: Path) -> None:
    text = (project / "README.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in text.split("```toml\n")[1:]]
    (name,) = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["matchengine"]
    assert name in tomllib.loads(blocks[0])["plugins"]["enable"]


def test_the_scorer_has_twelve_lines() -> None:
    source = FOLDER / "kind_rhythm" / "src" / "matchengine_kind_rhythm" / "__init__.py"
    lines = [line for line in source.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= 12
