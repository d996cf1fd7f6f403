"""One invented programme in an engine: what each strategy makes of it, and what becomes of that (domain.md H11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.config import load_config
from matchengine.errors import ConfigError
from matchengine.evaluation.twin_config import FROM_LISTS, Policy, SimulationConfig
from matchengine.i18n import N_, _

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.evaluation.strategies.answer import Resources
    from matchengine.registry import Registry
    from matchengine.simulation import Population, World

__all__ = ["SIDES", "TODAY", "Fate", "Twin", "TwinGround", "expected_of", "fate_of", "oracle_choice"]

SIDES = ("mentor", "group")
"""Candidates whose fate the simulator knows."""
TODAY = date(2026, 1, 5)
"""First day of every simulated calendar, so that a run is the same whenever it is made."""


class TwinGround:
    """What all populations of a simulation stand on: engines' configurations, components, knobs, strategies.

    Raises
    ------
    ConfigError, PluginError
        Where a file, kind, component, world or assumption is not there.
    """

    def __init__(self, config: SimulationConfig, base: Path) -> None:
        from matchengine.registry import Registry
        from matchengine.simulation import knobs_from, world

        self.config, self.base = config, base
        self.tables = {name: config.resolved(name) for name in config.strategies}
        paths = {config.engine, *(table.config for table in self.tables.values() if table.config)}
        self.engines = {path: load_config(base / path) for path in sorted(paths)}
        named = [name for engine in self.engines.values() for name in engine.plugins.enable]
        self.registry: Registry = Registry(tuple(dict.fromkeys(["builtin", "evaluation", *named, *config.plugins])))
        self.knobs = knobs_from(config.knobs)
        self.worlds = tuple(world(name) for name in config.world_names)
        self.side = _side(config, self.engines[config.engine].match)

    def check(self) -> None:
        """Refuse a strategy that names something that is not there, before anything runs."""
        from matchengine.evaluation.strategies.answer import Resources
        from matchengine.evaluation.strategies.configured import check

        lent = Resources(self.registry, engine=_no_engine, config=self.config.engine, kind=self.config.kind)
        for name, table in self.tables.items():
            try:
                check(table.model_copy(update={"assign": self.method(table)}), lent)
            except ConfigError as error:
                raise ConfigError(_("strategies.{name}: {cause}", name=name, cause=str(error))) from error

    def method(self, table: Policy) -> str:
        """Return how a strategy decides: its own assigner, lists where it changes them, else the common one."""
        if table.assign is not None:
            return table.assign
        return FROM_LISTS if table.rerank not in (None, "none") else self.config.assign


def _no_engine(path: str, without: frozenset[str]) -> Engine:
    raise ConfigError(_("{path}: no programme is loaded yet", path=path))


def _side(config: SimulationConfig, kinds: Mapping[str, Any]) -> str:
    """Return `mentor` or `group`: whose fate is simulated."""
    from matchengine.errors import did_you_mean

    if config.kind not in kinds:
        hint = did_you_mean(config.kind, kinds)
        raise ConfigError(_("kind: no kind of match {kind!r}; {hint}", kind=config.kind, hint=hint))
    match = kinds[config.kind]
    if match.candidate not in SIDES or match.requester not in ("mentee", "anyone"):
        told = N_("kind: {kind!r} suggests {candidate!r} to {requester!r}; only mentors and groups for mentees can be "
                  "simulated")  # fmt: skip
        raise ConfigError(_(told, kind=config.kind, candidate=match.candidate, requester=match.requester))
    return str(match.candidate)


@dataclass(eq=False)
class Twin:
    """One population in engines. What strategies choose is the same in all worlds in which people write the same."""

    ground: TwinGround
    population: Population
    seed: int
    _engines: dict[str, Engine] = field(default_factory=dict)
    _chosen: dict[str, IntArray] = field(default_factory=dict)

    def engine(self, path: str) -> Engine:
        """Return the engine of a configuration with what people wrote."""
        from matchengine.engine import Engine
        from matchengine.evaluation.ground import replace_today

        if path not in self._engines:
            made = Engine(replace_today(self.ground.engines[path], TODAY))
            records = self.population.records()
            made.load(
                records["people"], records["groups"], relationships=records["relationships"],
                consents=records["consents"],
            )  # fmt: skip
            self._engines[path] = made
        return self._engines[path]

    @cached_property
    def asked(self) -> Asked:
        """Who is asked about whom: every mentee about every candidate that no rule forbids."""
        from matchengine.evaluation.records_task import Programme, asked_of, eligible_pairs
        from matchengine.io.write import Folder
        from matchengine.simulation.disclosure import DIMENSIONS

        config, records = self.ground.config, self.population.records()
        asking = self.population.mentees.ids
        side = self.population.mentors if self.ground.side == "mentor" else self.population.groups
        folder = Folder(**{kind: list(rows) for kind, rows in dict(records).items()})  # type: ignore[call-overload]
        programme = Programme(folder, (), (), asking, side.ids, self.ground.side)
        engine = self.engine(config.engine)
        pairs = eligible_pairs(engine, config.kind, asking, side.ids)
        told = sorted(dimension for dimension, _value, _other in DIMENSIONS.values())
        return asked_of(programme, engine, config.kind, (asking, *pairs), told, seed=self.seed)

    def choose(self, name: str) -> IntArray:
        """Return the candidate of each mentee under a strategy, int64 (N,), −1 for nobody.

        Raises
        ------
        MatchEngineError
            Where the strategy fails.
        """
        if name not in self._chosen:
            self._chosen[name] = self._placed(self.ground.tables[name])
        return self._chosen[name]

    def scores(self, table: Policy) -> FloatArray:
        """Return what each pair of `asked` is worth to a strategy, in [0, 1]; NaN for what it does not suggest."""
        from matchengine.evaluation.strategies.scoring import scoring_of

        return scoring_of(table, self._lent).view(self.asked).plain

    def _placed(self, table: Policy) -> IntArray:
        from matchengine.evaluation.strategies.placing import place
        from matchengine.evaluation.strategies.reranking import reranked
        from matchengine.evaluation.strategies.scoring import scoring_of

        method = self.ground.method(table)
        scoring = scoring_of(table.model_copy(update={"assign": method}), self._lent)
        view = scoring.view(self.asked)
        seats = self.asked.seats if table.cap is None else np.fmin(self.asked.seats, table.cap)
        asked = replace(self.asked, seats=seats)
        kept = view.plain >= (table.floor or 0.0)
        if method != FROM_LISTS:
            plain = np.where(kept, view.plain, np.nan)
            return self._of(place(asked, self.ground.registry, method, plain, view.reverse))
        order = reranked(asked, view.ranking if table.lifts else view.plain, table.rerank or "none", scoring.exposure)
        return self._of(taken_from_lists(asked, np.where(kept, order, np.nan)))

    @cached_property
    def _lent(self) -> Resources:
        from matchengine.evaluation.strategies.answer import Resources

        config = self.ground.config
        return Resources(
            registry=self.ground.registry, engine=lambda path, _without: self.engine(path), config=config.engine,
            kind=config.kind,
        )  # fmt: skip

    def _of(self, pairs: IntArray) -> IntArray:
        found = np.full(self.asked.requesters, -1, np.int64)
        found[self.asked.requester[pairs]] = self.asked.candidate[pairs]
        return found


def taken_from_lists(asked: Asked, order: FloatArray) -> IntArray:
    """Let everybody take, in order of arrival, the first of their list with a place left; positions, ascending.

    Parameters
    ----------
    order : float64 array (P,)
        What lists rank by; NaN stands on no list. Ties go by a lottery that follows from the seed and ids.
    """
    from matchengine.evaluation.strategies.drawing import lottery

    left = np.where(np.isnan(asked.seats), asked.requesters, np.floor(np.nan_to_num(asked.seats))).astype(np.int64)
    luck, chosen = lottery(asked.candidate_ids, asked.seed, "lists"), []
    for person in np.argsort(asked.arrival, kind="stable").tolist():
        at = np.arange(asked.starts[person], asked.starts[person + 1])
        at = at[~np.isnan(order[at]) & (left[asked.candidate[at]] > 0)]
        if len(at):
            first = at[np.lexsort((luck[asked.candidate[at]], -order[at]))[0]]
            left[asked.candidate[first]] -= 1
            chosen.append(first)
    return np.sort(np.array(chosen, np.int64))


@dataclass(frozen=True)
class Fate:
    """What became of one matching: utility of each mentee as it happened, float64 (N,), and expected, (N,)."""

    lived: FloatArray
    expected: FloatArray


def expected_of(population: Population, world: World, side: str) -> tuple[FloatArray, FloatArray]:
    """Return expected utilities of all pairs, (N, M), and of each mentee without a match, (N,).

    Without a group nothing comes of groups, so that the utility is 0. Only where groups have no effect at all (W0) it
    is what groups bring on average, as W0 demands: being placed must make no difference either.
    """
    from matchengine.simulation import true_group_utility, true_utility, unmatched_utility

    if side == "mentor":
        return true_utility(population, world), unmatched_utility(population, world)
    pairs = true_group_utility(population, world)
    alone = float(pairs.mean()) if world.effect == 0.0 and pairs.size else 0.0
    return pairs, np.full(len(population.mentees), alone)


def fate_of(twin: Twin, world: World, chosen: IntArray, expected: tuple[FloatArray, FloatArray]) -> Fate:
    """Let a matching live; the same pair has the same luck under every strategy (common random numbers)."""
    from matchengine.simulation import run_groups, run_pairs

    everybody = np.arange(len(chosen))
    pairs, alone = expected
    hoped = alone.copy()
    placed = np.flatnonzero(chosen >= 0)
    hoped[placed] = pairs[placed, chosen[placed]]
    if twin.ground.side == "mentor":
        return Fate(run_pairs(twin.population, world, everybody, chosen, twin.seed).utility, hoped)
    lived = alone.copy()
    lived[placed] = run_groups(twin.population, world, placed, chosen[placed], twin.seed).utility
    return Fate(lived, hoped)


def oracle_choice(asked: Asked, expected: tuple[FloatArray, FloatArray]) -> IntArray:
    """Return the matching with the greatest sum of expected utilities, int64 (N,), −1 for nobody.

    Nobody is matched who would fare better alone. Every place is a column of an assignment problem (Kuhn 1955), and
    everybody has one more column for staying alone.
    """
    from scipy.optimize import linear_sum_assignment

    people, (pairs, alone) = asked.requesters, expected
    demand = np.bincount(asked.candidate, minlength=asked.candidates)
    seats = np.where(np.isnan(asked.seats), people, np.floor(np.nan_to_num(asked.seats)))
    columns = np.repeat(np.arange(asked.candidates), np.minimum(np.maximum(seats, 0), demand).astype(np.int64))
    gain = np.full((people, asked.candidates), -1e6)
    gain[asked.requester, asked.candidate] = (pairs - alone[:, None])[asked.requester, asked.candidate]
    whole = np.concatenate([gain[:, columns], np.where(np.eye(people) > 0, 0.0, -1e6)], axis=1)
    row, column = linear_sum_assignment(whole, maximize=True)
    found = np.full(people, -1, np.int64)
    taken = column < len(columns)
    found[row[taken]] = columns[column[taken]]
    return found
