"""Who goes to whom for advice: 21 managers (Krackhardt 1987), 246 physicians (Coleman, Katz & Menzel 1966)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.data import data_file
from matchengine import Person
from matchengine.records.vocabulary import EXPERIENCE_BANDS

__all__ = ["AdviceTask", "managers", "physicians"]

_YEARS = (2, 5, 10, 20)
_STAGES = {1: "executive", 2: "senior", 3: "mid"}
_PRACTISED = {1: 40.0, 2: 31.0, 3: 23.0, 4: 18.0, 5: 13.0, 6: 7.0}
"""Years since medical school in 1955 by code: before 1920, 1920–29, 1930–34, 1935–39, 1940–44, 1945 or later."""
_CITIES = {1: "dp0r", 2: "dp0w", 3: "9zng", 4: "9zr8"}
_UNTOLD = 9


class AdviceTask(NamedTuple):
    """People as records of attributes alone, and who seeks advice of whom.

    `seeks` bool (N, N): row asks column. `among` bool (N, N): who could be asked, never oneself. `attributes` float
    (N,) by name: the larger the more senior, NaN where untold; for single methods beside the engine.
    """

    people: list[Person]
    seeks: NDArray[np.bool_]
    among: NDArray[np.bool_]
    attributes: dict[str, NDArray[np.float64]]


def managers() -> AdviceTask:
    """Read the managers: tenure is experience, level the career stage, the department a field. No tie is a feature."""
    rows = _read("ht_advice_nodes.csv")
    people = [
        _person(row, _STAGES.get(int(row["level"])), row["tenure"], f"department{row['dept']:.0f}", None)
        for row in rows
    ]
    attributes = {"tenure": _column(rows, "tenure"), "level": -_column(rows, "level")}
    return AdviceTask(people, _ties(people, "ht_advice_edges.csv"), ~np.eye(len(people), dtype=bool), attributes)


def physicians() -> AdviceTask:
    """Read the physicians: years since medical school, speciality as a field, the city as a place."""
    rows = _read("physicians_nodes.csv")
    people = []
    for row in rows:
        years = _PRACTISED.get(int(row["med_sch_yr"]))
        field = None if row["specialty"] == _UNTOLD else f"speciality{row['specialty']:.0f}"
        people.append(_person(row, None, years, field, _CITIES[int(row["city"])]))
    city = _column(rows, "city")
    among = (city[:, None] == city) & ~np.eye(len(people), dtype=bool)
    years = np.array([_PRACTISED.get(int(row["med_sch_yr"]), np.nan) for row in rows])
    journals = np.where(_column(rows, "jours") == _UNTOLD, np.nan, _column(rows, "jours"))
    told = {"years since medical school": years, "medical journals read": journals}
    return AdviceTask(people, _ties(people, "physicians_edges.csv", "advice"), among, told)


def _person(
    row: Mapping[str, float], stage: str | None, years: float | None, field: str | None, place: str | None
) -> Person:
    told: dict[str, Any] = {"id": f"a{row['id']:.0f}", "roles": ["mentor", "mentee"], "adult": True}
    if years is not None:
        told["experience"] = [{"band": EXPERIENCE_BANDS[int(np.searchsorted(_YEARS, years, side="right"))]}]
    if stage is not None:
        told["career_stage"] = stage
    if field is not None:
        told["fields"] = [f"local:{field}"]
    if place is not None:
        told |= {"place": {"country": "US", "geohash": place}, "modes": ["in_person"]}
    return Person.model_validate(told)


def _read(name: str) -> list[dict[str, float]]:
    with data_file("advice_networks", name).open(encoding="utf-8", newline="") as lines:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(lines)]


def _column(rows: list[dict[str, float]], name: str) -> NDArray[np.float64]:
    return np.array([row[name] for row in rows])


def _ties(people: list[Person], name: str, relation: str | None = None) -> NDArray[np.bool_]:
    place = {person.id: n for n, person in enumerate(people)}
    found = np.zeros((len(people), len(people)), np.bool_)
    with data_file("advice_networks", name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if relation is None or row["relation"] == relation:
                found[place[f"a{row['from']}"], place[f"a{row['to']}"]] = True
    return found
