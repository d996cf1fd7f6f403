"""Rules about what a group is and how it works (domain.md C10; S1-09, S3-01, S3-09, S4-04, S4-07, S4-12)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import BoolArray, FloatArray, Ruled
from matchengine.components import constraint
from matchengine.records import vocabulary as v
from matchengine.scorers.rules.bits import MaskArray, bit

__all__ = [
    "framing",
    "group_boundaries",
    "group_condition",
    "group_safety",
    "norms",
    "private_topic",
    "support_group_size",
    "upcoming",
    "visibility",
]

_TOPIC_FOCUSED = bit(v.FramingPreference, "topic_focused")
_IDENTITY_FRAMED = bit(v.GroupFraming, "identity_focused")
_PRIVATE = bit(v.Visibility, "private")
_PUBLIC_ADVOCACY = np.uint32(sum(1 << v.GATHERING_KINDS.index(kind) for kind in ("advocacy", "protest")))
_SUPPORT_KINDS = np.uint32(sum(1 << v.GATHERING_KINDS.index(kind) for kind in ("support", "self_help")))
_PRIVATE_VENUES = np.uint32(sum(bit(v.VenueType, venue) for venue in ("centre", "home", "conference_room", "online")))
_IN_PERSON = bit(v.Mode, "in_person")


@constraint(
    "group_boundaries",
    reason="a personal boundary",
    confirm="check what kind of group it is and where it meets",
    always_on=True,
    personal=True,
)
def group_boundaries(
    requester_blocked_kinds: MaskArray,
    candidate_kind: MaskArray,
    requester_blocked_venues: MaskArray,
    candidate_venue_type: MaskArray,
    pair_blocked_topic: BoolArray,
) -> Ruled:
    """The person ruled out this kind of group, venue or topic. The reason is never told.

    Parameters
    ----------
    requester_blocked_kinds, candidate_kind, requester_blocked_venues, candidate_venue_type : uint32 arrays (P,)
        Bit masks. A group whose kind or venue nobody stated is unknown to those who blocked any.
    pair_blocked_topic : bool array (P,)
    """
    blocked = ((requester_blocked_kinds & candidate_kind) | (requester_blocked_venues & candidate_venue_type)) != 0
    blocked |= pair_blocked_topic
    unclear = (requester_blocked_kinds != 0) & (candidate_kind == 0)
    unclear |= (requester_blocked_venues != 0) & (candidate_venue_type == 0)
    return Ruled(~blocked, blocked | ~unclear)


@constraint(
    "group_safety",
    reason="what makes this group safe for the person is not in place",
    remedy="put in place and record what makes the group safe",
    told_to=("requester", "coordinator"),
    always_on=True,
    fails_closed=True,
)
def group_safety(
    requester_safety_needs: MaskArray,
    candidate_safety_items: MaskArray,
    candidate_topic_risk: FloatArray,
    candidate_safety_complete: FloatArray,
    candidate_suspended: FloatArray,
) -> BoolArray:
    """A group is suggested only where everything that makes it safe is known to be there (domain.md C10).

    Parameters
    ----------
    requester_safety_needs, candidate_safety_items : uint32 arrays (P,)
        Bit masks: every item the person asked for must be there (S3-01).
    candidate_topic_risk : float array (P,)
        0 A, 1 B, 2 C. B needs the complete safety profile (S1-09); C is for people to decide, never for the
        engine (S4-04).
    candidate_safety_complete, candidate_suspended : float arrays (P,)
        1 yes, 0 no. NaN anywhere is refused.
    """
    safe: BoolArray = (requester_safety_needs & ~candidate_safety_items) == 0
    safe &= candidate_suspended == 0
    safe &= (candidate_topic_risk == 0) | ((candidate_topic_risk == 1) & (candidate_safety_complete == 1))
    return safe


@constraint(
    "framing",
    reason="the group is framed around identity, and the person prefers a focus on topics",
    confirm="ask whether the group is framed around topics or around identity",
    remedy="a group that is framed around topics",
    told_to=("requester", "coordinator"),
)
def framing(requester_framing_preference: MaskArray, candidate_framing: MaskArray) -> Ruled:
    """Whoever prefers a focus on topics gets no group framed around identity (S4-12); uint32 masks (P,)."""
    wants_topics = (requester_framing_preference & _TOPIC_FOCUSED) != 0
    passes = ~wants_topics | ((candidate_framing & _IDENTITY_FRAMED) == 0)
    return Ruled(passes, ~wants_topics | (candidate_framing != 0))


@constraint(
    "norms",
    reason="the group does not offer a norm that the person needs",
    confirm="ask the group whether it offers the norms the person needs",
    remedy="a group that offers the norms the person needs",
    told_to=("requester", "coordinator"),
)
def norms(requester_norm_needs: MaskArray, candidate_norms: MaskArray) -> Ruled:
    """Every norm the person needs is one of the group's; uint32 masks (P,), a group without any is unknown."""
    return Ruled((requester_norm_needs & ~candidate_norms) == 0, (candidate_norms != 0) | (requester_norm_needs == 0))


