"""From the per-person table to the result: figures, comparisons, canaries, verdict. Nothing here reads any record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray
from matchengine.evaluation.canaries import MUTE, read_canaries
from matchengine.evaluation.cases import example_cases
from matchengine.evaluation.comparing import compare_all, figure_of, rounded
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.effects import scorer_effects
from matchengine.evaluation.guardrails import parse_guardrail
from matchengine.evaluation.measurements import StrategyTable, Table
from matchengine.evaluation.selection import APART, selection_sentences
from matchengine.evaluation.sentences import LIGHT_WORDS, METHODS, guardrail_sentence, limits_of, uneven_sentence
from matchengine.evaluation.subgroups import subgroup_tables
from matchengine.i18n import N_, _, listing
from matchengine.records.evaluation import (
    CanaryResult,
    ComparisonResult,
    DataGate,
    EvaluationResult,
    GuardrailResult,
    SelectionResult,
    StrategyFigures,
    StrategyResult,
    Verdict,
)

__all__ = ["Circumstances", "analyse"]

_TENTHS = 10


@dataclass(frozen=True)
class Circumstances:
    """What the table itself does not tell: the data gate, what changed since it was declared, a trial run."""

    gate: DataGate
    exploratory: tuple[str, ...] = ()
    limit: int | None = None
    synthetic: bool = False
    config: str = ""


def analyse(table: Table, config: EvaluationConfig, told: Circumstances) -> EvaluationResult:
    """Work out everything that a report says.

    Parameters
    ----------
    table : Table
        The saved per-person table; the result is a function of it, the configuration and the circumstances alone.
    """
    seed = config.seed
    comparisons = compare_all(table, config, seed)
    strategies = tuple(_strategy(table, strategy, config, seed) for strategy in table.strategies)
    canaries = read_canaries(table, config)
    people = int((table.judged & (table.relevant > 0)).sum())
    clusters = len(np.unique(table.cluster[table.judged])) if table.clustered else None
    pairs = max(table.counts.get("eligible_pairs", 0), 1)
    limits = limits_of(
        people=people, clusters=clusters, outcomes_share=table.counts.get("known_pairs", 0) / pairs,
        synthetic=told.synthetic,
    )  # fmt: skip
    limits = (*limits, *unevenly_judged(table))
    verdict = _verdict(comparisons, strategies, canaries, config, told)
    return EvaluationResult(
        question=config.question,
        verdict=verdict.model_copy(update={"limits": limits}),
        primary=config.metrics.primary,
        against=config.against,
        gate=told.gate,
        strategies=strategies,
        comparisons=tuple(comparisons),
        canaries=tuple(canaries),
        subgroups=tuple(subgroup_tables(table, config, seed)),
        effects=tuple(scorer_effects(table, config, seed)),
        stable_order=_share(table),
        cases=tuple(example_cases(table, config)),
        method=tuple(_method(config, comparisons)),
        exploratory=told.exploratory,
        language=config.report.language,
        config=told.config,
    )


def unevenly_judged(table: Table) -> tuple[str, ...]:
    """Say so where outcomes are known of many more of the candidates that one strategy shows than of another's."""
    shares = {s.title: s.selection.get("judged") for s in table.strategies if s.origin == "declared" and not s.failed}
    known = {title: float(share) for title, share in shares.items() if share is not None}
    if known and max(known.values()) - min(known.values()) > APART:
        most, least = max(known, key=lambda t: (known[t], t)), min(known, key=lambda t: (known[t], t))
        return (uneven_sentence(most, known[most], least, known[least]),)
    return ()


def _share(table: Table) -> float | None:
    kept = table.sensitivity.get("order")
    return None if kept is None or not len(kept) else rounded(float(kept.mean()))


def _strategy(table: Table, strategy: StrategyTable, config: EvaluationConfig, seed: int) -> StrategyResult:
    figures = tuple(figure_of(table, measured, config, seed) for measured in strategy.metrics.values())
    rules: tuple[GuardrailResult, ...] = ()
    if strategy.origin == "declared" and not strategy.failed:
        rules = tuple(
            _guardrail(table, strategy, name, rule, config) for name, rule in config.metrics.guardrails.items()
        )
    return StrategyResult(
        name=strategy.name, title=strategy.title, origin=strategy.origin, baseline=strategy.baseline,
        failed=strategy.failed, figures=figures, guardrails=rules, spread=_spread(table, strategy, config),
        selection=SelectionResult.model_validate(dict(strategy.selection)) if strategy.selection else None,
        notes=strategy.notes, weights=dict(strategy.weights),
        honest=None if strategy.honest is None else rounded(strategy.honest),
        apparent=None if strategy.apparent is None else rounded(strategy.apparent),
    )  # fmt: skip


def _guardrail(
    table: Table, strategy: StrategyTable, metric: str, text: str, config: EvaluationConfig
) -> GuardrailResult:
    rule = parse_guardrail(metric, text)
    against = table[config.against]
    measured, other = strategy.metrics.get(metric), against.metrics.get(metric)
    value = float("nan") if measured is None else measured.mean
    baseline = float("nan") if other is None else other.mean
    found = GuardrailResult(
        metric=metric, rule=text, value=rounded(value), limit=rounded(rule.limit(baseline)),
        holds=rule.holds(value, baseline), sentence="",
    )  # fmt: skip
    title = metric if measured is None else measured.facts.title
    return found.model_copy(update={"sentence": guardrail_sentence(found, strategy.title, title)})


