"""Prices, markets at rest and measures over arrays (domain.md G5)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.errors import DataError
from matchengine.planning.exposure.market import Market
from matchengine.planning.exposure.matching import equilibrium
from matchengine.planning.exposure.measures import effective_coverage, exposure, gini, over_capacity
from matchengine.planning.exposure.priced import prices
from tests.properties.populations import quick


def dense(seed: int, asking: int = 60, giving: int = 20, share: float = 1.0) -> Market:
    """A random market after the prototype of domain.md: scores with a common part, one to five places each."""
    random = np.random.default_rng(seed)
    score = 0.5 + 0.12 * random.standard_normal((asking, giving)) + 0.1 * random.standard_normal(giving)
    places = random.integers(1, 6, giving).astype(float)
    left, right = np.nonzero(random.random((asking, giving)) < share)
    return Market(asking, giving, left, right, np.clip(score, 0, 1)[left, right], places)


def top(market: Market, key: np.ndarray, k: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the first k of each requester by a key, and their places."""
    order = np.lexsort((-key, market.requester))
    place = np.arange(len(market)) - market.starts[market.run] + 1
    return order[place <= k], place[place <= k]


def spread(market: Market, key: np.ndarray) -> float:
    """Gini of exposure per seat."""
    chosen, place = top(market, key)
    return gini(exposure(market.candidate[chosen], place, market.candidates) / market.places)


def test_prices_spread_attention_as_the_prototype_did():
    """domain.md G5: Gini .57 to .10, mean score of the first five .702 to .647, everybody shown."""
    before, after, loss = [], [], []
    for seed in range(10):
        market = dense(seed)
        key = market.score - prices(market)[market.candidate]
        before.append(spread(market, market.score))
        after.append(spread(market, key))
        plain, priced = top(market, market.score)[0], top(market, key)[0]
        loss.append(1 - market.score[priced].mean() / market.score[plain].mean())
        assert set(market.candidate[priced]) == set(range(20))
    assert np.mean(before) > 0.45
    assert np.mean(after) < 0.13
    assert 0 < np.mean(loss) < 0.1


def test_the_market_at_rest_spreads_attention_too_and_less_where_chance_is_greater():
    market = dense(1)
    found = {beta: spread(market, equilibrium(market, beta=beta).log_mass) for beta in (0.05, 0.1)}
    assert found[0.05] < found[0.1] < spread(market, market.score)


@quick
@given(st.integers(0, 99), st.sampled_from([0.01, 0.019, 0.02, 0.05, 0.2]), st.floats(0.3, 1))
def test_margins_hold_whatever_the_arithmetic(seed, beta, share):
    market = dense(seed, 12, 5, share)
    found = equilibrium(market, beta=beta)
    mass = np.exp(found.log_mass)
    asked = np.bincount(market.requester, mass, market.requesters) + np.exp(found.log_alone)
    used = np.bincount(market.candidate, mass, market.candidates) + np.exp(found.log_unused)
    assert asked == pytest.approx(np.ones(12), abs=1e-5)
    assert used == pytest.approx(market.places, rel=1e-5)


@pytest.mark.parametrize("beta", [0.02, 0.05])
def test_logarithms_and_plain_sums_agree(beta, monkeypatch):
    market = dense(3, 20, 8)
    plain = equilibrium(market, beta=beta, tolerance=1e-9)
    monkeypatch.setattr("matchengine.planning.exposure.matching._LOGARITHMS_BELOW", 1.0)
    assert equilibrium(market, beta=beta, tolerance=1e-9).log_mass == pytest.approx(plain.log_mass, abs=1e-6)


def test_as_many_places_as_people_come_to_rest_quickly():
    random = np.random.default_rng(1)
    left, right = np.indices((60, 20)).reshape(2, -1)
    market = Market(60, 20, left, right, random.random(1200), np.full(20, 3.0))
    assert equilibrium(market).rounds < 200


def test_scaling_the_kernel_would_change_who_stays_alone():
    """The same scores, all lower by a constant: more people stay unmatched, as domain.md warns."""
    market = dense(4, 10, 4)
    lower = Market(10, 4, market.requester, market.candidate, market.score - 0.4, market.places)
    assert np.exp(equilibrium(lower).log_alone).sum() > 1.5 * np.exp(equilibrium(market).log_alone).sum()


@quick
@given(st.integers(0, 99))
def test_the_order_of_candidates_and_people_does_not_matter(seed):
    market = dense(seed, 10, 6, 0.7)
    random = np.random.default_rng(seed)
    people, givers = random.permutation(10), random.permutation(6)
    order = np.lexsort((givers[market.candidate], people[market.requester]))
    places = np.empty(6)
    places[givers] = market.places
    turned = Market(
        10, 6, people[market.requester][order], givers[market.candidate][order], market.score[order], places
    )
    assert prices(turned)[givers] == pytest.approx(prices(market), abs=1e-9)
    assert equilibrium(turned).log_mass == pytest.approx(equilibrium(market).log_mass[order], abs=1e-4)


def test_nobody_who_is_in_no_pair_has_a_price_or_moves_others():
    market = dense(5, 10, 4)
    more = Market(10, 5, market.requester, market.candidate, market.score, np.append(market.places, 9.0))
    assert prices(more)[:4] == pytest.approx(prices(market))
    assert prices(more)[4] == 0


def test_a_market_without_pairs_has_no_prices():
    none = np.zeros(0, np.int64)
    market = Market(2, 1, none, none, np.zeros(0), np.ones(1))
    assert prices(market).tolist() == [0]
    assert equilibrium(market).log_mass.shape == (0,)


def test_what_makes_no_sense_is_refused():
    one = np.zeros(1, np.int64)
    with pytest.raises(DataError, match="free places"):
        Market(1, 1, one, one, np.ones(1), np.zeros(1))
    with pytest.raises(DataError, match="known score"):
        Market(1, 1, one, one, np.full(1, np.nan), np.ones(1))
    with pytest.raises(DataError, match="beta"):
        equilibrium(dense(0), beta=0)
    with pytest.raises(DataError, match="come to rest"):
        equilibrium(dense(0), most_rounds=1)
    with pytest.raises(ValueError, match="at least 0"):
        gini(np.array([-1.0, 2]))


def test_measures_of_nobody():
    assert gini(np.zeros(0)) == 0
    assert gini(np.zeros(3)) == 0
    assert effective_coverage(np.zeros(3)) == 0
    assert over_capacity(np.array([0, 1, 1]), np.array([2.0, 0])) == 2


@quick
@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    held = np.array(values)
    if held.sum() > 1e-6:
        wanted = np.abs(held[:, None] - held).sum() / (2 * len(held) ** 2 * held.mean())
        assert gini(held) == pytest.approx(wanted, abs=1e-9)
