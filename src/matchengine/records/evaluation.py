"""What an evaluation found: verdict, figures, comparisons, canaries, limits; no name and no value of any person."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from matchengine.records.base import Record

__all__ = [
    "CanaryResult",
    "ComparisonResult",
    "DataGate",
    "Estimate",
    "EvaluationDifference",
    "EvaluationResult",
    "ExampleCase",
    "Figure",
    "FigureChange",
    "GuardrailResult",
    "LeakageFinding",
    "PowerStatement",
    "ScorerEffect",
    "SelectionResult",
    "StrategyFigures",
    "StrategyResult",
    "SubgroupRow",
    "SubgroupTable",
    "Verdict",
    "VerdictName",
]

VerdictName = Literal["better", "worse", "same", "cannot_tell", "failed"]
Light = Literal["green", "amber", "red", "grey"]


class _Wide(Record):
    """A record whose texts may be long."""

    model_config = ConfigDict(str_max_length=1 << 16)


class Figure(_Wide):
    """One number with its interval and signature; `value` is null where nothing could be measured.

    `people` took part, `excluded` have no suitable candidate, `missing` got no suggestion and count as 0.
    """

    metric: str
    value: float | None
    low: float | None = None
    high: float | None = None
    people: int = 0
    excluded: int = 0
    missing: int = 0
    signature: str = ""
    title: str = ""
    unit: str = ""
    better: Literal["higher", "lower"] = "higher"
    not_applicable: str = ""


class GuardrailResult(_Wide):
    """A requirement that was declared: the metric, the rule, what was found, whether it holds."""

    metric: str
    rule: str
    value: float | None
    limit: float | None
    holds: bool
    sentence: str


class StrategyFigures(_Wide):
    """How gains and exposure are spread, for plots: shares of people by value, and mean exposure by tenth."""

    histogram_edges: tuple[float, ...] = ()
    histogram: tuple[int, ...] = ()
    exposure_curve: tuple[float, ...] = ()
    load: tuple[float, ...] = ()


class Estimate(_Wide):
    """A mean outcome reckoned from logged chances, null with the reason where it was refused."""

    value: float | None
    low: float | None = None
    high: float | None = None
    effective: float | None = None
    pairs: int = 0
    reason: str = ""


class SelectionResult(_Wide):
    """How far a strategy's figures can be trusted: places with a known outcome, estimates by logged chances."""

    judged: float | None = None
    weighted: Estimate | None = None
    robust: Estimate | None = None


class StrategyResult(_Wide):
    """One strategy: its figures, or the reason why it gave none."""

    name: str
    title: str
    origin: Literal["declared", "canary", "ablation"] = "declared"
    baseline: bool = False
    failed: str = ""
    figures: tuple[Figure, ...] = ()
    guardrails: tuple[GuardrailResult, ...] = ()
    spread: StrategyFigures = StrategyFigures()
    selection: SelectionResult | None = None
    notes: tuple[str, ...] = ()
    weights: dict[str, float] = Field(default={})
    honest: float | None = None
    apparent: float | None = None


class ComparisonResult(_Wide):
    """A strategy against another on one metric, person by person.

    `low` and `high` bound the difference at the confidence that `level` states; `p_adjusted` is null outside the
    declared family. `beyond_margin` tells whether the whole interval lies beyond the margin. `more_people` and
    `more_clusters` are what "cannot tell" would need, null where unknown.
    """

    strategy: str
    against: str
    metric: str
    declared: bool
    difference: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    p: float | None = None
    p_adjusted: float | None = None
    p_paired_t: float | None = None
    p_wilcoxon: float | None = None
    method: str = ""
    people: int = 0
    clusters: int | None = None
    effect_size: float | None = None
    superiority: float | None = None
    margin: float = 0.0
    verdict: VerdictName
    beyond_margin: bool = False
    more_people: int | None = None
    more_clusters: int | None = None
    gained: int = 0
    lost: int = 0
    unchanged: int = 0
    worst_tenth: float | None = None
    histogram_edges: tuple[float, ...] = ()
    histogram: tuple[int, ...] = ()
    sentence: str = ""


