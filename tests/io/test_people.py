"""People from spreadsheets, one test for each trap that real files hold (peers.md section 4)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matchengine.errors import ConfigError, DataError
from matchengine.io import Contact, ContactSheet, ImportRefusedError, PeopleImport, Problem, load_mapping, read_people
from matchengine.io.mapping import parse_mapping
from matchengine.records import Person


def rows(header: str, *lines: str) -> list[dict[str, object]]:
    """Return spreadsheet-like rows of text from a short table with | between cells."""
    names = [name.strip() for name in header.split("|")]
    return [dict(zip(names, [cell.strip() for cell in line.split("|")], strict=True)) for line in lines]


def csv_file(folder: Path, name: str, header: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def person(made: PeopleImport, position: int = 0) -> Person:
    return made.people[position]


def lost(made: PeopleImport) -> list[Problem]:
    return made.report.failures


# -- headers


@pytest.mark.parametrize(
    "header", ["E-Mail Address", "  email ADDRESS ", "email_address", "ＥＭＡＩＬ", "邮箱", "E-Mail-Adresse"]
)
def test_trap_header_case_spaces_and_scripts(tmp_path: Path, header: str) -> None:
    made = read_people(csv_file(tmp_path, "mentors.csv", f"{header},Skills", "zora@example.org,Excel"))
    (contact,) = made.contacts
    assert contact.email == "zora@example.org"
    guess = next(p for p in made.report.problems if p.column and p.effect == "note")
    assert ("a guess" in guess.expected, guess.nearest) == (True, "contact.email")


def test_trap_non_latin_headers(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "导师.csv", "中文姓名,邮箱,学生容量,语言", "测试员甲,jia@example.org,2,中文 (native)")
    made = read_people(path, role="mentor")
    assert person(made).capacity == {"mentor": 2}
    assert person(made).languages[0].tag == "zh"
    assert next(iter(made.contacts)).name == "测试员甲"


def test_trap_short_terms_never_match_in_part(tmp_path: Path) -> None:
    text = "Retail,Email of AI contact,US,Mentors like me"
    made = read_people(csv_file(tmp_path, "x.csv", "id," + text, "p1,a,b,c,d"))
    assert person(made) == Person(id="p1")
    assert {p.column for p in lost(made)} == {"Retail", "Email of AI contact", "US", "Mentors like me"}
    assert all(p.value == "1 value" for p in lost(made))


def test_trap_duplicate_headers_and_columns_without_header(tmp_path: Path) -> None:
    made = read_people(csv_file(tmp_path, "x.csv", "id,Goals,Goals,,Role", "p1,one,two,three,mentee"))
    assert [goal.text for goal in person(made).goals] == ["one"]
    assert [(p.column, p.effect) for p in lost(made)] == [("Goals", "value dropped"), ("number 4", "value dropped")]
    mapped = parse_mapping('[columns]\n"id"="id"\n"Goals"="goals"\n"Role"="roles"')
    made = read_people(csv_file(tmp_path, "x.csv", "id,Goals,Goals,Role", "p1,one,two,mentee"), mapped)
    assert [goal.text for goal in person(made).goals] == ["one", "two"]


def test_file_of_which_nothing_is_known_is_refused(tmp_path: Path) -> None:
    made = read_people(csv_file(tmp_path, "x.csv", "Foo,Bar", "1,2"))
    assert lost(made)[-1].effect == "file refused"


# -- who is who


def test_trap_person_in_both_files_becomes_one(tmp_path: Path) -> None:
    mentors = csv_file(
        tmp_path, "mentors.csv", "Email,Name,Skills,Country,Adult", "Zora@Example.org ,Zora Quill,Excel,UK,yes"
    )
    mentees = csv_file(
        tmp_path, "mentees.csv", "Email,Name,Goals,Country,Adult", "zora@example.org,Zora Quill,lead,France,no"
    )
    made = read_people([mentors, mentees])
    (one,) = made.people
    assert set(one.roles) == {"mentor", "mentee"}
    assert (one.offers[0].text, one.goals[0].text) == ("Excel", "lead")
    assert one.place is not None
    assert one.place.country == "GB"
    assert one.adult is False, "of two attestations the no stays"
    conflicts = {p.column: p.value for p in lost(made)}
    assert conflicts == {"Country": "FR", "Adult": "True"} or conflicts["Country"] == "FR"
    assert any("mentors.csv, row 2" in p.expected for p in made.report.problems)


def test_two_ids_for_one_email_in_two_files_are_one_person(tmp_path: Path) -> None:
    mentors = csv_file(tmp_path, "mentors.csv", "id,Email", "M1,vex@example.org")
    mentees = csv_file(
        tmp_path, "mentees.csv", "id,Email,Line manager", "S1,vex@example.org,", "S2,odon@example.org,S1"
    )
    made = read_people([mentors, mentees])
    assert [p.id for p in made.people] == ["M1", "S2"]
    assert person(made, 1).line_manager == "M1", "references to the other id follow"


def test_trap_duplicate_email_with_other_id_and_name_stays_two_people(tmp_path: Path) -> None:
    lines = ["p1,Zora Quill,shared@example.org", "p2,Vex Quill,shared@example.org", "p3,Odd One,odd@example.org"]
    made = read_people(csv_file(tmp_path, "x.csv", "id,Name,Email", *lines))
    assert [p.id for p in made.people] == ["p1", "p2", "p3"]
    (problem,) = lost(made)
    assert (problem.row, problem.value) == (3, "(hidden)")
    assert made.contacts["p2"].email is None


def test_trap_duplicate_id_merges_and_says_so(tmp_path: Path) -> None:
    made = read_people(csv_file(tmp_path, "x.csv", "id,Goals,Role", "p1,sing,mentee", "p1,Sing;dance,mentee"))
    assert [goal.text for goal in person(made).goals] == ["sing", "dance"]
    assert made.report.counts["rows merged into another"] == 1


def test_trap_id_of_one_and_email_of_another(tmp_path: Path) -> None:
    lines = ["p1,a@example.org", "p2,b@example.org", "p1,b@example.org"]
    made = read_people(csv_file(tmp_path, "x.csv", "id,Email", *lines))
    assert len(made.people) == 2
    assert [p.row for p in lost(made)] == [4]


def test_trap_missing_id_or_email(tmp_path: Path) -> None:
    lines = ["p1,,", ",vex@example.org,Vex", ",,Only Name", ",,", "a b,,", "x@y.org,,"]
    made = read_people(csv_file(tmp_path, "x.csv", "id,Email,Name,Goals", *(line + ",sing" for line in lines)))
    assert len(made.people) == 3
    assert [p.row for p in lost(made) if p.effect == "row left out"] == [5, 6, 7]
    assert made.report.counts["rows left out"] == 3
    assert all("@" not in p.id for p in made.people)


def test_ids_are_random_and_reused_from_the_sheet(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "x.csv", "Email,Name", "zora@example.org,Zora Quill")
    first = read_people(path)
    assert "zora" not in person(first).id
    assert person(read_people(path)).id != person(first).id
    again = read_people(path, contacts=first.contacts)
    assert person(again).id == person(first).id
    assert len(first.contacts) == 1
    assert len(again.contacts) == 1


def test_invalid_email_is_dropped_and_hidden(tmp_path: Path) -> None:
    made = read_people(csv_file(tmp_path, "x.csv", "id,Email", "p1,zora at example"))
    assert [(p.value, p.effect) for p in lost(made)] == [("(hidden)", "value dropped")]


# -- other people


def test_line_managers_mentors_and_boundaries_by_email_or_id() -> None:
    mapping = parse_mapping(
        """
        [columns]
        "id" = "id"
        "Mail" = "contact.email"
        "Boss" = "line_manager"
        "Mentor" = "relationships.mentor"
        "Not" = "boundaries.person"
        """
    )
    table = rows(
        "id|Mail|Boss|Mentor|Not",
        "1|a@example.org|B@example.org|c@example.org|c@example.org; new@example.org",
        "2|b@example.org|2||Vexia",
        "3|c@example.org|E77|gone@example.org|",
    )
    made = read_people(table, mapping)
    assert person(made).line_manager == "2"
    reserved = made.contacts.id_for("new@example.org")
    assert [b.value for b in person(made).boundaries] == ["3", reserved]
    assert [(r.person_id, r.other_id, r.kind) for r in made.relationships] == [("1", "3", "mentoring")]
    assert person(made, 2).line_manager == "E77"
    assert [(p.row, p.column, p.value) for p in lost(made) if p.value] == [
        (2, "Not", "(hidden)"),
        (3, "Mentor", "(hidden)"),
    ], "a name does not identify anybody"
    assert person(made, 1).line_manager is None
    later = read_people(
        [{"Mail": "new@example.org"}], parse_mapping('[columns]\n"Mail"="contact.email"'), contacts=made.contacts
    )
    assert person(later).id == reserved, "the boundary holds for somebody who joins later"


def test_own_names_are_masked_at_import() -> None:
    mapping = parse_mapping('[columns]\n"id"="id"\n"Name"="contact.name"\n"Goals"="goals"\n"Focus"="mentoring_focus"')
    table = rows("id|Name|Goals|Focus", "1|Zora Quill|Zora wants to quilt|QUILL's topics", "2|Vex|Zora is my idol|x")
    made = read_people(table, mapping)
    assert person(made).goals[0].text == "[name] wants to quilt"
    assert person(made).mentoring_focus == "[name]'s topics"
    assert person(made, 1).goals[0].text == "Zora is my idol", "only the owner's own names"
    assert made.report.counts["texts with a name masked"] == 2


# -- strict, roles, report


def test_strict_refuses_with_all_problems_and_no_values() -> None:
    table = rows("id|career_stage|capacity", "1|senyor|lots", "2|mid|1")
    with pytest.raises(ImportRefusedError) as error:
        read_people(table, strict=True)
    assert isinstance(error.value, DataError)
    assert len(error.value.problems) == 2
    assert "senyor" not in str(error.value)
    assert {p.value for p in error.value.report.failures} == {"senyor", "lots"}
    assert [p.id for p in read_people(rows("id|career_stage", "2|mid"), strict=True).people] == ["2"]


def test_roles_from_argument_constant_and_file_name(tmp_path: Path) -> None:
    assert person(read_people([{"id": "1", "roles": "mentee"}], role="mentor")).roles == ("mentor", "mentee")
    made = read_people(csv_file(tmp_path, "Mentees 2024.csv", "id", "p1"))
    assert person(made).roles == ("mentee",)
    assert any("guess from the file's name" in p.expected for p in made.report.problems)
    with pytest.raises(DataError, match="did you mean 'mentor'"):
        read_people([{"id": "1"}], role="mentro")  # type: ignore[arg-type]


def test_mapping_for_other_records_is_refused() -> None:
    with pytest.raises(ConfigError, match="reads = 'groups'"):
        read_people([{"id": "1"}], parse_mapping('reads = "groups"'))


def test_mapping_header_that_no_file_has_is_told() -> None:
    made = read_people(
        [{"id": "1", "Goalz": "x"}],
        parse_mapping('[columns]\n"Goals!" = "goals"\n"Goalz" = "goals"\n"Gaols" = "offers"'),
    )
    unused = [(p.column, p.nearest) for p in made.report.problems if p.file == "mapping"]
    assert unused == [("Goals!", "Goalz"), ("Gaols", None)]


def test_records_given_as_records_stay_the_same() -> None:
    one = Person(
        id="1",
        roles=("mentor",),
        goals=[{"text": "a; b (expert)"}],
        style={"task_relationship": 1},
        boundaries=[{"kind": "topic", "value": "x"}],
    )  # type: ignore[arg-type,list-item]
    made = read_people([one])
    assert made.people == [one]
    assert not lost(made)


def test_the_real_spreadsheet_imports_with_a_mapping() -> None:
    folder = os.environ.get("MATCHENGINE_DATA")
    if not folder or not Path(folder, "vt_peer_mentoring").is_dir():
        pytest.skip("MATCHENGINE_DATA names no folder with vt_peer_mentoring, so the real spreadsheet is not tested")
    path = Path(folder, "vt_peer_mentoring", "mentoring-submissions-clean.xlsx")
    made = read_people(path, load_mapping(Path(__file__).parent / "vt.toml"))
    mentors = [p for p in made.people if "mentor" in p.roles]
    mentees = [p for p in made.people if "mentee" in p.roles]
    assert (len(mentors), len(mentees)) == (14, 19)
    assert sum(p.capacity["mentor"] for p in mentors) >= len(mentees)
    assert all(p.interests for p in made.people)
    assert not lost(made), made.report.render()


def test_given_contacts_are_not_changed() -> None:
    sheet = ContactSheet([Contact(id="7", name="Zora Quill", email="zora@example.org")])
    table = [{"E-mail": "ZORA@example.org", "goals": "Zora sings"}]
    made = read_people(table, contacts=sheet)
    assert person(made).id == "7"
    assert person(made).goals[0].text == "[name] sings"
    assert len(sheet) == 1


def test_addresses_typed_into_free_texts_are_masked_and_counted() -> None:
    made = read_people(
        [
            {
                "id": "p1",
                "roles": "mentor",
                "goals": "call me on +44 20 7946 0958",
                "offers": "Excel, write to ida@example.org",
                "mentoring_focus": "ida@example.org",
                "values": "care",
            }
        ]
    )
    one = person(made)
    assert one.goals[0].text == "call me on [phone]"
    assert "ida@" not in one.model_dump_json()
    assert one.mentoring_focus is not None
    assert "[e-mail]" in str(one.mentoring_focus)
    assert made.report.counts["texts with an e-mail or telephone number masked"] == 3


def test_a_conflict_inside_a_record_names_its_part_and_column() -> None:
    made = read_people(
        [
            {"id": "p1", "Town": "Leeds", "place.geohash": "gcwfh", "roles": "mentor"},
            {"id": "p1", "Town": "Leeds", "place.geohash": "dqcjx", "roles": "mentor"},
        ]
    )
    problem = lost(made)[0]
    assert problem.column == "place.geohash"
    assert problem.value == "dqcjx"
    assert "the same place.geohash in every row" in problem.expected
