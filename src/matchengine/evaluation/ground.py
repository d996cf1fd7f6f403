"""What every step of a run stands on: configuration, records, engines and the task, each made when first needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matchengine.batch import BoolArray
from matchengine.comparison_components import Need
from matchengine.config import EngineConfig, load_config
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.outcomes import Outcome, days
from matchengine.evaluation.plan import Step, data_inputs, engine_files, step_inputs
from matchengine.evaluation.records_task import Programme, outcomes_of, read_programme, task_of
from matchengine.evaluation.task import Fold, Task, folds_of
from matchengine.metrics.parse import parse_metric
from matchengine.records import Feedback, Relationship
from matchengine.registry import Registry

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.evaluation.strategies.answer import Resources

__all__ = ["Ground"]


class Ground:
    """One evaluation's data and components.

    Parameters
    ----------
    config : EvaluationConfig
    base : Path
        Folder that relative paths of the configuration start from.
    limit : int or None
        Only so many people are asked for, drawn by the seed: a trial run, whose result is no evidence.
    plugins : sequence of objects
        Plugins handed over in code.
    """

    def __init__(
        self, config: EvaluationConfig, base: Path, limit: int | None = None, plugins: Iterable[object] = ()
    ) -> None:
        self.config, self.base, self.limit, self.plugins = config, base, limit, tuple(plugins)
        self._engines: dict[tuple[str, frozenset[str], int], Engine] = {}
        self._shared: Resources | None = None

    @cached_property
    def engines(self) -> dict[str, EngineConfig]:
        """Configurations of engines by path as written."""
        return engine_files(self.config, self.base)

    @cached_property
    def registry(self) -> Registry:
        """Strategies, metrics and assigners of all plugins that the engines and the evaluation name."""
        named = [name for engine in self.engines.values() for name in engine.plugins.enable]
        return Registry(tuple(dict.fromkeys(["builtin", "evaluation", *named, *self.config.plugins])), self.plugins)

    @cached_property
    def data_inputs(self) -> dict[str, object]:
        """What the data depend on: files, the tables that read them, and the first day of the calendar."""
        return {**data_inputs(self.config, self.base, self.limit), "today": str(self.today)}

    @cached_property
    def programme(self) -> Programme:
        """The records, outcomes put aside."""
        return read_programme(self.config, self.base)

    def engine(
        self, path: str, without: frozenset[str] = frozenset(), ties: tuple[Relationship, ...] = (),
        answers: tuple[Feedback, ...] = (), fold: int = -1,
    ) -> Engine:  # fmt: skip
        """Return an engine with the records, without some ids, with some history; the same for the same question."""
        from matchengine.engine import Engine

        key = (path, without, fold)
        if key not in self._engines:
            if len(self._engines) >= _KEPT:
                self._engines.pop(next(iter(self._engines)))
            chosen = load_config(self.base / path)
            made = Engine(replace_today(chosen, self.today), plugins=self.plugins)
            self._engines[key] = self.programme.loaded(made, without, ties, answers)
        return self._engines[key]

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """What became of pairs, row by row."""
        return outcomes_of(self.config, self.base, self.programme)

    @cached_property
    def today(self) -> date:
        """First day of the calendar: that of the data's engine, or the last day that the data tell of a match or a
        consent, so that a run is the same whenever it is made; the present day where they tell none.
        """
        chosen = self.engines[self.config.data.engine].run.today
        if chosen is not None:
            return chosen
        told = [tie.started for tie in self.programme.ties if tie.started is not None]
        told += [grant.granted_at.date() for grant in self.programme.records.consents]
        told += [_BEGIN + timedelta(row.observed) for row in self.outcomes if row.observed == row.observed]
        return max(told, default=date.today())

    @cached_property
    def task(self) -> Task:
        """Who is asked about whom, and what became of it; cut to `limit` people where given."""
        engine = self.engine(self.config.data.engine)
        task = task_of(self.config, self.programme, engine, self.outcomes)
        if self.limit is None or self.limit >= task.asked.requesters:
            return task
        people = np.random.default_rng([self.config.seed, 1]).permutation(task.asked.requesters)[: self.limit]
        return cut(task, np.sort(people))

    @cached_property
    def folds(self) -> list[Fold]:
        """How people are split for strategies that learn."""
        split = self.config.split
        return folds_of(self.task, split.scheme, split.folds, self.config.seed, days(split.before))

    @cached_property
    def judged(self) -> BoolArray:
        """Who is judged at all, bool (N,): everybody, but for a split by time."""
        found: BoolArray = np.any([fold.judged for fold in self.folds], axis=0)
        return found

    @cached_property
    def judged_task(self) -> Task:
        """The task without the outcomes of those who are not judged."""
        judged = self.judged[self.task.asked.requester]
        return replace(self.task, gain=np.where(judged, self.task.gain, np.nan))

    def adopt(self, other: Ground, task: Task) -> None:
        """Take over what another ground has made, for another order of the same people."""
        names = ("engines", "registry", "programme", "outcomes", "today", "data_inputs")
        self.__dict__.update({name: getattr(other, name) for name in names}, task=task)
        self._engines = other._engines

    @property
    def metrics(self) -> list[str]:
        """Every metric that is named, the primary one first, each once; last the primary one among known pairs."""
        table = self.config.metrics
        named = [table.primary, *table.guardrails, *table.secondary]
        if "unknown" in parse_metric(self.registry, table.primary).spec.settings.model_fields:
            named.append(table.condensed)
        return list(dict.fromkeys(named))

    def step_inputs(self, step: Step) -> dict[str, object]:
        """What a step depends on."""
        from matchengine.evaluation.nodes import key_of

        return step_inputs(
            step, self.config, key_of(self.data_inputs), self.engines, self.registry.versions, self.metrics
        )

    @property
    def named(self) -> Resources:
        """What is needed to look names up, before any record is read."""
        from matchengine.evaluation.strategies.answer import Resources

        return Resources(self.registry, self.engine, self.config.data.engine, self.config.data.kind)

    def resources(self, wanted: frozenset[Need]) -> Resources:
        """Return what strategies are lent; matrices are shared by all steps of a process."""
        from matchengine.evaluation.strategies.answer import Resources

        if self._shared is None:
            self._shared = Resources(
                registry=self.registry,
                engine=self.engine,
                config=self.config.data.engine,
                kind=self.config.data.kind,
                clusters=self.task.clusters,
                relationships=self.programme.ties,
                today=self.today,
            )
        return replace(self._shared, wanted=wanted)

    def history_of(self, fold: Fold, number: int) -> Resources:
        """Return resources whose engines know the matches and answers of the training part of a fold."""
        asked, task = self.task.asked, self.task
        known = fold.learn & ~np.isnan(task.gain)
        pairs = {
            frozenset((asked.requester_ids[r], asked.candidate_ids[c]))
            for r, c in zip(asked.requester[known].tolist(), asked.candidate[known].tolist(), strict=True)
        }
        ties = tuple(t for t in self.programme.ties if frozenset((t.person_id, t.other_id)) in pairs)
        told = tuple(a for a in self.programme.answers if a.person_id and frozenset((a.person_id, a.about_id)) in pairs)
        lent = self.resources(frozenset({"lists"}))
        return replace(lent, matrices={}, engine=lambda path, ids: self.engine(path, ids, ties, told, number))


_KEPT = 12
"""Engines kept in memory: that of the data, those of changed pools, and a few that know some history."""
_BEGIN = date(1970, 1, 1)


def replace_today(config: EngineConfig, today: date) -> EngineConfig:
    """Return a configuration with a fixed first day, so that a run is the same whenever it is made."""
    return (
        config
        if config.run.today
        else config.model_copy(update={"run": config.run.model_copy(update={"today": today})})
    )


def cut(task: Task, people: np.ndarray) -> Task:
    """Return the task for some of its requesters, positions ascending."""
    asked = task.asked
    new = np.full(asked.requesters, -1, np.int64)
    new[people] = np.arange(len(people))
    kept = new[asked.requester] >= 0
    of = people.tolist()
    smaller = replace(
        asked,
        requester_ids=tuple(asked.requester_ids[n] for n in of),
        requester=new[asked.requester[kept]].astype(np.int32),
        candidate=asked.candidate[kept],
        arrival=asked.arrival[people],
        requester_texts=tuple(asked.requester_texts[n] for n in of) if asked.requester_texts else (),
        requester_tags=tuple(asked.requester_tags[n] for n in of) if asked.requester_tags else (),
        audit={
            name: values if name.startswith("candidate:") else tuple(values[n] for n in of)
            for name, values in asked.audit.items()
        },
    )
    return replace(
        task,
        asked=smaller,
        gain=task.gain[kept],
        mutual=None if task.mutual is None else task.mutual[kept],
        reverse_gain=None if task.reverse_gain is None else task.reverse_gain[kept],
        propensity=task.propensity[kept],
        moment=task.moment[kept],
        cluster=tuple(task.cluster[n] for n in of),
        facts={
            **task.facts,
            "requesters": len(of),
            "eligible_pairs": int(kept.sum()),
            "known_pairs": int((~np.isnan(task.gain[kept])).sum()),
            "relevant_pairs": int((np.nan_to_num(task.gain[kept]) > 0).sum()),
        },
    )
