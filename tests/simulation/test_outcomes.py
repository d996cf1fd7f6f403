"""What becomes of pairs and visits: common random numbers, answers missing not at random, expectations (H11)."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.simulation import (
    Knobs,
    expected_utility,
    populate,
    run_groups,
    run_pairs,
    to_records,
    true_group_utility,
    true_utility,
    unmatched_utility,
    world,
)
from tests.simulation.test_worlds import same
from tests.simulation.twins import dumped, random_pairs, twin

W1 = world("W1")


def test_the_same_seed_gives_the_same_programme_and_the_same_fate() -> None:
    one, other = (populate(Knobs(mentees=40, groups=5), 3) for _time in range(2))
    assert dumped(one.records()) == dumped(other.records())
    same(run_pairs(one, W1, [0, 1], [2, 3], 5), run_pairs(other, W1, [0, 1], [2, 3], 5))
    assert np.array_equal(true_utility(one, W1), true_utility(other, W1))
    third = populate(Knobs(mentees=40, groups=5), 4)
    assert dumped(third.records()) != dumped(one.records())
    assert not np.array_equal(
        run_pairs(one, W1, [0, 1], [2, 3], 6).utility, run_pairs(one, W1, [0, 1], [2, 3], 5).utility
    )


def test_selecting_sorting_and_renaming_people_changes_nothing_about_a_pair() -> None:
    population = twin("W3", 120)
    chosen, picked = [100, 3, 77], [40, 2]
    part = population.subset(chosen, picked)
    whole = true_utility(population, W1)[np.ix_(chosen, picked)]
    assert np.allclose(true_utility(part, W1), whole, atol=1e-12)
    before = run_pairs(population, W1, [100, 77, 3], [2, 40, -1], 9)
    after = run_pairs(part.renamed(["x", "y", "z"], ["p", "q"]), W1, [0, 2, 1], [1, 0, -1], 9)
    assert np.allclose(before.utility, after.utility, atol=1e-12)
    assert np.array_equal(before.met, after.met)
    told = {p.id: p for p in population.records()["people"]}
    assert all(told[p.id] == p for p in part.records()["people"])
    with pytest.raises(DataError, match="renamed"):
        part.renamed(["x", "x", "z"], ["p", "q"])


def test_the_expectation_is_the_mean_over_many_draws() -> None:
    population = twin("W2", 200)
    i, j = random_pairs(population, 60)
    i, j = np.append(i, np.arange(20)), np.append(j, np.full(20, -1))
    mean = np.mean([run_pairs(population, world("W2"), i, j, seed).utility for seed in range(300)], axis=0)
    expected = expected_utility(population, world("W2"), i, j)
    assert abs((mean - expected).mean()) < 0.012
    assert np.corrcoef(mean[:60], expected[:60])[0, 1] > 0.98
    assert np.abs(mean - expected).max() < 0.06
    assert np.allclose(unmatched_utility(population, world("W2"))[:20], expected[60:], atol=1e-12)


def test_ranges_and_what_hangs_together() -> None:
    population = twin("W7")
    i, j = random_pairs(population, 1_000)
    outcome = run_pairs(population, world("W7"), i, j, 2)
    for values in (outcome.utility, outcome.gain, outcome.quality, outcome.mentor_utility):
        assert ((values >= 0) & (values <= 1)).all()
    assert (outcome.meetings == outcome.met.sum(axis=0)).all()
    assert (outcome.months <= 26 * 7 / 30.4 + 0.01).all()
    assert (outcome.months[~outcome.ended].min(), outcome.months[outcome.ended].mean()) > (5.9, 1.0)
    assert 0.15 < outcome.ended.mean() < 0.6
    assert (outcome.gain[outcome.meetings == 0] == 0).all()  # no meeting, no gain
    assert set(np.unique(outcome.satisfaction[np.isfinite(outcome.satisfaction)])) <= {1, 2, 3, 4, 5}


def test_nothing_is_learned_where_the_mentor_knows_nothing_that_is_needed() -> None:
    population = twin("W2", 60)
    nothing = replace(population.mentors, competence=np.zeros_like(population.mentors.competence))
    outcome = run_pairs(replace(population, mentors=nothing), world("W2"), np.arange(20), np.arange(20), 1)
    assert (outcome.gain == 0).all()
    assert outcome.meetings.sum() > 0


def test_ratings_crowd_at_the_top_and_silence_is_bad_news() -> None:
    population = twin("W7")
    i, j = random_pairs(population, 6_000)
    outcome = run_pairs(population, world("W7"), i, j, 2)
    answered = np.isfinite(outcome.satisfaction)
    assert 0.2 < 1 - answered.mean() < 0.6
    assert (outcome.satisfaction[answered] >= 4).mean() > 0.65
    assert outcome.utility[answered].mean() > outcome.utility[~answered].mean() + 0.05
    assert outcome.ended[~answered].mean() > outcome.ended[answered].mean() + 0.1
    assert np.corrcoef(outcome.satisfaction[answered], outcome.quality[answered])[0, 1] > 0.3


def test_who_has_no_mentor_has_no_meetings_and_no_rating() -> None:
    outcome = run_pairs(twin(), W1, np.arange(50), np.full(50, -1), 1)
    assert outcome.months.sum() == outcome.meetings.sum() == outcome.met.sum() == outcome.mentor_utility.sum() == 0
    assert np.isnan(outcome.satisfaction).all()
    assert np.isnan(outcome.mentor_satisfaction).all()
    assert outcome.utility.mean() > 0.2


@pytest.mark.parametrize(
    ("i", "j", "word"),
    [([0, 1], [0], "as many"), ([999], [0], "requester_index"), ([0], [-2], "candidate_index"), ([0.5], [0], "whole")],
)
def test_positions_that_do_not_exist_are_refused(i: list[int], j: list[int], word: str) -> None:
    with pytest.raises(DataError, match=word):
        run_pairs(twin(), W1, i, j, 1)


def test_empty_rounds_and_tiny_programmes_work() -> None:
    population = populate(Knobs(mentees=1, mentees_per_mentor=50.0, groups=0), 0)
    assert true_utility(population, W1).shape == (1, 1)
    assert true_group_utility(population, W1).shape == (1, 0)
    assert len(run_pairs(population, W1, [], [], 1).utility) == 0
    assert len(run_groups(population, W1, [], [], 1).utility) == 0
    told = population.records()
    assert (len(told["people"]), told["groups"], told["relationships"]) == (2, [], [])
    with pytest.raises(DataError, match="seed"):
        populate(Knobs(), -1)


def test_300_mentees_and_120_mentors_are_quick() -> None:
    start = time.process_time()
    population = populate(Knobs(), 12)
    population.records()
    drawn = time.process_time()
    true_utility(population, W1)
    assert drawn - start < 1.0 * 2  # measured .35 s; twice the aim, for a busy machine
    assert time.process_time() - drawn < 2.0 * 2  # measured .6 s


# ---------------------------------------------------------------- groups


def test_residual_true_barriers_and_a_contact_decide_about_the_first_visit() -> None:
    population, w = twin("W7", 300, 1, 60), world("W7")
    i, g = np.repeat(np.arange(300), 4), np.random.default_rng(2).integers(0, 60, 1_200)
    left = (population.mentees.barriers[i] * (1 - population.groups.supports[g])).sum(axis=1)
    outcome = run_groups(population, w, i, g, 3)
    heavy = left > np.median(left)
    assert outcome.first_visit[~heavy].mean() > outcome.first_visit[heavy].mean() + 0.1

    def visited(contact: bool) -> float:
        groups = replace(population.groups, contact=np.full(60, contact))
        return float(run_groups(replace(population, groups=groups), w, i, g, 3).first_visit.mean())

    assert visited(True) > visited(False) + 0.1
    assert 0.3 < outcome.first_visit.mean() < 0.9
    assert (outcome.returned <= outcome.first_visit).all()


def test_stated_supports_move_no_visit() -> None:
    population = twin("W6")
    groups = replace(population.groups, told=np.full_like(population.groups.told, 1.0))
    i, g = np.arange(300), np.arange(300) % 24
    w = world("W6")
    same(run_groups(population, w, i, g, 3), run_groups(replace(population, groups=groups), w, i, g, 3))


def test_unsafe_moments_spread_in_groups_of_risk_c_alone() -> None:
    w, i, g = world("W7"), np.arange(300), np.arange(300) % 6

    def unsafe(risk: int, contagion: float) -> float:
        population = twin("W7", 300, 1, 6)
        knobs = Knobs.model_validate({**dict(population.knobs), "contagion": contagion})
        groups = replace(population.groups, risk=np.full(6, risk))
        return float(run_groups(replace(population, knobs=knobs, groups=groups), w, i, g, 3).felt_unsafe.mean())

    assert unsafe(2, 2.5) > unsafe(2, 0.0) + 0.05
    assert unsafe(0, 2.5) == unsafe(0, 0.0)


def test_cohesion_comes_from_who_is_there() -> None:
    population, w = twin("W1", 300, 1, 6), world("W1")
    order = np.argsort(population.mentees.deep @ population.groups.members[0])
    alike, mixed = order[-40:], np.append(order[:20], order[-20:])
    zeros = np.zeros(40, np.int64)

    def cohesion(who: np.ndarray) -> float:
        return float(np.mean([run_groups(population, w, who, zeros, seed).cohesion[0] for seed in range(6)]))

    assert cohesion(alike) > cohesion(mixed) + 0.05


# ---------------------------------------------------------------- records of a round


def test_a_round_is_written_down_as_a_programme_would() -> None:
    population = twin("W1", 300)
    i, j = np.arange(100), np.append(np.arange(90) % 120, np.full(10, -1))
    outcome = run_pairs(population, W1, i, j, 4)
    written = to_records(population, outcome, started=date(2026, 1, 5), seed=4, propensity=np.full(100, 0.25))
    assert len(written.relationships) == 90
    assert len(written.meetings) == int(outcome.meetings.sum())
    said = [f for f in written.feedback if f.perspective == "requester"]
    assert len(said) == int(np.isfinite(outcome.satisfaction).sum())
    ratings = {f.person_id: f.items.satisfaction for f in said}
    assert all(ratings.get(population.mentees.ids[n], 0) == np.nan_to_num(outcome.satisfaction[n]) for n in range(100))
    ended = [r.status == "ended" for r in written.relationships]
    assert ended == outcome.ended[:90].tolist()
    assert all(r.ends is not None and date(2026, 1, 5) < r.ends <= date(2026, 7, 6) for r in written.relationships)
    assert len(written.propensities) == 90
    assert set(written.propensities.values()) == {0.25}
    assert to_records(population, outcome, started=date(2026, 1, 5)).propensities == {}
    for bad in (np.full(99, 0.5), np.full(100, 0.0), np.full(100, 1.1)):
        with pytest.raises(DataError, match="propensity"):
            to_records(population, outcome, started=date(2026, 1, 5), propensity=bad)


def test_visits_are_written_down_too() -> None:
    population = twin("W7")
    outcome = run_groups(population, world("W7"), np.arange(300), np.arange(300) % 24, 4)
    written = to_records(population, outcome, started=date(2026, 1, 5))
    assert {r.kind for r in written.relationships} == {"membership"}
    assert len(written.meetings) == int(outcome.visits.sum())
    assert len(written.feedback) == int(np.isfinite(outcome.satisfaction).sum())
    assert any(f.items.felt_unsafe for f in written.feedback)
