"""Scores of the same people before and after a change: one engine, records put in, scores read out (domain.md H7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.evaluation.flip_words import LANGUAGES
from matchengine.i18n import N_, _
from matchengine.io.write import Folder
from matchengine.records.base import Record
from matchengine.records.flips import FlipCheck, FlipFamily, Side
from matchengine.records.person import Person

if TYPE_CHECKING:
    from matchengine.engine import Engine

__all__ = [
    "FIRST",
    "THINGS",
    "About",
    "FlipBench",
    "Shot",
    "Verdict",
    "changes",
    "not_applicable",
    "overlap",
    "verdict",
]

FIRST = 5
"""Length of the lists that are compared."""
_BEHIND = 0.01
"""As in `programme.pairs`: what a pair is worth about which too little is known."""
_NAMING = {"id", "household", "line_manager", "boundaries", "contacts"}
"""Fields of records that hold ids."""
THINGS = ("groups", "events", "resources", "projects", "organisations")


@dataclass(frozen=True)
class Shot:
    """Scores of R requesters and M candidates at one moment.

    Attributes
    ----------
    base, total : float64 arrays (R, M)
        Score without and with lifts, in [0, 1]; NaN where a rule, or too little in common, lets the pair not stand.
    informed : bool array (R, M)
        Whether enough is known of the pair; all others stand behind on every list.
    lists : tuple of tuple of str
        Ids of the first five of each requester.
    values : float32 array (R, M, S)
        Values of the scorers; NaN where one abstains.
    scorers : tuple of str
        Their instances.
    """

    base: FloatArray
    total: FloatArray
    informed: BoolArray
    lists: tuple[tuple[str, ...], ...]
    values: FloatArray
    scorers: tuple[str, ...]

    @property
    def standing(self) -> FloatArray:
        """What lists rank by, lifts apart: the base score, a hundredth of it where too little is known, (R, M)."""
        found: FloatArray = np.where(self.informed, self.base, _BEHIND * self.base)
        return found


@dataclass
class FlipBench:
    """An engine with a programme, and the people whose scores are looked at.

    Everybody eligible is scored, without a search, so this is for programmes of up to some thousand candidates.

    Attributes
    ----------
    requesters : tuple of str
        People who look, drawn by the seed, at most `most`.
    candidates : tuple of str
        Everybody who can be suggested.
    shown : tuple of str
        Candidates who are changed where candidates are, drawn by the seed, at most `most`.
    """

    engine: Engine
    records: Folder
    kind: str
    most: int = 40
    seed: int = 0
    requesters: tuple[str, ...] = field(init=False)
    candidates: tuple[str, ...] = field(init=False)
    shown: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.load()
        members = self.engine.members(self.kind)
        self.candidates = self._shuffled(members.candidates, 0)
        self.requesters = self._shuffled(members.requesters, 1)[: self.most]
        self.shown = self._shuffled(members.candidates, 2)[: self.most]
        if not self.requesters or not self.candidates:
            raise DataError(_("flips: nobody takes part in kind {kind!r} on one of its sides", kind=self.kind))

    def _shuffled(self, ids: Sequence[str], side: int) -> tuple[str, ...]:
        """Order people by a draw from what they wrote, so that new ids on the next import change nothing."""
        wanted = set(ids)
        drawn = {}
        for name in ("people", *THINGS):
            for record in getattr(self.records, name):
                if record.id in wanted:
                    said = record.model_dump_json(exclude=_NAMING)
                    drawn[record.id] = blake2b(f"{self.seed} {side} {said}".encode(), digest_size=8).digest()
        return tuple(sorted(drawn, key=lambda external: (drawn[external], external)))

    @property
    def people(self) -> dict[str, Person]:
        """Everybody's record by id."""
        return {person.id: person for person in self.records.people}

    @property
    def of_people(self) -> bool:
        """Whether candidates are people."""
        return self.engine._scene(self.kind).kind.sides.candidates == "people"

    def language(self, person: Person) -> str | None:
        """Language of what a person writes, by primary subtag; None where there are no words for it."""
        tag = person.text_language or self.engine.config.programme.language
        return primary if (primary := tag.partition("-")[0].lower()) in LANGUAGES else None

    def load(self, **changed: list[Any]) -> None:
        """Load the programme anew, some kinds of records replaced."""
        own = replace(self.records, **changed)  # type: ignore[arg-type]
        self.engine.load(
            own.people, relationships=own.relationships, consents=own.consents, feedback=own.feedback,
            **{name: getattr(own, name) for name in THINGS},
        )  # fmt: skip

    def put(self, records: Iterable[Record]) -> None:
        """Replace single records; what was fixed when the programme was loaded stays, such as the average score."""
        for record in records:
            self.engine.upsert(record)  # type: ignore[arg-type]

    def shot_after(self, records: Iterable[Record]) -> Shot:
        """Replace single records and read the scores."""
        self.put(records)
        return self.shot()

    def shot(self, renamed: Callable[[str], str] = str) -> Shot:
        """Read the scores; `renamed` gives the id under which somebody is known now."""
        from matchengine.batch import PairBatch
        from matchengine.matching.rank import feasible, rank

        scene = self.engine._scene(self.kind)
        tables, sides = scene.pool.tables, scene.kind.sides
        theirs = tables[sides.candidates]
        column = np.full(len(theirs), -1, np.int64)
        back = {}
        for place, external in enumerate(self.candidates):
            column[theirs.row_of[renamed(external)]] = place
            back[theirs.row_of[renamed(external)]] = external
        rows = [tables[sides.requesters].row_of[renamed(external)] for external in self.requesters]
        found = [of_row[column[of_row] >= 0] for of_row in map(scene.eligible, rows)]
        batch = PairBatch.many(rows, found)
        raw, table = scene.table(batch)
        stands = np.zeros(len(batch), np.bool_)
        stands[feasible(table.blocks)] = True
        at = np.repeat(np.arange(len(rows)), [len(of_row) for of_row in found])[stands]
        to = column[batch.candidate_rows[stands]]
        shape = (len(rows), len(self.candidates))
        base, total = np.full(shape, np.nan), np.full(shape, np.nan)
        base[at, to], total[at, to] = (table.total - table.lift)[stands], table.total[stands]
        informed = np.zeros(shape, np.bool_)
        informed[at, to] = table.informed[stands]
        values = np.full((*shape, len(table.scorers)), np.nan, np.float32)
        values[at, to] = raw.values[stands]
        best = iter(rank(table, batch, tables[sides.requesters], theirs, FIRST))
        lists = tuple(
            tuple(back[int(row)] for row in batch.candidate_rows[next(best)]) if len(of_row) else () for of_row in found
        )
        return Shot(base, total, informed, lists, values, table.scorers)

    def rows(self, ids: Iterable[str]) -> IntArray:
        """Positions of requesters."""
        wanted = set(ids)
        return np.array([n for n, external in enumerate(self.requesters) if external in wanted], np.int64)

    def columns(self, ids: Iterable[str], *, others: bool = False) -> IntArray:
        """Positions of candidates, or of all others."""
        wanted = set(ids)
        return np.array([n for n, one in enumerate(self.candidates) if (one in wanted) != others], np.int64)

    def part(self, changed: Sequence[str], side: Side) -> tuple[IntArray, IntArray]:
        """Rows and columns of the scores that a change of some people on one side is judged by.

        Somebody in both roles is looked at in one of them: pairs of two people who were both changed are left out.
        """
        if side == "requester":
            return self.rows(changed), self.columns(changed, others=True)
        rows = np.array([n for n, external in enumerate(self.requesters) if external not in set(changed)], np.int64)
        return rows, self.columns(changed)


