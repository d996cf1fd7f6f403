"""Constraints on groups: safety, boundaries, framing, norms, conditions, visibility."""

from typing import get_args

import numpy as np

from matchengine.records import vocabulary as v
from matchengine.scorers.rules import groups
from matchengine.scorers.rules.bits import bit

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)


def words(vocabulary, *sets):
    known = get_args(vocabulary)
    return np.array([sum(1 << known.index(word) for word in chosen) for chosen in sets], np.uint32)


def told(ruled):
    return [bool(p) if k else None for p, k in zip(ruled.passes, ruled.known, strict=True)]


def safe(needs=(), items=(), risk=0.0, complete=NAN, suspended=0.0):
    needed, offered = words(v.SafetyItem, needs), words(v.SafetyItem, items)
    return groups.group_safety(needed, offered, column(risk), column(complete), column(suspended)).tolist() == [True]


def test_every_requested_safety_item_must_be_there():  # S3-01
    assert safe(needs=["moderation"], items=["moderation", "code_of_conduct"])
    assert not safe(needs=["moderation", "private_attendance"], items=["moderation"])
    assert not safe(needs=["moderation"])


def test_a_support_group_without_a_complete_safety_profile_is_never_recommended():  # S1-09
    assert safe(risk=1, complete=1)
    assert not safe(risk=1, complete=0)
    assert not safe(risk=1)


def test_the_highest_risk_is_for_people_to_decide():  # S4-04
    assert not safe(risk=2, complete=1)


def test_what_is_unknown_or_suspended_is_refused():
    assert safe()
    assert not safe(risk=NAN, complete=1)
    assert not safe(suspended=1)
    assert not safe(suspended=NAN)


def test_boundaries_on_kind_venue_and_topic():
    kinds, venues = (
        words(v.GroupKind, {"faith"}, {"faith"}, {"faith"}, (), ()),
        words(v.VenueType, (), (), (), {"home"}, ()),
    )
    kind = words(v.GroupKind, {"faith"}, {"hobby"}, (), {"hobby"}, ())
    venue = words(v.VenueType, (), {"home"}, {"home"}, {"home"}, ())
    topic = np.zeros(5, bool)
    assert told(groups.group_boundaries(kinds, kind, venues, venue, topic)) == [False, True, None, False, True]
    assert told(groups.group_boundaries(kinds, kind, venues, venue, ~topic)) == [False] * 5


def test_who_prefers_topics_gets_no_identity_framing():  # S4-12
    wish = words(v.FramingPreference, {"topic_focused"}, {"topic_focused"}, {"topic_focused"}, {"either"}, ())
    frame = words(
        v.GroupFraming, {"identity_focused"}, {"topic_focused"}, (), {"identity_focused"}, {"identity_focused"}
    )
    assert told(groups.framing(wish, frame)) == [False, True, None, True, True]


def test_every_needed_norm_must_be_known_to_be_there():
    needs = words(v.GroupNorm, {"alcohol_free"}, {"alcohol_free", "dietary"}, {"dietary"}, ())
    norms = words(v.GroupNorm, {"alcohol_free", "modest"}, {"alcohol_free"}, (), ())
    assert told(groups.norms(needs, norms)) == [True, False, None, True]


def test_a_condition_never_hides_a_group():  # B4: eligibility never outs
    result = groups.group_condition(column(1, 0, NAN))
    assert result.passes.all()
    assert told(result) == [None, True, None]


def test_private_people_get_no_public_advocacy():  # S3-09
    wish = words(v.Visibility, {"private"}, {"private"}, {"private"}, {"public"}, ())
    kind = words(v.GroupKind, {"advocacy"}, {"hobby"}, (), {"advocacy"}, {"advocacy"})
    assert told(groups.visibility(wish, kind)) == [False, True, None, True, True]


def test_bits_follow_the_vocabulary():
    assert [bit(v.Mode, word) for word in get_args(v.Mode)] == [1, 2, 4, 8, 16]
