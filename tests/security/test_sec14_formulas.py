"""No spreadsheet that the package writes holds a formula, whatever people wrote (SEC14).

`safe_cell` and single sheets are tested in tests/io/test_sheets_round_trip.py; here are all files of all commands.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import strategies as st

from matchengine.io import write_csv, write_xlsx
from matchengine.io.sheets import Sheet
from matchengine.io.write_sheets import plain_cell
from tests.privacy.test_static import FILES, SOURCE, parsed
from tests.properties.populations import holds_for
from tests.security.faces import commands, people, run, write_programme
from tests.support import group

STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "'=", "＝", " =", "\u200b=", "_x003D_", "=\n", "''@")
BODY = 'HYPERLINK("http://example.org/?"&A1,"open")+cmd|\' /C calc\'!A0'
ACTIVE = re.compile(r"[\t\r\n\0=+\-@＝＋－＠]")

cells = st.one_of(
    st.none(), st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.text(max_size=30), st.builds(lambda start, rest: start + rest, st.sampled_from(STARTS), st.text(max_size=20)),
)  # fmt: skip
sheets = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width).map(tuple), min_size=1, max_size=4).map(
        lambda rows: Sheet("t", tuple(f"c{n}" for n in range(width)), tuple(rows))
    )
)


def rows_of_csv(path: Path) -> list[list[object]]:
    """Return the cells as a spreadsheet program types them: what is not quoted is a number."""
    text = path.read_bytes().decode("utf-8-sig")
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC)]


def formulas(path: Path) -> list[object]:
    """Return cells that a spreadsheet program would calculate."""
    if path.suffix == ".csv":
        return [c for row in rows_of_csv(path) for c in row if isinstance(c, str) and ACTIVE.match(c)]
    book = openpyxl.load_workbook(path)
    found = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.value is not None]
    return [c.value for c in found if c.data_type == "f" or (isinstance(c.value, str) and ACTIVE.match(c.value))]


@holds_for(sheets, few=25, many=200)
def test_any_sheet_comes_back_as_it_was_and_calculates_nothing(sheet: Sheet) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path, book = Path(folder, "x.csv"), Path(folder, "x.xlsx")
        write_csv(path, sheet)
        write_xlsx(book, [sheet])
        assert formulas(path) == []
        assert formulas(book) == []
        for row, told in zip(sheet.rows, rows_of_csv(path)[1:], strict=True):
            for cell, read in zip(row, told, strict=True):
                if isinstance(cell, str):
                    assert plain_cell(read) == cell
                elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    assert read == pytest.approx(cell)


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    sheet = Sheet("t", ("a", "b", "c"), ((-3, -0.25, "-3"),))
    write_csv(tmp_path / "x.csv", sheet)
    write_xlsx(tmp_path / "x.xlsx", [sheet])
    assert rows_of_csv(tmp_path / "x.csv")[1] == [-3.0, -0.25, "'-3"]
    found = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert [(c.value, c.data_type) for c in found[2]] == [(-3, "n"), (-0.25, "n"), ("'-3", "s")]


@pytest.mark.parametrize(
    "start", [STARTS[0], *(pytest.param(s, marks=pytest.mark.slow) for s in STARTS[1:])], ids=ascii
)
def test_no_file_of_any_command_calculates_anything(tmp_path: Path, start: str) -> None:
    evil = (start + BODY)[:80].strip()
    everybody = people(4, 4)
    for person in everybody:
        person |= {"goals": [{"text": evil}], "offers": [{"text": evil, "level": 3}], "hopes_to_gain": evil}
        person |= {"interests": [{"text": evil}], "values": [evil]}
    write_programme(tmp_path / "data", everybody, groups=[group("g", title=evil, topics=[evil])])
    folder = tmp_path / "files"
    folder.mkdir()
    for words in commands(folder).values():
        if "--xlsx" in words:
            assert run(*words, "--data", tmp_path / "data").status == 0
    written = [path for path in folder.iterdir() if path.suffix in (".csv", ".xlsx")]
    assert len(written) >= 6
    assert [(path.name, formulas(path)) for path in written if formulas(path)] == []
    told = b"".join(path.read_bytes() for path in written if path.suffix == ".csv").decode()
    assert BODY[:9] in told, "the hostile texts did reach the files"


WRITES = {"csv.writer", "csv.DictWriter", "openpyxl.Workbook", "Workbook"}


def writers(tree: ast.AST) -> set[str]:
    """Return calls that begin a spreadsheet."""
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {name for name in calls if name in WRITES or name.endswith((".to_csv", ".to_excel", ".write_excel"))}


def test_spreadsheets_are_written_in_one_place() -> None:
    own = [path for path in FILES if path.is_relative_to(SOURCE)]
    found = {str(p.relative_to(SOURCE)): w for p in own if (w := writers(parsed(p)))}
    assert set(found) == {"io/write_sheets.py", "evaluation/twin_written.py"}, "the latter writes invented people"
    assert writers(ast.parse("import csv\ncsv.writer(f)\nframe.to_csv('x')")) == {"csv.writer", "frame.to_csv"}
