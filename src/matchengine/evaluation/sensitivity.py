"""Would other weights change the answer? Random weightings around the chosen ones (evaluation.md 3.5, point 9)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.evaluation.config import ENGINE
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.measurements import Table

__all__ = ["weight_draws"]


def weight_draws(ground: Ground, table: Table) -> dict[str, FloatArray]:
    """Return what random weightings around a strategy's own do to its nDCG@5.

    The strategy is that of `[ablation]`, or the first that scores with a configuration and is not compared with.
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
    scoring = scoring_of(config.resolved(name), ground.resources(frozenset({"lists"})))
    if not isinstance(scoring, Engined):
        return {}
    task = ground.judged_task
    matrices, weighting = scoring.settled(task.asked)
    draws = around(matrices, weighting, wanted.n, config.seed, wanted.concentration)
    draws += [
        drawn for noise in wanted.noise if noise for drawn in noisy(matrices, weighting, wanted.n, config.seed, noise)
    ]
    means = np.nanmean(sweep_ndcg(matrices, task.asked.starts, task.gain, draws, k=5), axis=1)
    own = float(np.nanmean(sweep_ndcg(matrices, task.asked.starts, task.gain, [weighting], k=5)))
    found = {"draws": means}
    rival = ground_scores(ground, config.against)
    if rival is not None:
        other = float(np.nanmean(expected_ndcg(rival, task.asked.starts, task.gain, 5)))
        found["order"] = (np.sign(means - other) == np.sign(own - other)).astype(np.float64)
    for scorer in sorted(weighting.scorers):
        share = np.array([draw.scorers.get(scorer, 0.0) / sum(draw.scorers.values()) for draw in draws])
        if np.ptp(share) > 0:
            slope = float(np.polyfit(share, means, 1)[0])
            found[f"weight:{name}:{scorer}"] = np.array([slope * float(np.ptp(share))])
    return found


def ground_scores(ground: Ground, name: str) -> FloatArray | None:
    """Return the scores of a strategy that was asked before; None where it gave none."""
    from matchengine.evaluation.strategies.answer import Answer
    from matchengine.evaluation.strategies.configured import answer

    found = answer(ground.config.resolved(name), ground.task.asked, ground.resources(frozenset({"lists"})), name=name)
    return found.scores if isinstance(found, Answer) else None
