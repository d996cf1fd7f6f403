"""Explain one pair, or pairs already suggested, to one viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from matchengine.batch import PairBatch, ScoreTable
from matchengine.contrast.case import Case
from matchengine.contrast.changes import changes_of_rules, changes_of_score, lag, obstacles
from matchengine.contrast.wording import plain_text
from matchengine.i18n import _, language
from matchengine.matching.combine import drops
from matchengine.matching.constrain import allowed, may_tell, to_confirm
from matchengine.matching.explain import explain, without_numbers
from matchengine.matching.present import fit_of
from matchengine.matching.score import RawScores, own_quotes
from matchengine.matching.voice import Voice
from matchengine.pool.stand_in import stand_in
from matchengine.records import Explanation, Obstacle, Suggestion
from matchengine.records.vocabulary import Viewer
from matchengine.scene import Scene

__all__ = ["explain_pair", "hardly_meet", "tell_pairs"]


def hardly_meet() -> Obstacle:
    """Return what stands in the way where no rule does, but the feasible block lets nothing stand."""
    return Obstacle(rule="feasible", text=_("They could hardly meet: time, language and distance leave too little."))


def _unavailable(requester_id: str, candidate_id: str, kind: str, viewer: Viewer) -> Explanation:
    """Return what a member reads of somebody absent, blocked or erased, or ruled out by what is not theirs to know."""
    told = Explanation(
        requester_id=requester_id,
        candidate_id=candidate_id,
        kind=kind,
        viewer=viewer,
        language=language(),
        standing="not_available",
        why_not=(Obstacle(rule="not_available", text=_("Not available.")),),
    )
    return _worded(told)


def explain_pair(
    scene: Scene, requester_id: str, candidate_id: str, viewer: Viewer, k: int = 5, *, carried: bool = False
) -> Explanation:
    """Explain why a pair is suggested or not, and what would change it; `k` is the length of the list to be in.

    `carried`: see `Voice`.

    Raises
    ------
    UnknownIdError, DataError
        When the viewer may know that somebody is absent or does not take part in this kind of match.
    """
    knows = viewer == "coordinator"
    silent = _unavailable(requester_id, candidate_id, scene.kind.name, viewer)
    requester, candidate, both_here = _rows(scene, requester_id, candidate_id, viewer)
    if requester < 0 or candidate < 0:
        return silent
    case = Case(scene, requester, candidate)
    untold = {id(c) for c in scene.kind.constraints if not knows and (c.spec.personal or not may_tell(c, viewer))}
    secret = [c for c in case.vetoes if id(c) in untold]  # a stand-in is judged too: an absence takes as long
    if secret or not both_here:
        return silent
    if case.vetoes:
        return _ruled_out(case, _voice(scene, viewer, carried=carried), obstacles(case))
    voice = _voice(scene, viewer, carried=carried)
    if not case.meets:
        return _ruled_out(case, voice, [hardly_meet()])
    [told] = _tell(scene, case.batch, case.scored, voice)
    why_not: tuple[Obstacle, ...] = ()
    behind = lag(case, k)
    if behind is not None:
        title, gap = behind
        text = _("Others suit better so far, most of all in {title}.", title=title)
        if knows:
            text = _("It is {gap:.1f} points behind place {k}, most of all in {title}.", gap=gap, k=k, title=title)
        why_not = (Obstacle(rule="behind", text=text),)
    more: dict[str, Any] = {"why_not": why_not, "changes": tuple(changes_of_score(case, viewer, k))}
    if knows:
        more |= {"place": case.place, "eligible": len(case.others.total) + 1}
    return _worded(told.model_copy(update=more))


def _rows(scene: Scene, requester_id: str, candidate_id: str, viewer: Viewer) -> tuple[int, int, bool]:
    """Return the rows of a pair, and whether both take part, as far as the viewer may not be told that one does not.

    Somebody of whom the viewer may not know that they are away has the row of a stand-in; -1 where there is nobody.
    """
    pool, sides = scene.pool, scene.kind.sides
    if viewer == "candidate":
        asking = pool.members(sides.requesters, scene.kind.requester_role)
        requester, here = stand_in(pool.tables[sides.requesters], requester_id, asking)
    else:
        requester, here = pool.requester_row(requester_id, scene.kind), True
    if viewer == "coordinator":
        return requester, scene.candidate_row(candidate_id), True
    candidate, there = stand_in(pool.tables[sides.candidates], candidate_id, pool.candidates(sides))
    return requester, candidate, here and there


def tell_pairs(
    scene: Scene, suggestions: Sequence[Suggestion], viewer: Viewer, *, carried: bool = False
) -> list[Explanation]:
    """Explain pairs that were suggested to another viewer, as the data are now, without comparing them with others.

    A pair that can no longer be suggested reads as `explain_pair` says, with its errors for a coordinator.
    """
    batch = _standing(scene, suggestions)
    told = _tell(scene, batch, scene.table(batch), _voice(scene, viewer, carried=carried)) if len(batch) else []
    found = {(e.requester_id, e.candidate_id): e for e in told}
    return [
        found.get((s.requester_id, s.candidate_id))
        or explain_pair(scene, s.requester_id, s.candidate_id, viewer, carried=carried)
        for s in suggestions
    ]


def _standing(scene: Scene, suggestions: Sequence[Suggestion]) -> PairBatch:
    """Return the pairs that can still be suggested; whoever is not there is judged too, by a stand-in."""
    pool, sides = scene.pool, scene.kind.sides
    asking, giving = pool.members(sides.requesters, scene.kind.requester_role), pool.candidates(sides)
    own = [stand_in(pool.tables[sides.requesters], s.requester_id, asking) for s in suggestions]
    other = [stand_in(pool.tables[sides.candidates], s.candidate_id, giving) for s in suggestions]
    rows = [(one, two) for (one, _here), (two, _there) in zip(own, other, strict=True)]
    pairs = PairBatch(*np.array(rows, np.int32).reshape(-1, 2).T)
    here = np.array([one and two for (_own, one), (_other, two) in zip(own, other, strict=True)], np.bool_)
    if not asking.any() or not giving.any() or not len(here):
        return pairs.take(np.zeros(0, np.int64))
    return pairs.take(np.flatnonzero(allowed(scene.kind.constraints, scene.inputs(pairs), here)))


def _voice(scene: Scene, viewer: Viewer, *, carried: bool) -> Voice:
    return Voice(scene.pool, viewer, frozenset(scene.config.programme.coordinator_reads), carried)


def _tell(scene: Scene, batch: PairBatch, scored: tuple[RawScores, ScoreTable], voice: Voice) -> list[Explanation]:
    (raw, table), viewer = scored, voice.viewer
    own_quotes(scene.kind, scene.inputs(batch), raw.scored)
    told = explain(voice, scene.kind, raw.scored, table, drops(scene.kind, table), batch)
    confirm = to_confirm(scene.kind.constraints, scene.inputs(batch), viewer)
    found = []
    for n, of_pair in enumerate(told):
        requester_id, candidate_id = _ids(scene, int(batch.requester_rows[n]), int(batch.candidate_rows[n]))
        score = round(100 * float(table.total[n] - table.lift[n]), 2)
        explanation = Explanation(
            requester_id=requester_id,
            candidate_id=candidate_id,
            kind=scene.kind.name,
            viewer=viewer,
            language=language(),
            standing="eligible",
            fit=fit_of(score, bool(table.informed[n]), scene.kind.config),
            reasons=without_numbers(of_pair.reasons),
            for_requester=(*of_pair.for_requester, *of_pair.both),
            for_candidate=(*of_pair.for_candidate, *of_pair.both),
            to_confirm=confirm[n],
            limits=of_pair.limits,
            lift_step=of_pair.lift_step,
        )
        if viewer == "coordinator":
            numbers = {"score": score, "neutral": round(100 * table.neutral, 2), "reasons": of_pair.reasons}
            numbers |= {"confidence": round(float(table.confidence[n]), 4)}
            explanation = explanation.model_copy(update=numbers)
        found.append(_worded(explanation))
    return found


def _ruled_out(case: Case, voice: Voice, why_not: list[Obstacle]) -> Explanation:
    """Return why a pair is not suggested; two people who are matched already may still read what they share."""
    requester_id, candidate_id = _ids(case.scene, case.requester, case.candidate)
    shared: tuple[str, ...] = ()
    if case.scene.pool.ties.accepted(requester_id, candidate_id):
        shared, _step = voice.in_common(case.scene.kind, case.requester, case.candidate)
    told = Explanation(
        requester_id=requester_id,
        candidate_id=candidate_id,
        kind=case.scene.kind.name,
        viewer=voice.viewer,
        language=language(),
        standing="ruled_out",
        for_requester=shared,
        for_candidate=shared,
        why_not=tuple(why_not),
        changes=tuple(changes_of_rules(case, voice.viewer)),
    )
    return _worded(told)


def _worded(explanation: Explanation) -> Explanation:
    return explanation.model_copy(update={"plain_text": plain_text(explanation)})


def _ids(scene: Scene, requester: int, candidate: int) -> tuple[str, str]:
    tables, sides = scene.pool.tables, scene.kind.sides
    return tables[sides.requesters].ids[requester], tables[sides.candidates].ids[candidate]
