"""The rule that a person may make for themselves: nobody but who openly shares something with them (domain.md C2)."""

from __future__ import annotations

from matchengine.batch import BoolArray
from matchengine.components import constraint

__all__ = ["must_share"]


@constraint(
    "must_share",
    reason="they do not openly share what the person asks for",
    told_to=("requester",),
    fails_closed=True,
    always_on=True,
    personal=True,
)
def must_share(pair_must_share: BoolArray) -> BoolArray:
    """The candidate tells all members of everything that the requester must share; `pair_must_share` bool (P,).

    Only dimensions count that the programme lists under `[programme] must_share`, and only what candidates allow every
    member to be told: whoever keeps it to themselves reads like whoever does not share it. The reason is never told;
    `matchengine.journey.price` tells the requester alone what the demand costs.
    """
    return pair_must_share
