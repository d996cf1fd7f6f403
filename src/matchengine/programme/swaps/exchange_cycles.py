"""Circles of skill exchange: each teaches the one before what they want to learn (domain.md C8, S1-05).

Two who suit each other trade directly; three or more can, where no two of them would. The solver is that of swaps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.batch import FloatArray, IntArray, ItemPairs, PairBatch, Quotes
from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.matching.combine import block_values
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import FEASIBLE, feasible
from matchengine.matching.score import score
from matchengine.matching.voice import Voice
from matchengine.plan_config import SwapsConfig
from matchengine.planning.swaps.problem import Exchange, SwapGraph
from matchengine.programme.swaps.graph import lottery_of, people_of_kind
from matchengine.programme.swaps.solver import solve
from matchengine.records import Fingerprint
from matchengine.records.swaps import Lesson, SkillCircle, SkillCircles
from matchengine.scene import Scene
from matchengine.scorers.cover import met
from matchengine.scorers.evidence import strongest_texts

__all__ = ["skill_circles"]

_WANTS = "wants"
_PAIRS = 50_000
"""Pairs that are compared at a time."""
_SAYS = (
    N_("of what {teacher} teaches, “{offer}” is closest to the wish of {learner} to learn “{need}”"),
    N_("of what {teacher} teaches, “{offer}” is closest to what {learner} wants to learn"),
)
_Links = tuple[IntArray, IntArray, FloatArray]


def skill_circles(
    scene: Scene,
    *,
    longest: int = 3,
    least: float = 0.35,
    decline: float = 0.10,
    partners: int = 20,
    fingerprint: Fingerprint | None = None,
) -> SkillCircles:
    """Find circles of 2 to `longest` people in which everybody gets what they want to learn.

    Somebody learns from another where every rule of the kind of match allows it, in the direction of the lesson, and
    the other's offers cover what they want by at least `least`. Only wants count, no goals.

    Parameters
    ----------
    scene : Scene
        Of a kind of match that pairs people with people, such as `exchange` of configs/skill_exchange.toml.
    longest : int
        2 to 4.
    least : float
        Least cover of the wants of every member, 0 to 1.
    decline : float
        Chance that one member drops out: long circles count less.
    partners : int
        At most so many teachers are looked at for each person, the best ones.

    Raises
    ------
    ConfigError
        When the kind of match does not pair people with people.
    """
    people_of_kind(scene)
    _refuse(longest=(longest, 2, 4), least=(least, 0, 1), partners=(partners, 1, None))
    if not 0 <= decline < 1:
        raise DataError(_("decline is {n:g}, expected 0 or more and below 1", n=decline))
    config = SwapsConfig(match=scene.kind.name, longest_cycle=longest, longest_chain=0, decline=decline)
    rows = np.flatnonzero(
        scene.pool.members("people", scene.kind.requester_role) & scene.pool.candidates(scene.kind.sides)
    )
    wanting = rows[_wants(scene, rows)]
    table = scene.pool.tables["people"]
    order = np.argsort(table.lottery[wanting], kind="stable")
    people = wanting[order]  # by lottery, so that the order of the data decides nothing
    source, target, gain = _links(scene, people, max(least, 1e-9), partners)
    ids = [table.ids[row] for row in people.tolist()]
    graph = SwapGraph(
        vertices=len(people),
        source=source.astype(np.int32),
        target=target.astype(np.int32),
        gain=gain,
        starter=np.zeros(len(people), np.bool_),
        priority=np.ones(len(people)),
        lottery=lottery_of(scene.pool.seed, ids),
    )
    plan = solve(graph, config)
    served = {int(n) for each in plan.exchanges for n in each.members}
    return SkillCircles(
        kind=scene.kind.name,
        circles=_circles(scene, people, graph, plan.exchanges, decline),
        without=tuple(sorted(ids[n] for n in range(len(ids)) if n not in served)),
        asked=len(ids),
        served=len(served),
        least=round(100 * least, 2),
        objective=config.objective,
        value=round(float(plan.value), 6),
        bound=None if np.isnan(plan.bound) else round(float(plan.bound), 6),
        gap=None if np.isnan(plan.bound) else round(plan.gap, 6),
        proven=plan.proven,
        reproducible=plan.finished,
        fingerprint=fingerprint,
    )


def _refuse(**given: tuple[float, float, float | None]) -> None:
    """Refuse arguments outside their range: each is what was given, the least and the most."""
    for name, (value, least, most) in given.items():
        if value < least or (most is not None and value > most):
            told = N_("{name} is {n:g}, expected {least:g} to {most:g}")
            if most is None:
                told = N_("{name} is {n:g}, expected at least {least:g}")
            raise DataError(_(told, name=name, n=value, least=least, most=most))


def _wants(scene: Scene, rows: IntArray) -> IntArray:
    """Which people want to learn something and offer something, as positions."""
    needs, offers = scene.pool.fields["people.needs"], scene.pool.fields["people.offers"]
    source = needs.sources.index(_WANTS)
    of = np.repeat(np.arange(len(needs.items.starts) - 1), np.diff(needs.items.starts))
    wanting = np.bincount(of[needs.items.source == source], minlength=len(needs.items.starts) - 1) > 0
    found: IntArray = np.flatnonzero(wanting[rows] & (offers.items.counts(rows) > 0))
    return found


def _links(scene: Scene, people: IntArray, least: float, partners: int) -> _Links:
    """Who learns from whom, and how well: the best `partners` teachers of each, ordered by learner, then teacher."""
    count = len(people)
    step = max(_PAIRS // max(count, 1), 1)
    found: list[_Links] = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for start in range(0, count, step):
        some = np.arange(start, min(start + step, count))
        learner, teacher = np.repeat(some, count), np.tile(np.arange(count), len(some))
        other = learner != teacher
        learner, teacher = learner[other], teacher[other]
        cover = met(scene.inputs(_batch(people, learner, teacher))["items_needs_offers"], "left", _WANTS).value
        near = np.nan_to_num(cover, nan=-1.0) >= least
        found.append(_best(scene, people, (learner[near], teacher[near], cover[near]), partners))
    learner, teacher, gain = (np.concatenate([each[n] for each in found]) for n in range(3))
    order = np.lexsort((teacher, learner))
    return learner[order], teacher[order], np.clip(gain[order], 1e-9, 1)


def _batch(people: IntArray, learner: IntArray, teacher: IntArray) -> PairBatch:
    return PairBatch(people[learner].astype(np.int32), people[teacher].astype(np.int32))


def _best(scene: Scene, people: IntArray, links: _Links, partners: int) -> _Links:
    """Those that the rules allow, at most so many of each learner."""
    learner, teacher, gain = links
    batch = _batch(people, learner, teacher)
    may = np.flatnonzero(allowed(scene.kind.constraints, scene.inputs(batch), np.ones(len(learner), np.bool_)))
    block = scene.kind.without_texts(FEASIBLE)
    if block.scorers and len(may):
        raw = score(block, scene.inputs(batch.take(may)))
        may = may[feasible(block_values(block, raw.values, raw.confidences)[0])]
    order = may[np.lexsort((teacher[may], -np.round(gain[may], 6), learner[may]))]
    first = np.searchsorted(learner[order], learner[order])
    kept = order[np.arange(len(order)) - first < partners]
    return learner[kept], teacher[kept], gain[kept]


def _circles(
    scene: Scene, people: IntArray, graph: SwapGraph, chosen: Sequence[Exchange], decline: float
) -> tuple[SkillCircle, ...]:
    arcs = np.concatenate([np.zeros(0, np.int64), *(each.arcs for each in chosen)]).astype(np.int64)
    told = _lessons(scene, _batch(people, graph.source[arcs], graph.target[arcs]), graph.gain[arcs])
    out, start = [], 0
    for each in chosen:
        lessons = told[start : start + len(each.arcs)]
        start += len(each.arcs)
        out.append(
            SkillCircle(
                lessons=tuple(lessons),
                completion=round((1 - decline) ** len(each.arcs), 4),
                weight=round(float(each.weight), 6),
                weakest=min(lessons, key=lambda lesson: (lesson.gain, lesson.learner_id)).learner_id,
            )
        )
    return tuple(out)


def _lessons(scene: Scene, batch: PairBatch, gain: FloatArray) -> list[Lesson]:
    """Each lesson in words for a coordinator: offers are open to all, wants only where the notice says so."""
    if not len(batch):
        return []
    items: ItemPairs = scene.inputs(batch)["items_needs_offers"]
    found = met(items, "left", _WANTS)
    need, offer = strongest_texts(found.strength, items, "left", found.best, least=1e-6)
    quotes = {
        "need": Quotes("requester", items.left_field, need),
        "offer": Quotes("candidate", items.right_field, offer),
    }
    voice = Voice(scene.pool, "coordinator", frozenset(scene.config.programme.coordinator_reads))
    ids, texts = scene.pool.tables["people"].ids, scene.pool.fields[items.right_field].texts
    out = []
    for pair, (one, other) in enumerate(zip(batch.requester_rows.tolist(), batch.candidate_rows.tolist(), strict=True)):
        names = {"learner": np.full(len(batch), ids[one], object), "teacher": np.full(len(batch), ids[other], object)}
        plain = _("{learner} learns from {teacher}.", learner=ids[one], teacher=ids[other])
        out.append(
            Lesson(
                learner_id=ids[one],
                teacher_id=ids[other],
                gain=round(100 * float(gain[pair]), 2),
                offer=texts[offer[pair]] if offer[pair] >= 0 else None,
                text=voice.say(_SAYS, quotes | names, pair) or plain,
            )
        )
    return out
