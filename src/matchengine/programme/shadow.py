"""What would help a programme most: decide again with one more place, or one more candidate (domain.md E, I2).

Somebody who is not there yet is a real record in a copy of the pool, so that every rule and every scorer speaks about
them as about anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice, product
from typing import TypeVar, get_args

import numpy as np

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.batch import IntArray
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.planning.assign.shadow import Rise, full, one_more_seat
from matchengine.pool.pool import Pool
from matchengine.programme.pairs import is_mutual
from matchengine.programme.problem import Demands, Task, make_task
from matchengine.programme.solve import Order, compare, run_assigner
from matchengine.readiness.balance import languages, slots
from matchengine.readiness.market import Market
from matchengine.readiness.themes import typical_needs
from matchengine.readiness.words import PARTS, WEEKDAYS, language_label
from matchengine.records import Balance, Group, Person
from matchengine.records import vocabulary as v
from matchengine.records.group import Schedule
from matchengine.records.person import Availability, LanguageAbility, SkillOffer, Vetting
from matchengine.records.shadow import NewcomerPrice, SeatPrice, ShadowPrices
from matchengine.registry import Registry
from matchengine.scene import Scene

__all__ = ["shadow_prices"]

_MODES: tuple[v.Mode, ...] = get_args(v.Mode)
_TOGETHER = 3
"""Best skills, languages and hours that are told, and tried in combination."""
_NAME = "~new-{n}"
Price = TypeVar("Price", SeatPrice, NewcomerPrice)
_LITTLE = 0.005
"""Points below which a rise of the sum is none."""


@dataclass(frozen=True)
class _Newcomer:
    """Properties of a candidate who is not there yet; None where nothing is assumed."""

    skill: int | None = None
    language: str | None = None
    slot: str | None = None


def shadow_prices(
    scene: Scene, copy: Callable[[], Pool], registry: Registry, order: Order, *, most: int = 8
) -> ShadowPrices:
    """Decide again for each variant and say what it brings.

    Parameters
    ----------
    scene : Scene
    copy : callable
        Makes a pool with the same data, to which candidates who are not there yet are added.
    most : int
        So many skills, languages and hours are tried, those most asked for first, and so many of each list are told.

    Raises
    ------
    DataError
        When `most` is below 1.
    ConfigError
        For kinds without a side that gives: one more person both asks and gives there.
    """
    if most < 1:
        raise DataError(_("most is {n}, expected at least 1", n=most))
    if is_mutual(scene):
        told = N_("kind {kind!r} has no side that gives: whoever joins asks as well; choose a kind with two roles")
        raise ConfigError(_(told, kind=scene.kind.name))
    task = _task(scene, order)
    solve = _solver(registry, order, task)
    now = solve(task.problem)
    asking = task.problem.requester_most > 0
    left = np.setdiff1d(np.flatnonzero(asking), task.problem.requester[now.chosen])
    rows = full(task.problem, now)
    seats = [
        SeatPrice(candidate_id=task.candidate_ids[row], served=rise.served, points=_points(rise))
        for row, rise in zip(rows.tolist(), one_more_seat(task.problem, rows, solve), strict=True)
    ]
    alone, combined = [], []
    if scene.kind.sides.candidates in ("people", "groups"):
        variants = _Variants(scene, task.pairs.requesters[left], most)
        alone = variants.tried(variants.alone(), copy, registry, order)
        combined = variants.tried(variants.together(alone), copy, registry, order)
    rises = [price.served for price in seats] + [price.served for _of, price in (*alone, *combined)]
    more = max(rises, default=0) > 0
    newcomers = [
        price
        for name in ("skill", "language", "slot")
        for price in _first([told for of, told in alone if getattr(of, name) is not None], _TOGETHER, more=more)
    ]
    together = _first([price for _of, price in combined], most, more=more)
    return ShadowPrices(
        kind=scene.kind.name,
        method=order.method,
        requesters=int(asking.sum()),
        served=int(asking.sum()) - len(left),
        seats=_first(seats, most, more=more),
        newcomers=tuple(newcomers),
        together=together,
        summary=tuple(_sentences(int(asking.sum()), len(left), [*newcomers, *together] if more else [])),
        by="served" if more else "points",
    )


def _first(prices: Sequence[Price], most: int, *, more: bool) -> tuple[Price, ...]:
    """The most helpful of some prices: by people served where anything serves `more` of them, else by points."""
    helpful = [price for price in prices if price.served > 0 or (price.served == 0 and price.points > _LITTLE)]
    if more:
        helpful.sort(key=lambda price: (-price.served, -price.points))
    else:
        helpful.sort(key=lambda price: -price.points)
    return tuple(helpful[:most])


def _task(scene: Scene, order: Order) -> Task:
    return make_task(scene, compare(scene, Demands(), order), Demands(), order.seed)


def _solver(registry: Registry, order: Order, task: Task) -> Callable[[AssignmentProblem], Assignment]:
    return lambda problem: run_assigner(registry, order, replace(task, problem=problem))


def _points(rise: Rise) -> float:
    return round(100 * rise.best, 1)


class _Variants:
    """Candidates who are not there yet: which ones are worth a try, and what each would bring."""

    def __init__(self, scene: Scene, left: IntArray, most: int) -> None:
        """Take what those who are `left` without anybody look for first, then what everybody does."""
        self.scene = scene
        market = Market.of(scene.pool, scene.kind, scene.config)
        markets = [replace(market, requesters=left), market] if len(left) else [market]
        themes = [theme for each in markets for theme in typical_needs(each, most)]
        self.themes = list({theme.text: theme for theme in themes}.values())[:most]
        self.languages = list(_wanted([languages(each) for each in markets], most))
        self.slots = _wanted([slots(each) for each in markets], most)

    def alone(self) -> list[_Newcomer]:
        """Every property by itself."""
        made = [_Newcomer(skill=number) for number in range(len(self.themes))]
        return made + [_Newcomer(language=tag) for tag in self.languages] + [_Newcomer(slot=key) for key in self.slots]

    def together(self, alone: Sequence[tuple[_Newcomer, NewcomerPrice]]) -> list[_Newcomer]:
        """The best of each property combined."""
        best = sorted(alone, key=lambda each: (-each[1].served, -each[1].points))
        skills, tags, keys = (
            list(islice((getattr(of, name) for of, _price in best if getattr(of, name) is not None), _TOGETHER))
            for name in ("skill", "language", "slot")
        )
        return [_Newcomer(*chosen) for chosen in product(skills, tags, keys)]

    def tried(
        self, newcomers: Sequence[_Newcomer], copy: Callable[[], Pool], registry: Registry, order: Order
    ) -> list[tuple[_Newcomer, NewcomerPrice]]:
        """What each of some newcomers would bring if only that one came."""
        if not newcomers:
            return []
        pool = copy()
        names = [_NAME.format(n=n) for n in range(len(newcomers))]
        for name, newcomer in zip(names, newcomers, strict=True):
            pool.upsert(self._record(name, newcomer))
        scene = replace(self.scene, pool=pool)
        task = _task(scene, order)
        at = np.array([task.candidate_at[name] for name in names], np.int64)
        closed = task.problem.candidate_most.copy()
        closed[at] = 0
        problem = replace(task.problem, candidate_most=closed)
        rises = one_more_seat(problem, at, _solver(registry, order, task))
        return [(of, self._price(of, rise)) for of, rise in zip(newcomers, rises, strict=True)]

    def _record(self, name: str, newcomer: _Newcomer) -> Person | Group:
        theme = None if newcomer.skill is None else self.themes[newcomer.skill]
        spoken = () if newcomer.language is None else (LanguageAbility(tag=newcomer.language, level="native"),)
        free = () if newcomer.slot is None else (self._hours(newcomer.slot),)
        if self.scene.kind.sides.candidates == "groups":
            return Group(
                id=name,
                title=name,
                kind=(self.scene.kind.config.only or ("informal",))[0],
                topics=() if theme is None else (theme.text,),
                text_language=None if theme is None else theme.language,
                languages=spoken,
                schedule=Schedule(slots=free) if free else None,
                size_now=0,
                size_max=1,
                modes=_MODES,
            )
        role = self.scene.kind.config.candidate
        return Person(
            id=name,
            roles=() if role == "anyone" else (role,),
            capacity={} if role == "anyone" else {role: 1},
            offers=() if theme is None else (SkillOffer(text=theme.text, language=theme.language),),
            languages=spoken,
            availability=free,
            modes=_MODES,
            adult=True,
            vetting=Vetting(status="vetted"),
        )

    def _hours(self, slot: str) -> Availability:
        """The six hours of a part of the day, every week, on the clock of the programme."""
        day, _dash, part = slot.partition("-")
        first = self.scene.pool.shared.calendar.first_day
        start = first + timedelta(days=(WEEKDAYS.index(day) - first.weekday()) % 7)
        hours = 24 // len(PARTS)
        return Availability(
            start=datetime.combine(start, time(hours * PARTS.index(part))),
            duration_minutes=60 * hours,
            time_zone=self.scene.config.programme.time_zone,
            rrule="FREQ=WEEKLY",
        )

    def _price(self, newcomer: _Newcomer, rise: Rise) -> NewcomerPrice:
        skill = None
        if newcomer.skill is not None:
            label = self.themes[newcomer.skill].label
            skill = label or _("need {n}, which you may not read", n=newcomer.skill + 1)
        said = []
        if skill is not None:
            said.append(_("helps with “{skill}”", skill=skill))
        if newcomer.language is not None:
            said.append(_("speaks {language}", language=language_label(newcomer.language)))
        if newcomer.slot is not None:
            said.append(_("is free on {slot}", slot=self.slots[newcomer.slot]))
        return NewcomerPrice(
            skill=skill,
            language=newcomer.language,
            slot=newcomer.slot,
            text=listing(said),
            served=rise.served,
            points=_points(rise),
        )


def _wanted(balances: Sequence[Sequence[Balance]], most: int) -> dict[str, str]:
    """Keys and labels of what most people look for, by one market after the other."""
    ordered = (sorted(of_market, key=lambda balance: -balance.demand) for of_market in balances)
    found = {balance.key: balance.label for of_market in ordered for balance in of_market if balance.demand}
    return dict(islice(found.items(), most))


def _sentences(asking: int, left: int, best: Sequence[NewcomerPrice]) -> Iterator[str]:
    yield _("{served} of {asking} people who look have somebody in the draft.", served=asking - left, asking=asking)
    if not best:
        yield _("Nothing tried here would serve more people; what follows would raise scores.")
        return
    top = max(best, key=lambda price: (price.served, price.points))
    yield ngettext(
        "One more who {text} would serve {n} more person.",
        "One more who {text} would serve {n} more people.",
        top.served,
        text=top.text,
    )
