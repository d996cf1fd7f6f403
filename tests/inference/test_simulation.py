"""The statistics, validated by simulation: coverage, false alarms, power (evaluation.md section 6, domain.md H6, H10).

What was measured goes into the test report (`record_property`); the bounds are those of the specification.
"""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.inference import (
    Sharing,
    check_nulls,
    compare,
    differential_fairness,
    dyadic_spread,
    group_gaps,
    verdicts,
    worst_group,
)

pytestmark = pytest.mark.slow

DRAWS = 1_000


@pytest.fixture
def measured(record_property):
    """Write a figure into the test report."""
    return lambda name, value: record_property(name, float(value))


def cohorts(rng, sizes, icc: float, shift: float = 0.0):
    """Differences of spread 1 around `shift`, alike inside cohorts, and their cohorts."""
    label = np.repeat(np.arange(len(sizes)), sizes)
    between = rng.normal(size=len(sizes))[label] * np.sqrt(icc)
    return shift + between + rng.normal(size=len(label)) * np.sqrt(1 - icc), label


def coverage(make, runs: int) -> float:
    """Share of runs whose interval holds zero, the truth."""
    held = 0
    for run in range(runs):
        values, group = make(np.random.default_rng([9, run]))
        found = compare(values, group, draws=DRAWS, seed=run)
        held += found.low <= 0 <= found.high
    return held / runs


@pytest.mark.parametrize("icc", [0.0, 0.05, 0.2])
@pytest.mark.parametrize("count", [8, 20])
def test_intervals_cover_with_cohorts_of_one_size(count, icc, measured):
    found = coverage(lambda rng: cohorts(rng, [25] * count, icc), 2_000)
    measured("coverage", found)
    assert 0.92 <= found <= 0.97


@pytest.mark.parametrize("icc", [0.0, 0.05, 0.2])
@pytest.mark.parametrize("count", [8, 12, 20])
def test_intervals_cover_with_cohorts_of_5_to_80(count, icc, measured):
    sizes = np.round(np.geomspace(5, 80, count)).astype(int)
    found = coverage(lambda rng: cohorts(rng, sizes, icc), 1_000)
    measured("coverage", found)
    assert 0.92 <= found <= 0.985


@pytest.mark.parametrize("units", [8, 30, 100])
def test_intervals_cover_without_clusters(units, measured):
    found = coverage(lambda rng: (rng.normal(size=units), None), 2_000)
    measured("coverage", found)
    assert 0.92 <= found <= 0.97


@pytest.mark.parametrize("count", [8, 20])
def test_differences_that_are_mostly_zero_are_covered_too(count, measured):
    def sparse(rng):
        label = np.repeat(np.arange(count), 25)
        return rng.choice([-1.0, 0.0, 1.0], len(label), p=[0.15, 0.7, 0.15]), label

    found = coverage(sparse, 1_000)
    measured("coverage", found)
    assert 0.92 <= found <= 0.975


@pytest.mark.parametrize(("count", "icc"), [(8, 0.05), (20, 0.05), (20, 0.2)])
def test_a_declared_family_rarely_errs(count, icc, measured):
    """Five strategies against one baseline, no difference at all; they share the baseline's noise."""
    erred, alone, runs = 0, [], 1_000
    for run in range(runs):
        rng = np.random.default_rng([10, run])
        base, group = cohorts(rng, [25] * count, icc)
        family = [compare(cohorts(rng, [25] * count, icc)[0] - base, group, draws=DRAWS, seed=run) for _n in range(5)]
        erred += any(v.differs for v in verdicts(family, 0.1))
        alone.append(family[0].p_value)
    measured("family", erred / runs)
    measured("alone", check_nulls(alone).share)
    assert erred / runs <= 0.06
    assert check_nulls(alone).passed


@pytest.mark.parametrize(("count", "icc"), [(None, 0.0), (8, 0.05), (20, 0.05), (20, 0.2)])
def test_sameness_is_rarely_claimed_at_the_margin(count, icc, measured):
    """The difference is exactly the margin, the hardest case; the margin is wide enough for the test to have power."""
    margin, said, close, runs = 0.5, 0, 0, 1_500
    for run in range(runs):
        rng = np.random.default_rng([11, run])
        values, group = cohorts(rng, [25] * (count or 4), icc)
        group = None if count is None else group
        one = compare(values + margin, group, draws=DRAWS, seed=run)
        said += verdicts([one], margin)[0].answer == "same"
        close += verdicts([compare(values, group, draws=DRAWS, seed=run)], margin)[0].answer == "same"
    measured("size", said / runs)
    measured("power", close / runs)
    assert said / runs <= 0.06
    assert close / runs > 0.5


