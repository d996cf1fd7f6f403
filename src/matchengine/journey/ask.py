"""Ask one more question (domain.md I7): which missing answer of a person would most likely change what is suggested.

The value of a question f is E[max S after] − max S now. The expectation runs over answers that others in the same role
gave; they are tried and forgotten, nothing is imputed. No field of domain.md B3 is ever asked for or drawn from.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray, PairBatch, ScoreTable
from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.journey.askable import ASKABLE
from matchengine.journey.hypothetical import Part, WhatIf
from matchengine.matching.combine import combine
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import feasible
from matchengine.matching.retrieve import retrieve
from matchengine.matching.score import score
from matchengine.pool.inputs import Inputs
from matchengine.records.question_list import Question, QuestionList
from matchengine.scene import Scene

__all__ = ["questions_worth_asking"]

_SHORTLIST = 3
"""Suggestions that a person looks at first."""
_ANSWERS = 24
"""Most answers of others that are tried for one question."""
_FEWEST = 5
"""Fewest others who must have answered: what fewer said would show through."""
_CANDIDATES = 300
"""Most candidates that are compared; in a larger programme a question's value is an estimate over so many."""
_DECIMALS = 4
_LIKELY = 0.5
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


_READ_THROUGH = {"language": "languages", "online": "modes", "apart": "modes", "needed_minutes": "cadence"}
"""Pair features that read a column of the requester as they are made, and the question it belongs to."""
_IN_PERSON = np.uint32(1)


class _Outcome(NamedTuple):
    """Of H answers the best score (H,), NaN where nobody is left, and the first candidates (H, 3), -1 for none."""

    best: NDArray[np.float64]
    first: IntArray


def questions_worth_asking(scene: Scene, person_id: str, k: int = 3) -> QuestionList:
    """Return the k missing answers that would most likely change the first three suggestions of a person.

    Parameters
    ----------
    scene : Scene
        The kind of match.
    person_id : str
        Who would be asked.
    k : int
        Most questions returned, from 1.

    Returns
    -------
    QuestionList
        First by the share of answers that change the first three, then by the expected gain in points. Points leave
        out what lifts add, so nothing here depends on what anybody has confided. The same data, configuration and seed
        give the same list.

    Raises
    ------
    UnknownIdError, DataError
        When nobody has this id, the person does not ask for this kind of match, or `k` is below 1.
    """
    if k < 1:
        raise DataError(_("k is {k}, expected at least 1", k=k))
    row = scene.pool.requester_row(person_id, scene.kind)
    candidates = _candidates(scene, row)
    now = _outcome(scene, row, candidates, scene.inputs(PairBatch.one_to_many(row, candidates)))
    asked: list[Question] = []
    unheard: list[str] = []
    for name, askable in ASKABLE.items():
        if not _missing(scene, row, name):
            continue
        donors = _donors(scene, row, name)
        if len(donors) < _FEWEST:
            unheard.append(name)
            continue
        after = _outcome(scene, row, candidates, WhatIf(scene, row, donors, candidates, askable.part))
        question = _judged(name, now, after)
        if question.changes > 0:
            asked.append(question)
    asked.sort(key=lambda question: (-question.changes, -question.gain, question.field))
    return QuestionList(
        person_id=person_id,
        kind=scene.kind.name,
        matchable=not np.isnan(now.best[0]),
        questions=tuple(asked[:k]),
        unheard=tuple(unheard),
    )


def _missing(scene: Scene, row: int, name: str) -> bool:
    """Whether something that this kind of match reads is not known of the person."""
    part, kind = ASKABLE[name].part, scene.kind
    specs = [*(scorer.spec for scorer in kind.scorers), *(rule.spec for rule in kind.constraints)]
    inputs = {given for spec in specs for given in spec.inputs}
    inputs |= {"requester_goal_kind"} if kind.config.goal_blocks else set()
    through = {f"pair_{feature}" for feature, of in _READ_THROUGH.items() if of == name}
    read = any(part.feeds(given) or given in through for given in inputs)
    return read and not _known(scene, part, np.array([row]))[0]


def _known(scene: Scene, part: Part, rows: IntArray) -> BoolArray:
    """Whether a part is known of each row, shape (n,); a place does not matter to who never meets in person."""
    table = scene.kind.sides.requesters
    if part.texts:
        fields = [scene.pool.fields[f"{table}.{name}"] for name in part.texts]
        told: BoolArray = np.any([field.items.counts(rows) > 0 for field in fields], axis=0)
        return told
    column = scene.pool.tables[table].column(part.columns[0])[rows]
    blank = np.isnan(column) if column.dtype.kind == "f" else np.equal(column, 0)
    known: BoolArray = ~blank.reshape(len(rows), -1).all(axis=1)
    if part.columns[0] == "place":
        modes = scene.pool.tables[table].column("modes")[rows]
        known = known | ((modes != 0) & ((modes & _IN_PERSON) == 0))
    return known


