"""Sponsorship: access, stages, willingness; and its rules."""

import numpy as np
import pytest

from matchengine.scorers.rules.sponsoring import conflict_of_interest, willing_to_sponsor
from matchengine.scorers.sponsorship import seniority, sponsorship

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)


@pytest.fixture(scope="module")
def sponsor(items_of):
    def run(grid, stages=(1, 4), willing=1.0, **settings):
        items = items_of(grid, fields=("opportunities", "influence"))
        return sponsorship(items, column(stages[0]), column(stages[1]), column(willing), **settings)

    return run


def test_the_formula(sponsor):
    assert sponsor([[0.5, 0.1]], (1, 2), 0.5).value == pytest.approx([0.5**0.6 * 0.5**0.2 * 0.5**0.2])
    assert sponsor([[0.9], [0.3]]).value == pytest.approx([0.6**0.6])
    assert sponsor([[0.9]], (3, 2)).value == pytest.approx([0])
    assert sponsor([[0.9]], willing=0.0).value == pytest.approx([0])


def test_seniority_in_stages():
    assert seniority(column(1, 1, 1, 1, NAN), column(0, 1, 2, 3, 3)) == pytest.approx([0, 0, 0.5, 1, NAN], nan_ok=True)


def test_unknown_parts_are_dropped_but_never_the_access(sponsor):
    unknown = sponsor([[0.5]], (NAN, 2), NAN)
    assert unknown.value == pytest.approx([0.5])
    assert unknown.confidence == pytest.approx([0.6])
    assert np.isnan(sponsor([[NAN]]).value).all()


def test_it_says_what_the_sponsor_is_willing_to_do(sponsor):
    told = [sponsor([[0.5]], willing=willing).evidence for willing in (1.0, 0.5, 0.0)]
    assert [(~np.isnan(e["active"][0]), ~np.isnan(e["introduces"][0])) for e in told] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert sponsor([[0.2, 0.1]]).evidence["influence"].texts.tolist() == [0]


def test_conflicts_of_interest():
    manager, home = np.array([False, True, False, True]), np.array([False, False, True, True])
    assert conflict_of_interest(manager, home).passes.tolist() == [True, False, False, False]
    declared = conflict_of_interest(manager, home, reporting_line="declare")
    assert (declared.passes | ~declared.known).tolist() == [True, True, False, False]
    assert declared.known.tolist() == [True, False, True, True]


def test_whoever_does_not_want_to_sponsor_is_left_out():
    ruled = willing_to_sponsor(column(0, 0.5, 1, NAN))
    assert ruled.passes[:3].tolist() == [False, True, True]
    assert ruled.known.tolist() == [True, True, True, False]
