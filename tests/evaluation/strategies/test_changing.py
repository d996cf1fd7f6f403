"""A twentieth of the candidates is gone, and everything of theirs with them."""

from __future__ import annotations

import numpy as np

from matchengine.evaluation.strategies.changing import changed_pools, without
from matchengine.testing.strategies import question, relisted


def test_a_twentieth_goes_and_the_rest_stays_where_it_was():
    asked = question(1, 20, 60)
    draws = list(changed_pools(asked, 4))
    assert [len(gone) for gone, _left, _kept in draws] == [3] * 4
    assert len({gone for gone, _left, _kept in draws}) > 1
    for gone, left, kept in draws:
        assert left.candidate_ids == asked.candidate_ids
        assert np.array_equal(left.candidate, asked.candidate[kept])
        assert not {asked.candidate_ids[n] for n in left.candidate.tolist()} & gone
        lost = np.setdiff1d(np.arange(len(asked)), kept)
        assert {asked.candidate_ids[n] for n in asked.candidate[lost].tolist()} <= gone


def test_nothing_of_who_is_gone_is_left():
    asked = question(2, 10, 9)
    gone = frozenset({asked.candidate_ids[4]})
    left, _kept = without(asked, gone)
    assert left.candidate_texts[4] == ()
    assert left.candidate_tags[4] == frozenset()
    assert left.audit["candidate:gender"][4] is None
    assert 4 not in left.known.candidate
    assert len(left.known) == len(asked.known) - int((asked.known.candidate == 4).sum())
    assert left.candidate_texts[3] == asked.candidate_texts[3]
    assert left.requester_tags == asked.requester_tags
    assert left.audit["gender"] == asked.audit["gender"]


def test_who_also_asks_gets_no_list():
    asked = question(3, 6, 6, density=1.0)
    gone = frozenset({asked.requester_ids[2]})
    left, _kept = without(asked, gone)
    assert 2 not in left.requester
    assert left.requester_texts[2] == ()


def test_the_same_people_go_however_they_are_listed():
    asked = question(4, 12, 45)
    rng = np.random.default_rng(0)
    moved, _old = relisted(asked, rng.permutation(12), rng.permutation(45))
    assert [gone for gone, *_ in changed_pools(asked, 3)] == [gone for gone, *_ in changed_pools(moved, 3)]


def test_nobody_goes_where_only_one_is_there():
    assert list(changed_pools(question(1, 3, 1), 3)) == []
