"""One strategy's table answered: lists, assignments, changed pools, drafts; a fault stays with the strategy."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.errors import ConfigError, MatchEngineError, blame
from matchengine.evaluation.strategies.answer import Answer, Resources, StrategyChoice, StrategyFailed
from matchengine.evaluation.strategies.changing import changed_pools
from matchengine.evaluation.strategies.drafts import drafted_groups, drafted_swaps
from matchengine.evaluation.strategies.drawing import lottery
from matchengine.evaluation.strategies.placing import place, solve_again
from matchengine.evaluation.strategies.reranking import check_method, reranked
from matchengine.evaluation.strategies.scoring import Engined, Scoring, View, known_gains, scoring_of
from matchengine.i18n import _

__all__ = ["answer", "check"]

_TIMED = 20
"""So many requesters are answered alone, to measure how long one waits."""
_ENOUGH = 20
"""Known outcomes from which probabilities are learned."""


def check(strategy: StrategyChoice, resources: Resources) -> None:
    """Refuse a table that names something that is not there, before anything runs.

    Weights of scorers and blocks are checked when an engine has been loaded.

    Raises
    ------
    ConfigError, PluginError
        With the nearest known name.
    """
    scoring_of(strategy, resources)
    check_method(strategy.rerank or "none")
    if strategy.assign not in (None, "none"):
        resources.registry.assigner(strategy.assign or "")
    if strategy.tune is not None and strategy.tune.weights != "simplex":
        raise ConfigError(_("tune.weights is {weights!r}, expected 'simplex'", weights=strategy.tune.weights))
    if strategy.use != "engine" and (strategy.swaps or strategy.groups or strategy.tune is not None):
        raise ConfigError(_("swaps, groups and tune are for use = 'engine' alone"))


def answer(strategy: StrategyChoice, asked: Asked, resources: Resources, *, name: str = "") -> Answer | StrategyFailed:
    """Let a strategy answer one question.

    Parameters
    ----------
    strategy : StrategyChoice
        With what it inherits filled in.
    asked : Asked
        Its `known` outcomes are never those by which the answer is judged.
    resources : Resources
    name : str
        Of the strategy, for messages.

    Returns
    -------
    Answer or StrategyFailed
        A fault of the strategy is its result: the run goes on with the others.
    """
    try:
        check(strategy, resources)
        return _answered(strategy, asked, resources)
    except MatchEngineError as error:
        return StrategyFailed(str(error))
    except Exception as error:
        return StrategyFailed(str(blame(_("strategy {name!r}", name=name or strategy.use), error)))


def _answered(strategy: StrategyChoice, asked: Asked, resources: Resources) -> Answer:
    began = perf_counter()
    scoring = scoring_of(strategy, resources)
    view = scoring.view(asked)
    scores = reranked(asked, view.ranking, strategy.rerank or "none", scoring.exposure)
    method = strategy.assign if strategy.assign not in (None, "none") else None
    chosen = None if method is None else place(asked, resources.registry, method, view.plain, view.reverse)
    seconds = perf_counter() - began
    made = Answer(
        scores=scores,
        seconds=np.full(asked.requesters, np.nan),
        total_seconds=seconds + view.saved_seconds,
        reverse=view.reverse if "reverse" in resources.wanted else None,
        chosen=chosen,
        tuned=scoring.tuned,
        notes=_notes(strategy, scoring),
    )
    made = _drafted(made, strategy, scoring, resources)
    made = replace(made, probability=_probability(asked, scores, resources))
    if method is not None and "placed" in resources.wanted:
        views = view.plain, np.where(np.isnan(view.reverse), view.plain, view.reverse)
        made = replace(made, again=solve_again(asked, resources.registry, method, views, resources.draws))
    if "perturbed" in resources.wanted:
        made = replace(made, perturbed=_perturbed(strategy, scoring, asked, resources.draws))
    if "cost" in resources.wanted:
        made = replace(made, seconds=scoring.seconds(asked, _some(asked)))
    return made


def _drafted(made: Answer, strategy: StrategyChoice, scoring: Scoring, resources: Resources) -> Answer:
    """Add the drafts that the table asks for and some metric reads."""
    if not isinstance(scoring, Engined):
        return made
    config = scoring.engine().config
    if strategy.swaps and "swaps" in resources.wanted:
        made = replace(made, swaps=drafted_swaps(scoring.scene, config, strategy.swaps, resources))
    if strategy.groups and "groups" in resources.wanted:
        made = replace(made, groups=drafted_groups(scoring.scene, config, strategy.groups))
    return made


def _probability(asked: Asked, scores: FloatArray, resources: Resources) -> FloatArray | None:
    """Probabilities of success, where the harness has a way to learn them and enough outcomes are known."""
    if resources.calibrate is None or "probability" not in resources.wanted:
        return None
    gains = known_gains(asked, asked.known)
    both = ~np.isnan(gains) & ~np.isnan(scores)
    if both.sum() < _ENOUGH or not 0 < (gains[both] > 0).mean() < 1:
        return None
    found = np.full(len(asked), np.nan)
    there = ~np.isnan(scores)
    found[there] = np.clip(resources.calibrate(scores[both], gains[both])(scores[there]), 0, 1)
    return found


def _perturbed(strategy: StrategyChoice, scoring: Scoring, asked: Asked, draws: int) -> tuple[FloatArray, ...]:
    """Scores when a twentieth of the candidates is gone."""
    out = []
    for gone, left, kept in changed_pools(asked, draws):
        view: View = scoring.view(left, gone)
        score = np.full(len(asked), np.nan)
        score[kept] = reranked(left, view.ranking, strategy.rerank or "none", scoring.exposure)
        out.append(score)
    return tuple(out)


def _some(asked: Asked) -> IntArray:
    """A few requesters with pairs, drawn by the seed."""
    asking = np.flatnonzero(np.diff(asked.starts))
    numbers = lottery(asked.requester_ids, asked.seed, "timed")[asking]
    found: IntArray = np.sort(asking[np.argsort(numbers)[:_TIMED]])
    return found


def _notes(strategy: StrategyChoice, scoring: Scoring) -> tuple[str, ...]:
    """What a reader should know."""
    told = []
    if strategy.use == "demographic_only":
        told.append(_("For comparison only: it matches people by who they are and must never be used."))
    if scoring.tuned is not None:
        told.append(
            _(
                "Weights were chosen from {n} draws; on outcomes that took no part in the choice they reach "
                "{honest:.3f}, on those they were chosen by {apparent:.3f}.",
                n=scoring.tuned.trials,
                honest=scoring.tuned.honest,
                apparent=scoring.tuned.apparent,
            )
        )
    return tuple(told)
