"""What two people both declare and both allow to be told, and nothing else (domain.md B4, mutual match)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.derived import K_REVEAL
from matchengine.pool.joint_sets import JOINTLY, wished_tokens
from matchengine.pool.sensitive import numbers_in
from matchengine.records import vocabulary as v
from matchengine.records.result import LiftStep

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["Mutual", "mutual"]

_OPEN_TO = {"requester": "open_tokens", "candidate": "open_tokens", "coordinator": "coordinator_tokens"}
_PARTNERS = "partner_tokens"
_AUDIENCES: dict[str, tuple[str, ...]] = {
    "requester": ("members",),
    "candidate": ("members",),
    "coordinator": ("coordinator",),
}
_STRONG, _WISHED = 0.5, 2


class Mutual(NamedTuple):
    """What may be told of a pair: words in alphabetical order, and how much of the requester's wishes they meet.

    `step` is None where nothing may be told, or where the reader may not know what the requester wishes for.
    """

    words: tuple[str, ...] = ()
    step: LiftStep | None = None


def mutual(pool: Pool, requester: int, candidate: int, readers: Sequence[v.Viewer]) -> Mutual:
    """Return what all of some readers may be told of two people, given as rows.

    Named is what both declare, for matching and as people who may be named, and both opened to every reader: to members
    at any time, to a matched partner while an accepted match is active, to coordinators. At least five people hold all
    that is named together; of too much the most widespread is kept. The choice does not depend on anybody's wishes, so
    that changing them brings nothing else to light; the first reader, where it is the requester, reads only what they
    wish for.
    """
    if not pool.shared.reveals:
        return Mutual()
    people, tokens = pool.tables["people"], pool.derived.acting_tokens()
    accepted = pool.ties.accepted(people.ids[requester], people.ids[candidate])
    both = tokens[requester] & tokens[candidate]
    for reader in readers:
        column = people.column(_PARTNERS if accepted and reader != "coordinator" else _OPEN_TO[reader])
        both = both & column[requester][: len(both)] & column[candidate][: len(both)]
    named = _widest(pool, numbers_in(both), tokens[people.alive])
    words = list(pool.shared.codes["attributes"])
    importance, joint = wished_tokens(pool, requester, tokens)
    if readers[0] == "requester":
        named = [token for token in named if token in importance or any(token in of for of in joint)]
    told = sorted(pool.shared.reveals[words[token]] for token in named if words[token] in pool.shared.reveals)
    if not told:
        return Mutual()
    step = None
    if all(reader == "requester" or _knows_wishes(pool, people.ids[requester], reader, accepted) for reader in readers):
        enough = pool.derived.wished_apart()[requester] >= _WISHED
        step = _step(set(named), importance, joint) if enough else "none"
    return Mutual(tuple(dict.fromkeys(told)), step)


def _knows_wishes(pool: Pool, requester_id: str, reader: v.Viewer, accepted: bool) -> bool:
    audiences = _AUDIENCES[reader]
    if accepted and reader != "coordinator":
        audiences += ("matched_partner_after_both_accept",)
    return pool.consents.allows(requester_id, "wishes", "explain", audiences)


def _widest(pool: Pool, numbers: list[int], tokens: NDArray[np.uint64]) -> list[int]:
    """Keep of some tokens the most widespread ones that at least five people hold all together."""
    words = list(pool.shared.codes["attributes"])
    holders = {n: ((tokens[:, n // 64] >> np.uint64(n % 64)) & np.uint64(1)).astype(np.bool_) for n in numbers}
    kept: list[int] = []
    cell = np.ones(len(tokens), np.bool_)
    for number in sorted(numbers, key=lambda n: (-int(holders[n].sum()), pool.shared.reveals.get(words[n], ""))):
        smaller = cell & holders[number]
        if smaller.sum() >= K_REVEAL:
            kept.append(number)
            cell = smaller
    return kept


def _step(named: set[int], importance: dict[int, float], joint: list[list[int]]) -> LiftStep:
    """How much of the wishes is met by what is named: more than half of their importance is strong."""
    wanted = [({token}, weight) for token, weight in importance.items()] + [(set(of), JOINTLY) for of in joint]
    whole = sum(weight for _tokens, weight in wanted)
    met = sum(weight for tokens, weight in wanted if tokens <= named)
    if not met:
        return "none"
    return "strong" if met > _STRONG * whole else "some"
