"""FAISS: the same answers as the reference, and an inverted file that is measured, masked, merged and verified."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import faiss
import numpy as np
import pytest

from matchengine.errors import MissingExtraError, PluginError, SnapshotError
from matchengine.plugins import faiss as plugin
from matchengine.plugins.faiss import FaissIndex
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.registry import Registry

DIMENSION, COUNT = 24, 4000


def clustered(count, seed=0):
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(60, DIMENSION))
    vectors = centres[rng.integers(60, size=count)] + 0.8 * rng.normal(size=(count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


VECTORS, QUERIES = clustered(COUNT), clustered(40, seed=1)


@pytest.fixture(scope="module")
def reference():
    index = NumpyIndex(DIMENSION)
    index.add(np.arange(COUNT), VECTORS)
    return index


def approximate(count=COUNT, **settings):
    index = FaissIndex(DIMENSION, **{"exact_up_to": 1000, **settings})
    index.add(np.arange(count), VECTORS[:count])
    assert index.approximate
    return index


def recall(found, exact):
    pairs = set(zip(found.query.tolist(), found.ids.tolist(), strict=True))
    return np.mean([pair in pairs for pair in zip(exact.query.tolist(), exact.ids.tolist(), strict=True)])


def test_settings_are_checked_and_the_engine_can_build_it():
    spec = Registry(["faiss"]).get("index", "faiss")
    assert set(spec.settings.model_fields) == {"exact_up_to", "recall"}
    index = spec.build(dimension=8, state=None, **spec.settings(exact_up_to=5).model_dump())
    assert (len(index), index.approximate, index.measured_recall) == (0, False, 1.0)
    with pytest.raises(PluginError, match="exact_up_to"):
        FaissIndex(8, exact_up_to=0)


@pytest.mark.parametrize("count", [1, 3, 16, 40])
def test_exact_search_equals_the_reference_bit_for_bit(reference, count):
    index = FaissIndex(DIMENSION)
    index.add(np.arange(COUNT), VECTORS)
    for k in (1, 50, 300):
        for mine, theirs in zip(index.search(QUERIES[:count], k), reference.search(QUERIES[:count], k), strict=True):
            assert mine.tolist() == theirs.tolist()


def test_batches_through_blas_equal_the_reference_too():
    rng = np.random.default_rng(8)
    vectors = rng.normal(size=(900, 384))[rng.integers(900, size=1500)]  # with many equal ones
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    mine, theirs = FaissIndex(384), NumpyIndex(384)
    for index in (mine, theirs):
        index.add(np.arange(1500)[::-1], vectors)
    assert faiss.cvar.distance_compute_blas_threshold <= 64 * 384
    for found, expected in zip(mine.search(vectors[:64], 70), theirs.search(vectors[:64], 70), strict=True):
        assert found.tolist() == expected.tolist()


def test_vectors_are_stored_once_and_read_in_place():
    index = FaissIndex(DIMENSION)
    index.add(np.arange(COUNT), VECTORS)
    arrays = [v for v in vars(index._rows).values() if isinstance(v, np.ndarray) and v.nbytes >= VECTORS.nbytes]
    assert len(arrays) == 1


def test_inverted_file_reaches_its_recall_and_scores_exactly(reference):
    index = approximate()
    assert index.measured_recall >= 0.95
    for k in (10, 200):
        found, exact = index.search(QUERIES, k), reference.search(QUERIES, k)
        assert len(found.ids) == len(exact.ids)
        assert recall(found, exact) >= 0.95
        np.testing.assert_allclose(
            found.scores, np.einsum("hd,hd->h", VECTORS[found.ids], QUERIES[found.query]), atol=1e-6
        )


@pytest.mark.parametrize("share", [0.9, 0.5, 0.05, 0.005])
def test_a_filter_never_costs_recall(reference, share):
    index, chosen = approximate(), np.random.default_rng(4).permutation(COUNT)[: int(COUNT * share)]
    far = np.argsort(VECTORS @ QUERIES[0])[: int(COUNT * share)]
    for allowed in (chosen, far):
        for queries in (QUERIES, QUERIES[:1]):
            found, exact = index.search(queries, 15, allowed), reference.search(queries, 15, allowed)
            assert set(found.ids.tolist()) <= set(allowed.tolist())
            assert recall(found, exact) >= (0.95 if share > 0.25 else 1.0)
            assert len(found.ids) == len(exact.ids)


def test_new_vectors_are_found_at_once_and_merged_later():
    index = approximate(3000)
    first = index._inverted
    index.add(np.array([10**6]), VECTORS[3500:3501])
    assert index._inverted is first
    assert index.search(VECTORS[3500:3501], 1).ids.tolist() == [10**6]
    index.add(np.arange(3000, COUNT), VECTORS[3000:])
    index.add(np.arange(COUNT, COUNT + 200), clustered(200, seed=5))
    assert index._inverted is not first
    assert index._inverted.index.ntotal == COUNT + 1
    assert sorted(index.search(VECTORS[3500:3501], 2).ids.tolist()) == [3500, 10**6]


def test_removed_vectors_never_return_and_leave_the_inverted_file(reference):
    index = approximate()
    near = reference.search(QUERIES[:1], 300).ids
    index.remove(near[:250])
    assert not set(near[:250].tolist()) & set(index.search(QUERIES[:1], 200).ids.tolist())
    assert index.search(QUERIES[:1], 20).ids.tolist() == near[250:270].tolist()
    index.add(near[:1], VECTORS[near[:1]])
    assert index.search(QUERIES[:1], 1).ids[0] == near[0]
    index.remove(np.setdiff1d(np.arange(1000), near))
    assert index._inverted.index.ntotal == len(index)


def test_recall_that_cannot_be_reached_keeps_the_search_exact(reference):
    noise = np.random.default_rng(6).normal(size=(1500, DIMENSION))
    noise = (noise / np.linalg.norm(noise, axis=1, keepdims=True)).astype(np.float32)
    index = FaissIndex(DIMENSION, exact_up_to=1000, recall=1.0)
    index._measured = lambda _: 0.5
    index.add(np.arange(1500), noise)
    assert (index.approximate, index.measured_recall) == (False, 1.0)


def test_probes_are_raised_until_the_recall_is_reached(monkeypatch):
    asked = []
    monkeypatch.setattr("matchengine.plugins.faiss.MIN_PROBES", 2)
    monkeypatch.setattr(FaissIndex, "_measured", lambda self, index: asked.append(index.nprobe) or len(asked) / 4)
    index = approximate(recall=0.7)
    assert asked == [2, 4, 8]
    assert (index._inverted.index.nprobe, index.measured_recall) == (8, 0.75)


def test_state_restores_the_inverted_file_and_serves_the_reference(reference):
    index = approximate()
    index.remove(np.array([3]))
    state = index.state()
    again = FaissIndex(DIMENSION, state, exact_up_to=1000)
    assert again.approximate
    assert again._inverted.index.nprobe == index._inverted.index.nprobe
    for mine, theirs in zip(again.search(QUERIES, 50), index.search(QUERIES, 50), strict=True):
        assert mine.tolist() == theirs.tolist()
    assert len(NumpyIndex(DIMENSION, state)) == COUNT - 1
    assert FaissIndex(DIMENSION, reference.state(), exact_up_to=1000).approximate


def other_vectors(state):
    permuted = np.random.default_rng(7).permutation(len(state["ids"]))
    return dict(state, vectors=state["vectors"][permuted])


def other_ids(state):
    return dict(state, ids=state["ids"] + 1)


def flipped_byte(state):
    data = state["inverted"].copy()
    data[len(data) // 2] ^= 1
    return dict(state, inverted=data)


def rehashed(change):
    def apply(state):
        from matchengine.plugins.faiss import _digest

        data = change(state["inverted"].copy())
        return dict(state, inverted=data, inverted_sha256=_digest(data))

    return apply


def huge_count(data):
    data[60:68] = 255
    return data


def another_kind(_):
    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(VECTORS[:10])
    return faiss.serialize_index(flat)


@pytest.mark.parametrize(
    "damage",
    [
        other_vectors,
        other_ids,
        flipped_byte,
        rehashed(lambda data: data[: len(data) // 2].copy()),
        rehashed(huge_count),
        rehashed(another_kind),
        lambda state: dict(state, inverted_numbers=np.zeros(3)),
        lambda state: {name: array for name, array in state.items() if name != "inverted_sha256"},
    ],
)
def test_a_state_that_is_damaged_or_does_not_belong_together_is_refused(damage):
    state = approximate(2000).state()
    limit = faiss.get_deserialization_vector_byte_limit()
    with pytest.raises(SnapshotError, match="rebuild"):
        FaissIndex(DIMENSION, damage(state))
    assert faiss.get_deserialization_vector_byte_limit() == limit


def true_in_a_child(work):
    """Fork, and tell whether something is true in the child within ten seconds."""
    child = os.fork()
    if child == 0:
        os._exit(0 if work() else 3)
    deadline = time.monotonic() + 10
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < deadline:
        time.sleep(0.02)
    if ended == (0, 0):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return ended == (child, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_search_works_in_a_forked_child():
    index = FaissIndex(DIMENSION)
    index.add(np.arange(COUNT), VECTORS)
    index.search(QUERIES, 10)
    found = true_in_a_child(lambda: len(index.search(QUERIES, 10).ids) == 400 and faiss.omp_get_max_threads() == 1)
    assert found, "the search in the forked child hung or failed"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_a_child_forked_while_an_index_is_read_reads_one_too():
    data = faiss.serialize_index(faiss.IndexFlatIP(DIMENSION))
    with plugin._READING:
        assert true_in_a_child(lambda: plugin._deserialised(data).d == DIMENSION), "the child waits for a lock"


def test_a_missing_library_is_named_with_the_command_to_install_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "matchengine.plugins.faiss")
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'matchengine\[semantic\]'"):
        Registry(["faiss"])


def test_importing_the_package_imports_no_heavy_library():
    code = "import sys, matchengine.plugins.numpy_index; print({'faiss', 'torch', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "set()"
