"""Small evaluations to make pages of: one for every verdict, one for everything that can go wrong."""

from __future__ import annotations

from typing import Any

from matchengine.records.evaluation import (
    CanaryResult,
    ComparisonResult,
    DataGate,
    EvaluationResult,
    ExampleCase,
    Figure,
    GuardrailResult,
    LeakageFinding,
    PowerStatement,
    ScorerEffect,
    StrategyFigures,
    StrategyResult,
    SubgroupRow,
    SubgroupTable,
    Verdict,
)

KINDS = ("better", "worse", "same", "cannot_tell", "guardrail", "canary", "strategy", "trial", "empty")
SIGNATURE = "success@5|ties=avg|missing=0|v=1"
_FOUND: dict[str, tuple[float, float | None, float | None]] = {
    "better": (0.08, 0.04, 0.12),
    "worse": (-0.06, -0.1, -0.03),
    "same": (0.002, -0.009, 0.013),
    "cannot_tell": (0.015, -0.03, 0.06),
}
_LIGHTS: dict[str, Any] = {
    "better": ("green", "better"),
    "worse": ("amber", "worse"),
    "same": ("amber", "practically the same"),
    "cannot_tell": ("grey", "we cannot tell"),
    "guardrail": ("red", "not to be relied on"),
    "canary": ("red", "not to be relied on"),
}


def figure(metric: str, value: float | None, unit: str = "share of people", **more: Any) -> Figure:
    """Return a figure of 312 people, with an interval where a share has a value."""
    around = {} if value is None or unit != "share of people" else {"low": value - 0.05, "high": value + 0.05}
    known = {"title": f"title of {metric}", "unit": unit, "people": 312, "excluded": 7, "signature": f"{metric}|v=1"}
    return Figure.model_validate({"metric": metric, "value": value} | around | known | more)


def comparison(strategy: str, kind: str, **more: Any) -> ComparisonResult:
    """Return a comparison with the strategy called rules."""
    difference, low, high = _FOUND[kind]
    known = {
        "strategy": strategy,
        "against": "rules",
        "metric": "success@5",
        "declared": True,
        "difference": difference,
        "low": low,
        "high": high,
        "p": 0.0004,
        "p_adjusted": 0.0008,
        "method": "bootstrap_by_cluster",
        "people": 312,
        "clusters": 14,
        "margin": 0.02,
        "verdict": kind,
        "gained": 70,
        "lost": 40,
        "unchanged": 202,
        "worst_tenth": -0.4,
        "histogram_edges": (-0.6, -0.2, 0.2, 0.6),
        "histogram": (40, 202, 70),
        "sentence": f"{strategy} is {kind}.",
    }
    return ComparisonResult.model_validate(known | more)


def strategy(name: str, value: float, **more: Any) -> StrategyResult:
    """Return a declared strategy with figures of people, of candidates and of everybody."""
    figures = (
        figure("success@5", value, signature=SIGNATURE),
        figure("unmatched_rate", 0.04, better="lower"),
        figure("mentor_overload", 0.11, "share of candidates", better="lower"),
        figure("blocking_pairs", 1231.0, "pairs", better="lower"),
        figure("brier", None, "squared error", not_applicable="needs chances"),
    )
    rule = GuardrailResult(metric="unmatched_rate", rule="<= 0.05", value=0.04, limit=0.05, holds=True, sentence="x")
    spread = StrategyFigures(exposure_curve=(0.01, 0.03, 0.05, 0.07, 0.08, 0.1, 0.12, 0.14, 0.17, 0.23))
    known = {"name": name, "title": name.title(), "figures": figures, "guardrails": (rule,), "spread": spread}
    return StrategyResult.model_validate(known | more)


