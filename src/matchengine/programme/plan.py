"""A plan and its life: draft, lock, forbid, edit, solve the rest again, publish. A plan never changes (decision 14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from matchengine.assignment import Assignment
from matchengine.batch import IntArray
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import N_, _
from matchengine.io.json_lines import write_private
from matchengine.programme.drafting import Ground, demands_of, write_down
from matchengine.programme.identity_caps import within_caps
from matchengine.programme.pairs import Pairs
from matchengine.programme.problem import Demands, Pair, Task, make_task, refuse_contradictions
from matchengine.programme.solve import Order, compare, rearrange, solve
from matchengine.programme.two_stage import Ranked
from matchengine.records.base import describe_validation
from matchengine.records.plan import Action, Decision, PlanDocument
from matchengine.scene import Scene

__all__ = ["Plan"]

_METHOD_AGAIN = "least disruption"


@dataclass(frozen=True)
class Plan:
    """A draft for everybody at once. Every verb returns a new plan with one more entry in its record of decisions.

    Attributes
    ----------
    document : PlanDocument
        Everything that is told of the plan.
    ground : Ground
        Data, methods and fingerprint that it stands on.
    ranked : Ranked or None
        What people ranked, where that decides.
    warnings : tuple of str
        What a reader must know before relying on a plan that was opened again.
    """

    document: PlanDocument
    ground: Ground
    ranked: Ranked | None = None
    warnings: tuple[str, ...] = ()
    compared: tuple[tuple[int, int], Pairs] | None = None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Ids of the pairs."""
        return tuple((pair.requester_id, pair.candidate_id) for pair in self.document.pairs)

    # ------------------------------------------------------------------ what people decide

    def lock(self, requester: str, candidate: str, *, by: str, why: str = "", on: date | None = None) -> Plan:
        """Keep a pair of the plan, whatever is solved again.

        Raises
        ------
        DataError
            When it is not in the plan (`add` puts it there), or the plan is published.
        """
        pair = self._open_to((requester, candidate))
        if pair not in self.pairs:
            raise DataError(_("{requester}:{candidate} is not in this plan; add it instead", **_named(pair)))
        return self._edited("locked", by, why, on, pair)

    def forbid(self, requester: str, candidate: str, *, by: str, why: str = "", on: date | None = None) -> Plan:
        """Take a pair out and never let it in again; `resolve` finds somebody else.

        Raises
        ------
        DataError
            When the pair is locked, or the plan is published.
        """
        pair = self._open_to((requester, candidate))
        self._refuse_strangers(pair)
        if {pair, pair[::-1] if self._mutual else pair} & self._demands().must:
            raise DataError(_("{requester}:{candidate} is locked; release it first", **_named(pair)))
        return self._edited("forbidden", by, why, on, pair)

    def release(self, requester: str, candidate: str, *, by: str, why: str = "", on: date | None = None) -> Plan:
        """Undo a lock or a prohibition.

        Raises
        ------
        DataError
            When the pair is neither locked nor forbidden, or the plan is published.
        """
        pair, demands = self._open_to((requester, candidate)), self._demands()
        turned = pair[::-1] if self._mutual else pair
        if not {pair, turned} & demands.must and not demands.forbids(pair):
            raise DataError(_("{requester}:{candidate} is neither locked nor forbidden", **_named(pair)))
        return self._edited("released", by, why, on, pair)

    def add(self, requester: str, candidate: str, *, by: str, why: str = "", on: date | None = None) -> Plan:
        """Put a pair in and lock it; where a place is missing, the pair with the fewest points that nobody locked goes.

        Raises
        ------
        DataError
            When it is in the plan already, a coordinator or a rule forbids it, all places are locked, or the plan is
            published.
        """
        pair = self._open_to((requester, candidate))
        if pair in self.pairs:
            raise DataError(_("{requester}:{candidate} is in this plan already; lock it instead", **_named(pair)))
        if self._demands().forbids(pair):
            raise DataError(_("{requester}:{candidate} was forbidden; release it first", **_named(pair)))
        return self._edited("added", by, why, on, pair)

    def leave_out(self, person: str, *, by: str, why: str = "", on: date | None = None) -> Plan:
        """Take somebody out who drops out, with all their pairs; `resolve` finds others for those concerned.

        Raises
        ------
        DataError
            When the person is out already or takes no part, or the plan is published.
        """
        self._refuse_published()
        if person in self._demands().left_out:
            raise DataError(_("{id} was left out already", id=person))
        members = self._scene().members()
        if person not in members.requesters and person not in members.candidates:
            raise UnknownIdError(_("{id!r} takes no part in kind {kind!r}", id=person, kind=self.document.kind))
        return self._edited("left_out", by, why, on, person=person)

    def publish(self, *, by: str, why: str = "", on: date | None = None) -> Plan:
        """Make the draft the plan; nothing can be changed afterwards.

        Raises
        ------
        DataError
            When it is published already, or a pair in it is no longer allowed.
        """
        self._refuse_published()
        task = self._task()
        kept = set(_by_points(task, task.positions(self.pairs)))
        gone = [f"{r}:{c}" for r, c in self.pairs if task.position((r, c)) not in kept]
        if gone:
            raise DataError(_("some pairs are no longer possible; resolve the plan before it is published"), gone)
        decisions = (*self.document.decisions, self._decision("published", by, why, on))
        self.ground.published(self.document.kind, self.pairs, by, why)
        return replace(self, document=self.document.model_copy(update={"status": "published", "decisions": decisions}))

    # ------------------------------------------------------------------ what a method decides

    def resolve(self, *, afresh: bool = False, on: date | None = None) -> Plan:
        """Solve the rest again around what people decided.

        As many people as possible have somebody, as many pairs as possible stay, and then the joint value counts;
        `afresh` decides anew by the plan's method, whatever the pairs were. The document says who moved and why.

        Raises
        ------
        DataError, InfeasibleError
            Where demands contradict each other, a rule, or the data as they are now; or the plan is published.
        """
        self._refuse_published()
        self._refuse_without_rankings()
        scene, demands, order = self._scene(), self._demands(), self._order()
        every = self._compared(scene, demands, order)
        by = order.method if afresh else _METHOD_AGAIN
        if afresh:
            solved = solve(scene, self.ground.registry, demands, order, every)
        else:
            solved = rearrange(scene, self.ground.registry, demands, order, every, self.pairs)
        decisions = (*self.document.decisions, self._decision("resolved", by, "", on))
        document = write_down(
            self.ground, scene, solved.task, solved.assignment, order, decisions, self.document, solved=True
        )
        return self.with_document(document, solved.task.every)

    # ------------------------------------------------------------------ on paper

    def to_json(self) -> str:
        """Return the plan as one JSON document, which `open_plan` reads."""
        return self.document.model_dump_json(indent=2)

    def save(self, path: str | Path) -> None:
        """Write the plan to a file."""
        write_private(Path(path), self.to_json() + "\n")

    # ------------------------------------------------------------------ inside

    @property
    def _mutual(self) -> bool:
        return self.document.requester == self.document.candidate

    def _open_to(self, pair: Pair) -> Pair:
        """Refuse a plan that cannot change; name a pair as the plan has it, where pairs have no direction."""
        self._refuse_published()
        return pair[::-1] if self._mutual and pair not in self.pairs and pair[::-1] in self.pairs else pair

    def _scene(self) -> Scene:
        return with_most(self.ground.scene(), self.document.each_most)

    def _demands(self) -> Demands:
        vetoed = self.ranked.vetoed if self.ranked is not None else frozenset()
        return demands_of(self.document.decisions, vetoed, mutual=self._mutual)

    def _order(self) -> Order:
        return Order(self.document.method, self.document.settings, self.document.seed, self.ranked)

    def _compared(self, scene: Scene, demands: Demands, order: Order) -> Pairs:
        """All pairs, compared once as long as the data stay the same and nobody demands one that was not looked at."""
        if self.compared is not None:
            stamp, every = self.compared
            whole = bool(every.whole.all()) or demands.must == self._demands().must
            if stamp == (id(scene.pool), scene.pool.generation) and whole:
                return every
        return compare(scene, demands, order)

    def with_document(self, document: PlanDocument, every: Pairs) -> Plan:
        """Return a plan with another document, for which these pairs were compared."""
        pool = self._scene().pool
        return replace(self, document=document, compared=((id(pool), pool.generation), every))

    def _task(self) -> Task:
        scene, demands, order = self._scene(), self._demands(), self._order()
        task = make_task(scene, self._compared(scene, demands, order), demands, order.seed)
        return task if self.ranked is None else self.ranked.applied(task)

    def _edited(
        self, action: Action, by: str, why: str, on: date | None, pair: Pair | None = None, *, person: str | None = None
    ) -> Plan:
        """Return the plan after one decision of a person."""
        self._refuse_without_rankings()
        decision = self._decision(action, by, why, on, pair=pair, person=person)
        decisions = (*self.document.decisions, decision)
        after = replace(self, document=self.document.model_copy(update={"decisions": decisions}))
        scene, demands, order = after._scene(), after._demands(), after._order()
        every = self._compared(scene, demands, order)
        refuse_contradictions(scene, every, demands)
        task = make_task(scene, every, demands, order.seed)
        task = task if self.ranked is None else self.ranked.applied(task)
        chosen = task.positions([*self.pairs, *([pair] if action == "added" and pair else [])])
        assignment = Assignment(_within_places(task, chosen), finished=self.document.reproducible)
        document = write_down(self.ground, scene, task, assignment, order, decisions, self.document, solved=False)
        return after.with_document(document, every)

    def _decision(
        self,
        action: Action,
        by: str,
        why: str,
        on: date | None,
        *,
        pair: Pair | None = None,
        person: str | None = None,
    ) -> Decision:
        try:
            return Decision(
                number=len(self.document.decisions) + 1,
                action=action,
                by=by,
                on=on or datetime.now(UTC).date(),
                why=why,
                requester_id=pair[0] if pair else None,
                candidate_id=pair[1] if pair else None,
                person_id=person,
            )
        except ValidationError as error:
            raise DataError(_("this decision cannot be recorded"), describe_validation(error, Decision)) from None

    def _refuse_published(self) -> None:
        if self.document.status == "published":
            last = self.document.decisions[-1]
            told = N_("this plan was published on {day} by {by} and cannot be changed; make a new draft")
            raise DataError(_(told, day=last.on, by=last.by))

    def _refuse_without_rankings(self) -> None:
        if self.document.two_stage and self.ranked is None:
            raise DataError(_("people had a say in this plan; open it with their rankings before you change it"))

    def _refuse_strangers(self, pair: Pair) -> None:
        scene = self._scene()
        scene.pool.requester_row(pair[0], scene.kind)
        scene.candidate_row(pair[1])


