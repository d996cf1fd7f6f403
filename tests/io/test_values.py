"""What answers become: vocabularies, lists, languages, places, levels, 0/1 columns."""

from __future__ import annotations

import pytest

from matchengine.io import PeopleImport, Problem, read_people
from matchengine.io.mapping import parse_mapping
from matchengine.records import Person


def rows(header: str, *lines: str) -> list[dict[str, object]]:
    """Return spreadsheet-like rows of text from a short table with | between cells."""
    names = [name.strip() for name in header.split("|")]
    return [dict(zip(names, [cell.strip() for cell in line.split("|")], strict=True)) for line in lines]


def person(made: PeopleImport, position: int = 0) -> Person:
    return made.people[position]


def lost(made: PeopleImport) -> list[Problem]:
    return made.report.failures


def test_trap_textual_grades() -> None:
    mapping = parse_mapping(
        '[columns]\n"id"="id"\n"Grade"={to="career_stage", values={"Grade 7"="senior","SCS1"="executive","—"=""}}'
    )
    made = read_people(rows("id|Grade", "1|grade 7", "2| SCS1", "3|Grade 8", "4|Mid", "5|—"), mapping)
    assert [p.career_stage for p in made.people] == ["senior", "executive", None, "mid", None]
    (problem,) = lost(made)
    assert (problem.row, problem.column, problem.value) == (3, "Grade", "Grade 8")


def test_trap_blank_and_zero_capacity() -> None:
    table = rows(
        "id|roles|capacity", "1|mentor|", "2|mentor|0", "3|mentor|two", "4|mentor|-1", "5|mentor|99", "6|sponsor|2"
    )
    made = read_people(table)
    assert [p.capacity for p in made.people] == [{}, {"mentor": 0}, {}, {}, {}, {"sponsor": 2}]
    assert [(p.row, p.nearest) for p in lost(made)] == [(3, None), (4, "0"), (5, "20")]


def test_trap_unknown_category_text_gets_the_nearest() -> None:
    made = read_people(rows("id|roles|modes", "1|Mentr|Vidio; in person; Zoom"))
    assert person(made).modes == ("in_person", "video")
    assert [(p.value, p.nearest) for p in lost(made)] == [("Mentr", "mentor"), ("Vidio", "video")]


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("Both", ("mentor", "mentee")),
        ("mentee; mentor", ("mentee", "mentor")),
        ("Mentor and mentee", ("mentor", "mentee")),
    ],
)
def test_both_roles_in_one_cell(cell: str, roles: tuple[str, ...]) -> None:
    assert person(read_people([{"id": "1", "roles": cell}])).roles == roles


def test_multi_values_by_semicolon_comma_and_brackets() -> None:
    made = read_people(
        rows("id|offers|interests|goals", "1|Excel (advanced), R (lm, glm); 'x'|a, b|Lead, then rest; sing")
    )
    assert [o.text for o in person(made).offers] == ["Excel (advanced), R (lm, glm)", "'x'"]
    made = read_people(rows("id|offers|interests|goals", "1|Excel (advanced), R (lm, glm)|a, b|Lead, then rest; sing"))
    assert [(o.text, o.level) for o in person(made).offers] == [("Excel", 3), ("R (lm, glm)", None)]
    assert [i.text for i in person(made).interests] == ["a", "b"]
    assert [g.text for g in person(made).goals] == ["Lead, then rest", "sing"]


def test_over_cap_lists_keep_the_first_and_report() -> None:
    made = read_people([{"id": "1", "goals": ";".join("abcdefg"), "offers": ",".join("abcdefghijkl")}])
    assert [g.text for g in person(made).goals] == list("abcde")
    assert len(person(made).offers) == 10
    assert {p.column: p.value for p in lost(made)} == {"goals": "7 entries", "offers": "12 entries"}


def test_too_long_text_keeps_its_beginning() -> None:
    made = read_people([{"id": "1", "mentoring_focus": "word " * 100}])
    assert len(person(made).mentoring_focus or "") <= 400
    assert "first 399 were kept" in lost(made)[0].expected or "first 39" in lost(made)[0].expected


def test_answers_that_mean_none_are_no_entries() -> None:
    made = read_people(rows("id|wants|goals|career_stage", "1|None|n/a|prefer not to say"))
    assert person(made) == Person(id="1")
    assert not lost(made)


