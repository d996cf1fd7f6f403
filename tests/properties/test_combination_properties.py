"""Properties of domain.md G1 over random values, weights and gaps, on the score table itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchengine.matching.combine import combine
from matchengine.registry import MatchKind
from tests.properties.populations import quick
from tests.support import CONFIG, engine

values = st.lists(st.tuples(*[st.none() | st.floats(0, 1)] * 5), min_size=1, max_size=6).map(
    lambda rows: np.array(rows, np.float64)
)
KIND = engine(text=CONFIG)._kinds["mentor"]


def weighted(column: int, weight: float) -> MatchKind:
    """Return the kind of the tests with another weight of one scorer."""
    from dataclasses import replace

    scorers = list(KIND.scorers)
    scorers[column] = replace(scorers[column], weight=weight)
    return replace(KIND, scorers=tuple(scorers))


def sure(given_values: np.ndarray) -> np.ndarray:
    """Return full confidence wherever something is said."""
    return np.where(np.isnan(given_values), 0.0, 1.0)


@quick
@given(values, st.floats(0.05, 0.95))
def test_parts_sum_to_the_total_which_stays_in_range(drawn: np.ndarray, neutral: float) -> None:
    table = combine(KIND, drawn, sure(drawn), neutral)
    assert np.abs(neutral + table.contributions.sum(axis=1) + table.lift - table.total).max() < 1e-6
    assert ((table.total >= 0) & (table.total <= 1)).all()


@quick
@given(values, st.integers(0, 4), st.floats(0, 1))
def test_a_higher_value_never_gives_a_lower_score(drawn: np.ndarray, column: int, step: float) -> None:
    higher = drawn.copy()
    higher[:, column] += step * (1 - higher[:, column])
    low, high = (combine(KIND, v, sure(v), 0.5).total for v in (drawn, higher))
    assert (high >= low - 1e-12).all()


@quick
@given(values, st.integers(0, 4), st.floats(0.1, 1), st.floats(1, 10))
def test_more_weight_on_what_somebody_is_best_at_never_lowers_their_score(
    drawn: np.ndarray, column: int, light: float, factor: float
) -> None:
    block = [n for n, s in enumerate(KIND.scorers) if s.block == KIND.scorers[column].block]
    drawn = np.nan_to_num(drawn, nan=0.3)
    drawn[:, column] = drawn[:, block].max(axis=1)
    totals = [combine(weighted(column, w), drawn, sure(drawn), 0.5).total for w in (light, light * factor)]
    assert (totals[1] >= totals[0] - 1e-12).all()


@quick
@given(values, st.floats(0.05, 0.95))
def test_who_says_nothing_is_neutral_and_never_zero(drawn: np.ndarray, neutral: float) -> None:
    silent = np.full_like(drawn, np.nan)
    table = combine(KIND, silent, sure(silent), neutral)
    assert np.allclose(table.total, neutral)
    assert (table.confidence == 0).all()


@quick
@given(values)
def test_rows_do_not_depend_on_the_other_rows(drawn: np.ndarray) -> None:
    together = combine(KIND, drawn, sure(drawn), 0.5).total
    alone = [combine(KIND, row[None], sure(row[None]), 0.5).total[0] for row in drawn]
    assert np.array_equal(together, alone)
