"""Likeness without lifts, time and place; differences of outlook; camps; the same for large pools as vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.programme.groups.similarity import (
    camps,
    difference,
    difference_vectors,
    need_vectors,
    similarity,
)
from tests.privacy.test_hidden_fields import consents
from tests.programme.groups.circles import CIRCLE, PEER, day, engine, formed, member
from tests.properties.populations import Offers
from tests.support import CONFIG, WordsPlugin, config, mentee


def rows(made: me.Engine) -> IntArray:
    return np.arange(len(made._pool.tables["people"]), dtype=np.int32)


def test_likeness_is_the_mean_of_both_directions_of_the_score_without_time_and_place() -> None:
    made = engine([member(n) for n in range(5)])
    scene = made._scene("peer")
    found = similarity(scene, rows(made))
    assert np.allclose(found, found.T, equal_nan=True)
    ways = []
    for pair in ((1, 3), (3, 1)):
        _raw, table = scene.table(PairBatch(*(np.array([row], np.int32) for row in pair)))
        ways.append(float(table.total[0]))
    assert found[1, 3] == pytest.approx(sum(ways) / 2, abs=1e-6)
    when = PEER.replace("relate = 0.4", "relate = 0.4\nfeasible = 0.2")
    when += '[match.peer.scorers.when]\nuse = "feasibility"\nblock = "feasible"\n'
    timed = me.Engine(config(when, CONFIG), plugins=[WordsPlugin()])
    timed.load([member(n) for n in range(5)])
    assert np.array_equal(similarity(timed._scene("peer"), rows(timed)), found)


def test_a_lift_changes_no_likeness() -> None:
    people = [
        member(
            n,
            attributes=[{"dimension": "heritage", "value": "x"}],
            wishes=[{"dimension": "heritage", "strength": "nice"}],
        )
        for n in range(8)
    ]
    found = []
    for extra in ("", '[match.peer.scorers.shared]\nuse = "always"\n'):
        made = me.Engine(config(PEER + CIRCLE + extra, CONFIG), plugins=[WordsPlugin(), Offers(always)])
        made.load(people, consents=consents(people))
        found.append(similarity(made._scene("peer"), rows(made)))
    assert np.array_equal(*found)


@me.scorer("always", role="lift")
def always(requester_attributes: FloatArray, candidate_attributes: FloatArray) -> FloatArray:
    """A lift for everybody."""
    return np.full(len(requester_attributes), 0.3)


def test_nothing_known_is_not_a_likeness_of_zero() -> None:
    blank = {"id": "x", "roles": ["mentee"], "adult": True}
    made = engine([member(0), member(1), blank])
    found = similarity(made._scene("peer"), rows(made))
    assert np.isnan(found[2, :2]).all()
    assert np.isfinite(found[0, 1])


def test_differences_by_hand() -> None:
    people = [
        mentee("a", career_stage="entry", fields=["isco:25", "isco:21"], experience=[{"band": "0-1"}]),
        mentee("b", career_stage="mid", fields=["isco:25"], experience=[{"band": "20+"}]),
        mentee("c", career_stage="senior", fields=[]),
    ]
    made = engine(people)

    def of(*features: str) -> FloatArray:
        return difference(made._pool, rows(made), features)

    assert of("fields")[0, 1] == pytest.approx(0.5)
    assert np.isnan(of("fields")[0, 2])
    assert of("career_stage")[:, 0].tolist() == pytest.approx([0, 2 / 3, 1])
    assert of("experience_years")[0, 1] == 1
    assert of("fields", "career_stage")[0, 1] == pytest.approx((0.5 + 2 / 3) / 2, abs=1e-5)
    assert of("fields", "career_stage")[0, 2] == 1
    assert np.isnan(of("place")).all()


def test_places_differ_by_distance() -> None:
    where = ("gcpvj", "gcpvj", "gcpv0", "9q8yy")
    made = engine([mentee(f"p{n}", place={"geohash": cell}) for n, cell in enumerate(where)])
    found = difference(made._pool, rows(made), ["place"])
    assert found[0, 1] == 0
    assert 0 < found[0, 2] < 0.5
    assert found[0, 3] == 1


def test_camps_are_scaled_alike_and_know_nothing_confided() -> None:
    people = [member(n, experience=[{"band": ("0-1", "5-9", "20+")[n % 3]}]) for n in range(9)]
    made = engine(people)
    every = ("fields", "career_stage", "place", "experience_years")
    found = camps(made._pool, rows(made), every)
    spread = np.nanvar(found, axis=0)
    assert spread[:2] == pytest.approx([1, 1], abs=1e-4)
    assert spread[2:].sum() == pytest.approx(1, abs=1e-4)
    other = engine([p | {"attributes": [{"dimension": "h", "value": str(n)}]} for n, p in enumerate(people)])
    assert np.array_equal(camps(other._pool, rows(other), every), found)
    assert camps(made._pool, rows(made), ()).shape == (9, 0)


def test_large_pools_are_compared_as_vectors() -> None:
    people: list[dict[str, Any]] = [member(n, ("TU",)) for n in range(12)]
    made = engine(
        [*people, mentee("x", goals=[], career_stage=None, availability=[day("TU")])], CIRCLE + "compare_up_to = 4\n"
    )
    needs = need_vectors(made._pool, rows(made))
    assert np.linalg.norm(needs, axis=1).tolist() == pytest.approx([1] * 12 + [0], abs=1e-5)
    assert needs[0] @ needs[4] == pytest.approx(1, abs=1e-4), "the same goal"
    unlike = difference_vectors(made._pool, rows(made), ("fields", "career_stage"))
    assert unlike[0] @ unlike[3] > unlike[0] @ unlike[1], "the same field and stage"
    plan = formed(made)
    assert plan.figures.placed == 13
    assert plan == formed(made)
