"""The same matrices under any weights: exactly the engine's scores for one weighting, and many weightings to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, ScoreTable
from matchengine.errors import ConfigError, did_you_mean
from matchengine.evaluation.strategies.matrices import ScoreMatrices
from matchengine.i18n import N_, _
from matchengine.kinds import MatchKind

__all__ = [
    "Combined",
    "Weighting",
    "around",
    "changed",
    "combined",
    "configured",
    "leave_one_out",
    "noisy",
    "only_one",
    "simplex",
    "weighted_kind",
]

_AT_ONCE = 65_536
BEHIND = 0.01
"""What a score is multiplied by about whose pair too little is known: it comes after all others (domain.md G1)."""


@dataclass(frozen=True)
class Weighting:
    """What counts how much.

    Attributes
    ----------
    scorers : dict of str to float
        Weight of each scorer inside its block, above 0; whoever is not named, or has 0, is left out.
    blocks : dict of str to float
        Weight of each block.
    across : float
        Exponent of the power mean over blocks.
    lifts : bool
        Whether lifts act.
    by_goal : bool
        Whether the weights that the configuration gives blocks by the kind of goal count.
    """

    scorers: Mapping[str, float]
    blocks: Mapping[str, float]
    across: float = 0.0
    lifts: bool = True
    by_goal: bool = True

    def shares(self, matrices: ScoreMatrices) -> dict[str, float]:
        """What each scorer counts in all, adding up to 1: its share of its block times that of the block."""
        block_of = {s.name: s.block for s in matrices.scorers if self.scorers.get(s.name, 0) > 0 and s.block}
        inside: dict[str, float] = {}
        for name, block in block_of.items():
            inside[block] = inside.get(block, 0.0) + self.scorers[name]
        whole = sum(self.blocks[block] for block in inside)
        return {
            name: self.scorers[name] / inside[block] * self.blocks[block] / whole for name, block in block_of.items()
        }


@dataclass(frozen=True)
class Combined:
    """Scores of all pairs under one weighting, shape (P,); NaN where the engine would not suggest the pair.

    Attributes
    ----------
    ranking : float64 array (P,)
        What lists rank by, in [0, 1]: the score to four decimals, lifts included where they may decide; a hundredth of
        it where too little is known, so that such pairs come after all others.
    plain : float64 array (P,)
        What assignments use: without lifts, a hundredth of it where too little is known.
    confidence : float64 array (P,)
    neutral : float
    """

    ranking: FloatArray
    plain: FloatArray
    confidence: FloatArray
    neutral: float


def configured(matrices: ScoreMatrices) -> Weighting:
    """Return the weights of the configuration."""
    config = matrices.kind.config
    weights = {scorer.name: scorer.weight for scorer in matrices.scorers if scorer.block is not None}
    return Weighting(weights, dict(config.blocks), config.across)


def changed(
    weighting: Weighting,
    *,
    scorers: Mapping[str, float] | None = None,
    add: Mapping[str, float] | None = None,
    drop: Sequence[str] = (),
    blocks: Mapping[str, float] | None = None,
    across: float | None = None,
) -> Weighting:
    """Return a weighting with the changes of a strategy's table.

    Raises
    ------
    ConfigError
        Naming every scorer and block that the configuration does not have, and where nothing is left.
    """
    known = weighting.scorers
    named = [("scorers", n) for n in scorers or ()] + [("add", n) for n in add or ()] + [("drop", n) for n in drop]
    told = N_("{where}: the configuration has no weighted scorer {name!r}; {hint}")
    problems = [_(told, where=at, name=name, hint=did_you_mean(name, known)) for at, name in named if name not in known]
    told = N_("blocks: the configuration has no block {name!r}; {hint}")
    problems += [
        _(told, name=name, hint=did_you_mean(name, weighting.blocks))
        for name in blocks or ()
        if name not in weighting.blocks
    ]
    kept = {**(known if scorers is None else scorers), **(add or {})}
    kept = {name: weight for name, weight in kept.items() if name not in drop and weight > 0}
    if not problems and not kept:
        problems.append(_("no scorer is left; keep at least one"))
    if problems:
        raise ConfigError(_("these weights cannot be used"), problems)
    across = weighting.across if across is None else across
    return replace(weighting, scorers=kept, blocks={**weighting.blocks, **(blocks or {})}, across=across)


def weighted_kind(matrices: ScoreMatrices, weighting: Weighting) -> tuple[MatchKind, IntArray]:
    """Return the kind of match that a weighting describes, and the columns of its scorers."""
    kept, columns = [], []
    for column, scorer in enumerate(matrices.scorers):
        if scorer.block is None and weighting.lifts:
            kept.append(scorer)
            columns.append(column)
        elif scorer.block is not None and weighting.scorers.get(scorer.name, 0) > 0:
            kept.append(replace(scorer, weight=float(weighting.scorers[scorer.name])))
            columns.append(column)
    config = matrices.kind.config.model_copy(
        update={"blocks": dict(weighting.blocks), "across": weighting.across}
        | ({} if weighting.by_goal else {"goal_blocks": {}})
    )
    return replace(matrices.kind, config=config, scorers=tuple(kept)), np.array(columns, np.int64)


def neutral_of(matrices: ScoreMatrices, weighting: Weighting) -> float:
    """Return the score of an average pair under a weighting, as an engine measures it when data are loaded."""
    from matchengine.matching.combine import neutral_score

    kind, columns = weighted_kind(matrices, weighting)
    sample = matrices.sample_values[:, columns], matrices.sample_confidences[:, columns]
    return neutral_score(kind, *sample, matrices.sample_goals)


def combined(matrices: ScoreMatrices, weighting: Weighting, starts: IntArray) -> Combined:
    """Score all pairs as an engine with these weights would, by the engine's own function.

    Parameters
    ----------
    starts : int64 array (N + 1,)
        Where the pairs of each requester begin and end.
    """
    from matchengine.matching.combine import combine
    from matchengine.matching.rank import feasible

    kind, columns = weighted_kind(matrices, weighting)
    neutral = neutral_of(matrices, weighting)
    size = len(matrices)
    total, base, confidence = np.full(size, np.nan), np.full(size, np.nan), np.zeros(size)
    informed, stands = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    for start in range(0, size, _AT_ONCE):
        at = slice(start, min(start + _AT_ONCE, size))
        pair = [np.asarray(of[at][:, columns], np.float64) for of in (matrices.values, matrices.confidences)]
        goals = None if matrices.goals is None else matrices.goals[at]
        table: ScoreTable = combine(kind, pair[0], pair[1], neutral, goals)
        total[at], base[at], confidence[at] = table.total, table.total - table.lift, table.confidence
        informed[at] = table.informed
        part = np.zeros(len(pair[0]), np.bool_)
        part[feasible(table.blocks)] = True
        stands[at] = part
    stands &= matrices.eligible & matrices.found
    shown = _shown(total, base, informed, stands, starts) if matrices.discreet else np.round(total, 4)
    behind = np.where(informed, 1.0, BEHIND)
    return Combined(
        np.where(stands, behind * shown, np.nan),
        np.where(stands, behind * np.clip(base, 0, 1), np.nan),
        confidence,
        neutral,
    )


def _shown(total: FloatArray, base: FloatArray, informed: BoolArray, stands: BoolArray, starts: IntArray) -> FloatArray:
    """Scores by which lists towards people rank: with lifts for the first five places, without behind (decision 12)."""
    from matchengine.matching.rank import LIFTED

    with_lift, plain = np.round(total, 4), np.round(base, 4)
    if not (with_lift != plain)[stands].any():
        return with_lift
    key = np.where(stands, with_lift + informed, -np.inf)
    out = plain.copy()
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        own = key[start:end]
        first = own >= (np.partition(own, len(own) - LIFTED)[len(own) - LIFTED] if len(own) > LIFTED else -np.inf)
        out[start:end][first] = with_lift[start:end][first]
    return out


def leave_one_out(weighting: Weighting) -> dict[str, Weighting]:
    """Each scorer left out in turn, by its name; nothing where there is only one."""
    if len(weighting.scorers) < 2:
        return {}
    return {
        name: replace(weighting, scorers={n: w for n, w in weighting.scorers.items() if n != name})
        for name in weighting.scorers
    }


def only_one(weighting: Weighting) -> dict[str, Weighting]:
    """Each scorer alone, by its name."""
    return {name: replace(weighting, scorers={name: 1.0}) for name in weighting.scorers}


def simplex(matrices: ScoreMatrices, weighting: Weighting, trials: int, seed: int) -> list[Weighting]:
    """Draw weightings evenly from the simplex of what each scorer counts in all.

    A draw gives each scorer a share of 1; a block weighs as much as its scorers together. Weights by the kind of goal
    do not take part.
    """
    names = sorted(name for name, weight in weighting.scorers.items() if weight > 0)
    drawn = np.random.default_rng([seed, trials, len(names)]).dirichlet(np.ones(len(names)), trials)
    return [_of_shares(matrices, weighting, dict(zip(names, row, strict=True))) for row in drawn.tolist()]


def around(
    matrices: ScoreMatrices, weighting: Weighting, draws: int, seed: int, concentration: float = 20.0
) -> list[Weighting]:
    """Draw weightings from a Dirichlet distribution around what each scorer counts now.

    Parameters
    ----------
    concentration : float
        The larger, the nearer: the parameters of the distribution are the shares times this.
    """
    shares = weighting.shares(matrices)
    names = sorted(shares)
    alpha = np.array([shares[name] for name in names]) * concentration
    drawn = np.random.default_rng([seed, draws, len(names)]).dirichlet(alpha, draws)
    return [_of_shares(matrices, weighting, dict(zip(names, row, strict=True))) for row in drawn.tolist()]


def noisy(matrices: ScoreMatrices, weighting: Weighting, draws: int, seed: int, noise: float) -> list[Weighting]:
    """Multiply what each scorer counts by exp(e), e normal with standard deviation `noise`, independently."""
    shares = weighting.shares(matrices)
    names = sorted(shares)
    factors = np.exp(noise * np.random.default_rng([seed, draws, len(names)]).standard_normal((draws, len(names))))
    rows = factors * np.array([shares[name] for name in names])
    return [_of_shares(matrices, weighting, dict(zip(names, row, strict=True))) for row in rows.tolist()]


def _of_shares(matrices: ScoreMatrices, weighting: Weighting, shares: Mapping[str, float]) -> Weighting:
    blocks: dict[str, float] = {}
    for scorer in matrices.scorers:
        if scorer.block is not None and scorer.name in shares:
            blocks[scorer.block] = blocks.get(scorer.block, 0.0) + shares[scorer.name]
    weights = {name: max(share, 1e-9) for name, share in shares.items()}
    return replace(weighting, scorers=weights, blocks={**weighting.blocks, **blocks}, by_goal=False)
