"""What users exchange with the engine: frozen pydantic records with closed vocabularies (domain.md B)."""

from matchengine.records.base import Record, as_records, describe_validation
from matchengine.records.explanation import Change, Explanation, Obstacle
from matchengine.records.group import (
    Event,
    Group,
    GroupContact,
    GroupSafety,
    GroupSupport,
    Project,
    ProjectRole,
    Resource,
    Schedule,
)
from matchengine.records.person import (
    Attribute,
    Availability,
    BarrierNeed,
    Boundary,
    Cadence,
    Experience,
    Goal,
    Interest,
    JointWish,
    LanguageAbility,
    NetworkMap,
    NetworkTies,
    Person,
    Place,
    Preference,
    SkillOffer,
    SkillWant,
    StyleProfile,
    Vetting,
)
from matchengine.records.relationship import ConsentGrant, Feedback, FeedbackItems, Relationship
from matchengine.records.result import Fingerprint, Reason, Suggestion, SuggestionList
from matchengine.records.run import Balance, Draft, Readiness, RuleEffect, Run, Stuck, Thin

Gathering = Group | Event | Resource | Project
"""What people can be pointed to beside other people."""
AnyRecord = Person | Gathering | Relationship | ConsentGrant | Feedback
"""A record that an engine takes over one at a time."""

__all__ = [
    "AnyRecord",
    "Attribute",
    "Availability",
    "Balance",
    "BarrierNeed",
    "Boundary",
    "Cadence",
    "Change",
    "ConsentGrant",
    "Draft",
    "Event",
    "Experience",
    "Explanation",
    "Feedback",
    "FeedbackItems",
    "Fingerprint",
    "Gathering",
    "Goal",
    "Group",
    "GroupContact",
    "GroupSafety",
    "GroupSupport",
    "Interest",
    "JointWish",
    "LanguageAbility",
    "NetworkMap",
    "NetworkTies",
    "Obstacle",
    "Person",
    "Place",
    "Preference",
    "Project",
    "ProjectRole",
    "Readiness",
    "Reason",
    "Record",
    "Relationship",
    "Resource",
    "RuleEffect",
    "Run",
    "Schedule",
    "SkillOffer",
    "SkillWant",
    "Stuck",
    "StyleProfile",
    "Suggestion",
    "SuggestionList",
    "Thin",
    "Vetting",
    "as_records",
    "describe_validation",
]