def _donors(scene: Scene, row: int, name: str) -> IntArray:
    """Rows of up to 24 others in the same role who have answered, drawn by the seed alone, shape (H,)."""
    kind, part = scene.kind, ASKABLE[name].part
    table = scene.pool.tables[kind.sides.requesters]
    rows = np.flatnonzero(scene.pool.members(kind.sides.requesters, kind.requester_role))
    rows = rows[rows != row]
    rows = rows[_known(scene, part, rows)]
    if part.columns[:1] == ("place",):  # who never meets in person has said no place
        rows = rows[table.column("place")[rows] > 0]
    salt = np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little"))
    draw = (table.lottery[rows] ^ table.lottery[row] ^ salt) * _SPREAD
    drawn: IntArray = rows[np.argsort(draw, kind="stable")[:_ANSWERS]]
    return drawn


def _candidates(scene: Scene, row: int) -> IntArray:
    """Rows of those to compare: everybody who takes part, or the best found now and a draw of the others."""
    sides, pool = scene.kind.sides, scene.pool
    members = np.flatnonzero(pool.candidates(sides))
    if len(members) <= _CANDIDATES:
        return members
    eligible = scene.eligible(row)
    [found] = retrieve(pool, scene.kind, scene.config.retrieve, [row], [eligible])
    _raw, table = scene.table(PairBatch.one_to_many(row, found))
    best = found[np.lexsort((pool.tables[sides.candidates].lottery[found], -table.total))[: _CANDIDATES // 2]]
    rest = np.setdiff1d(eligible if len(eligible) > len(best) else members, best)
    return np.union1d(best, pool.derived.draw(sides.candidates, rest, _CANDIDATES - len(best)))


def _outcome(scene: Scene, row: int, candidates: IntArray, inputs: Inputs) -> _Outcome:
    """Score all candidates under every answer and keep the best score and the first three of each."""
    if not len(candidates):
        return _Outcome(np.full(1, np.nan), np.full((1, _SHORTLIST), -1))
    kind = scene.kind
    raw = score(kind, inputs)
    goals = inputs["requester_goal_kind"] if kind.config.goal_blocks else None
    table = combine(kind, raw.values, raw.confidences, scene.neutral, goals)
    stands = np.zeros(len(inputs.batch), np.bool_)
    stands[feasible(table.blocks)] = True
    stands &= allowed(kind.constraints, inputs, np.ones(len(stands), np.bool_))
    shape = len(stands) // len(candidates), len(candidates)
    return _first(scene, row, candidates, table, stands.reshape(shape))


def _first(scene: Scene, row: int, candidates: IntArray, table: ScoreTable, stands: BoolArray) -> _Outcome:
    points = np.round(table.total - table.lift, _DECIMALS).reshape(stands.shape)
    tables, sides = scene.pool.tables, scene.kind.sides
    lottery = tables[sides.candidates].lottery[candidates] ^ tables[sides.requesters].lottery[row]
    draw = np.broadcast_to(lottery * _SPREAD, stands.shape)
    order = np.lexsort((draw, -points, ~table.informed.reshape(stands.shape), ~stands), axis=-1)[:, :_SHORTLIST]
    there = np.take_along_axis(stands, order, axis=1)
    first = np.full((len(stands), _SHORTLIST), -1)
    first[:, : order.shape[1]] = np.where(there, candidates[order], -1)
    highest = np.where(stands, points, -np.inf).max(axis=1)
    return _Outcome(np.where(stands.any(axis=1), highest, np.nan), first)


def _judged(name: str, now: _Outcome, after: _Outcome) -> Question:
    """Return a question with the expected gain and the shares of answers that change something."""
    others = np.sort(after.first, axis=1) != np.sort(now.first, axis=1)
    changed = int(others.any(axis=1).sum())
    reached = ~np.isnan(after.best)
    tried = len(reached)
    gain = float(np.nan_to_num(after.best).mean() - np.nan_to_num(now.best)[0])
    return Question(
        field=name,
        question=_(ASKABLE[name].question),
        gain=round(100 * gain, 2),
        changes=round(changed / tried, 4),
        reaches=round(float(reached.mean()), 4),
        tried=tried,
        text=_sentence(name, matchable=not np.isnan(now.best[0]), changed=changed, tried=tried),
    )


def _sentence(name: str, *, matchable: bool, changed: int, tried: int) -> str:
    """Say what an answer would do, in a sentence for the person."""
    what = _(ASKABLE[name].what)
    likely = changed >= _LIKELY * tried
    if matchable and likely:
        told = N_("If you told us {what}, your first three suggestions would probably change")
    elif matchable:
        told = N_("If you told us {what}, your first three suggestions might change")
    elif likely:
        told = N_("So far nobody can be suggested to you. If you told us {what}, somebody probably could")
    else:
        told = N_("So far nobody can be suggested to you. If you told us {what}, perhaps somebody could")
    return ngettext(
        "{told} ({changed} of {n} answer that others gave would do that).",
        "{told} ({changed} of {n} answers that others gave would do that).",
        tried,
        told=_(told, what=what),
        changed=changed,
    )
