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
each_project = pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
LOOK = """
import sys
from matchengine.registry import Registry
for name, kind in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    registry = Registry([name])
    print(name, registry.versions[name], *(spec.name for spec in registry.specs(kind)))
"""
OFFERED = {
    "kind-rhythm": ("scorer", "kind_rhythm"),
    "reporting-chain": ("constraint", "reporting_chain"),
    "prefixed-model": ("embedder", "prefixed-model"),
}
"""What each offers: a kind of component, and its name."""


def run(*command: str, cwd: Path, site: Path | None = None) -> str:
    """Run Python; return what it prints, and fail with it where it fails."""
    # threads of a model that wait for each other beside another worker of the tests cost more than they bring
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site or ""), *sys.path]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build and install a copy of each project without network; return the copies and where they are installed."""
    root = tmp_path_factory.mktemp("plugins")
    copies, site = root / "projects", root / "site"
    for project in PROJECTS:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
        shutil.copytree(project, copies / project.name, ignore=ignored)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    every = [str(copies / project.name) for project in PROJECTS]
    run(*pip, "--no-build-isolation", "--target", str(site), *every, cwd=root)
    return copies, site


@pytest.fixture(scope="module")
def found(installed: tuple[Path, Path]) -> dict[str, list[str]]:
    """Look for every plugin in a process that has them; return version and components by name."""
    _copies, site = installed
    asked = [word for name, (kind, _component) in OFFERED.items() for word in (name, kind)]
    told = [line.split() for line in run("-c", LOOK, *asked, cwd=site, site=site).splitlines()]
    return {name: rest for name, *rest in told}


def test_there_are_a_scorer_a_constraint_and_an_embedder() -> None:
    assert [path.name for path in PROJECTS] == ["kind_rhythm", "prefixed_model", "reporting_chain"]


def entry_point(project: Path) -> str:
    """Return the name under which a project is found."""
    (name,) = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["matchengine"]
    return str(name)


@each_project
def test_it_is_found_by_its_entry_point(project: Path, found: dict[str, list[str]]) -> None:
    name = entry_point(project)
    assert found[name] == ["1.0", OFFERED[name][1]]


@pytest.mark.parametrize(
    "project",
    [
        pytest.param(path, id=path.name, marks=[pytest.mark.slow] if path.name == "prefixed_model" else [])
        for path in PROJECTS
    ],
)
def test_it_passes_its_own_tests(project: Path, installed: tuple[Path, Path]) -> None:
    """A process of its own loads a model for long: every day `test_prefixed_model` runs the same tests in this one."""
    copies, site = installed
    shutil.rmtree(copies / project.name / "src")  # the installed package is tested, not the sources beside it
    told = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=copies / project.name, site=site)
    assert " passed" in told
    assert "failed" not in told


@each_project
def test_its_readme_has_a_configuration_that_names_it(project: Path) -> None:
    text = (project / "README.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in text.split("```toml\n")[1:]]
    assert entry_point(project) in tomllib.loads(blocks[0])["plugins"]["enable"]


def test_the_scorer_has_twelve_lines() -> None:
    source = FOLDER / "kind_rhythm" / "src" / "matchengine_kind_rhythm" / "__init__.py"
    lines = [line for line in source.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= 12
