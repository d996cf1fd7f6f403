"""Turn pairs, places and what coordinators demand into one problem of arrays, or say what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matchengine.assignment import AssignmentProblem
from matchengine.batch import BoolArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.programme.identity_caps import over_demanded
from matchengine.programme.obstacles import in_the_way, not_available
from matchengine.programme.pairs import Pairs, is_mutual
from matchengine.programme.places import Places, exclusions, places_of, quotas_of
from matchengine.records import Obstacle
from matchengine.scene import Scene

__all__ = ["Demands", "Pair", "Task", "lottery_of", "make_task", "refuse_contradictions"]

Pair = tuple[str, str]
"""Ids of a requester and a candidate."""


@dataclass(frozen=True)
class Demands:
    """What people decided before a method decides: pairs that have to be, pairs that must not be, who drops out.

    Two people who must not be a pair are none, whoever of them looks. `vetoed` are pairs that one of the two does not
    want; nobody is told, so to everybody they are not available.
    """

    must: frozenset[Pair] = frozenset()
    must_not: frozenset[Pair] = frozenset()
    left_out: frozenset[str] = frozenset()
    vetoed: frozenset[Pair] = frozenset()

    def forbids(self, pair: Pair) -> bool:
        """Whether a coordinator forbade a pair, whoever looks."""
        return pair in self.must_not or pair[::-1] in self.must_not

    def vetoes(self, pair: Pair) -> bool:
        """Whether one of the two vetoed the other, whoever looks."""
        return pair in self.vetoed or pair[::-1] in self.vetoed


@dataclass(frozen=True)
class Task:
    """A problem together with the people it is about.

    Attributes
    ----------
    problem : AssignmentProblem
    pairs : Pairs
        Exactly the pairs of the problem, in its order.
    every : Pairs
        Also those that a coordinator forbade, that are below the floor, or that are of somebody who drops out.
    places : Places
    requester_ids, candidate_ids : tuples of str
    mutual : bool
        Whether pairs have no direction.
    notes : tuple of str
        Demands that do not apply to somebody.
    """

    problem: AssignmentProblem
    pairs: Pairs
    every: Pairs
    places: Places
    requester_ids: tuple[str, ...]
    candidate_ids: tuple[str, ...]
    mutual: bool
    demands: Demands
    seed: int
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def requester_at(self) -> Mapping[str, int]:
        """Position of each requester."""
        return {external: n for n, external in enumerate(self.requester_ids)}

    @cached_property
    def candidate_at(self) -> Mapping[str, int]:
        """Position of each candidate."""
        return {external: n for n, external in enumerate(self.candidate_ids)}

    def ids(self, position: int) -> Pair:
        """Ids of a pair of the problem."""
        return (
            self.requester_ids[int(self.pairs.requester[position])],
            self.candidate_ids[int(self.pairs.candidate[position])],
        )

    def position(self, pair: Pair) -> int | None:
        """Position of a pair in the problem, either way round where pairs have no direction; None where it is not."""
        for one, other in (pair, pair[::-1]) if self.mutual else (pair,):
            if one in self.requester_at and other in self.candidate_at:
                found = self.pairs.position(self.requester_at[one], self.candidate_at[other])
                if found is not None:
                    return found
        return None

    def positions(self, pairs: Iterable[Pair]) -> IntArray:
        """Positions of those of some pairs that are in the problem, ascending."""
        found = [self.position(pair) for pair in pairs]
        return np.array(sorted({at for at in found if at is not None}), np.int64)


def lottery_of(ids: Sequence[str], seed: int) -> NDArray[np.uint64]:
    """Draw a number for each id from the seed and the id alone, uint64 (N,)."""
    key = str(seed).encode()
    drawn = [int.from_bytes(blake2b(i.encode(), digest_size=8, key=key).digest(), "little") for i in ids]
    return np.array(drawn, np.uint64)


def make_task(scene: Scene, every: Pairs, demands: Demands, seed: int, floor: float | None = None) -> Task:
    """Make the problem of some pairs.

    A pair below the floor is in it only where a person demands it; a pair that a person forbids never is.

    Parameters
    ----------
    every : Pairs
        All pairs that rules allow; in kinds without a direction each two people once.
    floor : float or None
        Points, 0 to 100; as configured by default.

    Raises
    ------
    DataError
        Where demands contradict each other, rules or places; it names all people and rules.
    """
    tables, sides, config = scene.pool.tables, scene.kind.sides, scene.kind.config.assign
    requester_ids = tuple(tables[sides.requesters].ids[row] for row in every.requesters.tolist())
    candidate_ids = tuple(tables[sides.candidates].ids[row] for row in every.candidates.tolist())
    mutual, places = is_mutual(scene), places_of(scene, every)
    least = config.floor if floor is None else floor
    wanted = _marked(every, (requester_ids, candidate_ids), demands.must, mutual=mutual)
    kept = (every.points >= least) | wanted
    kept &= ~_marked(every, (requester_ids, candidate_ids), demands.must_not, mutual=True)
    kept &= ~_marked(every, (requester_ids, candidate_ids), demands.vetoed, mutual=True)
    kept &= ~_out(requester_ids, demands)[every.requester] & ~_out(candidate_ids, demands)[every.candidate]
    kept &= (places.requester[every.requester] > 0) & (places.candidate[every.candidate] > 0)
    pairs = every.take(kept)
    quotas, notes = quotas_of(scene, pairs, places)
    problem = AssignmentProblem(
        requesters=len(requester_ids),
        candidates=len(candidate_ids),
        requester=pairs.requester.astype(np.int32),
        candidate=pairs.candidate.astype(np.int32),
        joint=pairs.joint,
        requester_value=pairs.requester_value,
        candidate_value=pairs.candidate_value,
        requester_least=_least(0 if mutual else config.each_least, pairs.requester, places.requester),
        requester_most=places.requester,
        candidate_least=_least(0 if mutual else config.places_least, pairs.candidate, places.candidate),
        candidate_most=places.candidate,
        must=wanted[kept],
        requester_lottery=lottery_of(requester_ids, seed),
        candidate_lottery=lottery_of(candidate_ids, seed),
        arrival=np.argsort(np.argsort(every.requesters)).astype(np.int64),
        exclusive=exclusions(scene, pairs),
        quotas=quotas,
    )
    task = Task(problem, pairs, every, places, requester_ids, candidate_ids, mutual, demands, seed, notes)
    _refuse_unavailable(task)
    return task


def _refuse_unavailable(task: Task) -> None:
    """Refuse demanded pairs that exceed what somebody allows; why is nobody's business."""
    problems: list[str] = []
    for demanded, fewer in over_demanded(task.problem):
        pairs = [task.ids(at) for at in demanded.tolist()]
        if fewer:
            told = N_("{pairs} are demanded, but not all of them are available at once; release some")
            problems.append(_(told, pairs=listing([f"{requester}:{candidate}" for requester, candidate in pairs])))
        else:
            problems += [_forbidden(pair, [not_available()]) for pair in pairs]
    if problems:
        raise _contradictions(problems)


