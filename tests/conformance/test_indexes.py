"""Every index passes the public checks, and the checks catch indexes that are wrong on purpose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from matchengine.components import Hits
from matchengine.errors import PluginError
from matchengine.plugins.faiss import FaissIndex
from matchengine.plugins.numpy_index import NumpyIndex
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


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (Sentinel, "check_more_asked_than_stored"),
        (DropsTies, "check_ties"),
        (OffByOne, "check_random_vectors"),
        (TiesByArrival, "check_ties"),
        (FiltersAfterwards, "check_allowed_subsets"),
        (ForgetsToRemove, "check_removed_never_return"),
    ],
)
def test_a_wrong_index_is_caught(wrong, caught_by):
    with pytest.raises(PluginError, match="checks") as caught:
        check_index(wrong)
    assert any(problem.startswith(caught_by) for problem in caught.value.problems)


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
