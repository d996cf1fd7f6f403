"""How likely people say yes to each other: the model, what stays out of it, and why counts must be disjoint."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.history_support import answers, feature, history_engine, with_settings
from tests.support import mentee

from matchengine.engine import Engine
from matchengine.pool.history_effects import Prior, alone, estimate_prior, fit, log_odds, share

Said = list[tuple[str, str, bool]]


def market(size: int = 12, seed: int = 5, skip: tuple[tuple[str, str], ...] = ()) -> Said:
    """Two sides of people who meet half of the other side; readiness and being liked differ between people."""
    rng = np.random.default_rng(seed)
    names = [[f"{side}{n:02}" for n in range(size)] for side in "lr"]
    ready, liked = ({name: rng.normal() for name in names[0] + names[1]} for _ in range(2))
    said: Said = []
    for n, one in enumerate(names[0]):
        for step in range(size // 2 + 1):
            other = names[1][(n + step) % size]
            for a, b in ((one, other), (other, one)):
                said.append((a, b, bool(rng.random() < share(ready[a] + liked[b]))))
    return [each for each in said if each[:2] not in skip]


def met(said: Said, **more: object) -> Engine:
    made = history_engine()
    made.load(
        [mentee(name) for name in sorted({n for a, b, _ in said for n in (a, b)})], feedback=answers(said), **more
    )
    return made


def three(made: Engine, who: str, others: list[str]) -> list[list[float]]:
    return [feature(made, "met", name, who, others) for name in ("accepts", "accepted_by", "usually_accepts")]


# ---------------------------------------------------------------------- the model


def test_the_fit_is_where_the_posterior_is_highest() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.integers(0, 9, 120), rng.integers(9, 20, 120)
    yes, prior = (rng.random(120) < 0.4).astype(float), Prior(0.7, 1.2)
    found = fit(one, other, yes, 22, prior)

    def height(ready: np.ndarray, liked: np.ndarray, base: float) -> float:
        p = share(base + ready[one] + liked[other])
        fits = (yes * np.log(p) + (1 - yes) * np.log(1 - p)).sum()
        shrunk = (ready**2).sum() / prior.ready + (liked**2).sum() / prior.liked + base**2 / 4
        return float(fits - shrunk / 2)

    best = height(*found)
    for _ in range(50):
        moved = (rng.normal(0, 0.05, 22), rng.normal(0, 0.05, 22), rng.normal(0, 0.05))
        assert height(*(of + by for of, by in zip(found, moved, strict=True))) < best
    assert found.ready[9:].tolist() == [0] * 13
    assert found.liked[[20, 21]].tolist() == [0, 0]


def test_one_person_alone_agrees_with_the_fit() -> None:
    offset, yes, prior = np.array([0.5, -0.2, 0.1, 0.9]), np.array([1.0, 0, 1, 1]), Prior(0.7, 1.0)
    whole, but_one = alone(offset, yes, prior)

    def slope(value: float, kept: list[int]) -> float:
        return float((yes[kept] - share(offset[kept] + value)).sum() - value / prior.ready)

    assert slope(whole, [0, 1, 2, 3]) == pytest.approx(0, abs=1e-5)
    for left_out in range(4):
        assert slope(but_one[left_out], [n for n in range(4) if n != left_out]) == pytest.approx(0, abs=1e-5)


def test_the_prior_is_found_in_the_data() -> None:
    """Answers drawn from known variances give them back; answers without differences give the least there is."""
    rng = np.random.default_rng(8)
    one, other = (grid.ravel() for grid in np.meshgrid(np.arange(80), np.arange(80, 160)))
    ready, liked = rng.normal(0, 1.0, 160), rng.normal(0, 0.5, 160)
    drawn = estimate_prior(one, other, (rng.random(6400) < share(0.6 + ready[one] + liked[other])).astype(float), 160)
    assert drawn.ready == pytest.approx(1.0, rel=0.45)
    assert drawn.liked == pytest.approx(0.25, rel=0.45)
    even = estimate_prior(one, other, (rng.random(6400) < 0.5).astype(float), 160)
    assert max(even.ready, even.liked) < 0.1
    none = np.zeros(0, np.int64)
    assert estimate_prior(none, none, np.zeros(0), 4) == Prior(1.0, 1.0)
    everybody = fit(one[:5], other[:5], np.ones(5), 160, Prior(1.0, 1.0))
    assert 0 < everybody.base < 4


def test_share_and_log_odds_are_inverse() -> None:
    assert share(log_odds(np.array([0.01, 0.5, 0.9]))) == pytest.approx([0.01, 0.5, 0.9])


# ---------------------------------------------------------------------- what comes of it


def test_who_is_liked_and_who_says_yes_readily_are_told_apart() -> None:
    names = [f"r{n}" for n in range(8)]
    said: Said = [(f"l{n}", r, r in ("r0", "r1")) for n in range(8) for r in names[:4]]
    said += [(r, f"l{n}", r in ("r0", "r2")) for n in range(8) for r in names[:4]]
    said += [("new", r, True) for r in names[4:]] + [("l0", r, True) for r in names[4:]]
    accepts, accepted_by, usually = three(met(said), "new", names[:4])
    assert min(accepts[:2]) > 0.5 > max(accepts[2:]) - (usually[0] - 0.5)
    assert min(accepted_by[0], accepted_by[2]) > 0.5 > max(accepted_by[1], accepted_by[3])
    assert len(set(usually)) == 1
    assert usually[0] > 0.5


def test_too_few_answers_are_unknown_not_average() -> None:
    said = market()
    made = met([*said, ("l00", "few", True), ("few", "l00", True)])
    accepts, accepted_by, usually = three(made, "l01", ["few", "r08"])
    assert np.isnan([accepts[0], accepted_by[0]]).all()
    assert not np.isnan([accepts[1], accepted_by[1], usually[0]]).any()


def test_without_own_answers_nothing_is_said() -> None:
    made = history_engine()
    said = market()
    made.load([mentee(n) for n in ["new", *sorted({x for s in said for x in s[:2]})]], feedback=answers(said))
    assert np.isnan(three(made, "new", ["l00", "r00"])).all()


def test_answers_until_a_day_alone_count() -> None:
    said = market()
    made = history_engine()
    people = [mentee(n) for n in sorted({x for s in said for x in s[:2]})]
    dated = answers(said[:150], given_at="2025-01-01T00:00:00Z") + answers(said[150:], given_at="2026-01-01T00:00:00Z")
    made.load(people, feedback=dated)
    first = met(said[:150])
    missing = [n for n in sorted({x for s in said for x in s[:2]}) if n not in first._pool.tables["people"].row_of]
    others = ["r00", "r05", "r06"]
    for name in ("accepts", "accepted_by"):
        assert feature(made, "met", name, "l02", others) != feature(first, "met", name, "l02", others)
        cut = feature(with_settings(made, until=date(2025, 6, 1)), "met", name, "l02", others)
        with_settings(made)
        assert cut == feature(first, "met", name, "l02", others)
    assert missing == [] or "l02" not in missing


@pytest.mark.parametrize("who", ["l00", "r03"])
def test_what_two_people_answered_about_each_other_is_not_in_their_numbers(who: str) -> None:
    """Turning the answers of a pair round, or taking them away, moves no number of that pair."""
    said = market()
    other = next(b for a, b, _ in said if a == who)
    turned = [(a, b, yes ^ ({a, b} == {who, other})) for a, b, yes in said]
    plain, changed = met(said), met(turned)
    taken = met(market(skip=((who, other), (other, who))))
    assert plain._pool.derived.acceptance().prior == changed._pool.derived.acceptance().prior
    for name in ("accepts", "accepted_by", "usually_accepts"):
        one = feature(plain, "met", name, who, [other])
        assert one == feature(changed, "met", name, who, [other])
        assert one == feature(taken, "met", name, who, [other])
        assert not np.isnan(one[0])


def test_the_order_of_people_does_not_matter() -> None:
    said = market()
    one = met(said)
    other = history_engine()
    other.load(
        [mentee(n) for n in sorted({x for s in said for x in s[:2]}, reverse=True)], feedback=answers(said[::-1])
    )
    names = [f"r{n:02}" for n in range(12)]
    assert np.array_equal(three(one, "l04", names), three(other, "l04", names))


def test_who_is_liked_by_nearly_everybody_can_be_held_back() -> None:
    made = met(market())
    names = [f"r{n:02}" for n in range(12)]
    plain = feature(made, "met", "accepts", "l00", names)
    held = feature(with_settings(made, popularity_exponent=1.0), "met", "accepts", "l00", names)
    assert np.std(plain) > 0.05
    assert np.std(held) < np.std(plain) / 3


def test_likeness_of_taste_is_used_where_there_is_any() -> None:
    """Two kinds of people who like opposite halves: habits say nothing, those who answered alike do."""
    rng = np.random.default_rng(2)
    likes: Said = [
        (f"l{n:02}", f"r{m:02}", bool(rng.random() < (0.9 if (n + m) % 2 else 0.1)))
        for n in range(24)
        for m in range(20)
        if n or m < 12
    ]
    made = met(likes)
    assert made._pool.derived.acceptance().taste < 64
    found = feature(made, "met", "accepts", "l00", [f"r{m:02}" for m in range(12, 20)])
    assert min(found[1::2]) > max(found[::2])
    even = met([(a, b, bool(rng.random() < 0.5)) for a, b, _ in likes])
    assert even._pool.derived.acceptance().taste >= 64


# ---------------------------------------------------------------------- disjoint counts


def test_popularity_less_ones_own_answer_is_the_label_upside_down_and_ours_is_not() -> None:
    """The trap: among people equally liked, "yes of all others" is lower exactly where one said yes oneself.

    Leaving out who looks, with everything they answered, keeps a pair's answer out of its own number. Over all
    pairs it still leans against the label where the same rows serve for both, so outcomes that are learnt from must lie
    after `until`; numbers from earlier answers do not lean at all.
    """
    rng = np.random.default_rng(11)
    pairs = [(f"l{n:02}", f"r{m:02}") for n in range(16) for m in range(16)]
    early = {pair: bool(rng.random() < 0.5) for pair in pairs}
    late = {pair: bool(rng.random() < 0.5) for pair in pairs}
    total = {m: sum(early[f"l{n:02}", m] for n in range(16)) for _, m in pairs}
    naive = np.array([total[b] - early[a, b] for a, b in pairs], float)
    made = met([(a, b, yes) for (a, b), yes in early.items()])
    ours = np.concatenate(
        [feature(made, "met", "accepts", f"l{n:02}", [f"r{m:02}" for m in range(16)]) for n in range(16)]
    )
    same, later = (np.array([label[pair] for pair in pairs]) for label in (early, late))

    def within(values: np.ndarray, label: np.ndarray) -> float:
        """Mean difference between yes and no among pairs of one candidate."""
        by = np.array([b for _, b in pairs])
        gaps = [values[(by == b) & label].mean() - values[(by == b) & ~label].mean() for b in sorted(total)]
        return float(np.mean(gaps))

    assert within(naive, same) == -1.0
    assert abs(within(naive, later)) < 0.25
    assert abs(within(ours, later)) < 0.02
