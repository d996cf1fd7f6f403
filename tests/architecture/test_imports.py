"""Who may import whom, and what is not loaded until it is needed (architecture.md sections 3 and 7)."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import matchengine as me

ROOT = Path(__file__).parents[2]
HEAVY = (
    "torch", "faiss", "sklearn", "sentence_transformers", "transformers", "sqlalchemy", "sqlite3", "pandas", "polars",
    "openpyxl", "fastapi", "scipy", "huggingface_hub",
)  # fmt: skip

"""One table of everything a column can map to, kept in one place on purpose."""


def loaded_by(*codes: str) -> list[set[str]]:
    """Return the modules that a fresh interpreter has loaded after each piece of code, one after another."""
    script = "".join(f"{code}\nimport sys\nprint(*sys.modules)\n" for code in codes)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )
    return [{name.split(".")[0] for name in line.split()} for line in done.stdout.splitlines()]


def test_imports_point_downward() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(  # noqa: S603
        [str(tool), "--no-cache"], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_contract_covers_every_module() -> None:
    """A room that no layer names would be allowed to import anything."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = {name.strip() for layer in told[0]["layers"] for name in re.split("[|:]", layer)}
    forbidden = {name for contract in told for name in contract.get("source_modules", ())}
    source = Path(me.__file__).parent
    rooms = {f"matchengine.{p.stem}" for p in source.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert rooms - layers - forbidden == {"matchengine.__init__"}


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """Return what is loaded after each of these, in one interpreter: whatever one of them loads is in its set."""
    codes = (
        "import matchengine",
        "import matchengine; matchengine.Engine; matchengine.load_config; matchengine.scorer; matchengine.Person",
        "import matchengine.engine",
        "from matchengine.io import read_people, read_groups, read_relationships",
        "import matchengine.cli",
        "import matchengine.plugins.builtin",
        "import matchengine.testing",
    )
    return dict(zip(codes, loaded_by(*codes), strict=True))


def test_nothing_heavy_is_loaded_before_it_is_needed(loaded: dict[str, set[str]]) -> None:
    assert len(loaded) == 7
    for code, modules in loaded.items():
        assert "matchengine" in modules
        assert modules & set(HEAVY) == set(), code


def test_the_package_alone_loads_next_to_nothing(loaded: dict[str, set[str]]) -> None:
    assert not loaded["import matchengine"] & {"numpy", "pydantic", "pluggy", "dateutil", "tqdm"}


def test_a_known_model_free_programme_runs_without_the_heavy_ones() -> None:
    code = (
        "import tests.support as s\nmade = s.engine()\n"
        "made.load([s.mentee('a'), s.mentor('m')], groups=[s.group('g')])\n"
        "assert made.suggest('a', 'mentor') and made.suggest('a', 'group')"
    )
    (modules,) = loaded_by(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}")
    assert modules & set(HEAVY) == set()


@pytest.mark.parametrize("name", [n for n in me.__all__ if n != "__version__"])
def test_every_public_name_resolves_and_is_documented(name: str) -> None:
    thing = getattr(me, name)
    assert (inspect.getdoc(thing) or "").strip(), name
    if inspect.isclass(thing):
        assert thing.__doc__, f"{name} has no docstring of its own"
        public = [m for m in vars(thing) if not m.startswith("_") and callable(getattr(thing, m))]
        assert [m for m in public if not inspect.getdoc(getattr(thing, m))] == []


def test_the_public_names_are_listed_once_and_no_others_exist() -> None:
    assert len(set(me.__all__)) == len(me.__all__)
    assert set(dir(me)) == set(me.__all__)
    assert len(me.__all__) <= 25
    assert me.__version__
    with pytest.raises(AttributeError, match="nonsense"):
        me.nonsense  # noqa: B018


def test_modules_say_what_they_are_and_stay_short() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in Path(me.__file__).parent.rglob("*.py")}
    assert len(texts) > 500
    assert [path for path, text in texts.items() if not text.startswith('"""') or len(text.splitlines()) > 400] == []


def test_the_engine_reads_like_a_sentence() -> None:
    assert len(Path(inspect.getfile(me.Engine)).read_text(encoding="utf-8").splitlines()) <= 285