class CanaryResult(_Wide):
    """One test of the harness and the data by a strategy whose result is known beforehand."""

    name: str
    light: Light
    expected: str
    got: str
    sentence: str


class LeakageFinding(_Wide):
    """One way by which the answer could reach a strategy. `severity` refuse stops the run unless it is allowed."""

    name: str
    severity: Literal["refuse", "warn"]
    where: str
    sentence: str


class PowerStatement(_Wide):
    """The smallest difference that can be told, from the spread that is assumed or found before any comparison."""

    people: int
    clusters: int | None
    smallest_difference: float | None
    assumed_spread: float
    design_effect: float = 1.0
    sentence: str = ""


class DataGate(_Wide):
    """What the comparison rests on: counts, hashes of what was read, leakage, power, cost."""

    counts: dict[str, int] = Field(default={})
    data: str = ""
    declaration: str = ""
    leakage: tuple[LeakageFinding, ...] = ()
    power: PowerStatement | None = None
    folds: int = 1
    clusters: int | None = None
    passed: bool = True


class SubgroupRow(_Wide):
    """One cell: its value and how many people, both null where it is hidden."""

    group: tuple[str, ...]
    people: int | None
    value: float | None
    shrunk: float | None = None
    hidden: bool = False


class SubgroupTable(_Wide):
    """One strategy by subgroup, cells under `min_cell` and what would give them away hidden."""

    strategy: str
    by: tuple[str, ...]
    metric: str
    rows: tuple[SubgroupRow, ...]
    worst: float | None = None
    gap: float | None = None
    gap_p: float | None = None
    differential: float | None = None
    differential_null: float | None = None
    differential_p: float | None = None
    sentence: str = ""


class ScorerEffect(_Wide):
    """What a scorer does: the difference without it, or the value with it alone."""

    strategy: str
    scorer: str
    kind: Literal["without", "only", "weight"]
    value: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_adjusted: float | None = None
    sentence: str = ""


class ExampleCase(_Wide):
    """One person without a name: values of two strategies, and why they were picked."""

    number: int
    picked: Literal["best", "worst", "disagreement"]
    values: dict[str, float | None]
    candidates: int
    relevant: int
    sentence: str = ""


class Verdict(_Wide):
    """The answer: a light with words, one sentence, what it rests on, and what it cannot tell."""

    light: Light
    word: str
    sentence: str
    reasons: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    watermark: str = ""


class EvaluationResult(_Wide):
    """A whole evaluation; the same again from the same data, configuration and seed, on any number of workers."""

    schema_: Literal["matchengine.evaluation-result/1"] = Field(
        default="matchengine.evaluation-result/1", alias="schema"
    )
    question: str
    verdict: Verdict
    primary: str
    against: str
    gate: DataGate
    strategies: tuple[StrategyResult, ...]
    comparisons: tuple[ComparisonResult, ...] = ()
    canaries: tuple[CanaryResult, ...] = ()
    subgroups: tuple[SubgroupTable, ...] = ()
    effects: tuple[ScorerEffect, ...] = ()
    stable_order: float | None = None
    cases: tuple[ExampleCase, ...] = ()
    method: tuple[str, ...] = ()
    exploratory: tuple[str, ...] = ()
    language: str = "en"
    config: str = ""

    model_config = ConfigDict(str_max_length=1 << 20, populate_by_name=True)


class FigureChange(_Wide):
    """A figure of a strategy in two runs, measured in the same way."""

    strategy: str
    metric: str
    before: float
    after: float
    change: float


class EvaluationDifference(_Wide):
    """What changed between two runs; `same` when data, configuration, figures and verdict are."""

    data: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    incomparable: tuple[str, ...] = ()
    verdict_before: str = ""
    verdict_after: str = ""
    same: bool = False
