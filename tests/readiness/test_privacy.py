"""What a readiness report may say: no private text, no personal rule, nothing that is hidden (domain.md B4)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.records import Readiness
from tests.privacy.test_hidden_fields import FLIPS, disclosing, flipped, loaded
from tests.readiness.programmes import READS_NEEDS, checked, needing, offering, three_by_three
from tests.support import group, mentee, mentor

GROUPS = [group("g"), group("h", topics=["chess"])]


@cache
def before(kind: str) -> Readiness:
    """Return the report of a programme in which people have told sensitive things."""
    return loaded(disclosing(), groups=GROUPS if kind == "group" else []).check(kind)


@pytest.mark.parametrize("field", FLIPS)
def test_a_hidden_field_of_every_mentor_changes_no_byte(field: str) -> None:
    other = loaded(flipped(disclosing(), FLIPS[field])).check("mentor")
    assert before("mentor").model_dump_json() == other.model_dump_json()


@pytest.mark.parametrize("field", ["attributes", "lived_experience", "age_band", "barriers", "wishes", "pronouns"])
def test_what_is_sensitive_of_those_who_look_changes_no_byte_either(field: str) -> None:
    other = loaded([p | FLIPS[field] for p in disclosing()], groups=GROUPS).check("group")
    assert before("group").model_dump_json() == other.model_dump_json()


def test_consent_or_none_is_the_same_report() -> None:
    assert before("mentor") == loaded(disclosing(), consents=[]).check("mentor")


def avoiding(who: str) -> list[dict[str, Any]]:
    """Return a mentee and the only mentor, one of whom does not want the other."""
    told = {"a": "m", "m": "a"}
    boundary = {"boundaries": [{"kind": "person", "value": told[who]}]}
    return [person | (boundary if person["id"] == who else {}) for person in (mentee("a"), mentor("m"))]


def test_a_personal_rule_is_an_obstacle_without_reason_direction_or_change() -> None:
    found = checked(avoiding("a"))
    assert found == checked(avoiding("m"))
    assert [(o.rule, o.text) for o in found.stuck[0].why] == [("personal_boundary", "a personal boundary")]
    assert found.stuck[0].changes == ()
    assert [(of.rule, of.changes, of.starved) for of in found.rules] == [("personal_boundary", (), 1)]
    assert found.summary == ("1 of 1 person looking has no possible candidate.",)


def test_all_personal_rules_are_one() -> None:
    one = checked(avoiding("a"))
    match = {"person_id": "a", "other_id": "m", "kind": "mentoring", "status": "ended", "do_not_rematch": True}
    assert checked([mentee("a"), mentor("m")], relationships=[match]) == one
    assert checked(avoiding("a"), relationships=[match]) == one


def test_a_change_never_goes_through_a_personal_rule() -> None:
    people = avoiding("a")
    people[1] |= {"vetting": None}
    found = checked([*people, mentor("n", vetting=None, modes=["in_person"])])
    assert [of.about for of in found.stuck[0].changes] == [("vetting", "mode_overlap")]
    assert not any("personal" in change.text for of in found.rules for change in of.changes)


PRIVATE = "escape the glass factory"


def private(**more: Any) -> list[dict[str, Any]]:
    """Return people with texts that no coordinator may read."""
    return [
        needing("a", PRIVATE, wants=[{"text": f"{PRIVATE} soon"}], **more),
        needing("b", PRIVATE, interests=[{"text": f"{PRIVATE} club"}]),
        offering("m", "bake bread") | {"hopes_to_gain": f"{PRIVATE} myself"},
    ]


@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_private_texts_stay_private(kind: str) -> None:
    found = checked(private(), kind=kind, groups=[group("g", topics=["bread"])])
    assert not leaked(found)
    assert {of.label for of in found.needs} <= {f"need {n}, to which no offer is close" for n in range(1, 9)}
    assert found.needs[0].demand == 2


def leaked(found: Readiness) -> list[str]:
    """Return the words of the private text that a report tells."""
    text = found.model_dump_json().casefold()
    return [word for word in PRIVATE.split() if word != "the" and word in text]


def test_what_the_notice_lets_coordinators_read_is_the_label() -> None:
    assert checked(private(), READS_NEEDS).needs[0].label == PRIVATE


def test_one_field_that_may_be_read_opens_no_other() -> None:
    interest = {"interests": [{"text": "sew sails"}]}
    people = [needing(name, PRIVATE) | interest for name in ("a", "b")]
    found = checked(people, READS_NEEDS.replace("needs", "interests"), "group", groups=[group("g", topics=["x"])])
    assert not leaked(found)
    assert sorted(of.label for of in found.needs) == ["need 1, to which no offer is close", "sew sails"]


def test_the_label_of_a_private_need_is_the_closest_offer() -> None:
    people = [needing("a", f"{PRIVATE} quickly"), offering("m", "escape the glass factory safely")]
    assert [of.label for of in checked(people).needs] == ["escape the glass factory safely"]


def sentences(found: Readiness) -> list[str]:
    """Return everything in a report that is said in words."""
    said = [*found.summary, *(of.label for of in found.slots)]
    for effect in found.rules:
        said += [effect.reason, *(change.text for change in effect.changes)]
    for of in found.stuck:
        said += [o.text for o in of.why] + [change.text for change in of.changes]
    return said + [word for of in found.thin for word in of.missing]


def test_every_sentence_comes_from_the_catalogue() -> None:
    people = [
        *three_by_three(),
        *(mentee(f"x{n}") for n in range(9)),
        *avoiding("a")[:1],
        {"id": "t", "roles": ["mentor"], "adult": True},
        needing("u", "читати", text_language="uk", languages=[{"tag": "uk", "level": "C1"}]),
        mentee("w", modes=["in_person"], languages=[{"tag": "fr", "level": "C1"}]),
        mentee("z", availability=[]),
    ]
    people = list({person["id"]: person for person in people}.values())
    with speaking(PSEUDO):
        found = checked(people)
    said = sentences(found)
    assert len(said) > 30
    assert [text for text in said if not (text.startswith("⟦") and text.endswith("⟧"))] == []
    assert found.model_copy(update={"summary": ()}) != checked(people)
