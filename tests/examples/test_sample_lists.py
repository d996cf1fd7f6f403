"""Lists of the sample programme beside people and groups, and the questions that the forms added later."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("openpyxl")

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "sample_programme"
sys.path.insert(0, str(FOLDER))

from harbour_bridge import further_answers, lists_files  # noqa: E402
from harbour_bridge.people import load_groups, load_people  # noqa: E402

from matchengine.cli.programme import Files, Reading, read_programme  # noqa: E402
from matchengine.records import vocabulary as v  # noqa: E402

RAW = FOLDER / "raw"
LISTS = ("events", "projects", "resources", "organisations")


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """Return the whole programme as an import reads it."""
    files = Files(
        people=[RAW / "mentors_2026.csv", RAW / "mentees_2026.xlsx"],
        groups=[RAW / "groups.tsv"],
        events=[RAW / "events.csv"],
        resources=[RAW / "resources.csv"],
        projects=[RAW / "projects.csv"],
        organisations=[RAW / "organisations.csv"],
        relationships=[RAW / "relationships.csv"],
        mappings=sorted((FOLDER / "mapping").glob("*.toml")),
    )
    return read_programme(files, tmp_path_factory.mktemp("sample"))


def test_regenerating_gives_the_committed_lists() -> None:
    generated = importlib.import_module("generate").build(7)
    for name in LISTS:
        assert generated[f"{name}.csv"] == (RAW / f"{name}.csv").read_bytes(), name


def test_the_programme_is_as_large_as_before_and_has_its_lists(reading: Reading) -> None:
    after = reading.after
    sizes = (len(after.people), len(after.groups), len(after.events), len(after.resources), len(after.projects))
    assert sizes == (153, 40, 12, 15, 4)


def test_nothing_of_the_lists_is_lost(reading: Reading) -> None:
    assert [p for p in reading.report.failures if p.file.removesuffix(".csv") in LISTS] == []
    used = {(p.file, p.column) for p in reading.report.failures}
    assert ("mentees_2026.xlsx", "Visits to groups that felt all right") in used, "one visit is told as a word"


def test_lists_are_of_many_kinds_and_languages(reading: Reading) -> None:
    after = reading.after
    assert {event.kind for event in after.events} == set(v.get_args(v.EventKind))
    assert {resource.type for resource in after.resources} == set(v.get_args(v.ResourceType))
    helplines = [resource for resource in after.resources if resource.type == "helpline"]
    assert len({resource.country for resource in helplines}) == 3
    assert all(resource.country and resource.languages for resource in helplines)
    assert sum(event.pair_invitation for event in after.events) >= 4
    full = [event for event in after.events if event.capacity is not None and event.capacity == event.size_now]
    assert len(full) == 1
    languages = {ability.tag for event in after.events for ability in event.languages}
    assert {"en", "de", "pt", "sw", "ml"} <= languages


def test_organisations_are_of_many_kinds_and_work_together(reading: Reading) -> None:
    organisations = {each.id: each for each in reading.after.organisations}
    assert len(organisations) == 6
    assert len({each.kind for each in organisations.values()}) == 6
    assert sum(len(each.partners) for each in organisations.values()) == 5
    assert {partner for each in organisations.values() for partner in each.partners} <= organisations.keys()
    assert all(each.reached_by and each.topics and each.languages for each in organisations.values())


def test_every_project_needs_different_things_and_is_led_by_somebody(reading: Reading) -> None:
    ids = {person.id for person in reading.after.people}
    for project in reading.after.projects:
        assert {role.importance for role in project.roles} >= {2, 3}
        assert len({role.text for role in project.roles}) == len(project.roles) >= 3
        assert project.led_by in ids


def test_enough_people_say_enough_for_every_kind_of_match(reading: Reading) -> None:
    people = reading.after.people
    assert sum(person.network is not None for person in people) >= 40
    assert sum(person.comfort_rung is not None for person in people) >= 70
    assert sum(bool(person.joint_wishes) for person in people) >= 5
    assert sum(bool(person.anchors) for person in people) >= 15
    assert sum(len({wish.dimension for wish in person.wishes}) >= 2 for person in people) >= 30
    roles = Counter(role for person in people for role in person.roles)
    assert roles["protege"] >= 5
    assert roles["sponsor"] >= 4
    assert roles["peer"] >= 10
    assert roles["buddy"] >= 8
    for person in people:
        assert ("protege" in person.roles) == bool(person.opportunities)
        assert ("sponsor" in person.roles) == bool(person.influence)
    learn = [person for person in people if any(ability.wish == "learn" for ability in person.languages)]
    assert len(learn) >= 10


def test_sensitive_answers_come_with_their_consent_or_not_at_all(reading: Reading) -> None:
    given = {(grant.person_id, grant.field) for grant in reading.after.consents if grant.purpose == "match"}
    for person in reading.after.people:
        assert not person.anchors or (person.id, "anchors") in given
        assert not person.joint_wishes or (person.id, "wishes") in given
    asked = [key for key in further_answers.AT_HOME if key]
    assert 0 < sum(bool(person.anchors) for person in reading.after.people) < len(asked)


def test_who_is_named_in_further_answers_is_there() -> None:
    people, groups = {person.key for person in load_people()}, {group.key for group in load_groups()}
    tables = (
        further_answers.NETWORKS, further_answers.VISITS, further_answers.AT_HOME, further_answers.PRACTISE,
        further_answers.ALSO, further_answers.AIMS, further_answers.DOORS, further_answers.SPONSORS,
        further_answers.HOURS, dict.fromkeys(further_answers.BOTH_AT_ONCE, ""),
    )  # fmt: skip
    assert all(set(table) <= people for table in tables)
    assert set(further_answers.GROUPS_FOR) | set(further_answers.FIRST_VISIT) <= groups


def test_groups_say_what_a_first_visit_is_like(reading: Reading) -> None:
    groups = reading.after.groups
    assert sum(group.meeting_point is not None for group in groups) >= 10
    assert sum(group.accompanied is not None for group in groups) >= 20
    assert sum(group.from_elsewhere is not None for group in groups) >= 10
    homes = {anchor for person in reading.after.people for anchor in person.anchors}
    assert len(homes & {anchor for group in groups for anchor in group.anchors}) >= 5


def test_the_readme_explains_every_column_of_the_lists() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    columns = (*lists_files.EVENTS, *lists_files.PROJECTS, *lists_files.RESOURCES)
    assert [header for header, _ in columns if f"`{header}`" not in readme] == []


def test_no_list_holds_a_number_to_call_or_a_web_address() -> None:
    for name in LISTS:
        with (RAW / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                text = f"{row.get('In a few words')} {row.get('Title')} {row.get('What')}"
                assert "http" not in text
                assert sum(letter.isdigit() for letter in text) < 5
