"""Running commands inside the tests' own process, and what the tests know about the sample programme."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from matchengine.cli import main
from matchengine.planning.groups import solve

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "examples" / "sample_programme"
PEOPLE = [str(SAMPLE / "raw" / name) for name in ("mentors_2026.csv", "mentees_2026.xlsx")]
FILES = [
    *PEOPLE,
    *("--groups", str(SAMPLE / "raw" / "groups.tsv")),
    *("--relationships", str(SAMPLE / "raw" / "relationships.csv")),
    *(f"--map={SAMPLE / 'mapping' / name}.toml" for name in ("people", "groups", "relationships")),
]


@dataclass(frozen=True)
class Done:
    """What a command did: its exit status and both streams."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return the one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """Return both streams together."""
        return self.out + self.err


def run(*arguments: object) -> Done:
    """Run one command as the program would."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
    return Done(status, out.getvalue(), err.getvalue())


def search_little(patch: pytest.MonkeyPatch) -> None:
    """Let circles be formed with hardly any search: most of a demo's time, and `tests/planning` says how good it is."""
    for name, value in (("MANY", 1), ("STEPS", 1), ("POLISHED", 0)):
        patch.setattr(solve, name, value)


def too_wide(text: str, width: int = 80) -> list[str]:
    """Return the lines of a text that are wider than a terminal."""
    return [line for line in text.splitlines() if len(line) > width]


def small_files(folder: Path) -> tuple[Path, Path]:
    """Write a tiny programme with one problem in it; return the file of people and its mapping."""
    people, mapping = folder / "people.csv", folder / "mapping.toml"
    people.write_text(
        "number,e-mail,name,role,adult,vetting,goal,offer\n"
        "p-1,ida@example.org,Ida Brook,mentee,yes,,bake bread for a living,\n"
        "p-2,ona@example.org,Ona Fields,mentor,yes,vetted,,bake bread and sell it\n"
        ",tom@example.org,Tom Vale,mentor,maybe,vetted,,keep bees\n",
        encoding="utf-8",
    )
    mapping.write_text(
        """
[defaults]
text_language = "en"
guess = false
[columns]
"number" = "id"
"e-mail" = "contact.email"
"name" = "contact.name"
"role" = "roles"
"adult" = "adult"
"vetting" = "vetting.status"
"goal" = "goals"
"offer" = "offers"
""",
        encoding="utf-8",
    )
    return people, mapping
