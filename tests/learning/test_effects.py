"""Attention under other weights, and the group that fares worst."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from matchengine.learning.effects import audit_groups, exposure_gini, gini, worst_group
from matchengine.learning.weights import Weights
from matchengine.records import ConsentGrant, Person
from tests.learning.programme import loaded
from tests.learning.tables import TRUE
from tests.support import mentee

NOW = datetime(2026, 3, 9, tzinfo=UTC)


def test_gini_by_hand() -> None:
    assert gini(np.ones(7)) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 1.0])) == pytest.approx(0.75)
    assert gini(np.array([1, 3.0])) == pytest.approx(0.25)
    assert gini(np.zeros(3)) == 0


def test_attention_is_that_of_the_lists_that_the_engine_gives() -> None:
    made = loaded(20, 9)
    scene = made._scene("mentor")
    seen = dict.fromkeys(scene.members().candidates, 0.0)
    for suggestions in made.suggest_many(scene.members().requesters, "mentor", 5).values():
        for place, each in enumerate(suggestions):
            seen[each.candidate_id] += 1 / np.log2(2 + place)
    got = exposure_gini(scene, (Weights({}, {}), TRUE))
    assert got is not None
    assert got[0] == pytest.approx(gini(np.array(list(seen.values()))))
    assert got[1] != got[0]


def test_without_anybody_to_suggest_nothing_is_measured() -> None:
    made = loaded(3, 0)
    assert exposure_gini(made._scene("mentor"), (Weights({}, {}),)) is None


def person(n: int, **more: Any) -> Person:
    told = [{"dimension": "gender_identity", "value": "woman"}, {"dimension": "faith", "value": "x"}]
    return Person.model_validate(mentee(f"p{n}", attributes=told, age_band="25-34", **more))


def grant(n: int, field: str, purpose: str = "fairness_audit", **more: Any) -> ConsentGrant:
    told = {"person_id": f"p{n}", "field": field, "purpose": purpose, "text_version": "1", "language": "en"}
    return ConsentGrant.model_validate(told | {"granted_at": "2026-01-01T00:00:00Z", **more})


def test_only_what_people_allow_to_be_audited_makes_groups() -> None:
    grants = [
        grant(0, "attributes"), grant(1, "attributes.gender_identity"), grant(2, "attributes", "match"),
        grant(3, "attributes", withdrawn_at="2026-02-01T00:00:00Z"), grant(4, "age_band"),
    ]  # fmt: skip
    got = audit_groups([person(n) for n in range(6)], grants, NOW)
    assert set(got) == {"p0", "p1", "p4"}
    assert len(got["p0"]) == 3  # each attribute, and both together
    assert len(got["p1"]) == len(got["p4"]) == 1
    assert set(got["p1"]) < set(got["p0"])
    told = str(got)
    assert not any(word in told for word in ("woman", "faith", "gender", "25"))


def test_the_lowest_mean_of_small_groups_is_shrunk_towards_all() -> None:
    """H6: 16 groups of 8 without any difference; the raw minimum is far too low, the shrunk one is near the truth."""
    raw, shrunk = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        utility = {f"p{n}": value for n, value in enumerate(rng.normal(0.6, 0.2, 128).tolist())}
        groups = {f"p{n}": (f"g{n // 8}",) for n in range(128)}
        raw.append(min(np.mean([utility[f"p{8 * g + n}"] for n in range(8)]) for g in range(16)))
        found = worst_group(utility, groups, least=8)
        assert found is not None
        shrunk.append(found)
    assert np.mean(raw) == pytest.approx(0.475, abs=0.02)
    assert np.mean(shrunk) == pytest.approx(0.584, abs=0.012)


def test_a_group_that_does_fare_worse_is_seen() -> None:
    rng = np.random.default_rng(0)
    utility = {f"p{n}": (0.3 if n < 60 else 0.8) + rng.normal(0, 0.05) for n in range(120)}
    groups = {f"p{n}": ("one",) if n < 60 else ("other",) for n in range(120)}
    assert worst_group(utility, groups) == pytest.approx(0.3, abs=0.03)


def test_small_groups_and_single_groups_are_not_looked_at() -> None:
    utility = {f"p{n}": float(n % 2) for n in range(30)}
    few = {f"p{n}": ("one",) if n < 21 else ("other",) for n in range(30)}
    assert worst_group(utility, few) is None
    assert worst_group(utility, {}) is None
    assert worst_group({}, few) is None
