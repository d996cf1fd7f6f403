"""The mapping file: its documented example, its errors, and its first draft from headers."""

from __future__ import annotations

import textwrap
import tomllib
from pathlib import Path

import pytest

from matchengine.errors import ConfigError, DataError
from matchengine.io import load_mapping, mapping, read_people, suggest_mapping
from matchengine.io.describe import describe_fields
from matchengine.io.fields import PEOPLE, TABLES, Reads, find_target
from matchengine.io.guess import guess_role, guess_target
from matchengine.io.mapping import parse_mapping
from matchengine.io.values import PARSERS, Look, parse, part_target
from matchengine.records import Event, Feedback, Group, Organisation, Person, Project, Relationship, Resource
from matchengine.records import vocabulary as v


def documented_example() -> str:
    return textwrap.dedent((mapping.__doc__ or "").partition("which a test loads::")[2])


def test_documented_example_loads_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_bytes(b"\xef\xbb\xbf" + documented_example().replace("\n", "\r\n").encode())
    loaded = load_mapping(path)
    assert loaded.columns["Goal 2"].fixed == {"priority": 2}
    assert loaded.file_rule("Mentors 2024.XLSX").sheet == "Form Responses 1"
    assert loaded.file_rule("mentees.csv").columns["Why do you join?"].to == "hopes_to_gain"
    assert loaded.file_rule("others.csv").columns == {}


def test_documented_example_reads_a_row() -> None:
    row = {
        "Member number": 12,
        "Your full name": "Zora Quill",
        "Mentor or mentee?": "I want to guide",
        "How many mentees would you like?": "2",
        "Grade": "SCS1",
        "Goal 1": "sing",
        "What can you offer?": "Excel (advanced), speaking",
        "One skill you have": "R",
        "How good are you at it?": "expert",
        "I can teach: Budgeting": "x",
        "Languages": "English (C1); Castellano (native)",
        "When are you free?": "Sat after school",
        "Caring duties": "some",
        "Age": 44,
        "May we use these answers to suggest matches?": "I agree to this",
        "Timestamp": "2024-05-31 10:00",
    }
    made = read_people([row], parse_mapping(documented_example()))
    person = made.people[0]
    assert (person.id, person.roles, person.capacity, person.career_stage) == (
        "12",
        ("mentor",),
        {"mentor": 2},
        "executive",
    )
    assert [(o.text, o.level) for o in person.offers] == [
        ("Excel", 3),
        ("speaking", None),
        ("R", 4),
        ("Budgeting", None),
    ]
    assert person.availability[0].time_zone == "Europe/London"
    assert person.barriers[0].strength == "some", "the cell's own strength goes before the fixed one"
    assert (person.age_band, person.adult, person.text_language) == ("35-44", True, "en")
    assert not made.report.failures


def test_all_problems_at_once_with_lines_and_nearest_names() -> None:
    text = """
[columns]
"A" = "ofers"
"B" = { to = "goals", fixed = { priorty = 1, kind = "skil" } }
"C" = "attributes.Gender"
"D" = { to = "availability", when_yes = "Tue evenin" }
[constants]
career_stage = "senor"
age_band = "18-24"
[day_parts]
"after school" = "late"
[[consent]]
column = "x"
fields = ["*", "goals"]
purposes = ["match"]
text_version = "1"
date = 2024-01-01
"""
    with pytest.raises(ConfigError) as error:
        parse_mapping(text, "m.toml")
    message = str(error.value)
    assert message.startswith("m.toml: ")
    for part in (
        "line 3: columns.'A'",
        "did you mean 'offers'",
        "did you mean 'priority'",
        "did you mean 'skill'",
        "attributes.gender",
        "line 6",
        "did you mean 'senior'",
        "the same for everybody",
        "after school",
        "'*' is no sensitive field",
        "'goals' is no sensitive field",
        "say the language of the consent text",
    ):
        assert part in message, part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[colums]\n", "did you mean 'columns'"),
        ("[defaults]\nlanguage = 'en'\n", "text_language"),
        ('[columns]\n"A" = { too = "goals" }\n', "line 2"),
        ("not toml", "not valid TOML"),
        ('[columns]\n"A" = 7\n', "columns.A"),
        ('[[consent]]\ncolumn="a"\nfields=["age_band"]\ntext_version="1"\npurposes=["match"]\n', "date_column"),
        ('[[consent]]\ncolumn="a"\nfields=["age_band"]\ntext_version="1"\ndate=2024-01-01\n', "purposes or answers"),
    ],
)
def test_strict_about_unknown_keys(text: str, part: str) -> None:
    with pytest.raises(ConfigError, match=r"problem|TOML") as error:
        parse_mapping(text)
    assert part in str(error.value)