def _marked(
    pairs: Pairs, ids: tuple[Sequence[str], Sequence[str]], which: Iterable[Pair], *, mutual: bool
) -> BoolArray:
    """Which of some pairs are named, shape (A,)."""
    asking = {external: n for n, external in enumerate(ids[0])}
    asked = {external: n for n, external in enumerate(ids[1])}
    out = np.zeros(len(pairs), np.bool_)
    for pair in which:
        for one, other in (pair, pair[::-1]) if mutual else (pair,):
            at = pairs.position(asking[one], asked[other]) if one in asking and other in asked else None
            if at is not None:
                out[at] = True
    return out


def _out(ids: Sequence[str], demands: Demands) -> BoolArray:
    return np.array([external in demands.left_out for external in ids], np.bool_)


def _least(least: int, side: IntArray, most: IntArray) -> IntArray:
    """Fewest pairs of each: as configured, where so many are possible at all."""
    possible = np.minimum(np.bincount(side, minlength=len(most)), most)
    found: IntArray = np.minimum(possible, least).astype(np.int64)
    return found


def refuse_contradictions(scene: Scene, every: Pairs, demands: Demands) -> None:
    """Refuse what cannot be, before anything is decided.

    Raises
    ------
    UnknownIdError, DataError
        One error with every contradiction: an empty side, a pair demanded and forbidden, a pair demanded that a rule
        forbids (a personal one reads "not available"), more pairs demanded than there are places.
    """
    _refuse_empty(scene, every, demands)
    problems = [
        _("{requester} and {candidate} are demanded and forbidden at once; release one of the two", **_named(pair))
        for pair in sorted(demands.must)
        if demands.forbids(pair)
    ]
    for pair in sorted(demands.must):
        problems += _why_impossible(scene, pair, demands)
    if not problems:
        problems += _too_many(scene, every, demands)
    if problems:
        raise _contradictions(problems)


def _contradictions(problems: Sequence[str]) -> DataError:
    told = ngettext(
        "nothing was assigned: {n} demand contradicts the others or a rule",
        "nothing was assigned: {n} demands contradict each other or a rule",
        len(problems),
    )
    return DataError(told, problems)


def _named(pair: Pair) -> dict[str, str]:
    return {"requester": pair[0], "candidate": pair[1]}


