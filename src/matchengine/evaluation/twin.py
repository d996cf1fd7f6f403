"""Compare strategies on invented programmes in eight worlds: which is least wrong, whichever world we live in (H11, I6).

The unit is the replicate: one population, every strategy on it, fates of pairs drawn with common random numbers. Nobody
but the outcome process and the oracle sees what is hidden.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.config import line_of, load_config, problem_count
from matchengine.config_base import ConfigTable, Name
from matchengine.errors import ConfigError, MatchEngineError, blame, did_you_mean
from matchengine.evaluation.config import StrategyTable, refuse_circles, resolve
from matchengine.i18n import _
from matchengine.records import describe_validation
from matchengine.records.simulation import SimulatedStrategy, SimulationResult, WorldResult
from matchengine.registry import Registry

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.inference import Comparison
    from matchengine.simulation import Population

__all__ = ["SimulationConfig", "parse_simulation", "simulate"]

_TODAY = date(2026, 1, 5)
_NULL = "W0"


class SimulationConfig(ConfigTable):
    """A simulation: strategies as in an evaluation, worlds, how many populations, changed assumptions.

    `assign` decides for strategies that name no assigner: a programme is judged by the matches it makes. `against` is
    compared with by a `margin` of mean utility (0 to 1).
    """

    schema_: Literal["matchengine.simulation/1"] = Field(alias="schema")
    question: Annotated[str, Field(min_length=5, max_length=500)]
    engine: str
    kind: Name = "mentor"
    strategies: dict[Name, StrategyTable] = Field(min_length=1)
    against: Name | None = None
    assign: Name = "max_weight"
    worlds: tuple[Name, ...] = ()
    replicates: Annotated[int, Field(ge=5, le=1000)] = 20
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.01
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    knobs: dict[str, Any] = Field(default={})
    seed: Annotated[int, Field(ge=0)] = 0
    language: Literal["en", "de"] = "en"

    @model_validator(mode="after")
    def _names_a_baseline(self) -> SimulationConfig:
        refuse_circles(self.strategies)
        if self.against is not None and self.against not in self.strategies:
            hint = did_you_mean(self.against, self.strategies)
            raise ValueError(_("against: no strategy {name!r}; {hint}", name=self.against, hint=hint))
        if self.against is None and not any(table.baseline for table in self.strategies.values()):
            raise ValueError(_("against: name the strategy to compare with, or mark one with baseline = true"))
        return self

    @property
    def rival(self) -> str:
        """The strategy that others are compared with."""
        return self.against or next(name for name, table in self.strategies.items() if table.baseline)


def parse_simulation(text: str, where: str = "simulation") -> SimulationConfig:
    """Parse TOML text; ConfigError with every problem, each with its line."""
    try:
        return SimulationConfig.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(_("{where}: not valid TOML: {cause}", where=where, cause=str(error))) from error
    except ValidationError as error:
        told = zip(error.errors(include_url=False), describe_validation(error, SimulationConfig), strict=True)
        problems = [_("line {line}: {problem}", line=line_of(text, e["loc"]), problem=says) for e, says in told]
        raise ConfigError(problem_count(where, len(problems)), problems) from error


@dataclass
class _Twin:
    """One population in an engine, and what every strategy chose; the same for all worlds with the same records."""

    config: SimulationConfig
    base: Path
    registry: Registry
    population: Population
    seed: int
    chosen: dict[str, IntArray] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        """The engine with what people wrote."""
        return self._loaded(self.config.engine, frozenset())

    def _loaded(self, path: str, without: frozenset[str]) -> Engine:
        from matchengine.engine import Engine
        from matchengine.evaluation.ground import replace_today

        made = Engine(replace_today(load_config(self.base / path), _TODAY))
        records = self.population.records()
        kept = {kind: [r for r in records[kind] if getattr(r, "id", None) not in without] for kind in records}
        made.load(**kept)
        return made

    @cached_property
    def asked(self) -> Asked:
        """Who is asked about whom: every mentee about every mentor that no rule forbids."""
        from matchengine.evaluation.records_task import Programme, asked_of, eligible_pairs
        from matchengine.io.write import Folder

        asking, candidates = self.population.mentees.ids, self.population.mentors.ids
        records = self.population.records()
        folder = Folder(**{kind: list(rows) for kind, rows in records.items()})
        programme = Programme(folder, (), (), tuple(asking), tuple(candidates), "mentor")
        pairs = eligible_pairs(self.engine, self.config.kind, asking, candidates)
        return asked_of(programme, self.engine, self.config.kind, (asking, *pairs), seed=self.config.seed)

    def choose(self, name: str, table: StrategyTable) -> IntArray:
        """Return the candidate of each mentee under a strategy, int64 (N,), −1 for nobody."""
        from matchengine.evaluation.strategies.answer import Resources, StrategyFailed
        from matchengine.evaluation.strategies.configured import answer

        if name not in self.chosen:
            lent = Resources(
                registry=self.registry, engine=lambda path, ids: self.engine if not ids else self._loaded(path, ids),
                config=self.config.engine, kind=self.config.kind, today=_TODAY,
            )  # fmt: skip
            own = table if table.assign else table.model_copy(update={"assign": self.config.assign})
            found = answer(own, self.asked, lent, name=name)
            if isinstance(found, StrategyFailed):
                raise MatchEngineError(found.reason)
            self.chosen[name] = self._of(found.chosen if found.chosen is not None else np.zeros(0, np.int64))
        return self.chosen[name]

    def oracle(self, utility: FloatArray) -> IntArray:
        """Return the candidates that are truly best for all together, from expected utilities (N, M)."""
        from matchengine.evaluation.strategies.placing import problem_of

        asked = self.asked
        problem = problem_of(asked, np.clip(utility[asked.requester, asked.candidate], 0, 1))
        return self._of(self.registry.assigner("max_weight").build(problem).chosen)

    def _of(self, pairs: IntArray) -> IntArray:
        found = np.full(self.asked.requesters, -1, np.int64)
        found[self.asked.requester[pairs]] = self.asked.candidate[pairs]
        return found


def simulate(
    config: SimulationConfig, base: Path, *, say: Callable[[str], None] = lambda text: None
) -> SimulationResult:
    """Run every strategy on every replicate in every world.

    Raises
    ------
    ConfigError
        For a world, knob or engine that is not there.
    """
    from matchengine.simulation import WORLDS, knobs_from, world

    knobs = knobs_from(config.knobs)
    names = config.worlds or tuple(WORLDS)
    worlds = [world(name) for name in names]
    engine = load_config(base / config.engine)
    if config.kind not in engine.match:
        hint = did_you_mean(config.kind, engine.match)
        raise ConfigError(_("kind: no kind of match {kind!r}; {hint}", kind=config.kind, hint=hint))
    registry = Registry(tuple(dict.fromkeys(["builtin", "evaluation", *engine.plugins.enable])))
    tables = {name: resolve(config.strategies, name) for name in config.strategies}
    seen = _Seen(tuple(tables), names)
    for replicate in range(config.replicates):
        _replicate(config, base, registry, (worlds, knobs), tables, replicate, seen)
        say(_("{done} of {total} populations", done=replicate + 1, total=config.replicates))
    return _result(config, worlds, knobs, seen)


@dataclass
class _Seen:
    """Mean utilities by strategy and world, one a replicate; and p-values of the world without effect."""

    strategies: tuple[str, ...]
    worlds: tuple[str, ...]
    utility: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    matched: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    oracle: dict[str, list[float]] = field(default_factory=dict)
    null_p: list[float] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def _replicate(
    config: SimulationConfig, base: Path, registry: Registry, setting: tuple[list[Any], Any],
    tables: Mapping[str, StrategyTable], replicate: int, seen: _Seen,
) -> None:  # fmt: skip
    from matchengine.simulation import populate, run_pairs, true_utility

    worlds, knobs = setting
    twins: dict[str, _Twin] = {}
    seed = config.seed * 100_003 + replicate
    for place in worlds:
        own = place.knobs(knobs)
        key = own.model_dump_json()
        if key not in twins:
            twins[key] = _Twin(config, base, registry, populate(own, seed), seed)
        twin = twins[key]
        everybody = np.arange(len(twin.population.mentees.ids))
        best = twin.oracle(true_utility(twin.population, place))
        fates = {}
        for name, table in tables.items():
            if name in seen.failed:
                continue
            try:
                chosen = twin.choose(name, table)
            except MatchEngineError as error:
                seen.failed[name] = str(error)
                continue
            except Exception as error:
                seen.failed[name] = str(blame(_("strategy {name!r}", name=name), error))
                continue
            fates[name] = run_pairs(twin.population, place, everybody, chosen, seed).utility, chosen
            seen.utility.setdefault((name, place.name), []).append(float(fates[name][0].mean()))
            seen.matched.setdefault((name, place.name), []).append(float((chosen >= 0).mean()))
        fate = run_pairs(twin.population, place, everybody, best, seed).utility
        seen.oracle.setdefault(place.name, []).append(float(fate.mean()))
        if place.name == _NULL:
            _null_test(config, fates, replicate, seen)


def _null_test(
    config: SimulationConfig, fates: Mapping[str, tuple[FloatArray, IntArray]], replicate: int, seen: _Seen
) -> None:
    """Compare two strategies mentee by mentee where the match is irrelevant: a test of the test."""
    from matchengine.inference import Sharing, compare

    rivals = [name for name in fates if name != config.rival]
    if not rivals or config.rival not in fates:
        return
    (one, mine), (other, theirs) = fates[rivals[replicate % len(rivals)]], fates[config.rival]
    unit = np.concatenate([np.flatnonzero(mine >= 0), np.flatnonzero(theirs >= 0)])
    shared = Sharing(unit, np.concatenate([mine[mine >= 0], theirs[theirs >= 0]]))
    found = compare(one - other, shared=shared, alpha=config.alpha, draws=2000, seed=config.seed + replicate)
    seen.null_p.append(found.p_value)


def _result(config: SimulationConfig, worlds: list[Any], knobs: Any, seen: _Seen) -> SimulationResult:
    from matchengine.inference import check_nulls
    from matchengine.simulation import assumptions

    alive = [name for name in seen.strategies if name not in seen.failed]
    told = tuple(_world(config, place, alive, seen) for place in worlds)
    largest = {name: max(s.regret for w in told for s in w.strategies if s.strategy == name) for name in alive}
    choice = min(alive, key=lambda name: (round(largest[name], 6), name)) if alive else ""
    nulls = check_nulls(np.array(seen.null_p), config.alpha) if seen.null_p else None
    verdict = _("Nothing could be compared: every strategy failed.")
    if choice:
        verdict = _(
            "Whichever of the {n} worlds we live in, {name} is never more than {regret:.1f} in 100 worse than who knows "
            "everything: the least of all strategies here.",
            n=len(worlds), name=choice, regret=100 * largest[choice],
        )  # fmt: skip
    return SimulationResult(
        question=config.question,
        notice=_("Synthetic: every person, every outcome and every world here is invented."),
        verdict=verdict, choice=choice, largest_regret={name: round(value, 6) for name, value in largest.items()},
        worlds=told, replicates=config.replicates, against=config.rival, margin=config.margin,
        null_tests=0 if nulls is None else nulls.total, false_positives=0 if nulls is None else nulls.significant,
        allowed=0 if nulls is None else nulls.most, null_passed=None if nulls is None else nulls.passed,
        stable_order=_stability(told, alive), failed=seen.failed,
        assumptions=tuple((a.name, str(a.value), a.meaning, a.source) for a in assumptions(knobs)),
        limits=_limits(config), language=config.language,
    )  # fmt: skip


def _world(config: SimulationConfig, place: Any, alive: list[str], seen: _Seen) -> WorldResult:
    from matchengine.inference import compare, verdicts

    oracle = np.array(seen.oracle[place.name])
    rows = {name: np.array(seen.utility[name, place.name]) for name in alive}
    rivals = [name for name in alive if name != config.rival] if config.rival in rows else []
    pairs: dict[str, Comparison] = {
        name: compare(rows[name] - rows[config.rival], alpha=config.alpha, seed=config.seed) for name in rivals
    }
    told = dict(zip(pairs, verdicts(list(pairs.values()), config.margin), strict=True))
    made = []
    for name in alive:
        own = SimulatedStrategy(
            strategy=name, utility=round(float(rows[name].mean()), 6),
            regret=round(float((oracle - rows[name]).mean()), 6),
            matched=round(float(np.mean(seen.matched[name, place.name])), 6),
        )  # fmt: skip
        if name in pairs:
            one, verdict = pairs[name], told[name]
            own = own.model_copy(update={
                "difference": round(one.estimate, 6), "low": round(one.low, 6), "high": round(one.high, 6),
                "p_adjusted": round(verdict.adjusted_p, 6), "verdict": verdict.answer,
            })  # fmt: skip
        made.append(own)
    return WorldResult(
        world=place.name, title=_(place.title), about=_(place.about), oracle=round(float(oracle.mean()), 6),
        strategies=tuple(made),
    )  # fmt: skip


def _stability(worlds: tuple[WorldResult, ...], alive: list[str]) -> float | None:
    """Mean rank correlation (Kendall's τ-b) of strategies between worlds that have an effect; None for fewer than two."""
    from scipy.stats import kendalltau

    rows = [[s.utility for s in w.strategies] for w in worlds if w.world != _NULL]
    if len(rows) < 2 or len(alive) < 3:
        return None
    found = [kendalltau(a, b).statistic for a, b in combinations(rows, 2)]
    known = [value for value in found if not np.isnan(value)]
    return round(float(np.mean(known)), 6) if known else None


def _limits(config: SimulationConfig) -> tuple[str, ...]:
    return (
        _("Anything about real people. The order of strategies here need not be that on real data."),
        _("Which world your programme lives in: nobody knows, and it may be none of these."),
        _("Whether the assumptions hold; every one stands below with its source, most are guesses."),
        _("Differences smaller than {n} populations can show.", n=config.replicates),
    )
