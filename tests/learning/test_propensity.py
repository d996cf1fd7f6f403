"""Preferences weighed by how likely both pairs were to be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from matchengine.inference.offpolicy import effective_sample
from matchengine.learning.propensity import MOST, seen_weights
from matchengine.learning.weights import Weights, fit, totals
from matchengine.records.learning import Shown
from tests.learning.tables import TRUE, table


def shown(made, chance) -> list[Shown]:  # type: ignore[no-untyped-def]
    told = {}
    for n, each in enumerate(made.preferences):
        for pair in (each.better, each.worse):
            told[pair] = Shown(requester_id=pair[0], candidate_id=pair[1], propensity=chance(n))
    return list(told.values())


def test_without_every_propensity_there_is_no_weighing() -> None:
    made = table(4, 2)
    assert seen_weights(made, []) is None
    assert seen_weights(made, shown(made, lambda n: 0.5)[:-1]) is None


def test_equal_propensities_change_nothing() -> None:
    made = table(10, 2)
    got = seen_weights(made, shown(made, lambda n: 0.3))
    assert got is not None
    assert got == pytest.approx(made.weights)
    assert effective_sample(got) == pytest.approx(20)


def test_rare_pairs_count_more_up_to_a_limit_and_the_sum_stays() -> None:
    made = table(100, 1)
    got = seen_weights(made, shown(made, lambda n: 0.01 if n == 0 else 1.0))
    assert got is not None
    assert got.sum() == pytest.approx(made.weights.sum())
    assert got.max() / np.median(got) == pytest.approx(MOST)
    assert effective_sample(got) < 100


@pytest.mark.parametrize("wrong", [0.0, 1.1, -0.2])
def test_a_chance_is_above_zero_and_at_most_one(wrong: float) -> None:
    with pytest.raises(ValidationError):
        Shown(requester_id="a", candidate_id="m", propensity=wrong)


def test_weighing_undoes_who_was_heard() -> None:
    """Two kinds of requesters want different things; one kind is heard a quarter as often. Weighing finds the mean."""
    one, other = Weights({"need": 0.7, "relate": 0.15, "feasible": 0.15}, {}), TRUE
    whole = table(400, 4, seed=3)
    likes_need = np.arange(len(whole.preferences)) % 2 == 0
    want = np.where(likes_need, *(np.sign(_apart(whole, of)) for of in (one, other)))
    better = np.where(want > 0, whole.better, whole.worse)
    worse = np.where(want > 0, whole.worse, whole.better)
    whole = replace(whole, better=better, worse=worse)
    heard = np.flatnonzero(~likes_need | (np.random.default_rng(0).random(len(want)) < 0.25))
    part = replace(
        whole, better=better[heard], worse=worse[heard], preferences=tuple(whole.preferences[n] for n in heard)
    )
    weights = np.where(likes_need[heard], 4.0, 1.0)
    target, naive, weighed = (fit(*of).weights for of in ((whole, 30.0), (part, 30.0), (part, 30.0, None, weights)))
    assert abs(weighed.blocks["need"] - target.blocks["need"]) < 0.5 * abs(naive.blocks["need"] - target.blocks["need"])


def _apart(made, weights):  # type: ignore[no-untyped-def]
    score = totals(made, weights, 0.5)
    return score[made.better] - score[made.worse]
