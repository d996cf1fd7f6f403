"""A small programme, an assigner that is slow and obviously right, and drafts made with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import matchengine as me
from matchengine.assignment import Assignment, AssignmentProblem, InfeasibleError
from matchengine.components import assigner, specs_in
from matchengine.programme.assign import assign
from matchengine.programme.drafting import Ground
from matchengine.programme.plan import Plan
from tests.support import engine, mentee, mentor

FULLEST = '[match.mentor.assign]\nmethod = "fullest"\n'
TOPICS = ("bread baking", "chess openings", "sailing boats", "garden design")


@assigner("fullest", title="As many as possible", guarantee="As many pairs as possible, then the most joint value.")
def fullest(problem: AssignmentProblem) -> Assignment:
    """Solve one integer programme over all pairs, with every demand as a row."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not len(problem):
        return Assignment(np.zeros(0, np.int64))
    rows: list[Any] = []
    limits: list[tuple[float, float]] = []
    for side, size, least, most in (
        (problem.requester, problem.requesters, problem.requester_least, problem.requester_most),
        (problem.candidate, problem.candidates, problem.candidate_least, problem.candidate_most),
    ):
        rows += [(side == n).astype(float) for n in range(size)]
        limits += list(zip(least.tolist(), most.tolist(), strict=True))
    for pairs, few, many in [(q.pairs, q.least, q.most) for q in problem.quotas] + [
        (p, 0, 1) for p in problem.exclusive
    ]:
        rows.append(np.isin(np.arange(len(problem)), pairs).astype(float))
        limits.append((few, np.inf if many is None else many))
    within = LinearConstraint(np.array(rows), *np.array(limits, float).T)
    bounds = Bounds(problem.must.astype(float), 1)
    found = milp(-(100 + problem.joint), constraints=within, integrality=np.ones(len(problem)), bounds=bounds)
    if found.x is None:
        raise InfeasibleError("nothing meets every demand")
    return Assignment(np.flatnonzero(found.x > 0.5))


class Methods:
    """Offers the assigner of these tests."""

    __name__ = "methods-of-tests"

    def matchengine_components(self) -> list[Any]:
        """Offer it."""
        return list(specs_in(fullest))


def wants(person_id: str, *topics: str, **more: Any) -> dict[str, Any]:
    """Return a mentee who wants these topics and about whom nothing else differs."""
    return mentee(person_id, goals=[{"text": topic} for topic in topics], offers=[], interests=[], **more)


def gives(person_id: str, *topics: str, places: int = 1, **more: Any) -> dict[str, Any]:
    """Return a mentor who gives these topics."""
    told = {"offers": [{"text": topic, "level": 4} for topic in topics], "hopes_to_gain": None, "interests": []}
    return mentor(person_id, **(told | {"capacity": {"mentor": places}} | more))


def loaded(people: Sequence[dict[str, Any]], extra: str = "", plugins: Sequence[object] = (), **more: Any) -> me.Engine:
    """Return an engine over people that knows the assigner of these tests."""
    made = engine(extra if "[match.mentor.assign]" in extra else FULLEST + extra, [Methods(), *plugins])
    made.load(people, **more)
    return made


def ground(made: me.Engine, kind: str = "mentor") -> Ground:
    """Return where a plan stands."""
    return Ground(lambda: made._scene(kind), made.registry, made.fingerprint)


def planned(people: Sequence[dict[str, Any]], extra: str = "", **more: Any) -> Plan:
    """Return a draft for people; `more` are demands."""
    return assign(ground(loaded(people, extra)), **more)


def three() -> list[dict[str, Any]]:
    """Three mentees and three mentors with one place each: `a` wants what `m` gives, `b` `n`, `c` `o`."""
    asking = [wants(who, topic) for who, topic in zip("abc", TOPICS, strict=False)]
    return asking + [gives(who, topic) for who, topic in zip("mno", TOPICS, strict=False)]
