"""Lists for everybody: ranked so that candidates share attention, varied, within bounds; a moved item says why.

Lifts (what people confided to be matched on) take no part in prices, bounds, or in who stands in whose list: otherwise
one person's wishes could be read off the list of another. They order the first five of the list of the person who
asked, and nothing else (decision 12). Only lists by score alone are those of `suggest`, where a lift also decides who
is among the first five.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

import numpy as np

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.errors import ConfigError, DataError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.matching.rank import LIFTED, Ranked
from matchengine.plan_config import ExposureMethod
from matchengine.planning.exposure.bounds import Bounded, bounded
from matchengine.planning.exposure.matching import equilibrium
from matchengine.planning.exposure.priced import prices
from matchengine.programme.attention import report_on
from matchengine.programme.offered import Offered, gather_offered
from matchengine.programme.variety import varied
from matchengine.records import Suggestion
from matchengine.records.exposure import Shortlists
from matchengine.records.vocabulary import Viewer
from matchengine.scene import Scene

__all__ = ["Present", "default_method", "shortlists"]

Present = Callable[[Scene, Ranked, Viewer], list[list[Suggestion]]]
"""Turns ranked pairs of some requesters into suggestions, as the engine does."""
_BATCH = 64
_FAR = 2
"""An item that moved by more places than this says why."""
_STAGES = ("exposure", "variety", "goals", "bounds")
_WHY: dict[tuple[str, bool], str] = {
    ("exposure", True): N_("Higher up than by score alone: there are free places here that fewer people ask for."),
    ("exposure", False): N_("Lower down than by score alone: others have free places that fewer people ask for."),
    ("variety", True): N_("Higher up than by score alone, so that the list holds different options."),
    ("variety", False): N_("Lower down than by score alone: the list holds something much like it already."),
    ("goals", True): N_("Higher up than by score alone, so that the list serves all goals of the person who looks."),
    ("goals", False): N_("Lower down than by score alone, to make room for other goals of the person who looks."),
    ("bounds", True): N_("Higher up than by score alone, so that everybody with free places is shown to somebody."),
    ("bounds", False): N_("Lower down than by score alone, to keep to the bounds on how often anybody is shown."),
}


@dataclass(frozen=True)
class _Ordered:
    """The key that lists rank by, and places after each step, all (A,), and which bounds could not be kept."""

    key: FloatArray
    plain: IntArray
    steps: dict[str, IntArray]
    kept: Bounded

    @property
    def last(self) -> IntArray:
        """Places after the last step."""
        return self.steps[_STAGES[-1]]


def default_method(scene: Scene) -> ExposureMethod:
    """The configured method where candidates are people of whom some state free places; else `plain`."""
    pool, sides = scene.pool, scene.kind.sides
    if sides.candidates != "people":
        return "plain"
    stated = ~np.isnan(pool.derived.free_places(sides.candidates, sides.role)) & pool.candidates(sides)
    return scene.kind.config.exposure.method if stated.any() else "plain"


def shortlists(
    scene: Scene,
    present: Present,
    k: int = 5,
    *,
    method: ExposureMethod | None = None,
    people: Sequence[str] | None = None,
    viewer: Viewer = "coordinator",
) -> Shortlists:
    """Suggest at most k candidates to everybody who looks, sharing attention as the configuration says.

    Parameters
    ----------
    present : callable
        Turns ranked pairs into suggestions; the engine's own.
    method : str or None
        `priced`, `matching` or `plain`; `default_method` by default. With `plain` and neither variety nor calibration
        configured the lists are those of `suggest`.
    people : sequence of str or None
        Ids of those who get a list; everybody who looks by default. Attention is shared among these lists alone.

    Raises
    ------
    UnknownIdError, DataError
        When somebody named is unknown or does not look for this kind of match, or k is below 1.
    """
    if k < 1:
        raise DataError(_("k is {k}, expected at least 1", k=k))
    if method is not None and method not in get_args(ExposureMethod):
        unknown = N_("there is no way to share attention named {name!r}; {hint}")
        raise ConfigError(_(unknown, name=method, hint=did_you_mean(method, get_args(ExposureMethod))))
    sides, pool = scene.kind.sides, scene.pool
    if people is None:
        everybody = np.flatnonzero(pool.members(sides.requesters, scene.kind.requester_role)).tolist()
        rows = sorted(everybody, key=pool.tables[sides.requesters].ids.__getitem__)
    else:
        rows = [pool.requester_row(external, scene.kind) for external in dict.fromkeys(people)]
    chosen = method or default_method(scene)
    offered = gather_offered(scene, rows)
    ordered = _ordered(scene, offered, chosen, k)
    best = offered.taken(ordered.last, k)
    told = _moved(offered, ordered, best)
    if sides.requesters == sides.candidates and chosen + _variety(scene) != "plain":
        best = [_lifted(offered, ordered, own) for own in best]
    suggestions = _presented(scene, present, offered, best, viewer)
    ids = pool.tables[sides.requesters].ids
    lists = {
        ids[row]: tuple(
            each.model_copy(update={"moved": _(told[int(pair)])}) if int(pair) in told else each
            for each, pair in zip(of_row, own, strict=True)
        )
        for row, own, of_row in zip(offered.requesters.tolist(), best, suggestions, strict=True)
    }
    told_of = report_on(scene, offered, (chosen, k), (ordered.plain, best), (ordered.kept, len(told)))
    return Shortlists(kind=scene.kind.name, lists={ids[row]: lists[ids[row]] for row in rows}, exposure=told_of)


def _variety(scene: Scene) -> str:
    """Names what is configured beside a method; empty for nothing."""
    config = scene.kind.config.exposure
    return " mmr" * (config.mmr < 1) + " calibration" * (config.calibration < 1)


def _ordered(scene: Scene, offered: Offered, method: ExposureMethod, k: int) -> _Ordered:
    """Rank all pairs, step by step."""
    config, market = scene.kind.config.exposure, offered.market
    discreet = scene.kind.sides.requesters == scene.kind.sides.candidates
    value = market.score if discreet else market.score + offered.lift
    none = np.zeros(0, np.int64)
    if method + _variety(scene) == "plain":
        plain = offered.suggested_ranks(discreet)
        return _Ordered(value, plain, dict.fromkeys(_STAGES, plain), Bounded(none, none, none))
    plain = offered.ranks(value)
    key = value - _prices(scene, offered, method, k)
    steps = {"exposure": offered.ranks(key)}
    steps["variety"] = steps["goals"] = varied(scene, offered, steps["exposure"], key, k)
    if config.calibration < 1:
        steps["variety"] = steps["exposure"]
    steps["bounds"], kept = steps["goals"], Bounded(none, none, none)
    if method != "plain":
        wanted = np.where(offered.informed, key, key - 1)
        shown = np.flatnonzero(steps["goals"] <= k)
        kept = bounded(market, wanted, shown, k, least=config.least, most=config.most)
        steps["bounds"] = _again(offered, steps["goals"], kept.chosen)
    return _Ordered(key, plain, steps, kept)


def _prices(scene: Scene, offered: Offered, method: ExposureMethod, k: int) -> FloatArray:
    """What is taken off the score of each pair to rank it, float64 (A,)."""
    config, market = scene.kind.config.exposure, offered.market
    if method == "plain" or not len(market):
        return np.zeros(len(market))
    asked = offered.demand(k)
    if method == "priced":
        return prices(asked, temperature=config.temperature)[market.candidate]
    price: FloatArray = -config.beta * equilibrium(asked, beta=config.beta).log_unused[market.candidate]
    return price


def _again(offered: Offered, ranks: IntArray, chosen: IntArray) -> IntArray:
    """Places where the chosen pairs come first, otherwise in the order they had; nobody else is in a list."""
    out = np.full(len(ranks), np.iinfo(np.int64).max)
    order = chosen[np.lexsort((ranks[chosen], offered.market.requester[chosen]))]
    asking = offered.market.requester[order]
    firsts = np.searchsorted(asking, asking)
    out[order] = np.arange(len(order)) - firsts + 1
    return out


def _moved(offered: Offered, ordered: _Ordered, best: list[IntArray]) -> dict[int, str]:
    """Why each item that stands far from its plain place does so, by position of its pair; lifts are not looked at."""
    found: dict[int, str] = {}
    for pair in np.concatenate([np.zeros(0, np.int64), *best]).tolist():
        places = [int(ordered.plain[pair]), *(int(ordered.steps[name][pair]) for name in _STAGES)]
        risen = places[0] - places[-1]
        if abs(risen) > _FAR:
            steps = [(a - b) * (1 if risen > 0 else -1) for a, b in pairwise(places)]
            found[pair] = _WHY[_STAGES[int(np.argmax(steps))], risen > 0]
    return found


def _lifted(offered: Offered, ordered: _Ordered, own: IntArray) -> IntArray:
    """Let lifts order the first five of a list among themselves; the list holds the same people with and without."""
    first = own[:LIFTED]
    if not offered.lift[first].any():
        return own
    key = np.round(ordered.key[first] + offered.lift[first], 4)
    order = np.lexsort((ordered.last[first], -key, ~offered.informed[first]))
    return np.concatenate([first[order], own[LIFTED:]])


def _presented(
    scene: Scene, present: Present, offered: Offered, best: list[IntArray], viewer: Viewer
) -> list[list[Suggestion]]:
    """Turn the chosen pairs into suggestions, some requesters at a time."""
    out: list[list[Suggestion]] = []
    for start in range(0, len(best), _BATCH):
        some = best[start : start + _BATCH]
        chosen = np.concatenate([np.zeros(0, np.int64), *some])
        if not len(chosen):
            out += [[] for _own in some]
            continue
        batch: PairBatch = offered.batch.take(chosen)
        raw, table = scene.table(batch)
        cuts = np.cumsum([len(own) for own in some])[:-1]
        out += present(scene, Ranked(list(np.split(np.arange(len(chosen)), cuts)), batch, table, raw.scored), viewer)
    return out
