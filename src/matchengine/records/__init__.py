"""What users exchange with the engine: frozen pydantic records with closed vocabularies (domain.md B)."""

from matchengine.records.base import Record, as_records, describe_validation
from matchengine.records.bundle import Bundle, BundleItem, JointInvitation, JointInvitations, MissingItem
from matchengine.records.circles import GroupsPlan
from matchengine.records.contribution import Contribution
from matchengine.records.explanation import Change, Explanation, Obstacle
from matchengine.records.exposure import ExposureReport, Shortlists
from matchengine.records.follow_up import (
    BarrierQuestion,
    CheckIns,
    NetworkProgress,
    Proposal,
    SharedItem,
    SmallGroup,
    SmallGroupInvitation,
    ThemeChoice,
)
from matchengine.records.generations import GapCell, GapHistogram
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
from matchengine.records.journey import (
    Aftercare,
    Circumstances,
    EntryPlan,
    Handover,
    HelpCheck,
    Introduction,
    Journey,
    Meeting,
    OutreachPrompts,
    Step,
)
from matchengine.records.live import GroupRequest, MeetingHeld, Pause
from matchengine.records.lottery import Applicant, Draw, Lottery
from matchengine.records.manifest import RunManifest
from matchengine.records.mixer import MixerSchedule
from matchengine.records.network import NetworkChange
from matchengine.records.organisation import Organisation, OrganisationBridge, Referral
from matchengine.records.outcomes import (
    GoalScale,
    OutcomeEvent,
    PlannedStep,
    ProgrammeStep,
    SkillReading,
    SurveyAnswer,
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
from matchengine.records.placement import Placement
from matchengine.records.plan import PlanDocument, Ranking
from matchengine.records.price import PriceOfWishes
from matchengine.records.question_list import Question, QuestionList
from matchengine.records.relationship import ConsentGrant, Feedback, FeedbackItems, Relationship
from matchengine.records.reminders import Reminder, Reminders
from matchengine.records.result import Fingerprint, Reason, Suggestion, SuggestionList
from matchengine.records.run import Balance, Draft, Readiness, RuleEffect, Run, Stuck, Thin
from matchengine.records.shadow import ShadowPrices
from matchengine.records.supports import GatheringSupports, OrganiserQuestion, Prescription, SupportFix, SupportReport
from matchengine.records.swap_wishes import SwapPlace, SwapWish
from matchengine.records.swaps import SkillCircles, SwapLedger
from matchengine.records.team import Team, TeamRole
from matchengine.records.unmet import NeedCoverage, UnmetNeeds
from matchengine.records.welcome import Welcome, WelcomingPractice

Gathering = Group | Event | Resource | Project | Organisation
"""What people can be pointed to beside other people."""
KeptRecord = (
    MeetingHeld
    | GroupRequest
    | Contribution
    | OutcomeEvent
    | SkillReading
    | GoalScale
    | SurveyAnswer
    | ProgrammeStep
    | PlannedStep
)
"""What only a store keeps: no suggestion reads it."""
AnyRecord = Person | Gathering | Relationship | ConsentGrant | Feedback | Pause | KeptRecord
"""A record that an engine takes over one at a time."""

__all__ = [
    "Aftercare",
    "AnyRecord",
    "Applicant",
    "Attribute",
    "Availability",
    "Balance",
    "BarrierNeed",
    "BarrierQuestion",
    "Boundary",
    "Bundle",
    "BundleItem",
    "Cadence",
    "Change",
    "CheckIns",
    "Circumstances",
    "ConsentGrant",
    "Contribution",
    "Draft",
    "Draw",
    "EntryPlan",
    "Event",
    "Experience",
    "Explanation",
    "ExposureReport",
    "Feedback",
    "FeedbackItems",
    "Fingerprint",
    "GapCell",
    "GapHistogram",
    "Gathering",
    "GatheringSupports",
    "Goal",
    "GoalScale",
    "Group",
    "GroupContact",
    "GroupRequest",
    "GroupSafety",
    "GroupSupport",
    "GroupsPlan",
    "Handover",
    "HelpCheck",
    "Interest",
    "Introduction",
    "JointInvitation",
    "JointInvitations",
    "JointWish",
    "Journey",
    "KeptRecord",
    "LanguageAbility",
    "Lottery",
    "Meeting",
    "MeetingHeld",
    "MissingItem",
    "MixerSchedule",
    "NeedCoverage",
    "NetworkChange",
    "NetworkMap",
    "NetworkProgress",
    "NetworkTies",
    "Obstacle",
    "Organisation",
    "OrganisationBridge",
    "OrganiserQuestion",
    "OutcomeEvent",
    "OutreachPrompts",
    "Pause",
    "Person",
    "Place",
    "Placement",
    "PlanDocument",
    "PlannedStep",
    "Preference",
    "Prescription",
    "PriceOfWishes",
    "ProgrammeStep",
    "Project",
    "ProjectRole",
    "Proposal",
    "Question",
    "QuestionList",
    "Ranking",
    "Readiness",
    "Reason",
    "Record",
    "Referral",
    "Relationship",
    "Reminder",
    "Reminders",
    "Resource",
    "RuleEffect",
    "Run",
    "RunManifest",
    "Schedule",
    "ShadowPrices",
    "SharedItem",
    "Shortlists",
    "SkillCircles",
    "SkillOffer",
    "SkillReading",
    "SkillWant",
    "SmallGroup",
    "SmallGroupInvitation",
    "Step",
    "Stuck",
    "StyleProfile",
    "Suggestion",
    "SuggestionList",
    "SupportFix",
    "SupportReport",
    "SurveyAnswer",
    "SwapLedger",
    "SwapPlace",
    "SwapWish",
    "Team",
    "TeamRole",
    "ThemeChoice",
    "Thin",
    "UnmetNeeds",
    "Vetting",
    "Welcome",
    "WelcomingPractice",
    "as_records",
    "describe_validation",
]
