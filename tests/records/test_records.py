"""Records: strict, frozen, capped, and without anything that must never be stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from matchengine import records
from matchengine.errors import DataError
from matchengine.records import Availability, ConsentGrant, Feedback, Group, Person, Relationship, as_records

NEVER = re.compile(
    r"birth|diagnos|income|debt|credit|salary|asylum|visa|residence|refugee|address$|street|zip|postcode|e_?mail|phone_|"
    r"photo|voice|patience|empathy|potential|personality|severity|weight_kg|dose|addiction|bereave|violence|eating",
    re.IGNORECASE,
)
ALLOWED = {"address_after_joining"}


def names_of(schema: object) -> set[str]:
    """All property names and vocabulary words of a JSON Schema."""
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= set(schema.get("properties", {}))
        found |= {word for word in schema.get("enum", []) if isinstance(word, str)}
        for value in schema.values():
            found |= names_of(value)
    elif isinstance(schema, list):
        for value in schema:
            found |= names_of(value)
    return found


@pytest.mark.parametrize(
    "name", [n for n in records.__all__ if isinstance(getattr(records, n), type) and n != "Record"]
)
def test_nothing_from_the_never_lists_exists(name: str) -> None:
    model = getattr(records, name)
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
    assert not {n for n in names_of(model.model_json_schema()) - ALLOWED if NEVER.search(n)}


def test_records_are_frozen_and_round_trip() -> None:
    person = Person.model_validate(
        {"id": "p", "goals": [{"text": "  lead a team "}], "languages": [{"tag": "PT-br", "level": "B2"}]}
    )
    assert person.goals[0].text == "lead a team"
    assert person.languages[0].tag == "pt-BR"
    assert Person.model_validate_json(person.model_dump_json()) == person
    with pytest.raises(ValidationError):
        person.id = "q"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "cap"),
    [("goals", 5), ("offers", 10), ("wants", 10), ("interests", 8)],
)
def test_caps(field: str, cap: int) -> None:
    Person.model_validate({"id": "p", field: [{"text": "x"}] * cap})
    with pytest.raises(ValidationError):
        Person.model_validate({"id": "p", field: [{"text": "x"}] * (cap + 1)})


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "someone@example.org"},
        {"id": ""},
        {"id": "two words"},
        {"goals": [{"text": "x" * 401}]},
        {"goals": [{"text": "x", "priority": 4}]},
        {"goals": [{"text": "x", "kind": "fame"}]},
        {"offers": [{"text": "x", "level": 5}]},
        {"values": ["a", "b", "c", "d", "e", "f"]},
        {"style": {"task_relationship": 3}},
        {"languages": [{"tag": "english", "level": "B2"}]},
        {"languages": [{"tag": "en", "level": "D1"}]},
        {"place": {"country": "gb"}},
        {"place": {"geohash": "gcpvj0"}},
        {"place": {"geohash": "aaaaa"}},
        {"age_band": "33"},
        {"capacity": {"mentor": 21}},
        {"career_stage": "boss"},
        {"fields": ["nursing"]},
        {"pronouns": "x" * 31},
        {"roles": ["mentor", "mentor"]},
        {"line_manager": "p"},
        {"barriers": [{"kind": "cost", "strength": "some"}, {"kind": "cost", "strength": "strong"}]},
        {"availability": [{"start": "2026-01-01T10:00", "duration_minutes": 60, "time_zone": "Europe/Londn"}]},
        {"availability": [{"start": "2026-01-01T10:00+01:00", "duration_minutes": 60, "time_zone": "Europe/London"}]},
        {
            "availability": [
                {"start": "2026-01-01T10:00", "duration_minutes": 60, "time_zone": "UTC", "rrule": "HOURLY"}
            ]
        },
    ],
)
def test_bad_values_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(DataError):
        as_records([{"id": "p"} | bad], Person)


def test_errors_name_the_nearest_field_and_never_the_value() -> None:
    with pytest.raises(DataError) as caught:
        as_records([{"id": "p", "gaols": [], "pronouns": "a-secret-" * 9, "style": {"directive": 1}}], Person)
    text = str(caught.value)
    assert "did you mean 'goals'?" in text
    assert "directive_questioning" in text
    assert "a-secret" not in text


def test_time_zone_errors_suggest_the_nearest() -> None:
    with pytest.raises(ValidationError, match="Europe/London"):
        Availability(start="2026-01-01T10:00", duration_minutes=60, time_zone="Europe/Londn")  # type: ignore[arg-type]


def test_relationships_feedback_and_sizes_are_consistent() -> None:
    with pytest.raises(ValidationError):
        Relationship(person_id="a", other_id="a", kind="mentoring")
    with pytest.raises(ValidationError):
        Relationship(person_id="a", other_id="b", kind="mentoring", started="2026-02-01", ends="2026-01-01")  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Group(id="g", title="t", kind="hobby", size_min=9, size_max=3)
    items = {"about_id": "m", "wave": "end", "perspective": "requester", "items": {"trust": 5}}
    with pytest.raises(ValidationError, match="anonymous"):
        Feedback.model_validate(items)
    with pytest.raises(ValidationError, match="anonymous"):
        Feedback.model_validate(items | {"anonymous": True, "person_id": "a"})
    assert Feedback.model_validate(items | {"anonymous": True}).person_id is None


NOW = datetime(2026, 6, 1, tzinfo=UTC)


@given(
    st.integers(-400, 400), st.one_of(st.none(), st.integers(-400, 400)), st.one_of(st.none(), st.integers(-400, 400))
)
def test_consent_is_in_force_only_between_its_dates(granted: int, expires: int | None, withdrawn: int | None) -> None:
    def moment(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    grant = ConsentGrant(
        person_id="a",
        field="age_band",
        purpose="match",
        text_version="1",
        language="en",
        granted_at=NOW + timedelta(days=granted),
        expires_at=moment(expires),
        withdrawn_at=moment(withdrawn),
    )
    expected = granted <= 0 and all(end is None or end > 0 for end in (expires, withdrawn))
    assert grant.in_force(NOW) is expected
    assert grant.in_force(NOW.replace(tzinfo=None)) is expected


def test_cadence_minutes_per_week() -> None:
    from matchengine.records import Cadence

    assert [Cadence(every=e, minutes=60).minutes_per_week for e in ("weekly", "biweekly")] == [60, 30]  # type: ignore[arg-type]
    assert Cadence(every="monthly", minutes=65).minutes_per_week == pytest.approx(15)
