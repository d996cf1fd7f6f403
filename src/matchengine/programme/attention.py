"""Say how lists for everybody share attention among candidates (domain.md G5, H2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.i18n import _, listing, ngettext
from matchengine.plan_config import ExposureMethod
from matchengine.planning.exposure.bounds import Bounded
from matchengine.planning.exposure.measures import (
    coverage,
    effective_coverage,
    exposure,
    gini,
    load_ratio,
    over_capacity,
)
from matchengine.programme.offered import Offered
from matchengine.records.exposure import ExposureReport, Shown
from matchengine.scene import Scene

__all__ = ["report_on"]

_MOST_SHOWN = 5
_DECIMALS = 4


def report_on(
    scene: Scene,
    offered: Offered,
    asked: tuple[ExposureMethod, int],
    lists: tuple[IntArray, list[IntArray]],
    result: tuple[Bounded, int],
) -> ExposureReport:
    """Measure lists.

    Parameters
    ----------
    asked : method and k
    lists : places of all pairs by score alone, and the positions of the pairs of each list, best first
    result : what bounds could not be kept, and how many items moved far
    """
    (method, k), (plain, best), (kept, moved) = asked, lists, result
    market = offered.market
    ids = scene.pool.tables[scene.kind.sides.candidates].ids
    asking = scene.pool.tables[scene.kind.sides.requesters].ids
    chosen = np.concatenate([np.zeros(0, np.int64), *best])
    rank = np.concatenate([np.zeros(0, np.int64), *(np.arange(1, len(own) + 1) for own in best)])
    before = np.flatnonzero(plain <= k)
    reached, free = market.reached, market.places[market.reached]
    shown = exposure(market.candidate[chosen], rank, market.candidates)[reached]
    times = np.bincount(market.candidate[chosen], minlength=market.candidates)
    was = exposure(market.candidate[before], plain[before], market.candidates)[reached]
    mean, mean_before = _mean(market.score[chosen]), _mean(market.score[before])
    often = [
        n for n in np.lexsort((np.arange(len(times)), -times / np.maximum(market.places, 1)))[:_MOST_SHOWN] if times[n]
    ]
    report = ExposureReport(
        method=method,
        k=k,
        gini_per_seat=round(gini(shown / free), _DECIMALS),
        plain_gini_per_seat=round(gini(was / free), _DECIMALS),
        coverage=round(coverage(shown), _DECIMALS) if len(shown) else 0.0,
        effective_coverage=round(effective_coverage(shown), _DECIMALS),
        load_ratio=round(load_ratio(times[reached]), _DECIMALS),
        most_shown=tuple(_shown(offered, ids, int(n), int(times[n])) for n in often),
        never_shown=tuple(
            sorted(ids[offered.candidates[n]] for n in np.flatnonzero((times == 0) & (market.places > 0)))
        ),
        full=int((market.places <= 0).sum()),
        over_capacity=over_capacity(market.candidate[chosen], market.places),
        mean_score=mean,
        plain_mean_score=mean_before,
        loss=round(1 - mean / mean_before, _DECIMALS) if mean and mean_before else 0.0,
        moved=moved,
        seldom=tuple(sorted(ids[row] for row in offered.candidates[kept.seldom])),
        short=tuple(sorted(asking[row] for row in offered.requesters[kept.short])),
    )
    return report.model_copy(update={"summary": tuple(_sentences(report))})


def _mean(score: FloatArray) -> float | None:
    return round(100 * float(score.mean()), 2) if len(score) else None


def _shown(offered: Offered, ids: Sequence[str], candidate: int, times: int) -> Shown:
    stated = offered.places[candidate]
    return Shown(
        id=ids[offered.candidates[candidate]], times=times, places=None if np.isnan(stated) else max(int(stated), 0)
    )


def _sentences(report: ExposureReport) -> list[str]:
    """What a coordinator should know, the most pressing first."""
    if report.mean_score is None:
        return [_("Nobody was shown to anybody.")]
    said = []
    if report.never_shown:
        told = ngettext(
            "{n} candidate with free places is in no list: {ids}.",
            "{n} candidates with free places are in no list: {ids}.",
            len(report.never_shown),
            ids=listing(report.never_shown),
        )
        said.append(told)
    if report.short:
        told = ngettext(
            "{n} list is shorter than it could be, because nobody is shown more often than the bound allows: {ids}.",
            "{n} lists are shorter than they could be, because nobody is shown more often than the bound allows: "
            "{ids}.",
            len(report.short),
            ids=listing(report.short),
        )
        said.append(told)
    said.append(
        _(
            "Attention for each free place is spread with a Gini index of {gini:.2f} (0 is even); by score alone it "
            "would be {plain:.2f}.",
            gini=report.gini_per_seat,
            plain=report.plain_gini_per_seat,
        )
    )
    if report.method != "plain" or report.loss:
        said.append(
            _(
                "The mean score of all suggestions is {mean:.1f}; by score alone it would be {plain:.1f}.",
                mean=report.mean_score,
                plain=report.plain_mean_score,
            )
        )
    most = report.most_shown[0]
    said.append(
        ngettext(
            "Most often shown for each free place: {id}, in {n} list.",
            "Most often shown for each free place: {id}, in {n} lists.",
            most.times,
            id=most.id,
        )
    )
    return said
