"""Joint invitations to events that welcome pairs."""

from __future__ import annotations

import pytest

from matchengine.errors import DataError, UnknownIdError
from matchengine.journey.invitations import joint_invitations
from tests.journey.test_bundle import MORE, event, loaded
from tests.support import mentee, mentor

PEOPLE = [mentee("a"), mentor("m"), mentee("b", interests=[{"text": "chess"}]), mentor("n")]


def test_both_of_a_pair_are_invited_to_the_same_event_that_welcomes_pairs() -> None:
    events = [
        event("alone"),
        event("both", pair_invitation=True),
        event("far", pair_invitation=True, topics=["stamps"]),
    ]
    made = loaded(MORE, people=PEOPLE, events=events)
    got = joint_invitations(made._scene("event"), [("a", "m"), ("b", "n")])
    told = {(one.person_id, one.other_id): one for one in got.invitations}
    assert told["a", "m"].event_id == "both"
    assert told["a", "m"].title == "Evening both"
    assert told["b", "n"].event_id in {"both", "far"}
    assert got.seed == made.config.run.seed


def test_without_room_for_two_a_pair_is_told_so() -> None:
    full = event("both", pair_invitation=True, capacity=30, size_now=29)
    made = loaded(MORE, people=PEOPLE, events=[full])
    [only] = joint_invitations(made._scene("event"), [("a", "m")]).invitations
    assert only.event_id is None
    assert "two places left" in only.why


def test_what_one_of_them_avoids_is_offered_to_neither() -> None:
    avoids = mentor("m", boundaries=[{"kind": "topic", "value": "hiking"}])
    made = loaded(MORE, people=[mentee("a"), avoids], events=[event("both", pair_invitation=True)])
    [only] = joint_invitations(made._scene("event"), [("a", "m")]).invitations
    assert only.event_id is None
    assert "hiking" not in only.why


def test_mistakes_are_told() -> None:
    made = loaded()
    with pytest.raises(DataError, match="suggests no events"):
        joint_invitations(made._scene("mentor"), [("a", "m0")])
    with pytest.raises(UnknownIdError):
        joint_invitations(made._scene("event"), [("a", "nobody")])
