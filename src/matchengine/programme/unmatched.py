"""Who has nobody in a plan, what decided that, who would come closest, and what would have to change (domain.md E)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch
from matchengine.contrast.pair import hardly_meet
from matchengine.i18n import Plural, _, fill, form, ngettext
from matchengine.matching.constrain import passes
from matchengine.programme.identity_caps import closed_by_caps
from matchengine.programme.obstacles import in_the_way, not_available
from matchengine.programme.pairs import matched_before
from matchengine.programme.problem import Task
from matchengine.readiness.changes import stuck
from matchengine.readiness.market import Market
from matchengine.readiness.verdicts import WITHHELD, judge
from matchengine.records import Change, Obstacle, Stuck
from matchengine.records.plan import NearOption, Side, Unmatched
from matchengine.scene import Scene

__all__ = ["unmatched"]

_NEAREST = 2
_FULL, _LOCKED, _OTHERS, _FLOOR, _FORBIDDEN, _GONE, _METHOD = (
    "full", "locked_elsewhere", "outcompeted", "below_floor", "forbidden", "left_out", "not_chosen",
)  # fmt: skip
_SECRET, _SERVED = "not_available", "has_somebody"
_CLOSED = (_SECRET, _FORBIDDEN, _GONE)
"""Causes for which no pair is named as nearly possible."""
_REASONS = {
    _FULL: Plural("{n} eligible candidate has no place left.", "{n} eligible candidates have no place left.", "n"),
    _OTHERS: Plural(
        "{n} eligible candidate gave every place to pairs with at least as many points.",
        "{n} eligible candidates gave every place to pairs with at least as many points.",
        "n",
    ),
    _LOCKED: Plural(
        "A coordinator gave every place of {n} eligible candidate to others.",
        "A coordinator gave every place of {n} eligible candidates to others.",
        "n",
    ),
    _FLOOR: Plural("{n} eligible candidate is below the floor.", "{n} eligible candidates are below the floor.", "n"),
    _FORBIDDEN: Plural(
        "A coordinator forbade {n} eligible candidate.", "A coordinator forbade {n} eligible candidates.", "n"
    ),
    _GONE: Plural("{n} eligible candidate no longer takes part.", "{n} eligible candidates no longer take part.", "n"),
    _METHOD: Plural(
        "{n} eligible candidate has a place, but the method or another demand left the pair out.",
        "{n} eligible candidates have places, but the method or another demand left the pairs out.",
        "n",
    ),
}
_REASONS_OF_CANDIDATES = {
    _SERVED: Plural(
        "{n} person who could have been assigned to them has somebody else.",
        "{n} people who could have been assigned to them have somebody else.",
        "n",
    ),
    _FLOOR: Plural("{n} person is below the floor.", "{n} people are below the floor.", "n"),
    _FORBIDDEN: Plural("A coordinator forbade {n} person.", "A coordinator forbade {n} people.", "n"),
    _METHOD: Plural(
        "{n} person has nobody either, but the method or another demand left the pair out.",
        "{n} people have nobody either, but the method or another demand left the pairs out.",
        "n",
    ),
}


def unmatched(scene: Scene, task: Task, chosen: IntArray) -> tuple[Unmatched, ...]:
    """Return everybody with a place to fill and nobody in it: those who look first, then those who give.

    Nothing that a personal rule or a veto decided is told apart, and no pair that one forbids is named.

    Parameters
    ----------
    chosen : int64 array (K,)
        Positions of the pairs of the plan.
    """
    state = _State(scene, task, chosen)
    asking = np.flatnonzero((state.asking == 0) & (task.places.requester > 0) & ~state.out("requester"))
    helpless = state.stuck(asking[task.every.eligible[asking] == 0])
    found = [state.of_requester(int(who), helpless.get(int(who))) for who in asking]
    if not task.mutual:
        giving = np.flatnonzero((state.giving == 0) & (task.places.candidate > 0) & ~state.out("candidate"))
        found += [state.of_candidate(int(who)) for who in giving]
    return tuple(found)


@dataclass(frozen=True)
class _State:
    """A plan and everything that could have been in it; why a pair is not in it is worked out for all at once."""

    scene: Scene
    task: Task
    chosen: IntArray

    @cached_property
    def _loads(self) -> tuple[IntArray, IntArray]:
        asking, giving = self.task.problem.loads(self.chosen)
        return (asking + giving, asking + giving) if self.task.mutual else (asking, giving)

    @property
    def asking(self) -> IntArray:
        """Pairs of each requester."""
        return self._loads[0]

    @property
    def giving(self) -> IntArray:
        """Pairs of each candidate."""
        return self._loads[1]

    def out(self, side: Side) -> BoolArray:
        """Who dropped out."""
        ids = self.task.requester_ids if side == "requester" else self.task.candidate_ids
        return np.array([external in self.task.demands.left_out for external in ids], np.bool_)

    def stuck(self, who: IntArray) -> dict[int, Stuck]:
        """What the readiness check says of requesters whom rules leave nobody, by position."""
        if not len(who):
            return {}
        market = Market.of(self.scene.pool, self.scene.kind, self.scene.config)
        some = replace(market, requesters=market.requesters[who])
        told = {each.person_id: each for each in stuck(some, judge(some, self.scene.inputs))}
        ids = self.task.requester_ids
        return {int(n): told[ids[n]] for n in who if ids[n] in told}

    @cached_property
    def _outside(self) -> tuple[BoolArray, BoolArray, BoolArray]:
        """Of all pairs: those that a person closed, that a coordinator forbade, and that are not in the problem.

        A person closes a pair by a veto, or by a cap that the plan reaches.
        """
        task, every = self.task, self.task.every
        vetoed, forbidden = np.zeros((2, len(every)), np.bool_)
        for marks, pairs in ((vetoed, task.demands.vetoed), (forbidden, task.demands.must_not)):
            for pair in pairs:
                for one, other in (pair, pair[::-1]):
                    asking, asked = task.requester_at.get(one), task.candidate_at.get(other)
                    at = None if asking is None or asked is None else every.position(asking, asked)
                    if at is not None:
                        marks[at] = True
        vetoed |= np.isin(every.keys, task.pairs.keys[closed_by_caps(task.problem, self.chosen)])
        return vetoed, forbidden, ~np.isin(every.keys, task.pairs.keys)

    @cached_property
    def _taken_by(self) -> tuple[BoolArray, FloatArray]:
        """Of each candidate: whether people gave every place away, and the fewest points of a chosen pair."""
        pairs, size = self.task.pairs, len(self.task.candidate_ids)
        given, fewest = np.zeros(size, np.int64), np.full(size, np.inf)
        for side in (pairs.candidate, pairs.requester) if self.task.mutual else (pairs.candidate,):
            given += np.bincount(side[self.chosen], self.task.problem.must[self.chosen], size).astype(np.int64)
            np.minimum.at(fewest, side[self.chosen], pairs.points[self.chosen])
        return given >= self.giving, fewest

    def _causes(self, who: int, at: IntArray) -> list[str]:
        """Why some pairs of a requester without anybody, which rules allow, are not in the plan."""
        task, points = self.task, self.task.every.points[at]
        vetoed, forbidden, outside = (marks[at] for marks in self._outside)
        other = self._others(who, at)
        given, fewest = self._taken_by
        found = np.where(fewest[other] >= points, _OTHERS, _FULL)
        found = np.where(given[other], _LOCKED, found)
        found = np.where(self.giving[other] < task.places.candidate[other], _METHOD, found)
        low = points < self.scene.kind.config.assign.floor
        found = np.where(outside, np.where(low, _FLOOR, _METHOD), found)
        found = np.where(forbidden, _FORBIDDEN, found)
        found = np.where(self.out("candidate")[other], _GONE, found)
        told: list[str] = np.where(vetoed, _SECRET, found).tolist()
        return told

    def _others(self, who: int, at: IntArray) -> IntArray:
        """The other side of pairs of everybody; in kinds without a direction that may be their requester."""
        every = self.task.every
        turned = every.candidate[at] == who if self.task.mutual else np.zeros(len(at), np.bool_)
        return np.where(turned, every.requester[at], every.candidate[at])

    @cached_property
    def _by_candidate(self) -> tuple[IntArray, IntArray]:
        """All pairs by candidate, and where those of each begin and end."""
        order = np.argsort(self.task.every.candidate, kind="stable")
        size = len(self.task.candidate_ids)
        return order, np.searchsorted(self.task.every.candidate[order], np.arange(size + 1))

    def _of_candidate(self, who: int) -> IntArray:
        order, starts = self._by_candidate
        return order[starts[who] : starts[who + 1]]

    # ------------------------------------------------------------------ those who look

    def of_requester(self, who: int, helpless: Stuck | None) -> Unmatched:
        """Say why a requester has nobody."""
        ids, options = self.task.requester_ids, self._options(who)
        person = {"person_id": ids[who], "side": "requester"}
        if helpless is not None:
            near = self._beyond_rules(who, _NEAREST)
            if any(each.rule in WITHHELD for each in helpless.why):
                return Unmatched(**person, why=(not_available(),), nearest=near)
            return Unmatched(**person, why=helpless.why, changes=helpless.changes, nearest=near)
        causes = self._causes(who, options)
        why = self._why(who, causes)
        near = self._near(who, options, causes)
        if len(near) < _NEAREST:
            near += self._beyond_rules(who, _NEAREST - len(near))
        return Unmatched(
            **person, why=tuple(why), nearest=tuple(near), changes=tuple(self._changes(who, options, causes))
        )

    def _options(self, who: int) -> IntArray:
        """Positions among all pairs of a requester, best first by points, pairs too little known of last."""
        every = self.task.every
        a, b = np.searchsorted(every.requester, (who, who + 1))
        at = np.arange(a, b)
        if self.task.mutual:
            at = np.union1d(at, self._of_candidate(who))
        draw = self.task.problem.candidate_lottery[self._others(who, at)]
        found: IntArray = at[np.lexsort((draw, -every.base[at], ~every.informed[at]))]
        return found

    def _why(self, who: int, causes: list[str]) -> Iterator[Obstacle]:
        counts = Counter(causes)
        told = 0
        for cause, said in _REASONS.items():
            if counts[cause]:
                told += 1
                yield Obstacle(rule=cause, text=fill(form(said, counts[cause]), {"n": counts[cause]}))
        if not told and counts[_SECRET]:
            yield not_available()
        elif not told:
            row = int(self.task.every.requesters[who])
            known = matched_before(self.scene, self.task.requester_ids[who]) & set(self.task.candidate_ids)
            if known and not self.task.every.eligible[who]:
                text = _("Everybody whom rules allow was matched with them before.")
                yield Obstacle(rule="matched_before", text=text)
            elif len(self.scene.eligible(row)):
                yield hardly_meet()
            else:
                yield not_available()

    def _near(self, who: int, options: IntArray, causes: list[str]) -> list[NearOption]:
        """The best pairs that could have been, with what stands in their way."""
        found: list[NearOption] = []
        others = self._others(who, options).tolist()
        for at, other, cause in zip(options.tolist(), others, causes, strict=True):
            if len(found) == _NEAREST:
                break
            if cause in _CLOSED:
                continue
            points = float(np.round(100 * self.task.every.base[at], 2))
            way = Obstacle(rule=cause, text=self._said(cause, other))
            found.append(NearOption(other_id=self.task.candidate_ids[other], score=points, in_the_way=(way,)))
        return found

    def _said(self, cause: str, other: int) -> str:
        places = int(self.task.places.candidate[other])
        if cause == _FLOOR:
            told = _("It is below the floor of {floor:g} points.", floor=self.scene.kind.config.assign.floor)
        elif cause == _LOCKED:
            told = _("A coordinator gave every place there to others.")
        elif cause == _OTHERS:
            told = ngettext(
                "The one place there went to a pair with at least as many points.",
                "All {n} places there went to pairs with at least as many points.",
                places,
            )
        elif cause == _FULL:
            told = ngettext(
                "The one place there is taken, so that others have somebody too.",
                "All {n} places there are taken, so that others have somebody too.",
                places,
            )
        else:
            told = _("A place is free there, but the method or another demand left the pair out.")
        return told

    def _changes(self, who: int, options: IntArray, causes: list[str]) -> Iterator[Change]:
        """What would be enough, each alone."""
        names = [self.task.candidate_ids[n] for n in self._others(who, options).tolist()]
        full = [name for name, cause in zip(names, causes, strict=True) if cause in (_FULL, _OTHERS, _LOCKED)]
        if full:
            text = _("One more free place with {id} would be enough.", id=full[0])
            yield Change(about=("capacity",), text=text)
        if set(causes) <= {_FLOOR, *_CLOSED} and _FLOOR in causes:
            points = 100 * float(self.task.every.base[options[causes.index(_FLOOR)]])
            text = _("A floor of {points:.1f} points or less would be enough.", points=np.floor(10 * points) / 10)
            yield Change(about=("floor",), text=text)
        if _FORBIDDEN in causes and set(causes) <= {*_CLOSED}:
            text = _("Releasing the pair with {id} would be enough.", id=names[causes.index(_FORBIDDEN)])
            yield Change(about=("forbidden",), text=text)

    def _beyond_rules(self, who: int, most: int) -> list[NearOption]:
        """Candidates whom the fewest rules forbid, none of them personal; what stands in the way is told in words."""
        scene, every, ids = self.scene, self.task.every, self.task.candidate_ids
        row, asking = int(every.requesters[who]), self.task.requester_ids[who]
        by_row = np.argsort(every.candidates)  # a batch of everybody is read in the order of rows
        inputs = scene.inputs(PairBatch.one_to_many(row, every.candidates[by_row]))
        broken, named = np.zeros(len(ids), np.int64), np.ones(len(ids), np.bool_)
        for rule in scene.kind.constraints:
            met = np.empty(len(ids), np.bool_)
            met[by_row] = passes(rule, inputs)
            broken += ~met
            if rule.spec.personal or "coordinator" not in rule.spec.told_to:
                named &= met
        found: list[NearOption] = []
        for n in np.lexsort((self.task.problem.candidate_lottery, broken)).tolist():
            pair = asking, ids[n]
            secret = self.task.demands.vetoes(pair) or self.task.demands.forbids(pair)
            if len(found) < most and named[n] and broken[n] and ids[n] != asking and not secret:
                way = in_the_way(scene, row, int(every.candidates[n]))
                found.append(NearOption(other_id=ids[n], in_the_way=tuple(way)))
        return found

    # ------------------------------------------------------------------ those who give

    def of_candidate(self, who: int) -> Unmatched:
        """Say why a candidate with a free place has nobody."""
        every, task = self.task.every, self.task
        at = self._of_candidate(who)
        at = at[np.lexsort((task.problem.requester_lottery[every.requester[at]], -every.base[at], ~every.informed[at]))]
        causes = self._causes_of_theirs(at)
        counts = Counter(causes)
        why: list[Obstacle] = []
        for cause, said in _REASONS_OF_CANDIDATES.items():
            if counts[cause]:
                why.append(Obstacle(rule=cause, text=fill(form(said, counts[cause]), {"n": counts[cause]})))
        if not why:
            why = [Obstacle(rule="nobody", text=_("The rules leave nobody who looks for them."))]
        named = [n for n, cause in enumerate(causes) if cause not in (_SECRET, _FORBIDDEN)][:_NEAREST]
        near = [
            NearOption(
                other_id=task.requester_ids[int(every.requester[at[n]])],
                score=float(np.round(100 * every.base[at[n]], 2)),
                in_the_way=(Obstacle(rule=causes[n], text=self._said_of_theirs(causes[n])),),
            )
            for n in named
        ]
        return Unmatched(person_id=task.candidate_ids[who], side="candidate", why=tuple(why), nearest=tuple(near))

    def _causes_of_theirs(self, at: IntArray) -> list[str]:
        """Why pairs that rules allow with a candidate who has nobody are not in the plan."""
        vetoed, forbidden, outside = (marks[at] for marks in self._outside)
        asking = self.task.every.requester[at]
        found = np.where(self.asking[asking] > 0, _SERVED, _METHOD)
        found = np.where(outside, _FLOOR, found)
        found = np.where(forbidden, _FORBIDDEN, found)
        away = vetoed | self.out("requester")[asking] | (self.task.places.requester[asking] == 0)
        told: list[str] = np.where(away, _SECRET, found).tolist()
        return told

    def _said_of_theirs(self, cause: str) -> str:
        if cause == _FLOOR:
            return _("It is below the floor of {floor:g} points.", floor=self.scene.kind.config.assign.floor)
        if cause == _SERVED:
            return _("They have somebody else.")
        return _("The method or another demand left the pair out.")
