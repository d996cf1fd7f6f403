"""How a gathering welcomes newcomers: what is there, what is missing, what nobody has said."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.errors import DataError, UnknownIdError
from matchengine.journey.welcome import welcome_of, welcomes
from matchengine.records import Group
from matchengine.records.welcome import WELCOMING_PRACTICES, WELCOMING_WORDS, Welcome
from tests.journey.easy import feeling, offering, opened, scene

FIELDS: dict[str, dict[str, Any]] = {
    "newcomers_welcome": {"beginner_friendly": True},
    "named_contact": {"contacts": [{"person_id": "a", "consented": True}]},
    "what_to_expect": {"how_it_works": "We meet at the gate."},
    "come_along": {"accompanied": True},
    "try_once": {"try_once": True},
}


def of(**told: Any) -> Welcome:
    return welcome_of(Group.model_validate(offering("g", **told)))


def keys(practices: Any) -> set[str]:
    return {practice.key for practice in practices}


def test_silence_is_unknown_and_not_zero() -> None:
    found = of()
    assert (found.score, found.known, found.present) == (None, 0, ())
    assert keys(found.missing) == set(WELCOMING_PRACTICES)
    assert not any(practice.absent for practice in found.missing)


def test_a_checklist_says_what_is_there_and_what_is_not() -> None:
    found = of(welcome=["Greeters", "bilingual signs", "tea and cake"])
    assert (found.score, found.known, found.other) == (0.5, 4, ("tea and cake",))
    assert keys(found.present) == {"greeters", "bilingual_signs"}
    assert {p.key for p in found.missing if p.absent} == {"simple_logistics", "visible_inclusion"}


@pytest.mark.parametrize("key", FIELDS)
def test_fields_tell_the_rest(key: str) -> None:
    found = of(**FIELDS[key])
    assert (keys(found.present), found.score, found.known) == ({key}, 1, 1)


def test_a_no_counts_and_a_greeter_who_did_not_consent_is_none() -> None:
    found = of(beginner_friendly=False, contacts=[{"person_id": "a", "consented": False}], try_once=True)
    assert (found.score, found.known) == (pytest.approx(1 / 3), 3)
    assert {p.key for p in found.missing if p.absent} == {"newcomers_welcome", "named_contact"}


@pytest.mark.parametrize(("key", "word"), [(k, w) for k, words in WELCOMING_WORDS.items() for w in words])
def test_every_word_of_the_list_is_understood(key: str, word: str) -> None:
    assert keys(of(welcome=[word.upper().replace(" ", "-")]).present) == {key}
    assert keys(of(welcome=[key]).present) == {key}


def test_every_practice_has_words_or_a_field() -> None:
    assert set(WELCOMING_PRACTICES) == set(WELCOMING_WORDS) | set(FIELDS)
    everything = of(
        welcome=list(WELCOMING_PRACTICES.values())[:4], **{k: v for f in FIELDS.values() for k, v in f.items()}
    )
    assert (everything.score, everything.missing, everything.other) == (1, (), ())


def test_all_groups_of_a_kind_or_one() -> None:
    made = opened([feeling("a")], [offering("h"), offering("g"), offering("gone")])
    made.remove("gone")
    assert [one.candidate_id for one in welcomes(scene(made))] == ["g", "h"]
    assert [one.candidate_id for one in welcomes(scene(made), "h")] == ["h"]
    with pytest.raises(UnknownIdError):
        welcomes(scene(made), "gone")
    with pytest.raises(DataError, match="no supports"):
        welcomes(scene(made, "mentor"))
