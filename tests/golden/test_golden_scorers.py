"""Golden numbers of domain.md, annex 1 (tolerance 1e-4)."""

import numpy as np
import pytest

from matchengine.batch import Segments
from matchengine.scorers import aggregate as ag
from matchengine.scorers.cover import cover, quality
from matchengine.scorers.feasibility import distance_part, time_part


def close(values):
    return pytest.approx(values, abs=1e-4)


def test_gn2_cover():
    phi = np.clip((np.array([[0.70, 0.30], [0.25, 0.55]]) - 0.20) / (0.75 - 0.20), 0, 1)
    strength = (phi * [1.0, 0.8]).ravel()
    unknown = np.full(2, np.nan, np.float32)
    needs = Segments(
        starts=np.array([0, 2]),
        order=None,
        pair=np.array([0, 0]),
        text=np.array([0, 1]),
        level=unknown,
        priority=np.array([3.0, 1.0]),
        source=np.zeros(2, np.int8),
    )
    assert cover(strength, needs, 1, needs.priority).value == close([0.8091])


def test_quality_of_levels():
    assert quality(np.arange(5.0)) == close([0, 0.4, 0.6, 0.85, 1])


@pytest.mark.parametrize(
    ("how", "wanted"),
    [("harmonic", 0.5333), ("geometric", 0.5657), ("arithmetic", 0.6), ("min", 0.4), ("uninorm", 0.7273)],
)
def test_gn3_aggregators(how, wanted):
    assert ag.aggregate(np.array([0.8]), np.array([0.4]), how, power=-1.0, theta=0.65) == close([wanted])


def test_gn7_availability():
    assert time_part(np.array([90.0, 30.0]), np.array([60.0, 60.0])) == close([1, 0.5])


def test_gn8_distance():
    assert distance_part(np.array([0, 2.5, 5, 10, 20]), 5.0) == close([1, 0.8, 0.5, 0.2, 0.0588])
