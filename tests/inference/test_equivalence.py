"""The four verdicts, and two one-sided tests against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_paired

from matchengine.errors import DataError
from matchengine.inference import compare, equivalence_p, verdicts


def around(mean: float, spread: float = 1.0, units: int = 25):
    """A comparison with exactly this mean and spread."""
    values = np.random.default_rng(1).normal(size=units)
    values = (values - values.mean()) / values.std(ddof=1)
    return compare(values * spread + mean)


def test_tost_is_that_of_statsmodels():
    rng = np.random.default_rng(2)
    for margin in (0.1, 0.4, 1.0):
        left, right = rng.normal(size=20), rng.normal(size=20)
        oracle = ttost_paired(left, right, -margin, margin)[0]
        assert equivalence_p(compare(left=left, right=right), margin) == pytest.approx(oracle)


@pytest.mark.parametrize(
    ("mean", "spread", "answer", "differs", "exceeds"),
    [
        (1.0, 1.0, "better", True, True),
        (0.6, 1.0, "better", True, False),
        (-1.0, 1.0, "worse", True, True),
        (-0.6, 1.0, "worse", True, False),
        (0.0, 0.3, "same", False, False),
        (0.2, 0.1, "same", True, False),
        (0.1, 2.0, "cannot_tell", False, False),
    ],
)
def test_the_verdict_of_one_comparison(mean, spread, answer, differs, exceeds):
    (found,) = verdicts([around(mean, spread)], 0.4)
    assert (found.answer, found.differs, found.exceeds_margin) == (answer, differs, exceeds)


def test_a_strategy_against_itself_is_the_same_whatever_the_margin():
    itself = compare(np.zeros(40))
    assert [v.answer for v in verdicts([itself, around(1.0)], 0.0)] == ["same", "better"]


def test_nothing_inferred_cannot_tell_and_is_no_member():
    little = compare(np.array([0.1, 0.2]))
    alone, (_none, beside) = verdicts([around(0.45)], 0.1), verdicts([little, around(0.45)], 0.1)
    assert _none.answer == "cannot_tell"
    assert np.isnan(_none.adjusted_p)
    assert beside.adjusted_p == alone[0].adjusted_p


def test_a_large_family_asks_for_more():
    """p of about .035 stands alone and falls among ten; the interval alone would have said better."""
    one = around(0.45)
    assert one.low > 0
    assert verdicts([one], 0.1)[0].answer == "better"
    assert verdicts([one] * 10, 0.1)[0].answer == "cannot_tell"


def test_a_family_asks_for_more_of_sameness_too():
    one = around(0.0, 0.9)
    assert one.narrow_high < 0.4
    assert verdicts([one], 0.4)[0].answer == "same"
    assert verdicts([one] * 10, 0.4)[0].answer == "cannot_tell"


def test_equal_differences_are_no_surer_than_their_number():
    assert verdicts([compare(np.full(5, 0.01))], 0.02)[0].answer == "cannot_tell"
    assert verdicts([compare(np.full(6, 0.01))], 0.02)[0].answer == "same"


def test_margins_and_levels_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="margin"):
        verdicts([around(0.1)], -0.1)
    with pytest.raises(DataError, match="one level"):
        verdicts([compare(np.arange(9.0)), compare(np.arange(9.0), alpha=0.1)], 0.1)
