"""Cold starts, each in a fresh process: the import, and a suggestion for a known person on a saved folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import ROOT, Report, Row, cold_starts, compare, seconds
from benchmarks.worlds import KIND, real_model

IMPORT, COLD, SECONDS = 1.5, 5.0, 1.2
BARE = "import numpy, pydantic, pluggy"
LIBRARIES = "import numpy, scipy.sparse, pydantic, pluggy, faiss"
HEAVY = ("torch", "faiss", "sklearn", "scipy", "sqlalchemy", "sqlite3", "fastapi", "starlette", "sentence_transformers")


def measure(quick: bool) -> Report:
    """Measure imports and the command line."""
    report = Report()
    _imports(report, 3 if quick else 7)
    for count in (150,) if quick else (150, 10_000):
        _suggest(report, count, 3 if quick else 5)
    return report


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _imports(report: Report, repeats: int) -> None:
    codes = ("import matchengine", "from matchengine import Engine", BARE, "pass")
    ours, engine, bare, nothing = cold_starts([_python(code) for code in codes], repeats)
    idle = min(nothing)
    loaded = _modules("import matchengine")
    comparison = compare([min(ours) - idle], [min(bare) - idle])
    goal = f"≤ {IMPORT} ×, nothing heavy loaded"
    met = comparison.within(IMPORT) and not loaded
    report.rows.append(Row.of("import matchengine", comparison, "import numpy, pydantic, pluggy", goal, met))
    comparison = compare([min(engine) - idle], [min(bare) - idle])
    report.rows.append(Row.of("from matchengine import Engine", comparison, "import numpy, pydantic, pluggy"))
    report.details["imports"] = {
        "start of Python, taken off": seconds(idle),
        "heavy modules after import matchengine": loaded,
        "heavy modules after importing Engine": _modules("from matchengine import Engine"),
    }


def _modules(code: str) -> list[str]:
    """Names of heavy libraries that are loaded after some code has run."""
    probe = f"{code}\nimport sys\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(_python(probe), check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.split()


def _suggest(report: Report, count: int, repeats: int) -> None:
    folder = real_model(count)
    command = [str(Path(sys.executable).with_name("matchengine")), "suggest", "p-7", "--kind", KIND, "--json"]
    command += ["--data", str(folder)]
    ours, bare = cold_starts([command, _python(LIBRARIES)], repeats)
    comparison = compare([min(ours)], [min(bare)])
    loaded = _modules(_in_process(folder))
    met = comparison.within(COLD) and min(ours) <= SECONDS and "torch" not in loaded
    what = f"cold `matchengine suggest`, known person, {count:,} people, start of Python included"
    goal = f"≤ {COLD:.0f} × and about 1 s, no torch"
    report.rows.append(Row.of(what, comparison, "import numpy, scipy.sparse, pydantic, pluggy, faiss", goal, met))
    report.details[f"suggest {count}"] = {"heavy modules": loaded, "seconds": [round(s, 3) for s in ours]}


def _in_process(folder: Path) -> str:
    return (
        "import contextlib, io\nfrom matchengine.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    assert main(['suggest', 'p-7', '--json', '--data', {str(folder)!r}]) == 0"
    )
