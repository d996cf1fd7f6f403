"""How likely two people say yes to each other, from what both sides answered before (Pizzato et al. 2010).

For each person who looks, everything is worked out as if that person had never been met: what was answered about them
never enters their own list, and what two people answered about each other never enters the numbers of that pair.
Nothing is read about people but their answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.pool.history_effects import Effects, Prior, alone, estimate_prior, fit, share

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["Acceptance", "Likelihoods", "acceptance", "likelihoods"]


class Acceptance(NamedTuple):
    """Who said yes to whom, and what follows from it for everybody.

    Attributes
    ----------
    one, other, yes : arrays (A,)
        Rows of who answered and about whom, and 1 for a yes, ordered by the ids.
    part : int array (people,)
        Number of the set of people who are linked by answers, one after the other.
    answers_of : dict of int to int64 array
        Positions of the answers within each such set.
    prior : Prior
    effects : Effects
        With everybody's answers.
    taste : float
        Answers in common at which the likeness of two people's answers counts half; infinite where answers beyond the
        habits of both sides do not go together.
    """

    one: IntArray
    other: IntArray
    yes: FloatArray
    part: IntArray
    answers_of: dict[int, IntArray]
    prior: Prior
    effects: Effects
    taste: float


class Likelihoods(NamedTuple):
    """Float32 arrays (P,) in (0, 1), .5 for the average of everybody; NaN where the requester answered nobody else.

    Attributes
    ----------
    accepts
        Requester of the candidate. NaN where fewer people than the floor answered about the candidate.
    accepted_by
        Candidate, of anybody. NaN where the candidate answered about fewer people than the floor.
    usually
        Requester of a candidate who is liked as most are.
    """

    accepts: NDArray[np.float32]
    accepted_by: NDArray[np.float32]
    usually: NDArray[np.float32]


def acceptance(pool: Pool) -> Acceptance:
    """Collect the answers between people who are there, and estimate what stands for all of them."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    rows, people = pool.tables["people"].row_of, len(pool.tables["people"])
    told = [each for each in pool.ties.history.answers(pool.history.until) if each[0] in rows and each[1] in rows]
    one = np.array([rows[one] for one, _other, _yes in told], np.int64)
    other = np.array([rows[other] for _one, other, _yes in told], np.int64)
    yes = np.array([float(said) for _one, _other, said in told])
    linked = csr_array((np.ones(len(told)), (one, other)), shape=(people, people))
    part = connected_components(linked, directed=False)[1].astype(np.int64)
    by_part = np.argsort(part[one], kind="stable")
    numbers, starts = np.unique(part[one][by_part], return_index=True)
    answers_of = dict(zip(numbers.tolist(), np.split(by_part, starts[1:]), strict=True)) if len(told) else {}
    prior = estimate_prior(one, other, yes, people)
    effects = fit(one, other, yes, people, prior)
    rest = yes - share(effects.base + effects.ready[one] + effects.liked[other])
    taste = _how_taste_counts(one, other, rest, people, pool.history.floor)
    return Acceptance(one, other, yes, part, answers_of, prior, effects, taste)


def _table(one: IntArray, other: IntArray, values: FloatArray, people: int) -> Any:
    from scipy.sparse import csr_array

    return csr_array((values, (one, other)), shape=(people, people))


def _how_taste_counts(one: IntArray, other: IntArray, rest: FloatArray, people: int, floor: int) -> float:
    """Answers in common at which a correlation counts half: 1 / its true variance over pairs of people, by moments.

    Rounded to powers of 2. A correlation over n answers varies by about 1 / (n - 1) more than the true one.
    """
    left, met = _table(one, other, rest, people), _table(one, other, np.ones(len(rest)), people)
    common = (met @ met.T).tocoo()
    enough = (common.row < common.col) & (common.data >= floor)
    if not enough.any():
        return np.inf
    rows, columns, count = common.row[enough], common.col[enough], common.data[enough]
    pick = (rows, columns)
    together, sizes = (left @ left.T).tocsr()[pick], (left**2 @ met.T).tocsr()
    whole = np.sqrt(np.asarray(sizes[pick]) * np.asarray(sizes[columns, rows]))
    found = np.asarray(together) / np.maximum(whole, 1e-9)
    true = float((count * (found**2 - 1 / (count - 1))).sum() / count.sum())
    return float(2 ** np.round(np.log2(1 / true))) if true > 0.01 else np.inf


