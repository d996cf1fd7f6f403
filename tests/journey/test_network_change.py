"""What changed between two network maps: gaps closed, categories and functions in reach (S2-32, S5-27)."""

from __future__ import annotations

import math

import pytest

from matchengine.journey.network import network_change
from matchengine.records import NetworkMap


def network(**ties):
    made = [
        {"category": name, "count": count, "importance": importance, "functions": functions}
        for name, (count, importance, *functions) in ties.items()
    ]
    return NetworkMap.model_validate({"ties": made})


def test_gaps_close_at_the_importance_of_the_earlier_map():
    change = network_change(network(friends=(0, 1.0), clubs=(3, 0.5)), network(friends=(3, 0.1), clubs=(0, 0.5)))
    assert change.closed["friends"] == pytest.approx(1 - math.exp(-1), abs=1e-5)
    assert change.closed["clubs"] == pytest.approx(0.5 * (math.exp(-1) - 1), abs=1e-5)


def test_a_change_of_mind_closes_no_gap():
    assert network_change(network(friends=(1, 1.0)), network(friends=(1, 0.0))).closed == {"friends": 0}


def test_categories_that_one_map_leaves_out_are_not_compared():
    change = network_change(network(friends=(0, 1.0)), network(clubs=(2, 1.0)))
    assert (change.closed, change.reachable_before, change.reachable_after) == ({}, 0, 1)


def test_functions_that_are_gained_and_lost():
    change = network_change(
        network(friends=(1, 1.0, "emotional"), family=(0, 1.0, "practical")),
        network(friends=(0, 1.0, "emotional"), family=(2, 1.0, "practical", "professional")),
    )
    assert (change.gained, change.lost) == (("practical", "professional"), ("emotional",))
