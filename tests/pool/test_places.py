"""Geohash cells and distances."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.pool.places import Places, cell_of
from matchengine.records import Place


def test_cell_of_a_known_geohash() -> None:
    latitude, longitude, error = cell_of("gcpvj")  # central London
    assert latitude == pytest.approx(51.526, abs=0.001)
    assert longitude == pytest.approx(-0.110, abs=0.001)
    assert 2 < error < 4


def test_distance_between_cities_and_its_error() -> None:
    places = Places()
    london = places.number(Place(country="GB", geohash="gcpvj"))
    paris = places.number(Place(country="FR", geohash="u09tv"))
    kilometres, error = places.distances(london, np.array([london, paris, 0]))
    assert kilometres[0] == 0
    assert kilometres[1] == pytest.approx(344, abs=6)
    assert 4 < error[1] < 8
    assert np.isnan(kilometres[2])


def test_the_same_named_area_is_near_without_a_geohash() -> None:
    places = Places()
    one = places.number(Place(country="DE", area="Altona"))
    same = places.number(Place(country="DE", area="altona"))
    other = places.number(Place(country="DE", area="Harburg"))
    kilometres, error = places.distances(one, np.array([same, other]))
    assert one == same
    assert (kilometres[0], error[0]) == (0, 10)
    assert np.isnan(kilometres[1])
