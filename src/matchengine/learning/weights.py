"""Learn block and scorer weights from preferences: a pairwise logistic model on the score itself (domain.md G3).

    P(better over worse) = σ(κ · (u(better) − u(worse))),   u = ln Ŝ of domain.md G1

with Ŝ the mean across blocks of the means inside blocks, both renormalised over what is known, as in `combine`: to
abstain is never a zero. How much is known of a pair has no part in it: people do not know what the engine knows.
The parameters θ are the weights themselves, each set scaled to sum 1, never negative; the Gaussian prior τ‖θ − θ0‖² is
centred on the configured weights θ0. κ says how decided people are; it changes no order and has no prior: where the
score tells nothing it goes to 0, and the weights stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.config import EngineConfig
from matchengine.learning.calibration import sigmoid
from matchengine.learning.features import Table
from matchengine.matching.combine import combine, neutral_score
from matchengine.records.vocabulary import GoalKind
from matchengine.registry import MatchKind

__all__ = ["TAUS", "Fit", "Model", "Weights", "fit", "of_kind", "totals", "with_weights", "written"]

TAUS = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Strengths of the prior to choose from, by trying them on people held out."""
_LEAST = 0.01
"""No learned share falls below a hundredth: whether a scorer goes is for a person to decide."""
_FLOOR = 0.01
_DECIMALS = 4
_SHARP, _SHARP_BOUNDS = np.log(4.0), (np.log(0.001), np.log(50.0))
_GOALS: tuple[str, ...] = get_args(GoalKind)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weights of blocks and of scorers by name, as a configuration holds them."""

    blocks: Mapping[str, float]
    scorers: Mapping[str, float]


@dataclass(frozen=True)
class Fit:
    """What was learned.

    Attributes
    ----------
    weights : Weights
        Of the learnable scorers and their blocks; each set sums to what it sums to in the configuration.
    sharpness : float
        κ: how decided people are; near 0 means that the score does not tell what they prefer.
    shrinkage : dict
        By name (`blocks.need`, `scorers.goals`): the share of the prior in what is known, 1 where the data say nothing.
    loss : float
        Mean negative log likelihood of a preference, in nats; ln 2 is a coin.
    """

    weights: Weights
    sharpness: float
    shrinkage: Mapping[str, float]
    loss: float


def of_kind(kind: MatchKind) -> Weights:
    """Return the weights that a kind of match has now."""
    scorers = {scorer.name: scorer.weight for scorer in kind.scorers if scorer.block is not None}
    return Weights(dict(kind.config.blocks), scorers)


def with_weights(kind: MatchKind, weights: Weights) -> MatchKind:
    """Return a kind of match with other weights; what `weights` does not name stays as it is."""
    blocks = dict(kind.config.blocks) | dict(weights.blocks)
    scorers = tuple(replace(each, weight=weights.scorers.get(each.name, each.weight)) for each in kind.scorers)
    return replace(kind, config=kind.config.model_copy(update={"blocks": blocks}), scorers=scorers)


def written(config: EngineConfig, kind: str, weights: Weights) -> EngineConfig:
    """Return a configuration with other weights for one kind of match; everything else stays as it is."""
    match = config.match[kind]
    scorers = {
        name: choice.model_copy(update={"weight": weights.scorers[name]}) if name in weights.scorers else choice
        for name, choice in match.scorers.items()
    }
    changed = match.model_copy(update={"blocks": dict(match.blocks) | dict(weights.blocks), "scorers": scorers})
    return EngineConfig.model_validate(
        config.model_copy(update={"match": config.match | {kind: changed}}).model_dump(by_alias=True)
    )


def totals(table: Table, weights: Weights, neutral: float) -> Array:
    """Score of every pair of a table under some weights, as the engine combines them; shape (N,), in [0, 1]."""
    kind = with_weights(table.kind, weights)
    return np.asarray(combine(kind, table.values, table.confidences, neutral, table.goals).total, np.float64)


class Model:
    """The score of the pairs of a table as a function of the weights, with its gradient.

    Parameters θ, in order: ln κ, the weights of learnable blocks where there are at least two, then inside each block
    the weights of its learnable scorers where there are at least two.
    """

    def __init__(self, table: Table) -> None:
        kind, self._power = table.kind, table.kind.config.across
        self._kind = kind
        self.blocks = [b for b in kind.config.blocks if any(s.block == b for s in kind.scorers)]
        self.columns = [[n for n, s in enumerate(kind.scorers) if s.block == b] for b in self.blocks]
        self._known = [(~np.isnan(table.values[:, columns])).astype(np.float64) for columns in self.columns]
        self._values = [np.nan_to_num(table.values[:, columns]) for columns in self.columns]
        self._neutral = neutral_score(kind, table.values, table.confidences, table.goals)
        self._sum = sum(kind.config.blocks[b] for b in self.blocks)
        self._over = self._overrides(kind, table.goals, len(table.values))
        self._general = np.isnan(self._over)
        self.start = np.array([kind.config.blocks[b] for b in self.blocks]) / (self._sum or 1.0)
        weights = [np.array([kind.scorers[n].weight for n in columns]) for columns in self.columns]
        self.inner = [of / of.sum() for of in weights]
        self._totals = [float(of.sum()) for of in weights]
        self._free = [n for n, columns in enumerate(self.columns) if len(columns) > 1]
        self.names = [f"blocks.{b}" for b in self.blocks] if len(self.blocks) > 1 else []
        for n in self._free:
            self.names += [f"scorers.{kind.scorers[column].name}" for column in self.columns[n]]

    def _overrides(self, kind: MatchKind, goals: IntArray | None, pairs: int) -> Array:
        """Weights of blocks that a requester's goal sets, (N, B); NaN where the general weight holds."""
        over = np.full((pairs, len(self.blocks)), np.nan)
        for goal, weights in kind.config.goal_blocks.items() if goals is not None else ():
            rows = goals == 1 << _GOALS.index(goal)
            for n, block in enumerate(self.blocks):
                if block in weights:
                    over[rows, n] = weights[block] / self._sum
        return over

    @property
    def prior(self) -> Array:
        """θ0, without ln κ: the configured weights."""
        return self.parameters(Weights({}, {}))

    def _split(self, theta: Array) -> tuple[Array, list[Array]]:
        at, outer = 0, self.start
        if len(self.blocks) > 1:
            at, outer = len(self.blocks), theta[: len(self.blocks)]
        inner = list(self.inner)
        for n in self._free:
            inner[n] = theta[at : at + len(self.columns[n])]
            at += len(self.columns[n])
        return outer, inner

    def utility(self, theta: Array) -> tuple[Array, Array]:
        """u (N,) and its gradient by θ (N, T); that of the neutral score where nothing at all is known of a pair."""
        outer, inner = self._split(theta)
        pairs, power = len(self._over), self._power
        above, below = np.zeros(pairs), np.zeros(pairs)
        weight = np.where(self._general, outer, self._over)
        parts = []
        for n, (known, values) in enumerate(zip(self._known, self._values, strict=True)):
            sums = known @ inner[n]
            told = sums > 0
            mean = values @ inner[n] / np.where(told, sums, 1)
            floored = np.maximum(mean, _FLOOR)
            moved = np.log(floored) if power == 0 else floored**power
            share = weight[:, n] * told
            above += share * moved
            below += share
            slope = np.where(told & (mean > _FLOOR), 1 / floored if power == 0 else power * floored ** (power - 1), 0)
            within = known * (values - mean[:, None]) / np.where(told, sums, 1)[:, None]
            parts.append((moved, told, slope[:, None] * within, share))
        safe = np.where(below > 0, below, 1)
        neutral = np.log(self._neutral) if power == 0 else self._neutral**power
        mean = np.where(below > 0, above / safe, neutral)
        columns = []
        if len(self.blocks) > 1:
            outer_parts = [
                told * self._general[:, n] * (moved - mean) / safe for n, (moved, told, _w, _s) in enumerate(parts)
            ]
            columns.append(np.stack(outer_parts, axis=1))
        columns += [parts[n][2] * (parts[n][3] / safe)[:, None] for n in self._free]
        gradient = np.concatenate([np.zeros((pairs, 0)), *columns], axis=1)
        return (mean, gradient) if power == 0 else (np.log(mean) / power, gradient / (power * mean)[:, None])

    def parameters(self, weights: Weights) -> Array:
        """θ without ln κ of some weights, which may leave out what stays as configured."""
        outer = np.array([weights.blocks.get(b, self._kind.config.blocks[b]) for b in self.blocks]) / (self._sum or 1.0)
        parts = [outer] if len(self.blocks) > 1 else []
        for n in self._free:
            scorers = [self._kind.scorers[c] for c in self.columns[n]]
            inner = np.array([weights.scorers.get(s.name, s.weight) for s in scorers])
            parts.append(inner / inner.sum())
        return np.concatenate([np.zeros(0), *parts])

    def weights(self, theta: Array) -> Weights:
        """Write θ as weights; every set keeps its sum, so that what was not learned counts as much as before.

        Where weights depend on the goal the blocks keep their scale beside those weights instead.
        """
        outer, inner = self._split(theta)
        scale = self._sum if self._kind.config.goal_blocks else self._sum / outer.sum() if len(outer) else 1.0
        blocks = {b: _rounded(outer[n] * scale) for n, b in enumerate(self.blocks)} if len(self.blocks) > 1 else {}
        scorers: dict[str, float] = {}
        for n in self._free:
            share = inner[n] / inner[n].sum() * self._totals[n]
            scorers |= {self._kind.scorers[c].name: _rounded(share[m]) for m, c in enumerate(self.columns[n])}
        return Weights(blocks, scorers)


