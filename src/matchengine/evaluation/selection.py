"""What can be said of lists although outcomes exist only for pairs that came about (evaluation.md 3.5, point 7).

Each strategy's lists are looked at for two things: how many places hold a pair with a known outcome, and, where the
chance is logged with which each pair was shown, what its lists would have brought by weighting (SNIPS) and by a model
corrected with weights (doubly robust).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import IntArray
from matchengine.comparison import Case
from matchengine.evaluation.comparing import rounded
from matchengine.i18n import N_, _
from matchengine.inference import OffPolicy, doubly_robust, snips
from matchengine.metrics.order import Ranked
from matchengine.records.evaluation import Estimate, SelectionResult

__all__ = ["APART", "FEWEST", "Selection", "selection_of", "selection_sentences", "told_of"]

FEWEST = 50.0
"""Effective sample size below which an estimate from logged chances is refused and verdicts are called uncertain."""
APART = 0.10
"""Difference in the share of known outcomes beyond which figures of two strategies are not comparable as they are."""


@dataclass(frozen=True)
class Selection:
    """How far one strategy's figures can be trusted.

    Attributes
    ----------
    judged : float
        Share of the first k places whose outcome is known; NaN without any place.
    weighted, robust : OffPolicy or None
        Mean outcome that the lists would have had; None where no chance was logged, or no model predicts outcomes.
    """

    judged: float
    weighted: OffPolicy | None = None
    robust: OffPolicy | None = None


def selection_of(case: Case, k: int, cluster: IntArray, alpha: float = 0.05) -> Selection:
    """Look at one strategy's lists.

    Outcomes count as good (1) or not (0). A pair is shown by the strategy with the chance that it is among the first k,
    ties by lot. Only pairs with a logged chance take part in estimates, so a strategy that would show mostly others is
    refused for its small effective sample.

    Parameters
    ----------
    cluster : int64 array (N,)
        Cluster of each person.
    """
    lists = case.lists
    ranked = Ranked.of(lists)
    chance = ranked.chance(k)
    places = float(chance.sum())
    judged = float(chance[~np.isnan(lists.gain)].sum()) / places if places else float("nan")
    if case.propensity is None:
        return Selection(judged)
    known = ~np.isnan(case.propensity) & ~np.isnan(lists.gain)
    good = (lists.gain[known] > 0).astype(np.float64)
    of = cluster[lists.person[known]]
    weighted = snips(good, case.propensity[known], chance[known], of, alpha=alpha)
    robust = None
    if case.probability is not None and known.any():
        predicted = np.nan_to_num(case.probability, nan=float(good.mean()))
        per_person = np.bincount(lists.person, chance * predicted, lists.people)
        shown = np.bincount(lists.person, chance, lists.people)
        expected = per_person / np.maximum(shown, 1e-12)
        robust = doubly_robust(
            good, case.propensity[known], chance[known], predicted[known], expected[lists.person[known]], of,
            alpha=alpha,
        )  # fmt: skip
    return Selection(judged, weighted, robust)


def told_of(selection: Selection) -> dict[str, Any]:
    """Return a selection as a document holds it; see `SelectionResult`."""
    return SelectionResult(
        judged=rounded(selection.judged),
        weighted=_estimate(selection.weighted),
        robust=_estimate(selection.robust),
    ).model_dump(mode="json")


def _estimate(found: OffPolicy | None) -> Estimate | None:
    if found is None:
        return None
    value = None if found.estimate is None else rounded(found.estimate)
    return Estimate(
        value=value, low=rounded(found.low), high=rounded(found.high), effective=rounded(found.effective),
        pairs=found.pairs, reason=found.reason or "",
    )  # fmt: skip


def selection_sentences(strategies: Sequence[tuple[str, SelectionResult]]) -> list[str]:
    """Return which strategies logged chances say too little about; empty where none was logged or all is well."""
    found = []
    for title, selection in strategies:
        effective = FEWEST if selection.weighted is None else selection.weighted.effective or 0.0
        if effective < FEWEST:
            told = N_(
                "{strategy} would show mostly pairs that were hardly ever shown: what is known of them amounts to "
                "{n:.0f} outcomes, too few for an estimate from logged chances."
            )
            found.append(_(told, strategy=title, n=effective))
    return found
