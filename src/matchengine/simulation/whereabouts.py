"""Weekly slots and coarse places as records show them."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from matchengine.records.person import Availability, Place
from matchengine.simulation.noise import FloatArray
from matchengine.simulation.people import DAYPARTS, BoolArray

__all__ = ["TIME_ZONE", "kilometres", "place_of", "slots_of"]

TIME_ZONE = "Europe/London"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOURS = (9, 13, 18)
_MONDAY = datetime(2024, 1, 1)
_CENTRE = (51.5, -0.12)
_KM_PER_DEGREE = 111.2
_SYMBOLS = "0123456789bcdefghjkmnpqrstuvwxyz"


def slots_of(free: BoolArray, minutes: int) -> tuple[Availability, ...]:
    """Return the weekly slots of one row of free dayparts, one rule for each part of the day."""
    days = free.reshape(7, DAYPARTS)
    found = []
    for part in range(DAYPARTS):
        when = np.flatnonzero(days[:, part])
        if len(when):
            start = _MONDAY + timedelta(days=int(when[0]), hours=_HOURS[part])
            rule = "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[day] for day in when)
            found.append(Availability(start=start, duration_minutes=minutes, time_zone=TIME_ZONE, rrule=rule))
    return tuple(found)


def place_of(position: FloatArray, max_travel_minutes: int | None) -> Place:
    """Return a coarse cell for a position in kilometres from an arbitrary centre: five letters of a geohash."""
    east = _KM_PER_DEGREE * np.cos(np.radians(_CENTRE[0]))
    latitude, longitude = _CENTRE[0] + position[1] / _KM_PER_DEGREE, _CENTRE[1] + position[0] / east
    return Place(country="GB", geohash=_geohash(latitude, longitude), max_travel_minutes=max_travel_minutes)


def _geohash(latitude: float, longitude: float, letters: int = 5) -> str:
    """Encode a position: bits of longitude and latitude in turn, five to a letter."""
    spans = [[-180.0, 180.0], [-90.0, 90.0]]
    values, number, out = (longitude, latitude), 0, ""
    for bit in range(letters * 5):
        span = spans[bit % 2]
        middle = (span[0] + span[1]) / 2
        above = values[bit % 2] >= middle
        span[0 if above else 1] = middle
        number = number * 2 + above
        if bit % 5 == 4:
            out, number = out + _SYMBOLS[number], 0
    return out


def kilometres(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return straight distances between positions, shape (..., 2) each."""
    return np.asarray(np.linalg.norm(one - other, axis=-1))
