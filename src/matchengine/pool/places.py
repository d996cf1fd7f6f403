"""Coarse places: geohash cells become centres with an error, distances are great circles (domain.md C9)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.pool.arrays import Growable
from matchengine.records import Place

__all__ = ["Places", "cell_of"]

_ALPHABET = {letter: value for value, letter in enumerate("0123456789bcdefghjkmnpqrstuvwxyz")}
_KM_PER_RADIAN = 6371.0088
_AREA_ERROR_KM = 10.0
"""How far apart two people in the same named area may be."""


def cell_of(geohash: str) -> tuple[float, float, float]:
    """Return latitude and longitude of a cell's centre in degrees, and half its diagonal in km."""
    box = [[-90.0, 90.0], [-180.0, 180.0]]
    longitude = True
    for letter in geohash:
        for bit in (16, 8, 4, 2, 1):
            side = box[1 if longitude else 0]
            middle = (side[0] + side[1]) / 2
            side[0 if _ALPHABET[letter] & bit else 1] = middle
            longitude = not longitude
    (south, north), (west, east) = box
    latitude = (south + north) / 2
    height = math.radians(north - south) * _KM_PER_RADIAN
    width = math.radians(east - west) * _KM_PER_RADIAN * math.cos(math.radians(latitude))
    return latitude, (west + east) / 2, math.hypot(height, width) / 2


class Places:
    """Distinct coarse places of everybody; number 0 means that nothing is known."""

    def __init__(self, keys: Sequence[tuple[str | None, str]] = ((None, ""),)) -> None:
        self.keys: list[tuple[str | None, str]] = list(keys)
        self._numbers = {key: number for number, key in enumerate(self.keys)}
        self._cells = Growable(np.array([self._cell(key) for key in self.keys]))

    @staticmethod
    def _cell(key: tuple[str | None, str]) -> tuple[float, float, float]:
        if key[0] is None:
            return math.nan, math.nan, math.nan
        latitude, longitude, error = cell_of(key[0])
        return math.radians(latitude), math.radians(longitude), error

    def number(self, place: Place | None) -> int:
        """Return the number of a place, adding it when it is new."""
        if place is None or (place.geohash is None and place.area is None):
            return 0
        area = f"{place.country or ''}/{place.region or ''}/{place.area.casefold()}" if place.area else ""
        key = (place.geohash, area)
        found = self._numbers.get(key)
        if found is None:
            self._cells.extend(np.array([self._cell(key)]))
            found = self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return found

    def distances(self, one: int, others: IntArray) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Kilometres from place `one` to each of `others`, and how far off that may be; NaN where unknown.

        Places without a geohash are 0 km apart, give or take 10, when country, region and area are the same.
        """
        cells = self._cells.data
        latitude, longitude, error = cells[one]
        haversine = (
            np.sin((cells[:, 0] - latitude) / 2) ** 2
            + np.cos(latitude) * np.cos(cells[:, 0]) * np.sin((cells[:, 1] - longitude) / 2) ** 2
        )
        kilometres = 2 * _KM_PER_RADIAN * np.arcsin(np.sqrt(np.minimum(haversine, 1)))
        errors = cells[:, 2] + error
        area = self.keys[one][1]
        if area:
            same = np.array([key[1] == area for key in self.keys]) & np.isnan(kilometres)
            kilometres[same], errors[same] = 0.0, _AREA_ERROR_KM
        return kilometres.astype(np.float32)[others], errors.astype(np.float32)[others]
