"""Subgroups: only with consent for audits, and nothing that subtraction gives away."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.learning.kpi.subgroups import group_of, subgroups
from matchengine.records import ConsentGrant
from tests.learning.kpi.cases import answer, person, tie, window

OLD = datetime(2024, 1, 1, tzinfo=UTC)


def grant(who: str, purpose: str = "fairness_audit", field: str = "attributes.region", **more: Any) -> ConsentGrant:
    told = {"person_id": who, "field": field, "purpose": purpose, "text_version": "1", "language": "en"}
    return ConsentGrant.model_validate(told | {"granted_at": OLD} | more)


def mentee(n: int, region: str | None) -> Any:
    attributes = [{"dimension": "region", "value": region}] if region else []
    return person(f"p{n}", roles=["mentee"], attributes=attributes)


def programme(sizes: dict[str | None, tuple[int, int]], least: int = 5) -> Any:
    """Return a programme in which of each region so many were satisfied and so many were not."""
    told = [(region, rating) for region, (good, bad) in sizes.items() for rating in [5] * good + [2] * bad]
    people, consents, ties, feedback = zip(*(records(n, *each) for n, each in enumerate(told)), strict=True)
    return window(people=people, relationships=ties, feedback=feedback, consents=consents, least=least)


@cache
def records(n: int, region: str | None, rating: int) -> tuple[Any, ...]:
    """One person, their grant, their match and how content they were."""
    return mentee(n, region), grant(f"p{n}"), tie(n), answer(n, "90_days", rating)


def told(made: Any) -> dict[str | None, tuple[float | None, int | None]]:
    (table,) = subgroups(made, ["region"])
    return {row.group: (row.value, row.n) for row in table.rows if ".satisfied." in row.key}


def test_shares_by_group_are_rounded() -> None:
    found = told(programme({"north": (20, 10), "south": (10, 21)}))
    assert found["north"] == (0.65, 30)
    assert found["south"] == (0.3, 30)  # of 31


@pytest.mark.parametrize(
    "consent",
    [
        [],
        [grant("p0", purpose="match")],
        [grant("p0", purpose="research")],
        [grant("p0", field="age_band")],
        [grant("p0", expires_at=datetime(2025, 1, 1, tzinfo=UTC))],
        [grant("p0"), grant("p0", withdrawn_at=datetime(2025, 1, 1, tzinfo=UTC))],
    ],
)
def test_without_a_grant_for_audits_in_force_nobody_is_in_a_group(consent: list[ConsentGrant]) -> None:
    assert group_of(window(people=[mentee(0, "north")], consents=consent), "region") == {}


def test_with_one_they_are_and_silence_and_refusal_are_the_same_group() -> None:
    people = [mentee(0, "north"), mentee(1, "north"), mentee(2, None)]
    assert group_of(window(people=people, consents=[grant("p0"), grant("p2")]), "region") == {"p0": "north"}


def test_career_stage_and_age_band_need_their_own_grant() -> None:
    people = [person("a", career_stage="early", age_band="25-34")]
    assert group_of(window(people=people, consents=[grant("a", field="age_band")]), "age_band") == {"a": "25-34"}
    assert group_of(window(people=people, consents=[grant("a", field="age_band")]), "career_stage") == {}


def test_a_dimension_that_nobody_states_is_refused() -> None:
    with pytest.raises(DataError, match=r"nobody states 'regoin'; did you mean 'region'"):
        subgroups(programme({"north": (9, 9)}), ["regoin"])


def test_a_group_in_which_all_are_content_is_hidden_although_it_is_large() -> None:
    found = told(programme({"north": (30, 0), "south": (20, 20), "west": (20, 20)}))
    assert found["north"][0] is None


def test_where_the_figure_of_everybody_is_small_no_share_by_group_is_told() -> None:
    found = told(programme({"north": (20, 1), "south": (20, 2)}))
    assert all(value is None for value, _n in found.values())


def _possible(sizes: list[tuple[int, int]], shown: list[bool]) -> list[set[int]]:
    """All numbers of content people of each hidden group that fit everything told: sizes, totals, shown groups."""
    total = sum(good for good, _bad in sizes)
    hidden = [n for n, seen in enumerate(shown) if not seen]
    rest = total - sum(sizes[n][0] for n, seen in enumerate(shown) if seen)
    fits: list[set[int]] = [set() for _ in hidden]
    for guess in product(*(range(sum(sizes[n]) + 1) for n in hidden[:-1])):
        last = rest - sum(guess)  # the others decide it
        if hidden and 0 <= last <= sum(sizes[hidden[-1]]):
            for place, number in enumerate((*guess, last)):
                fits[place].add(number)
    return fits


@pytest.mark.parametrize("programmes", [20, pytest.param(60, marks=pytest.mark.slow)])
def test_no_hidden_group_can_be_worked_out_even_from_exact_numbers(programmes: int) -> None:
    """An attacker who knows every size, the total, and the shown groups without rounding still has a wide choice."""
    rng = np.random.default_rng(6)
    hidden_groups = shown_groups = 0
    for _ in range(programmes):
        sizes = [(int(rng.integers(0, 16)), int(rng.integers(0, 16))) for _ in range(3)]
        found = told(programme(dict(zip("abc", sizes, strict=True))))
        present = [(name, size) for name, size in zip("abc", sizes, strict=True) if sum(size)]
        shown = [found[name][0] is not None for name, _size in present]
        shown_groups += sum(shown)
        for options in _possible([size for _name, size in present], shown):
            hidden_groups += 1
            assert len(options) > 1 or min(sum(g for g, _b in sizes), sum(b for _g, b in sizes)) < 5
    assert hidden_groups > programmes / 2
    assert shown_groups > programmes / 2


def test_several_dimensions_are_hidden_by_one_pattern() -> None:
    people, ties, feedback, consents = [], [], [], []
    for n in range(60):
        attributes = [{"dimension": "region", "value": "north" if n < 30 else "south"}]
        attributes.append({"dimension": "town", "value": "a" if n < 28 else "b" if n < 30 else "c"})
        people.append(person(f"p{n}", roles=["mentee"], attributes=attributes))
        consents += [grant(f"p{n}"), grant(f"p{n}", field="attributes.town")]
        ties.append(tie(n))
        feedback.append(answer(n, "90_days", 5 if n % 2 else 2))
    made = window(people=people, relationships=ties, feedback=feedback, consents=consents)
    tables = subgroups(made, ["region", "town"])
    found = {row.key: row for table in tables for row in table.rows if ".satisfied." in row.key}
    assert found["by.town.satisfied.b"].hidden  # two people
    north, town = found["by.region.satisfied.north"], found["by.town.satisfied.a"]
    assert north.hidden or town.hidden  # north less town a would be the two people of town b