def shared_mentors(rng, units: int, mentors: int, effect: float = 0.0, quality: float = 0.4):
    """Two strategies that concentrate on few mentors, not the same: differences, and who shares whom."""
    popular = 1 / (np.arange(mentors) + 3.0)
    popular /= popular.sum()
    left = rng.choice(mentors, units, p=popular)
    right = rng.choice(mentors, units, p=rng.permutation(popular))
    good = rng.normal(size=mentors) * quality
    values = good[left] - good[right] + rng.normal(size=units) + effect
    return values, Sharing(np.tile(np.arange(units), 2), np.append(left, right))


@pytest.mark.parametrize(("units", "mentors"), [(100, 40), (200, 60)])
def test_shared_mentors_fool_the_naive_test_and_not_the_dyadic_one(units, mentors, measured):
    naive, honest, power, runs = 0, 0, 0, 1_500
    for run in range(runs):
        rng = np.random.default_rng([12, run])
        values, sharing = shared_mentors(rng, units, mentors)
        naive += compare(values, draws=DRAWS, seed=run).p_value <= 0.05
        honest += dyadic_spread(values, sharing).spread.p_value() <= 0.05
        power += dyadic_spread(values + 0.5, sharing).spread.p_value() <= 0.05
    measured("naive", naive / runs)
    measured("dyadic", honest / runs)
    measured("power", power / runs)
    assert naive / runs >= 0.09
    assert honest / runs <= 0.06
    assert power / runs >= 0.75


@pytest.mark.parametrize("each", [1, 3])
def test_one_to_one_and_small_capacities_do_not_fool_the_dyadic_test(each, measured):
    """Both strategies use all mentors, so that qualities cancel and products of residuals come out below zero."""
    honest, runs, units = 0, 1_000, 99
    for run in range(runs):
        rng = np.random.default_rng([13, run])
        places = np.repeat(np.arange(units // each), each)
        left, right = rng.permutation(places), rng.permutation(places)
        good = rng.normal(size=units)
        values = good[left] - good[right] + rng.normal(size=units)
        sharing = Sharing(np.tile(np.arange(units), 2), np.append(left, right))
        honest += dyadic_spread(values, sharing).spread.p_value() <= 0.05
    measured("dyadic", honest / runs)
    assert honest / runs <= 0.06


def test_the_worst_of_many_equal_groups_is_not_worse(measured):
    """Domain.md H6: 16 groups of 8, all truly .60: the raw minimum is about .475, shrunk about .584."""
    raw, shrunk, p_values = [], [], []
    for run in range(600):
        outcome = np.random.default_rng([14, run]).normal(0.6, 0.2, 128)
        found = worst_group(outcome, np.repeat(np.arange(16), 8), draws=199, seed=run)
        raw.append(outcome.reshape(16, 8).mean(axis=1).min())
        shrunk.append(found.shrunk)
        p_values.append(found.p_value)
    measured("raw", np.mean(raw))
    measured("shrunk", np.mean(shrunk))
    measured("false alarms", np.mean(np.array(p_values) <= 0.05))
    assert np.mean(raw) == pytest.approx(0.475, abs=0.01)
    assert np.mean(shrunk) == pytest.approx(0.584, abs=0.01)
    assert check_nulls(p_values).passed


@pytest.mark.parametrize(("groups", "each", "mean"), [(4, 50, 0.35), (8, 20, 0.73), (16, 8, 1.32)])
def test_the_null_of_differential_fairness(groups, each, mean, measured):
    """Domain.md H6 gives the null means; here for an outcome that six in ten have."""
    nulls, p_values = [], []
    for run in range(200):
        outcome = np.random.default_rng([15, run]).random(groups * each) < 0.6
        found = differential_fairness(outcome, np.repeat(np.arange(groups), each), draws=199, seed=run)
        nulls.append(found.null_mean)
        p_values.append(found.p_value)
    measured("null", np.mean(nulls))
    assert np.mean(nulls) == pytest.approx(mean, abs=0.05)
    assert check_nulls(p_values).passed


@pytest.mark.parametrize("by", ["nobody", "within", "cohort"])
def test_the_largest_of_many_gaps_rarely_alarms(by, measured):
    p_values = []
    for run in range(400):
        rng = np.random.default_rng([16, run])
        outcome, cohort = cohorts(rng, [20] * 12, 0.0 if by == "nobody" else 0.2)
        levels = rng.integers(0, 3, (240, 3))
        if by == "cohort":
            levels[:, 0] = rng.permutation(12)[cohort] % 2
        found = group_gaps(outcome, levels, None if by == "nobody" else cohort, draws=199, seed=run)
        p_values.append(found.p_value)
    measured("false alarms", np.mean(np.array(p_values) <= 0.05))
    assert check_nulls(p_values).passed
