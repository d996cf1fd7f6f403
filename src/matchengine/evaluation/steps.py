"""One step of a run: ask a strategy, fold by fold where it learns, put its answers together and measure them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.comparison import Case, Cost, Lists, Placed
from matchengine.comparison_components import Need
from matchengine.errors import MatchEngineError, blame
from matchengine.evaluation.canaries import CANARY
from matchengine.evaluation.config import ENGINE
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.leakage import follows_outcomes
from matchengine.evaluation.measurements import Measurements, MetricFacts, StrategyTable
from matchengine.evaluation.plan import Step
from matchengine.evaluation.probability import learn_probability
from matchengine.evaluation.selection import selection_of, told_of
from matchengine.evaluation.strategies.answer import Answer, StrategyFailed, Tuned
from matchengine.evaluation.task import Fold, Task
from matchengine.i18n import _
from matchengine.metrics.exposure import exposure_of
from matchengine.metrics.kernel import boundary_tied
from matchengine.metrics.measure import measure
from matchengine.metrics.parse import Wanted, parse_metric
from matchengine.metrics.shared import Judged
from matchengine.metrics.signature import Measured
from matchengine.records.evaluation import LeakageFinding

__all__ = ["CHEAP", "Step", "Work", "ask_and_measure", "depth_of", "wanted_metrics"]

CHEAP = frozenset({"lists", "seats"})
"""Parts of a case that cost nothing to have."""


@dataclass(frozen=True)
class Work:
    """What a step produced: its row of the table, the scores of all pairs, and what it cost (never a result)."""

    table: StrategyTable
    scores: FloatArray
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    costs: Mapping[str, float]


def wanted_metrics(ground: Ground) -> list[Wanted]:
    """Return every metric that is named; ConfigError with the nearest name for one that is not there."""
    return [parse_metric(ground.registry, name) for name in ground.metrics]


def metrics_of(ground: Ground, step: Step) -> list[Wanted]:
    """Return what a step is measured by: everything for a declared strategy, for others what lists alone tell."""
    found = wanted_metrics(ground)
    return found if step.origin == "declared" else [one for one in found if set(one.spec.needs) <= CHEAP]


def ask_and_measure(ground: Ground, step: Step) -> Work:
    """Ask a strategy and measure its answers. What it raises becomes the reason of a failed strategy."""
    began, cpu = time.perf_counter(), time.process_time()
    try:
        table, scores, costs = _asked_and_measured(ground, step)
    except MatchEngineError as error:
        table, scores, costs = _without_answer(ground, step, str(error))
    except Exception as error:
        table, scores, costs = _without_answer(ground, step, str(blame(_("strategy {name!r}", name=step.name), error)))
    return Work(table, scores, time.perf_counter() - began, time.process_time() - cpu, peak_bytes(), costs)


Product = tuple[StrategyTable, FloatArray, dict[str, float]]


def _asked_and_measured(ground: Ground, step: Step) -> Product:
    answer = _answer(ground, step)
    if isinstance(answer, StrategyFailed):
        return _without_answer(ground, step, answer.reason)
    leak = _leak(ground, step, answer)
    if leak is not None:
        return _without_answer(ground, step, leak.sentence, leak.name)
    price = ground.config.budget.price_per_hour
    cost = Cost(answer.seconds, answer.total_seconds, float(peak_bytes()), float("nan") if price is None else price)
    table, costs = _measured(ground, step, answer, cost)
    return table, answer.scores, costs


def _without_answer(ground: Ground, step: Step, reason: str, leak: str = "") -> Product:
    for folder in (ground.base, ground.base.resolve()):  # a reason may be published: no folder of this machine
        reason = reason.replace(f"{folder}/", "")
    table = StrategyTable(
        step.name, _title(ground, step), _origin(step), step.baseline, reason, leak=leak, of=step.of, scorer=_how(step)
    )
    return table, np.zeros(0), {}


def peak_bytes() -> int:
    """Most memory that this process has held so far, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _answer(ground: Ground, step: Step) -> Answer | StrategyFailed:
    """Return the answer for everybody: one, or each fold's for those whom the fold judges."""
    from matchengine.evaluation.strategies.configured import answer

    task = ground.task
    wanted = frozenset(need for one in metrics_of(ground, step) for need in one.spec.needs)
    if step.name == CANARY + "oracle":
        from matchengine.evaluation.strategies.oracle import oracle_scores

        return Answer(oracle_scores(_told_by_ids(ground)), np.full(task.asked.requesters, np.nan), 0.0)
    resources = ground.resources(wanted)
    if step.name == CANARY + "duplicate":
        return _in_another_order(ground, step)
    if not (step.learns or _spec_learns(ground, step)):
        return _with_chances(ground, answer(step.table, task.asked, resources, name=step.name), wanted)
    whole: Answer | None = None
    tuned: list[Tuned] = []
    for number, fold in enumerate(ground.folds):
        lent = ground.history_of(fold, number) if step.table.history else resources
        part = answer(step.table, fold.ask(task), replace(lent, wanted=wanted), name=step.name)
        if isinstance(part, StrategyFailed):
            return part
        tuned += [part.tuned] if part.tuned is not None else []
        whole = _joined(whole, part, task, fold)
    if whole is not None and tuned:
        whole = _with_weights(whole, tuned)
    return _with_chances(ground, whole or StrategyFailed(_("nobody is judged")), wanted)