def with_most(scene: Scene, each_most: int) -> Scene:
    """The same scene with another number of candidates for each requester."""
    assign = scene.kind.config.assign
    if assign.each_most == each_most:
        return scene
    changed: Mapping[str, Any] = {"each_most": each_most, "each_least": min(assign.each_least, each_most)}
    config = scene.kind.config.model_copy(update={"assign": assign.model_copy(update=dict(changed))})
    return replace(scene, kind=replace(scene.kind, config=config))


def _within_places(task: Task, chosen: IntArray) -> IntArray:
    """Let go of pairs with the fewest points, locked ones last, until nobody has more than their places."""
    pairs = task.pairs
    asking, giving = task.places.requester.copy(), task.places.candidate.copy()
    kept = []
    for at in _by_points(task, chosen):
        one, other = int(pairs.requester[at]), int(pairs.candidate[at])
        if asking[one] > 0 and giving[other] > 0:
            kept.append(at)
            asking[one] -= 1
            giving[other] -= 1
            if task.mutual:
                asking[other] -= 1
                giving[one] -= 1
    return np.array(sorted(kept), np.int64)


def _by_points(task: Task, chosen: IntArray) -> Iterator[int]:
    """Pairs with the most points first, locked ones before them, as far as everybody allows so many."""
    pairs, must = task.pairs, task.problem.must
    lot = task.problem.requester_lottery[pairs.requester[chosen]]
    return within_caps(task.problem, chosen[np.lexsort((lot, -pairs.points[chosen], ~must[chosen]))].tolist())


def _named(pair: Pair) -> dict[str, str]:
    return {"requester": pair[0], "candidate": pair[1]}
