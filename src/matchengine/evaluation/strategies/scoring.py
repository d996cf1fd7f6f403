"""How one strategy scores the pairs it is asked about: by a plugin's function, or by an engine under its weights."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked, Outcomes
from matchengine.errors import ConfigError
from matchengine.evaluation.strategies.answer import Resources, StrategyChoice, Tuned
from matchengine.evaluation.strategies.matrices import (
    ScoreMatrices,
    matrices_key,
    read_matrices,
    seconds_alone,
    turned_kind,
)
from matchengine.evaluation.strategies.placing import unit
from matchengine.evaluation.strategies.plugged import call_strategy, settings_of
from matchengine.evaluation.strategies.weighting import (
    Weighting,
    changed,
    combined,
    configured,
    neutral_of,
    weighted_kind,
)
from matchengine.i18n import _
from matchengine.plan_config import ExposureConfig

if TYPE_CHECKING:
    from matchengine.comparison_components import StrategySpec
    from matchengine.engine import Engine
    from matchengine.scene import Scene

__all__ = ["Engined", "Plugged", "Scoring", "View", "known_gains", "scoring_of"]

ENGINE = "engine"
_LARGE = 1 << 30
"""Bytes of matrices beyond which they are kept in single precision."""


@dataclass(frozen=True)
class View:
    """Scores of pairs, float64 (P,) each, NaN for what is not suggested.

    `ranking` is what lists rank by, on any scale; `plain` and `reverse` are what a pair is worth to either side, in
    [0, 1], as assignments read them. `saved_seconds` went into work that was done before for another strategy.
    """

    ranking: FloatArray
    plain: FloatArray
    reverse: FloatArray
    saved_seconds: float = 0.0


class Scoring(Protocol):
    """A strategy at work; what it learns or tunes it does once, on the first question."""

    tuned: Tuned | None
    exposure: ExposureConfig | None

    def view(self, asked: Asked, gone: frozenset[str] = frozenset()) -> View:
        """Score the pairs of a question; `gone` are people who are not there."""
        ...

    def seconds(self, asked: Asked, people: IntArray) -> FloatArray:
        """Measure the answers to some requesters alone, float64 (N,), NaN for all others."""
        ...


def scoring_of(strategy: StrategyChoice, resources: Resources) -> Scoring:
    """Return the scoring of a strategy's table.

    Raises
    ------
    ConfigError, PluginError
        Where it names something that is not there.
    """
    if strategy.use != ENGINE:
        spec = resources.registry.strategy(strategy.use)
        return Plugged(spec, settings_of(spec, strategy.settings, resources.registry))
    if strategy.settings:
        raise ConfigError(_("with: the engine has no settings here; they stand in its own file"))
    config, kind = strategy.config or resources.config, strategy.kind or resources.kind
    if resources.engine is None or not config or not kind:
        raise ConfigError(_("use = 'engine' needs records, an engine's file (config) and a kind of match (kind)"))
    return Engined(strategy, resources, config, kind)


@dataclass
class Plugged:
    """A strategy that a plugin offers: one score for both sides."""

    spec: StrategySpec
    settings: dict[str, object]
    tuned: Tuned | None = None
    exposure: ExposureConfig | None = None

    def view(self, asked: Asked, gone: frozenset[str] = frozenset()) -> View:
        """Ask it; `gone` are out of `asked` already."""
        score = call_strategy(self.spec, asked, self.settings)
        plain = unit(score)
        return View(score, plain, plain)

    def seconds(self, asked: Asked, people: IntArray) -> FloatArray:
        """Not measured: such a strategy answers for everybody together."""
        return np.full(asked.requesters, np.nan)


@dataclass
class Engined:
    """The engine, with the changes of a strategy's table."""

    strategy: StrategyChoice
    resources: Resources
    config: str
    kind: str
    tuned: Tuned | None = None
    exposure: ExposureConfig | None = None
    _weighting: Weighting | None = field(default=None, init=False)
    _first: ScoreMatrices | None = field(default=None, init=False)

    def engine(self, gone: frozenset[str] = frozenset()) -> Engine:
        """Return the engine with the programme loaded, without some people."""
        if self.resources.engine is None:
            raise ConfigError(_("use = 'engine' needs records"))
        return self.resources.engine(self.config, gone)

    def view(self, asked: Asked, gone: frozenset[str] = frozenset()) -> View:
        """Score by cached matrices; the first question, with everybody there, also chooses the weights."""
        engine = self.engine(gone)
        matrices, saved = self._matrices(engine, self.kind, asked, keep=not gone)
        weighting = self._weighting or self._chosen(matrices, asked)
        own = combined(matrices, weighting, asked.starts)
        self.exposure = matrices.kind.config.exposure
        theirs, more = self._reverse(engine, asked, own.plain, weighting, keep=not gone)
        return View(own.ranking, own.plain, theirs, saved + more)

    def seconds(self, asked: Asked, people: IntArray) -> FloatArray:
        """Measure scoring, rules included, requester by requester."""
        return seconds_alone(self.engine(), self.kind, asked, people.tolist())

    def scene(self, kind: str) -> Scene:
        """Return the engine's data for a kind of match, under this strategy's weights where it is its kind."""
        scene = self.engine()._scene(kind)
        if kind != self.kind or self._weighting is None or self._first is None:
            return scene
        weighted, _columns = weighted_kind(self._first, self._weighting)
        return replace(scene, kind=weighted, neutral=neutral_of(self._first, self._weighting))

    def settled(self, asked: Asked) -> tuple[ScoreMatrices, Weighting]:
        """Return the matrices of a question and the weights that this strategy settled on."""
        self.view(asked)
        if self._first is None or self._weighting is None:
            raise ConfigError(_("this strategy has scored nothing"))
        return self._first, self._weighting

    def _chosen(self, matrices: ScoreMatrices, asked: Asked) -> Weighting:
        """Settle the weights: as configured, as the table changes them, then tuned on known outcomes."""
        table = self.strategy
        weighting = changed(
            configured(matrices), scorers=table.scorers, add=table.add, drop=table.drop, blocks=table.blocks,
            across=table.across,
        )  # fmt: skip
        if table.tune is not None:
            from matchengine.evaluation.strategies.tune import tune

            clusters = self.resources.clusters if len(self.resources.clusters) else np.arange(asked.requesters)
            weighting, self.tuned = tune(
                matrices, asked.starts, known_gains(asked, asked.known), clusters, weighting,
                trials=table.tune.trials, seed=asked.seed,
            )  # fmt: skip
        self._weighting, self._first = weighting, matrices
        return weighting

    def _matrices(self, engine: Engine, kind: str, asked: Asked, *, keep: bool) -> tuple[ScoreMatrices, float]:
        """Return matrices, and the seconds that were saved because they were there."""
        single = 16 * len(asked) * len(engine._scene(kind).kind.scorers) > _LARGE
        if not keep:
            return read_matrices(engine, kind, asked, single=single), 0.0
        key = matrices_key(engine, kind, asked, single)
        found = self.resources.matrices.get(key)
        if found is not None:
            return replace(found, kind=engine._scene(kind).kind), found.seconds
        made = self.resources.matrices[key] = read_matrices(engine, kind, asked, single=single)
        return made, 0.0

    def _reverse(
        self, engine: Engine, asked: Asked, plain: FloatArray, weighting: Weighting, *, keep: bool
    ) -> tuple[FloatArray, float]:
        """What pairs are worth to candidates: by the kind in which they look, else as the requester's side has it."""
        needed = {"reverse", "placed"} & self.resources.wanted or self.strategy.assign not in (None, "none")
        turned = turned_kind(engine, self.kind) if needed else None
        if turned is None:
            return plain, 0.0
        other, order = _exchanged(asked)
        matrices, saved = self._matrices(engine, turned, other, keep=keep)
        weights = weighting if turned == self.kind else configured(matrices)
        theirs = np.full(len(asked), np.nan)
        theirs[order] = combined(matrices, weights, other.starts).plain
        return theirs, saved


def known_gains(asked: Asked, known: Outcomes) -> FloatArray:
    """Gains of pairs with a known outcome, float64 (P,), NaN for all others; outcomes of other pairs are left out."""
    out = np.full(len(asked), np.nan)
    if not len(asked) or not len(known):
        return out
    keys = asked.requester.astype(np.int64) * asked.candidates + asked.candidate
    told = known.requester.astype(np.int64) * asked.candidates + known.candidate
    at = np.minimum(np.searchsorted(keys, told), len(keys) - 1)
    there = keys[at] == told
    out[at[there]] = known.gain[there]
    return out


def _exchanged(asked: Asked) -> tuple[Asked, IntArray]:
    """The same pairs asked from the other side, and the position in `asked` of each."""
    order = np.lexsort((asked.requester, asked.candidate))
    turned = Asked(
        asked.candidate_ids, asked.requester_ids, asked.candidate[order], asked.requester[order],
        np.full(asked.requesters, np.nan), np.arange(asked.candidates), seed=asked.seed,
    )  # fmt: skip
    return turned, order
