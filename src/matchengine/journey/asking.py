"""What to ask an organiser before going, and what a yes would be worth (domain.md C5: unknown supports)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray, PairBatch, ScoreTable, frozen
from matchengine.i18n import _
from matchengine.journey.prescriptions import refuse_without_supports
from matchengine.matching.combine import combine
from matchengine.matching.rank import feasible
from matchengine.matching.retrieve import retrieve
from matchengine.matching.score import score
from matchengine.pool.inputs import Inputs
from matchengine.records import vocabulary as v
from matchengine.records.supports import SUPPORT_QUESTIONS, OrganiserQuestion
from matchengine.scene import Scene
from matchengine.scorers.reach import BLOCKING

__all__ = ["organiser_questions"]

_DECIMALS = 4


def organiser_questions(scene: Scene, requester: int, candidate: int) -> list[OrganiserQuestion]:
    """Return what nobody has said about a gathering and matters to a person (rows), the most valuable first.

    A support matters where the person states a barrier. First come those they cannot come without: these are to be
    confirmed before going, whatever a yes would change. Then those that would move the gathering up most. Places are
    among everybody whom a suggestion would compare, by points without lifts; equals count as behind nobody.

    Raises
    ------
    DataError
        Where the kind suggests people or resources.
    """
    refuse_without_supports(scene)
    pair = scene.inputs(PairBatch.one_to_many(requester, np.array([candidate], np.int32)))
    barriers, stated = pair["requester_barriers"][0], pair["candidate_supports"][0]
    asked = np.flatnonzero((np.nan_to_num(barriers) > 0) & np.isnan(stated))
    if not len(asked):
        return []
    places = _places(scene, requester, candidate, _answers(stated, asked))
    found = [
        _question(v.BARRIER_KINDS[kind], bool(barriers[kind] >= BLOCKING), places[0], place)
        for kind, place in zip(asked.tolist(), places[1:], strict=True)
    ]
    return sorted(found, key=lambda one: (not one.blocking, -one.gain, v.BARRIER_KINDS.index(one.support)))


def _answers(stated: FloatArray, asked: IntArray) -> FloatArray:
    """Supports as they are, then with a yes to each question alone, shape (1 + Q, 14)."""
    supports = np.repeat(stated[None], 1 + len(asked), axis=0)
    supports[1 + np.arange(len(asked)), asked] = 1
    return supports


def _places(scene: Scene, requester: int, candidate: int, supports: FloatArray) -> list[int]:
    """Place of the candidate with each row of supports (A, 14), from 1."""
    among = scene.eligible(requester)
    [rows] = retrieve(scene.pool, scene.kind, scene.config.retrieve, [requester], [among])
    rows = rows[rows != candidate]
    _raw, others = scene.table(PairBatch.one_to_many(requester, rows))
    others = others.take(np.arange(len(rows))[feasible(others.blocks)])
    own = _scored_with(scene, requester, candidate, {"candidate_supports": supports.astype(np.float32)})
    better = _points(others)[None] > _points(own)[:, None]
    ahead = np.where(own.informed[:, None], others.informed & better, others.informed | better)
    return [1 + int(count) for count in ahead.sum(axis=1)]


def _points(table: ScoreTable) -> FloatArray:
    """Scores without lifts, as they are compared, shape (P,)."""
    points: FloatArray = np.round(table.total - table.lift, _DECIMALS)
    return points


class _WhatIf(Inputs):
    """The inputs of a batch, some of them as they would be."""

    def __init__(self, inputs: Inputs, changed: Mapping[str, Any]) -> None:
        super().__init__(inputs.pool, inputs.sides, inputs.batch, *inputs.weights)
        self._everybody = False  # the candidate repeats, so the rows are never the whole table in its order
        self._changed = {name: frozen(value) for name, value in changed.items()}

    def __getitem__(self, name: str) -> Any:
        return self._changed[name] if name in self._changed else super().__getitem__(name)


def _scored_with(scene: Scene, requester: int, candidate: int, changed: Mapping[str, FloatArray]) -> ScoreTable:
    """Scores of one pair, once for each row of what is changed."""
    rows = np.full(len(next(iter(changed.values()))), candidate, np.int32)
    batch = PairBatch.one_to_many(requester, rows)
    raw = score(scene.kind, _WhatIf(scene.inputs(batch), changed))
    return combine(scene.kind, raw.values, raw.confidences, scene.neutral, scene.goals(batch))


def _question(support: Any, blocking: bool, now: int, then: int) -> OrganiserQuestion:
    if now > then:
        text = _("If the answer is yes, it moves from place {now} to place {then}.", now=now, then=then)
    else:
        text = _("If the answer is yes, it stays at place {now}.", now=now)
    if blocking:
        text = _("Confirm before going. {text}", text=text)
    question = _(SUPPORT_QUESTIONS[support])
    return OrganiserQuestion(
        support=support, question=question, blocking=blocking, place_now=now, place_if_yes=then, text=text
    )
