"""Each step from scorer values to one score on numbers that can be followed by hand (domain.md G1, H8)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from matchengine.batch import ScoreTable, Sides
from matchengine.components import ScorerSpec, Settings
from matchengine.config import MatchConfig
from matchengine.matching.combine import block_values, block_weight, combine, drops, log_mean, neutral_score
from matchengine.registry import ActiveScorer, MatchKind

UNKNOWN = np.nan
SKILL, CAREER = np.uint32(1), np.uint32(2)
EACH = (("need", 1.0), ("relate", 1.0), ("feasible", 1.0))


def kind_of(*scorers: tuple[Any, ...], **options: Any) -> MatchKind:
    """Make a kind of scorers given as block, weight and, where it is not `core`, role."""
    given = {"requester": "mentee", "candidate": "mentor", "scorers": {"s": {"use": "x"}}}
    active = tuple(
        ActiveScorer(f"s{n}", ScorerSpec("scorer", "x", lambda: None, Settings, role=(*role, "core")[0]), {}, block, w)
        for n, (block, w, *role) in enumerate(scorers)
    )
    return MatchKind("mentor", MatchConfig.model_validate(given | options), Sides("people", "people", 1), 0, active, ())


def table_of(kind: MatchKind, rows: Any, sure: Any = None, neutral: float = 0.5, goals: Any = None) -> ScoreTable:
    values = np.array(rows, np.float64)
    known = (~np.isnan(values)).astype(np.float64) if sure is None else np.array(sure, np.float64)
    return combine(kind, values, known, neutral, goals)


# ---------------------------------------------------------------------- means


def test_the_logarithmic_mean_is_exact_near_and_far() -> None:
    x = np.array([0.3 * (1 + e) for e in (-9e-5, 9e-5, 1.1e-4, 0.0, 1.0)])
    exact = [0.3 * e / np.log1p(e) if e else 0.3 for e in (-9e-5, 9e-5, 1.1e-4, 0.0, 1.0)]
    assert log_mean(x, 0.3) == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize("across", [0.0, 1.0, -1.0, -5.0])
def test_parts_of_a_power_mean_follow_its_blocks(across: float) -> None:
    """With weights .4, .35 and .25 a block gives its share of the way from neutral to the mean."""
    table = table_of(kind_of(*EACH, across=across), [[0.9, 0.6, 0.3], [0.5, 0.5, 0.5]], neutral=0.5)
    weights, values = np.array([0.4, 0.35, 0.25]), np.array([0.9, 0.6, 0.3])
    one = np.log if across == 0 else lambda x: x**across
    mean = np.exp(weights @ np.log(values)) if across == 0 else (weights @ values**across) ** (1 / across)
    parts = weights * (one(values) - one(np.array(0.5)))
    assert table.total == pytest.approx([mean, 0.5])
    assert table.contributions[0] == pytest.approx((mean - 0.5) * parts / parts.sum())
    assert table.contributions[1] == pytest.approx([0, 0, 0], abs=1e-12)


@pytest.mark.parametrize("across", [0.0, -1.0])
def test_one_block_at_neutral_in_a_mean_that_is_not(across: float) -> None:
    table = table_of(kind_of(*EACH, across=across), [[0.5, 0.7, UNKNOWN]], [[1, 1, 0]], neutral=0.5)
    assert table.contributions[0, 0] == 0
    assert table.contributions[0, 1] == pytest.approx(table.total[0] - 0.5)


@pytest.mark.parametrize("across", [1.0, -1.0, -2.0, 0.0])
def test_a_mean_that_meets_neutral_still_gives_each_block_its_part(across: float) -> None:
    """Equal weights and blocks either side of neutral: the parts cancel out, and neither is 0."""
    low, high = {1.0: (0.4, 0.6), -1.0: (1 / 3, 1.0), -2.0: (7**-0.5, 1.0), 0.0: (0.25, 1.0)}[across]
    kind = kind_of(*EACH[:2], across=across, blocks={"need": 1.0, "relate": 1.0})
    table = table_of(kind, [[low, high]])
    one = np.log if across == 0 else lambda x: x**across / across
    assert table.total[0] == pytest.approx(0.5)
    expected = [0.5 ** (1 - across) * (one(each) - one(0.5)) / 2 for each in (low, high)]
    assert table.contributions[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("across", [0.0, -1.0])
def test_silence_and_equality_warn_of_nothing(across: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = table_of(kind_of(*EACH, across=across), [[UNKNOWN] * 3, [0.5] * 3, [0.0] * 3])
    assert np.isfinite(table.total).all()
    assert np.isfinite(table.contributions).all()


def test_a_value_of_zero_counts_as_one_in_a_hundred() -> None:
    table = table_of(kind_of(*EACH), [[0.0, 0.5, 0.5], [0.01, 0.5, 0.5]])
    assert table.total[0] == pytest.approx(table.total[1])
    assert table.total[0] == pytest.approx(0.5 * 0.02**0.4)


# ---------------------------------------------------------------------- blocks


def test_inside_a_block_weights_of_those_who_speak_count() -> None:
    kind = kind_of(("need", 3.0), ("need", 1.0), ("relate", 0.0), ("relate", 2.0))
    values = np.array([[0.8, 0.4, 0.9, 0.6], [UNKNOWN, 0.4, 0.9, UNKNOWN]])
    blocks, shares, sure = block_values(kind, values, np.array([[1.0, 0.5, 1, 0.25], [0, 0.5, 1, 0]]))
    assert list(blocks) == list(shares) == list(sure) == ["need", "relate"]
    assert blocks["need"] == pytest.approx([0.7, 0.4])
    assert blocks["relate"] == pytest.approx([0.6, UNKNOWN], nan_ok=True)
    assert shares["need"].tolist() == [[0.75, 0.25, 0, 0], [0, 1, 0, 0]]
    assert shares["relate"].tolist() == [[0, 0, 0, 1], [0, 0, 0, 0]]
    assert sure["need"] == pytest.approx([0.875, 0.125])
    assert sure["relate"] == pytest.approx([0.25, 0])


def test_a_block_without_weight_is_not_there() -> None:
    blocks, _, _ = block_values(kind_of(("need", 0.0), ("feasible", 1.0)), np.ones((1, 2)), np.ones((1, 2)))
    assert list(blocks) == ["feasible"]


def test_silence_of_a_scorer_of_history_costs_no_confidence() -> None:
    kind = kind_of(("need", 1.0), ("need", 1.0, "history"), ("relate", 1.0, "history"))
    values = np.array([[0.8, UNKNOWN, UNKNOWN], [0.8, 0.2, 0.5], [UNKNOWN, 0.2, UNKNOWN]])
    sure = np.array([[0.6, 0, 0], [0.6, 0.4, 1.0], [0, 0.4, 0]])
    _, _, told = block_values(kind, values, sure)
    assert told["need"] == pytest.approx([0.6, 0.5, 0.2])
    assert told["relate"] == pytest.approx([UNKNOWN, 1.0, UNKNOWN], nan_ok=True)
    assert table_of(kind, values, sure).confidence[0] == pytest.approx(0.6)


def test_a_block_is_split_by_share_and_distance_from_neutral() -> None:
    table = table_of(kind_of(("need", 3.0), ("need", 1.0)), [[0.8, 0.4], [0.6, 0.6]])
    assert table.total == pytest.approx([0.7, 0.6])
    assert table.contributions == pytest.approx(np.array([[0.225, -0.025], [0.075, 0.025]]))


def test_a_gain_of_the_floor_alone_is_shared_by_weight() -> None:
    """The block is at a neutral below the floor: there is nothing to split in proportion to, and something to give."""
    table = table_of(kind_of(("need", 3.0), ("need", 1.0)), [[0.005, 0.005]], neutral=0.005)
    assert table.total == pytest.approx([0.01])
    assert table.contributions[0] == pytest.approx([0.00375, 0.00125])


def test_what_is_known_and_unsure_shrinks_to_neutral() -> None:
    table = table_of(kind_of(*EACH), [[0.9, 0.9, UNKNOWN]], [[0.5, 1.0, 0]], neutral=0.3)
    sure = 0.4 * 0.5 + 0.35
    assert table.confidence == pytest.approx([sure])
    assert table.total == pytest.approx([sure * 0.9 + (1 - sure) * 0.3])
    assert table.scorers == ("s0", "s1", "s2")
    assert {block: value.tolist() for block, value in table.blocks.items()} == {
        "need": [0.9], "relate": [0.9], "feasible": [pytest.approx(UNKNOWN, nan_ok=True)],
    }  # fmt: skip
    assert table.neutral == 0.3


def test_weights_may_depend_on_the_kind_of_goal() -> None:
    kind = kind_of(*EACH, goal_blocks={"skill": {"need": 0.8}, "career_move": {"relate": 0.05, "need": 0.1}})
    goals = np.array([0, SKILL, CAREER, 4], np.uint32)
    assert block_weight(kind, "need", goals).tolist() == [0.4, 0.8, 0.1, 0.4]
    assert block_weight(kind, "relate", goals).tolist() == [0.35, 0.35, 0.05, 0.35]
    assert block_weight(kind, "feasible", goals).tolist() == [0.25] * 4
    assert block_weight(kind, "need", None) == 0.4
    assert block_weight(kind_of(*EACH), "need", goals) == 0.4
    table = table_of(kind, [[0.9, 0.3, 0.6]] * 4, goals=goals)
    assert table.weights["need"].tolist() == [0.4, 0.8, 0.1, 0.4]
    weights = np.array([[0.4, 0.35, 0.25], [0.8, 0.35, 0.25], [0.1, 0.05, 0.25], [0.4, 0.35, 0.25]])
    assert table.total == pytest.approx(np.exp(weights @ np.log([0.9, 0.3, 0.6]) / weights.sum(axis=1)))
    assert table.contributions.sum(axis=1) + 0.5 == pytest.approx(table.total)
    assert table_of(kind_of(*EACH), [[0.9, 0.3, 0.6]] * 2).weights["relate"].tolist() == [0.35, 0.35]


def test_enough_is_known_from_a_confidence_on_and_with_the_blocks_that_must_be() -> None:
    rows, sure = [[0.5, 0.5], [0.5, 0.5], [0.5, UNKNOWN], [UNKNOWN, 0.5]], [[0.5, 0.5], [0.5, 0.49], [1, 0], [0, 1]]
    options = {"blocks": {"need": 1.0, "relate": 1.0, "feasible": 1.0}, "informed_from": 0.5}
    assert table_of(kind_of(*EACH[:2], **options), rows, sure).informed.tolist() == [True, False, True, True]
    asked = kind_of(*EACH[:2], **options, must_know=["need", "feasible"])
    assert table_of(asked, rows, sure).informed.tolist() == [True, False, True, False]


# ---------------------------------------------------------------------- lifts


def test_lifts_raise_a_share_of_what_is_missing_and_together_by_a_cap() -> None:
    kind = kind_of(*EACH, (None, 1.0), (None, 1.0))
    rows = [[0.6] * 3 + lifts for lifts in ([UNKNOWN, UNKNOWN], [0.1, UNKNOWN], [0.1, 0.2], [0.35, 0.35])]
    table = table_of(kind, rows)
    lifts = [0, 0.1, 1 - 0.9 * 0.8, 1 - 0.825**2]
    assert table.lift == pytest.approx([0.4 * each for each in lifts])
    assert table.total == pytest.approx([0.6 + 0.4 * each for each in lifts])
    assert not table.contributions[:, 3:].any()
    assert not table_of(kind_of(*EACH), [[0.6] * 3]).lift.any()


# ---------------------------------------------------------------------- silence


def test_what_each_silence_would_take() -> None:
    kind = kind_of(("need", 3.0), ("need", 1.0), ("relate", 1.0), (None, 1.0), goal_blocks={"skill": {"need": 0.8}})
    goals = np.array([0, SKILL, 0], np.uint32)
    values = np.array([[0.9, 0.2, 0.7, 0.3], [0.9, 0.2, 0.7, UNKNOWN], [UNKNOWN, 0.6, 0.4, 0.1]])
    sure = np.array([[1.0, 0.5, 0.8, 1.0], [1.0, 0.5, 0.8, 0], [0, 0.9, 0.7, 1.0]])
    table = combine(kind, values, sure, 0.45, goals)
    lost = drops(kind, table)
    assert lost.shape == (3, 4)
    for column in range(4):
        silent, unsure = values.copy(), sure.copy()
        silent[:, column], unsure[:, column] = UNKNOWN, 0
        without = combine(kind, silent, unsure, 0.45, goals)
        assert lost[:, column] == pytest.approx(table.total - table.lift - without.total + without.lift, abs=1e-12)
    assert (lost[:2, 0] > 0).all()
    assert (lost[:2, 1] < 0).all()
    assert lost[:, 3] == pytest.approx(0, abs=1e-12)
    assert lost[2, 0] == pytest.approx(0, abs=1e-12)


def test_without_the_only_one_who_speaks_the_score_is_neutral() -> None:
    kind = kind_of(("need", 1.0))
    table = table_of(kind, [[0.9], [0.2]], [[0.8], [1.0]], neutral=0.4)
    assert drops(kind, table)[:, 0] == pytest.approx(table.total - 0.4)


# ---------------------------------------------------------------------- neutral


def sample(value: float, count: int = 30, sure: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    return np.full((count, 3), value), np.full((count, 3), sure)


def test_the_neutral_score_needs_thirty_pairs_of_whom_enough_is_known() -> None:
    kind = kind_of(*EACH)
    assert neutral_score(kind, *sample(0.7)) == pytest.approx(0.7)
    assert neutral_score(kind, *sample(0.7, 29)) == 0.5
    assert neutral_score(kind, *sample(0.7, sure=0.81)) == pytest.approx(0.7)
    assert neutral_score(kind, *sample(0.7, sure=0.79)) == 0.5


def test_a_confidence_of_four_fifths_is_enough() -> None:
    kind = kind_of(("need", 1.0), blocks={"need": 1.0})
    assert neutral_score(kind, np.full((30, 1), 0.7), np.full((30, 1), 0.8)) == pytest.approx(0.7)


@pytest.mark.parametrize(("value", "told"), [(0.01, 0.05), (0.99, 0.95), (0.123449, 0.1234), (0.876556, 0.8766)])
def test_the_neutral_score_is_rounded_and_stays_within_its_bounds(value: float, told: float) -> None:
    assert neutral_score(kind_of(*EACH), *sample(value)) == told


def test_lifts_do_not_raise_the_neutral_score() -> None:
    kind = kind_of(*EACH, (None, 1.0))
    values, sure = np.full((40, 4), 0.6), np.ones((40, 4))
    values[:, 3] = 0.3
    assert neutral_score(kind, values, sure) == pytest.approx(0.6)


def test_the_neutral_score_weighs_blocks_as_the_score_does() -> None:
    weights = {"need": 0.5, "relate": 0.5}
    kind = kind_of(*EACH[:2], blocks=weights, goal_blocks={"skill": {"need": 0.75, "relate": 0.25}})
    values = np.tile([0.8, 0.2], (30, 1))
    assert neutral_score(kind, values, np.ones((30, 2)), np.full(30, SKILL)) == round(0.8**0.75 * 0.2**0.25, 4)
    assert neutral_score(kind, values, np.ones((30, 2))) == pytest.approx(0.4)
