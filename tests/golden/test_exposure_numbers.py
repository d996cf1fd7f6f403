"""Golden numbers of exposure: Gini, coverage and load (GN12 of domain.md, annex 1), and the formulas of G4 and G5."""

import numpy as np
import pytest

from matchengine.planning.exposure.calibrated import divergence
from matchengine.planning.exposure.market import Market
from matchengine.planning.exposure.matching import equilibrium
from matchengine.planning.exposure.measures import coverage, effective_coverage, exposure, gini, load_ratio
from matchengine.planning.exposure.priced import prices


@pytest.mark.parametrize(("values", "wanted"), [((1, 1, 1, 1), 0), ((0, 0, 0, 4), 0.75), ((1, 2, 3, 4), 0.25)])
def test_gn12_gini(values, wanted):
    assert gini(np.array(values, float)) == pytest.approx(wanted, abs=1e-12)


def test_exposure_is_the_discount_of_each_place():
    shown = exposure(np.array([0, 1, 0]), np.array([1, 2, 3]), 3)
    assert shown == pytest.approx([1 + 1 / 2, 1 / np.log2(3), 0])


def test_coverage_of_two_even_and_two_never_shown():
    shown = np.array([2.0, 2, 0, 0])
    assert coverage(shown) == 0.5
    assert effective_coverage(shown) == pytest.approx(0.5)
    assert load_ratio(shown) == 2


def market(score, places):
    score = np.array(score, float)
    asking, giving = np.indices(score.shape).reshape(2, -1)
    return Market(*score.shape, asking, giving, score.ravel(), np.array(places, float))


def test_one_round_of_prices_by_hand():
    """Two ask, two give with one place each: both want the first by .8 : .2, so p = .02 · (1.6 / 1 · 2 / 2 − 1)."""
    gap = 0.05 * np.log(4)
    found = prices(market([[gap, 0], [gap, 0]], [1, 1]), rounds=1)
    assert found == pytest.approx([0.02 * 0.6, 0])


def test_one_pair_in_a_market_at_rest_by_hand():
    """One asks, one gives: μ = K √(1 − μ)², so K = 2 gives μ = 2 / 3."""
    beta = 0.05
    at_rest = equilibrium(market([[2 * beta * np.log(2)]], [1]), beta=beta, tolerance=1e-10)
    assert np.exp(at_rest.log_mass) == pytest.approx([2 / 3])
    assert np.exp(at_rest.log_alone) == pytest.approx([1 / 3])


def test_divergence_by_hand():
    """KL of (.5, .5) from q̃ = .99 · (1, 0) + .01 · (.5, .5)."""
    wanted = 0.5 * np.log(0.5 / 0.995) + 0.5 * np.log(0.5 / 0.005)
    assert divergence(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == pytest.approx(wanted)
    assert divergence(np.array([0.3, 0.7]), np.array([0.3, 0.7])) == pytest.approx(0, abs=1e-12)
