"""What canaries are held against: chance on the same lists, shuffled outcomes, and whether anything beats chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case, Lists
from matchengine.errors import MatchEngineError
from matchengine.evaluation.canaries import CANARY
from matchengine.evaluation.comparing import compared
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.measurements import Table
from matchengine.evaluation.steps import wanted_metrics
from matchengine.inference import compare, holm
from matchengine.metrics.measure import measure_one
from matchengine.metrics.parse import parse_metric
from matchengine.metrics.shared import mean_of, one
from matchengine.metrics.signature import Measured

__all__ = ["among_known", "better_than_chance", "chance", "permuted"]

_ORDERS = 200
_SHUFFLES = 40
_FLIPS = 1000
_DEALS = 199


def chance(ground: Ground) -> dict[str, FloatArray]:
    """Mean of the primary metric over many random orders, and how far one order, or their mean, may be from it.

    Every order is drawn without ties, so that nothing here rests on how ties are averaged.
    """
    lists = ground.judged_task.lists(np.zeros(len(ground.task.asked)))
    if not lists.people or not len(lists.person):
        return {name: np.full(2, np.nan) for name in ("chance_random", "chance_constant")} | {"constant_moved": one(0)}
    draw, measured = np.random.default_rng([ground.config.seed, 3]), _primary(ground)
    means = np.array([mean_of(measured(lists.scored(draw.random(len(lists.score))))) for _order in range(_ORDERS)])
    spread = float(means.std(ddof=1))
    return {
        "chance_random": np.array([means.mean(), spread * np.sqrt(1 + 1 / _ORDERS)]),
        "chance_constant": np.array([means.mean(), spread / np.sqrt(_ORDERS)]),
        "constant_moved": one(_moved(ground, lists)),
    }


def _moved(ground: Ground, lists: Lists) -> float:
    """By how much values of equals change when candidates are listed the other way round.

    The primary metric and every other one that reads lists alone and has a value for each person are tried.
    """
    order = np.lexsort((-lists.candidate, lists.person))
    turned = Lists(
        lists.people, lists.candidates, lists.person, lists.candidates - 1 - lists.candidate[order], lists.score[order],
        lists.gain[order],
    )  # fmt: skip
    most = 0.0
    for wanted in wanted_metrics(ground):
        if wanted.spec.level != "person" or set(wanted.spec.needs) - {"lists"}:
            continue
        try:
            found = [measure_one(wanted, Case(own)) for own in (lists, turned)]
        except MatchEngineError:  # a metric that fails is told of by the strategies that it fails
            continue
        left, right = (each.values if isinstance(each, Measured) else np.zeros(lists.people) for each in found)
        apart = np.abs(left - right)
        most = max(most, float(apart[~np.isnan(apart)].max(initial=0)))
    return most


def permuted(ground: Ground, scores: Mapping[str, FloatArray]) -> FloatArray:
    """p-values of one strategy against the one compared with, on outcomes shuffled among each person's candidates.

    The rival is the first declared strategy that is not the one compared with; NaN where there is none.
    """
    config = ground.config
    rivals = [name for name in config.strategies if name != config.against and len(scores.get(name, ()))]
    if not rivals or not len(scores.get(config.against, ())):
        return np.zeros(0)
    task = ground.judged_task
    lists = task.lists(scores[rivals[0]])
    draw, measured = np.random.default_rng([config.seed, 4]), _primary(ground)
    found = []
    for _shuffle in range(_SHUFFLES):
        order = np.lexsort((draw.random(len(lists.person)), lists.person))
        gain = lists.gain[order]
        values = [
            measured(Lists(lists.people, lists.candidates, lists.person, lists.candidate, score, gain))
            for score in (scores[rivals[0]], scores[config.against])
        ]
        cluster = task.clusters if task.clustered else None
        told = compare(values[0] - values[1], cluster, alpha=config.compare.alpha, draws=_FLIPS, seed=config.seed)
        found.append(told.p_value)
    return np.array(found)


def among_known(ground: Ground, scores: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return how much of each difference is due to how known pairs went, and how much to which pairs are known.

    Where outcomes exist only of pairs that somebody chose, whoever shows such pairs looks good whatever became of them,
    because a pair without a known outcome counts as irrelevant. So gains are dealt out anew among the known pairs. Each
    `known:NAME` holds the difference of a strategy to the one compared with, its mean under such shuffles, and the
    p-value that it lies as far from that mean by chance, (b + 1) / (B + 1).
    """
    config, task = ground.config, ground.judged_task
    known = np.flatnonzero(~np.isnan(task.gain))
    if not len(scores.get(config.against, ())) or len(known) < 2:
        return {}
    rivals = [name for name in config.strategies if name != config.against and len(scores.get(name, ()))]
    draw = np.random.default_rng([config.seed, 5])
    gains = [task.gain]
    for _shuffle in range(_DEALS):
        dealt = task.gain.copy()
        dealt[known] = draw.permutation(task.gain[known])
        gains.append(dealt)
    measured, shown = _primary(ground), {name: task.lists(scores[name]) for name in [*rivals, config.against]}
    means = {
        name: np.array([mean_of(measured(replace(lists, gain=gain))) for gain in gains])
        for name, lists in shown.items()
    }
    found = {}
    for name in rivals:
        apart = means[name] - means[config.against]
        centre = float(apart[1:].mean())
        as_far = int((np.abs(apart[1:] - centre) >= abs(apart[0] - centre) - 1e-12).sum())
        found[f"known:{name}"] = np.array([apart[0], centre, (as_far + 1) / (_DEALS + 1)])
    return found


def better_than_chance(table: Table, config: EvaluationConfig, seed: int) -> FloatArray:
    """Holm-adjusted p-values that declared strategies are better than chance; 1 where one is not above it."""
    metric = config.metrics.primary
    constant = [s for s in table.strategies if s.name == f"{CANARY}constant" and not s.failed]
    if not constant:
        return np.zeros(0)
    found = []
    for strategy in table.strategies:
        if strategy.origin == "declared" and not strategy.failed and metric in strategy.metrics:
            told = compared(table, strategy, constant[0], metric, config, seed)
            found.append(told.p_value if told.estimate > 0 else 1.0)
    return holm(found) if found else np.zeros(0)


def _primary(ground: Ground) -> Callable[[Lists], FloatArray]:
    """Return what measures lists by the primary metric: the value of each person, float64 (N,)."""
    wanted, seats = parse_metric(ground.registry, ground.config.metrics.primary), ground.task.asked.seats

    def measured(lists: Lists) -> FloatArray:
        found = measure_one(wanted, Case(lists, seats=seats))
        return found.values if isinstance(found, Measured) else np.full(lists.people, np.nan)

    return measured
