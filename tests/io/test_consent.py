"""Sensitive columns: only with a consent column, row by row, and never shown (domain.md B4)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matchengine.io import ImportRefusedError, PeopleImport, read_people, write_folder
from matchengine.io.mapping import Mapping, parse_mapping
from matchengine.records import ConsentGrant, Person

CONSENT = """
[defaults]
text_language = "en"
[columns]
"id" = "id"
"Mail" = "contact.email"
"Gender" = "attributes.gender"
"Age" = "age_band"
"Care" = { to = "barriers", when_yes = "childcare", fixed = { strength = "strong" } }
[[consent]]
column = "May we match on this?"
fields = ["attributes.gender", "age_band"]
purposes = ["match", "explain"]
audience = "coordinator"
text_version = "v3"
date_column = "Timestamp"
expires_after_days = 365
yes = ["That is fine with me"]
"""


def mapping(text: str = CONSENT) -> Mapping:
    return parse_mapping(text)


def row(number: int, answer: object, **more: object) -> dict[str, object]:
    given = {
        "id": str(number),
        "Gender": "woman",
        "Age": "31",
        "May we match on this?": answer,
        "Timestamp": "31/5/2024",
    }
    return {**given, **more}


def sensitive(person: Person) -> dict[str, object]:
    return person.model_dump(
        include={"attributes", "age_band", "barriers", "pronouns", "wishes"}, exclude_defaults=True
    )


@pytest.mark.parametrize("answer", ["Yes", "x", 1, True, "that is fine with me!", "sí"])
def test_clear_yes_keeps_the_value_and_grants(answer: object) -> None:
    made = read_people([row(1, answer)], mapping())
    assert made.people[0].age_band == "25-34"
    assert made.people[0].attributes[0].value == "woman"
    grants = {(g.field, g.purpose) for g in made.consents}
    assert grants == {(f, p) for f in ("attributes.gender", "age_band") for p in ("match", "explain")}
    grant = made.consents[0]
    assert (grant.person_id, grant.audience, grant.text_version, grant.source) == ("1", "coordinator", "v3", "form")
    assert grant.granted_at == datetime(2024, 5, 31)
    assert grant.in_force(datetime(2024, 6, 1, tzinfo=UTC))
    assert not grant.in_force(datetime(2025, 6, 30, tzinfo=UTC))
    assert not made.report.failures


@pytest.mark.parametrize("answer", ["no", "", None, "maybe", "yes, but not my age", 0, "2", "?"])
def test_anything_else_drops_the_value_and_is_counted(answer: object) -> None:
    made = read_people([row(1, answer), row(2, "yes")], mapping())
    assert sensitive(made.people[0]) == {}
    assert {g.person_id for g in made.consents} == {"2"}
    counted = [p for p in made.report.problems if "1 value without a clear yes" in p.expected]
    assert {p.column for p in counted} == {"Gender", "Age"}
    assert not made.report.failures, "somebody's no is no fault of the file"


def test_column_without_consent_in_the_mapping_is_dropped_and_reported() -> None:
    made = read_people([row(1, "yes", Care="1")], mapping())
    assert "barriers" not in sensitive(made.people[0])
    (problem,) = made.report.failures
    assert problem.column == "Care"
    assert "[[consent]] for barriers" in problem.expected
    with pytest.raises(ImportRefusedError):
        read_people([row(1, "yes", Care="1")], mapping(), strict=True)


def test_consent_column_missing_from_the_file_drops_everything() -> None:
    made = read_people([{"id": "1", "Gender": "woman", "Age": "31", "Timestamp": "31/5/2024"}], mapping())
    assert sensitive(made.people[0]) == {}
    assert {p.column for p in made.report.failures} == {"Gender", "Age"}


def test_guessed_sensitive_columns_and_records_are_dropped_too() -> None:
    made = read_people([{"id": "1", "Gender": "woman", "Pronouns": "she/her", "age_band": "25-34"}])
    assert made.people == [Person(id="1")]
    assert {p.column for p in made.report.failures} == {"Gender", "Pronouns", "age_band"}


def test_consent_without_a_date_is_none() -> None:
    made = read_people([row(1, "yes", Timestamp="once")], mapping())
    assert sensitive(made.people[0]) == {}
    assert {p.column for p in made.report.failures} == {"Timestamp"}


def test_two_rows_of_one_person_that_disagree_mean_no() -> None:
    made = read_people([row(1, "yes"), row(1, "no", Gender="woman")], mapping())
    assert sensitive(made.people[0]) == {}
    assert made.consents == []
    made = read_people([row(1, "yes"), row(1, None, Gender="")], mapping())
    assert made.people[0].attributes, "no answer in the second file takes nothing back"


def test_answers_may_allow_different_purposes() -> None:
    text = CONSENT.replace('purposes = ["match", "explain"]', 'answers = { "Matching" = ["match"], "Never" = [] }')
    made = read_people([row(1, "matching"), row(2, "Never"), row(3, "yes")], mapping(text))
    assert {(g.person_id, g.purpose) for g in made.consents} == {("1", "match")}


def test_records_keep_only_what_given_consents_cover() -> None:
    person = Person(
        id="1",
        attributes=[{"dimension": "gender", "value": "woman"}, {"dimension": "faith", "value": "none"}],  # type: ignore[list-item]
        age_band="25-34",
    )
    grant = ConsentGrant(
        person_id="1",
        field="attributes.gender",
        purpose="match",
        text_version="1",
        language="en",
        granted_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    made = read_people([person], consents=[grant])
    assert [a.dimension for a in made.people[0].attributes] == ["gender"]
    assert made.people[0].age_band is None
    assert len(made.report.failures) == 2


CANARIES = {
    "Mail": "canary-mail@example.org",
    "Name": "Canaria Secretname",
    "Phone": "+44 20 7946 0000",
    "Gender": "canary-gender",
    "Age": "canary-age",
    "Pronouns": "canary/pronoun",
    "Barriers": "canary-barrier",
    "Wishes": "canary-wish (very)",
    "Lived": "canary-lived " * 20,
    "Boss": "canaryboss",
    "Not": "canary name",
    "Capacity": "canary-capacity@example.org",
}
ALL = """
[columns]
"Mail" = "contact.email"
"Name" = "contact.name"
"Phone" = "contact.phone"
"Gender" = "attributes.gender"
"Age" = "age_band"
"Pronouns" = "pronouns"
"Barriers" = "barriers"
"Wishes" = "wishes"
"Lived" = { to = "lived_experience", split = "" }
"Boss" = "line_manager"
"Not" = "boundaries.person"
"Capacity" = "capacity.mentor"
"Goals" = "goals"
[[consent]]
column = "Consent"
fields = ["attributes.gender", "age_band", "pronouns", "barriers", "wishes", "lived_experience"]
purposes = ["match"]
text_version = "1"
language = "en"
date = 2024-01-01
"""


def leaky_import() -> PeopleImport:
    first = {**CANARIES, "Consent": "yes", "Goals": "sing"}
    second = {**first, "Name": "Canaria Othername", "Phone": "canary-phone 2", "Consent": "canary-maybe"}
    return read_people([first, second, {**first, "Mail": "canary broken mail", "Name": ""}], parse_mapping(ALL))


def test_no_contact_or_sensitive_value_in_report_error_log_or_repr(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = leaky_import()
        write_folder(tmp_path, {"people": made.people}, contacts=made.contacts, report=made.report)
        with pytest.raises(ImportRefusedError) as error:
            read_people([{**CANARIES, "Consent": "yes"}], parse_mapping(ALL), strict=True)
    assert made.report.failures
    faces = [caplog.text, made.report.render(), json.dumps(made.report.to_dict()), repr(made), repr(made.contacts)]
    faces += [
        str(error.value),
        repr([*made.contacts]),
        *capsys.readouterr(),
        (tmp_path / "import-report.json").read_text(),
    ]
    for face in faces:
        assert "canar" not in face.casefold().replace("canaryboss' is", ""), face
        assert "7946" not in face
    people = (tmp_path / "people.jsonl").read_text()
    assert "@" not in people
    assert "Secretname" not in people
