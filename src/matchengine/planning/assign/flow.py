"""The heaviest choice of pairs where places are all there is: a flow, solved exactly (domain.md E, max_weight).

Small or dense problems go to SciPy's assignment solver, each place a column. Large sparse ones go through prices: an
auction finds nearly right ones, HiGHS solves the linear programme over the few pairs that are worth looking at under
them, and its own prices then prove that no other pair would help, or name those to add (column generation). The
programme of a flow has whole answers at its corners, so nothing is rounded away. Whoever is content with a proven
distance from the best says how far, and waits less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.assignment import AssignmentProblem
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import MatchEngineError
from matchengine.i18n import _
from matchengine.planning.assign.auction import STEPS, auction_prices

__all__ = ["DENSE_CELLS", "Flow", "Network", "fullest", "heaviest", "most_matched", "network_of", "supporting_prices"]

DENSE_CELLS = 2_000_000
"""Up to so many cells (requesters times places) every problem is solved as a full matrix."""
_DENSE_SHARE, _LARGEST_MATRIX = 0.2, 30_000_000
_NEAR = 2 * STEPS[-1]
_LISTED = 64
_SCALE, _TOLERANCE = 1e4, 1e-10
_BONUS = 2.0
_SWEEPS = 400


@dataclass(frozen=True)
class Network:
    """The pairs of a flow: both sides int64 (A,), how many each requester may have (R,), places of candidates (C,).

    Pairs are ordered by requester, then candidate.
    """

    requester: IntArray
    candidate: IntArray
    most: IntArray
    places: IntArray

    @property
    def cells(self) -> int:
        """Requesters times places."""
        return len(self.most) * int(self.places.sum())

    @property
    def dense(self) -> bool:
        """Whether the flow is solved as a full matrix."""
        if self.cells <= DENSE_CELLS:
            return bool(self.most.max(initial=0) <= 1)
        full = int((self.most > 0).sum()) * int((self.places > 0).sum())
        many = self.cells <= _LARGEST_MATRIX and len(self.requester) > _DENSE_SHARE * full
        return many and bool(self.most.max(initial=0) <= 1)


@dataclass(frozen=True)
class Flow:
    """Positions of the chosen pairs, int64 (K,) ascending, and how far below the best their sum may be at most."""

    chosen: IntArray
    short: float = 0.0


def network_of(
    problem: AssignmentProblem, allowed: BoolArray | None = None, *, by_lot: bool = False
) -> tuple[Network, IntArray]:
    """Return the pairs that may be chosen beside the must pairs, with the places these leave, and their positions.

    `allowed` bool (A,) restricts the pairs further. Lower bounds, exclusions and quotas are not looked at. With
    `by_lot` people stand in the order of their lottery numbers: then not even an answer that stops short of the best
    depends on their order in the data.
    """
    asking, asked = problem.loads(np.flatnonzero(problem.must))
    most = np.maximum(problem.requester_most - asking, 0)
    places = np.maximum(problem.candidate_most - asked, 0)
    open_ = ~problem.must & (most[problem.requester] > 0) & (places[problem.candidate] > 0)
    at = np.flatnonzero(open_ if allowed is None else open_ & allowed)
    requester, candidate = problem.requester[at].astype(np.int64), problem.candidate[at].astype(np.int64)
    if by_lot:
        first, second = np.argsort(problem.requester_lottery), np.argsort(problem.candidate_lottery)
        requester, candidate = np.argsort(first)[requester], np.argsort(second)[candidate]
        order = np.argsort(requester * len(places) + candidate)
        requester, candidate, at, most, places = (
            requester[order],
            candidate[order],
            at[order],
            most[first],
            places[second],
        )
    most = np.minimum(most, np.bincount(requester, minlength=len(most)))
    places = np.minimum(places, np.bincount(candidate, minlength=len(places)))
    return Network(requester, candidate, most, places), at


def heaviest(network: Network, value: FloatArray, within: float = 0.0) -> Flow:
    """Return the pairs with the greatest sum of `value` (A,); values of 0 or less are never chosen.

    The answer is one only where no two choices have the same sum: add `ties.drawn` to the values. Where the problem is
    too large for a full matrix, the sum may be up to `within` below the greatest.
    """
    if not len(value) or not (value > 0).any():
        return Flow(np.zeros(0, np.int64))
    return Flow(_by_matrix(network, value)) if network.dense else _by_prices(network, value, within)


def fullest(network: Network, value: FloatArray, kept: BoolArray | None = None, within: float = 0.0) -> Flow:
    """Return pairs that serve as many requesters as can be served, then hold most of `kept`, then weigh most.

    Nobody may have more than one pair. Both counts become a bonus on their pairs, raised until the first is what a
    maximum flow reaches and the second is all of `kept` or grows no more.
    """
    most, total = most_matched(network), 0 if kept is None else int(kept.sum())
    extra = np.zeros(len(value)) if kept is None else kept.astype(np.float64)
    bonus, weight, before = _BONUS * (1 + (total > 0) * 4), _BONUS * (total > 0), -1
    while True:
        found = heaviest(network, value + bonus + weight * extra, within)
        got = 0 if kept is None else int(kept[found.chosen].sum())
        if len(found.chosen) < most:
            bonus *= 4
        elif got in (total, before):
            return found
        else:
            before, weight = got, 16 * weight
            bonus = max(bonus, 4 * weight)


def most_matched(network: Network) -> int:
    """Return the greatest number of requesters that can have a candidate at once (Dinic's maximum flow)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    if not len(network.requester):
        return 0
    requesters, candidates = len(network.most), len(network.places)
    sink = 1 + requesters + candidates
    asking = np.flatnonzero(network.most > 0)
    tail = np.concatenate(
        [np.zeros(len(asking), np.int64), 1 + network.requester, 1 + requesters + np.arange(candidates)]
    )
    head = np.concatenate([1 + asking, 1 + requesters + network.candidate, np.full(candidates, sink)])
    room = np.concatenate([np.ones(len(asking) + len(network.requester), np.int64), network.places])
    graph = csr_array((room.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, 0, sink).flow_value)


def _by_matrix(network: Network, value: FloatArray) -> IntArray:
    """Solve as a full matrix, a column for each place; a pair that is not listed is worth 0 there, and left out."""
    from scipy.optimize import linear_sum_assignment

    worth = np.zeros((len(network.most), len(network.places)))
    worth[network.requester, network.candidate] = np.maximum(value, 0.0)
    rows, seat = np.flatnonzero(network.most > 0), np.repeat(np.arange(len(network.places)), network.places)
    matrix = (worth if len(rows) == len(worth) else worth[rows]).take(seat, axis=1)
    row, column = linear_sum_assignment(matrix, maximize=True)
    chosen = np.stack([rows[row], seat[column]])[:, matrix[row, column] > 0]
    cells = network.requester * len(network.places) + network.candidate
    found: IntArray = np.searchsorted(cells, np.sort(chosen[0] * len(network.places) + chosen[1]))
    return found


def _by_prices(network: Network, value: FloatArray, within: float) -> Flow:
    """Solve over the pairs that the prices of an auction leave, and add others until the prices prove the answer."""
    price = _first_prices(network, value)
    last, bound = _last_gain(network, value, price), np.inf
    missed = last[network.requester] - (value - price[network.candidate])
    active = (value > 0) & (missed <= _NEAR)
    while True:
        bound = min(bound, _bound(network, value, price, last))
        at = np.flatnonzero(active)
        chosen, ours, theirs = _programme(network, at, value[at], (last, price))
        short = bound - float(value[chosen].sum())
        if short <= within or (network.most.max() <= 1 and _proven(network, value, chosen, at)):
            return Flow(chosen, short if short <= within else 0.0)
        missing = (value > 0) & ~active & (value - ours[network.requester] - theirs[network.candidate] > _TOLERANCE)
        if not missing.any():
            return Flow(chosen)
        add = np.flatnonzero(missing)
        active[add[_firsts(network.requester[add], missed[add])]] = True
        active[add[_firsts(network.candidate[add], missed[add])]] = True
        price = np.maximum(theirs, 0.0)
        last = _last_gain(network, value, price)


def _firsts(group: IntArray, missed: FloatArray) -> IntArray:
    """Return, for each group, the position of the member that misses least."""
    order = np.lexsort((missed, group))
    new = np.concatenate([[True], group[order][1:] != group[order][:-1]])
    found: IntArray = order[new]
    return found


def _bound(network: Network, value: FloatArray, price: FloatArray, last: FloatArray) -> float:
    """Return what no choice can exceed, by prices of both sides (weak duality)."""
    over = value - price[network.candidate] - last[network.requester]
    return float(network.most @ last + network.places @ price + np.maximum(over, 0).sum())


def _first_prices(network: Network, value: FloatArray) -> FloatArray:
    """Return the prices of an auction in which everybody bids for the best of their list."""
    order = np.flatnonzero(value > 0)
    if np.bincount(network.requester[order]).max() > _LISTED:
        order = order[np.lexsort((-value[order], network.requester[order]))]
    asking = network.requester[order]
    rank = np.arange(len(order)) - np.searchsorted(asking, np.arange(len(network.most)))[asking]
    order, asking, rank = order[rank < _LISTED], asking[rank < _LISTED], rank[rank < _LISTED]
    shape = (len(network.most), int(rank.max()) + 1)
    table = np.full(shape, len(network.places), np.int64)
    worth = np.zeros(shape, np.float32)
    table[asking, rank], worth[asking, rank] = network.candidate[order], value[order]
    if network.most.max() > 1:
        bidders = np.repeat(np.arange(len(network.most)), np.minimum(network.most, shape[1]))
        table, worth = table[bidders], worth[bidders]
    return auction_prices(network.places, table, worth)


def _last_gain(network: Network, value: FloatArray, price: FloatArray) -> FloatArray:
    """Return what the last pair that a requester could have gives them at these prices, 0 or more, float64 (R,)."""
    gain = value - price[network.candidate]
    first = np.searchsorted(network.requester, np.arange(len(network.most) + 1))
    held = np.flatnonzero(first[1:] > first[:-1])
    last = np.zeros(len(network.most))
    if network.most.max() <= 1:
        last[held] = np.maximum.reduceat(gain, first[held])
    else:
        order = np.lexsort((-gain, network.requester))
        reach = np.minimum(first[held] + np.maximum(network.most[held], 1), first[held + 1]) - 1
        last[held] = gain[order[reach]]
    return np.maximum(last, 0.0)


def supporting_prices(network: Network, value: FloatArray) -> FloatArray:
    """Return prices of places (C,) that bound the greatest sum from above, and nearly tightly: those of an auction.

    With any others in the place of the network's pairs, what the best of all pairs gives at these prices, added up over
    requesters, and the places at their prices are together at least as much as any choice.
    """
    return _first_prices(network, value)


def _proven(network: Network, value: FloatArray, chosen: IntArray, at: IntArray) -> bool:
    """Tell whether prices exist under which nobody would change, which proves that no choice weighs more.

    The least such prices of the pairs in the programme (`at`) come first, which is quick, then those of all pairs.
    """
    price, held = np.zeros(len(network.places) + 1), _held(network, value, chosen)
    return all(_settled(network, value, pairs, held, price) for pairs in (at, np.flatnonzero(value > 0)))


def _held(network: Network, value: FloatArray, chosen: IntArray) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return whom each requester has (-1 for nobody), what that is worth, and whose places are all taken."""
    mate, worth = np.full(len(network.most), -1), np.zeros(len(network.most))
    mate[network.requester[chosen]], worth[network.requester[chosen]] = network.candidate[chosen], value[chosen]
    full = np.bincount(network.candidate[chosen], minlength=len(network.places)) >= network.places
    return mate, worth, full


def _settled(
    network: Network, value: FloatArray, at: IntArray, now: tuple[IntArray, FloatArray, BoolArray], price: FloatArray
) -> bool:
    """Raise the price of whoever is envied until nobody envies; false where a free place or somebody's loss forbids."""
    mate, worth, full = now
    asking, asked, offered = network.requester[at], network.candidate[at], value[at]
    other = mate[asking] != asked
    asking, asked, offered = asking[other], asked[other], offered[other]
    part = np.arange(len(asking))
    for _round in range(_SWEEPS):
        gain = worth - price[mate]
        if gain.min() < -_TOLERANCE:
            return False
        fair = offered[part] - gain[asking[part]]
        envied = fair > price[asked[part]] + _TOLERANCE
        wanted = asked[part[envied]]
        if not len(wanted):
            return True
        if not full[wanted].all():
            return False
        np.maximum.at(price, wanted, fair[envied])
        changed = np.zeros(len(price), np.bool_)
        changed[wanted] = True
        part = np.flatnonzero((changed[mate] & (mate >= 0))[asking])
    return False


def _programme(
    network: Network, at: IntArray, value: FloatArray, prices: tuple[FloatArray, FloatArray]
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Solve the linear programme over the pairs `at`: which are chosen, and the prices of both sides.

    It is written as what a choice loses against given `prices` of both sides, which HiGHS solves several times faster.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    ours, theirs = prices
    requester, candidate = network.requester[at], network.candidate[at]
    requesters, pairs = len(network.most), len(at)
    limits = np.concatenate([network.most, network.places]).astype(np.float64)
    loss = np.concatenate([ours[requester] + theirs[candidate] - value, ours, theirs])
    rows = np.concatenate([np.stack([requester, requesters + candidate], axis=1).ravel(), np.arange(len(limits))])
    ends = np.concatenate([2 * np.arange(pairs), 2 * pairs + np.arange(len(limits) + 1)])
    matrix = csc_array((np.ones(len(rows)), rows, ends), shape=(len(limits), len(loss)))
    bounds = np.stack([np.zeros(len(loss)), np.concatenate([np.ones(pairs), limits])], axis=1)
    solved = linprog(_SCALE * loss, A_eq=matrix, b_eq=limits, bounds=bounds, method="highs-ds")
    if solved.status != 0:
        raise MatchEngineError(
            _("the linear programme of the assignment ended without an answer (HiGHS, status {n})", n=solved.status)
        )
    found = np.concatenate([ours, theirs]) - solved.eqlin.marginals / _SCALE
    return at[solved.x[:pairs] > 0.5], found[:requesters], found[requesters:]
