"""The JSON documents that commands print with --json; their schemas are published under docs/schemas/."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from matchengine.cli.audit import AuditAnchorDocument, AuditShowDocument, AuditVerifyDocument
from matchengine.cli.person_rights import AllowedDocument
from matchengine.cli.plugin_check import PluginChecksDocument
from matchengine.cli.plugin_list import PluginsDocument
from matchengine.cli.plugin_new import NewPluginDocument
from matchengine.cli.store import StoreInitDocument, StoreMigrateDocument, StoreStatusDocument
from matchengine.cli.store_keys import KeyDocument, RotateDocument
from matchengine.io.diff import Difference
from matchengine.io.sync import SyncDocument
from matchengine.records import (
    Bundle,
    Contribution,
    Explanation,
    Fingerprint,
    GroupsPlan,
    Journey,
    Lottery,
    MixerSchedule,
    OutreachPrompts,
    PlanDocument,
    QuestionList,
    Readiness,
    Record,
    Reminders,
    Run,
    ShadowPrices,
    SkillCircles,
    Suggestion,
    SuggestionList,
    SupportReport,
    SwapLedger,
    Team,
)
from matchengine.records.evaluation import DataGate, EvaluationDifference, EvaluationResult
from matchengine.records.flips import FlipReport
from matchengine.records.kpi import KpiReport
from matchengine.records.learning import Adoption, WeightProposal
from matchengine.records.pulse import OwnPulseDocument, PulseDocument
from matchengine.records.simulation import SimulationPlan, SimulationResult, SyntheticProgramme
from matchengine.rights.records import Erasure, PersonRecord, Purged

__all__ = [
    "DOCUMENTS",
    "ConfigDocument",
    "DemoDocument",
    "DoctorDocument",
    "ImportDocument",
    "RemindersDocument",
    "ShownTextDocument",
    "SuggestedMapDocument",
]


class ImportDocument(Record):
    """`matchengine import --json`: what was read, what was left out and why, what changed, and what embedding did.

    `difference` is null at the first import into a folder. `written` is false with `--diff`, which embeds nothing.
    """

    people: int
    groups: int
    relationships: int
    report: dict[str, Any]
    texts_encoded: int
    texts_from_cache: int
    texts_cut: int
    texts_in_other_languages: int
    data: str
    difference: Difference | None = None
    written: bool = True


class SuggestedMapDocument(Record):
    """`matchengine import --suggest-map --json`: a guessed mapping as TOML text, for each kind of file given."""

    mappings: dict[str, str]

    model_config = ConfigDict(str_max_length=1 << 20)


class ShownTextDocument(Record):
    """`matchengine show-text --json`: per text field, exactly what the embedder sees of a person."""

    person_id: str
    texts: dict[str, tuple[str, ...]]


class ConfigDocument(Record):
    """`matchengine config show --json`: the effective configuration, defaults included."""

    hash: str
    config: dict[str, Any]


class Check(Record):
    """One check of the doctor: what was looked at, whether it is good, and what to do if not."""

    name: str
    ok: bool
    found: str
    advice: str = ""


class DoctorDocument(Record):
    """`matchengine doctor --json`: what this installation can do."""

    ok: bool
    checks: tuple[Check, ...]


class DemoDocument(Record):
    """`matchengine demo --json`: the import of the sample programme and suggestions for three people."""

    imported: ImportDocument
    suggestions: dict[str, dict[str, tuple[Suggestion, ...]]]
    fingerprint: Fingerprint
    files: tuple[str, ...]


class RemindersDocument(Record):
    """`matchengine reminders --json`: who is to be asked how a match goes, and what waits to be recognised."""

    reminders: Reminders
    to_be_recognised: tuple[Contribution, ...] = ()


DOCUMENTS: dict[str, type[Record]] = {
    "suggest": SuggestionList,
    "assign": PlanDocument,
    "swaps": SwapLedger,
    "swaps-circles": SkillCircles,
    "groups": GroupsPlan,
    "mixer": MixerSchedule,
    "shadow": ShadowPrices,
    "suggest-everyone": Run,
    "check": Readiness,
    "explain": Explanation,
    "import": ImportDocument,
    "import-suggest-map": SuggestedMapDocument,
    "show-text": ShownTextDocument,
    "config-show": ConfigDocument,
    "doctor": DoctorDocument,
    "demo": DemoDocument,
    "journey": Journey,
    "prompts": OutreachPrompts,
    "bundle": Bundle,
    "ask": QuestionList,
    "supports": SupportReport,
    "team": Team,
    "lottery": Lottery,
    "reminders": RemindersDocument,
    "sync": SyncDocument,
    "pulse": PulseDocument,
    "pulse-person": OwnPulseDocument,
    "eval": EvaluationResult,
    "eval-check": DataGate,
    "eval-diff": EvaluationDifference,
    "eval-flips": FlipReport,
    "simulate": SimulationResult,
    "simulate-check": SimulationPlan,
    "simulate-write": SyntheticProgramme,
    "learn": WeightProposal,
    "learn-adopt": Adoption,
    "kpi": KpiReport,
    "plugins": PluginsDocument,
    "new-plugin": NewPluginDocument,
    "check-plugin": PluginChecksDocument,
    "store-status": StoreStatusDocument,
    "store-migrate": StoreMigrateDocument,
    "store-init": StoreInitDocument,
    "store-key": KeyDocument,
    "store-rotate": RotateDocument,
    "person-show": PersonRecord,
    "person-erase": Erasure,
    "person-allow": AllowedDocument,
    "purge": Purged,
    "audit-verify": AuditVerifyDocument,
    "audit-show": AuditShowDocument,
    "audit-anchor": AuditAnchorDocument,
}
"""Document model of each command."""
