"""What a programme chooses: strict TOML, all problems of a file reported at once, each with its line.

One shape everywhere: the table key names the instance, `use` the component, `with` its settings.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from matchengine.audit_config import AuditConfig
from matchengine.config_base import ComponentChoice, ConfigTable, Name
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _, ngettext
from matchengine.plan_config import AssignConfig, ExposureConfig, GroupsConfig, SwapsConfig
from matchengine.records import describe_validation
from matchengine.records.base import LanguageTag, TimeZone
from matchengine.records.vocabulary import EventKind, GoalKind, GroupKind, ResourceType, Role

__all__ = [
    "BlockWeights",
    "BundleConfig",
    "ComponentChoice",
    "EngineConfig",
    "MatchConfig",
    "RetentionConfig",
    "ScorerChoice",
    "line_of",
    "load_config",
    "to_toml",
]

MAX_BYTES = 1 << 20
_DEEP = re.compile(r"""(?<![\w"'.-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){30}""")
"""A key of more parts than any of ours has; the time to read one grows with the square of its parts."""
BlockWeights = dict[Name, Annotated[float, Field(gt=0)]]
Days = Annotated[int, Field(ge=1, le=36_500)]


_KINDS: dict[str, tuple[str, ...]] = {
    "group": get_args(GroupKind),
    "event": get_args(EventKind),
    "resource": get_args(ResourceType),
}


class EmbedderChoice(ComponentChoice):
    """The embedder; `cache` is a folder for vectors already computed, true for the user's cache, false for none."""

    cache: bool | str = True


class ScorerChoice(ComponentChoice):
    """One scorer instance; `weight` counts inside its block. A lift has no block and no weight.

    `on_fault` says what happens when the scorer fails: `fail` ends the call, `drop` leaves the scorer out of every
    result until data are loaded again, and says so. `isolate` runs it in a process of its own, which is stopped after
    `time_budget_seconds` (default 10) for one batch.
    """

    block: Name | None = None
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    on_fault: Literal["fail", "drop"] = "fail"
    isolate: bool = False
    time_budget_seconds: Annotated[float, Field(gt=0, le=3600)] | None = None

    @model_validator(mode="after")
    def _only_a_process_can_be_stopped(self) -> ScorerChoice:
        if self.time_budget_seconds is not None and not self.isolate:
            raise ValueError(_("time_budget_seconds needs isolate = true: only a process of its own can be stopped"))
        return self


class ConstraintChoices(ConfigTable):
    """Constraints by name beside those that are always on; `with` holds settings per name."""

    use: tuple[Name, ...] = ()
    settings: dict[Name, dict[str, Any]] = Field(default={}, alias="with")


class MatchConfig(ConfigTable):
    """One kind of match: who asks, who is suggested, by which scorers and under which rules.

    `blocks` are the weights across blocks. `across` is the exponent of the power mean over blocks: 0 is the
    geometric mean (domain.md G1), 1 the arithmetic, negative values approach the weakest block.
    `good_from` and `fair_from` are the scores, 0 to 100, from which a fit is called good or fair. Pairs with a
    confidence below `informed_from`, or with nothing known in a block of `must_know`, come after all others under
    the heading "too little known". `goal_blocks` gives other weights to requesters by the kind of their main goal.
    `only` suggests nothing but gatherings or resources of these kinds.
    """

    requester: Role | Literal["anyone"]
    candidate: Role | Literal["anyone", "group", "event", "resource", "project", "organisation"]
    scorers: dict[Name, ScorerChoice]
    constraints: ConstraintChoices = ConstraintChoices()
    blocks: BlockWeights = Field(default={"need": 0.40, "relate": 0.35, "feasible": 0.25})
    across: Annotated[float, Field(ge=-50, le=1)] = 0.0
    good_from: Annotated[float, Field(ge=0, le=100)] = 60.0
    fair_from: Annotated[float, Field(ge=0, le=100)] = 40.0
    informed_from: Annotated[float, Field(ge=0, le=1)] = 0.35
    must_know: tuple[Name, ...] = ()
    goal_blocks: dict[GoalKind, BlockWeights] = Field(default={})
    only: tuple[GroupKind | EventKind | ResourceType, ...] = ()
    assign: AssignConfig = AssignConfig()
    exposure: ExposureConfig = ExposureConfig()

    @model_validator(mode="after")
    def _has_scorers(self) -> MatchConfig:
        if not self.scorers:
            raise ValueError(_("a kind of match needs at least one scorer"))
        if self.candidate == "protege" or (self.requester == "sponsor" and self.candidate in ("mentee", "anyone")):
            raise ValueError(
                _("nobody ranks protégés: a sponsor is suggested to the protégé; exchange requester and candidate")
            )
        known = _KINDS.get(self.candidate, ())
        for kind in self.only:
            if kind not in known:
                told = N_("only: {kind!r} is no kind of {candidate!r}; {hint}")
                raise ValueError(_(told, kind=kind, candidate=self.candidate, hint=did_you_mean(kind, known)))
        named = [("must_know", block) for block in self.must_know]
        named += [(f"goal_blocks.{goal}", block) for goal, blocks in self.goal_blocks.items() for block in blocks]
        for where, block in named:
            if block not in self.blocks:
                hint = did_you_mean(block, self.blocks)
                raise ValueError(_("{where}: no block {block!r}; {hint}", where=where, block=block, hint=hint))
        return self


class PluginChoices(ConfigTable):
    """Plugins that take part; an installed plugin that is not named here is never imported."""

    enable: tuple[str, ...] = ("builtin",)


class RetrieveConfig(ConfigTable):
    """How candidates are found.

    Up to `dense_up_to` eligible candidates everybody is scored; beyond, the best `shortlist` by hybrid search are.
    `semantic` and `lexical` weigh the two kinds of evidence in the search and in the fused similarity.
    """

    shortlist: Annotated[int, Field(ge=10, le=10_000)] = 200
    dense_up_to: Annotated[int, Field(ge=0, le=100_000)] = 2_500
    semantic: Annotated[float, Field(ge=0, le=1)] = 1.0
    lexical: Annotated[float, Field(ge=0, le=1)] = 1.0


class ProgrammeConfig(ConfigTable):
    """Facts about the programme.

    `language` is that of texts that carry no tag; `time_zone` the one in which reports show hours.
    `coordinator_reads` are the text fields that the programme's notice lets coordinators read, beside those open to all
    members (domain.md B4). `must_share` are the dimensions of which a person may demand that a match shares theirs.
    `wish_edits_per_week` limits how often a person may change what they wish to share (domain.md C2). `pulse_days` are
    the days after the start of a match on which both are asked how it goes (domain.md S2-28).
    `member_questions_per_day` limits how many different questions the engine answers one member in 24 hours; without it
    whoever embeds the engine has to.
    """

    language: LanguageTag = "en"
    time_zone: TimeZone = "UTC"
    coordinator_reads: tuple[Literal["needs", "aims", "interests", "opportunities"], ...] = ()
    must_share: tuple[str, ...] = ()
    wish_edits_per_week: Annotated[int, Field(ge=1, le=100)] = 3
    member_questions_per_day: Annotated[int, Field(ge=1, le=10_000)] | None = None
    pulse_days: Annotated[tuple[Annotated[int, Field(ge=1, le=3650)], ...], Field(max_length=20)] = (30, 90, 180)

    @model_validator(mode="after")
    def _pulses_one_after_the_other(self) -> ProgrammeConfig:
        if list(self.pulse_days) != sorted(set(self.pulse_days)):
            raise ValueError(_("pulse_days: each day once, the first one first, such as [30, 90, 180]"))
        return self


class BundleConfig(ConfigTable):
    """What a bundle for one person is put together from.

    `kinds` are the kinds of match that take part, all of them where none is named; of two that suggest the same type
    the one named first counts. Groups of the kinds in `circles` are circles; all others are community groups.
    """

    kinds: tuple[Name, ...] = ()
    circles: tuple[GroupKind, ...] = ("peer_circle",)


class HistoryConfig(ConfigTable):
    """How memberships and answers become evidence, for the scorers `co_membership` and `mutual_acceptance`.

    `until` is the last day that counts (what has no day then does not); set it to predict or learn from what came
    later. `model` compares groups by the shrunk `cosine` or by `ease`; `shrinkage` is how many common members count
    half, `ridge` the penalty of ease in mean numbers of members, `support` how many groups of one's own count half.
    `popularity_exponent` holds widespread groups and people back, from 0 (not) to 1. At least `floor` people stand
    behind every number.
    """

    until: date | None = None
    model: Literal["cosine", "ease"] = "cosine"
    shrinkage: Annotated[float, Field(ge=0, le=1000)] = 5.0
    ridge: Annotated[float, Field(gt=0.000001, le=1000)] = 1.0
    support: Annotated[float, Field(ge=0, le=100)] = 1.0
    popularity_exponent: Annotated[float, Field(ge=0, le=1)] = 0.0
    floor: Annotated[int, Field(ge=5, le=1000)] = 5


class RunConfig(ConfigTable):
    """Seed of every lottery, and the first day of the 28-day calendar (default: the day the data are loaded)."""

    seed: Annotated[int, Field(ge=0)] = 0
    today: date | None = None


class RetentionConfig(ConfigTable):
    """For how many days an engine over a store keeps what comes to an end; what is not named is kept.

    `feedback` counts from the day it was given, `meeting` from the day it was held, `relationship` and `pause` from
    their end, `result` (drafts that were kept), `copy` (addresses of files that were written) and `audit` (lines of
    the record) from when they were written. What has run out is never served again; `purge` deletes it.
    """

    feedback: Days | None = None
    relationship: Days | None = None
    meeting: Days | None = None
    pause: Days | None = None
    result: Days | None = None
    copies: Annotated[Days | None, Field(alias="copy")] = None
    audit: Days | None = None


class EngineConfig(ConfigTable):
    """The whole configuration of an engine."""

    name: Name
    plugins: PluginChoices = PluginChoices()
    embedder: EmbedderChoice
    index: ComponentChoice = ComponentChoice(use="numpy")
    match: dict[Name, MatchConfig]
    retrieve: RetrieveConfig = RetrieveConfig()
    programme: ProgrammeConfig = ProgrammeConfig()
    bundle: BundleConfig = BundleConfig()
    swaps: dict[Name, SwapsConfig] = Field(default={})
    groups: dict[Name, GroupsConfig] = Field(default={})
    history: HistoryConfig = HistoryConfig()
    retention: RetentionConfig = RetentionConfig()
    audit: AuditConfig = AuditConfig()
    run: RunConfig = RunConfig()

    @model_validator(mode="after")
    def _bundles_what_it_offers(self) -> EngineConfig:
        for kind in self.bundle.kinds:
            if kind not in self.match:
                hint = did_you_mean(kind, self.match)
                raise ValueError(_("bundle.kinds: no kind of match {kind!r}; {hint}", kind=kind, hint=hint))
            if self.match[kind].candidate == "organisation":
                told = N_("bundle.kinds: {kind!r} suggests organisations, to which people are referred; leave it out")
                raise ValueError(_(told, kind=kind))
        return self

    @model_validator(mode="after")
    def _plans_what_it_offers(self) -> EngineConfig:
        named = [(f"swaps.{name}", chosen.match) for name, chosen in self.swaps.items()]
        named += [(f"groups.{name}", chosen.match) for name, chosen in self.groups.items()]
        for where, kind in named:
            if kind not in self.match:
                told = N_("{where}.match: no kind of match {kind!r}; {hint}")
                raise ValueError(_(told, where=where, kind=kind, hint=did_you_mean(kind, self.match)))
        return self

    @property
    def idle_inputs(self) -> frozenset[str]:
        """Inputs that tell nothing under this configuration; a constraint that reads one does not apply."""
        return frozenset() if self.programme.must_share else frozenset({"pair_must_share"})

    @property
    def hash(self) -> str:
        """Hash of the effective configuration, 16 hexadecimal digits."""
        return hashlib.sha256(to_toml(self).encode()).hexdigest()[:16]


def load_config(path: str | Path) -> EngineConfig:
    """Read a TOML configuration.

    Raises
    ------
    ConfigError
        With every problem of the file, each with its line.
    """
    return parse_config(read_toml_text(path), str(path))


def read_toml_text(path: str | Path) -> str:
    """Read the text of a TOML file: UTF-8, with or without a mark, of at most 1 MiB.

    Raises
    ------
    ConfigError
        When it cannot be read.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            _("{path}: cannot be read ({reason}); give the path of a TOML file", path=path, reason=error.strerror)
        ) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(
            _("{path}: larger than {most} bytes; such a file is a few kilobytes", path=path, most=MAX_BYTES)
        )
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(
            _(
                "{path}: not UTF-8 text ({reason} at byte {byte}); save it as UTF-8",
                path=path,
                reason=error.reason,
                byte=error.start,
            )
        ) from error
    if _DEEP.search(text):
        raise ConfigError(_("{path}: not valid TOML: {cause}", path=path, cause=_("nested too deeply")))
    return text


def parse_config(text: str, where: str = "configuration") -> EngineConfig:
    """Parse TOML text; `where` names it in errors."""
    try:
        return EngineConfig.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(
            _("{where}: not valid TOML: {cause}", where=where, cause=str(error) or _("nested too deeply"))
        ) from error
    except ValidationError as error:
        problems = [
            _("line {line}: {problem}", line=line_of(text, problem["loc"]), problem=sentence)
            for problem, sentence in zip(
                error.errors(include_url=False), describe_validation(error, EngineConfig), strict=True
            )
        ]
        raise ConfigError(problem_count(where, len(problems)), problems) from error


def problem_count(where: str, n: int) -> str:
    """Return the headline of an error that lists `n` problems of one place."""
    return ngettext("{where}: {n} problem", "{where}: {n} problems", n, where=where)


_HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield each key path of a TOML text with its line number."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = tuple(part.strip(" \"'") for part in header[1].split("."))
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, *(part.strip(" \"'") for part in key[1].split("."))), number


@lru_cache(maxsize=4)
def _line_of_key(text: str) -> dict[tuple[str, ...], int]:
    return dict(_lines(text))


def line_of(text: str, loc: Sequence[int | str]) -> int:
    """Return the line of a TOML text at which a key stands, or the nearest table around it; 1 where there is none."""
    lines, path = _line_of_key(text), tuple(str(part) for part in loc)
    while path:
        if path in lines:
            return lines[path]
        inside = [number for known, number in lines.items() if known[: len(path)] == path]
        if inside:
            return min(inside)
        path = path[:-1]
    return 1


def to_toml(config: EngineConfig) -> str:
    """Write the effective configuration, defaults included; `parse_config` reads it back to an equal one."""
    import tomli_w  # only needed to print or save

    return tomli_w.dumps(_filled(config.model_dump(by_alias=True, exclude_none=True)))


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    """Leave out empty tables of settings."""
    kept = {key: _filled(value) if isinstance(value, dict) else value for key, value in table.items()}
    return {key: value for key, value in kept.items() if value or key not in ("with", "retention")}
