"""Aggregating both directions of a match."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.scorers import aggregate as ag

SHARE = st.floats(0, 1)
EDGES = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])


@given(a=SHARE, b=SHARE)
def test_the_chain_of_means(a, b):
    one, other = np.array([a]), np.array([b])
    chain = [f(one, other)[0] for f in (ag.minimum, ag.harmonic, ag.geometric, ag.arithmetic)]
    assert np.all(np.diff(chain) >= -1e-12)


@pytest.mark.parametrize("how", get_args(ag.Aggregate))
@given(a=SHARE, b=SHARE, more=SHARE, power=st.floats(-60, 60), theta=SHARE)
def test_range_and_monotony(how, a, b, more, power, theta):
    low = ag.aggregate(np.array([a]), np.array([b]), how, power, theta)[0]
    high = ag.aggregate(np.array([max(a, more)]), np.array([b]), how, power, theta)[0]
    assert 0 <= low <= 1
    assert high >= low - 1e-9


@pytest.mark.parametrize("how", get_args(ag.Aggregate))
def test_unknown_in_either_is_unknown(how):
    known, unknown = np.array([0.5, np.nan]), np.array([np.nan, 0.5])
    assert np.isnan(ag.aggregate(known, unknown, how, -1.0, 0.65)).all()


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (ag.harmonic, [0, 0, 0, 1]),
        (ag.geometric, [0, 0, 0, 1]),
        (ag.arithmetic, [0, 0.5, 0.5, 1]),
        (ag.minimum, [0, 0, 0, 1]),
        (ag.uninorm, [0, 0, 0, 1]),
    ],
)
def test_edges(function, wanted):
    assert function(*EDGES) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("power", "same"), [(1.0, ag.arithmetic), (0.0, ag.geometric), (-1.0, ag.harmonic), (-5000.0, ag.minimum)]
)
def test_power_means_contain_the_others(power, same):
    a, b = np.random.default_rng(0).random((2, 200))
    assert ag.power_mean(a, b, power) == pytest.approx(same(a, b), abs=1e-3)
    assert ag.power_mean(*EDGES, power) == pytest.approx(same(*EDGES))


def test_theta_gives_the_first_direction_its_weight():
    a, b = np.array([0.9]), np.array([0.4])
    assert ag.weighted_geometric(a, b, 1.0) == pytest.approx([0.9])
    assert ag.weighted_geometric(a, b, 0.0) == pytest.approx([0.4])
    assert ag.weighted_geometric(a, b, 0.65) == pytest.approx([0.9**0.65 * 0.4**0.35])