def result(kind: str = "better", **more: Any) -> EvaluationResult:
    """Return an evaluation of one of `KINDS`."""
    if kind == "empty":
        return _empty()
    main = kind if kind in _FOUND else "better"
    broken = GuardrailResult(
        metric="unmatched_rate",
        rule="<= baseline + 0.02",
        value=0.09,
        limit=0.06,
        holds=False,
        sentence="Hybrid leaves more people without anybody.",
    )
    load = StrategyFigures(exposure_curve=(0.1,) * 10, load=(0.0, 0.0, 0.05, 0.05, 0.1, 0.1, 0.1, 0.15, 0.2, 0.25))
    strategies = [
        strategy("rules", 0.61, baseline=True),
        strategy("hybrid", 0.69, spread=load, **({"guardrails": (broken,)} if kind == "guardrail" else {})),
        strategy(
            "tuned", 0.66, weights={"goals": 0.7, "interests": 0.3}, honest=0.64, apparent=0.67, notes=("Drawn.",)
        ),
        strategy("canary:oracle", 1.0, origin="canary", guardrails=()),
    ]
    if kind == "strategy":
        strategies[1] = StrategyResult(name="hybrid", title="Hybrid", failed="the model is not there")
    light, word = _LIGHTS.get(kind, ("green", "better"))
    chosen = comparison("tuned" if kind == "strategy" else "hybrid", main)
    comparisons = [chosen, *([] if kind == "strategy" else [comparison("tuned", "cannot_tell", lost=3, gained=40)])]
    comparisons.append(
        comparison(
            "hybrid",
            "same",
            metric="blocking_pairs",
            declared=False,
            difference=-3.5,
            low=-9.0,
            high=2.0,
            method="t_dyadic",
            sentence="",
        )
    )
    canaries = (
        CanaryResult(name="random", light="green", expected="0.2", got="0.21", sentence="As chance."),
        CanaryResult(
            name="oracle", light="red" if kind == "canary" else "green", expected="1", got="0.7", sentence="Ids."
        ),
        CanaryResult(name="popularity", light="amber", expected="less", got="0.9", sentence="Who was shown."),
    )
    sentence = "No verdict: a test failed." if kind == "canary" else chosen.sentence
    verdict = Verdict(
        light=light,
        word=word,
        sentence=sentence,
        reasons=("Tuned: cannot tell.",),
        limits=("Whether it is so.",),
        watermark="Trial run with 50 people: not evidence." if kind == "trial" else "",
    )
    known = {
        "question": "Do goals help?",
        "verdict": verdict,
        "primary": "success@5",
        "against": "rules",
        "gate": gate(),
        "strategies": strategies,
        "comparisons": comparisons,
        "canaries": canaries,
        "subgroups": subgroups(),
        "effects": effects(),
        "stable_order": 0.93,
        "cases": cases(),
        "method": ("Person by person.",),
        "config": "c0ffee",
    }
    return EvaluationResult.model_validate(known | more)


def gate(**more: Any) -> DataGate:
    """Return a data gate with one finding to be careful about."""
    finding = LeakageFinding(name="cutoff", severity="warn", where="months", sentence="Known only later.")
    power = PowerStatement(people=312, clusters=14, smallest_difference=0.05, assumed_spread=0.3, sentence="5 in 100.")
    known: dict[str, Any] = {
        "counts": {"requesters": 320, "judged_people": 312, "new_count": 9},
        "data": "da7a",
        "declaration": "dec1",
        "leakage": (finding,),
        "power": power,
        "folds": 5,
        "clusters": 14,
    }
    return DataGate.model_validate(known | more)


def subgroups() -> tuple[SubgroupTable, ...]:
    """Return two strategies by region, one cell hidden, one counted differently."""
    hidden = SubgroupRow(group=("south",), people=None, value=None, hidden=True)

    def of(name: str, people: int) -> SubgroupTable:
        rows = (
            SubgroupRow(group=("north",), people=120, value=0.66),
            SubgroupRow(group=("east",), people=people, value=0.5),
            hidden,
        )
        return SubgroupTable(
            strategy=name,
            by=("region",),
            metric="success@5",
            rows=rows,
            worst=0.52,
            gap=-0.16,
            gap_p=0.04,
            differential=0.4,
            differential_null=0.3,
            differential_p=0.2,
            sentence=f"{name}: one group differs.",
        )

    return of("rules", 30), of("hybrid", 31)


def effects() -> tuple[ScorerEffect, ...]:
    """Return what two scorers do, in every way that is looked at."""
    found = []
    for scorer, sign in (("goals", 1), ("interests", -1)):
        known = {"strategy": "hybrid", "scorer": scorer, "value": 0.6}
        around = {"difference": sign * 0.03, "low": sign * 0.03 - 0.02, "high": sign * 0.03 + 0.02, "p_adjusted": 0.03}
        found += [
            ScorerEffect.model_validate(known | around | {"kind": "without", "sentence": f"Consider {scorer}."}),
            ScorerEffect.model_validate(known | {"kind": "only", "difference": sign * -0.05}),
            ScorerEffect.model_validate(known | {"kind": "weight", "value": sign * 0.014}),
        ]
    return tuple(found)


def cases() -> tuple[ExampleCase, ...]:
    """Return three cases, one for each reason."""
    return (
        ExampleCase(number=1, picked="best", values={"rules": 0.0, "hybrid": 1.0}, candidates=30, relevant=4),
        ExampleCase(number=2, picked="worst", values={"rules": 1.0, "hybrid": 0.0}, candidates=20, relevant=2),
        ExampleCase(
            number=3,
            picked="disagreement",
            values={"rules": 0.5, "hybrid": None},
            candidates=8,
            relevant=1,
            sentence="They differ most.",
        ),
    )


def _empty() -> EvaluationResult:
    verdict = Verdict(light="grey", word="we cannot tell", sentence="There is nothing to compare.")
    return EvaluationResult(
        question="", verdict=verdict, primary="success@5", against="rules", gate=DataGate(passed=False), strategies=()
    )
