"""Rules that protect people: minors and vetting, which fail closed (S2-36), helplines."""

from __future__ import annotations

from typing import Literal

from matchengine.batch import BoolArray, FloatArray
from matchengine.components import constraint
from matchengine.records import vocabulary as v
from matchengine.scorers.rules.bits import MaskArray, bit

__all__ = ["GroupPolicy", "MinorsPolicy", "helplines", "minors", "minors_in_groups", "vetting"]

_HELPLINE = bit(v.ResourceType, "helpline")

MinorsPolicy = Literal["refuse", "with_guardian_and_vetting"]
GroupPolicy = Literal["refuse", "with_guardian_and_safety"]


@constraint(
    "minors",
    reason="adulthood is not attested, or the safeguards for a minor are not in place",
    remedy="record adulthood where it holds, and the safeguards where a minor takes part",
    told_to=("coordinator",),
    always_on=True,
    fails_closed=True,
)
def minors(
    requester_adult: FloatArray,
    candidate_adult: FloatArray,
    requester_guardian_consent: FloatArray,
    candidate_guardian_consent: FloatArray,
    requester_vetted: FloatArray,
    candidate_vetted: FloatArray,
    *,
    policy: MinorsPolicy = "refuse",
) -> BoolArray:
    """Only adults are matched, unless the policy admits minors with a guardian's consent and a vetted partner.

    Parameters
    ----------
    requester_adult, candidate_adult, requester_guardian_consent, candidate_guardian_consent : float arrays (P,)
        1 yes, 0 no, NaN nobody attested it. Unknown adulthood is refused under either policy.
    requester_vetted, candidate_vetted : float arrays (P,)
        1 vetted, 0 refused or expired, NaN nothing recorded. Whoever meets a minor must be vetted.
    """
    grown_requester: BoolArray = requester_adult == 1
    grown_candidate: BoolArray = candidate_adult == 1
    if policy == "refuse":
        return grown_requester & grown_candidate
    young_requester = (requester_adult == 0) & (requester_guardian_consent == 1) & (candidate_vetted == 1)
    young_candidate = (candidate_adult == 0) & (candidate_guardian_consent == 1) & (requester_vetted == 1)
    passes: BoolArray = (grown_requester | young_requester) & (grown_candidate | young_candidate)
    return passes


@constraint(
    "minors_in_groups",
    reason="adulthood is not attested, or the safeguards for a minor are not in place",
    remedy="record adulthood where it holds, and the safeguards where a minor takes part",
    told_to=("coordinator",),
    always_on=True,
    fails_closed=True,
)
def minors_in_groups(
    requester_adult: FloatArray,
    requester_guardian_consent: FloatArray,
    candidate_safety_complete: FloatArray,
    *,
    policy: GroupPolicy = "refuse",
) -> BoolArray:
    """Groups are for adults, unless the policy admits minors with a guardian's consent to groups known to be safe.

    Parameters
    ----------
    requester_adult, requester_guardian_consent, candidate_safety_complete : float arrays (P,)
        1 yes, 0 no, NaN unknown. `candidate_safety_complete` tells whether every safety field of domain.md C10 is
        there, trained safeguarding among them.
    """
    adult: BoolArray = requester_adult == 1
    if policy == "refuse":
        return adult
    young: BoolArray = (requester_adult == 0) & (requester_guardian_consent == 1) & (candidate_safety_complete == 1)
    return adult | young


@constraint(
    "vetting",
    reason="the vetting is missing, expired or refused",
    remedy="record the vetting of the candidate",
    told_to=("coordinator",),
    always_on=True,
    fails_closed=True,
)
def vetting(candidate_vetted: FloatArray, *, required: bool = True) -> BoolArray:
    """The candidate is vetted; where the programme does not require it, at least not refused or expired.

    `candidate_vetted` float (P,): 1 vetted, 0 refused or expired, NaN nothing recorded.
    """
    passes: BoolArray = candidate_vetted == 1 if required else candidate_vetted != 0
    return passes


@constraint(
    "helplines",
    reason="helplines are shown to whoever chooses a topic, never as a match",
    always_on=True,
)
def helplines(candidate_resource_type: MaskArray) -> BoolArray:
    """A helpline is never matched to a person: that would tell what the engine thinks of them (S3-07, domain.md B5).

    `candidate_resource_type` uint32 (P,). `journey.helplines` offers helplines by country, language and chosen topic.
    """
    passes: BoolArray = (candidate_resource_type & _HELPLINE) == 0
    return passes
