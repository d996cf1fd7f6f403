"""What an evaluator writes: one strict TOML file (docs/evaluation.md). Unknown keys are errors, each with its line."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from matchengine.config import line_of, problem_count, read_toml_text
from matchengine.config_base import ConfigTable, Name
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.records import describe_validation

__all__ = [
    "AblationTable",
    "BudgetTable",
    "CompareTable",
    "DataTable",
    "EvaluationConfig",
    "GroupsTable",
    "MetricsTable",
    "SensitivityTable",
    "SplitTable",
    "StrategyTable",
    "TuneTable",
    "UnitTable",
    "load_evaluation",
    "parse_evaluation",
    "refuse_circles",
    "resolve",
]

ENGINE = "engine"
"""The strategy that scores with a configuration."""
CanaryName = Literal["random", "constant", "oracle", "permuted", "duplicate", "popularity"]
FindingName = Literal[
    "name_in_text", "copied_text", "forbidden_field", "field_of_later", "outcome_field", "leave_one_out",
    "knows_outcomes", "undated_outcome", "unknown_field",
]  # fmt: skip
"""Ways by which the answer can reach a strategy, as `leakage.py` finds them."""
Column = Annotated[str, Field(min_length=1, max_length=100)]
MetricName = Annotated[str, Field(min_length=1, max_length=200)]
Condition = Annotated[str, Field(min_length=1, max_length=500)]
Positive = Annotated[float, Field(gt=0, le=100)]


class RelevanceTable(ConfigTable):
    """Which outcomes are good: a condition over columns of the outcomes for each grade, and what a grade is worth.

    Grades are keys of their own beside `gains`: `good = "rating >= 4 or months >= 6"`. They are compared in the order
    of their gains, the largest first; a pair that meets none gains 0, one of which no column that a condition reads is
    filled in is not known. `other_side` is the condition under which the candidate, too, said yes.
    """

    conditions: dict[Name, Condition] = Field(min_length=1)
    gains: dict[Name, Positive] = Field(default={})
    other_side: Condition | None = None

    @model_validator(mode="before")
    @classmethod
    def _grades_are_keys(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "conditions" in given:
            return given
        own = {key: value for key, value in given.items() if key in ("gains", "other_side")}
        return {**own, "conditions": {key: value for key, value in given.items() if key not in own}}

    @model_validator(mode="after")
    def _a_gain_for_each(self) -> RelevanceTable:
        for grade in self.gains:
            if grade not in self.conditions:
                hint = did_you_mean(grade, self.conditions)
                raise ValueError(_("gains: no condition {grade!r}; {hint}", grade=grade, hint=hint))
        missing = [grade for grade in self.conditions if grade not in self.gains]
        if missing and len(self.conditions) > 1:
            raise ValueError(_("gains: say what {missing} is worth", missing=", ".join(missing)))
        return self


class LeakageTable(ConfigTable):
    """What no strategy may see: `forbid` names columns that came after the match, `cutoff` a column with the day of it.

    `allow` names findings that were looked at and are none.
    """

    forbid: tuple[Column, ...] = ()
    cutoff: Column | None = None
    allow: tuple[FindingName, ...] = ()


class DataTable(ConfigTable):
    """What is compared on: people as records, and what became of pairs.

    `records` is a folder that `matchengine import` wrote (or its `records`). `outcomes` is a table of pairs (CSV, XLSX,
    JSON Lines); without one the outcomes are those in the records: status and length of relationships, ratings.
    `engine` and `kind` name the configuration whose roles say who is asked about whom and, with `eligible = "rules"`,
    whose hard rules say which pairs are eligible for every strategy alike; `all` takes every pair, `outcomes` those
    with a row in the table. `synthetic` says that nobody in the data is real; every report then says so.
    """

    records: str
    engine: str
    kind: Name
    outcomes: str | None = None
    eligible: Literal["rules", "all", "outcomes"] = "rules"
    relevance: RelevanceTable
    leakage: LeakageTable = LeakageTable()
    synthetic: bool = False


class UnitTable(ConfigTable):
    """Columns of the outcomes: `person` who asks, `other_side` whom they were matched with, `cluster` their cohort."""

    person: Column = "requester_id"
    other_side: Column = "candidate_id"
    cluster: Column | None = None
    observed_at: Column = "observed_at"
    shown: Column = "shown"
    propensity: Column = "propensity"


class SplitTable(ConfigTable):
    """From which outcomes strategies may learn: those of other clusters, of other people in `folds`, or of before."""

    scheme: Literal["leave_one_cluster_out", "group_kfold", "time"] = "group_kfold"
    folds: Annotated[int, Field(ge=2, le=50)] = 5
    before: str | None = None

    @model_validator(mode="after")
    def _time_needs_a_day(self) -> SplitTable:
        if (self.scheme == "time") != (self.before is not None):
            raise ValueError(_("before: a day such as 2025-09-01 goes with scheme = 'time', and only with it"))
        try:
            date.fromisoformat(self.before or "2025-09-01")
        except ValueError:
            told = N_("before: {day!r} is no day; expected one such as 2025-09-01")
            raise ValueError(_(told, day=self.before)) from None
        return self


class TuneTable(ConfigTable):
    """Weights chosen on the training clusters alone: random points of the simplex, `trials` of them."""

    weights: Literal["simplex"] = "simplex"
    trials: Annotated[int, Field(ge=1, le=10_000)] = 200


class StrategyTable(ConfigTable):
    """One strategy: an engine's configuration with changes, or a component by name.

    `use` names a strategy that a plugin offers; `engine` scores with a configuration: that of [data],
    or of `config` and `kind`. `scorers` keeps only these scorers, by instance, with these weights; `add` gives others a
    weight, `drop` leaves some out. `blocks` and `across` change how they are combined. `rerank` shares attention by
    this method, `assign` decides for everybody at once by this assigner. `swaps` and `groups` name a table of the
    configuration to be drafted and measured as well. `extends` starts from another strategy of the file. With `history`
    the engine may use matches and answers of the training part, fold by fold.
    """

    use: Name = ENGINE
    settings: dict[str, Any] = Field(default={}, alias="with")
    extends: Name | None = None
    baseline: bool = False
    config: str | None = None
    kind: Name | None = None
    scorers: dict[Name, Positive] | None = None
    add: dict[Name, Positive] = Field(default={})
    drop: tuple[Name, ...] = ()
    blocks: dict[Name, Positive] | None = None
    across: Annotated[float, Field(ge=-50, le=1)] | None = None
    rerank: Name | None = None
    assign: Name | None = None
    swaps: Name | None = None
    groups: Name | None = None
    history: bool = False
    tune: TuneTable | None = None

    @model_validator(mode="after")
    def _a_component_has_no_scorers(self) -> StrategyTable:
        own = ("config", "kind", "across", "swaps", "groups", "tune", "scorers", "blocks", "add", "drop", "history")
        given = [key for key in own if getattr(self, key) not in (None, {}, (), False)]
        if self.use != ENGINE and given:
            told = N_("{keys}: only a strategy with use = 'engine' has them; {use!r} is a component of its own")
            raise ValueError(_(told, keys=", ".join(given), use=self.use))
        return self


class MetricsTable(ConfigTable):
    """One primary metric, declared first; guardrails that must hold; others that are shown and called exploratory.

    A guardrail is `<= 0.05`, `>= 0.4`, or relative: `<= baseline + 0.02`, `>= baseline - 0.01`.
    """

    primary: MetricName = "ndcg@5"
    guardrails: dict[MetricName, str] = Field(default={})
    secondary: tuple[MetricName, ...] = ("success@3", "rr", "coverage@5", "exposure_gini_rel@5", "judged@5")

    @property
    def condensed(self) -> str:
        """The primary metric among pairs with a known outcome alone, as it is written where it has that setting."""
        return self.primary if "(" in self.primary else f"{self.primary}(unknown=condensed)"


class CompareTable(ConfigTable):
    """How strategies are compared: `against` one of them, by a `margin` below which a difference does not matter.

    `alpha` is the error that is accepted over the declared family. `family` is `primary` (every strategy against one,
    on the primary metric) or `all_pairs`. `draws` are those of bootstrap and sign flips.
    """

    against: Name | None = None
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.02
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    power: Annotated[float, Field(gt=0.5, lt=1)] = 0.8
    family: Literal["primary", "all_pairs"] = "primary"
    correction: Literal["holm"] = "holm"
    draws: Annotated[int, Field(ge=200, le=1_000_000)] = 10_000


class GroupsTable(ConfigTable):
    """Subgroups: `by` attributes of people with `fairness_audit` consent; up to `cross` of them together.

    Cells under `min_cell` people are hidden, and others with them, so that no total gives them away.
    """

    by: tuple[Column, ...] = ()
    cross: Annotated[int, Field(ge=1, le=3)] = 1
    min_cell: Annotated[int, Field(ge=5, le=1000)] = 10
    draws: Annotated[int, Field(ge=100, le=100_000)] = 2000


class AblationTable(ConfigTable):
    """`of` a strategy (default: the first that is no baseline): each scorer left out in turn, and each one alone."""

    of: Name | None = None
    leave_one_out: bool = False
    only_one: bool = False


class SensitivityTable(ConfigTable):
    """Would other weights change the answer? `n` Dirichlet draws around the weights, and noise on the scores."""

    weights: Literal["dirichlet"] = "dirichlet"
    n: Annotated[int, Field(ge=0, le=10_000)] = 0
    concentration: Annotated[float, Field(gt=0, le=10_000)] = 20.0
    noise: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()


class BudgetTable(ConfigTable):
    """How much may be used. After `max_seconds` no new work starts and the run can be continued."""

    workers: Annotated[int, Field(ge=1, le=64)] = 1
    max_seconds: Annotated[float, Field(gt=0)] | None = None
    price_per_hour: Annotated[float, Field(ge=0)] | None = None


class ReportTable(ConfigTable):
    """What is written beside the run: a page, CSV, LaTeX; `language` of the words.

    `trec` adds rankings and outcomes, `parquet` the per-person table, for other tools; both hold ids.
    """

    html: bool = True
    csv: bool = True
    latex: bool = False
    trec: bool = False
    parquet: bool = False
    language: Literal["en", "de"] = "en"


class EvaluationConfig(ConfigTable):
    """A whole evaluation."""

    schema_: Literal["matchengine.evaluation/1"] = Field(alias="schema")
    question: Annotated[str, Field(min_length=5, max_length=500)]
    data: DataTable
    unit: UnitTable = UnitTable()
    split: SplitTable = SplitTable()
    strategies: dict[Name, StrategyTable] = Field(min_length=1)
    canaries: tuple[CanaryName, ...] = get_args(CanaryName)
    metrics: MetricsTable = MetricsTable()
    compare: CompareTable = CompareTable()
    groups: GroupsTable = GroupsTable()
    ablation: AblationTable = AblationTable()
    sensitivity: SensitivityTable = SensitivityTable()
    plugins: tuple[Name, ...] = ()
    budget: BudgetTable = BudgetTable()
    report: ReportTable = ReportTable()
    seed: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _names_what_is_there(self) -> EvaluationConfig:
        named = [("compare.against", self.compare.against), ("ablation.of", self.ablation.of)]
        wrong = [
            _("{where}: no strategy {name!r}; {hint}", where=where, name=name, hint=did_you_mean(name, self.strategies))
            for where, name in named
            if name is not None and name not in self.strategies
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        refuse_circles(self.strategies)
        if self.compare.against is None and not any(table.baseline for table in self.strategies.values()):
            raise ValueError(_("compare.against: name the strategy to compare with, or mark one with baseline = true"))
        return self

    @property
    def against(self) -> str:
        """The strategy that others are compared with."""
        return self.compare.against or next(name for name, table in self.strategies.items() if table.baseline)

    def resolved(self, name: str) -> StrategyTable:
        """Return a strategy with what it inherits; a key that it states itself counts."""
        return resolve(self.strategies, name)

    @property
    def declaration(self) -> str:
        """Hash of what has to be declared before outcomes are read: question, metric, margin, family, strategies."""
        compare = self.compare.model_dump()
        declared = {"question": self.question, "primary": self.metrics.primary, "compare": compare}
        declared["against"], declared["strategies"] = self.against, sorted(self.strategies)
        declared["guardrails"] = dict(self.metrics.guardrails)
        declared["tables"] = {name: self.resolved(name).model_dump(mode="json") for name in sorted(self.strategies)}
        declared["relevance"] = self.data.relevance.model_dump(mode="json")
        declared["split"] = self.split.model_dump(mode="json")
        return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:16]


def resolve(tables: Mapping[str, StrategyTable], name: str) -> StrategyTable:
    """Return a strategy with what it inherits; scorers that are added or dropped add up, other keys replace."""
    table = tables[name]
    if table.extends is None:
        return table
    parent = resolve(tables, table.extends)
    stated = {key: getattr(table, key) for key in table.model_fields_set - {"extends"}}
    if "scorers" not in stated:
        stated["add"] = {**parent.add, **table.add}
        stated["drop"] = tuple(dict.fromkeys((*parent.drop, *table.drop)))
    return parent.model_copy(update={"baseline": False, "extends": None, **stated})


def refuse_circles(tables: Mapping[str, StrategyTable]) -> None:
    """Refuse a strategy that extends one that is not there, or itself.

    Raises
    ------
    ValueError
        For pydantic to report with the line.
    """
    for name in tables:
        seen = [name]
        while (parent := tables[seen[-1]].extends) is not None:
            if parent not in tables:
                hint = did_you_mean(parent, tables)
                where = f"strategies.{seen[-1]}.extends"
                raise ValueError(_("{where}: no strategy {name!r}; {hint}", where=where, name=parent, hint=hint))
            if parent in seen:
                raise ValueError(_("strategies.{name}: extends itself in a circle", name=name))
            seen.append(parent)


def load_evaluation(path: str | Path) -> EvaluationConfig:
    """Read an evaluation file; ConfigError with every problem of it, each with its line."""
    return parse_evaluation(read_toml_text(path), str(path))


def parse_evaluation(text: str, where: str = "evaluation") -> EvaluationConfig:
    """Parse TOML text; `where` names it in errors."""
    try:
        return EvaluationConfig.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        cause = str(error) or _("nested too deeply")
        raise ConfigError(_("{where}: not valid TOML: {cause}", where=where, cause=cause)) from error
    except ValidationError as error:
        problems = [
            _("line {line}: {problem}", line=line_of(text, problem["loc"] or _named(sentence)), problem=sentence)
            for problem, sentence in zip(
                error.errors(include_url=False), describe_validation(error, EvaluationConfig), strict=True
            )
        ]
        raise ConfigError(problem_count(where, len(problems)), problems) from error


def _named(sentence: str) -> tuple[str, ...]:
    """Return the key that a sentence about the whole file begins with, so that its line can be told."""
    words = next((word for word in sentence.split() if word.endswith(":") and "." in word), "")
    return tuple(words.rstrip(":").split(".")) if words else ()
