"""Annex 2, C8: a further contact never raises a gap, fills and supports never lower, barriers never raise."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matchengine.scorers.network_gap import fill_gaps, gaps
from matchengine.scorers.project_fit import enough
from matchengine.scorers.resource_fit import freshness
from tests.properties.populations import holds_for

share = st.floats(0, 1)
shares = arrays(np.float64, (3, 6), elements=share)
counts = arrays(np.float64, (3, 6), elements=st.integers(0, 60).map(float))
scales = st.tuples(*[st.floats(0.1, 20)] * 6)
levels = st.sampled_from((0.0, 1.0, 2.0, 3.0, 4.0, np.nan))


@holds_for(counts, shares, scales, st.integers(0, 5), st.integers(1, 9))
def test_s5_27_a_further_contact_never_raises_any_gap(n, importance, scale, category, more):
    before = gaps(n, importance, scale)
    n = n.copy()
    n[:, category] += more
    after = gaps(n, importance, scale)
    assert (after <= before).all()
    assert (np.delete(after, category, axis=1) == np.delete(before, category, axis=1)).all()
    assert (after >= 0).all()
    assert (after <= importance).all()


@holds_for(shares, shares, shares)
def test_more_filled_is_never_worse_and_values_are_shares(gap, low, more):
    high = low + more * (1 - low)
    first, second = fill_gaps(gap, low).value, fill_gaps(gap, high).value
    known = ~np.isnan(first)
    assert (known == (gap.sum(axis=1) > 0)).all()
    assert (second[known] >= first[known] - 1e-12).all()
    assert ((first[known] >= 0) & (second[known] <= 1)).all()
    assert (first[known] <= low.max(axis=1)[known] + 1e-12).all()


@holds_for(shares, shares, st.lists(st.booleans(), min_size=18, max_size=18))
def test_unknown_categories_are_as_if_they_were_not_there(gap, fills, hidden):
    mask = np.array(hidden).reshape(3, 6)
    told = fill_gaps(np.where(mask, np.nan, gap), fills)
    for row in range(3):
        rest = (
            fill_gaps(gap[row : row + 1, ~mask[row]], fills[row : row + 1, ~mask[row]]) if (~mask[row]).any() else None
        )
        wanted = np.nan if rest is None else rest.value[0]
        assert np.isclose(told.value[row], wanted, equal_nan=True)


@holds_for(levels, levels, levels)
def test_a_higher_level_is_never_less_enough(low, high, needed):
    if low <= high:
        found = enough(np.array([low, high]), np.array([needed, needed]))
        assert found[0] <= found[1]
    assert 0 <= enough(np.array([low]), np.array([needed]))[0] <= 1


@holds_for(st.floats(0, 5000), st.floats(0, 5000), st.floats(1, 4000))
def test_older_is_never_fresher(one, other, half_life):
    young, old = freshness(np.array(sorted((one, other))), half_life)
    assert 0 <= old <= young <= 1
