"""Rounds of short meetings: checked by code that does not know how they are made (domain.md I9)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.errors import DataError
from matchengine.planning.mixer import faults, optimistic, pool_rounds, two_sided_rounds
from matchengine.planning.mixer_rounds import dealt
from matchengine.planning.mixer_tables import template
from tests.properties.populations import holds_for, quick


def lottery(number: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).permutation(number).astype(np.uint64)


def as_tables(found: np.ndarray, right: int) -> np.ndarray:
    """Partners of the left side as tables of both."""
    rounds, left = found.shape
    out = np.full((rounds, left + right), -1)
    for turn, of_round in enumerate(found):
        for one, other in enumerate(of_round):
            if other >= 0:
                assert out[turn, left + other] < 0, "somebody meets two people at once"
                out[turn, one] = out[turn, left + other] = other
    return out


def check(found: np.ndarray, worth: np.ndarray) -> int:
    """Fail on any fault but an uneven spread, which is returned."""
    left, right = worth.shape
    may = np.zeros((left + right,) * 2, np.bool_)
    may[:left, left:] = ~np.isnan(worth)
    sides = np.arange(left), np.arange(left, left + right)
    wrong = faults(as_tables(found, right), may | may.T, sides)
    assert not len(wrong.twice)
    assert not len(wrong.forbidden)
    assert not wrong.double
    return wrong.spread


@st.composite
def sides(draw, most: int = 6):
    left, right = draw(st.integers(1, most)), draw(st.integers(1, most))
    worth = np.array(draw(st.lists(st.floats(0, 1), min_size=left * right, max_size=left * right)))
    may = np.array(draw(st.lists(st.integers(0, 3), min_size=left * right, max_size=left * right))) > 0
    return np.where(may, worth, np.nan).reshape(left, right)


@quick
@given(sides(12), st.integers(1, 6), st.one_of(st.none(), st.integers(1, 4)))
def test_nobody_meets_twice_or_whom_they_may_not(worth, rounds, tables):
    found = two_sided_rounds(worth, rounds, (lottery(len(worth)), lottery(worth.shape[1], 1)), tables)
    assert found.shape == (rounds, len(worth))
    check(found, worth)
    if tables is not None:
        assert ((found >= 0).sum(axis=1) <= tables).all()


@quick
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 6), st.integers(0, 99))
def test_where_all_may_meet_everybody_gets_the_same_number_or_one_less(left, right, rounds, seed):
    worth = np.random.default_rng(seed).random((left, right))
    found = two_sided_rounds(worth, rounds, (lottery(left), lottery(right, 1)))
    assert check(found, worth) <= 1
    assert (found >= 0).sum() == min(min(left, right) * rounds, left * right)


@quick
@given(sides(3), st.integers(1, 2))
def test_no_other_schedule_is_fuller_or_as_full_as_even_and_worth_more(worth, rounds):
    """Brute force over all sets of pairs in which nobody has more meetings than there are rounds."""
    left, right = np.nonzero(~np.isnan(worth))
    found = two_sided_rounds(worth, rounds, (lottery(len(worth)), lottery(worth.shape[1], 1)))

    def reward(pairs):
        """Full first, then even: a first meeting of anybody is worth more than a second one."""
        counts = [np.bincount(side[list(pairs)], minlength=1) for side in (left, right)]
        return sum((rounds + 1) * c - c * (c - 1) / 2 for of_side in counts for c in of_side.tolist())

    best = (-1.0, -1.0)
    for size in range(len(left) + 1):
        for pairs in itertools.combinations(range(len(left)), size):
            chosen = list(pairs)
            if all(np.bincount(side[chosen], minlength=1).max() <= rounds for side in (left, right)):
                best = max(best, (reward(pairs), round(float(worth[left[chosen], right[chosen]].sum()), 9)))
    got = [(one, int(other)) for turn in found for one, other in enumerate(turn) if other >= 0]
    places = {(int(a), int(b)): n for n, (a, b) in enumerate(zip(left, right, strict=True))}
    chosen = [places[pair] for pair in got]
    assert reward(chosen) == best[0]
    assert worth[left[chosen], right[chosen]].sum() == pytest.approx(best[1], abs=1e-6)


@quick
@given(st.integers(0, 999), st.integers(1, 6))
def test_any_pairs_can_be_dealt_out_evenly(seed, rounds):
    random = np.random.default_rng(seed)
    left, right = np.nonzero(random.random((8, 6)) < 0.4)
    while len(left) and max(np.bincount(left).max(), np.bincount(right).max()) > rounds:
        left, right = left[1:], right[1:]
        keep = random.permutation(len(left))
        left, right = left[keep], right[keep]
    when = dealt(left, right, rounds)
    for turn in range(rounds):
        of_round = when == turn
        assert len(set(left[of_round])) == len(set(right[of_round])) == of_round.sum()
    counts = np.bincount(when, minlength=rounds)
    assert counts.max() - counts.min() <= 1


def test_too_many_meetings_cannot_be_dealt_out():
    with pytest.raises(ValueError, match="more meetings than there are rounds"):
        dealt(np.array([0, 0]), np.array([0, 1]), 1)
    with pytest.raises(ValueError, match="rounds and tables"):
        dealt(np.array([0, 1]), np.array([0, 1]), 1, 1)


@pytest.mark.parametrize(
    ("number", "rounds", "seats", "tables"),
    [(12, 11, 2, 6), (13, 12, 2, 7), (25, 5, 5, 5), (20, 5, 4, 5), (21, 7, 3, 7)],
)
def test_known_plans_repeat_nobody(number, rounds, seats, tables):
    plan = template(number, rounds, seats, tables)
    assert plan is not None
    wrong = faults(plan, np.ones((number, number), np.bool_))
    assert not len(wrong.twice)
    assert max(np.bincount(of_round).max() for of_round in plan) <= seats


def test_no_plan_is_claimed_where_none_is_known():
    assert template(12, 12, 2, 6) is None  # more rounds than others to meet
    assert template(24, 4, 4, 6) is None  # 2 and 3 divide 6
    assert template(20, 6, 4, 5) is None
    assert template(9, 2, 4, 2) is None  # too few seats


@holds_for(
    st.integers(2, 16), st.integers(2, 5), st.integers(1, 5), st.one_of(st.none(), st.integers(1, 3)), st.integers(0, 9)
)
def test_tables_of_a_pool_repeat_nobody_and_hold_no_more_than_their_seats(number, seats, rounds, tables, seed):
    random = np.random.default_rng(seed)
    worth = random.random((number, number))
    worth = (worth + worth.T) / 2
    worth[np.triu(random.random((number, number)) < 0.1, 1)] = np.nan
    worth = worth + 0 * worth.T
    found = pool_rounds(worth, rounds, lottery(number), seats=seats, tables=tables, seed=seed)
    wrong = faults(found, ~np.isnan(worth))
    assert not len(wrong.twice)
    assert not len(wrong.forbidden)
    for of_round in found:
        sizes = np.bincount(of_round[of_round >= 0])
        assert (sizes[sizes > 0] >= 2).all()
        assert sizes.max(initial=0) <= seats
        assert (sizes > 0).sum() <= (tables or number)


@pytest.mark.parametrize(
    ("number", "seats", "rounds", "tables"), [(16, 4, 3, None), (18, 4, 4, 3), (30, 5, 4, None), (11, 2, 6, None)]
)
def test_where_all_may_meet_everybody_sits_as_often_or_once_less(number, seats, rounds, tables):
    worth = np.random.default_rng(0).random((number, number))
    worth = (worth + worth.T) / 2
    found = pool_rounds(worth, rounds, lottery(number), seats=seats, tables=tables)
    wrong = faults(found, np.ones((number, number), np.bool_))
    assert wrong.spread <= 1
    seated = min(number, (tables or number) * seats)
    assert ((found >= 0).sum(axis=1) >= seated - seated % 2 * (seats == 2)).all()


def test_tables_gather_those_who_are_worth_meeting():
    """Better than nine of ten random schedules that repeat nobody either."""
    random = np.random.default_rng(1)
    worth = random.random((12, 12))
    worth = (worth + worth.T) / 2

    def value(tables):
        met = sum((t[:, None] == t[None]) & (t >= 0)[:, None] for t in tables)
        np.fill_diagonal(met, 0)
        return float((met * worth).sum())

    plan = template(12, 3, 2, 6)
    others = [value(plan[:, random.permutation(12)]) for _ in range(200)]
    assert value(pool_rounds(worth, 3, lottery(12))) > np.quantile(others, 0.99)


def test_the_order_of_people_does_not_matter():
    random = np.random.default_rng(2)
    worth = random.random((7, 5))
    lots = lottery(7), lottery(5, 1)
    left, right = random.permutation(7), random.permutation(5)
    found = two_sided_rounds(worth, 3, lots)
    turned = two_sided_rounds(worth[np.ix_(left, right)], 3, (lots[0][left], lots[1][right]))
    assert (np.where(turned >= 0, right[turned], -1) == found[:, left]).all()
    pool = random.random((9, 9))
    pool = (pool + pool.T) / 2
    order, lots = random.permutation(9), lottery(9)
    assert (
        pool_rounds(pool[np.ix_(order, order)], 3, lots[order], seats=3)
        == pool_rounds(pool, 3, lots, seats=3)[:, order]
    ).all()


def test_the_checker_finds_what_is_wrong():
    may = np.ones((4, 4), np.bool_)
    may[0, 3] = may[3, 0] = False
    wrong = faults(np.array([[0, 0, 1, 1], [0, 0, -1, -1], [2, -1, -1, 2]]), may)
    assert wrong.twice.tolist() == [[0, 1]]
    assert wrong.forbidden.tolist() == [[0, 3]]
    assert wrong.spread == 2


def test_ignorance_is_worth_a_look():
    assert optimistic(np.array([0.5, 0.5]), np.array([1.0, 0.2])).tolist() == pytest.approx([0.5, 0.62])


@pytest.mark.parametrize(("rounds", "tables"), [(0, None), (1, 0)])
def test_what_makes_no_sense_is_refused(rounds, tables):
    with pytest.raises(DataError, match="expected at least 1"):
        two_sided_rounds(np.ones((1, 1)), rounds, (lottery(1), lottery(1)), tables)
    with pytest.raises(DataError, match="expected at least 2"):
        pool_rounds(np.ones((2, 2)), 1, lottery(2), seats=1)


def test_nobody_comes():
    assert two_sided_rounds(np.zeros((0, 3)), 2, (lottery(0), lottery(3))).shape == (2, 0)
    assert pool_rounds(np.zeros((0, 0)), 2, lottery(0)).shape == (2, 0)
