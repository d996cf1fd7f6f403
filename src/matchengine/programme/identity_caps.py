"""The caps people set on being found by what they declare, kept within one plan too (domain.md C2, H6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matchengine.assignment import AssignmentProblem, Quota
from matchengine.batch import BoolArray, IntArray
from matchengine.programme.pairs import Pairs, is_mutual
from matchengine.scene import Scene

__all__ = ["closed_by_caps", "identity_quotas", "over_demanded", "within_caps"]


def identity_quotas(scene: Scene, pairs: Pairs, places: IntArray) -> list[Quota]:
    """One personal quota for each person whose cap could be exceeded, in the order of their ids; without a name.

    Counted are pairs in which the one who looks wishes to share something that the other declares, as running matches
    are. Where the kind has no lift, nobody is found by what they declare.

    Parameters
    ----------
    places : int64 array (C,)
        Places of the candidates.
    """
    kind = scene.kind
    lifted = any(scorer.block is None for scorer in kind.scorers)
    if not lifted or not kind.sides.requesters == kind.sides.candidates == "people":
        return []
    left = scene.pool.derived.identity_left()
    made: list[Quota] = []
    positions, found = _motivated(scene, pairs, np.isfinite(left))
    for n in np.unique(found).tolist():
        own, most = np.sort(positions[found == n]), max(int(left[pairs.candidates[n]]), 0)
        if most < min(len(own), int(places[n])):
            made.append(Quota("", own, most=most, personal=True))
    return made


def _motivated(scene: Scene, pairs: Pairs, capped: BoolArray) -> tuple[IntArray, IntArray]:
    """Pairs in which somebody with a cap is found by what they declare, and the position of that candidate, (K,)."""
    derived = scene.pool.derived
    wished, tokens = derived.wished_tokens(), derived.acting_tokens()
    directions = [(pairs.requester, pairs.candidate)]
    if is_mutual(scene):  # both sides are the same people in the same order
        directions.append((pairs.candidate, pairs.requester))
    positions: list[IntArray] = [np.zeros(0, np.int64)]
    found: list[IntArray] = [np.zeros(0, np.int64)]
    for looking, other in directions:
        at = np.flatnonzero(capped[pairs.candidates[other]])
        one, who = pairs.requesters[looking[at]], pairs.candidates[other[at]]
        shared = (wished[one] & tokens[who]).any(axis=1)
        positions.append(at[shared])
        found.append(other[at][shared])
    return np.concatenate(positions), np.concatenate(found).astype(np.int64)


def closed_by_caps(problem: AssignmentProblem, chosen: IntArray) -> BoolArray:
    """Which pairs are left out because a cap is reached, shape (A,): to everybody they are not available.

    Parameters
    ----------
    chosen : int64 array (K,)
        Positions of the pairs of the plan.
    """
    taken, closed = np.zeros((2, len(problem)), np.bool_)
    taken[chosen] = True
    for quota in problem.quotas:
        if quota.personal and quota.most is not None and taken[quota.pairs].sum() >= quota.most:
            closed[quota.pairs] = True
    return closed & ~taken


def within_caps(problem: AssignmentProblem, order: Sequence[int]) -> Iterator[int]:
    """Go through positions of pairs, the first ones first, and leave out each that would exceed a cap."""
    caps = [(set(quota.pairs.tolist()), quota.most or 0) for quota in problem.quotas if quota.personal]
    held = [0] * len(caps)
    for at in order:
        own = [n for n, (pairs, _most) in enumerate(caps) if at in pairs]
        if all(held[n] < caps[n][1] for n in own):
            for n in own:
                held[n] += 1
            yield at


def over_demanded(problem: AssignmentProblem) -> Iterator[tuple[IntArray, bool]]:
    """Yield the demanded pairs of each cap that they exceed, and whether fewer of them could be."""
    for quota in problem.quotas:
        demanded = quota.pairs[problem.must[quota.pairs]]
        if quota.personal and quota.most is not None and len(demanded) > quota.most:
            yield demanded, quota.most > 0
