"""What a candidate did before, beside what they say they offer (decision 0016)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, IntArray, ItemPairs, Quotes, segment_max
from matchengine.scorers.cover import ItemAggregation, Shares, best_of_each, shares
from matchengine.scorers.evidence import peaks, strongest_texts

__all__ = ["Done", "done", "said_and_done"]

_DONE = 2 / 3
_SAID_ALONE = 0.8


class Done(NamedTuple):
    """How well past work covers the needs: `share` of each pair, `peak` (P,) its closest text, -1 where unknown.

    `need` and `work` int32 (P,) are the texts of the closest item pair, -1 for none.
    """

    share: Shares
    peak: FloatArray
    need: IntArray
    work: IntArray

    def quotes(self, items: ItemPairs, said: FloatArray) -> dict[str, Quotes]:
        """Return `asked` and `work` where past work is closer than what was said (`said` float (P,)), else nothing."""
        closer = self.peak > said
        return {
            "asked": Quotes("requester", items.left_field, np.where(closer, self.need, np.int32(-1))),
            "work": Quotes("candidate", items.right_field, np.where(closer, self.work, np.int32(-1))),
        }


def done(items_needs_past: ItemPairs, items: ItemAggregation = "best_three", least: float = 0) -> Done:
    """Return how well a candidate's past work covers the needs, by their priority; NaN where nothing is known.

    Each need counts what it gets from all texts of past work, see `matchengine.scorers.cover.best_of_each`: having done
    something like it three times is more than once. Texts that are less close than `least` are not quoted.
    """
    pairs = items_needs_past
    best = best_of_each(pairs.similarity, pairs.left, items)
    closest = best if items == "max" else segment_max(pairs.similarity, pairs.left)
    need, work = strongest_texts(pairs.similarity, pairs, "left", closest, least)
    share = shares(best, pairs.left, pairs.pairs, pairs.left.priority)
    return Done(share, peaks(closest, pairs.left, pairs.pairs), need, work)


def said_and_done(said: Shares, past: Shares, *, recorded: bool) -> Shares:
    """Return (said + 2 done) / 3, both float (P,) in [0, 1]; the known one alone, with its own known share.

    Where nothing is known about past work the value is that of what was said, and its known share counts .8 if the
    programme records past work at all; if it does not, nothing is missing.
    """
    only_said, only_done = np.isnan(past.value), np.isnan(said.value)
    weight = np.where(only_said, 0.0, np.where(only_done, 1.0, _DONE))

    def mixed(one: FloatArray, other: FloatArray) -> FloatArray:
        both: FloatArray = (1 - weight) * np.where(weight < 1, one, 0) + weight * np.where(weight > 0, other, 0)
        return both

    sure = said.known * np.where(only_said, _SAID_ALONE, 1.0) if recorded else said.known
    return Shares(mixed(said.value, past.value), mixed(sure, past.known))
