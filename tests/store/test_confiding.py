"""Each sensitive field alone: what is left of it without a consent, and when somebody confides less than before."""

from __future__ import annotations

from typing import Any

import pytest
from tests.store.test_projection import DISCLOSED
from tests.support import consent, mentee

from matchengine.pool.consents import Consents
from matchengine.records import ConsentGrant, Person
from matchengine.store.projection import SENSITIVE, confides_less, discloses, projected

SEVERAL = tuple(name for name in SENSITIVE if isinstance(DISCLOSED[name], list))
SILENT = Person.model_validate(mentee("a"))


def saying(**told: Any) -> Person:
    return Person.model_validate(mentee("a", **told))


@pytest.mark.parametrize("name", SENSITIVE)
def test_one_field_alone_needs_its_consent(name: str) -> None:
    person = saying(**{name: DISCLOSED[name]})
    consents = Consents([ConsentGrant.model_validate(consent("a", "wishes" if name == "joint_wishes" else name))])
    assert discloses(person)
    assert projected(person, Consents()) == SILENT
    if name != "attributes":
        assert projected(person, consents) == person


@pytest.mark.parametrize("name", SENSITIVE)
def test_who_takes_a_field_back_confides_less_and_who_adds_one_does_not(name: str) -> None:
    person = saying(**{name: DISCLOSED[name]})
    assert confides_less(SILENT, person)
    assert not confides_less(person, SILENT)
    assert not confides_less(person, person)


@pytest.mark.parametrize("name", SENSITIVE)
def test_what_else_is_said_makes_up_for_nothing(name: str) -> None:
    whole = saying(**DISCLOSED)
    assert confides_less(saying(**{each: told for each, told in DISCLOSED.items() if each != name}), whole)


@pytest.mark.parametrize("name", SEVERAL)
def test_one_of_several_that_is_replaced_is_taken_back(name: str) -> None:
    before, after = saying(**{name: DISCLOSED[name]}), list(getattr(saying(**DISCLOSED), name))
    other = {
        "attributes": {"dimension": "team", "value": "blue"},
        "barriers": {"kind": "language", "strength": "some"},
        "wishes": {"dimension": "team", "strength": "nice"},
        "joint_wishes": {"dimensions": ["team", "religion"]},
    }.get(name, "another")
    assert confides_less(saying(**{name: [*after[1:], other]}), before)
    assert not confides_less(saying(**{name: [other, *after]}), before)


def test_another_age_band_or_pronoun_is_another_answer() -> None:
    assert confides_less(saying(age_band="45-54"), saying(age_band="35-44"))
    assert confides_less(saying(pronouns="she"), saying(pronouns="they"))
    assert not confides_less(saying(hopes_to_gain="courage"), saying(hopes_to_gain="rest"))
