"""Closed vocabularies of the data model (domain.md B2, B3, B6, B8).

Order matters where a docstring says so: the position is the ordinal that columns store.
Anything not listed here is either free text or refused.
"""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["mentee", "mentor", "peer", "sponsor", "protege", "buddy", "facilitator", "volunteer"]
GoalKind = Literal[
    "skill",
    "career_move",
    "confidence",
    "navigate_field",
    "rights_advocacy",
    "leadership",
    "community",
    "wellbeing",
    "business",
    "education",
]
Horizon = Literal["up_to_3_months", "up_to_12_months", "over_12_months"]
CareerStage = Literal["student", "entry", "early", "mid", "senior", "executive", "retired"]
"""Ordinal 0 to 6."""
ExperienceBandName = Literal["0-1", "2-4", "5-9", "10-19", "20+"]
"""Years in a field; ordinal 0 to 4."""
LanguageLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2", "native"]
"""CEFR, then native; ordinal 1 to 7 in columns (0 = does not speak it)."""
Modality = Literal["spoken", "written", "signed"]
LanguageWish = Literal["prefer", "avoid", "learn"]
"""`learn`: the person wants to practise it with somebody who speaks it well."""
Mode = Literal["in_person", "video", "phone", "chat", "async"]
CadenceEvery = Literal["weekly", "biweekly", "monthly"]
Transport = Literal["walk", "bicycle", "public_transport", "car", "lift_needed"]
SupportMode = Literal["one_to_one", "group", "both", "self_paced"]
FramingPreference = Literal["identity_focused", "topic_focused", "either"]
GroupFraming = Literal["identity_focused", "topic_focused"]
Sponsoring = Literal["none", "introductions", "active"]
"""What a sponsor is willing to do; worth 0, .5 and 1 (domain.md C7)."""
NetworkCategory = Literal["family", "friends", "neighbours", "community_groups", "services", "clubs"]
"""Parts of a person's network; ordinal 0 to 5 in columns (domain.md S5-27)."""
TieFunction = Literal["emotional", "informational", "practical", "companionship", "professional"]
NetworkStatus = Literal["sketched", "gap_chosen", "step_planned"]
NetworkGoalKind = Literal["friendship", "professional", "both"]
Visibility = Literal["public", "members", "private"]
AgeBand = Literal["16-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+"]
"""Bands, never a birth date; ordinal 0 to 7."""
BarrierKind = Literal[
    "language",
    "confidence",
    "time",
    "place",
    "cost",
    "childcare",
    "transport",
    "exclusion",
    "physical_access",
    "sensory_access",
    "digital",
    "norms",
    "unspoken_rules",
    "safety",
]
BarrierStrength = Literal["some", "strong", "blocking"]
BoundaryKind = Literal["person", "group_kind", "venue", "topic"]
VettingStatus = Literal["vetted", "pending", "expired", "refused"]
WishStrength = Literal["nice", "important", "very_important"]
Viewer = Literal["requester", "candidate", "coordinator"]
"""Who reads a reason: either member of the pair, or the programme (domain.md B4)."""

ConsentPurpose = Literal["match", "explain", "eligibility", "group_balance", "fairness_audit", "research"]
ConsentAudience = Literal["engine_only", "coordinator", "matched_partner_after_both_accept", "facilitator", "members"]
ConsentSource = Literal["self", "form"]

GroupKind = Literal[
    "peer_circle",
    "support",
    "self_help",
    "hobby",
    "sport_walk",
    "parents",
    "neighbours",
    "library",
    "faith",
    "cultural",
    "volunteering",
    "professional",
    "advocacy",
    "online_forum",
    "informal",
]
Admission = Literal["open", "closed"]
TopicRisk = Literal["A", "B", "C"]
FacilitatorType = Literal["professional", "trained_volunteer", "peer", "none"]
VenueType = Literal["centre", "home", "conference_room", "restaurant", "cafe", "library", "outdoors", "online", "other"]
GroupNorm = Literal["women_only", "modest", "alcohol_free", "prayer_space", "dietary"]
SafetyItem = Literal[
    "declared_welcome",
    "moderation",
    "code_of_conduct",
    "private_attendance",
    "address_after_joining",
    "exit_without_reason",
]
SupportSource = Literal["organiser", "member_pulse", "visited_by_staff", "unknown"]
ProjectPhase = Literal["open", "running", "closed"]
EventKind = Literal["mixer", "open_day", "workshop", "social", "talk", "protest", "online"]
ResourceType = Literal["toolkit", "training", "funding", "advice", "helpline", "course", "venue_pass"]
CostLevel = Literal["free", "low", "medium", "high"]

