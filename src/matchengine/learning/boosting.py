"""Monotone boosting on the same preferences: an offered comparison, never what is adopted (domain.md G3).

Trees may find that one scorer matters only beside another, which weights cannot say. Below some ten thousand pairs
they mostly learn noise, so they are refused there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError, MissingExtraError
from matchengine.i18n import N_, _
from matchengine.learning.adoption import sealed
from matchengine.learning.features import Table
from matchengine.learning.preferences import Said
from matchengine.learning.proposal import learning_table
from matchengine.learning.tuning import agreement, choose_tau, judge_means, splits
from matchengine.learning.weights import fit
from matchengine.records.learning import BoostingReport, WeightProposal
from matchengine.scene import Scene

__all__ = ["FEWEST_PAIRS", "Comparison", "compare_boosting", "with_boosting"]

FEWEST_PAIRS = 10_000
"""Preferences below which boosting overfits, as was measured on data of this kind."""


@dataclass(frozen=True)
class Comparison:
    """Share of held-out preferences in the right order, mean over people: learned weights, and monotone trees."""

    weights: float
    boosting: float
    judges: int
    preferences: int


def compare_boosting(table: Table, *, seed: int = 0, forced: bool = False) -> Comparison:
    """Compare learned weights with monotone boosting on people held out.

    Parameters
    ----------
    forced : bool
        Compare although there are fewer preferences than boosting needs.

    Raises
    ------
    DataError
        Where there are fewer preferences, or nobody can be held out.
    MissingExtraError
        Without scikit-learn.
    """
    size = len(table.preferences)
    if size < FEWEST_PAIRS and not forced:
        told = N_("boosting needs {least} preferences, below which it learns noise; there are {n}. Keep to weights")
        raise DataError(_(told, least=FEWEST_PAIRS, n=size))
    _by, made, _clusters = splits(table)
    if len(made) < 2:
        raise DataError(_("nobody can be held out: preferences of at least two people are needed"))
    weights = table.weights
    linear, trees = np.full(size, np.nan), np.full(size, np.nan)
    for fold in made:
        tau = choose_tau(table, fold.train, weights)
        linear[fold.test] = agreement(table, fit(table, tau, fold.train).weights)[fold.test]
        trees[fold.test] = _trees(table, fold.train, fold.test, weights, seed)
    by_weights, by_trees = judge_means(table, linear, weights), judge_means(table, trees, weights)
    one, other = (float(np.mean(list(of.values()))) for of in (by_weights, by_trees))
    return Comparison(one, other, len(by_trees), size)


def with_boosting(scene: Scene, said: Said, proposal: WeightProposal) -> WeightProposal:
    """Return a proposal with monotone boosting beside its weights, for reading: the gate does not look at it.

    Where there are too few preferences, or nobody can be held out, the reason stands in its place.

    Raises
    ------
    MissingExtraError
        Without scikit-learn, where there are enough preferences.
    """
    table = learning_table(scene, said)
    try:
        found = compare_boosting(table)
    except DataError as error:
        told = _("Boosting was not compared: {reason}.", reason=str(error))
        made = BoostingReport(preferences=len(table.preferences), text=told)
    else:
        line = N_(
            "Monotone boosting, for comparison: on {judges} people held out it gets {trees:.1f} of every 100 "
            "preferences right, learned weights {weights:.1f}. It is never what is adopted."
        )
        told = _(line, judges=found.judges, trees=100 * found.boosting, weights=100 * found.weights)
        made = BoostingReport(
            weights=round(found.weights, 6), boosting=round(found.boosting, 6), preferences=found.preferences, text=told
        )
    return sealed(proposal.model_copy(update={"boosting": made}))


def _trees(table: Table, train: IntArray, test: IntArray, weights: FloatArray, seed: int) -> NDArray[np.float64]:
    """Fit trees on differences, each way round, and say for each tested preference whether they agree."""
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError:
        raise MissingExtraError("lexical", _("boosting")) from None
    apart = np.asarray(table.values[table.better] - table.values[table.worse], np.float64)
    columns = apart.shape[1]
    grower = HistGradientBoostingClassifier(
        monotonic_cst=[1] * columns, max_iter=100, learning_rate=0.05, early_stopping=False, random_state=seed
    )
    rows, sign = np.concatenate([apart[train], -apart[train]]), np.repeat([1, 0], len(train))
    grower.fit(rows, sign, sample_weight=np.tile(np.asarray(weights)[train], 2))
    # asked both ways, so that which of two is named first decides nothing
    lead = grower.decision_function(apart[test]) - grower.decision_function(-apart[test])
    right: NDArray[np.float64] = (np.sign(np.round(lead, 9)) + 1) / 2
    return right