@constraint(
    "group_condition",
    reason="the group has a condition for joining",
    confirm="the group has a condition for joining; check that it fits",
    remedy="check that the condition for joining fits",
)
def group_condition(candidate_conditional: FloatArray) -> Ruled:
    """Never hides a group; shows that it has a condition for joining, so that eligibility never outs anybody.

    `candidate_conditional` float (P,): 1 where the group is for certain people, 0 where not, NaN unknown.
    """
    return Ruled(np.ones(len(candidate_conditional), dtype=np.bool_), candidate_conditional == 0)


@constraint(
    "visibility",
    reason="public advocacy does not fit how visible the person wants to be",
    confirm="check how public taking part in this group is",
    remedy="a way of taking part that is not public",
    told_to=("requester", "coordinator"),
)
def visibility(requester_visibility: MaskArray, candidate_kind: MaskArray) -> Ruled:
    """Whoever wants to stay private gets no advocacy group and no protest (S3-09); uint32 masks (P,)."""
    private = (requester_visibility & _PRIVATE) != 0
    return Ruled(~private | ((candidate_kind & _PUBLIC_ADVOCACY) == 0), ~private | (candidate_kind != 0))


@constraint(
    "support_group_size",
    reason="the support group is smaller or larger than such groups should be",
    confirm="check that the support group has a size in which everybody gets to speak",
)
def support_group_size(
    candidate_kind: MaskArray, candidate_size: FloatArray, *, least: int = 5, most: int = 9
) -> Ruled:
    """Never hides a group; asks about the size of support groups outside `least` to `most`, or of unknown size.

    The evidence on size is thin (domain.md C10), so the size is for people to look at and no reason to refuse.

    Parameters
    ----------
    candidate_kind : uint32 array (P,)
        Kinds of support and self-help are looked at.
    candidate_size : float array (P,)
        Members now; NaN where unknown.
    """
    usual = (candidate_size >= least) & (candidate_size <= most)
    return Ruled(np.ones(len(usual), dtype=np.bool_), usual | ((candidate_kind & _SUPPORT_KINDS) == 0))


@constraint(
    "private_topic",
    reason="the group speaks about private matters in a public place",
    confirm="the topic is a private one; check that the place where the group meets is private enough",
    always_on=True,
)
def private_topic(
    candidate_topic_risk: FloatArray, candidate_venue_type: MaskArray, candidate_modes: MaskArray
) -> Ruled:
    """Never hides a group; warns where a private topic meets a public venue, or one that nobody stated (S4-07).

    Parameters
    ----------
    candidate_topic_risk : float array (P,)
        0 A; 1 B and 2 C are private topics.
    candidate_venue_type, candidate_modes : uint32 arrays (P,)
        Bit masks. A group that is known to meet online only needs no venue.
    """
    private = ~(candidate_topic_risk == 0)
    indoors = (candidate_venue_type & _PRIVATE_VENUES) != 0
    online = (candidate_modes != 0) & ((candidate_modes & _IN_PERSON) == 0)
    return Ruled(np.ones(len(private), dtype=np.bool_), ~private | indoors | (online & (candidate_venue_type == 0)))


@constraint(
    "upcoming",
    reason="it is over",
    remedy="an event that is still to come",
    always_on=True,
)
def upcoming(candidate_days_until: FloatArray) -> BoolArray:
    """What is over is never suggested; `candidate_days_until` float (P,) is negative then, NaN for what goes on."""
    passes: BoolArray = ~(candidate_days_until < 0)
    return passes
