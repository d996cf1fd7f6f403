"""The prior is chosen on people held out, and weights are tried on people from whom nothing was learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.inference.intervals import compare
from matchengine.learning.tuning import agreement, choose_tau, judge_means, trial
from matchengine.learning.weights import TAUS, Weights
from tests.learning.tables import TRUE, permuted, table


def test_agreement_counts_a_tie_half() -> None:
    made = table(2, 2)
    values = made.values.copy()
    values[made.better[0]] = values[made.worse[0]]
    got = agreement(replace(made, values=values), TRUE)
    assert got[0] == 0.5
    assert set(got[1:]) <= {0.0, 1.0}


def test_means_are_weighted_and_by_judge() -> None:
    made = table(2, 3)
    got = judge_means(made, np.array([1, 0, np.nan, 0, 0, 1.0]), np.array([1, 3, 9, 1, 1, 2.0]))
    assert got == pytest.approx({"j0": 0.25, "j1": 0.5})


def test_clear_preferences_loosen_the_prior_and_coins_do_not() -> None:
    clear = table(120, 6, noise=0.0)
    rows = np.arange(len(clear.preferences))
    assert choose_tau(clear, rows, clear.weights) < TAUS[-1]
    coins = permuted(clear)
    assert choose_tau(coins, rows, coins.weights) == TAUS[-1]


@pytest.mark.parametrize(("cohorts", "by"), [(0, "other_people"), (6, "other_cohorts"), (9, "later_cohorts")])
def test_learned_weights_do_better_on_people_they_have_not_seen(cohorts: int, by: str) -> None:
    made = table(90, 4, cohorts=cohorts)
    tried = trial(made, made.weights)
    assert tried is not None
    assert tried.by == by
    assert tried.learned.mean() > tried.default.mean() + 0.1
    expected = {f"j{n}" for n in range(90) if cohorts != 9 or n % 9 >= 3}
    assert set(tried.judges) == expected
    assert len(set(tried.clusters)) == {0: 90, 6: 6, 9: 6}[cohorts]


def test_nothing_is_tried_where_nobody_can_be_held_out() -> None:
    made = table(1, 5)
    assert trial(made, made.weights) is None


@pytest.mark.parametrize(("programmes", "most"), [(8, 1), pytest.param(100, 5, marks=pytest.mark.slow)])
def test_coins_are_found_better_in_at_most_one_of_twenty_programmes(programmes: int, most: int) -> None:
    """Permuted preferences lead to an interval above 0 in at most 5 % of programmes (adoption gate)."""
    adopted = 0
    for seed in range(programmes):
        made = permuted(table(40, 4, cohorts=6, seed=seed), seed + 100)
        tried = trial(made, made.weights)
        assert tried is not None
        adopted += compare(left=tried.learned, right=tried.default, cluster=list(tried.clusters)).low > 0
    assert adopted <= most


def test_where_the_configured_weights_are_right_nothing_is_gained() -> None:
    made = table(90, 4, Weights({}, {}), cohorts=6)
    tried = trial(made, made.weights)
    assert tried is not None
    assert abs(tried.learned.mean() - tried.default.mean()) < 0.02