def test_languages_places_bands_and_dates() -> None:
    mapping = parse_mapping(
        """
        [defaults]
        date_order = "month-day-year"
        [columns]
        "id" = "id"
        "L" = "languages"
        "C" = "place.country"
        "G" = "place.geohash"
        "E" = { to = "experience", fixed = { field = "isco:25" } }
        "V" = "vetting.status"
        "D" = "vetting.on"
        """
    )
    table = rows(
        "id|L|C|G|E|V|D",
        "1|English (C1); Español: native; BSL (B2); pt-BR B1; Klingon (C1); German"
        "|Côte d'Ivoire|u4pruydq|12 years|vetted|2/13/2024",
        "2|fluent|Germny||forever||13/2/2024",
    )
    made = read_people(table, mapping)
    one = person(made)
    assert [(x.tag, x.level, x.modality) for x in one.languages] == [
        ("en", "C1", "spoken"),
        ("es", "native", "spoken"),
        ("bfi", "B2", "signed"),
        ("pt-BR", "B1", "spoken"),
    ]
    assert one.place is not None
    assert (one.place.country, one.place.geohash) == ("CI", "u4pru")
    assert (one.experience[0].band, one.experience[0].field) == ("10-19", "isco:25")
    assert one.vetting is not None
    assert str(one.vetting.on) == "2024-02-13"
    expected = {(p.row, p.column, p.nearest) for p in lost(made)}
    assert (2, "C", "DE") in expected
    assert {(1, "L"), (2, "L"), (2, "E"), (2, "D")} <= {(row, column) for row, column, _ in expected}


def test_availability_in_human_form_with_the_rows_time_zone() -> None:
    mapping = parse_mapping(
        """
        [day_parts]
        "after school" = "15:30-18:00"
        [columns]
        "id" = "id"
        "When" = "availability"
        "Thu" = { to = "availability", when_yes = "Thu 18:00-20:00" }
        "Zone" = "time_zone"
        """
    )
    table = rows(
        "id|When|Thu|Zone", "1|Tue 18:00-20:00; Sat after school; whenever|x|europe/madrid", "2|Mon 9-11|1|Madrid"
    )
    made = read_people(table, mapping)
    slots = [(s.rrule, s.start.hour, s.duration_minutes, s.time_zone) for s in person(made).availability]
    assert slots == [
        ("FREQ=WEEKLY;BYDAY=TU", 18, 120, "Europe/Madrid"),
        ("FREQ=WEEKLY;BYDAY=SA", 15, 150, "Europe/Madrid"),
        ("FREQ=WEEKLY;BYDAY=TH", 18, 120, "Europe/Madrid"),
    ]
    assert person(made, 1).availability == ()
    assert [(p.row, p.nearest) for p in lost(made)] == [(1, None), (2, "Europe/Madrid"), (2, None), (2, None)]


def test_one_column_per_option_and_level_columns() -> None:
    mapping = parse_mapping(
        """
        [columns]
        "id" = "id"
        "Excel" = { to = "offers", when_yes = "Excel" }
        "Python" = { to = "offers", when_yes = "Python" }
        "Other" = { to = "offers", from_columns = { level = "How good?" } }
        "Goal 1" = { to = "goals", fixed = { priority = 1 } }
        "Goal 2" = { to = "goals", fixed = { priority = 3, kind = "skill" } }
        "German" = { to = "languages", when_yes = "German", fixed = { level = "B2" } }
        """
    )
    table = rows(
        "id|Excel|Python|Other|How good?|Goal 1|Goal 2|German",
        "1|1|Advanced|R|expert|sing|dance|yes",
        "2|0|maybe|R|huge|||no",
    )
    made = read_people(table, mapping)
    assert [(o.text, o.level) for o in person(made).offers] == [("Excel", None), ("Python", 3), ("R", 4)]
    assert [(g.text, g.priority, g.kind) for g in person(made).goals] == [("sing", 1, None), ("dance", 3, "skill")]
    assert person(made).languages[0].level == "B2"
    assert [(o.text, o.level) for o in person(made, 1).offers] == [("R", None)]
    assert [(p.row, p.column, p.value) for p in lost(made)] == [(2, "Python", "maybe"), (2, "How good?", "huge")]
