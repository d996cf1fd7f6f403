"""Groups, relationships and the other records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from matchengine.errors import DataError
from matchengine.io import (
    Contact,
    ContactSheet,
    read_consents,
    read_events,
    read_feedback,
    read_groups,
    read_relationships,
    read_resources,
)
from matchengine.io.mapping import parse_mapping
from matchengine.records import ConsentGrant, Event, Group, Relationship

CONTACTS = ContactSheet([Contact(id="m1", email="zora@example.org"), Contact(id="m2", email="vex@example.org")])
GROUP_MAPPING = """
reads = "groups"
[defaults]
time_zone = "Europe/London"
text_language = "en"
[columns]
"Name" = "title"
"Kind" = "kind"
"When" = "schedule.slots"
"Reliable" = "schedule.predictability"
"Helps with" = { to = "supports", fixed = { source = "organiser", on = 2024-05-01 } }
"Childcare on site" = { to = "supports", when_yes = "childcare", fixed = { value = 1.0, source = "visited_by_staff" } }
"Step-free" = "step_free"
"Rules" = "safety.rules"
"Confidential" = "safety.confidential"
"Safety" = "safety.items"
"Greeters" = { to = "contacts", from_columns = { consented = "Greeters agreed" } }
"Min" = "size_min"
"Max" = "size_max"
"""


def test_groups_with_supports_safety_schedule_and_contacts() -> None:
    row = {
        "Name": "Walk & Talk",
        "Kind": "sport walk",
        "When": "first Tue of the month 18:00-20:00; Sat morning",
        "Reliable": "80%",
        "Helps with": "cost (1); confidence: 0.5; weather (1); time",
        "Childcare on site": "x",
        "Step-free": "yes",
        "Rules": "Listen, then speak; be kind",
        "Confidential": "no",
        "Safety": "moderation; code of conduct",
        "Greeters": "zora@example.org; gone@example.org",
        "Greeters agreed": "yes",
        "Min": 9,
        "Max": 3,
    }
    made = read_groups([row], parse_mapping(GROUP_MAPPING), contacts=CONTACTS)
    (group,) = made.groups
    assert (group.title, group.kind, group.step_free) == ("Walk & Talk", "sport_walk", True)
    assert group.schedule is not None
    assert [slot.rrule for slot in group.schedule.slots] == ["FREQ=MONTHLY;BYDAY=1TU", "FREQ=WEEKLY;BYDAY=SA"]
    assert group.schedule.predictability == 0.8
    assert {(s.kind, s.value, s.source) for s in group.supports} == {
        ("cost", 1.0, "organiser"),
        ("confidence", 0.5, "organiser"),
        ("childcare", 1.0, "visited_by_staff"),
    }
    assert group.supports[0].on == date(2024, 5, 1)
    assert group.safety is not None
    assert group.safety.rules == ("Listen, then speak", "be kind")
    assert group.safety.confidential is False
    assert [(c.person_id, c.consented) for c in group.contacts] == [("m1", True)]
    assert (group.size_min, group.size_max) == (None, None)
    found = {(p.column, p.value) for p in made.report.failures}
    assert found == {("Helps with", "weather (1)"), ("Helps with", "time"), ("Greeters", "(hidden)"), (None, "9 and 3")}


def test_groups_without_kind_or_twice_are_left_out_and_ids_are_stable() -> None:
    table = [
        {"title": "Choir", "kind": "hobby"},
        {"title": "choir!", "kind": "hobby"},
        {"title": "Nameless"},
        {"kind": "hobby"},
    ]
    made = read_groups(table)
    assert len(made.groups) == 1
    assert [p.effect for p in made.report.failures] == ["row left out"] * 3
    assert read_groups(table[:1]).groups[0].id == made.groups[0].id


def test_groups_as_records_stay_the_same() -> None:
    group = Group(
        id="g1", title="Choir", kind="hobby", supports=[{"kind": "cost", "value": 0.5, "source": "organiser"}]
    )  # type: ignore[list-item]
    assert read_groups([group], strict=True).groups == [group]


def test_pairs_by_email_as_other_tools_export_them(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    lines = ["Mentor Email Address,Mentee Email Address,Start", "zora@example.org,VEX@example.org,2024-05-31"]
    lines += [
        "gone@example.org,vex@example.org,",
        "zora@example.org,zora@example.org,",
        "zora@example.org,vex@example.org,2024-05-31",
    ]
    path.write_text("\n".join(lines))
    made = read_relationships(path, contacts=CONTACTS)
    tie = Relationship(person_id="m2", other_id="m1", kind="mentoring", started=date(2024, 5, 31))
    assert made.relationships == [tie]
    assert [p.row for p in made.report.failures if p.effect == "row left out"] == [3, 4]
    assert any("a guess from the headers" in p.expected for p in made.report.problems)
    assert "gone" not in made.report.render()


def test_must_not_pairs_hold_for_people_who_join_later() -> None:
    table = [{"person_id": "m1", "other_id": "later@example.org", "kind": "must not"}]
    made = read_relationships(table, contacts=CONTACTS)
    assert made.relationships[0].other_id == made.contacts.id_for("later@example.org")
    assert CONTACTS.id_for("later@example.org") is None


def test_relationship_rows_with_bad_parts() -> None:
    table = [
        {"person_id": "a", "other_id": "b", "kind": "mentoring", "started": "2024-05-01", "ends": "2024-01-01"},
        {"person_id": "a", "other_id": "c", "kind": "frends"},
        {"person_id": "a", "other_id": "d", "kind": "peer", "status": "actve"},
    ]
    made = read_relationships(table)
    assert [(r.other_id, r.ends, r.status) for r in made.relationships] == [
        ("b", None, "active"),
        ("d", None, "active"),
    ]
    assert {(p.row, p.nearest) for p in made.report.failures if p.nearest} == {(3, "active")}
    with pytest.raises(DataError):
        read_relationships(table, strict=True)


def test_events_and_resources_drop_bad_fields_but_consents_do_not() -> None:
    events = read_events(
        [{"id": "e1", "title": "Open day", "kind": "open_day", "capacity": -1, "capcity": 3}, {"id": "e2"}]
    )
    assert events.records == [Event(id="e1", title="Open day", kind="open_day")]
    assert {(p.row, p.column, p.effect) for p in events.report.failures} == {
        (None, "capcity", "value dropped"),
        (1, "capacity", "value dropped"),
        (2, "title", "row left out"),
        (2, "kind", "row left out"),
    }
    grant = {"person_id": "1", "field": "age_band", "purpose": "match", "text_version": "1", "language": "en"}
    consents = read_consents([{**grant, "granted_at": "2024-01-01T00:00:00Z"}, grant, {**grant, "granted_at": "soon"}])
    assert consents.records == [ConsentGrant(**grant, granted_at=datetime(2024, 1, 1, tzinfo=UTC))]  # type: ignore[arg-type]
    assert [p.effect for p in consents.report.failures] == ["row left out"] * 2
    feedback = read_feedback(
        [{"about_id": "1", "wave": "start", "perspective": "requester", "items": {"trust": 9}, "anonymous": True}]
    )
    assert (feedback.records, len(feedback.report.failures)) == ([], 1)
    assert read_resources([{"id": "r", "type": "toolkit", "title": "Guide"}], strict=True).records[0].type == "toolkit"