def _with_weights(whole: Answer, tuned: list[Tuned]) -> Answer:
    """Tell of weights chosen part by part: their mean, and the mean of what they reach and seem to reach."""
    names = dict.fromkeys(name for one in tuned for name in one.weights)
    mean = Tuned(
        {name: float(np.mean([one.weights.get(name, 0.0) for one in tuned])) for name in names}, tuned[0].trials,
        float(np.mean([one.honest for one in tuned])), float(np.mean([one.apparent for one in tuned])),
    )  # fmt: skip
    told = _(
        "Weights were chosen from {n} draws in each of {parts} parts; on outcomes that took no part in the choice they "
        "reach {honest:.3f}, on those they were chosen by {apparent:.3f}.",
        n=mean.trials, parts=len(tuned), honest=mean.honest, apparent=mean.apparent,
    )  # fmt: skip
    return replace(whole, tuned=mean, notes=(*whole.notes, told))


def _told_by_ids(ground: Ground) -> FloatArray:
    """Gain of each pair looked up by the ids of both in the rows that were read, float64 (P,).

    This is another way than that by which the task was built, so that a mistake in either shows.
    """
    gains = {(row.person, row.other): row.gain for row in ground.outcomes}
    asked = ground.task.asked
    told = [
        gains.get((asked.requester_ids[r], asked.candidate_ids[c]))
        for r, c in zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True)
    ]
    return np.array([np.nan if gain is None else gain for gain in told], np.float64)


def _with_chances(ground: Ground, found: Answer | StrategyFailed, wanted: frozenset[Need]) -> Answer | StrategyFailed:
    """Add the chance of success of each pair, learned for each person from the outcomes of other folds."""
    if isinstance(found, StrategyFailed) or "probability" not in wanted:
        return found
    task = ground.task
    chances = np.full(len(task.asked), np.nan)
    for fold in ground.folds:
        known = fold.learn & ~np.isnan(task.gain) & ~np.isnan(found.scores)
        judged = fold.judged[task.asked.requester]
        chances[judged] = learn_probability(found.scores[known], task.gain[known])(found.scores[judged])
    return replace(found, probability=chances)


def _spec_learns(ground: Ground, step: Step) -> bool:
    if step.table.use == ENGINE:
        return False
    return ground.registry.strategy(step.table.use).learns


