"""`matchengine suggest` for a known person loads no model: the vectors are in the folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from matchengine.cli import main
status = main(sys.argv[1:])
loaded = sorted({name.partition(".")[0] for name in sys.modules} & set("HEAVY".split()))
print(status, *loaded, file=sys.stderr)
"""


def loaded_by(heavy: str, *arguments: object) -> list[str]:
    """Run a command in a fresh process; return its status and which heavy packages it has loaded."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM.replace("HEAVY", heavy), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.split()


def test_suggest_imports_no_model_library(data: Path) -> None:
    heavy = "torch sentence_transformers transformers sklearn faiss openpyxl pandas"
    assert loaded_by(heavy, "suggest", "HB-0140", "--data", data) == ["0"]


def test_help_imports_no_model_library() -> None:
    program = "torch sentence_transformers transformers sklearn faiss"
    assert loaded_by(program, "config", "show", "mentoring") == ["0"]
