"""Plan a mixer of people of one kind of match: who meets whom in which round (domain.md I9, S2-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import N_, _
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import feasible
from matchengine.planning.mixer import optimistic, pool_rounds, two_sided_rounds
from matchengine.pool.tables import Table
from matchengine.records.mixer import MixerAlone, MixerCard, MixerMeeting, MixerRound, MixerSchedule, MixerTable
from matchengine.scene import Scene

__all__ = ["MixerAims", "plan_mixer", "takes_part"]


@dataclass(frozen=True)
class MixerAims:
    """What a mixer should be like.

    Attributes
    ----------
    rounds : int
    tables : int or None
        Tables at most; None for as many as are needed.
    seats : int
        People at a table. More than two only where everybody is on one side: peers.
    minutes, pause : int
        Length of a meeting, and between two rounds.
    start : datetime or None
        When the first round starts.
    """

    rounds: int = 4
    tables: int | None = None
    seats: int = 2
    minutes: int = 10
    pause: int = 2
    start: datetime | None = None

    def starts(self, turn: int) -> datetime | None:
        """When a round starts, counted from 0."""
        return None if self.start is None else self.start + turn * timedelta(minutes=self.minutes + self.pause)


def takes_part(scene: Scene) -> tuple[str, ...]:
    """Return the ids of everybody who could come to a mixer of this kind: all who look and all who give, sorted."""
    table = _people(scene)
    asking, giving = _sides(scene)
    return tuple(sorted(table.ids[row] for row in np.flatnonzero(asking | giving).tolist()))


def plan_mixer(scene: Scene, people: Sequence[str] | None = None, aims: MixerAims | None = None) -> MixerSchedule:
    """Plan the rounds.

    Nobody meets the same person twice. Only pairs meet whom every rule allows to be matched, and who are not matched
    already. Everybody sits at a table in the same number of rounds or one more or less, as far as these pairs allow;
    then the sum of scores is as large as possible, where little knowledge counts in favour. Lifts take no part: a
    schedule is read by everybody. Whoever both looks and gives goes to the smaller side, by lottery.

    Parameters
    ----------
    people : sequence of str or None
        Ids of those who come; everybody who takes part in this kind of match by default.
    aims : MixerAims or None

    Raises
    ------
    UnknownIdError
        When nobody has one of the ids.
    DataError
        When the kind is not between people, somebody does not take part in it, or the aims make no sense.
    """
    chosen = aims or MixerAims()
    if chosen.minutes < 1 or chosen.pause < 0:
        raise DataError(
            _("a meeting lasts {n} minutes, expected at least 1, and a pause is not negative", n=chosen.minutes)
        )
    rows = _rows(scene, people)
    asking, giving = (side[rows] for side in _sides(scene))
    if (asking & giving).all():
        return _one_pool(scene, rows, chosen)
    if chosen.seats != 2:
        told = N_("kind {kind!r} has two sides, so that two people sit at a table; {n} seats are for kinds of peers")
        raise DataError(_(told, kind=scene.kind.name, n=chosen.seats))
    return _two_sides(scene, rows, asking & ~_second(scene, rows, asking, giving), chosen)


def _people(scene: Scene) -> Table:
    sides = scene.kind.sides
    if not sides.requesters == sides.candidates == "people":
        told = N_("kind {kind!r} does not match people with people; a mixer needs a kind that does")
        raise DataError(_(told, kind=scene.kind.name))
    return scene.pool.tables["people"]


def _sides(scene: Scene) -> tuple[BoolArray, BoolArray]:
    return scene.pool.members("people", scene.kind.requester_role), scene.pool.candidates(scene.kind.sides)


def _rows(scene: Scene, people: Sequence[str] | None) -> IntArray:
    """Rows of those who come, by id."""
    table = _people(scene)
    if people is None:
        people = takes_part(scene)
    unknown = sorted({external for external in people if external not in table.row_of})
    if unknown:
        raise UnknownIdError(_("these ids of the mixer are not known; check the list"), unknown)
    rows = np.array([table.row_of[external] for external in sorted(set(people))], np.int64)
    asking, giving = _sides(scene)
    outside = [table.ids[row] for row in rows if not (asking[row] or giving[row])]
    if outside:
        told = _("these people take part on neither side of kind {kind!r}; leave them out", kind=scene.kind.name)
        raise DataError(told, outside)
    return rows


def _second(scene: Scene, rows: IntArray, asking: BoolArray, giving: BoolArray) -> BoolArray:
    """Which people sit on the second side: all who only give, and of those who do both as many as evens the sides."""
    second: BoolArray = giving & ~asking
    both = np.flatnonzero(asking & giving)
    both = both[np.argsort(scene.pool.tables["people"].lottery[rows[both]])]
    first = int((asking & ~giving).sum())
    for person in both:
        if int(second.sum()) < first:
            second[person] = True
        else:
            first += 1
    return second


def _worth(scene: Scene, asking: IntArray, giving: IntArray) -> FloatArray:
    """What it is worth that each of one side meets each of the other, NaN where a rule forbids it, float64 (L, R)."""
    out = np.full((len(asking), len(giving)), np.nan)
    for n, row in enumerate(asking.tolist()):
        batch = PairBatch.one_to_many(row, giving)
        may = np.flatnonzero(allowed(scene.kind.constraints, scene.inputs(batch), giving != row))
        if not len(may):
            continue
        table = scene.table(batch.take(may))[1]
        stands = np.zeros(len(may), np.bool_)
        stands[feasible(table.blocks)] = True
        worth = np.round(optimistic(table.total - table.lift, table.confidence), 4)
        out[n, may[stands]] = worth[stands]
    return out


def _two_sides(scene: Scene, rows: IntArray, first: BoolArray, aims: MixerAims) -> MixerSchedule:
    left, right = rows[first], rows[~first]
    worth = _worth(scene, left, right)
    left_in, right_in = ~np.isnan(worth).all(axis=1), ~np.isnan(worth).all(axis=0)
    alone = np.concatenate([left[~left_in], right[~right_in]])
    left, right = left[left_in], right[right_in]
    lottery = scene.pool.tables["people"].lottery
    found = two_sided_rounds(
        worth[np.ix_(left_in, right_in)], aims.rounds, (lottery[left], lottery[right]), aims.tables
    )
    tables = np.full((aims.rounds, len(left) + len(right)), -1)
    for turn, partner in enumerate(found):
        met = np.flatnonzero(partner >= 0)
        seat = partner[met] if aims.tables is None else np.argsort(np.argsort(partner[met]))  # who gives stays seated
        tables[turn, met] = seat
        tables[turn, len(left) + partner[met]] = seat
    return _schedule(scene, np.concatenate([left, right]), tables, alone, aims)


def _one_pool(scene: Scene, rows: IntArray, aims: MixerAims) -> MixerSchedule:
    worth = _worth(scene, rows, rows)
    worth = (worth + worth.T) / 2
    inside = ~np.isnan(worth).all(axis=1) if len(rows) else np.zeros(0, np.bool_)
    people = rows[inside]
    tables = pool_rounds(
        worth[np.ix_(inside, inside)],
        aims.rounds,
        scene.pool.tables["people"].lottery[people],
        seats=aims.seats,
        tables=aims.tables,
        seed=scene.pool.seed,
    )
    return _schedule(scene, people, tables, rows[~inside], aims)


def _schedule(scene: Scene, people: IntArray, tables: IntArray, alone: IntArray, aims: MixerAims) -> MixerSchedule:
    """Write a schedule down, people by id."""
    ids = scene.pool.tables["people"].ids
    named = sorted((ids[row], n) for n, row in enumerate(people.tolist()))
    sat = (tables >= 0).sum(axis=0)
    rounds: list[MixerRound] = []
    cards: dict[str, tuple[list[MixerMeeting], list[int]]] = {external: ([], []) for external, _n in named}
    for turn, of_round in enumerate(tables):
        at: dict[int, list[str]] = {}
        for external, n in named:
            if of_round[n] < 0:
                cards[external][1].append(turn + 1)
            else:
                at.setdefault(int(of_round[n]), []).append(external)
        for table, company in at.items():
            for external in company:
                others = tuple(other for other in company if other != external)
                cards[external][0].append(
                    MixerMeeting(round=turn + 1, starts=aims.starts(turn), table=table + 1, with_ids=others)
                )
        rounds.append(
            MixerRound(
                round=turn + 1,
                starts=aims.starts(turn),
                tables=tuple(MixerTable(table=t + 1, person_ids=tuple(at[t])) for t in sorted(at)),
                sits_out=tuple(external for external, n in named if of_round[n] < 0),
            )
        )
    reason = _("not available")
    return MixerSchedule(
        kind=scene.kind.name,
        minutes=aims.minutes,
        pause=aims.pause,
        rounds=tuple(rounds),
        cards=tuple(
            MixerCard(person_id=i, meetings=tuple(met), sits_out=tuple(out)) for i, (met, out) in cards.items()
        ),
        fewest=int(sat.min(initial=aims.rounds)) if len(sat) else 0,
        most=int(sat.max(initial=0)),
        alone=tuple(MixerAlone(person_id=ids[row], reason=reason) for row in sorted(alone, key=ids.__getitem__)),
    )
