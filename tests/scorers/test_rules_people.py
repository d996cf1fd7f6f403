"""Constraints between people: ties, safeguarding, practical matters."""

from typing import get_args

import numpy as np
import pytest

from matchengine.batch import Ruled
from matchengine.records import vocabulary as v
from matchengine.scorers.rules import practical, safeguarding, ties

NAN = np.nan


def column(*values):
    return np.array(values, np.float32)


def modes(*sets):
    words = get_args(v.Mode)
    return np.array([sum(1 << words.index(word) for word in chosen) for chosen in sets], np.uint32)


def told(ruled):
    """True, False, or None for unknown."""
    known = np.ones(len(ruled.passes), bool) if ruled.known is None else ruled.known
    return [bool(p) if k else None for p, k in zip(ruled.passes, known, strict=True)]


@pytest.mark.parametrize(
    "rule",
    [ties.not_self, ties.boundaries, ties.do_not_rematch, ties.line_manager, ties.household, ties.existing_match],
)
def test_a_tie_is_a_veto(rule):
    assert rule(np.array([True, False])).tolist() == [False, True]


def minors(requester, candidate, **settings):
    """Each side as (adult, guardian consent, vetted)."""
    pairs = [column(x) for side in zip(requester, candidate, strict=True) for x in side]
    return safeguarding.minors(*pairs, **settings).tolist() == [True]


ADULT, VETTED = (1, NAN, NAN), (1, NAN, 1)
MINOR, COVERED = (0, NAN, NAN), (0, 1, NAN)


def test_only_attested_adults_are_matched_by_default():
    assert minors(ADULT, ADULT)
    for other in (MINOR, COVERED, (NAN, 1, 1), (0, 1, 1)):
        assert not minors(other, VETTED)
        assert not minors(VETTED, other)


def test_minors_need_consent_and_a_vetted_partner_on_either_side():
    policy = {"policy": "with_guardian_and_vetting"}
    assert minors(COVERED, VETTED, **policy)
    assert minors(VETTED, COVERED, **policy)
    assert minors(ADULT, ADULT, **policy)
    for young, grown in ((MINOR, VETTED), (COVERED, ADULT), (COVERED, (1, NAN, 0)), ((0, 0, NAN), VETTED)):
        assert not minors(young, grown, **policy)
        assert not minors(grown, young, **policy)
    assert not minors((NAN, 1, 1), VETTED, **policy)
    assert not minors(COVERED, (NAN, 1, 1), **policy)


def test_groups_are_for_adults_unless_the_policy_says_otherwise():
    adult, consent, safe = column(1, 0, 0, 0, NAN), column(NAN, 1, 1, NAN, 1), column(NAN, 1, 0, 1, 1)
    assert safeguarding.minors_in_groups(adult, consent, safe).tolist() == [True, False, False, False, False]
    admitted = safeguarding.minors_in_groups(adult, consent, safe, policy="with_guardian_and_safety")
    assert admitted.tolist() == [True, True, False, False, False]


def test_vetting_fails_closed_and_a_refused_one_never_passes():
    assert safeguarding.vetting(column(1, 0, NAN)).tolist() == [True, False, False]
    assert safeguarding.vetting(column(1, 0, NAN), required=False).tolist() == [True, False, True]


def test_capacity():
    assert told(practical.capacity(column(2, 0, -1, NAN))) == [True, False, False, None]


@pytest.mark.parametrize(("floor", "wanted"), [("A2", True), ("B1", True), ("B2", False)])
def test_language_floor_needs_both_in_one_language(floor, wanted):
    mine, theirs = np.array([[7, 3, 0]], np.int8), np.array([[0, 6, 7]], np.int8)
    assert told(practical.language_floor(mine, theirs, floor=floor)) == [wanted]


def test_unknown_languages_are_to_confirm():
    mine, theirs = np.array([[0, 0], [7, 0], [7, 0]], np.int8), np.array([[7, 0], [0, 0], [0, 7]], np.int8)
    assert told(practical.language_floor(mine, theirs)) == [None, None, False]


def test_common_time():
    minutes = column(60, 0, 0, 0, NAN, NAN, 0)
    mine = modes({"video"}, {"video"}, {"async"}, {"async"}, {"async"}, {"video"}, ())
    theirs = modes({"video"}, {"async"}, {"async", "chat"}, (), {"async"}, {"video"}, {"async"})
    assert told(practical.common_time(minutes, mine, theirs)) == [True, False, True, None, True, None, None]


def test_mode_overlap():
    mine, theirs = modes({"video", "chat"}, {"video"}, ()), modes({"chat"}, {"phone"}, {"phone"})
    assert told(practical.mode_overlap(mine, theirs)) == [True, False, None]


def travel(online, km, error, mine, theirs, **settings):
    return told(practical.travel_limit(*(column(x) for x in (online, km, error, mine, theirs)), **settings))[0]


def test_travel_limit():
    assert travel(1, 900, 0, 10, 10) is True
    assert travel(0, 10, 0, 30, NAN) is True
    assert travel(0, 11, 0, 30, 60) is False
    assert travel(0, 11, 0, 60, 30) is False
    assert travel(0, 11, 0, 60, 60) is True
    assert travel(0, 11, 0, 30, 30, km_per_hour=40.0) is True


def test_nobody_is_excluded_by_rounding():
    assert travel(0, 12, 2.5, 30, NAN) is True
    assert travel(0, 1, 5, 0, NAN) is True
    assert travel(0, 12, NAN, 30, NAN) is False


@pytest.mark.parametrize("case", [(NAN, 11, 0, 30, 30), (0, NAN, 0, 30, 30), (0, 11, 0, NAN, NAN)])
def test_an_unknown_way_is_to_confirm(case):
    assert travel(*case) is None


def test_rules_take_columns_that_repeat_one_row():
    one = np.broadcast_to(np.uint32(1), (3,))
    result = practical.mode_overlap(one, modes({"in_person"}, {"video"}, ()))
    assert isinstance(result, Ruled)
    assert told(result) == [True, False, None]
