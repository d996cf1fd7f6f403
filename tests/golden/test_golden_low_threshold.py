"""Golden numbers GN6 and GN13 of domain.md, annex 1 (tolerance 1e-4)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.planning.prescription import prescribe
from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.scorers.ladder import ladder
from matchengine.scorers.low_threshold import low_threshold
from matchengine.scorers.reach import reach
from matchengine.testing.item_pairs import make_item_pairs

FELT = {"language": 0.6, "confidence": 0.7, "transport": 0.5, "cost": 0.3}
THERE = {"language": 0.8, "confidence": 0.5, "transport": 0.9, "cost": 1.0}


def close(values: Any) -> Any:
    return pytest.approx(values, abs=1e-4)


def row(told: dict[str, float], rest: float) -> Any:
    return np.array([[told.get(kind, rest) for kind in BARRIER_KINDS]], np.float32)


def test_gn6_reach() -> None:
    assert reach(row(FELT, 0), row(THERE, 0)) == close([0.5434])


def test_gn6_ladder() -> None:
    assert ladder(np.arange(5.0), np.ones(5)) == close([0.6065, 0.9460, 0.7748, 0.1007, 0.0017])


def test_gn6_whole() -> None:
    one = {
        "text": np.zeros(1, np.int32),
        "level": np.full(1, np.nan),
        "priority": np.ones(1),
        "source": np.zeros(1, np.int8),
    }
    likeness = {name: np.full((1, 1), 0.65) for name in ("phi", "lexical", "similarity")}
    items = make_item_pairs([np.zeros(1, int)], [np.zeros(1, int)], one, one, likeness, ("interests", "topics"))
    unknown, yes, no = (np.array([value], np.float32) for value in (np.nan, 1, 0))
    result = low_threshold(
        items,
        row(FELT, 0),
        row(THERE, np.nan),
        row({}, 0.2),
        unknown,  # with beta 1 the affinity is .65, and .8 the ease of three known features
        yes,
        yes,
        unknown,
        unknown,
        no,
        unknown,
        yes,
        np.array([2], np.float32),
        beta=1.0,
    )
    assert result.value == close([0.4297])


def test_gn13_prescription() -> None:
    fix = prescribe(
        np.array([0.6, 0.7, 1, 0.3]),
        np.array([0.8, 0.5, 0, 1]),
        np.array([2.0, 1, 3, 1]),
        np.array([1, 0.9, 0.9, 1]),
        0.5,
    )
    assert fix is not None
    assert (fix.supports, fix.cost) == ((2,), 3.0)