def changes(before: FloatArray, after: FloatArray) -> FloatArray:
    """Signed changes of scores; a pair let in or out changes by its whole score. NaN where it stands in neither."""
    gone = np.isnan(before) & np.isnan(after)
    found: FloatArray = np.where(gone, np.nan, np.nan_to_num(after) - np.nan_to_num(before))
    return found


def overlap(before: Shot, after: Shot, rows: IntArray) -> list[float]:
    """Jaccard overlap of the first five of some requesters; those with nobody before and after are left out."""
    found = []
    for row in rows.tolist():
        one, other = set(before.lists[row]), set(after.lists[row])
        if one | other:
            found.append(len(one & other) / len(one | other))
    return found


@dataclass(frozen=True)
class Verdict:
    """What is asked of a change: a share of pairs within a bound, all within a limit, lists that stay alike."""

    bound: float
    share: float
    limit: float
    same_first: float | None = None


@dataclass(frozen=True)
class About:
    """What a check is about: its name and family, what was changed as the start of a sentence, on which side."""

    name: str
    family: FlipFamily
    text: str
    side: Side = "both"
    flipped: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """The fields of a check that follow from it."""
        return {"name": self.name, "family": self.family, "side": self.side, "flipped": self.flipped}


def verdict(
    about: About, asked: Verdict, moved: FloatArray, people: int, *, same: Sequence[float] = (), falls: bool = False
) -> FlipCheck:
    """Judge signed changes (any shape, NaN left out) of so many people; with `falls` only a fall counts.

    Parameters
    ----------
    same : sequence of float
        Overlaps of lists.
    """
    known = moved[~np.isnan(moved)]
    if not len(known) or not people:
        return not_applicable(about, _("nobody to whom it could be done"))
    size = np.maximum(-known, 0) if falls else np.abs(known)
    within, worst = float((size <= asked.bound).mean()), float(size.max())
    alike = float(np.mean(same)) if len(same) and asked.same_first is not None else None
    passed = within >= asked.share and worst <= asked.limit
    passed &= alike is None or asked.same_first is None or alike >= asked.same_first
    return FlipCheck(
        **about.told, people=people, pairs=len(known), worst=_rounded(worst), mean=_rounded(float(known.mean())),
        bound=asked.bound, within=round(within, 4), share=asked.share, limit=asked.limit,
        same_first=None if alike is None else round(alike, 4),
        same_first_least=None if alike is None else asked.same_first, passed=bool(passed),
        sentence=_fell(about.text, worst, asked) if falls else _moved(about.text, bool(passed), (worst, within, alike),
                                                                      asked),
    )  # fmt: skip


