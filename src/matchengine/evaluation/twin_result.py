"""From replicates to an answer: regret by world, the choice that is least wrong, the test of the test, limits (H11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.evaluation.twin_config import FROM_LISTS, Policy
from matchengine.evaluation.twin_programme import TwinGround
from matchengine.evaluation.twin_replicate import NULL_WORLD, Replicate
from matchengine.i18n import _, listing
from matchengine.records.simulation import SimulatedStrategy, SimulationResult, WorldResult

if TYPE_CHECKING:
    from matchengine.inference import Comparison

__all__ = ["NEVER", "regret_choice", "result_of_replicates"]

NEVER = "demographic_only"
"""A strategy for comparison alone: never the choice."""
_REDRAWS = 2_000
_DIGITS = 6
_CLEAR = 0.8
"""Share of redrawn replicates in which the same strategy has to be the choice to call it clear."""


@dataclass(frozen=True)
class _Seen:
    """All replicates together, (R, S, W) and (R, W), strategies that failed left out."""

    names: tuple[str, ...]
    lived: FloatArray
    expected: FloatArray
    matched: FloatArray
    oracle: FloatArray
    best: FloatArray

    @property
    def regret(self) -> FloatArray:
        """Expected regret, (R, S, W)."""
        return self.best[:, None, :] - self.expected


def result_of_replicates(ground: TwinGround, replicates: Sequence[Replicate]) -> SimulationResult:
    """Turn replicates, in their order, into a result in the language of the context."""
    from matchengine.simulation import assumptions

    config = ground.config
    failed = {name: why for one in reversed(replicates) for name, why in one.failed.items()}
    places = [n for n, name in enumerate(ground.tables) if name not in failed]
    seen = _Seen(
        tuple(name for name in ground.tables if name not in failed),
        *(np.stack([getattr(one, field)[places] for one in replicates]) for field in ("lived", "expected", "matched")),
        *(np.stack([getattr(one, field) for one in replicates]) for field in ("oracle", "best")),
    )
    worlds = tuple(_world(ground, seen, w) for w in range(len(ground.worlds)))
    never = tuple(name for name in seen.names if ground.tables[name].use == NEVER)
    choice, shares = regret_choice(seen.regret, seen.names, never, config.seed)
    largest, worst = _largest(seen, [world.name for world in ground.worlds])
    return SimulationResult(
        question=config.question,
        notice=_("Synthetic: every person, every outcome and every world here is invented."),
        verdict=_verdict(worlds, choice, largest, shares, config.rival), choice=choice, kind=config.kind,
        side="group" if ground.side == "group" else "mentor", largest_regret=largest, worst_world=worst,
        chosen_share=shares, never_use=never, worlds=worlds, replicates=len(replicates),
        trial=len(replicates) < config.replicates, mentees=ground.knobs.mentees, against=config.rival,
        margin=config.margin, alpha=config.alpha, **_nulls(ground, replicates, worlds), **_stability(worlds),
        failed=dict(sorted(failed.items())),
        policies=tuple((name, _policy(ground, table)) for name, table in ground.tables.items()),
        assumptions=tuple((a.name, a.value, a.meaning, a.unit, a.source) for a in assumptions(ground.knobs)),
        limits=_limits(ground, len(replicates)), language=config.language,
    )  # fmt: skip


def _world(ground: TwinGround, seen: _Seen, w: int) -> WorldResult:
    """One world: means, regret with its interval, and what differs from the rival over replicates."""
    from matchengine.inference import compare, verdicts

    config, place = ground.config, ground.worlds[w]
    rows = {name: seen.lived[:, s, w] for s, name in enumerate(seen.names)}
    rivals = [name for name in seen.names if name != config.rival] if config.rival in rows else []
    pairs = {name: _compared(rows[name] - rows[config.rival], config.alpha, config.seed) for name in rivals}
    told = dict(zip(pairs, verdicts(list(pairs.values()), config.margin), strict=True))
    made = []
    for s, name in enumerate(seen.names):
        lost = compare(seen.regret[:, s, w], alpha=config.alpha, seed=config.seed)
        own: dict[str, Any] = {
            "utility": float(rows[name].mean()), "regret": max(lost.estimate, 0.0),
            "regret_low": max(lost.low, 0.0), "regret_high": lost.high, "matched": float(seen.matched[:, s, w].mean()),
        }  # fmt: skip
        if name in pairs:
            one, verdict = pairs[name], told[name]
            own |= {
                "difference": one.estimate, "low": one.low, "high": one.high, "p_adjusted": verdict.adjusted_p,
            }  # fmt: skip
        numbers = {key: _rounded(value) for key, value in own.items()}
        answer = told[name].answer if name in told else ""
        made.append(SimulatedStrategy.model_validate({"strategy": name, "verdict": answer, **numbers}))
    return WorldResult(
        world=place.name, title=_(place.title), about=_(place.about), oracle=_kept(seen.oracle[:, w]),
        oracle_expected=_kept(seen.best[:, w]), strategies=tuple(made),
    )  # fmt: skip


def _compared(difference: FloatArray, alpha: float, seed: int) -> Comparison:
    from matchengine.inference import compare

    return compare(difference, alpha=alpha, seed=seed)


def _kept(values: FloatArray) -> float:
    return round(float(values.mean()), _DIGITS)


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), _DIGITS) + 0.0


def _largest(seen: _Seen, worlds: Sequence[str]) -> tuple[dict[str, float], dict[str, str]]:
    mean = seen.regret.mean(axis=0)
    at = mean.argmax(axis=1) if len(seen.names) else np.zeros(0, np.int64)
    largest = {name: max(round(float(mean[s, at[s]]), _DIGITS), 0.0) for s, name in enumerate(seen.names)}
    return largest, {name: worlds[at[s]] for s, name in enumerate(seen.names)}


def regret_choice(
    regret: FloatArray, names: Sequence[str], never: Sequence[str] = (), seed: int = 0
) -> tuple[str, dict[str, float]]:
    """Return the strategy with the least of the largest mean regrets (Savage 1951), and how firm that is.

    Parameters
    ----------
    regret : float64 array (R, S, W)
    names : S names
    never : names that cannot be the choice

    Returns
    -------
    str
        Empty where nothing can be chosen; of strategies that are exactly alike the first.
    dict of str to float
        Share of redrawn replicates (bootstrap) in which each is the choice.
    """
    able = [s for s, name in enumerate(names) if name not in never]
    if not able or not len(regret):
        return "", {}
    choose = regret[:, able]
    rng = np.random.default_rng([seed, 7])
    rows = rng.integers(0, len(regret), (_REDRAWS, len(regret)))
    weight = np.stack([np.bincount(row, minlength=len(regret)) for row in rows]) / len(regret)
    largest = np.round(np.einsum("dr,rsw->dsw", weight, choose).max(axis=2), _DIGITS)
    won = np.bincount(largest.argmin(axis=1), minlength=len(able)) / _REDRAWS
    best = int(np.round(choose.mean(axis=0).max(axis=1), _DIGITS).argmin())
    return names[able[best]], {names[s]: round(float(won[n]), 4) for n, s in enumerate(able)}


def _verdict(
    worlds: Sequence[WorldResult], choice: str, largest: dict[str, float], shares: dict[str, float], rival: str
) -> str:
    """Say what is least wrong, how firm that is, and what it is worth in the world that decides."""
    if not choice:
        return _("Synthetic: nothing could be compared, for no strategy that may be used gave an answer.")
    told = [_(
        "Synthetic: whichever of the {n} worlds we live in, {name} stays within {regret:.1f} in 100 of who knows "
        "everything, on average: the least of all strategies here; the largest regrets of all go up to {most:.1f}.",
        n=len(worlds), name=choice, regret=100 * largest[choice], most=100 * max(largest.values()),
    )]  # fmt: skip
    close = [name for name, share in shares.items() if name != choice and share >= (1 - _CLEAR) / 2]
    if shares[choice] < _CLEAR and close:
        told.append(
            _("That is not firm: with other invented people it might as well be {names}.", names=listing(close))
        )
    rows = {(w.world, s.strategy): s for w in worlds for s in w.strategies}
    worst = max(worlds, key=lambda w: rows[w.world, choice].regret).world
    if rows[worst, choice].verdict in ("cannot_tell", "same"):
        told.append(_(
            "What decides is {world}, and there what becomes of people cannot be told from {rival}.",
            world=worst, rival=rival,
        ))  # fmt: skip
    return " ".join(told)


def _nulls(ground: TwinGround, replicates: Sequence[Replicate], worlds: Sequence[WorldResult]) -> dict[str, Any]:
    """The test of the test: one independent null of each replicate against the binomial, and two descriptions.

    Nulls of one population depend on each other, so one is taken; which one goes round from replicate to replicate,
    among those of which anything is inferred.
    """
    from matchengine.inference import check_nulls

    rows = [one.null_p for one in replicates if len(one.null_p)]
    if not rows:
        return {}
    alpha, names = ground.config.alpha, list(ground.tables)
    rivals = [n for n, pair in enumerate(combinations(names, 2)) if ground.config.rival in pair]
    p_values = np.stack(rows)
    mine = p_values[:, rivals]
    taken = [row[told[r % len(told)]] for r, row in enumerate(mine) if len(told := np.flatnonzero(~np.isnan(row)))]
    found = check_nulls(np.array(taken, np.float64), alpha)
    known = p_values[~np.isnan(p_values)]
    null = next(world for world in worlds if world.world == NULL_WORLD)
    return {
        "null_tests": found.total, "false_positives": found.significant, "allowed": found.most,
        "null_passed": found.passed if found.total else None,
        "null_pairs_significant": round(float((known <= alpha).mean()), _DIGITS) if len(known) else None,
        "null_differs": tuple(
            s.strategy for s in null.strategies if s.p_adjusted is not None and s.p_adjusted <= alpha
        ),
    }  # fmt: skip


def _stability(worlds: Sequence[WorldResult]) -> dict[str, Any]:
    """Rank correlation (Kendall's τ-b) of strategies by regret between worlds that have an effect."""
    from scipy.stats import kendalltau

    rows = {w.world: [s.regret for s in w.strategies] for w in worlds if w.world != NULL_WORLD}
    found = {
        (one, other): float(kendalltau(rows[one], rows[other]).statistic)
        for one, other in combinations(rows, 2)
        if len(rows[one]) > 2
    }
    known = {pair: value for pair, value in found.items() if not np.isnan(value)}
    if not known:
        return {}
    least = min(known, key=lambda pair: (round(known[pair], _DIGITS), pair))
    return {"stable_order": round(float(np.mean(list(known.values()))), _DIGITS), "least_alike": least}


def _policy(ground: TwinGround, table: Policy) -> str:
    """Say in one line what a strategy does."""
    method = ground.method(table)
    how = _("each takes the first free one of their list") if method == FROM_LISTS else _("decided by {n}", n=method)
    told = [_("engine") if table.use == "engine" else table.use, how]
    told += [_("only {names}", names=listing(list(table.scorers)))] if table.scorers else []
    told += [_("with {names}", names=listing(list(table.add)))] if table.add else []
    told += [_("without {names}", names=listing(list(table.drop)))] if table.drop else []
    told += [_("blocks weighed otherwise")] if table.blocks else []
    told += [] if table.lifts else [_("without what people wish to share")]
    told += [_("attention shared: {n}", n=table.rerank)] if table.rerank not in (None, "none") else []
    told += [_("no pair under {n:.0f} of 100", n=100 * table.floor)] if table.floor is not None else []
    told += [_("at most {n} for one candidate", n=table.cap)] if table.cap is not None else []
    return "; ".join(told)


def _limits(ground: TwinGround, replicates: int) -> tuple[str, ...]:
    told = [
        _("Anything about real people: this is synthetic. The order of strategies need not be that on real data."),
        _("Which world your programme lives in: nobody knows, and it may be none of these."),
        _("Whether the assumptions hold; each stands here with its source, and most are guesses."),
        _("Differences smaller than {n} invented populations can show.", n=replicates),
        _("Whether people accept: here everybody takes the match that is made."),
    ]
    if ground.side == "group":
        told.append(_("What company does to expectations: the oracle knows each placement alone, not who else comes."))
    return tuple(told)
