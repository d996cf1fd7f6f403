"""What goes out: folders that come back the same, spreadsheets that run nothing, a report people can read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.errors import DataError
from matchengine.io import (
    Contact,
    ContactSheet,
    Report,
    read_folder,
    read_people,
    write_folder,
    write_suggestions_csv,
)
from matchengine.io.write_sheets import plain_cell, safe_cell
from matchengine.records import ConsentGrant, Group, Person, Reason, Relationship, Suggestion, SuggestionList

ACTIVE = "=+-@\t\r\0"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def suggestion(**changes: object) -> Suggestion:
    reason = Reason(scorer="goals", contribution=-3.5, text="=HYPERLINK(1)")
    fields: dict[str, object] = {
        "rank": 1,
        "requester_id": "-p1",
        "candidate_id": "p2",
        "kind": "mentor",
        "score": 61.5,
        "confidence": 0.5,
        "fit": "good",
        "neutral": 50.0,
        "blocks": {"need": 60.0},
        "reasons": (reason,),
        "to_confirm": ("+common time",),
    }
    return Suggestion.model_validate({**fields, **changes})


# -- folders


def test_folder_round_trip_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    people = [Person(id="1", roles=("mentor",), age_band="25-34"), Person(id="2", goals=[{"text": "línea\nzwei"}])]  # type: ignore[list-item]
    grant = ConsentGrant(
        person_id="1",
        field="age_band",
        purpose="match",
        text_version="1",
        language="en",
        granted_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    records = {
        "people": people,
        "groups": [Group(id="g", title="Choir", kind="hobby")],
        "relationships": [Relationship(person_id="1", other_id="2", kind="peer")],
        "consents": [grant],
    }
    report = read_people([{"id": "1", "capacity": "many"}]).report
    contacts = ContactSheet([Contact(id="1", name="Zora Quill")])
    written = write_folder(folder, records, contacts=contacts, report=report)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in written} == {path.name for path in folder.iterdir()}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in written)
    again = read_folder(folder)
    assert {name: getattr(again, name) for name in records} == records
    assert again.contacts == contacts
    assert again.report is not None
    assert again.report.to_dict() == report.to_dict()
    assert "Zora" not in "".join(path.read_text() for path in written if path.name != "contacts.jsonl")
    write_folder(folder, {"people": people[:1]})
    assert (len(read_folder(folder).people), len(read_folder(folder).groups)) == (1, 1)


def test_folder_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a folder"):
        read_folder(tmp_path / "gone")
    with pytest.raises(DataError, match="cannot write 'peple'"):
        write_folder(tmp_path, {"peple": []})
    with pytest.raises(DataError, match="expected Person"):
        write_folder(tmp_path, {"people": [Group(id="g", title="x", kind="hobby")]})
    assert list(tmp_path.iterdir()) == [], "nothing is written before everything is checked"
    (tmp_path / "people.jsonl").write_text('{"id": "1"}\n{"id": "2", "career_stage": "secret"}\n')
    with pytest.raises(DataError) as error:
        read_folder(tmp_path)
    assert "Person 2 (id 2): career_stage" in str(error.value)
    assert "secret" not in str(error.value)
    (tmp_path / "people.jsonl").write_text("[broken")
    with pytest.raises(DataError, match="JSON"):
        read_folder(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match="cannot be made"):
        write_folder(tmp_path / "file" / "x", {})


@given(
    st.lists(TEXT, max_size=5, unique_by=lambda text: text.strip().casefold()),
    st.one_of(st.none(), TEXT),
    st.dictionaries(st.sampled_from(["mentor", "buddy"]), st.integers(0, 20)),
)
@settings(max_examples=60, deadline=None)
def test_records_round_trip(
    tmp_path_factory: pytest.TempPathFactory, goals: list[str], focus: str | None, capacity: dict[str, int]
) -> None:
    goals = [goal for goal in goals if goal.strip()]
    focus = focus if focus and focus.strip() else None
    person = Person.model_validate(
        {"id": "1", "goals": [{"text": goal} for goal in goals], "mentoring_focus": focus, "capacity": capacity}
    )
    folder = tmp_path_factory.mktemp("round")
    write_folder(folder, {"people": [person]})
    assert read_folder(folder).people == [person]


@given(
    st.lists(st.text(st.sampled_from("ab ;,\"'=+-@\n\r\t|()é中1"), max_size=15), min_size=1, max_size=4),
    st.sampled_from(",;\t|"),
)
@settings(max_examples=100, deadline=None)
def test_any_cell_survives_reading_or_is_reported(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], separator: str
) -> None:
    path = tmp_path_factory.mktemp("cells") / "people.csv"
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow(["id", "mentoring_focus", "career_stage"])
    for number, cell in enumerate(cells):
        writer.writerow([f"p{number}", cell, ""])
    path.write_bytes(buffer.getvalue().encode())
    made = read_people(path)
    assert [person.id for person in made.people] == [f"p{number}" for number in range(len(cells))]
    for cell, person in zip(cells, made.people, strict=True):
        if any(letter.isalnum() for letter in cell) and not cell.startswith("'"):
            assert "".join((person.mentoring_focus or "").split()) == "".join(cell.split())


# -- spreadsheets out


def read_back(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_suggestions_with_and_without_names(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    write_suggestions_csv(path, [suggestion()])
    header, row = read_back(path)
    assert header[:2] == ["requester_id", "candidate_id"]
    assert row[:2] == ["'-p1", "p2"]
    assert dict(zip(header, row, strict=True))["reasons"] == "'=HYPERLINK(1)"
    assert b",1,61.5,0.5," in path.read_bytes(), "numbers are not quoted"
    assert path.stat().st_mode & 0o777 == 0o600
    sheet = ContactSheet([Contact(id="p2", first_name="Zora", last_name="Quill", email="zora@example.org")])
    listed = SuggestionList.model_validate(
        {
            "requester_id": "-p1",
            "kind": "mentor",
            "suggestions": [suggestion()],
            "fingerprint": {"config": "", "plugins": {}, "model": "", "generation": 0, "as_of": "2024-01-01"},
        }
    )
    write_suggestions_csv(path, [listed, suggestion(rank=2)], sheet)
    header, row, second = read_back(path)
    assert row[header.index("candidate_name")] == "Zora Quill"
    assert row[header.index("requester_email")] == ""
    assert second[header.index("rank")] == "2"
    with pytest.raises(DataError, match="expected Suggestion"):
        write_suggestions_csv(path, ["x"])  # type: ignore[list-item]
    with pytest.raises(DataError, match="cannot be written"):
        write_suggestions_csv(tmp_path / "gone" / "s.csv", [])


@given(st.lists(TEXT, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_no_cell_is_a_formula_and_every_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("formula") / "s.csv"
    write_suggestions_csv(path, [suggestion(to_confirm=(text,), reasons=()) for text in texts])
    header, *rows = read_back(path)
    for text, row in zip(texts, rows, strict=True):
        cell = row[header.index("to_confirm")]
        expected = suggestion(to_confirm=(text,)).to_confirm[0]
        assert not cell.startswith(tuple(ACTIVE))
        assert plain_cell(cell) == expected


def test_a_workbook_of_safe_cells_holds_no_formula(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([safe_cell(cell) for cell in ("=1+1", "@SUM(A1)", -3, 2.5, "plain", None)])
    book.save(tmp_path / "x.xlsx")
    (row,) = openpyxl.load_workbook(tmp_path / "x.xlsx").active.iter_rows()
    assert all(cell.data_type != "f" for cell in row)
    assert [row[2].value, row[3].value] == [-3, 2.5], "negative numbers stay numbers"


# -- the report


def test_report_is_readable_grouped_and_capped() -> None:
    table = [{"id": str(n), "career_stage": f"grade {n}", "Favourite colour " + "x" * 90: "red"} for n in range(1, 31)]
    report = read_people(table).report
    text = report.render()
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("got 'grade") == 5
    assert "and 25 more" in text
    assert "Values dropped: the row is kept without them (31)" in text
    assert "rows read: 30" in text
    assert Report.from_dict(report.to_dict()) == report
    assert max(map(len, report.render(40).splitlines())) <= 40
    assert "No problems." in read_people([{"id": "1", "roles": "mentor"}]).report.render()


def test_report_hides_values_that_look_like_contact_data() -> None:
    report = read_people(
        [{"id": "1", "career_stage": "me@example.org"}, {"id": "2", "career_stage": "call 020 7946 0000"}]
    ).report
    assert [p.value for p in report.failures] == ["(hidden)", "(hidden)"]
