"""The gaps of a network: what is dropped, what is nothing to score, whose fills count."""

import numpy as np
import pytest

from matchengine.components import specs_in
from matchengine.records import vocabulary as v
from matchengine.scorers.network_gap import fill_gaps, gaps, network_gap
from matchengine.testing import check_all

NAN = np.nan
NO_KIND = np.zeros(1, np.uint32)


def row(*values):
    return np.array([values], np.float32)


def test_unknown_categories_are_dropped_and_lower_the_confidence():
    whole = network_gap(row(0, 0, 0, 0, 0, 0), row(0, 1, 0, 1, 0, 0), row(0, 0.5, 0, 1, 0, 0), NO_KIND)
    part = network_gap(row(NAN, 0, NAN, NAN, NAN, NAN), row(0, 1, 0, 1, 0, 0), row(0, 0.5, 0, 1, 0, 0), NO_KIND)
    assert whole.value == pytest.approx([0.75])
    assert part.value == pytest.approx([0.5])
    assert (whole.confidence[0], part.confidence[0]) == pytest.approx((1, 1 / 6))


def test_nothing_is_said_without_a_map_or_without_a_gap():
    nobody = network_gap(row(*[NAN] * 6), row(*[NAN] * 6), row(*[0.5] * 6), NO_KIND)
    content = network_gap(row(*[0] * 6), row(*[0] * 6), row(*[0.5] * 6), NO_KIND)
    for result in (nobody, content):
        assert np.isnan(result.value).all()
        assert np.isnan(result.evidence["met"]).all()


def test_a_candidate_who_fills_no_gap_is_known_to_be_of_no_help():
    result = network_gap(row(*[0] * 6), row(1, 0, 0, 0, 0, 0), row(0, 1, 1, 1, 1, 1), NO_KIND)
    assert result.value.tolist() == [0]
    assert np.isnan(result.evidence["met"]).all()


def test_evidence_counts_the_gaps_that_are_filled():
    result = network_gap(row(0, 0, 0, 0, 0, 9), row(1, 1, 0.1, 0, 1, 1), row(0.3, 0.5, 0.5, 1, 0, 1), NO_KIND)
    assert result.evidence["met"].tolist() == [2]


def test_a_programme_may_set_fills_of_its_own():
    talk = np.array([1 << v.GATHERING_KINDS.index("talk"), 1 << v.GATHERING_KINDS.index("mixer")], np.uint32)
    both = (np.repeat(array, 2, axis=0) for array in (row(*[0] * 6), row(*[1] * 6), row(*[0.5] * 6)))
    result = network_gap(*both, talk, fills={"talk": (1, 1, 1, 1, 1, 1)})
    assert result.value == pytest.approx([1, 0.5])


@pytest.mark.parametrize("wrong", [{"scales": (1, 2)}, {"scales": (0, 1, 1, 1, 1, 1)}, {"fills": {"party": (1,) * 6}}])
def test_settings_that_make_no_sense_are_refused(wrong):
    [spec] = specs_in(network_gap)
    with pytest.raises(ValueError, match=r"scales|fills"):
        spec.settings.model_validate(wrong)


def test_the_settings_pass_the_kit():
    [spec] = specs_in(network_gap)
    assert check_all(spec, settings={"scales": (1, 1, 1, 1, 1, 1), "fills": {"hobby": (1, 0, 0, 0, 0, 0)}}) == []


def test_a_further_contact_closes_its_own_gap_and_no_other():
    before, after = gaps(row(0, 1, 2, 3, 4, 5), row(*[0.5] * 6)), gaps(row(0, 2, 2, 3, 4, 5), row(*[0.5] * 6))
    assert after[0, 1] < before[0, 1]
    assert np.delete(after, 1).tolist() == np.delete(before, 1).tolist()


def test_a_gap_that_closes_takes_its_weight_along():
    fills = row(0, 0, 0, 1, 0, 0)
    open_gap, closed = (fill_gaps(gaps(row(0, n, 0, 0, 0, 0), row(0, 1, 0, 1, 0, 0)), fills) for n in (0, 20))
    assert open_gap.value == pytest.approx([0.5])
    assert closed.value == pytest.approx([1], abs=0.01)
