"""Strategies whose result is known beforehand: where one sings wrong, no verdict is given (evaluation.md 3.6).

Beside these, three tests of the declared strategies: that none was refused for knowing the outcomes, that no two are
copies, and that each tells candidates apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.evaluation.comparing import differences
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.measurements import StrategyTable, Table
from matchengine.evaluation.selection import APART
from matchengine.i18n import N_, _
from matchengine.inference import check_nulls
from matchengine.records.evaluation import CanaryResult

__all__ = ["CANARY", "MUTE", "SELECTION", "SIGNAL", "read_canaries"]

CANARY = "canary:"
"""Prefix of the names of strategies that the harness adds itself."""
SIGNAL = "signal"
"""The test whether any strategy is better than chance: where it fails, nothing can be told, but nothing is broken."""
SELECTION = "selection"
"""The test whether a difference comes from how known pairs went: where it does not, nothing can be told of it."""
MUTE = frozenset({SIGNAL, SELECTION})
"""Tests that fail because the data tell nothing, not because something is broken: then the light is grey."""
_WIDE = 4.5
"""Standard errors by which chance may differ from its expectation before the light turns red: 7 in a million."""
_NEAR = 1e-9
_FEW_LOST, _MANY_LOST = 0.1, 0.5
_OFTEN_TIED = 0.2
_PERFECT = ("ndcg", "ap", "rr", "success")
"""Metrics of which the best possible value is 1."""


def read_canaries(table: Table, config: EvaluationConfig) -> list[CanaryResult]:
    """Return the light of every canary that was asked for, and whether any strategy tells more than chance."""
    by_name = {strategy.name: strategy for strategy in table.strategies}
    read = {
        "random": _random, "constant": _constant, "oracle": _oracle, "popularity": _popularity,
        "permuted": _permuted, "duplicate": _duplicate,
    }  # fmt: skip
    found = [read[name](table, config, by_name) for name in config.canaries]
    found += [_duplicates(table, config), _level(table), _refused(table), _signal(table, config, by_name)]
    found += [_selection(table, config)]
    return [canary for canary in found if canary is not None]


Tables = dict[str, StrategyTable]


def _selection(table: Table, config: EvaluationConfig) -> CanaryResult | None:
    """Outcomes exist of pairs that came about: a difference that shuffling them among these leaves is none of quality.

    It matters where strategies differ in how many of the places they fill have a known outcome.
    """
    shares = {s.name: s.selection.get("judged") for s in table.strategies if not s.failed}
    rival = shares.get(config.against)
    suspect = []
    for strategy in table.strategies:
        share, found = shares.get(strategy.name), table.sensitivity.get(f"known:{strategy.name}")
        if strategy.origin != "declared" or found is None or share is None or rival is None:
            continue
        if abs(share - rival) > APART and not found[2] <= config.compare.alpha:
            suspect.append((strategy, float(found[0]), float(found[1])))
    if not suspect:
        told = N_("No difference comes merely from which pairs have a known outcome.")
        return CanaryResult(name=SELECTION, light="green", expected="", got="", sentence=_(told))
    strategy, seen, dealt = suspect[0]
    told = N_("{strategy} differs by {seen:+.3f}, and by {dealt:+.3f} when outcomes are dealt out anew among the known "
              "pairs: the difference tells which pairs came about, not how they went.")  # fmt: skip
    return CanaryResult(
        name=SELECTION, light="red", expected=f"{dealt:+.3f}", got=f"{seen:+.3f}",
        sentence=_(told, strategy=strategy.title, seen=seen, dealt=dealt),
    )  # fmt: skip


def _failed(name: str, strategy: StrategyTable | None) -> CanaryResult | None:
    if strategy is not None and not strategy.failed:
        return None
    reason = _("it was not run") if strategy is None else strategy.failed
    return CanaryResult(
        name=name, light="red", expected=_("an answer"), got=reason,
        sentence=_("The canary {name!r} gave no answer: {reason}", name=name, reason=reason),
    )  # fmt: skip


def _random(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """Chance has to come near its expectation, which a constant scorer has exactly."""
    return _against_chance(table, config, by_name, "random")


def _constant(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """A scorer that knows nothing has to be worth as much as the mean of many random orders, worked out apart."""
    return _against_chance(table, config, by_name, "constant")


def _against_chance(table: Table, config: EvaluationConfig, by_name: Tables, name: str) -> CanaryResult | None:
    strategy, metric = by_name.get(CANARY + name), config.metrics.primary
    failed = _failed(name, strategy)
    if failed is not None or strategy is None:
        return failed
    expected = table.sensitivity[f"chance_{name}"]
    mean, error = float(expected[0]), float(expected[1])
    got = strategy.metrics[metric].mean
    good = abs(got - mean) <= _WIDE * error + _NEAR
    moved = name == "constant" and float(table.sensitivity["constant_moved"][0]) > _NEAR
    if good and moved:
        told = N_("A strategy that knows nothing gives people other values when their candidates are listed in another "
                  "order: the metric breaks ties by the order of the data.")  # fmt: skip
        return CanaryResult(name=name, light="red", expected=_("the same"), got=_("other values"), sentence=_(told))
    told = N_("Who knows nothing reaches what chance reaches: {got:.4f}, expected {mean:.4f}.") if good else \
        N_("A strategy that knows nothing reaches {got:.4f}, where chance reaches {mean:.4f}: ties or the order of the "
           "data give the answer away.")  # fmt: skip
    return CanaryResult(
        name=name, light="green" if good else "red", expected=f"{mean:.4f} ± {_WIDE * error:.4f}", got=f"{got:.4f}",
        sentence=_(told, got=got, mean=mean),
    )  # fmt: skip


def _oracle(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """Who knows all outcomes has to be perfect, and nobody may be better."""
    strategy, metric = by_name.get(CANARY + "oracle"), config.metrics.primary
    failed = _failed("oracle", strategy)
    if failed is not None or strategy is None:
        return failed
    got = strategy.metrics[metric].mean
    lost = _lost(table)
    if lost is not None and lost.light == "red":
        return lost
    perfect = metric.split("@")[0].split("(")[0] in _PERFECT
    best = max((s.metrics[metric].mean for s in _declared(table, metric)), default=float("-inf"))
    good = bool(got >= best - _NEAR and (not perfect or abs(got - 1) <= _NEAR))
    told = N_("Whoever knows the outcomes reaches {got:.4f}, the most there is.") if good else \
        N_("Whoever knows the outcomes reaches only {got:.4f}: ids, eligibility or the metric do not fit.")  # fmt: skip
    if good and lost is not None:
        return lost
    return CanaryResult(
        name="oracle", light="green" if good else "red", expected="1.0000" if perfect else _("the most there is"),
        got=f"{got:.4f}", sentence=_(told, got=got),
    )  # fmt: skip


def _lost(table: Table) -> CanaryResult | None:
    """Good outcomes that no strategy could find, as their ids are unknown or a rule forbids the pair; None if few."""
    good, counts = table.counts.get("good_outcomes", 0), table.counts
    unknown, forbidden = counts.get("good_outcomes_unknown", 0), counts.get("good_outcomes_ruled_out", 0)
    share = (unknown + forbidden) / good if good else 0.0
    if share <= _FEW_LOST:
        return None
    told = N_("Of the good outcomes {share:.0%} are out of reach even for whoever knows them: {unknown} have ids that "
              "are not in the records, {forbidden} are of pairs that a rule forbids.")  # fmt: skip
    return CanaryResult(
        name="oracle", light="red" if share > _MANY_LOST else "amber", expected=_("at least {n} in 100", n=90),
        got=_("{n} in 100", n=round(100 * (1 - share))),
        sentence=_(told, share=share, unknown=unknown, forbidden=forbidden),
    )  # fmt: skip


def _popularity(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """Who knows only how often others were chosen: where that is as good, a strategy has learned nothing else."""
    strategy, metric = by_name.get(CANARY + "popularity"), config.metrics.primary
    failed = _failed("popularity", strategy)
    if failed is not None or strategy is None:
        return failed
    got = strategy.metrics[metric].mean
    rivals = [s for s in _declared(table, metric) if not s.baseline]
    best = max((s.metrics[metric].mean for s in rivals), default=float("nan"))
    good = not (got > best + _NEAR)
    told = N_("How often others were chosen reaches {got:.4f}; the best strategy reaches {best:.4f}.") if good else \
        N_("How often others were chosen reaches {got:.4f}, more than any strategy ({best:.4f}): the outcomes may tell "
           "who was shown, not who suits.")  # fmt: skip
    return CanaryResult(
        name="popularity", light="green" if good else "amber", expected=_("less than the best strategy"),
        got=f"{got:.4f}", sentence=_(told, got=got, best=best),
    )  # fmt: skip


def _permuted(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """With shuffled outcomes nothing may be significant more often than chance allows."""
    p_values = table.sensitivity.get("permuted_p", np.zeros(0))
    known = p_values[~np.isnan(p_values)]
    if not len(known):
        told = N_("Shuffled outcomes could not be tested: nothing is inferred from so few people or clusters.")
        return CanaryResult(name="permuted", light="amber", expected="", got="", sentence=_(told))
    check = check_nulls(known, config.compare.alpha)
    told = N_("With shuffled outcomes {n} of {all} comparisons were significant, no more than chance allows.") \
        if check.passed else \
        N_("With shuffled outcomes {n} of {all} comparisons were significant: more than chance allows, so the "
           "significance of real ones means nothing.")  # fmt: skip
    significant = int((known <= config.compare.alpha).sum())
    return CanaryResult(
        name="permuted", light="green" if check.passed else "red",
        expected=_("at most {n}", n=check.most), got=str(significant),
        sentence=_(told, n=significant, all=len(known)),
    )  # fmt: skip


def _duplicate(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """The strategy compared with, run again on the same people in another order: each value has to be the same."""
    strategy, metric = by_name.get(CANARY + "duplicate"), config.metrics.primary
    failed = _failed("duplicate", strategy)
    if failed is not None or strategy is None:
        return failed
    against = by_name[config.against]
    if against.failed:
        return _failed("duplicate", against)
    apart = np.abs(differences(strategy.metrics[metric], against.metrics[metric]))
    off = float(apart[~np.isnan(apart)].max(initial=0))
    good = off <= _NEAR
    told = N_("The same strategy on the same people in another order gives the same values.") if good else \
        N_("The same strategy on the same people in another order gives other values (by up to {off:.2g}): the order "
           "of the data decides something.")  # fmt: skip
    return CanaryResult(
        name="duplicate", light="green" if good else "red", expected="0", got=f"{off:.2g}", sentence=_(told, off=off)
    )


def _duplicates(table: Table, config: EvaluationConfig) -> CanaryResult | None:
    """Two declared strategies that give the same answers are one: a name or a setting does nothing."""
    metric = config.metrics.primary
    declared = _declared(table, metric)
    for place, one in enumerate(declared):
        for other in declared[:place]:
            if _alike(one, other):
                told = N_("{one!r} and {other!r} give the same answers to everybody: one of them is a copy, or what "
                          "sets them apart has no effect.")  # fmt: skip
                return CanaryResult(
                    name="copies", light="red", expected=_("different answers"), got=_("the same"),
                    sentence=_(told, one=one.name, other=other.name),
                )  # fmt: skip
    return None


def _alike(one: StrategyTable, other: StrategyTable) -> bool:
    """Whether two strategies have the same values on every metric, the same exposure and the same loads."""
    same = one.metrics.keys() == other.metrics.keys() and all(
        np.array_equal(one.metrics[name].values, other.metrics[name].values, equal_nan=True) for name in one.metrics
    )
    return same and np.array_equal(one.exposure, other.exposure) and np.array_equal(one.load, other.load)


def _level(table: Table) -> CanaryResult | None:
    """A declared strategy has to tell candidates apart, unless it is there to be compared with."""
    declared = [s for s in table.strategies if s.origin == "declared" and not s.failed]
    level = [s.name for s in declared if s.level and not s.baseline]
    tied = [s for s in declared if s.tied is not None and s.tied > _OFTEN_TIED]
    if level:
        told = N_("{name!r} gives every candidate of a person the same score: it tells nobody apart. Mark it with "
                  "baseline = true if that is what you want to compare with.")  # fmt: skip
        return CanaryResult(
            name="ties", light="red", expected=_("different scores"), got=_("the same"), sentence=_(told, name=level[0])
        )
    if not tied:
        return None
    worst = max(tied, key=lambda s: (s.tied or 0.0, s.name))
    told = N_("{name!r} cannot tell candidates apart for {share:.0%} of people: the last place shown is drawn among "
              "equals. Its figures are averages over all such draws.")  # fmt: skip
    return CanaryResult(
        name="ties", light="amber", expected=_("at most {n} in 100", n=round(100 * _OFTEN_TIED)),
        got=_("{n} in 100", n=round(100 * (worst.tied or 0.0))), sentence=_(told, name=worst.name, share=worst.tied),
    )  # fmt: skip


def _refused(table: Table) -> CanaryResult | None:
    """No declared strategy may have seen the outcomes by which it is judged."""
    leaking = [s for s in table.strategies if s.origin != "canary" and s.leak]
    if not leaking:
        return None
    return CanaryResult(
        name="leakage", light="red", expected=_("scores that do not tell the outcome"), got=leaking[0].leak,
        sentence=_("{name!r} was refused: {reason}", name=leaking[0].name, reason=leaking[0].failed),
    )  # fmt: skip


def _signal(table: Table, config: EvaluationConfig, by_name: Tables) -> CanaryResult | None:
    """Some strategy has to be better than chance, or the outcomes tell nothing about any of them."""
    chance, metric = by_name.get(CANARY + "constant"), config.metrics.primary
    declared = _declared(table, metric)
    if chance is None or chance.failed or not declared:
        return None
    p_values = table.sensitivity.get("signal_p", np.zeros(0))
    good = bool(len(p_values) and np.nanmin(np.append(p_values, 1.0)) <= config.compare.alpha)
    best = max(declared, key=lambda s: (s.metrics[metric].mean, s.name))
    told = N_("At least one strategy is better than chance.") if good else \
        N_("No strategy is shown to be better than chance: either the outcomes do not depend on who was matched with "
           "whom, or ids do not fit together.")  # fmt: skip
    got, mean = best.metrics[metric].mean, chance.metrics[metric].mean
    return CanaryResult(
        name=SIGNAL, light="green" if good else "red", expected=_("more than {mean:.4f}", mean=mean),
        got=f"{got:.4f}", sentence=_(told),
    )  # fmt: skip


def _declared(table: Table, metric: str) -> Sequence[StrategyTable]:
    return [s for s in table.strategies if s.origin == "declared" and not s.failed and metric in s.metrics]
