"""Files people already have: each is imported with a suggested mapping that is mended as little as possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from matchengine.errors import ConfigError
from matchengine.io import Report, read_people, read_relationships, suggest_mapping
from matchengine.io.mapping import parse_mapping
from matchengine.records import Person

SAMPLES = Path(__file__).parent / "samples"


def mended(text: str, columns: Mapping[str, str], head: str = "", tail: str = "") -> str:
    """Return a suggested mapping with some lines replaced; each must have been there."""
    lines = text.splitlines()
    for header, rule in columns.items():
        found = [n for n, line in enumerate(lines) if line.removeprefix("# ").startswith(f'"{header}" =')]
        assert len(found) == 1, header
        lines[found[0]] = f'"{header}" = {rule}'
    return "\n".join([head, *lines, tail])


def plain(people: list[Person]) -> Iterator[dict[str, object]]:
    """Yield what people say about themselves, without what is the default, ids that were drawn, and times."""
    for person in people:
        item = person.model_dump(
            exclude_defaults=True, exclude={"availability"} | ({"id"} if person.id[:2] == "p-" else set())
        )
        yield {name: _short(value) for name, value in item.items()}


def _short(value: object) -> object:
    if isinstance(value, tuple):
        return [one["text"] if isinstance(one, dict) and set(one) == {"text"} else one for one in value]
    return value


def rules(person: Person) -> list[str]:
    return [f"{slot.rrule} {slot.start:%H:%M} {slot.duration_minutes}" for slot in person.availability]


def failures(report: Report) -> list[tuple[int | None, str | None]]:
    return [(problem.row, problem.column) for problem in report.failures]


GOOGLE_MENDED = {
    "I want to take part as": '{ to = "roles", values = { "a mentor" = "mentor", "a mentee" = "mentee" } }',
    "Which of these could you teach somebody else?": (
        '{ to = "offers", values = { "Budgeting, saving and tax" = "Budgeting, saving and tax" } }'
    ),
    "Gender (optional)": '"attributes.gender"',
}
GOOGLE_HEAD = 'ignore = ["Timestamp"]'
GOOGLE_CONSENT = """
[[consent]]
column = "I agree that my answers are used to suggest matches"
fields = ["attributes.gender"]
purposes = ["match"]
text_version = "1"
language = "en"
date_column = "Timestamp"
"""


def google_people() -> tuple[list[Person], Report]:
    text = mended(suggest_mapping(SAMPLES / "google_form.csv"), GOOGLE_MENDED, GOOGLE_HEAD, GOOGLE_CONSENT)
    text = text.replace('# time_zone = "Europe/London"  ', 'time_zone = "Europe/Brussels"  ')
    made = read_people(SAMPLES / "google_form.csv", parse_mapping(text))
    assert [(grant.field, grant.granted_at) for grant in made.consents] == [
        ("attributes.gender", datetime(2026, 2, 3, 9, 14, 2))
    ]
    return made.people, made.report


def test_a_form_of_google_with_a_grid_and_commas_inside_answers() -> None:
    people, report = google_people()
    assert list(plain(people)) == [
        {
            "roles": ["mentor"],
            "capacity": {"mentor": 2},
            "offers": ["Budgeting, saving and tax", "Public speaking"],
            "interests": ["rowing", "chess"],
            "adult": True,
            "attributes": [{"dimension": "gender", "value": "woman"}],
        },
        {
            "roles": ["mentee"],
            "wants": ["I freeze when I have to speak, and I want that to change."],
            "interests": ["choir"],
            "adult": True,
        },
        {
            "roles": ["mentor", "mentee"],
            "capacity": {"mentor": 1},
            "offers": ["Public speaking"],
            "wants": ["how to read a balance sheet"],
            "interests": ["chess"],
            "adult": True,
        },
    ]
    assert [rules(person) for person in people] == [
        ["FREQ=WEEKLY;BYDAY=MO 18:00 120", "FREQ=WEEKLY;BYDAY=MO 20:00 120", "FREQ=WEEKLY;BYDAY=SA 09:00 180"],
        ["FREQ=WEEKLY;BYDAY=WE 18:00 120"],
        ["FREQ=WEEKLY;BYDAY=SA 09:00 180", "FREQ=WEEKLY;BYDAY=SA 14:00 180"],
    ]
    assert failures(report) == []
    assert report.counts["blank rows"] == 2
    assert any("without a clear yes" in problem.expected for problem in report.problems), "one person said no"


BOTH = ["in_person", "video"]


def test_a_form_of_microsoft_with_answers_joined_by_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "Mentees 2026.xlsx"
    book = openpyxl.Workbook()
    day = datetime(2026, 3, 1, 10, 0)
    headers = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time"]
    headers += ["Which languages do you speak?", "What would you like to learn?", "How would you like to meet?"]
    book.active.append([*headers, "Are you over 18?"])
    for number, (name, *answers) in enumerate(
        (
            ("Tarek Olunde", "English (C1);German (B2);", "Excel;Speaking;", "In person;Video call;", "Yes"),
            ("Mona Quistel", "French (native);", "Welding;", "Video call;", "Yes"),
            ("Ben Loft", "English (B1);", "Excel;", "In person;", "Yes"),
        ),
        1,
    ):
        book.active.append([number, day, day, f"{name[:4].strip()}@example.org", name, None, *answers])
    book.save(path)
    head = 'ignore = ["ID", "Start time", "Completion time", "Last modified time"]'
    made = read_people(path, parse_mapping(mended(suggest_mapping(path), {}, head)))
    assert list(plain(made.people)) == [
        {
            "roles": ["mentee"],
            "wants": wants,
            "languages": languages,
            "modes": modes,
            "adult": True,
        }
        for wants, languages, modes in (
            (
                ["Excel", "Speaking"],
                [{"tag": "en", "level": "C1"}, {"tag": "de", "level": "B2"}],
                ["in_person", "video"],
            ),
            (["Welding"], [{"tag": "fr", "level": "native"}], ["video"]),
            (["Excel"], [{"tag": "en", "level": "B1"}], ["in_person"]),
        )
    ]
    assert made.contacts.id_for("mona@example.org")
    assert failures(made.report) == []


def test_an_export_of_an_hr_system_in_windows_1252() -> None:
    path = SAMPLES / "hris_mentors.csv"
    columns = {"Grade/Level": '{ to = "career_stage", values = { "Grade 7" = "senior", "Grade 4" = "early" } }'}
    head = 'ignore = ["Job Title", "Hire Date", "FTE", "Cost Center"]'
    made = read_people(path, parse_mapping(mended(suggest_mapping(path), columns, head)))
    assert list(plain(made.people)) == [
        {
            "id": "E-0101",
            "roles": ["mentor"],
            "offers": ["Schichtpläne"],
            "career_stage": "senior",
            "place": {"area": "Zürich"},
            "adult": True,
            "line_manager": "E-0900",
        },
        {
            "id": "E-0102",
            "roles": ["mentor"],
            "offers": ["welding “under” water"],
            "career_stage": "early",
            "place": {"area": "Liège"},
            "adult": True,
            "line_manager": "E-0101",
        },
    ]
    assert [made.contacts[id_].full_name for id_ in ("E-0101", "E-0102")] == ["Jo Sæther", "Amélie Núñez"]
    assert failures(made.report) == []
    assert any("Windows-1252" in problem.expected for problem in made.report.problems)


def test_a_file_of_preferences_with_numbers_for_categories() -> None:
    path = SAMPLES / "preferences.csv"
    named = 'values = { "7" = "Networking", "12" = "Budgets", "44" = "Public speaking" }'
    columns = {
        "Mentoring Type": '{ to = "roles", values = { "disabled" = "" } }',
        "Offer help in categories": f'{{ to = "offers", {named} }}',
        "Need help in categories": f'{{ to = "wants", {named} }}',
    }
    made = read_people(path, parse_mapping(mended(suggest_mapping(path), columns, 'ignore = ["Program ID"]')))
    told = list(plain(made.people))
    assert [str(item.pop("mentoring_focus", ""))[:10] for item in told] == ["I have run", "", "I can list", ""]
    assert told == [
        {
            "roles": ["mentor"],
            "capacity": {"mentor": 3},
            "offers": ["Budgets", "Public speaking"],
            "modes": ["video"],
        },
        {
            "roles": ["mentee"],
            "wants": ["Networking", "Budgets"],
            "modes": ["in_person"],
            "hopes_to_gain": "somebody patient",
        },
        {
            "roles": ["mentor", "mentee"],
            "capacity": {"mentor": 1},
            "offers": ["Networking"],
            "wants": ["Public speaking"],
            "modes": ["in_person", "video"],
            "hopes_to_gain": "somebody who knows figures",
        },
        {"modes": ["video"]},
    ]
    assert failures(made.report) == []


def test_a_file_with_one_column_for_each_option_needs_no_mending() -> None:
    path = SAMPLES / "options.csv"
    text = suggest_mapping(path).replace('# time_zone = "Europe/London"  ', 'time_zone = "Europe/London"  ')
    made = read_people(path, parse_mapping(text))
    assert list(plain(made.people)) == [
        {
            "id": "m-1",
            "roles": ["mentor"],
            "offers": ["Budgeting", "Cooking, baking"],
            "wants": ["Welding"],
            "adult": True,
        },
        {"id": "m-2", "roles": ["mentee"], "wants": ["Python"], "adult": True},
        {"id": "m-3", "roles": ["mentee"], "offers": ["Python"], "adult": True},
    ]
    assert [len(person.availability) for person in made.people] == [1, 2, 0]
    assert failures(made.report) == []


def test_a_file_of_pairs_needs_no_mending() -> None:
    text = mended(suggest_mapping(SAMPLES / "google_form.csv"), GOOGLE_MENDED, GOOGLE_HEAD, GOOGLE_CONSENT)
    made = read_people(SAMPLES / "google_form.csv", parse_mapping(text))
    pairs = SAMPLES / "pairs.csv"
    mapping = parse_mapping('ignore = ["Mentoring Connection Name"]\n' + suggest_mapping(pairs, reads="relationships"))
    ties = read_relationships(pairs, mapping, contacts=made.contacts)
    ilse, tarek, mona = (made.contacts.id_for(f"{name}@example.org") for name in ("ilse", "tarek", "mona"))
    assert [(tie.person_id, tie.other_id, tie.kind) for tie in ties.relationships] == [
        (tarek, ilse, "mentoring"),
        (mona, ilse, "mentoring"),
    ]
    assert failures(ties.report) == []


def test_a_template_needs_a_place_for_the_answer() -> None:
    with pytest.raises(ConfigError, match="template"):
        parse_mapping('[columns]\n"Free" = { to = "availability", template = "Monday" }\n')


def test_an_answer_that_the_mapping_names_is_never_cut() -> None:
    named = '{ to = "interests", values = { "food, drink" = "food, drink", "art; craft" = "craft" } }'
    mapping = parse_mapping(f'[columns]\n"id" = "id"\n"likes" = {named}\n')
    for cell, wanted in (
        ("Food,  drink, chess", ["food, drink", "chess"]),
        ("chess, food, drink", ["chess", "food, drink"]),
        ("seafood, drink", ["seafood", "drink"]),
        ("food, drinks", ["food", "drinks"]),
        ("art; craft; food, drink", ["craft", "food, drink"]),
    ):
        made = read_people([{"id": "a", "likes": cell}], mapping)
        assert [interest.text for interest in made.people[0].interests] == wanted
