"""What an import changes is told by id and field name: all of it, and never a value."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.io import Contact, ContactSheet, Folder, read_people
from matchengine.io.diff import KINDS, PRIVATE, Changes, Difference, difference
from matchengine.io.mapping import parse_mapping
from matchengine.records import ConsentGrant, Group, Person, Relationship
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS


def person(person_id: str, **fields: object) -> Person:
    return Person.model_validate({"id": person_id, **fields})


def folder(*people: Person, **lists: object) -> Folder:
    return Folder(people=list(people), **lists)  # type: ignore[arg-type]


def grant(person_id: str, field: str, purpose: str = "match") -> ConsentGrant:
    return ConsentGrant(
        person_id=person_id,
        field=field,
        purpose=purpose,  # type: ignore[arg-type]
        text_version="2026-01",
        language="en",
        granted_at=datetime(2026, 1, 2),
    )


def test_every_person_is_added_changed_gone_or_the_same() -> None:
    before = folder(person("a", values=["care"]), person("b"), person("c", career_stage="mid"), person("d"))
    after = folder(person("a", values=["fun"], career_stage="mid"), person("b"), person("c"), person("e"))
    found = difference(before, after)
    assert found.people == Changes(
        added=("e",), changed={"a": ("career_stage", "values"), "c": ("career_stage",)}, gone=("d",)
    )
    assert not found.groups
    assert difference(after, before).people == Changes(added=("d",), changed=found.people.changed, gone=("e",))
    assert not difference(before, before)


def test_the_order_of_people_and_of_lists_is_no_difference() -> None:
    first = [person("a", roles=["mentor", "mentee"], values=["care", "fun"]), person("b")]
    second = [person("b"), person("a", roles=["mentee", "mentor"], values=["fun", "care"])]
    assert not difference(folder(*first), folder(*second))


def test_groups_relationships_and_consents_have_their_own_changes() -> None:
    before = folder(
        groups=[Group(id="g", title="Bakers", kind="hobby"), Group(id="h", title="Singers", kind="hobby")],
        relationships=[
            Relationship(person_id="a", other_id="b", kind="mentoring"),
            Relationship(person_id="a", other_id="c", kind="must_not"),
        ],
        consents=[grant("a", "age_band")],
    )
    after = folder(
        groups=[Group(id="g", title="Bakers", kind="hobby", suspended=True)],
        relationships=[
            Relationship(person_id="a", other_id="b", kind="mentoring", status="ended"),
            Relationship(person_id="a", other_id="b", kind="mentoring", status="active", started="2026-02-01"),
        ],
        consents=[grant("a", "age_band"), grant("a", "attributes.orientation"), grant("b", "age_band")],
    )
    found = difference(before, after)
    assert found.groups == Changes(changed={"g": ("suspended",)}, gone=("h",))
    assert found.relationships == Changes(
        added=("a b mentoring 2",), changed={"a b mentoring": ("status",)}, gone=("a must_not",)
    )
    assert found.consents == Changes(added=("b",), changed={"a": (PRIVATE,)})


SENSITIVE = {
    "attributes": [{"dimension": "orientation", "value": "bisexual"}],
    "lived_experience": ["grew up in care"],
    "age_band": "55-64",
    "barriers": [{"kind": "childcare", "strength": "strong"}],
    "wishes": [{"dimension": "gender", "strength": "nice"}],
    "joint_wishes": [{"dimensions": ["gender", "faith"]}],
    "anchors": ["gospel choir"],
    "pronouns": "they/them",
    "boundaries": [{"kind": "venue", "value": "home"}],
    "safety_needs": ["moderation"],
    "norm_needs": ["alcohol_free"],
}


@pytest.mark.parametrize("name", sorted(SENSITIVE))
def test_a_sensitive_field_is_never_named(name: str) -> None:
    found = difference(folder(person("a")), folder(person("a", **{name: SENSITIVE[name]})))
    assert found.people.changed == {"a": (PRIVATE,)}
    told = "\n".join([*found.summary(), *found.render(), found.model_dump_json()])
    assert name not in told
    assert "a sensitive field" in told


def test_the_sensitive_fields_tested_are_all_there_are() -> None:
    assert set(SENSITIVE) >= SENSITIVE_PERSON_FIELDS


def test_no_value_stands_in_a_difference() -> None:
    sheet = ContactSheet([Contact(id="a", name="Zorvanna Quib", email="zorvanna@example.org")])
    later = ContactSheet([Contact(id="a", name="Zorvanna Quibble", email="zq@example.org")])
    secret = {"goals": [{"text": "leave my employer quietly"}], "place": {"area": "Vexholm"}}
    found = difference(folder(person("a"), contacts=sheet), folder(person("a", **secret), contacts=later))
    assert found.people.changed == {"a": ("contact.email", "contact.name", "goals", "place")}
    told = "\n".join([*found.summary(), *found.render(), found.model_dump_json(), repr(found)])
    for value in ("leave", "Vexholm", "orvanna", "zq@"):
        assert value not in told


def test_the_summary_counts_and_names_the_fields() -> None:
    before = folder(person("c", values=["x"]), person("d", values=["x"], career_stage="mid"), person("f"))
    after = folder(person("a"), person("b"), person("e"), person("c"), person("d"))
    found = difference(before, after)
    assert found.summary() == [
        "3 people added, 2 changed (values, career_stage), 1 gone",
        "No longer in the programme: f.",
    ]
    assert found.render() == [
        "3 people added, 2 changed (values, career_stage), 1 gone",
        "  Added: a, b, e",
        "  Changed: c (values)",
        "  Changed: d (career_stage, values)",
        "  Gone, no longer in the programme: f",
    ]
    assert difference(before, before).summary() == ["Nothing has changed since the last import."]
    assert difference(before, before).render() == difference(before, before).summary()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("added", "noun"), [(("x",), 1), (("x", "y"), 2)])
def test_each_kind_has_a_sentence(kind: str, added: tuple[str, ...], noun: int) -> None:
    for changed in ({}, {"z": ("f",)}):
        told = Difference.model_validate({kind: Changes(added=added, changed=changed)}).summary()
        assert len(told) == 1
        assert f"{noun} " in told[0]
        assert f"{len(changed)} changed" in told[0]
        assert told[0].endswith("0 gone")


def test_every_sentence_can_be_translated() -> None:
    before = folder(*(person(f"p-{n}", values=["x"]) for n in range(20)), consents=[grant("p-0", "age_band")])
    found = difference(before, folder(person("p-0", age_band="18-24"), person("n"), groups=[GROUP]))
    with speaking(PSEUDO):
        lines = [*found.summary(), *found.render(), *difference(before, before).summary()]
    assert len(lines) > 8
    for line in lines:
        assert line.strip().startswith("⟦")
        assert line.endswith("⟧")
        assert "a sensitive field" not in line


GROUP = Group(id="g", title="Bakers", kind="hobby")


def test_a_long_list_of_people_who_left_is_cut_in_the_summary_alone() -> None:
    everybody = [person(f"p-{number:02}") for number in range(14)]
    found = difference(folder(*everybody), folder(everybody[0]))
    assert found.summary()[-1].endswith("p-10 and 3 more.")
    assert "p-13" in found.render()[-1]


MAPPING = '[columns]\n"{no}" = "id"\n"{mail}" = "contact.email"\n"{name}" = "contact.name"\n"{goal}" = "goals"\n'


def imported(path: Path, text: str, headers: dict[str, str], contacts: ContactSheet | None = None) -> Folder:
    path.write_text(",".join(headers.values()) + "\n" + text, encoding="utf-8")
    made = read_people(path, parse_mapping(MAPPING.format(**headers)), contacts=contacts)
    assert not made.report.failures
    return Folder(people=made.people, contacts=made.contacts)


def test_ids_stay_through_corrected_addresses_and_renamed_headers(tmp_path: Path) -> None:
    headers = {"no": "No", "mail": "E-mail", "name": "Name", "goal": "Goal"}
    renamed = {"no": "Member", "mail": "Address", "name": "Who", "goal": "What next?"}
    first = imported(
        tmp_path / "a.csv", "m-1,ida@exampel.org,Ida Brook,bake\n,tom@example.org,Tom Vale,bees\n", headers
    )
    tom = first.contacts.id_for("tom@example.org")
    second = imported(
        tmp_path / "b.csv",
        ",Tom@Example.org,Tom Vale,bees\nm-1,ida@example.org,Ida Brook,bake bread\n",
        renamed,
        first.contacts,
    )
    found = difference(first, second)
    assert found.people == Changes(changed={"m-1": ("contact.email", "goals")})
    assert tom in {one.id for one in second.people}


def test_a_corrected_address_without_an_id_is_pointed_out(tmp_path: Path) -> None:
    headers = {"no": "No", "mail": "E-mail", "name": "Name", "goal": "Goal"}
    rows = ",tom@{}.org,Tom Vale,bees\n,ann@example.org,Ann Oak,bees\n"
    first = imported(tmp_path / "a.csv", rows.format("exampel"), headers)
    second = imported(tmp_path / "b.csv", rows.format("example"), headers, first.contacts)
    found = difference(first, second)
    (new,), (old,) = found.people.added, found.people.gone
    assert found.perhaps_same == {new: old}
    assert f"{new} = {old}" in found.summary()[-1]
    assert "Tom" not in "".join(found.render())