def _rounded(value: float) -> float:
    """Eight decimals, and never 0 for what is not 0: an exact check that failed must not read 0."""
    return round(value, 8) or (0.0 if value == 0 else value)


def _fell(about: str, worst: float, asked: Verdict) -> str:
    """Plain words of a check of which only a fall counts."""
    if worst <= asked.limit:
        return _("{about}: nobody's score fell by it, as it should be.", about=about)
    return _("{about}: some scores fell by it, by up to {worst:.2f} points of 100.", about=about, worst=100 * worst)


def _moved(about: str, passed: bool, found: tuple[float, float, float | None], asked: Verdict) -> str:
    """Plain words of all other checks; `found` are the largest change, the share within the bound, the overlap."""
    worst, within, alike = found
    if asked.limit == 0 and passed:
        return _("{about}: not one score changed, as it should be.", about=about)
    if asked.limit == 0:
        told = N_("{about}: scores changed by up to {worst:.2g} points of 100, but none may.")
        return _(told, about=about, worst=100 * worst)
    told = N_(
        "{about}: {within:.1f} of 100 pairs change by at most {bound:.3g} points of 100, the largest change is "
        "{worst:.1f}."
    )
    said = [_(told, about=about, within=100 * within, bound=100 * asked.bound, worst=100 * worst)]
    if alike is not None:
        said.append(_("The first five stay the same by {alike:.2f} of 1.", alike=alike))
    return " ".join([*said, _("This is within the bounds.") if passed else _("This is more than is allowed.")])


def not_applicable(about: About, why: str) -> FlipCheck:
    """Return a check that cannot be made, with the reason."""
    said = _("{about}: not checked; {why}.", about=about.text, why=why)
    return FlipCheck(**about.told, passed=None, not_applicable=why, sentence=said)