def _rounded(weight: float) -> float:
    return max(round(float(weight), _DECIMALS), 10.0**-_DECIMALS)


def fit(
    table: Table,
    tau: float,
    rows: IntArray | None = None,
    weights: FloatArray | None = None,
    model: Model | None = None,
    near: Fit | None = None,
) -> Fit:
    """Fit weights to the preferences of a table.

    Parameters
    ----------
    tau : float
        Strength of the prior.
    rows : int array or None
        Positions of the preferences to learn from; all of them where None.
    weights : float array (M,) or None
        What each preference of the table counts; as the records say where None.
    model : Model or None
        The model of this very table, where it was made before.
    near : Fit or None
        Where the search begins; at the configured weights where None.
    """
    from scipy.optimize import minimize

    model = model or Model(table)
    chosen = np.arange(len(table.preferences)) if rows is None else rows
    better, worse = table.better[chosen], table.worse[chosen]
    counts = (table.weights if weights is None else np.asarray(weights, np.float64))[chosen]
    prior = model.prior

    def objective(at: Array) -> tuple[float, Array]:
        utility, gradient = model.utility(at[1:])
        kappa = np.exp(at[0])
        apart = utility[better] - utility[worse]
        lost = float(counts @ np.logaddexp(0, -kappa * apart))
        pull = -counts * sigmoid(-kappa * apart)
        by_pair = np.bincount(better, pull, len(utility)) - np.bincount(worse, pull, len(utility))
        off = at[1:] - prior
        value = lost + tau * float(off @ off)
        return value, np.concatenate([[kappa * float(pull @ apart)], kappa * (by_pair @ gradient) + 2 * tau * off])

    start = np.concatenate([[_SHARP], prior])
    if near is not None:
        start = np.concatenate([[np.log(near.sharpness)], model.parameters(near.weights)])
    bounds = [_SHARP_BOUNDS, *[(_LEAST, None)] * len(prior)]
    # not L-BFGS-B: the same optimum, but it wakes every thread of OpenBLAS for its tiny systems, ten times as slow
    found = minimize(objective, start, jac=True, method="TNC", bounds=bounds, options={"maxfun": 1000, "ftol": 1e-7})
    theta, kappa = found.x[1:], float(np.exp(found.x[0]))
    utility, gradient = model.utility(theta)
    chance = sigmoid(kappa * (utility[better] - utility[worse]))
    slope = kappa * (gradient[better] - gradient[worse])
    known = (counts * chance * (1 - chance)) @ slope**2
    shrinkage = dict(zip(model.names, (2 * tau / (2 * tau + known)).tolist(), strict=True))
    loss = float(counts @ -np.log(np.maximum(chance, 1e-12)) / counts.sum()) if counts.sum() else float("nan")
    return Fit(model.weights(theta), kappa, shrinkage, loss)
