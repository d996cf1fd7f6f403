"""The years between the people of some suggestions."""

from __future__ import annotations

from typing import Any

import pytest

import matchengine as me
from matchengine.journey.generations import gaps
from matchengine.records import Suggestion
from tests.support import engine, group, mentee, mentor

SINCE = {"purpose": "match", "text_version": "1", "language": "en", "granted_at": "2026-01-01T00:00:00Z"}


def programme(consent: bool = True, **more: Any) -> me.Engine:
    """Twelve mentees of 18 to 24 and as many mentors of 65 to 74, without career stages."""
    people = [mentee(f"a{n}", age_band="18-24") for n in range(12)]
    people += [mentor(f"m{n}", age_band="65-74") for n in range(12)]
    made = engine()
    ids = [person["id"] for person in people]
    grants = [{"person_id": each, "field": "age_band", **SINCE} for each in ids] if consent else []
    made.load([person | more for person in people], groups=[group("g")], consents=grants)
    return made


def suggestions(made: me.Engine, kind: str = "mentor") -> list[Suggestion]:
    """One suggestion for everybody."""
    return [one for of in made.suggest_many([f"a{n}" for n in range(12)], kind, 1).values() for one in of]


def counts(told: Any) -> list[int | None]:
    return [cell.pairs for cell in told.cells]


def test_ages_count_with_consent() -> None:
    made = programme()
    told = gaps(made._scene("mentor"), suggestions(made))
    assert (told.kind, told.pairs) == ("mentor", 12)
    assert counts(told) == [None, None, None, None, 12, None]


def test_without_consent_the_gap_is_unknown_and_stages_stand_in() -> None:
    made = programme(consent=False)
    told = gaps(made._scene("mentor"), suggestions(made))
    assert counts(told) == [None] * 6
    assert told.unknown == 12
    made = programme(consent=False, career_stage="mid")
    assert counts(gaps(made._scene("mentor"), suggestions(made)))[0] == 12


def test_no_suggestions() -> None:
    assert gaps(programme()._scene("mentor"), []).pairs == 0


def test_groups_have_no_age() -> None:
    made = programme()
    with pytest.raises(me.MatchEngineError, match="suggests no people"):
        gaps(made._scene("group"), suggestions(made, "group"))


def test_somebody_who_has_left_is_named() -> None:
    made = programme()
    told = suggestions(made)
    made.remove(told[0].candidate_id)
    with pytest.raises(me.MatchEngineError, match=told[0].candidate_id):
        gaps(made._scene("mentor"), told)
