"""What two people can teach each other: both covers, and the texts that stand for them (domain.md C4, C6, C8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Quotes
from matchengine.scorers.aggregate import geometric
from matchengine.scorers.cover import Met, met
from matchengine.scorers.evidence import strongest_texts

__all__ = ["Exchange", "exchange", "gift_quotes", "mean_of_known"]

_NONE = 1e-6
"""Item pairs that are no stronger are nothing to speak of."""


class Exchange(NamedTuple):
    """What the requester gets from the candidate, and what the requester gives."""

    gets: Met
    gives: Met

    @property
    def value(self) -> FloatArray:
        """Geometric mean of both covers, (P,); NaN where either is unknown: one direction alone is no exchange."""
        return geometric(self.gets.value, self.gives.value)

    @property
    def known(self) -> FloatArray:
        """Mean of the known shares of both directions, (P,); 0 where the value is unknown."""
        return np.where(np.isnan(self.value), 0, (self.gets.known + self.gives.known) / 2)


def exchange(needs_offers: ItemPairs, offers_needs: ItemPairs, source: str | None = None) -> Exchange:
    """Return both covers; `source` limits the needs of both sides to one record field, for example `wants`."""
    return Exchange(met(needs_offers, "left", source), met(offers_needs, "right", source))


def gift_quotes(needs_offers: ItemPairs, offers_needs: ItemPairs, gets: Met, gives: Met) -> dict[str, Quotes]:
    """Return the texts of the strongest gift in each direction: `need` met by `offer`, and `aim` met by `gift`."""
    need, offer = strongest_texts(gets.strength, needs_offers, "left", gets.best, least=_NONE)
    gift, aim = strongest_texts(gives.strength, offers_needs, "right", gives.best, least=_NONE)
    return {
        "need": Quotes("requester", needs_offers.left_field, need),
        "offer": Quotes("candidate", needs_offers.right_field, offer),
        "gift": Quotes("requester", offers_needs.left_field, gift),
        "aim": Quotes("candidate", offers_needs.right_field, aim),
    }


def mean_of_known(*parts: tuple[FloatArray, FloatArray, FloatArray | float]) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean of parts (value, known share, weight), and the known share of all weights.

    Both float64 (P,). Parts whose value is NaN are dropped and the weights renormalised; NaN where all are.
    """
    total, weight, known, of_all = (np.zeros(len(parts[0][0])) for _ in range(4))
    for value, sure, share in parts:
        unknown = np.isnan(value)
        total += np.where(unknown, 0, value) * share
        weight += np.where(unknown, 0, share)
        known += np.where(unknown, 0, sure) * share
        of_all += share
    return total / np.where(weight > 0, weight, np.nan), known / np.maximum(of_all, 1e-9)