def _joined(whole: Answer | None, part: Answer, task: Task, fold: Fold) -> Answer:
    """Put the answers of a fold's people beside those of earlier folds."""
    judged = fold.judged[task.asked.requester]
    if whole is None:
        empty = np.full(len(task.asked), np.nan)
        whole = replace(part, scores=empty, reverse=None, chosen=None, perturbed=(), again=(), probability=None,
                        seconds=np.full(task.asked.requesters, np.nan), total_seconds=0.0)  # fmt: skip
    notes = tuple(note for note in whole.notes if note in part.notes)
    reverse = None if part.reverse is None else np.where(judged, part.reverse, _or_nan(whole.reverse, len(judged)))
    perturbed = tuple(
        np.where(judged, new, old)
        for new, old in zip(part.perturbed, whole.perturbed or [_or_nan(None, len(judged))] * len(part.perturbed),
                            strict=True)
    )  # fmt: skip
    return replace(
        whole,
        scores=np.where(judged, part.scores, whole.scores),
        reverse=reverse,
        perturbed=perturbed,
        chosen=_chosen(whole.chosen, part.chosen, judged),
        seconds=np.where(fold.judged, part.seconds, whole.seconds),
        total_seconds=whole.total_seconds + part.total_seconds,
        notes=notes,
    )


def _or_nan(values: FloatArray | None, length: int) -> FloatArray:
    return np.full(length, np.nan) if values is None else values


def _chosen(whole: IntArray | None, part: IntArray | None, judged: BoolArray) -> IntArray | None:
    """Pairs assigned to the people of this fold and of earlier ones; each fold decides for everybody."""
    if part is None:
        return whole
    return np.union1d(np.zeros(0, np.int64) if whole is None else whole, part[judged[part]])


def _in_another_order(ground: Ground, step: Step) -> Answer | StrategyFailed:
    """Ask the strategy again with requesters and candidates in another order, and put the answers back in place."""
    from matchengine.evaluation.reorder import reordered

    other, back = reordered(ground.task, ground.config.seed)
    turned = Ground(ground.config, ground.base, ground.limit, ground.plugins)
    turned.adopt(ground, other)
    found = _answer(turned, replace(step, name=step.of))
    if isinstance(found, StrategyFailed):
        return found
    return replace(found, scores=found.scores[back], reverse=None, chosen=None, perturbed=(), again=(),
                   probability=None, groups=None, swaps=None)  # fmt: skip


def _leak(ground: Ground, step: Step, answer: Answer) -> LeakageFinding | None:
    """Why the scores cannot be trusted; None where nothing was found, or for the oracle, who may know."""
    if step.origin == "canary":
        return None
    task = ground.judged_task
    found = follows_outcomes(task, answer.scores, ~np.isnan(task.gain))
    return None if found is None or found.name in ground.config.data.leakage.allow else found


def _measured(ground: Ground, step: Step, answer: Answer, cost: Cost) -> tuple[StrategyTable, dict[str, float]]:
    case = case_of(ground.judged_task, answer, cost)
    facts: dict[str, Measurements] = {}
    costs: dict[str, float] = {}
    for name, found in measure(ground.registry, [one.label for one in metrics_of(ground, step)], case).items():
        spec = found.spec
        if "cost" in spec.needs:
            if isinstance(found, Measured):
                costs[name] = float(np.nanmean(found.values))
            continue
        if isinstance(found, Measured):
            told = MetricFacts(name, spec.title, spec.unit, spec.level, spec.better, found.definition)
            excluded = int(np.isnan(found.values).sum()) if spec.level == "person" else 0
            facts[name] = Measurements(told, found.values, excluded, found.missing)
        else:
            told = MetricFacts(name, spec.title, spec.unit, spec.level, spec.better, "")
            facts[name] = Measurements(told, np.zeros(0), not_applicable=found.reason)
    depth = depth_of(ground)
    person, candidate = _rests_on(case.lists, depth)
    tuned = answer.tuned
    table = StrategyTable(
        step.name, _title(ground, step), _origin(step), step.baseline, notes=answer.notes, of=step.of,
        scorer=_how(step), selection=told_of(selection_of(case, depth, ground.task.clusters)),
        tied=_tied(ground, case.lists, depth), level=_level(case.lists),
        weights={} if tuned is None else {k: round(float(v), 6) for k, v in tuned.weights.items()},
        honest=None if tuned is None else tuned.honest, apparent=None if tuned is None else tuned.apparent,
        metrics=facts, top_person=person, top_candidate=candidate, exposure=exposure_of(case.lists, depth),
        load=np.zeros(0) if answer.chosen is None else
        np.bincount(ground.task.asked.candidate[answer.chosen], minlength=ground.task.asked.candidates).astype(float),
    )  # fmt: skip
    return table, costs


