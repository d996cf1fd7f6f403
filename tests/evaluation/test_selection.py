"""Known outcomes, ties and logged chances: how far a strategy's figures can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.comparison import Case, Lists
from matchengine.evaluation.selection import FEWEST, selection_of, selection_sentences, told_of
from matchengine.records.evaluation import SelectionResult


def lists(people: int, candidates: int, score: np.ndarray, gain: np.ndarray) -> Lists:
    """Everybody with everybody."""
    person = np.repeat(np.arange(people, dtype=np.int32), candidates)
    return Lists(people, candidates, person, np.tile(np.arange(candidates, dtype=np.int32), people), score, gain)


def logged(people: int, seed: int, better: float) -> tuple[Case, float]:
    """Outcomes of five candidates shown by chance to each person, and what the strategy's first choice truly brings."""
    draw = np.random.default_rng(seed)
    candidates = 5
    chance = np.array([0.4, 0.3, 0.1, 0.1, 0.1])
    truth = np.array([0.2, 0.3, 0.4, 0.5, better])
    shown = draw.choice(candidates, size=people, p=chance)
    gain = np.full((people, candidates), np.nan)
    gain[np.arange(people), shown] = draw.random(people) < truth[shown]
    score = np.tile(np.arange(candidates, dtype=float), people)
    propensity = np.tile(chance, people)
    return Case(lists(people, candidates, score, gain.ravel()), propensity=propensity), float(truth[4])


def test_known_places_are_counted_by_expectation_over_ties() -> None:
    score = np.array([3.0, 2.0, 2.0, 1.0])
    gain = np.array([1.0, np.nan, 0.0, np.nan])
    found = selection_of(Case(lists(1, 4, score, gain)), 2, np.zeros(1, np.int64))
    assert found.judged == pytest.approx((1 + 0.5) / 2)
    assert found.weighted is None


def test_logged_chances_give_back_what_the_strategy_would_have_brought() -> None:
    estimates = []
    for seed in range(20):
        case, truth = logged(2000, seed, 0.7)
        found = selection_of(case, 1, np.arange(2000))
        assert found.weighted is not None
        assert found.weighted.estimate is not None
        estimates.append(found.weighted.estimate)
        assert found.weighted.effective > FEWEST
    assert abs(np.mean(estimates) - truth) < 0.02
    naive = np.nanmean(case.lists.gain)
    assert abs(naive - truth) > 0.2


def test_too_few_effective_outcomes_are_refused_and_said() -> None:
    case, _truth = logged(60, 1, 0.7)
    found = selection_of(case, 1, np.arange(60))
    assert found.weighted is not None
    assert found.weighted.estimate is None
    one = [("one", SelectionResult.model_validate(told_of(found)))]
    assert any("too few" in sentence for sentence in selection_sentences(one))


def test_doubly_robust_needs_a_model_and_is_right_with_a_wrong_one() -> None:
    case, truth = logged(4000, 3, 0.7)
    with_model = Case(case.lists, propensity=case.propensity, probability=np.full(len(case.lists.person), 0.1))
    found = selection_of(with_model, 1, np.arange(4000))
    assert found.robust is not None
    assert found.robust.estimate == pytest.approx(truth, abs=0.08)
