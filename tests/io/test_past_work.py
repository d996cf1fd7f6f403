"""Past work from a file into records: how entries stand apart, the cap, masked names, and headers that ask for it."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.io import read_groups, read_people
from matchengine.io.fields import TABLES, Reads
from matchengine.io.guess import guess_target
from matchengine.io.mapping import parse_mapping
from matchengine.io.propose import Column, Proposal, propose
from matchengine.io.shapes import shape_of

WORK = ("Built a parser for a library", "Wrote a paper on trust, teams and time", "Led a reading group")


def proposed(header: str, reads: Reads = "people", cells: tuple[Any, ...] = WORK) -> Proposal:
    """Return what is proposed for a header above texts of past work."""
    return propose(Column(header, shape_of(list(cells))), reads)


@pytest.mark.parametrize("cell", ["; ".join(WORK), "\n".join(WORK), list(WORK)])
def test_entries_stand_apart_by_semicolon_or_line_and_a_comma_stays_in_a_title(cell: object) -> None:
    [person] = read_people([{"id": "p1", "past_work": cell}]).people
    assert person.past_work == WORK
    [one] = read_people([{"id": "p1", "past_work": WORK[1]}]).people
    assert one.past_work == (WORK[1],)


def test_a_mapping_may_say_that_commas_separate() -> None:
    mapping = parse_mapping('[columns]\n"No" = "id"\n"Projects" = { to = "past_work", split = "," }\n')
    [person] = read_people([{"No": "p1", "Projects": "a parser, a shop"}], mapping).people
    assert person.past_work == ("a parser", "a shop")


def test_thirty_texts_are_kept_the_first_ones_and_the_report_says_how_many_there_were() -> None:
    made = read_people([{"id": "p1", "past_work": ";".join(f"project {n}" for n in range(33))}])
    [person] = made.people
    assert person.past_work == tuple(f"project {n}" for n in range(30))
    assert [(p.column, p.value) for p in made.report.failures] == [("past_work", "33 entries")]


def test_several_columns_fill_one_list_and_a_long_text_is_cut_at_400() -> None:
    mapping = parse_mapping('[columns]\n"No" = "id"\n"Project 1" = "past_work"\n"Project 2" = "past_work"\n')
    [person] = read_people([{"No": "p1", "Project 1": "latest", "Project 2": "x" * 500}], mapping).people
    assert person.past_work[0] == "latest"
    assert len(person.past_work) == 2
    assert len(person.past_work[1]) <= 400


def test_the_own_name_and_contact_data_are_masked() -> None:
    made = read_people(
        [{"id": "p1", "contact.name": "Ida Quorn", "past_work": "A shop with Quorn, ida@example.org; A parser"}]
    )
    [person] = made.people
    assert "Quorn" not in " ".join(person.past_work)
    assert "example.org" not in " ".join(person.past_work)
    assert person.past_work[1] == "A parser"


def test_gatherings_keep_theirs_as_written() -> None:
    made = read_groups([{"id": "g1", "title": "Bread", "kind": "hobby", "past_work": "Open day, spring; Soup kitchen"}])
    [group] = made.groups
    assert group.past_work == ("Open day, spring", "Soup kitchen")


@pytest.mark.parametrize(
    "header",
    [
        "Past work",
        "Your publications",
        "What have you done before?",
        "Bisherige Projekte",
        "Proyectos anteriores",
        "Projets précédents",
        "Projetos anteriores",
        "过往项目",
    ],
)
def test_headers_that_are_known(header: str) -> None:
    assert guess_target(header, "people") == "past_work"
    assert proposed(header).confidence == "sure"


@pytest.mark.parametrize(
    "header",
    [
        "Which projects have you mentored before?",
        "What have you worked on before?",
        "Papers you have written",
        "An welchen Projekten hast du bisher gearbeitet?",
        "¿En qué proyectos anteriores has participado?",
        "Publications et projets passés",
        "Quais são os seus trabalhos anteriores?",
        "Ваші публікації",
        "Önceki projeleriniz",
    ],
)
def test_headers_that_say_so(header: str) -> None:
    found = proposed(header)
    assert (found.target, found.confidence) == ("past_work", "likely")


@pytest.mark.parametrize(
    "header",
    [
        "Past mentor",
        "Previous mentor email",
        "Years of previous work experience",
        "How many past projects?",
        "Previous employers",
        "Subscribe to our publications",
        "What have you done before that others could learn from?",
    ],
)
def test_headers_about_something_else_or_two_things_give_no_active_line(header: str) -> None:
    found = proposed(header)
    assert (found.target, found.confidence) != ("past_work", "likely")
    assert found.confidence == "unsure"


def test_yes_or_no_is_no_past_work() -> None:
    assert proposed("Have you worked on past projects?", cells=("yes", "no", "yes")).confidence == "unsure"


@pytest.mark.parametrize("reads", [reads for reads, table in TABLES.items() if "past_work" in table])
def test_every_kind_of_list_with_past_work_knows_a_header_for_it(reads: Reads) -> None:
    header = "Past events" if reads == "events" else "Previous work"
    assert guess_target(header, reads) == "past_work"
    assert proposed("Past work, the latest first", reads, ()).target == "past_work"
    assert "past_work" not in TABLES["resources"]
