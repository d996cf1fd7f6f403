"""What every vector index must do: agree with plain NumPy, leak no sentinel, refuse what cannot be searched.

Each check takes `make(dimension, state=None)`, which makes an empty index or one from a saved state, and raises
`PluginError` with the difference found. Run them without a test framework: `for check in INDEX_CHECKS: check(make)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from matchengine.components import Hits, VectorIndex
from matchengine.errors import MatchEngineError, PluginError

__all__ = ["INDEX_CHECKS", "IndexMaker", "check_index", "expected_hits"]

IndexMaker = Callable[..., VectorIndex]
DIMENSION = 32
TOLERANCE = 1e-5


def expected_hits(
    ids: NDArray[np.int64], vectors: NDArray[np.float32], queries: NDArray[np.float32], k: int
) -> list[list[int]]:
    """Ids of the k best per query by brute force, ties by id; the oracle of the checks."""
    return [ids[np.lexsort((ids, -row))[:k]].tolist() for row in _products(queries, vectors)]


def check_index(make: IndexMaker) -> None:
    """Run all checks of `INDEX_CHECKS` and report every one that fails.

    Raises
    ------
    PluginError
        One sentence per failed check.
    """
    problems = []
    for check in INDEX_CHECKS:
        try:
            check(make)
        except Exception as error:  # a check must not hide what the others find
            problems.append(f"{check.__name__}: {type(error).__name__}: {error}")
    if problems:
        raise PluginError(f"the index fails {len(problems)} of {len(INDEX_CHECKS)} checks", problems)


def check_random_vectors(make: IndexMaker) -> None:
    """Random vectors: the ids, order and scores of brute force, for one query and for many."""
    ids, vectors = _sample(700, seed=1)
    index = _filled(make, ids, vectors)
    for count in (1, 3, 40):
        for k in (1, 10, 150):
            _compare(index, ids, vectors, _unit(count, seed=count), k)


def check_ties(make: IndexMaker) -> None:
    """Equal vectors score equally and stand in the order of their ids, also where the k-th place is shared."""
    rng = np.random.default_rng(2)
    vectors = _unit(40, seed=2)[rng.integers(40, size=600)]
    ids = rng.permutation(5000)[:600].astype(np.int64)
    index = _filled(make, ids, vectors)
    for count in (1, 5, 40):
        for k in (1, 7, 33, 200):
            _compare(index, ids, vectors, vectors[:count].copy(), k)


def check_identical_vectors(make: IndexMaker) -> None:
    """One vector under very many ids: the smallest ids come first."""
    ids = np.arange(1000, 0, -1, dtype=np.int64)
    index = _filled(make, ids, np.repeat(_unit(1, seed=3), 1000, axis=0))
    hits = index.search(_unit(20, seed=4), 12)
    _require_equal(hits.ids.reshape(20, 12)[7].tolist(), list(range(1, 13)), "ids of equal vectors")


def check_empty_index(make: IndexMaker) -> None:
    """An empty index, no query, k = 0 and nothing allowed give no hits."""
    queries = _unit(3, seed=5)
    _require_none(make(DIMENSION).search(queries, 5), "an empty index")
    ids, vectors = _sample(50, seed=5)
    index = _filled(make, ids, vectors)
    _require_none(index.search(queries[:0], 5), "no queries")
    _require_none(index.search(queries, 0), "k = 0")
    _require_none(index.search(queries, 5, allowed=np.empty(0, np.int64)), "nothing allowed")
    _require_none(index.search(queries, 5, allowed=np.array([10**9])), "only unknown ids allowed")


def check_more_asked_than_stored(make: IndexMaker) -> None:
    """k beyond the number stored gives all of them and no sentinel."""
    ids, vectors = _sample(13, seed=6)
    index = _filled(make, ids, vectors)
    for count in (1, 4, 40):
        hits = _compare(index, ids, vectors, _unit(count, seed=7), 50)
        _require_equal(len(hits.ids), 13 * count, "number of hits")


def check_bad_vectors_refused(make: IndexMaker) -> None:
    """NaN, infinity, another length or dimension are refused, in vectors and queries; nothing is stored then."""
    ids, vectors = _sample(30, seed=8)
    index = _filled(make, ids, vectors)
    for value in (np.nan, np.inf, 3.0):
        bad = _unit(2, seed=9)
        bad[1, 4] = value
        _require_refused(partial(index.add, np.array([901, 902]), bad), f"a vector holding {value}")
        if not np.isfinite(value):
            _require_refused(partial(index.search, bad, 3), f"a query holding {value}")
    wrong = np.full((1, DIMENSION + 1), 1 / np.sqrt(DIMENSION + 1), np.float32)
    _require_refused(lambda: index.add(np.array([903]), wrong), "a vector of another dimension")
    _require_refused(lambda: index.search(wrong, 3), "a query of another dimension")
    _compare(index, ids, vectors, _unit(4, seed=10), 30)


def check_ids_are_strict(make: IndexMaker) -> None:
    """A stored or repeated id is refused when added, an unknown one when removed or read; nothing changes then."""
    ids, vectors = _sample(30, seed=11)
    index = _filled(make, ids, vectors)
    fresh = _unit(2, seed=12)
    _require_refused(lambda: index.add(np.array([10**12, ids[0]]), fresh), "an id already stored")
    _require_refused(lambda: index.add(np.array([10**12, 10**12]), fresh), "an id given twice")
    _require_refused(lambda: index.remove(np.array([ids[0], 10**12])), "removal of an unknown id")
    _require_refused(lambda: index.vectors(np.array([10**12])), "reading an unknown id")
    _compare(index, ids, vectors, _unit(4, seed=13), 30)


def check_large_ids(make: IndexMaker) -> None:
    """Ids anywhere in 64 bits, negative ones included, come back as they were given."""
    ids = np.array([-5, 0, 7, 2**40, 2**62, -(2**62)], dtype=np.int64)
    vectors = _unit(6, seed=14)
    index = _filled(make, ids, vectors)
    _compare(index, ids, vectors, vectors, 6)
    index.remove(ids[3:4])
    keep = ids != ids[3]
    _compare(index, ids[keep], vectors[keep], vectors, 6)


def check_removed_never_return(make: IndexMaker) -> None:
    """Removed ids never come back, down to the last one, and the others stay findable."""
    ids, vectors = _sample(400, seed=15)
    index = _filled(make, ids, vectors)
    queries = _unit(30, seed=16)
    order = np.random.default_rng(17).permutation(400)
    for gone in (3, 30, 200, 399):
        index.remove(ids[order[:gone][np.isin(ids[order[:gone]], _all_ids(index))]])
        keep = np.sort(order[gone:])
        _compare(index, ids[keep], vectors[keep], queries, 20)
        _compare(index, ids[keep], vectors[keep], queries[:1], 20)


def check_delete_then_add(make: IndexMaker) -> None:
    """Removing and adding the same vectors again, or others under the same ids, equals never having removed."""
    ids, vectors = _sample(300, seed=18)
    index = _filled(make, ids, vectors)
    changed = vectors.copy()
    changed[40:60] = _unit(20, seed=19)
    for positions, given in ((slice(5, 25), vectors), (slice(40, 60), changed), (slice(250, 300), vectors)):
        index.remove(ids[positions])
        index.add(ids[positions], given[positions])
    _compare(index, ids, changed, _unit(25, seed=20), 40)
    if not np.array_equal(index.vectors(ids), changed):
        raise PluginError("vectors read back differ from those stored")


def check_allowed_subsets(make: IndexMaker) -> None:
    """Whatever share of the ids is allowed, the result is the best of those: recall never falls."""
    ids, vectors = _sample(2000, seed=21)
    index = _filled(make, ids, vectors)
    rng = np.random.default_rng(22)
    queries = _unit(20, seed=23)
    against = np.argsort(vectors @ queries[0])  # the allowed ones may also be those farthest from the query
    for share in (1.0, 0.5, 0.05, 0.005):
        count = int(2000 * share)
        for chosen in (rng.permutation(2000)[:count], against[:count], np.arange(700, 700 + count) % 2000):
            allowed = np.concatenate([ids[chosen], [10**13]])
            _compare(index, ids[chosen], vectors[chosen], queries, 15, allowed)
            _compare(index, ids[chosen], vectors[chosen], queries[:1], 15, allowed)


def check_batch_invariance(make: IndexMaker) -> None:
    """A query has the same hits alone and in a batch, and the k best are the first of the k + 5 best."""
    ids, vectors = _sample(500, seed=24)
    index = _filled(make, ids, vectors)
    queries = _unit(64, seed=25)
    together = index.search(queries, 25).ids.reshape(64, 25)
    longer = index.search(queries, 30).ids.reshape(64, 30)
    for position in (0, 31, 63):
        alone = index.search(queries[position : position + 1], 25).ids
        _require_equal(alone.tolist(), together[position].tolist(), "hits alone and in a batch")
    if not np.array_equal(together, longer[:, :25]):
        raise PluginError("the 25 best are not the first of the 30 best")


def check_state_round_trip(make: IndexMaker) -> None:
    """`state()` holds named arrays, `ids` and `vectors` among them, and makes an equal index."""
    ids, vectors = _sample(200, seed=26)
    index = _filled(make, ids, vectors)
    index.remove(ids[:5])
    state = index.state()
    if not {"ids", "vectors"} <= set(state) or any(a.dtype.hasobject for a in state.values()):
        raise PluginError("state() must hold the arrays ids and vectors and no Python objects")
    again = make(DIMENSION, {name: array.copy() for name, array in state.items()})
    queries = _unit(10, seed=27)
    first, second = index.search(queries, 20), again.search(queries, 20)
    if first.ids.tolist() != second.ids.tolist() or first.scores.tolist() != second.scores.tolist():
        raise PluginError("an index made from state() answers differently")
    _compare(again, ids[5:], vectors[5:], queries, 20)
    broken = dict(state, vectors=state["vectors"][:-1])
    _require_refused(lambda: make(DIMENSION, broken), "a state with fewer vectors than ids")
    _require_refused(lambda: make(DIMENSION + 1, dict(state)), "a state of another dimension")


INDEX_CHECKS: Sequence[Callable[[IndexMaker], None]] = (
    check_random_vectors,
    check_ties,
    check_identical_vectors,
    check_empty_index,
    check_more_asked_than_stored,
    check_bad_vectors_refused,
    check_ids_are_strict,
    check_large_ids,
    check_removed_never_return,
    check_delete_then_add,
    check_allowed_subsets,
    check_batch_invariance,
    check_state_round_trip,
)


def _unit(count: int, seed: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _sample(count: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    ids = np.random.default_rng(seed).permutation(3 * count)[:count]
    return ids.astype(np.int64), _unit(count, seed + 1000)


def _filled(make: IndexMaker, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> VectorIndex:
    index = make(DIMENSION)
    half = len(ids) // 2
    index.add(ids[:half], vectors[:half])
    index.add(ids[half:], vectors[half:])
    return index


def _products(queries: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Inner products (q, n) in double precision, each computed alone so that equal vectors score equally."""
    return np.array([(vectors.astype(np.float64) * query).sum(axis=1) for query in queries]).reshape(len(queries), -1)