def case_of(task: Task, answer: Answer, cost: Cost | None = None) -> Case:
    """Put an answer beside what is known of the outcomes."""
    from matchengine.evaluation.strategies.placing import problem_of

    asked = task.asked
    lists = task.lists(answer.scores)
    reverse = None
    if answer.reverse is not None:
        gain = task.gain if task.reverse_gain is None else task.reverse_gain
        reverse = replace(lists, score=answer.reverse, gain=gain).exchanged()
    placed = None
    if answer.chosen is not None:
        worth = np.nan_to_num(task.gain, nan=0.0)
        worth = worth / max(float(worth.max(initial=0.0)), 1e-300)
        placed = Placed(problem_of(asked, worth), answer.chosen, answer.again)
    return Case(
        lists=lists,
        reverse=reverse,
        mutual=task.mutual,
        seats=asked.seats,
        placed=placed,
        probability=answer.probability,
        propensity=None if np.isnan(task.propensity).all() else task.propensity,
        perturbed=tuple(lists.scored(scores) for scores in answer.perturbed),
        groups=answer.groups,
        swaps=answer.swaps,
        cost=cost,
    )


def _rests_on(lists: Lists, depth: int) -> tuple[IntArray, IntArray]:
    """Candidates whose good outcomes each person's values rest on: those who suit and stand among the first.

    Where ties decide, those count who are among the first at least as likely as not: the order of candidates plays no
    part, and a strategy that tells nobody apart rests on nobody.
    """
    chance = Judged.of(lists).ranked.chance(depth)
    good = (chance >= 0.5) & (np.nan_to_num(lists.gain, nan=0.0) > 0)
    return lists.person[good], lists.candidate[good]


def depth_of(ground: Ground) -> int:
    """Return how many of the first places count: those of the primary metric, else five."""
    k = wanted_metrics(ground)[0].settings.get("k")
    return 5 if k is None else int(k)


def _tied(ground: Ground, lists: Lists, depth: int) -> float | None:
    """Share of people who are judged and whose last place shown is decided among equals."""
    tied = boundary_tied(Judged.of(lists).ranked, depth)[ground.judged]
    known = tied[~np.isnan(tied)]
    return float(known.mean()) if len(known) else None


def _level(lists: Lists) -> bool:
    """Whether the strategy gives every candidate of a list the same score, in every list of two or more."""
    score, person = lists.score, lists.person
    both = (person[1:] == person[:-1]) & ~np.isnan(score[1:]) & ~np.isnan(score[:-1])
    return bool(both.any() and (score[1:] == score[:-1])[both].all())


def _how(step: Step) -> str:
    return f"{step.how}:{step.scorer}" if step.scorer else ""


def _title(ground: Ground, step: Step) -> str:
    """What a strategy is called in sentences."""
    if step.origin == "declared" or step.table.use == ENGINE:
        return step.name.removeprefix(CANARY)
    try:
        return ground.registry.strategy(step.table.use).title
    except MatchEngineError:
        return step.name.removeprefix(CANARY)


def _origin(step: Step) -> Any:
    return step.origin
