"""The two-stage flow from end to end: shortlists, a mixer, both sides rank and veto, a stable draft (domain.md E, I9).

Stability is checked twice: by `planning.assign.blocking`, and from the rankings themselves, by hand.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

import matchengine as me
from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.programme.mixer import MixerAims
from matchengine.programme.plan import Plan
from matchengine.records.plan import Ranking
from tests.programme.test_shortlists import crowd
from tests.support import engine

MENTEES, MENTORS, EACH, ROUNDS = 14, 9, 5, 4
DAY = date(2026, 3, 10)
Lists = dict[str, tuple[str, ...]]
Pair = tuple[str, str]


@pytest.fixture(scope="module", name="made")
def _made() -> me.Engine:
    made = engine()
    made.load(crowd(MENTEES, MENTORS))
    return made


@pytest.fixture(scope="module", name="lists")
def _lists(made: me.Engine) -> Lists:
    found = made.shortlists("mentor", EACH)
    return {person: tuple(s.candidate_id for s in of) for person, of in found.lists.items()}


@pytest.fixture(scope="module", name="met")
def _met(made: me.Engine) -> set[frozenset[str]]:
    schedule = made.mixer("mentor", aims=MixerAims(rounds=ROUNDS))
    return {frozenset(table.person_ids) for each in schedule.rounds for table in each.tables}


@pytest.fixture(scope="module", name="said")
def _said(lists: Lists, met: set[frozenset[str]]) -> tuple[Ranking, ...]:
    """What both sides say: whom they met comes first, in an order of their own; some veto one of those they saw."""
    draw = np.random.default_rng(11)
    saw: dict[str, list[str]] = {person: list(others) for person, others in lists.items()}
    for person, others in lists.items():
        for other in others:
            saw.setdefault(other, []).append(person)
    told = []
    for n, (person, others) in enumerate(sorted(saw.items())):
        order = draw.permutation(sorted(others)).tolist()
        order.sort(key=lambda other: frozenset((person, other)) not in met)
        vetoed = order[-1:] if n % 3 == 0 and len(order) > 3 else []
        ranked = [other for other in order if other not in vetoed]
        told.append(Ranking(person_id=person, ranked=tuple(ranked), vetoed=tuple(vetoed)))
    return tuple(told)


def vetoes(said: tuple[Ranking, ...]) -> set[frozenset[str]]:
    return {frozenset((each.person_id, other)) for each in said for other in each.vetoed}


def possible(lists: Lists, said: tuple[Ranking, ...]) -> set[Pair]:
    """The pairs on a shortlist that nobody vetoed; in this programme no rule forbids any."""
    every = {(person, other) for person, others in lists.items() for other in others}
    return {pair for pair in every if frozenset(pair) not in vetoes(said)}


def blocked_by_hand(made: me.Engine, plan: Plan, open_to: set[Pair], said: tuple[Ranking, ...]) -> list[Pair]:
    """Pairs both of whom would rather have each other, read off what they said and the places they have."""
    place = {(each.person_id, other): n for each in said for n, other in enumerate(each.ranked)}
    places = made.members("mentor").places
    has: dict[str, list[str]] = {}
    for pair in plan.pairs:
        for one, other in (pair, pair[::-1]):
            has.setdefault(one, []).append(other)

    def would(person: str, other: str, room: int) -> bool:
        own = has.get(person, [])
        return len(own) < room or place[person, other] < max(place[person, each] for each in own)

    loose = open_to - set(plan.pairs)
    return sorted(p for p in loose if would(p[0], p[1], 1) and would(p[1], p[0], places[p[1]]))


# ---------------------------------------------------------------- first stage


def test_everybody_sees_five_and_nobody_meets_the_same_person_twice(
    made: me.Engine, lists: Lists, met: set[frozenset[str]]
) -> None:
    assert {len(of) for of in lists.values()} == {EACH}
    assert len(lists) == MENTEES
    schedule = made.mixer("mentor", aims=MixerAims(rounds=ROUNDS))
    tables = [frozenset(table.person_ids) for each in schedule.rounds for table in each.tables]
    assert len(tables) == len(set(tables)) == ROUNDS * MENTORS
    assert met & {frozenset((person, other)) for person, others in lists.items() for other in others}


# ---------------------------------------------------------------- second stage


@pytest.mark.parametrize("method", [None, "stable", "eps_stable"])
def test_no_pair_would_rather_have_each_other(
    made: me.Engine, lists: Lists, said: tuple[Ranking, ...], method: str | None
) -> None:
    plan = made.assign("mentor", method=method, rankings=said, shortlists=lists)
    document, open_to = plan.document, possible(lists, said)
    assert document.method == (method or "stable")
    assert (document.two_stage, document.ranked) == (True, len(said))
    assert set(plan.pairs) <= open_to
    load = Counter(mentor for _mentee, mentor in plan.pairs)
    assert all(n <= made.members("mentor").places[mentor] for mentor, n in load.items())
    task = plan._task()
    chosen = task.positions(plan.pairs)
    assert {task.ids(n) for n in range(len(task.problem))} == open_to
    epsilon = 0.05 if method == "eps_stable" else 0.0
    assert blocking_pairs(task.problem, chosen, epsilon=epsilon).count == 0
    if method != "eps_stable":
        assert document.summary.blocking_pairs == 0
        assert blocked_by_hand(made, plan, open_to, said) == []


def test_the_checker_by_hand_notices_a_draft_that_is_not_stable(
    made: me.Engine, lists: Lists, said: tuple[Ranking, ...]
) -> None:
    plan = made.assign("mentor", method="random", rankings=said, shortlists=lists)
    by_hand = blocked_by_hand(made, plan, possible(lists, said), said)
    assert by_hand
    assert len(by_hand) == plan.document.summary.blocking_pairs


def test_eps_stable_serves_no_fewer_than_stable(made: me.Engine, lists: Lists, said: tuple[Ranking, ...]) -> None:
    stable, loose = (
        made.assign("mentor", method=method, rankings=said, shortlists=lists).document.summary.matched
        for method in ("stable", "eps_stable")
    )
    assert loose >= stable


# ---------------------------------------------------------------- vetoes


def everywhere(plan: Plan) -> set[frozenset[str]]:
    """Every two people whom a plan names beside each other: pairs, next best, nearest options, moves."""
    document = plan.document
    found = {frozenset(pair) for pair in plan.pairs}
    found |= {frozenset((each.requester_id, each.candidate_id)) for each in document.alternates}
    found |= {frozenset((each.person_id, near.other_id)) for each in document.unmatched for near in each.nearest}
    found |= {frozenset((move.requester_id, other)) for move in document.moves for other in move.now}
    for each in document.unmatched:
        named = [other for other in (*MENTEE_IDS, *MENTOR_IDS) if any(other in c.text.split() for c in each.changes)]
        found |= {frozenset((each.person_id, other)) for other in named}
    return found


MENTEE_IDS = tuple(f"a-{n:02}" for n in range(MENTEES))
MENTOR_IDS = ("m-star", *(f"m-{n:02}" for n in range(1, MENTORS)))


@pytest.mark.parametrize("method", ["stable", "eps_stable", "rsd", "leximin"])
def test_a_vetoed_pair_is_nowhere_however_the_plan_goes_on(
    made: me.Engine, lists: Lists, said: tuple[Ranking, ...], method: str
) -> None:
    refused = vetoes(said)
    assert len(refused) > 3
    plan = made.assign("mentor", method=method, rankings=said, shortlists=lists)
    gone = plan.leave_out("m-star", by="hb", on=DAY)
    for each in (plan, gone, gone.resolve(on=DAY), gone.resolve(afresh=True, on=DAY)):
        assert not refused & everywhere(each)
        assert "veto" not in each.to_json()


def test_without_shortlists_a_veto_holds_all_the_same(made: me.Engine, said: tuple[Ranking, ...]) -> None:
    plan = made.assign("mentor", rankings=said)
    assert not vetoes(said) & everywhere(plan)
    assert plan.document.alternates


# ---------------------------------------------------------------- somebody drops out


def fewest_moves(made: me.Engine, open_to: set[Pair], before: set[Pair], out: str) -> tuple[int, int]:
    """Most people who can have somebody, and most pairs that can stay then; a matching of people with places."""
    seats = [m for m, n in made.members("mentor").places.items() if m != out for _seat in range(n)]
    worth = np.zeros((MENTEES, len(seats)))
    for row, column in itertools.product(range(MENTEES), range(len(seats))):
        pair = MENTEE_IDS[row], seats[column]
        if pair in open_to:
            worth[row, column] = 100 + (pair in before)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    total = int(worth[rows, columns].sum())
    return divmod(total, 100)


@pytest.mark.parametrize("method", ["stable", "eps_stable"])
def test_a_mentor_drops_out_and_the_most_pairs_stay_and_each_move_says_why(
    made: me.Engine, lists: Lists, said: tuple[Ranking, ...], method: str
) -> None:
    plan = made.assign("mentor", method=method, rankings=said, shortlists=lists)
    before = set(plan.pairs)
    for out in sorted({mentor for _mentee, mentor in before}):
        solved = plan.leave_out(out, by="hb", why="ill", on=DAY).resolve(on=DAY)
        summary, now = solved.document.summary, set(solved.pairs)
        served, kept = fewest_moves(made, possible(lists, said), before, out)
        assert (summary.matched, summary.kept) == (served, kept), out
        assert kept == len(now & before)
        assert out not in {mentor for _mentee, mentor in now}
        changed = {who for who, _other in before ^ now}
        moves = {move.requester_id: move for move in solved.document.moves}
        assert set(moves) == changed
        lost = {who for who, other in before if other == out}
        assert all(moves[who].why == f"{out} no longer takes part." for who in lost)
        assert all(moves[who].why for who in changed)
        assert json.loads(solved.to_json())["moves"]
        assert {d.action for d in solved.document.decisions} == {"assigned", "left_out", "resolved"}