def _refuse_empty(scene: Scene, every: Pairs, demands: Demands) -> None:
    config, tables, sides = scene.kind.config, scene.pool.tables, scene.kind.sides
    for rows, table, told in (
        (every.requesters, sides.requesters, N_("nobody looks for kind {kind!r}: no {role!r} takes part; {hint}")),
        (every.candidates, sides.candidates, N_("nobody gives for kind {kind!r}: no {role!r} takes part; {hint}")),
    ):
        ids = [tables[table].ids[row] for row in rows.tolist()]
        if not set(ids) - demands.left_out:
            role = config.requester if rows is every.requesters else config.candidate
            hint = _("load records that have it") if not ids else _("everybody who has it was left out")
            raise DataError(_(told, kind=scene.kind.name, role=role, hint=hint))


def _why_impossible(scene: Scene, pair: Pair, demands: Demands) -> list[str]:
    """Say why a demanded pair is not among those that rules allow; nothing where it is."""
    gone = _not_here(scene, pair)
    if gone:
        told = N_("{requester} and {candidate} are demanded, but {gone} is no longer known here; release the pair")
        return [_(told, **_named(pair), gone=listing(gone))]
    resting = sorted(one for one in {*pair} if scene.pool.pauses.rests(one))
    if resting:
        told = N_("{requester} and {candidate} are demanded, but {resting} takes a break; release the pair, or wait")
        return [_(told, **_named(pair), resting=listing(resting))]
    out = sorted({*pair} & demands.left_out)
    if out:
        told = N_("{requester} and {candidate} are demanded, but {out} was left out; release the pair")
        return [_(told, **_named(pair), out=listing(out))]
    reasons = in_the_way(scene, scene.pool.requester_row(pair[0], scene.kind), scene.candidate_row(pair[1]))
    if not reasons and is_mutual(scene):
        reasons = in_the_way(scene, scene.pool.requester_row(pair[1], scene.kind), scene.candidate_row(pair[0]))
    if demands.vetoes(pair):
        reasons = [not_available()]
    return [_forbidden(pair, reasons)] if reasons else []


def _forbidden(pair: Pair, reasons: Sequence[Obstacle]) -> str:
    told = N_("{requester} and {candidate} are demanded, but a rule forbids them: {reasons}")
    return _(told, **_named(pair), reasons="; ".join(each.text.rstrip(".") for each in reasons))


def _not_here(scene: Scene, pair: Pair) -> list[str]:
    """Who of a pair has no record any more."""
    tables, sides = scene.pool.tables, scene.kind.sides
    here = tables[sides.requesters].row_of, tables[sides.candidates].row_of
    return [external for external, rows in zip(pair, here, strict=True) if external not in rows]


def _too_many(scene: Scene, every: Pairs, demands: Demands) -> list[str]:
    """Say whose demanded pairs are more than their places, or turn each other round."""
    tables, sides, places = scene.pool.tables, scene.kind.sides, places_of(scene, every)
    problems = []
    for side, rows, table, most in (
        (0, every.requesters, sides.requesters, places.requester),
        (1, every.candidates, sides.candidates, places.candidate),
    ):
        if side and is_mutual(scene):
            continue  # both sides are the same people, and the first look counted both
        limits = {tables[table].ids[row]: int(n) for row, n in zip(rows.tolist(), most, strict=True)}
        for external, own in sorted(_of_each(demands.must, side, mutual=is_mutual(scene)).items()):
            if len(own) > limits.get(external, 0):
                problems.append(_over(external, limits.get(external, 0), own))
    if not is_mutual(scene) and sides.requesters == sides.candidates:
        turned = sorted(pair for pair in demands.must if pair[0] < pair[1] and pair[::-1] in demands.must)
        told = N_("{requester} and {candidate} are demanded both ways round; nobody gives to who gives to them")
        problems += [_(told, **_named(pair)) for pair in turned]
    return problems


def _of_each(pairs: Iterable[Pair], side: int, *, mutual: bool) -> dict[str, list[Pair]]:
    """The pairs of each person on a side, of both sides where pairs have no direction."""
    found: dict[str, list[Pair]] = {}
    for pair in sorted(pairs):
        for external in pair if mutual else (pair[side],):
            found.setdefault(external, []).append(pair)
    return found


def _over(external: str, places: int, own: Sequence[Pair]) -> str:
    return ngettext(
        "{id} has {n} place, but {count} pairs are demanded ({pairs}); release some, or add places to the record",
        "{id} has {n} places, but {count} pairs are demanded ({pairs}); release some, or add places to the record",
        places,
        id=external,
        count=len(own),
        pairs=listing([f"{requester}:{candidate}" for requester, candidate in own]),
    )
