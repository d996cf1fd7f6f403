"""Weights chosen on some clusters and judged on others: nested cross-validation in arrays (evaluation.md 3.5, 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.evaluation.strategies.answer import Tuned
from matchengine.evaluation.strategies.matrices import ScoreMatrices
from matchengine.evaluation.strategies.sweep import sweep_ndcg
from matchengine.evaluation.strategies.weighting import Weighting, simplex
from matchengine.i18n import _

__all__ = ["Nested", "leave_one_cluster_out", "tune"]


@dataclass(frozen=True)
class Nested:
    """What choosing the best of T settings brings.

    Attributes
    ----------
    best : int
        The setting with the highest mean over everybody; the first of several.
    honest : float
        Mean over everybody, each judged under the setting that is best for all other clusters.
    apparent : float
        Mean of `best` over the very people it was chosen on.
    chosen : int64 array (G,)
        Which setting is best without each cluster, clusters ascending.
    """

    best: int
    honest: float
    apparent: float
    chosen: IntArray

    @property
    def optimism(self) -> float:
        """By how much the apparent value flatters."""
        return self.apparent - self.honest


def leave_one_cluster_out(values: FloatArray, clusters: IntArray) -> Nested:
    """Choose the best of T settings without each cluster in turn, and judge it there, by sums over clusters.

    Parameters
    ----------
    values : float array (T, N)
        What each person's list is worth under each setting; a person with NaN under any of them takes no part.
    clusters : int64 array (N,)

    Raises
    ------
    DataError
        Where fewer than two clusters have somebody who takes part.
    """
    known = ~np.isnan(values).any(axis=0)
    _names, cluster = np.unique(clusters[known], return_inverse=True)
    groups = int(cluster.max()) + 1 if len(cluster) else 0
    if groups < 2:
        raise DataError(
            _("weights are chosen and judged on different clusters; expected two at least, got {n}", n=groups)
        )
    order = np.argsort(cluster, kind="stable")
    count = np.bincount(cluster)
    starts = np.concatenate([[0], np.cumsum(count)[:-1]])
    sums = np.add.reduceat(values[:, known].astype(np.float64)[:, order], starts, axis=1)
    whole = sums.sum(axis=1)
    others = (whole[:, None] - sums) / (count.sum() - count)
    chosen = np.argmax(np.round(others, 12), axis=0)
    best = int(np.argmax(np.round(whole, 12)))
    honest = float(sums[chosen, np.arange(groups)].sum() / count.sum())
    return Nested(best, honest, float(whole[best] / count.sum()), chosen)


def tune(
    matrices: ScoreMatrices,
    starts: IntArray,
    gain: FloatArray,
    clusters: IntArray,
    weighting: Weighting,
    *,
    trials: int = 200,
    seed: int = 0,
    k: int = 5,
) -> tuple[Weighting, Tuned]:
    """Choose weights by random search on known outcomes: the configured ones, and `trials` draws from the simplex.

    Parameters
    ----------
    gain : float64 array (P,)
        Known gains, 0 or NaN where none is known. Whoever has none above 0 takes no part: never the people who are
        judged afterwards.
    clusters : int64 array (N,)
        Cluster of each requester.

    Returns
    -------
    Weighting
        The best on all known outcomes.
    Tuned
        With the value that can be believed, the value it seems to have, and the difference.

    Raises
    ------
    DataError
        Where fewer than two clusters have known outcomes.
    """
    settings: Sequence[Weighting] = [weighting, *simplex(matrices, weighting, trials, seed)]
    nested = leave_one_cluster_out(sweep_ndcg(matrices, starts, gain, settings, k=k), clusters)
    best = settings[nested.best]
    return best, Tuned(best.shares(matrices), trials, nested.honest, nested.apparent)