def _spread(table: Table, strategy: StrategyTable, config: EvaluationConfig) -> StrategyFigures:
    """How values, exposure and load are spread; tenths of candidates, never one of them."""
    measured = strategy.metrics.get(config.metrics.primary)
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    if measured is not None and measured.facts.level == "person" and len(measured.values) == len(table.person):
        values = measured.values[table.judged & ~np.isnan(measured.values)]
        if len(values) >= _TENTHS:
            found, cuts = np.histogram(values, np.linspace(0, max(1.0, float(values.max())), _TENTHS + 1))
            if np.all((found == 0) | (found >= 5)):
                edges, counts = tuple(round(float(cut), 6) for cut in cuts), tuple(int(n) for n in found)
    return StrategyFigures(
        histogram_edges=edges, histogram=counts, exposure_curve=_curve(strategy.exposure), load=_curve(strategy.load)
    )


def _curve(values: FloatArray) -> tuple[float, ...]:
    """Share of the whole that falls to each tenth of candidates, the least shown first; empty for fewer than 20."""
    if len(values) < 2 * _TENTHS or values.sum() <= 0:
        return ()
    whole = np.concatenate([[0.0], np.cumsum(np.sort(values))])
    edges = np.linspace(0, len(values), _TENTHS + 1)
    parts = np.diff(np.interp(edges, np.arange(len(whole)), whole)) / whole[-1]
    return tuple(round(float(part), 6) for part in parts)


def _verdict(
    comparisons: Sequence[ComparisonResult],
    strategies: Sequence[StrategyResult],
    canaries: Sequence[CanaryResult],
    config: EvaluationConfig,
    told: Circumstances,
) -> Verdict:
    """One light, one sentence: red where the harness or a requirement says no, else what the comparison says."""
    mark = "" if told.limit is None else _("Trial run with {n} people: not evidence.", n=told.limit)
    bad = [canary.sentence for canary in canaries if canary.light == "red" and canary.name not in MUTE]
    silent = [canary.sentence for canary in canaries if canary.light == "red" and canary.name in MUTE]
    refused = [finding.sentence for finding in told.gate.leakage if finding.severity == "refuse"]
    failed = [
        _("Strategy {name!r} gave no answer: {reason}", name=strategy.name, reason=strategy.failed)
        for strategy in strategies
        if strategy.failed and strategy.origin == "declared"
    ]
    if bad or refused:
        sentence = _("No verdict: a test of the data or of the comparison itself failed.")
        return Verdict(light="red", word=_(LIGHT_WORDS["red"]), sentence=sentence, reasons=(*bad, *refused, *failed),
                       watermark=mark)  # fmt: skip
    declared = [one for one in comparisons if one.declared and one.against == config.against]
    if not declared:
        sentence = _("There is nothing to compare: fewer than two strategies gave answers.")
        return Verdict(light="grey", word=_(LIGHT_WORDS["grey"]), sentence=sentence, reasons=tuple(failed),
                       watermark=mark)  # fmt: skip
    if silent:
        worded = _(LIGHT_WORDS["grey"])
        said = (*silent[1:], *(one.sentence for one in declared), *failed)
        return Verdict(light="grey", word=worded, sentence=silent[0], reasons=said, watermark=mark)
    best = max(declared, key=lambda one: (one.verdict == "better", one.difference or 0.0, one.strategy))
    broken = {s.name: [g.sentence for g in s.guardrails if not g.holds] for s in strategies}
    sound = [one for one in declared if one.verdict == "better" and not broken[one.strategy]]
    if sound:
        best = max(sound, key=lambda one: (one.difference or 0.0, one.strategy))
        light = "green"
    elif any(one.verdict == "better" for one in declared):
        sentence = _("{name} is better on average, but a requirement failed, so it is not recommended as it is.",
                     name=next(s.title for s in strategies if s.name == best.strategy))  # fmt: skip
        return Verdict(light="red", word=_(LIGHT_WORDS["red"]), sentence=sentence,
                       reasons=(*broken[best.strategy], best.sentence, *failed), watermark=mark)  # fmt: skip
    else:
        light = "grey" if any(one.verdict == "cannot_tell" for one in declared) else "amber"
        best = next((one for one in declared if one.verdict == "cannot_tell"), best)
    reasons = [one.sentence for one in declared if one is not best]
    reasons += selection_sentences(
        [(s.title, s.selection) for s in strategies if s.origin == "declared" and s.selection]
    )
    reasons += [sentence for one in declared for sentence in broken[one.strategy]]
    worded = _(LIGHT_WORDS[light]) if best.verdict != "worse" else _("worse")
    return Verdict(light=light, word=worded, sentence=best.sentence, reasons=(*reasons, *failed), watermark=mark)


def _method(config: EvaluationConfig, comparisons: Sequence[ComparisonResult]) -> list[str]:
    """How it was done, in sentences."""
    compare = config.compare
    methods = sorted({_(METHODS[one.method]) for one in comparisons if one.declared and one.method in METHODS})
    said = [
        _(
            "Declared before outcomes were read: {metric} as the primary metric, a margin of {margin}, an error of "
            "{alpha} over the family ({family}).",
            metric=config.metrics.primary,
            margin=compare.margin,
            alpha=compare.alpha,
            family=compare.family,
        ),
        _("Differences are taken person by person. Ties are averaged over all their orders; people without any "
          "suggestion count as 0; people for whom nobody suits are left out and counted."),
        _("Intervals and tests: {methods}. P-values of the family are corrected after Holm.", methods=listing(methods)),
        _("Every other comparison is exploratory."),
    ]  # fmt: skip
    if config.groups.by:
        told = N_("Subgroups are of people who consented to audits; cells under {n} people, and others that would give "
                  "them away, are hidden.")  # fmt: skip
        said.append(_(told, n=config.groups.min_cell))
    return said
