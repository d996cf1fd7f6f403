"""How attention is spread, who is never shown, how far figures can be trusted (domain.md G5, H2)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison import Case
from matchengine.metrics import exposure
from matchengine.metrics.judged import judged, tie_share
from matchengine.metrics.novelty import novelty, tail_recall
from matchengine.metrics.order import Ranked
from matchengine.planning.exposure.measures import gini
from tests.metrics.lists import NAN, case_of, drawn, lists_of

SECOND = 1 / np.log2(3)


def star() -> Case:
    """Three people who all see candidate 0 first; candidate 3 is eligible and last for all."""
    return case_of(*[[(0.9, 1.0), (0.5 - n / 10, 0.0), (0.2 + n / 10, 0.0), (0.0, 0.0)] for n in range(3)])


def test_exposure_by_hand():
    assert exposure.exposure_of(star().lists, 2) == pytest.approx([3, 2 * SECOND, SECOND, 0])
    assert exposure.coverage(star(), k=2).tolist() == [0.75]
    assert exposure.coverage(star(), k=1).tolist() == [0.25]
    assert exposure.effective_coverage(star(), k=1) == pytest.approx([0.25])
    assert exposure.exposure_gini(star(), k=1) == pytest.approx([gini(np.array([3.0, 0, 0, 0]))])
    assert exposure.top_exposure(star(), k=2) == pytest.approx([3 / (3 + 3 * SECOND)])


def test_ties_share_what_their_places_get():
    case = case_of([(0.5, 0.0)] * 4, [(0.5, 0.0)] * 4)
    assert exposure.exposure_of(case.lists, 2) == pytest.approx([2 * (1 + SECOND) / 4] * 4)
    assert exposure.coverage(case, k=1) == pytest.approx([1 - (3 / 4) ** 2])
    assert exposure.exposure_gini(case, k=2) == pytest.approx([0])


def test_coverage_of_ties_is_what_lots_cover_on_average():
    lists = drawn(3, people=8, candidates=20, decimals=1)
    expected = exposure.coverage(Case(lists), k=2)[0]
    by_lot = []
    for seed in range(2_000):
        shown = Ranked.of(lists, ties="lottery", seed=seed).chance(2) > 0
        by_lot.append(len(np.unique(lists.candidate[shown])) / 20)
    assert np.mean(by_lot) == pytest.approx(expected, abs=4 * np.std(by_lot) / np.sqrt(2_000))


def test_places_count():
    case = replace(star(), seats=np.array([3.0, 1.0, NAN, 0.0]))
    assert exposure.exposure_per_seat(case, k=2) == pytest.approx([1, 2 * SECOND, NAN, NAN], nan_ok=True)
    assert exposure.exposure_gini_per_seat(case, k=2) == pytest.approx([gini(np.array([1, 2 * SECOND]))])
    assert exposure.never_shown(case, k=2).tolist() == [0.0]
    assert exposure.never_shown(case, k=1) == pytest.approx([2 / 3])


def test_who_is_eligible_for_nobody_is_not_counted_as_never_shown():
    lists = lists_of([(0.9, 1.0), (0.8, 0.0)], candidates=5)
    case = Case(lists, seats=np.ones(5))
    assert exposure.never_shown(case, k=1).tolist() == [0.5]
    assert exposure.coverage(case, k=1).tolist() == [0.2]
    assert exposure.exposure_gini(case, k=2) == pytest.approx([gini(np.array([1, SECOND]))])


def test_relative_to_chance_a_lottery_is_perfectly_even_however_eligibility_is_spread():
    case = Case(drawn(5, people=30, candidates=12))
    constant = Case(case.lists.scored(np.zeros(len(case.lists.person))))
    assert exposure.exposure_gini(constant, k=3)[0] > 0.01
    assert exposure.exposure_gini_rel(constant, k=3) == pytest.approx([0], abs=1e-12)
    assert exposure.exposure_gini_rel(case, k=3)[0] > 0.1


def test_nobody_shown():
    case = case_of([(NAN, 1.0), (NAN, 0.0)])
    assert exposure.coverage(case, k=2).tolist() == [0.0]
    assert exposure.effective_coverage(case, k=2).tolist() == [0.0]
    assert np.isnan(exposure.top_exposure(case, k=2)).all()


def test_judged_and_ties():
    case = case_of([(0.9, NAN), (0.8, 1.0), (0.8, NAN), (0.1, 0.0)], [(0.9, 0.0)], [(NAN, 0.0)])
    assert judged(case, k=2) == pytest.approx([0.25, 1, NAN], nan_ok=True)
    assert judged(case, k=4) == pytest.approx([0.5, 1, NAN], nan_ok=True)
    assert tie_share(case, k=2) == pytest.approx([1, 0, NAN], nan_ok=True)


def test_novelty_counts_how_little_sought_the_shown_are():
    case = case_of(*[[(0.9, 1.0), (0.1, 0.0)] for _ in range(3)], [(0.1, 0.0), (0.9, 1.0)])
    bits = -np.log2(np.array([4, 2]) / 5)
    assert novelty(case, k=1) == pytest.approx([bits[0]] * 3 + [bits[1]])
    assert novelty(case, k=2) == pytest.approx([bits.mean()] * 4)


def test_recall_of_the_less_sought():
    # candidate 0 is suitable for three, 1 and 2 for one each: the tail is 1 and 2
    case = case_of(
        [(0.9, 1.0), (0.8, 1.0), (0.7, 0.0)],
        [(0.9, 1.0), (0.1, 0.0), (0.7, 1.0)],
        [(0.9, 1.0), (0.1, 0.0), (0.7, 0.0)],
    )
    assert tail_recall(case, k=1) == pytest.approx([0, 0, NAN], nan_ok=True)
    assert tail_recall(case, k=2) == pytest.approx([1, 1, NAN], nan_ok=True)
