"""Networks, joint wishes, anchors, sponsoring and languages to learn, as spreadsheets hold them."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.errors import ConfigError
from matchengine.io import PeopleImport, read_groups, read_people, read_relationships
from matchengine.io.fields import PEOPLE
from matchengine.io.mapping import parse_mapping
from matchengine.io.values import Look, parse
from matchengine.records import JointWish, NetworkTies, Preference

CONSENT = """
[[consent]]
column = "May we?"
fields = ["wishes", "anchors"]
purposes = ["match"]
text_version = "1"
language = "en"
date = 2026-01-01
"""


def people(rows: list[dict[str, Any]], columns: str, more: str = "") -> PeopleImport:
    """Read rows with a mapping."""
    return read_people(rows, parse_mapping(f"[defaults]\nguess = false\n[columns]\n{columns}\n{more}"))


def test_a_network_in_columns() -> None:
    columns = (
        '"No" = "id"\n"Family" = "network.family"\n'
        '"Friends" = { to = "network.friends", from_columns = { importance = "More friends?" } }\n'
        '"Clubs" = { to = "network.clubs", fixed = { importance = 0.2 } }\n"Aim" = "network.goal"\n'
        '"Map" = "network.status"'
    )
    row = {"No": "p1", "Family": "4 (0.3)", "Friends": "0", "More friends?": "90%", "Clubs": "2", "Aim": "friendship"}
    made = people([row | {"Map": "gap chosen"}, {"No": "p2", "Family": "lots", "Friends": "7 (very)"}], columns)
    first, second = made.people
    assert first.network is not None
    assert first.network.ties == (
        NetworkTies(category="family", count=4, importance=0.3),
        NetworkTies(category="friends", count=0, importance=0.9),
        NetworkTies(category="clubs", count=2, importance=0.2),
    )
    assert (first.network.goal, first.network.status) == ("friendship", "gap_chosen")
    assert second.network is None
    assert {(p.row, p.column) for p in made.report.failures} == {(2, "Family"), (2, "Friends")}


def test_a_network_as_a_record_and_in_two_rows() -> None:
    record = {"ties": [{"category": "friends", "count": 3}], "goal": "both"}
    [person] = read_people([{"id": "p1", "network": record}]).people
    assert person.network is not None
    assert person.network.ties[0].count == 3
    columns = '"No" = "id"\n"Friends" = "network.friends"\n"Family" = "network.family"'
    made = people([{"No": "p1", "Friends": "3"}, {"No": "p1", "Friends": "5", "Family": "1"}], columns)
    assert made.people[0].network is not None
    assert {(tie.category, tie.count) for tie in made.people[0].network.ties} == {("friends", 3), ("family", 1)}
    assert any("the first answer was kept" in p.expected for p in made.report.failures)


def test_sponsors_and_those_they_speak_for() -> None:
    columns = (
        '"No" = "id"\n"Name" = "contact.name"\n"Role" = "roles"\n"Doors" = "influence"\n"Aims" = "opportunities"\n'
        '"Willing" = "sponsoring"\n"Hours" = "time_balance"\n"Visits" = "visits"'
    )
    rows = [
        {"No": "p1", "Name": "Vex Quill", "Role": "sponsor", "Doors": "the board, where Vex Quill sits; hiring",
         "Willing": "I can introduce people", "Hours": "-1,5"},
        {"No": "p2", "Role": "protégé", "Aims": "a seat on a board", "Willing": "actively", "Hours": "9",
         "Visits": "2"},
    ]  # fmt: skip
    made = people(rows, columns)
    sponsor, protege = made.people
    assert sponsor.influence[1] == "hiring"
    assert "Quill" not in sponsor.influence[0], "names of their own are masked, as in every free text"
    assert (sponsor.sponsoring, sponsor.time_balance) == ("introductions", -1.5)
    assert (protege.roles, protege.opportunities, protege.visits) == (("protege",), ("a seat on a board",), 2)
    assert protege.time_balance is None
    assert [(p.row, p.column, p.nearest) for p in made.report.failures] == [(2, "Hours", "5")]


def test_a_wish_that_must_hold_and_a_joint_one_come_with_the_consent_for_wishes() -> None:
    columns = (
        '"No" = "id"\n"Share" = "wishes"\n"Must share" = { to = "wishes", fixed = { must = true } }\n'
        '"Both at once" = "joint_wishes"\n"At home in" = "anchors"'
    )
    told = {"Share": "gender (nice)", "Must share": "faith (very important)", "Both at once": "gender + migration"}
    told |= {"At home in": "gospel choir; corner shop"}
    rows = [{"No": "p1", **told, "May we?": "yes"}, {"No": "p2", **told, "May we?": "no"}, {"No": "p3", **told}]
    made = people(rows, columns, CONSENT)
    first, *others = made.people
    assert first.wishes == (
        Preference(dimension="gender", strength="nice"),
        Preference(dimension="faith", strength="very_important", must=True),
    )
    assert first.joint_wishes == (JointWish(dimensions=("gender", "migration")),)
    assert first.anchors == ("gospel choir", "corner shop")
    assert sorted(grant.field for grant in made.consents) == ["anchors", "wishes"]
    for person in others:
        assert (person.wishes, person.joint_wishes, person.anchors) == ((), (), ())
    assert not any("migration" in str(p) or "gospel" in str(p) for p in made.report.problems)


def test_only_a_joint_wish_still_brings_the_consent() -> None:
    made = people([{"No": "p1", "Both": "a + b", "May we?": "yes"}], '"No" = "id"\n"Both" = "joint_wishes"', CONSENT)
    assert [grant.field for grant in made.consents] == ["wishes"]
    assert made.people[0].joint_wishes


def test_a_later_no_takes_joint_wishes_out_too() -> None:
    rows = [{"No": "p1", "Both": "a + b", "May we?": "yes"}, {"No": "p1", "Both": "a + b", "May we?": "no"}]
    made = people(rows, '"No" = "id"\n"Both" = "joint_wishes"', CONSENT)
    assert (made.people[0].joint_wishes, made.consents) == ((), [])


def test_the_consent_for_wishes_is_named_wishes() -> None:
    with pytest.raises(ConfigError, match="'joint_wishes' is no sensitive field"):
        parse_mapping(CONSENT.replace('"wishes", ', '"joint_wishes", '))


def test_records_with_joint_wishes_need_the_consent_for_wishes() -> None:
    record = {"id": "p1", "joint_wishes": [{"dimensions": ["a", "b"]}], "anchors": ["x"]}
    grant = {"person_id": "p1", "field": "wishes", "purpose": "match", "text_version": "1", "language": "en"}
    given = people([{"No": "p1", "Both": "a + b", "May we?": "yes"}], '"No" = "id"\n"Both" = "joint_wishes"', CONSENT)
    assert grant["field"] == given.consents[0].field
    kept = read_people([record], consents=given.consents)
    assert kept.people[0].joint_wishes
    assert kept.people[0].anchors == (), "anchors need a consent of their own"
    assert not read_people([record], consents=[]).people[0].joint_wishes


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Spanish (A2, learn)", {"tag": "es", "level": "A2", "wish": "learn"}),
        ("German (native, prefer)", {"tag": "de", "level": "native", "wish": "prefer"}),
        ("Spanish (B1)", {"tag": "es", "level": "B1"}),
        ("Spanish B1", {"tag": "es", "level": "B1"}),
        ("BSL (C1, learn)", {"tag": "bfi", "level": "C1", "wish": "learn", "modality": "signed"}),
    ],
)
def test_languages_with_a_wish(raw: str, wanted: dict[str, str]) -> None:
    assert parse(raw, PEOPLE["languages"], Look()) == wanted


def test_a_column_of_languages_to_practise() -> None:
    columns = '"No" = "id"\n"Practise" = { to = "languages", fixed = { level = "A1", wish = "learn" } }'
    [person] = people([{"No": "p1", "Practise": "French; Turkish"}], columns).people
    assert [(each.tag, each.wish) for each in person.languages] == [("fr", "learn"), ("tr", "learn")]


def test_a_language_spoken_and_practised_keeps_the_level_at_which_it_is_spoken() -> None:
    columns = (
        '"No" = "id"\n"Speak" = "languages"\n'
        '"Practise" = { to = "languages", fixed = { level = "A1", wish = "learn" } }'
    )
    row = {"No": "p1", "Speak": "English (B1); German (native)", "Practise": "English"}
    for rows in ([row], [row, row]):
        made = people(rows, columns)
        [person] = made.people
        told = [(each.tag, each.level, each.wish) for each in person.languages]
        assert told == [("en", "B1", "learn"), ("de", "native", None)]
        assert not made.report.failures


def test_what_groups_say_about_first_visits() -> None:
    row = {"title": "Walkers", "kind": "sport_walk", "from_elsewhere": "30%", "accompanied": "yes", "try_once": "no",
           "meeting_point": "the blue bollard", "talk_share": "0,5"}  # fmt: skip
    [group] = read_groups([row], strict=True).groups
    assert (group.from_elsewhere, group.accompanied, group.try_once) == (0.3, True, False)
    assert (group.meeting_point, group.talk_share) == ("the blue bollard", 0.5)


def test_a_sponsorship_says_who_decided() -> None:
    base = {"person_id": "p-1", "other_id": "p-2", "kind": "sponsorship"}
    decided = base | {"decided_by": "p-9", "decided_on": "2026-02-01"}
    made = read_relationships([decided, base | {"status": "proposed"}, base | {"other_id": "p-3"}])
    assert [(tie.other_id, tie.status, tie.decided_by) for tie in made.relationships] == [
        ("p-2", "active", "p-9"), ("p-2", "proposed", None),
    ]  # fmt: skip
    [problem] = made.report.failures
    assert (problem.row, problem.effect) == (3, "row left out")
    assert "decided" in problem.expected
