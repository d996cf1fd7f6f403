"""What finds owners and words for a field beside what was built at the last rebuild: what came since, and what is left.

Both follow the data at little cost, so that a search tells the same of a field whatever happened to it before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.pool.lexicon import Postings, WordRows

if TYPE_CHECKING:
    from matchengine.pool.text import Ragged

__all__ = ["Holders", "Late", "runs"]


def runs(starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Entries from each start to each end, one run after the other, and the run each belongs to."""
    counts = ends - starts
    run = np.repeat(np.arange(len(counts)), counts)
    return np.arange(len(run)) + (starts - (np.cumsum(counts) - counts))[run], run


class Late(NamedTuple):
    """What came to a field since the last rebuild.

    `entries` is how many items there were when this was made. The rows that came and own text t are `rows` from
    `starts[t]` to `starts[t + 1]`. `postings` know the words of the texts that came, None where none did.
    """

    entries: int
    starts: IntArray
    rows: IntArray
    postings: Postings | None

    @classmethod
    def of(cls, items: Ragged, words: WordRows, entries: int, texts: int) -> Late:
        """Look at what came after the first `entries` items and the first `texts` texts."""
        came = np.arange(entries, len(items.text))
        order = np.argsort(items.text[came], kind="stable")
        rows = np.searchsorted(items.starts, came[order], side="right") - 1
        starts = np.zeros(len(words) + 1, np.int64)
        np.cumsum(np.bincount(items.text[came], minlength=len(words)), out=starts[1:])
        size = int(words.state()["words"].max(initial=-1)) + 1
        postings = Postings(words, size, texts) if len(words) > texts else None
        return cls(len(items.text), starts, rows.astype(np.int32), postings)


class Holders(NamedTuple):
    """How many rows that stand for somebody hold each text: `counts` (T,).

    `alive` (N,) tells which rows do, `living` how many. `held` (T,) tells which texts somebody holds, `gone` how many
    nobody does.
    """

    alive: BoolArray
    living: int
    counts: IntArray
    held: BoolArray
    gone: int

    @classmethod
    def nobody(cls) -> Holders:
        """Return what holds of a field without rows."""
        none = np.zeros(0, np.bool_)
        return cls(none, 0, np.zeros(0, np.int32), none, 0)

    def now(self, items: Ragged, texts: int, alive: BoolArray) -> Holders:
        """Return the same for the rows that are alive by now; rows come at the end, and none comes back to life."""
        known, living = len(self.alive), int(np.count_nonzero(alive))
        if known == len(alive) and living == self.living:
            return self
        left = np.flatnonzero(self.alive & ~alive[:known])
        came = known + np.flatnonzero(alive[known:])
        counts = np.bincount(items.text[items.entries(came)], minlength=texts).astype(np.int32)
        counts[: len(self.counts)] += self.counts
        np.subtract.at(counts, items.text[items.entries(left)], 1)
        held = counts > 0
        return Holders(alive.copy(), living, counts, held, texts - int(np.count_nonzero(held)))
