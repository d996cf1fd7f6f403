"""Every way a file may be written, and the limits it is held to."""

from __future__ import annotations

import time
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas
import polars
import pytest

from matchengine.errors import DataError
from matchengine.io import ImportRefusedError, Report, read_people
from matchengine.io.delimited import sniff_delimiter
from matchengine.io.limits import Limits
from matchengine.io.sources import open_tables
from matchengine.io.tables import FileOptions

HEADER = "id,Name,E-mail,Role,Skills\n"
ROWS = "p1,Zora Quill,zora@example.org,mentor,Excel\np2,Ödön Vex,odon@example.org,mentee,\n"


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def notes(report: Report) -> str:
    return "\n".join(problem.sentence() for problem in report.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_trap_byte_order_mark_and_encodings(tmp_path: Path, encoding: str) -> None:
    made = read_people(write(tmp_path, "people.csv", HEADER + ROWS, encoding))
    assert [person.id for person in made.people] == ["p1", "p2"]
    assert made.contacts["p2"].name == "Ödön Vex"
    assert ("cp1252" in notes(made.report)) == (encoding == "cp1252")
    assert not made.report.failures


def test_trap_utf16_without_mark_is_refused_with_advice(tmp_path: Path) -> None:
    made = read_people(write(tmp_path, "people.csv", HEADER + ROWS, "utf-16-le"))
    assert [problem.effect for problem in made.report.problems] == ["file refused"]
    assert "CSV UTF-8" in made.report.problems[0].expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_trap_line_ends_and_quoted_line_breaks_keep_row_numbers(tmp_path: Path, end: str) -> None:
    text = f'id,Goals,Capacity{end}p1,"one{end}two",1{end}p2,three,many{end}'
    made = read_people(write(tmp_path, "mentors.csv", text))
    assert [goal.text for goal in made.people[0].goals] == ["one", "two"]
    assert [(p.row, p.column) for p in made.report.failures] == [(3, "Capacity")]


def test_trap_empty_trailing_rows_are_counted_not_reported(tmp_path: Path) -> None:
    text = HEADER + ROWS + ",,,,\n" * 40 + " , ,,,\n\n"
    made = read_people(write(tmp_path, "people.csv", text))
    assert len(made.people) == 2
    assert made.report.counts["blank rows"] == 42
    assert not made.report.failures


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found(tmp_path: Path, separator: str) -> None:
    rows = [["id", "Name", "What could you offer, and to whom?"], ["p1", "Zora, Q", "a; b"], ["p2", "Vex", "x, y"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert sniff_delimiter(text) == separator
    assert len(read_people(write(tmp_path, "people.csv", text)).people) == 2


def test_separator_line_of_spreadsheet_programs_is_understood(tmp_path: Path) -> None:
    made = read_people(write(tmp_path, "people.csv", "sep=;\r\nid;Capacity\r\np1;x\r\n"))
    assert made.people[0].id == "p1"
    assert made.report.failures[0].row == 3


def test_trap_unquoted_comma_moves_answers_so_the_row_is_left_out(tmp_path: Path) -> None:
    text = "id,Goals,Role\np1,lead, inspire, and rest,mentee\np2,sing,mentee\n"
    made = read_people(write(tmp_path, "people.csv", text))
    assert [person.id for person in made.people] == ["p2"]
    assert [(p.row, p.effect) for p in made.report.failures] == [(2, "row left out")]


def test_trap_no_header_row_is_refused_without_showing_the_address(tmp_path: Path) -> None:
    made = read_people(write(tmp_path, "people.csv", "p1,Zora Quill,zora@example.org\np2,Vex,vex@example.org\n"))
    assert made.report.problems[0].effect == "file refused"
    assert "zora" not in made.report.render().casefold()


def test_title_lines_above_the_header_need_header_row(tmp_path: Path) -> None:
    from matchengine.io.mapping import parse_mapping

    path = write(tmp_path, "people.csv", "Our programme\n\nid,Role\np1,mentor\n")
    assert read_people(path).people == []
    made = read_people(path, parse_mapping('[columns]\n"id"="id"\n[files."people*"]\nheader_row = 3\n'))
    assert made.people[0].roles == ("mentor",)


def test_empty_and_missing_files_are_refused_and_others_are_read(tmp_path: Path) -> None:
    files = [tmp_path / "gone.csv", write(tmp_path, "empty.csv", ""), write(tmp_path, "a.csv", HEADER + ROWS)]
    made = read_people([*files, write(tmp_path, "people.ods", "x")])
    assert len(made.people) == 2
    assert {p.file for p in made.report.failures if p.effect == "file refused"} == {
        "gone.csv",
        "empty.csv",
        "people.ods",
    }


def test_empty_side_is_no_error(tmp_path: Path) -> None:
    made = read_people(write(tmp_path, "mentees.csv", HEADER))
    assert made.people == []
    assert not made.report.failures


# -- workbooks


def workbook(path: Path, *rows: list[object], sheets: dict[str, list[list[object]]] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, content in (sheets or {}).items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    book.save(path)
    return path


def test_workbook_with_numbers_dates_and_other_sheets(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "Capacity", "Experience", "Adult"], [7, 2.0, datetime(2024, 2, 4), True]]
    path = workbook(tmp_path / "mentors.xlsx", *rows, sheets={"Notes": [["hello"]], "Blank": []})
    made = read_people(path)
    person = made.people[0]
    assert (person.id, person.capacity, person.adult) == ("7", {"mentor": 2}, True)
    failure = made.report.failures[0]
    assert failure.column == "Experience"
    assert "turned this answer into a date" in failure.expected
    assert "sheet 'Notes'" in notes(made.report)
    assert "Blank" not in notes(made.report)


def test_workbook_sheet_is_chosen_by_the_mapping(tmp_path: Path) -> None:
    from matchengine.io.mapping import parse_mapping

    path = workbook(tmp_path / "a.xlsx", ["x"], sheets={"Answers": [["id"], ["p9"]]})
    mapping = '[columns]\n"id"="id"\n[files."*"]\nsheet = "{}"\n'
    assert read_people(path, parse_mapping(mapping.format("Answers"))).people[0].id == "p9"
    refused = read_people(path, parse_mapping(mapping.format("Answer"))).report.failures[0]
    assert (refused.effect, "'Answers'" in refused.expected) == ("file refused", True)


def test_trap_formula_without_saved_value_and_error_cells_are_reported(tmp_path: Path) -> None:
    path = workbook(tmp_path / "mentors.xlsx", ["id", "Capacity", "Goals"], ["p1", "=1+1", "#N/A"])
    made = read_people(path)
    assert len(made.people) == 1
    found = {p.column: p.expected for p in made.report.failures}
    assert "never calculated" in found["Capacity"]
    assert "shows an error" in found["Goals"]


def bomb(path: Path, size: int, inner: str = "xl/worksheets/sheet1.xml") -> Path:
    workbook(path, ["id"], ["p1"])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(inner + "x", "w", force_zip64=True) as part,
    ):
        block = b"\0" * (1 << 20)
        for _ in range(size >> 20):
            part.write(block)
    return path


def test_zip_bomb_is_refused_fast(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.xlsx", 300 << 20)
    assert path.stat().st_size < 1 << 20
    start = time.perf_counter()
    made = read_people(path)
    assert time.perf_counter() - start < 1
    assert made.report.problems[0].effect == "file refused"
    assert "unpacks to" in made.report.problems[0].expected


def test_sheet_that_lies_about_its_size_is_read_fast(tmp_path: Path) -> None:
    path = workbook(tmp_path / "wide.xlsx", ["id"], ["p1"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    start = time.perf_counter()
    assert [person.id for person in read_people(path).people] == ["p1"]
    assert time.perf_counter() - start < 1


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "xxe.xlsx", ["id"], ["p1"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    parts["xl/workbook.xml"] = evil + parts["xl/workbook.xml"].partition(b"?>")[2]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert read_people(path).report.problems[0].effect == "file refused"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old or encrypted"])
def test_damaged_or_protected_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)
    assert read_people(path).report.problems[0].effect == "file refused"


def test_limits_of_bytes_rows_columns_and_cells(tmp_path: Path) -> None:
    path = write(tmp_path, "people.csv", "id,Goals\np1," + "x" * 50 + "\np2,y\np3,z\n")
    small = {"file_bytes": 20}, {"rows": 2}, {"columns": 1}
    for limit in small:
        report = Report()
        assert open_tables(path, lambda _: FileOptions(), report, Limits(**limit)) == []
        assert report.problems[0].effect == "file refused"
    report = Report()
    (table,) = open_tables(path, lambda _: FileOptions(), report, Limits(cell_characters=40))
    assert table.rows[0][1] == ["p1", None]
    assert (report.problems[0].row, report.problems[0].effect) == (2, "value dropped")


# -- JSON Lines and tables in memory


def test_json_lines_of_records_need_no_mapping_and_bad_lines_are_told(tmp_path: Path) -> None:
    lines = ['{"id": "p1", "goals": [{"text": "lead; inspire", "priority": 1}], "capacity": {"mentor": 2}}']
    lines += ["{broken", '["list"]', '{"id": "p2", "id": "p3"}', "{}", '{"id": "p4", "career_stage": "senor"}', "", "1"]
    lines += ['{"id": "p5", "goals": [NaN]}', "[" * 3000]
    made = read_people(write(tmp_path, "people.jsonl", "\ufeff" + "\n".join(lines)))
    assert [person.id for person in made.people] == ["p1", "p4"]
    assert made.people[0].goals[0].text == "lead; inspire"
    left_out = [p.row for p in made.report.failures if p.effect == "row left out"]
    assert left_out == [2, 3, 4, 8, 9, 10]
    (dropped,) = [p for p in made.report.failures if p.effect == "value dropped"]
    assert (dropped.row, dropped.value, dropped.nearest) == (6, "senor", "senior")


@pytest.mark.parametrize("library", [pandas, polars])
def test_data_frames(library: object) -> None:
    data = {
        "id": ["p1", "p2"],
        "roles": ["mentor", None],
        "capacity.mentor": [2, None],
        "offers": ["Excel; speaking", None],
    }
    made = read_people(library.DataFrame(data))  # type: ignore[attr-defined]
    assert made.people[0].capacity == {"mentor": 2}
    assert len(made.people[0].offers) == 2
    assert made.people[1].roles == ()
    assert not made.report.failures


def test_sources_that_are_none(tmp_path: Path) -> None:
    for wrong in (7, {"id": "p1"}, [1, 2]):
        with pytest.raises(DataError, match=r"expected a (path|dict)"):
            read_people(wrong)
    with pytest.raises(ImportRefusedError):
        read_people(tmp_path / "gone.csv", strict=True)
