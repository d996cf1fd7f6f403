"""SEC4: what reaches a store is what a consent allows, no more, and for the pool no less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import consent, mentee

from matchengine.pool.calendar import Calendar
from matchengine.pool.consents import AUDIT, Consents
from matchengine.pool.sensitive import sensitive_columns
from matchengine.pool.shared import Shared
from matchengine.records import ConsentGrant, Person
from matchengine.records import vocabulary as v
from matchengine.store.projection import SENSITIVE, discloses, projected

DISCLOSED: dict[str, Any] = {
    "attributes": [
        {"dimension": "gender", "value": "woman"},
        {"dimension": "religion", "value": "none"},
        {"dimension": "lived_experience", "value": "odd name"},
        {"dimension": "age_band", "value": "odd name too"},
    ],
    "lived_experience": ["returned after a break"],
    "age_band": "35-44",
    "barriers": [{"kind": "cost", "strength": "strong"}],
    "wishes": [{"dimension": "gender", "strength": "nice"}, {"dimension": "lived_experience", "strength": "important"}],
    "joint_wishes": [{"dimensions": ["gender", "religion"]}],
    "anchors": ["the allotment"],
    "pronouns": "they",
}
WHOLE = Person.model_validate(mentee("a", **DISCLOSED))
FIELDS = (*SENSITIVE, "attributes.gender", "attributes.religion", "attributes.lived_experience", "attributes.age_band")
PURPOSES = get_args(v.ConsentPurpose)
AUDIENCES = get_args(v.ConsentAudience)
NOW = datetime.now(UTC)
CONSENTS = ("match", "explain", "group_balance", AUDIT)
ENDS = [{}, {"withdrawn_at": "2025-06-01T00:00:00Z"}, {"expires_at": "2025-06-01T00:00:00Z"}]
SCOPES = st.lists(
    st.tuples(
        st.sampled_from(FIELDS), st.sampled_from(PURPOSES), st.sampled_from(AUDIENCES), st.sampled_from([0, 0, 0, 1, 2])
    ),
    max_size=12,
)
Scope = tuple[str, str, str, int]


def grants(scopes: list[Scope]) -> list[ConsentGrant]:
    return [
        ConsentGrant.model_validate(consent("a", field, purpose, audience, **ENDS[end]))
        for field, purpose, audience, end in scopes
    ]


def used(person: Person, consents: Consents) -> tuple[Any, ...]:
    """All that a pool keeps of a person's sensitive fields, words that may be told and words for audits too."""
    shared = Shared(Calendar(NOW.date()), key=b"k" * 32)
    shared.must_share = frozenset({"gender"})
    columns = sensitive_columns([person], shared, consents)
    held = {name: np.asarray(column) for name, column in columns.items()}
    tokens = {name: [w for n, w in enumerate(codes) if codes] for name, codes in shared.codes.items()}
    audited = [
        (each.dimension, each.value) for each in person.attributes if consents.allows_token("a", each.dimension, AUDIT)
    ]
    audited += [("age_band", person.age_band)] if consents.allows_token("a", "age_band", AUDIT) else []
    audited += [
        ("lived", each) for each in person.lived_experience if consents.allows_token("a", "lived_experience", AUDIT)
    ]
    return {name: column.tobytes() for name, column in held.items()}, tokens, shared.reveals, audited


@settings(max_examples=200, deadline=None)
@given(SCOPES)
def test_the_pool_can_use_of_a_projected_person_what_it_could_use_of_the_whole_one(scopes: list[Scope]) -> None:
    consents = Consents(grants(scopes))
    assert used(projected(WHOLE, consents), consents) == used(WHOLE, consents)


@settings(max_examples=200, deadline=None)
@given(SCOPES)
def test_what_no_consent_in_force_allows_is_not_there(scopes: list[Scope]) -> None:
    consents = Consents(grants(scopes))
    left = projected(WHOLE, consents)
    live = {
        field
        for field, purpose, _to, end in scopes
        if end == 0 and purpose in ("match", "explain", "group_balance", AUDIT)
    }
    for name in SENSITIVE:
        by = {
            "joint_wishes": {"wishes"},
            "attributes": {f for f in live if f.startswith(("attributes", "lived", "age"))},
        }
        if not live & by.get(name, {name}):
            assert not getattr(left, name), name
    for name in set(Person.model_fields) - {*SENSITIVE}:
        assert getattr(left, name) == getattr(WHOLE, name)
    assert projected(left, consents) == left


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_field_purpose_and_audience_alone(field: str, purpose: str, audience: str) -> None:
    consents = Consents(grants([(field, purpose, audience, 0)]))
    assert used(projected(WHOLE, consents), consents) == used(WHOLE, consents)


def test_who_consented_to_nothing_equals_who_never_disclosed() -> None:
    silent = Person.model_validate(mentee("a"))
    assert projected(WHOLE, Consents()) == silent
    assert discloses(WHOLE)
    assert not discloses(silent)


def test_a_consent_that_begins_later_keeps_the_field_and_lets_nobody_read_it() -> None:
    later = (NOW + timedelta(hours=1)).isoformat()
    consents = Consents([ConsentGrant.model_validate(consent("a", "anchors", granted_at=later))])
    assert projected(WHOLE, consents).anchors == WHOLE.anchors
    assert not consents.allows("a", "anchors")
