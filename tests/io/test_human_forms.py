"""Answers as people write them: cadence, boundaries, supports, greeters, nth weekdays, columns without a header."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchengine.io import read_groups, read_people
from matchengine.io.mapping import parse_mapping
from matchengine.io.slots import SlotError, parse_slots


@pytest.mark.parametrize(
    ("text", "every", "minutes"),
    [
        ("weekly, 45 min", "weekly", 45),
        ("every 2 weeks, 60 min", "biweekly", 60),
        ("monthly 1.5 h", "monthly", 90),
        ("once a month, 2 hours", "monthly", 120),
    ],
)
def test_cadence(text: str, every: str, minutes: int) -> None:
    mapping = parse_mapping('[columns]\n"How often?" = "cadence"\n"id" = "id"\n')
    (person,) = read_people([{"id": "p", "How often?": text}], mapping).people
    assert person.cadence is not None
    assert (person.cadence.every, person.cadence.minutes) == (every, minutes)


@pytest.mark.parametrize("text", ["weekly", "45 min", "sometimes, 45 min", "weekly, 5 min"])
def test_cadence_that_cannot_be_read_is_reported(text: str) -> None:
    mapping = parse_mapping('[columns]\n"How often?" = "cadence"\n"id" = "id"\n')
    made = read_people([{"id": "p", "How often?": text}], mapping)
    assert made.people[0].cadence is None
    assert [problem.column for problem in made.report.failures] == ["How often?"]


def test_boundaries_of_several_kinds_in_one_column_stay_hidden_in_the_report() -> None:
    mapping = parse_mapping('[columns]\n"Never" = "boundaries"\n"id" = "id"\n')
    made = read_people(
        [{"id": "p", "Never": "group: advocacy; venue: home; topic: diets, weight; ghosts: all"}], mapping
    )
    told = {(b.kind, b.value) for b in made.people[0].boundaries}
    assert told == {("group_kind", "advocacy"), ("venue", "home"), ("topic", "diets, weight")}
    assert "ghosts" not in made.report.render()
    assert len(made.report.failures) == 1


def test_supports_tell_no_from_unknown_and_greeters_their_consent() -> None:
    mapping = parse_mapping(
        'reads = "groups"\n[columns]\n"Name" = "title"\n"Kind" = "kind"\n"Contacts" = "contacts"\n'
        '"Childcare" = { to = "supports", when_yes = "childcare", values = { "partly" = "0.5" } }\n'
        '"Cost" = { to = "supports", when_yes = "cost", values = { "partly" = "0.5" } }\n'
        '"Time" = { to = "supports", when_yes = "time", values = { "partly" = "0.5" } }\n'
        '"Safety" = { to = "supports", when_yes = "safety", values = { "partly" = "0.5" } }\n'
    )
    row = {"Name": "Walkers", "Kind": "hobby", "Childcare": "yes", "Cost": "partly", "Time": "no", "Safety": None}
    people = read_people([{"id": f"p-{n}", "email": f"p{n}@example.org"} for n in (1, 2, 3)])
    made = read_groups([row | {"Contacts": "p-1 (yes); p-2 (?); p3@example.org"}], mapping, contacts=people.contacts)
    (group,) = made.groups
    assert {s.kind: s.value for s in group.supports} == {"childcare": 1, "cost": 0.5, "time": 0}
    assert [(c.person_id, c.consented) for c in group.contacts] == [("p-1", True), ("p-2", False), ("p-3", False)]


def test_nth_weekdays_and_the_two_meanings_of_every_second() -> None:
    (record,) = parse_slots("1st and 3rd Monday 18:30-20:00", "Europe/London")
    assert record["rrule"] == "FREQ=MONTHLY;BYDAY=1MO,3MO"
    assert record["start"].isoformat() == "2024-01-01T18:30:00"
    with pytest.raises(SlotError, match="of the month"):
        parse_slots("every 2nd Tuesday 18:30-19:45", "Europe/London")


def test_answers_in_a_column_without_header_do_not_cost_the_row(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,offers,\np1,Excel,a note\np2,Welding,\n", encoding="utf-8")
    made = read_people(path)
    assert [p.id for p in made.people] == ["p1", "p2"]
    assert ["column without header" in problem.expected for problem in made.report.failures] == [True]


def test_a_row_that_is_longer_than_the_header_row_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,offers\np1,Excel,and more\np2,Welding\n", encoding="utf-8")
    made = read_people(path)
    assert [p.id for p in made.people] == ["p2"]
    assert made.report.failures[0].effect == "row left out"


def test_parts_from_other_columns_are_translated_too() -> None:
    mapping = parse_mapping(
        '[columns]\n"id" = "id"\n'
        '"Goal" = { to = "goals", from_columns = { kind = "About" }, values = { "a new job" = "career_move" } }\n'
    )
    (person,) = read_people([{"id": "p", "Goal": "become a nurse", "About": "a new job"}], mapping).people
    assert (person.goals[0].text, person.goals[0].kind) == ("become a nurse", "career_move")
