"""Every index passes the public checks, and the checks catch indexes that are wrong on purpose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from matchengine.components import Hits, specs_in
from matchengine.errors import PluginError
from matchengine.plugins.faiss import FaissIndex
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.testing import check_all
from matchengine.testing.indexes import INDEX_CHECKS, check_index, expected_hits


@pytest.mark.parametrize("make", [NumpyIndex, FaissIndex])
@pytest.mark.parametrize("check", INDEX_CHECKS, ids=lambda check: check.__name__)
def test_check(check, make):
    check(make)


class Sentinel(NumpyIndex):
    def search(self, queries, k, allowed=None):
        hits = super().search(queries, k, allowed)
        return Hits(
            np.append(hits.query, hits.query[-1:]),
            np.append(hits.ids, [-1] * bool(len(hits.ids))),
            np.append(hits.scores, np.float32([-3.4e38] * bool(len(hits.ids)))),
        )


class DropsTies(NumpyIndex):
    def search(self, queries, k, allowed=None):
        hits = super().search(queries, k, allowed)
        repeated = np.append(False, (np.diff(hits.scores) == 0) & (np.diff(hits.query) == 0))
        return Hits(*(array[~repeated] for array in hits))


class OffByOne(NumpyIndex):
    def search(self, queries, k, allowed=None):
        return super().search(queries, max(k - 1, 0), allowed)


class TiesByArrival(NumpyIndex):
    def search(self, queries, k, allowed=None):
        hits = super().search(queries, k, allowed)
        order = np.lexsort((-hits.ids, -hits.scores, hits.query))
        return Hits(*(array[order] for array in hits))


class FiltersAfterwards(NumpyIndex):
    def search(self, queries, k, allowed=None):
        hits = super().search(queries, k)
        keep = np.isin(hits.ids, hits.ids if allowed is None else allowed)
        return Hits(*(array[keep] for array in hits))


class ForgetsToRemove(NumpyIndex):
    def remove(self, ids):
        self._slots(np.asarray(ids))


class LastOfTheEqual(NumpyIndex):
    """Takes the largest ids where very many vectors are equal."""

    def search(self, queries, k, allowed=None):
        everything = super().search(queries, max(len(self.state()["ids"]), 1), allowed)
        order = np.lexsort((-everything.ids, -everything.scores, everything.query))
        place = np.arange(len(order)) - np.searchsorted(everything.query, everything.query)
        return Hits(*(array[order][place < k] for array in everything))


class InventsAHit(NumpyIndex):
    def search(self, queries, k, allowed=None):
        hits = super().search(queries, k, allowed)
        if len(hits.ids) or not len(queries):
            return hits
        return Hits(np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, np.float32))


class TakesAnything(NumpyIndex):
    """Makes what it is given usable instead of refusing it."""

    def add(self, ids, vectors):
        vectors = np.nan_to_num(vectors, posinf=1, neginf=-1)
        super().add(ids, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))


class OverwritesAnId(NumpyIndex):
    def add(self, ids, vectors):
        self.remove(np.intersect1d(ids, self.state()["ids"]))
        super().add(*(array[np.unique(ids, return_index=True)[1]] for array in (np.asarray(ids), vectors)))


class ShortIds(NumpyIndex):
    """Keeps 32 bits of every id."""

    def search(self, queries, k, allowed=None):
        hits = super().search(queries, k, allowed)
        return Hits(hits.query, hits.ids.astype(np.int32).astype(np.int64), hits.scores)


class KeepsTheOldVector(NumpyIndex):
    """An id that comes back has the vector that it had before."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.first: dict[int, np.ndarray] = {}

    def add(self, ids, vectors):
        for number, vector in zip(np.asarray(ids).tolist(), vectors, strict=True):
            self.first.setdefault(number, vector)
        super().add(ids, np.array([self.first[number] for number in np.asarray(ids).tolist()], np.float32))


class AnswersByTheCompany(NumpyIndex):
    """Looks less closely when many ask at once."""

    def search(self, queries, k, allowed=None):
        return super().search(np.round(queries, 2) if len(queries) > 50 else queries, k, allowed)


