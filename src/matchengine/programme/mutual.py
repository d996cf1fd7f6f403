"""Kinds of match in which a pair has no direction: peers, exchanges. Each two people stand in the problem once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchengine.programme.pairs import Pairs, gather
from matchengine.scene import Scene

__all__ = ["fold"]


def fold(scene: Scene, pairs: Pairs, lottery: NDArray[np.uint64]) -> Pairs:
    """Keep one direction of every two people whom the rules allow in both, each seeing the pair with their own eyes.

    Kept is the direction with the higher score; where both are alike, the one whose requester has the smaller number
    in the `lottery` uint64 (R,).
    """
    people = max(len(pairs.candidates), 1)
    turned = pairs.candidate * people + pairs.requester
    lonely = ~np.isin(turned, pairs.keys)
    if lonely.any() and not pairs.whole.all():  # the other direction may just not have been looked at
        pairs = pairs.joined(_other_way(scene, pairs.take(lonely)))
        turned = pairs.candidate * people + pairs.requester
    at = np.minimum(np.searchsorted(pairs.keys, turned), max(len(pairs) - 1, 0))
    both = pairs.keys[at] == turned if len(pairs) else np.zeros(0, np.bool_)
    points, first = np.round(pairs.base, 6), lottery[pairs.requester] < lottery[pairs.candidate]
    ahead = (points > points[at]) | ((points == points[at]) & first)
    seen = replace(pairs, candidate_value=pairs.requester_value[at])
    return seen.take(both & ahead)


def _other_way(scene: Scene, pairs: Pairs) -> Pairs:
    """Compare some pairs with the sides exchanged."""
    also: dict[int, list[int]] = {}
    for one, other in zip(pairs.requesters[pairs.requester], pairs.candidates[pairs.candidate], strict=True):
        also.setdefault(int(other), []).append(int(one))
    return gather(scene, among=np.unique(pairs.candidate), also=also)
