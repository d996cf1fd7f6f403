"""Every row of domain.md section A has a test that names it or waits in pending.toml, never both (A7)."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
ROWS = [
    f"S{source}-{row:02d}"
    for source, last in ((1, 16), (2, 38), (3, 10), (4, 15), (5, 34))
    for row in range(1, last + 1)
]
_ID = re.compile(r"S[1-5]-\d\d")


def cited() -> dict[str, list[str]]:
    """Return for each row id the tests whose docstring cites it."""
    found: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("test_s[1-5]*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for row in set(_ID.findall(ast.get_docstring(node) or "")):
                    found.setdefault(row, []).append(node.name)
    return found


def pending() -> dict[str, str]:
    """Return what each waiting row waits for."""
    told = tomllib.loads((FOLDER / "pending.toml").read_text(encoding="utf-8"))
    return {row: reason for source in told.values() for row, reason in source.items()}


CITED, PENDING = cited(), pending()


def test_there_are_as_many_rows_as_in_the_document() -> None:
    assert len(ROWS) == len(set(ROWS)) == 113
    assert set(CITED) | set(PENDING) <= set(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_a_test_or_waits(row: str) -> None:
    assert (row in CITED) != (row in PENDING), CITED.get(row)


def test_what_a_row_waits_for_is_one_short_phrase() -> None:
    assert all(10 < len(reason) < 100 and not reason.endswith(".") for reason in PENDING.values())


def test_tests_carry_the_ids_they_cite_in_their_names() -> None:
    for row, tests in CITED.items():
        assert any(row.lower().replace("-", "_") in name for name in tests), row
