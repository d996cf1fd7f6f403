"""Golden number GN10 and the properties of domain.md G1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matchengine.batch import ScoreTable, Sides
from matchengine.components import ScorerSpec, Settings
from matchengine.config import MatchConfig
from matchengine.matching.combine import combine, log_mean, neutral_score
from matchengine.registry import ActiveScorer, MatchKind

BLOCKS = ("need", "relate", "relate", "feasible")
WEIGHTS = (1.0, 2.0, 1.0, 1.0)


def kind(blocks: tuple[str | None, ...] = ("need", "relate", "feasible"), across: float = 0.0) -> MatchKind:
    spec = ScorerSpec("scorer", "x", lambda: None, Settings)
    weights = WEIGHTS if blocks == BLOCKS else (1.0,) * len(blocks)
    scorers = tuple(ActiveScorer(f"s{n}", spec, {}, b, w) for n, (b, w) in enumerate(zip(blocks, weights, strict=True)))
    config = MatchConfig.model_validate(
        {"requester": "mentee", "candidate": "mentor", "scorers": {"s": {"use": "x"}}, "across": across}
    )
    return MatchKind("mentor", config, Sides("people", "people", 1), 0, scorers, ())


def of(
    values: list[list[float]], confidences: list[list[float]] | None = None, neutral: float = 0.5, **more: object
) -> ScoreTable:
    array = np.array(values)
    sure = np.array(confidences) if confidences is not None else (~np.isnan(array)).astype(float)
    return combine(kind(**more), array, sure, neutral)  # type: ignore[arg-type]


def test_gn10_all_blocks() -> None:
    assert of([[0.62, 0.55, 0.90]]).total[0] == pytest.approx(0.6526, abs=1e-4)


def test_gn10_relate_missing() -> None:
    table = of([[0.62, np.nan, 0.90]])
    assert table.confidence[0] == pytest.approx(0.65)
    assert table.total[0] == pytest.approx(0.6401, abs=1e-4)
    full = of([[0.62, np.nan, 0.90]], neutral=0.7156)
    assert full.total[0] == pytest.approx(0.7156, abs=1e-4)


def test_all_abstain_gives_neutral_without_confidence() -> None:
    table = of([[np.nan] * 3], neutral=0.4)
    assert table.total[0] == 0.4
    assert table.confidence[0] == 0
    assert not table.contributions.any()


def test_abstaining_is_not_zero() -> None:
    absent, zero = of([[0.6, np.nan, 0.9], [0.6, 0.0, 0.9]]).total
    assert absent > zero


def test_a_near_zero_block_pulls_down_but_does_not_veto() -> None:
    assert 0.05 < of([[0.9, 0.0, 0.9]]).total[0] < 0.3


def test_log_mean_is_continuous_at_equality() -> None:
    x = np.array([0.5, 0.5 + 1e-9, 0.50001, 0.2])
    assert log_mean(x, 0.5) == pytest.approx([0.5, 0.5, 0.500005, 0.32741], abs=1e-5)


matrices = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, (n, 4), elements=st.one_of(st.floats(0, 1), st.just(float("nan")))),
        arrays(np.float64, (n, 4), elements=st.floats(0, 1)),
    )
)


@given(matrices, st.floats(0.05, 0.95), st.sampled_from([0.0, 1.0, -1.0, -5.0]))
def test_contributions_are_exact_and_additive(
    data: tuple[np.ndarray, np.ndarray], neutral: float, across: float
) -> None:
    values, confidences = data
    confidences = np.where(np.isnan(values), 0, confidences)
    table = combine(kind(BLOCKS, across), values, confidences, neutral)
    assert np.abs(table.neutral + table.contributions.sum(axis=1) + table.lift - table.total).max() < 1e-6
    assert ((table.total >= 0) & (table.total <= 1)).all()
    assert (table.contributions[np.isnan(values)] == 0).all()


@given(matrices, st.floats(0.05, 0.95), st.integers(0, 3), st.floats(0, 1))
def test_score_rises_with_every_core_value(
    data: tuple[np.ndarray, np.ndarray], neutral: float, column: int, to: float
) -> None:
    values, confidences = data
    higher = values.copy()
    higher[:, column] = np.fmax(values[:, column], np.where(np.isnan(values[:, column]), np.nan, to))
    sure = np.where(np.isnan(values), 0, confidences)
    low, high = (combine(kind(BLOCKS), v, sure, neutral).total for v in (values, higher))
    assert (high >= low - 1e-9).all()


@given(matrices, st.floats(0, 1))
def test_a_lift_never_lowers_and_stays_below_its_bound(data: tuple[np.ndarray, np.ndarray], lift: float) -> None:
    values, confidences = data
    sure = np.where(np.isnan(values), 0, confidences)
    plain = combine(kind(BLOCKS[:3]), values[:, :3], sure[:, :3], 0.5).total
    with_lift = values.copy()
    with_lift[:, 3] = lift
    lifted = combine(kind((*BLOCKS[:3], None)), with_lift, sure, 0.5)
    silent = with_lift.copy()
    silent[:, 3] = np.nan
    undisclosed = combine(kind((*BLOCKS[:3], None)), silent, sure, 0.5)
    assert undisclosed.total == pytest.approx(plain)
    assert (lifted.total >= plain - 1e-12).all()
    assert (lifted.total <= plain + (1 - plain) * 0.35 + 1e-9).all()
    assert (lifted.contributions[:, 3] == 0).all()


def test_neutral_score_is_the_median_of_the_well_informed() -> None:
    rng = np.random.default_rng(0)
    values = rng.random((200, 3))
    sure = np.ones_like(values)
    sure[100:] = 0.1
    expected = np.median(np.exp(np.log(np.maximum(values[:100], 0.01)) @ np.array([0.4, 0.35, 0.25])))
    assert neutral_score(kind(), values, sure) == pytest.approx(expected, abs=1e-3)
    assert neutral_score(kind(), values[:10], sure[:10]) == 0.5