def _all_ids(index: VectorIndex) -> NDArray[Any]:
    return index.state()["ids"]


def _compare(
    index: VectorIndex,
    ids: NDArray[np.int64],
    vectors: NDArray[np.float32],
    queries: NDArray[np.float32],
    k: int,
    allowed: NDArray[np.int64] | None = None,
) -> Hits:
    """Search and compare with brute force: no sentinel, descending scores that are true, the same ids in order."""
    hits = index.search(queries, k, allowed)
    known = dict(zip(ids.tolist(), range(len(ids)), strict=True))
    strangers = [i for i in hits.ids.tolist() if i not in known]
    if strangers:
        raise PluginError(f"{len(strangers)} hits are not stored or not allowed, the first has id {strangers[0]}")
    if not np.isfinite(hits.scores).all() or len({len(array) for array in hits}) != 1:
        raise PluginError("hits hold a score that is not finite, or arrays of unequal length")
    counts = np.bincount(hits.query, minlength=len(queries)).tolist()
    _require_equal(counts, [min(k, len(ids))] * len(queries), "number of hits per query")
    products = _products(queries, vectors)
    true = products[hits.query, [known[i] for i in hits.ids.tolist()]]
    if not np.allclose(hits.scores, true, atol=TOLERANCE):
        raise PluginError(f"scores differ from inner products by up to {np.abs(hits.scores - true).max():.2g}")
    falls = np.diff(hits.scores) <= 0
    if not (falls | (np.diff(hits.query) > 0)).all():
        raise PluginError("hits of a query are not in descending order of score")
    starts = np.cumsum([0, *counts])
    for position, expected in enumerate(expected_hits(ids, vectors, queries, k)):
        found = hits.ids[starts[position] : starts[position + 1]].tolist()
        # two scores that differ by rounding alone may stand either way; equal ones may not
        pairs = [(known[a], known[b]) for a, b in zip(found, expected, strict=True) if a != b]
        gaps = [abs(products[position, a] - products[position, b]) for a, b in pairs]
        if any(gap == 0 or gap > TOLERANCE / 10 for gap in gaps):
            raise PluginError(f"query {position}: ids differ from brute force with k = {k} over {len(ids)} vectors")
    return hits


def _require_equal(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise PluginError(f"{what}: expected {expected}, got {found}")


def _require_none(hits: Hits, when: str) -> None:
    if any(len(array) for array in hits):
        raise PluginError(f"{when}: expected no hits, got {len(hits.ids)}")


def _require_refused(action: Callable[[], object], what: str) -> None:
    try:
        action()
    except MatchEngineError:
        return
    except Exception as error:
        _unclear(what, error)
    raise PluginError(f"{what} was accepted; expected an error that says what to do")


def _unclear(what: str, error: Exception) -> NoReturn:
    raise PluginError(f"{what} gave {type(error).__name__}; expected a MatchEngineError with a sentence") from error
