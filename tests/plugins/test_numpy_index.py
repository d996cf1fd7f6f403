"""The reference index: storage, canonical scores and safety for readers."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from matchengine.errors import DataError, SnapshotError, UnknownIdError
from matchengine.plugins import numpy_index
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.registry import Registry


def unit(count, dimension=16, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def filled(count, dimension=16, seed=0):
    index = NumpyIndex(dimension)
    index.add(np.arange(count), unit(count, dimension, seed))
    return index


def test_offered_by_name_and_built_by_the_engine():
    registry = Registry([], extra=[numpy_index])
    index = registry.get("index", "numpy").build(dimension=16, state=None)
    index.add(np.arange(3), unit(3))
    assert index.search(unit(3)[:1], 1).ids.tolist() == [0]


def test_storage_doubles_and_removal_compacts_at_a_tenth():
    index = filled(10)
    for i in range(10, 200):
        index.add(np.array([i]), unit(1, seed=i))
    assert len(index._rows.ids) <= 400
    index.remove(np.arange(20))
    assert index._rows.dead == 20
    index.remove(np.array([20]))
    assert (index._rows.dead, index._rows.used, len(index)) == (0, 179, 179)


def test_a_removed_vector_is_overwritten_at_once():
    index = filled(200)
    vector = index.vectors(np.array([7]))[0].tobytes()
    index.remove(np.array([7]))
    assert vector not in index._rows.vectors.tobytes()


def test_scores_are_equal_bit_for_bit_whatever_the_batch_and_the_filter():
    index, queries = filled(900, 48), unit(70, 48, seed=1)
    together = index.search(queries, 30)
    for position in range(0, 70, 9):
        alone = index.search(queries[position : position + 1], 30)
        few = index.search(queries[position : position + 5], 30, allowed=np.arange(900)[::-1])
        mine = together.query == position
        assert alone.scores.tolist() == together.scores[mine].tolist() == few.scores[few.query == 0].tolist()
        assert alone.ids.tolist() == together.ids[mine].tolist()


def test_blocks_bound_memory_without_changing_results(monkeypatch):
    index, queries = filled(500), unit(50, seed=2)
    whole = index.search(queries, 9)
    monkeypatch.setattr(numpy_index, "BLOCK_VALUES", 4000)
    monkeypatch.setattr(numpy_index, "RANK_ROWS", 10)
    blocks = index.search(queries, 9)
    assert whole.ids.tolist() == blocks.ids.tolist()


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        (np.array([1.5]), unit(1)),
        (np.array([[1]]), unit(1)),
        (np.array([2**63], np.uint64), unit(1)),
        (np.array([1, 2]), unit(1)),
        (np.array([1]), unit(1).astype(np.int32)),
        (np.array([1]), unit(1)[0]),
        (np.array([1]), unit(1, dimension=15)),
        (np.array([1]), unit(1) * 0.98),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_sentence(ids, vectors):
    index = filled(5)
    with pytest.raises(DataError, match=r"expected|give|ids|normalise"):
        index.add(ids, vectors)
    assert len(index) == 5


def test_other_refusals():
    index = filled(5)
    with pytest.raises(DataError, match="k is -1"):
        index.search(unit(1), -1)
    with pytest.raises(UnknownIdError, match="given twice"):
        index.remove(np.array([1, 1]))
    with pytest.raises(UnknownIdError, match="1 of 2 ids"):
        index.vectors(np.array([1, 99]))
    with pytest.raises(DataError, match="dimension"):
        NumpyIndex(0)
    with pytest.raises(SnapshotError, match="rebuild"):
        NumpyIndex(16, {"ids": np.arange(2)})
    damaged = index.state()
    damaged["vectors"][1, 0] = np.nan
    with pytest.raises(SnapshotError, match="not finite"):
        NumpyIndex(16, damaged)


def test_readers_never_see_a_wrong_vector_while_one_writer_changes_the_index():
    vectors = unit(4000, seed=3)
    index = NumpyIndex(16)
    index.add(np.arange(1000), vectors[:1000])
    problems, stop = [], threading.Event()

    def read(seed):
        queries = unit(3, seed=seed)
        while not stop.is_set():
            hits = index.search(queries, 20)
            true = np.einsum("hd,hd->h", vectors[hits.ids], queries[hits.query])
            if not np.allclose(hits.scores, true, atol=1e-5):
                problems.append("a hit has the score of another vector")

    readers = [threading.Thread(target=read, args=(seed,)) for seed in (5, 6)]
    for reader in readers:
        reader.start()
    for start in range(1000, 4000, 50):
        index.add(np.arange(start, start + 50), vectors[start : start + 50])
        index.remove(np.arange(start - 1000, start - 960))
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