class LosesItsState(NumpyIndex):
    def state(self):
        state = super().state()
        return {**state, "vectors": np.round(state["vectors"], 3)}


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (Sentinel, "check_more_asked_than_stored"),
        (DropsTies, "check_ties"),
        (OffByOne, "check_random_vectors"),
        (TiesByArrival, "check_ties"),
        (FiltersAfterwards, "check_allowed_subsets"),
        (ForgetsToRemove, "check_removed_never_return"),
        (LastOfTheEqual, "check_identical_vectors"),
        (InventsAHit, "check_empty_index"),
        (TakesAnything, "check_bad_vectors_refused"),
        (OverwritesAnId, "check_ids_are_strict"),
        (ShortIds, "check_large_ids"),
        (KeepsTheOldVector, "check_delete_then_add"),
        (AnswersByTheCompany, "check_batch_invariance"),
        (LosesItsState, "check_state_round_trip"),
    ],
)
def test_a_wrong_index_is_caught(wrong, caught_by):
    (check,) = [check for check in INDEX_CHECKS if check.__name__ == caught_by]
    with pytest.raises(PluginError):
        check(wrong)


def test_all_checks_together_tell_every_one_that_fails():
    with pytest.raises(PluginError, match="checks") as caught:
        check_index(OffByOne)
    assert any(problem.startswith("check_random_vectors") for problem in caught.value.problems)
    check_index(NumpyIndex)


def test_every_check_catches_something():
    (mark,) = test_a_wrong_index_is_caught.pytestmark
    assert {caught_by for _, caught_by in mark.args[1]} == {check.__name__ for check in INDEX_CHECKS}


def test_the_kit_runs_on_the_spec_too():
    (spec,) = specs_in(NumpyIndex)
    assert check_all(spec) == []
    assert "check_ties" in [failure.check for failure in check_all(replace(spec, build=TiesByArrival))]


class AgainstBruteForce(RuleBasedStateMachine):
    """Random adds, removals, restores and filtered searches, compared with a dictionary and brute force."""

    make: type[NumpyIndex] = NumpyIndex

    def __init__(self):
        super().__init__()
        self.index = self.make(4)
        self.stored: dict[int, np.ndarray] = {}
        self.next_id = 0

    @rule(seed=st.integers(0, 2**16), count=st.integers(1, 40), far=st.booleans())
    def add(self, seed, count, far):
        vectors = np.random.default_rng(seed).integers(-1, 2, size=(count, 4)) + np.array([2.5, 0, 0, 0])
        vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        ids = self.next_id + np.arange(count) + (2**50 if far else 0)
        self.next_id += count
        self.index.add(ids, vectors)
        self.stored.update(zip(ids.tolist(), vectors, strict=True))

    @precondition(lambda self: self.stored)
    @rule(seed=st.integers(0, 2**16), share=st.floats(0, 1))
    def remove(self, seed, share):
        ids = np.array([i for i in self.stored if np.random.default_rng([seed, i]).random() < share], np.int64)
        self.index.remove(ids)
        for i in ids.tolist():
            del self.stored[i]

    @rule()
    def restore(self):
        self.index = self.make(4, self.index.state())

    @rule(seed=st.integers(0, 2**16), share=st.sampled_from([1.0, 0.4, 0.02]), k=st.integers(1, 60))
    def search_among(self, seed, share, k):
        allowed = [i for i in self.stored if np.random.default_rng([seed, i]).random() < share]
        self.compare(k, np.array(allowed, np.int64))

    @invariant()
    def same_as_brute_force(self):
        self.compare(7, None)

    def compare(self, k, allowed):
        ids = np.array(list(self.stored) if allowed is None else allowed, np.int64)
        vectors = np.array([self.stored[i] for i in ids.tolist()], np.float32).reshape(-1, 4)
        queries = np.eye(4, dtype=np.float32)[[0, 1] + [0] * 15 * (len(self.stored) % 2)]
        hits = self.index.search(queries, k, allowed)
        expected = expected_hits(ids, vectors, queries, k)
        assert hits.ids.tolist() == [i for row in expected for i in row]
        assert hits.query.tolist() == [q for q, row in enumerate(expected) for _ in row]


class FaissAgainstBruteForce(AgainstBruteForce):
    make = FaissIndex


QUICK = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
TestNumpyAgainstBruteForce = AgainstBruteForce.TestCase
TestFaissAgainstBruteForce = FaissAgainstBruteForce.TestCase
TestNumpyAgainstBruteForce.settings = TestFaissAgainstBruteForce.settings = QUICK