def test_files_that_are_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_mapping(tmp_path / "gone.toml")
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_mapping(tmp_path / "m.toml")
    (tmp_path / "m.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(ConfigError, match="larger than"):
        load_mapping(tmp_path / "m.toml")


def test_every_target_has_a_parser_and_known_parts() -> None:
    for table in TABLES.values():
        for target in table.values():
            assert target.kind in PARSERS
            assert all(part_target(target, part).kind in PARSERS for part in target.parts)


MODELS: dict[Reads, type] = {
    "people": Person,
    "groups": Group,
    "events": Event,
    "resources": Resource,
    "projects": Project,
    "organisations": Organisation,
    "relationships": Relationship,
    "feedback": Feedback,
}


def test_every_kind_of_file_has_a_model_here() -> None:
    assert set(MODELS) == set(TABLES)


@pytest.mark.parametrize(("reads", "model"), MODELS.items())
def test_every_field_of_a_record_can_be_mapped(reads: Reads, model: type) -> None:
    roots = {target.path[0] for target in TABLES[reads].values()}
    assert set(model.model_fields) <= roots  # type: ignore[attr-defined]
    assert roots - set(model.model_fields) <= {"contact", "time_zone", "relationships"}  # type: ignore[attr-defined]


def test_sensitive_targets_are_those_of_the_vocabulary() -> None:
    assert {t.path[0] for t in PEOPLE.values() if t.sensitive} == v.SENSITIVE_PERSON_FIELDS
    assert all(t.hidden for t in PEOPLE.values() if t.sensitive or t.name.startswith("contact."))
    assert not any(t.sensitive for reads, table in TABLES.items() if reads != "people" for t in table.values())
    assert find_target("attributes.faith", "people").sensitive  # type: ignore[union-attr]


def test_the_table_of_fields_lists_everything() -> None:
    text = describe_fields("people")
    assert all(f"| `{name}` |" in text for name in PEOPLE)
    assert "attributes.<dimension>" in text
    assert all(line.count("|") == 5 for line in text.splitlines())


def test_every_word_of_every_vocabulary_is_understood() -> None:
    for table in TABLES.values():
        for target in table.values():
            for word in target.words if target.kind == "word" else ():
                assert parse(word.upper().replace("_", " "), target, Look()) == word


def test_guesses_are_whole_headers() -> None:
    assert guess_target("E-MAIL", "people") == "contact.email"
    assert guess_target("What is the e-mail of your aunt?", "people") is None
    assert guess_target("retail", "people") is None
    assert (guess_role("mentors-2024.csv"), guess_role("commentors.csv"), guess_role("mentors and mentees.csv")) == (
        "mentor",
        None,
        None,
    )


def test_suggested_mapping_loads_and_needs_confirmation(tmp_path: Path) -> None:
    header = 'Timestamp,E-Mail,"Skills, if any",Skills,Gender,I consent to matching,Caapcity,"say ""hi"""'
    (tmp_path / "mentors.csv").write_text(header + "\n1/2/2024,zora@example.org,,Excel,woman,yes,2,x\n")
    (tmp_path / "mentees.csv").write_text("Email,Goals\nvex@example.org,sing\n")
    text = suggest_mapping([tmp_path / "mentors.csv", tmp_path / "mentees.csv"])
    loaded = parse_mapping(text)
    assert {header: rule.to for header, rule in loaded.columns.items()} == {
        "E-Mail": "contact.email",
        "Email": "contact.email",
        "Skills": "offers",
        "Goals": "goals",
    }
    assert loaded.file_rule("mentors.csv").constants == {"roles": ["mentor"]}
    assert "example.org" not in text
    assert "woman" not in text
    assert '# "Caapcity" = ""    # nearest field: capacity.mentor' in text
    assert '# "Gender" = "attributes.gender"    # sensitive' in text
    assert '# column = "I consent to matching"' in text
    commented = text.partition("take out the #:\n")[2].partition("\n\n")[0]
    tomllib.loads(commented.replace("# [[", "[[").replace("\n# ", "\n"))
    made = read_people([tmp_path / "mentors.csv", tmp_path / "mentees.csv"], loaded)
    assert [person.roles for person in made.people] == [("mentor",), ("mentee",)]
    with pytest.raises(DataError, match="no file"):
        suggest_mapping(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("I confirm that I am 18 or older", "adult"),
        ("When are you usually free?", "availability"),
        ("Gender identity", "attributes.gender_identity"),
        ("Who would you most like to mentor?", "mentoring_focus"),
        ("What would you most like to learn?", "wants"),
    ],
)
def test_questions_of_common_forms_are_guessed(header: str, target: str) -> None:
    assert guess_target(header, "people") == target
