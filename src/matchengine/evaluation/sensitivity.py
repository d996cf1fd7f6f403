"""Would other weights change the answer? Random weightings around the chosen ones (evaluation.md 3.5, point 9)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matchengine.batch import FloatArray
from matchengine.evaluation.config import ENGINE
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.measurements import Table

__all__ = ["weight_draws"]


def weight_draws(ground: Ground, table: Table, scores: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return what random weightings around a strategy's own do to its nDCG@5.

    The strategy is that of `[ablation]`, or the first that scores with a configuration and is not compared with; where
    its weights are tuned, those that its table states are varied. `scores` are those that every strategy gave.
    `order` tells of each draw whether it stays on the same side of the strategy compared with; `weight:STRATEGY:SCORER`
    holds by how much nDCG@5 rises or falls from the least to the greatest weight drawn, by a straight line; `draws` is
    the mean nDCG@5 of each.
    """
    from matchengine.evaluation.strategies.scoring import Engined, scoring_of
    from matchengine.evaluation.strategies.sweep import expected_ndcg, sweep_ndcg
    from matchengine.evaluation.strategies.weighting import around, noisy

    config = ground.config
    wanted = config.sensitivity
    engines = [n for n in config.strategies if n != config.against and config.resolved(n).use == ENGINE]
    name = config.ablation.of or (engines[0] if engines else None)
    if not wanted.n or name is None or name == config.against or table[name].failed:
        return {}
    chosen = config.resolved(name).model_copy(update={"tune": None, "history": False})
    scoring = scoring_of(chosen, ground.resources(frozenset({"lists"})))
    if not isinstance(scoring, Engined):
        return {}
    task = ground.judged_task
    matrices, weighting = scoring.settled(task.asked)
    draws = around(matrices, weighting, wanted.n, config.seed, wanted.concentration)
    draws += [
        drawn for noise in wanted.noise if noise for drawn in noisy(matrices, weighting, wanted.n, config.seed, noise)
    ]
    means = _means(sweep_ndcg(matrices, task.asked.starts, task.gain, draws, k=5))
    own = float(_means(sweep_ndcg(matrices, task.asked.starts, task.gain, [weighting], k=5))[0])
    found = {"draws": means}
    rival = scores.get(config.against, np.zeros(0))
    if len(rival) and not np.isnan(own):
        other = float(_means(expected_ndcg(rival, task.asked.starts, task.gain, 5)[None])[0])
        found["order"] = (np.sign(means - other) == np.sign(own - other)).astype(np.float64)
    for scorer in sorted(weighting.scorers):
        share = np.array([draw.scorers.get(scorer, 0.0) / sum(draw.scorers.values()) for draw in draws])
        if np.ptp(share) > 0 and not np.isnan(means).any():
            slope = float(np.polyfit(share, means, 1)[0])
            found[f"weight:{name}:{scorer}"] = np.array([slope * float(np.ptp(share))])
    return found


def _means(values: FloatArray) -> FloatArray:
    """Mean of each row over those who have a value; NaN for a row without any."""
    known = ~np.isnan(values)
    sums, counts = np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1)
    found: FloatArray = np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0)
    return found
