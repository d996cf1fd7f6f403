"""Whether taking part can bring the contacts that somebody misses (domain.md C8, network-gap)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray, Scored
from matchengine.components import Plural, scorer
from matchengine.records import vocabulary as v
from matchengine.records.group import Share
from matchengine.scorers.rules.bits import MaskArray

__all__ = ["WORTH_COUNTING", "Fills", "GapFill", "Scales", "fill_gaps", "gaps", "network_gap", "own_fills"]

Scales = Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=6, max_length=6)]
"""Six positive numbers, in the order of `NetworkCategory`."""
Fills = dict[v.GroupKind | v.EventKind, Annotated[tuple[Share, ...], Field(min_length=6, max_length=6)]]
"""How far a kind of gathering fills each of the six categories, where a programme knows better than `FILLS`."""
WORTH_COUNTING = 0.1
"""Smallest gap times fill that a sentence counts."""


class GapFill(NamedTuple):
    """How far candidates fill gaps.

    `value` float64 (P,) in [0, 1] or NaN, `known` float64 (P,) the share of the six categories that is known,
    `filled` float (P, 6) gap times fill of each category, NaN where unknown.
    """

    value: FloatArray
    known: FloatArray
    filled: FloatArray


def gaps(counts: FloatArray, importance: FloatArray, scales: Scales = v.NETWORK_SCALES) -> FloatArray:
    """Gap of each category: importance times exp(-contacts / scale); a further contact never raises it.

    Parameters
    ----------
    counts : float array (..., 6)
        Contacts in each `NetworkCategory`, 0 or more; NaN where unknown.
    importance : float array (..., 6)
        0 to 1: how important more contacts in it are; NaN where unknown.
    scales : tuple of six positive numbers
        Contacts after which a further one matters e times less.

    Returns
    -------
    float array (..., 6)
        In [0, 1]; NaN where either is unknown. Golden numbers GN9.
    """
    found: FloatArray = importance * np.exp(counts / -np.asarray(scales, counts.dtype))
    return found


def fill_gaps(gap: FloatArray, fills: FloatArray) -> GapFill:
    """Mean of the fills, weighted by the gaps; categories of which either is unknown are dropped.

    Parameters
    ----------
    gap, fills : float arrays (P, 6)
        In [0, 1]; NaN where unknown.

    Returns
    -------
    GapFill
        `value` is NaN where no category is known or no known one is missed. Up in every fill. A gap that closes takes
        its weight along: the value of a candidate who fills the other gaps better rises by that.
    """
    filled = gap * fills
    known = ~np.isnan(filled)
    total, part = _rows(np.where(known, gap, 0)), _rows(np.where(known, filled, 0))
    missed = total > 0
    value = np.minimum(part / np.where(missed, total, np.nan), 1)
    return GapFill(value, _rows(known.astype(np.float32)) / gap.shape[1], filled)


def own_fills(fills: FloatArray, kinds: MaskArray, own: Fills | None) -> FloatArray:
    """Return fills (P, 6) with those of the kinds (P,) that a programme sets itself in their place."""
    if not own:
        return fills
    out = np.array(fills, np.float64)
    for kind, values in own.items():
        out[(kinds >> np.uint32(v.GATHERING_KINDS.index(kind))) & 1 == 1] = values
    return out


def _rows(values: FloatArray) -> FloatArray:
    """Sum of each row of (P, n), float64 (P,), without BLAS (as in `style_fit`)."""
    sums: FloatArray = np.einsum("pn->p", values).astype(np.float64)
    return sums


@scorer(
    "network_gap",
    block="need",
    title="contacts that are missing",
    says={
        "for_requester": Plural(
            "it is a place for one kind of contact that you are missing",
            "it is a place for {met:.0f} kinds of contact that you are missing",
            by="met",
        )
    },
    says_to={
        "candidate": {"for_requester": "taking part can bring them contacts that they would like to have{met?}"},
        "coordinator": {
            "for_requester": Plural(
                "it is a place for one kind of contact that the person is missing",
                "it is a place for {met:.0f} kinds of contact that the person is missing",
                by="met",
            )
        },
    },
    monotone={"candidate_fills": 1},
)
def network_gap(
    requester_network_counts: FloatArray,
    requester_network_importance: FloatArray,
    candidate_fills: FloatArray,
    candidate_kind: MaskArray,
    *,
    scales: Scales = v.NETWORK_SCALES,
    fills: Fills | None = None,
) -> Scored:
    """How far taking part fills the gaps in the requester's network: Σ gap·fill / Σ gap (domain.md C8).

    Parameters
    ----------
    requester_network_counts, requester_network_importance : float arrays (P, 6)
        Contacts in each category of the network map, and how important more of them are; NaN where unknown.
    candidate_fills : float array (P, 6)
        How far the candidate's kind fills each category.
    candidate_kind : uint32 array (P,)
        Read only where `fills` is set.
    scales
        Contacts of each category after which a further one matters e times less.
    fills
        For some kinds, other fills than those of the column.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; NaN without a map, or where nothing in it is missed. The confidence is the share of
        the six categories that is known. Evidence: how many gaps it helps to fill; which ones is never told here.
    """
    found = fill_gaps(
        gaps(requester_network_counts, requester_network_importance, scales),
        own_fills(candidate_fills, candidate_kind, fills),
    )
    met = (found.filled >= WORTH_COUNTING).sum(axis=1)
    return Scored(found.value, found.known, met=np.where(met > 0, met, np.nan))