RelationshipKind = Literal[
    "mentoring", "peer", "sponsorship", "buddy", "membership", "line_management", "household", "family", "must_not"
]
RelationshipStatus = Literal["proposed", "active", "paused", "completed", "ended"]
FeedbackWave = Literal["start", "30_days", "90_days", "180_days", "end", "follow_up"]
FeedbackPerspective = Literal["requester", "candidate", "facilitator"]

CAREER_STAGES: tuple[str, ...] = get_args(CareerStage)
EXPERIENCE_BANDS: tuple[str, ...] = get_args(ExperienceBandName)
EXPERIENCE_MIDPOINTS: dict[str, float] = {"0-1": 0.5, "2-4": 3.0, "5-9": 7.0, "10-19": 14.5, "20+": 25.0}
LANGUAGE_LEVELS: tuple[str, ...] = get_args(LanguageLevel)
AGE_BANDS: tuple[str, ...] = get_args(AgeBand)
BARRIER_KINDS: tuple[str, ...] = get_args(BarrierKind)
BARRIER_STRENGTHS: dict[str, float] = {"some": 0.3, "strong": 0.6, "blocking": 1.0}
AGE_MIDPOINTS: tuple[float, ...] = (16.5, 21.0, 29.5, 39.5, 49.5, 59.5, 69.5, 80.0)
"""Years in the middle of each age band."""
STAGE_YEARS = 7.0
"""Years that one career stage stands for where the age is not disclosed (domain.md C4)."""
SPONSORING: dict[str, float] = {"none": 0.0, "introductions": 0.5, "active": 1.0}
NETWORK_CATEGORIES: tuple[str, ...] = get_args(NetworkCategory)
NETWORK_SCALES: tuple[float, ...] = (2.0, 3.0, 2.0, 2.0, 2.0, 3.0)
"""Contacts of each category after which a further one matters e times less (domain.md GN9)."""
GATHERING_KINDS: tuple[str, ...] = (*get_args(GroupKind), *get_args(EventKind))
"""Kinds of groups, then kinds of events: the order of the bits of the column `kind`."""
SKILL_LEVELS: tuple[str, ...] = ("none", "beginner", "working", "advanced", "expert")
"""Names of the skill levels 0 to 4."""
SENSITIVE_PERSON_FIELDS: frozenset[str] = frozenset(
    {"attributes", "lived_experience", "age_band", "barriers", "wishes", "joint_wishes", "anchors", "pronouns"}
)
"""Person fields of domain.md B3: each needs its own consent before any component may read it."""

FILLS: dict[str, tuple[float, ...]] = {
    "peer_circle": (0, 0.5, 0, 0.5, 0, 0),
    "support": (0, 0.3, 0, 0.5, 0.5, 0),
    "self_help": (0, 0.3, 0, 0.5, 0.5, 0),
    "hobby": (0, 0.5, 0.3, 0.5, 0, 1),
    "sport_walk": (0, 0.5, 0.5, 0.5, 0, 1),
    "parents": (0.3, 0.5, 0.5, 1, 0, 0.3),
    "neighbours": (0, 0.3, 1, 1, 0, 0),
    "library": (0, 0.3, 0.5, 0.5, 1, 0.3),
    "faith": (0.3, 0.5, 0.3, 1, 0.3, 0.3),
    "cultural": (0.3, 0.5, 0.3, 1, 0, 0.5),
    "volunteering": (0, 0.5, 0.3, 1, 0.5, 0.5),
    "professional": (0, 0.3, 0, 0.5, 0.5, 0.5),
    "advocacy": (0, 0.3, 0.3, 1, 0.3, 0.3),
    "online_forum": (0, 0.3, 0, 0.5, 0.3, 0),
    "informal": (0, 1, 0.5, 0.5, 0, 0),
    "mixer": (0, 0.5, 0.3, 0.5, 0, 0),
    "open_day": (0, 0.3, 0.3, 0.5, 0.5, 0.3),
    "workshop": (0, 0.3, 0, 0.5, 0.5, 0.3),
    "social": (0, 0.5, 0.5, 0.5, 0, 0.3),
    "talk": (0, 0.3, 0, 0.3, 0.3, 0),
    "protest": (0, 0.3, 0.3, 0.5, 0, 0),
    "online": (0, 0.3, 0, 0.3, 0.3, 0),
}
"""How far a kind of gathering can fill each part of a network, 0 to 1, in the order of `NetworkCategory`.

An assumption without direct evidence, to be changed per programme in the settings of the scorers that read it.
"""