def likelihoods(pool: Pool, batch: PairBatch) -> Likelihoods:
    """Likelihoods of a yes for each pair, in either direction."""
    made: Acceptance = pool.derived.acceptance()
    out = Likelihoods(*(np.full(len(batch), np.nan, np.float32) for _each in range(3)))
    answered = np.bincount(made.one, minlength=len(made.part))
    for row, pairs in batch.runs:
        if answered[row]:
            everybody = _seen_by(made, row, pool.history.floor, 1 - pool.history.popularity_exponent)
            for whole, of_row in zip(out, everybody, strict=True):
                whole[pairs] = of_row[batch.candidate_rows[pairs]]
    return out


def _seen_by(made: Acceptance, row: int, floor: int, popularity: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Likelihoods of one requester with everybody, (people,) each."""
    people, chosen = len(made.part), made.answers_of[int(made.part[row])]
    own = chosen[made.one[chosen] == row]
    rest = chosen[(made.one[chosen] != row) & (made.other[chosen] != row)]
    effects = _without(made, row, rest)
    met, yes = made.other[own], made.yes[own]
    all_of_it, but_one = alone(effects.base + effects.liked[met], yes, made.prior)
    ready = np.full(people, all_of_it)
    ready[met] = but_one if len(own) > 1 else np.nan
    taste = _taste(made, rest, own, effects, all_of_it, floor)
    taste[met] = 0
    heard, given = (np.bincount(of, minlength=people) for of in (made.other, made.one))
    heard[met] -= 1
    given[made.one[chosen[made.other[chosen] == row]]] -= 1
    accepts = np.where(heard >= floor, share(ready + popularity * effects.liked + taste), np.nan)
    accepted_by = np.where((given >= floor) & ~np.isnan(ready), share(effects.ready), np.nan)
    return accepts, accepted_by, share(ready)


def _without(made: Acceptance, row: int, rest: IntArray) -> Effects:
    """Effects of everybody as if one person had neither answered nor been answered about."""
    linked = np.flatnonzero(made.part == made.part[row])
    place = np.zeros(len(made.part), np.int64)
    place[linked] = np.arange(len(linked))
    fitted = fit(place[made.one[rest]], place[made.other[rest]], made.yes[rest], len(linked), made.prior)
    ready, liked = made.effects.ready.copy(), made.effects.liked.copy()
    ready[linked], liked[linked] = fitted.ready, fitted.liked
    return Effects(ready, liked, fitted.base)


def _taste(made: Acceptance, rest: IntArray, own: IntArray, effects: Effects, ready: float, floor: int) -> FloatArray:
    """What people who answered alike make one expect of a person's answers, as log-odds (people,).

    Alike are those whose answers about at least `floor` others whom both met go together beyond the habits of all
    sides: a correlation, shrunk by what correlations are worth here. It acts where `floor` of them answered about
    somebody.
    """
    people, base = len(made.part), effects.base
    out = np.zeros(people)
    if not np.isfinite(made.taste) or len(own) < floor:
        return out
    one, other = made.one[rest], made.other[rest]
    left = _table(one, other, made.yes[rest] - share(base + effects.ready[one] + effects.liked[other]), people)
    met = _table(one, other, np.ones(len(rest)), people)
    mine, seen = np.zeros(people), np.zeros(people)
    mine[made.other[own]] = made.yes[own] - share(base + ready + effects.liked[made.other[own]])
    seen[made.other[own]] = 1
    common = met @ seen
    near = np.flatnonzero(common >= floor)
    size = np.sqrt((left[near] ** 2 @ seen) * (met[near] @ mine**2))
    weight = (left[near] @ mine) / np.maximum(size, 1e-9) * common[near] / (common[near] + made.taste)
    whole, heard = met[near].T @ np.abs(weight), met[near].T @ np.ones(len(near))
    expected = (left[near].T @ weight) / (1 + whole)
    spread = share(base) * (1 - share(base))
    return np.where(heard >= floor, (expected / spread).round(9), out)
