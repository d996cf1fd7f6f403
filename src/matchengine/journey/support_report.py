"""Which supports would open which gatherings to how many people (domain.md I1, over everybody)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch
from matchengine.errors import DataError
from matchengine.i18n import _, ngettext
from matchengine.journey.prescriptions import REACHABLE, Arrangements, named, refuse_without_supports, titles
from matchengine.journey.welcome import welcomes
from matchengine.matching.combine import block_values
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import FEASIBLE, feasible
from matchengine.matching.score import score
from matchengine.planning.prescription import prescribe_all, reached
from matchengine.records.supports import GatheringSupports, SupportFix, SupportReport
from matchengine.scene import Scene
from matchengine.scorers.reach import supports_at_hand

__all__ = ["LEAST", "support_report"]

LEAST = 5
"""Fewest people who are counted.

Coordinators may see needs (domain.md B4), but these counts are made to be passed on to organisers and funders, who may
not, and who know the people: one person with a need would be recognised.
"""
_OPENED_BY_SUPPORTS = "reachable"
_TOLD = 10
"""Most sets of several supports that are told of one gathering; single ones are always told."""


class _Waiting(NamedTuple):
    """People (rows) who state barriers, those barriers (R, 14), and whom no other rule keeps from each candidate."""

    rows: IntArray
    barriers: FloatArray
    open: BoolArray


def support_report(
    scene: Scene,
    *,
    candidate_id: str | None = None,
    target: float = REACHABLE,
    least: int = LEAST,
    arrangements: Arrangements | None = None,
) -> SupportReport:
    """Return for each gathering of a kind which supports would open it to how many people, and at what cost.

    Counted are people who ask for this kind, whom no other rule and no lack of common time, language or nearness keeps
    away, and who do not reach the target. Each support is looked at alone, and so is the cheapest set of every such
    person. A set is told where it opens the gathering to at least `least` people more than any part of it does, so that
    no difference of two counts tells of a few; where nothing could be told, the cheapest set is.

    Parameters
    ----------
    candidate_id
        Look at this gathering alone.
    target
        Reach from which a gathering counts as reachable, 0 to 1.
    least
        Fewest people who are counted.

    Raises
    ------
    DataError
        Where the kind suggests people or resources, or a number is out of its range.
    UnknownIdError
        Where nobody knows the gathering.
    """
    refuse_without_supports(scene)
    if least < 1:
        raise DataError(_("least is {least}, expected at least 1", least=least))
    if not 0 <= target <= 1:
        raise DataError(_("target is {target}, expected 0 to 1", target=target))
    chosen = None if candidate_id is None else scene.candidate_row(candidate_id)
    waiting = _waiting(scene)
    costs, effects = (arrangements or Arrangements()).arrays()
    found = []
    for row in np.flatnonzero(waiting.open.any(axis=0)).tolist() if chosen is None else [chosen]:
        people = waiting.open[:, row]
        fixes, count = _fixes(scene, row, waiting.barriers[people], costs, effects, target, least)
        if count:
            table = scene.kind.sides.candidates
            external = scene.pool.tables[table].ids[row]
            title = scene.pool.cards[table][external].title
            told = tuple(_told(fix, title, least) for fix in fixes)
            shown = _told_count(count, told, least)
            found.append(GatheringSupports(candidate_id=external, title=title, waiting=shown, fixes=told))
    order = sorted(found, key=lambda one: (-_most(one), -(one.waiting or 0), one.candidate_id))
    welcome = welcomes(scene, candidate_id)[0] if candidate_id is not None else None
    return SupportReport(kind=scene.kind.name, target=target, least=least, gatherings=tuple(order), welcome=welcome)


def _told_count(count: int, fixes: tuple[SupportFix, ...], least: int) -> int | None:
    """How many wait, unless they, or those of them whom a fix does not reach, are too few to be counted."""
    left = [count - fix.opens for fix in fixes if fix.opens is not None]
    return None if any(0 < few < least for few in (count, *left)) else count


def _most(one: GatheringSupports) -> int:
    return max((fix.opens or 0 for fix in one.fixes), default=0)


def _waiting(scene: Scene) -> _Waiting:
    """Everybody who asks and states a barrier, with the candidates that all other rules allow."""
    sides = scene.kind.sides
    others = [c for c in scene.kind.constraints if c.spec.name != _OPENED_BY_SUPPORTS]
    asking = np.flatnonzero(scene.pool.members(sides.requesters, scene.kind.requester_role))
    barriers = scene.pool.tables[sides.requesters].column("barriers")
    rows = asking[(np.nan_to_num(barriers[asking]) > 0).any(axis=1)]
    block = scene.kind.without_texts(FEASIBLE)
    is_open = np.zeros((len(rows), len(scene.pool.tables[sides.candidates])), np.bool_)
    for position, row in enumerate(rows.tolist()):
        among = np.flatnonzero(allowed(others, *scene.everybody(row)))
        if block.scorers and len(among):
            raw = score(block, scene.inputs(PairBatch.one_to_many(row, among)))
            among = among[feasible(block_values(block, raw.values, raw.confidences)[0])]
        is_open[position, among] = True
    return _Waiting(rows, barriers[rows].astype(np.float64), is_open)


class _Counted(NamedTuple):
    """A set of supports, its cost, how many people it opens to, those nobody said anything about, and it as bits."""

    supports: tuple[int, ...]
    cost: float
    opens: int
    unknown: tuple[int, ...]
    mask: int


def _fixes(
    scene: Scene, row: int, barriers: FloatArray, costs: FloatArray, effects: FloatArray, target: float, least: int
) -> tuple[list[_Counted], int]:
    """What would open one candidate to people with these barriers (R, 14), and how many do not reach the target."""
    table = scene.kind.sides.candidates
    stated = scene.pool.tables[table].column("supports")[row].astype(np.float64)
    usual = scene.pool.derived.usual_supports(table)[row].astype(np.float64)
    kinds, people = np.unique(np.nan_to_num(barriers), axis=0, return_counts=True)
    at_hand = supports_at_hand(kinds, np.broadcast_to(stated, kinds.shape), np.broadcast_to(usual, kinds.shape))
    below = ~reached(kinds, at_hand, effects, [()], target)[:, 0]
    kinds, people, at_hand = kinds[below], people[below], at_hand[below]
    cheapest = [fix.supports for fix in prescribe_all(kinds, at_hand, costs, effects, target) if fix is not None]
    alone = [(kind,) for kind in np.flatnonzero((kinds > 0).any(axis=0)).tolist()]
    sets = list(dict.fromkeys([*alone, *cheapest]))
    opens = people @ reached(kinds, at_hand, effects, sets, target)
    counted = [
        _Counted(
            supports,
            float(costs[list(supports)].sum()),
            count,
            tuple(kind for kind in supports if np.isnan(stated[kind])),
            sum(1 << kind for kind in supports),
        )
        for supports, count in zip(sets, opens.tolist(), strict=True)
    ]
    return _worth_telling(counted, least), int(people.sum())


def _worth_telling(counted: list[_Counted], least: int) -> list[_Counted]:
    """Single supports that open to anybody, sets that open to enough more people than their parts, or the cheapest."""
    opening = sorted((one for one in counted if one.opens), key=lambda one: (len(one.supports), one.supports))
    told: list[_Counted] = []
    for one in opening:
        if len(one.supports) == 1:
            told.append(one)
        elif one.opens >= least:
            parts = max((each.opens for each in told if each.mask & one.mask == each.mask), default=0)
            told += [one] if one.opens - _coarse(parts, least) >= least else []
    told = told or sorted(opening, key=lambda one: (one.cost, len(one.supports), one.supports))[:1]
    order = sorted(told, key=lambda one: (-_coarse(one.opens, least), one.cost, len(one.supports), one.supports))
    together = [one for one in order if len(one.supports) > 1][:_TOLD]
    return [one for one in order if len(one.supports) == 1 or one in together]


def _coarse(opens: int, least: int) -> int:
    """A count as it is told: fewer than `least` are alike."""
    return opens if opens >= least else 0


def _told(fix: _Counted, title: str, least: int) -> SupportFix:
    supports = named(fix.supports)
    opens = fix.opens if fix.opens >= least else None
    what = titles(supports)
    if opens is None:
        text = _("“{title}” with {what}: open to fewer than {least} more people.", title=title, what=what, least=least)
    else:
        text = ngettext(
            "“{title}” with {what}: open to {n} more person.",
            "“{title}” with {what}: open to {n} more people.",
            opens,
            title=title,
            what=what,
        )
    return SupportFix(supports=supports, cost=fix.cost, opens=opens, ask_first=named(fix.unknown), text=text)
