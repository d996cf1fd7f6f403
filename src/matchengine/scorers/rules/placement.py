"""Who is not placed together in a support group (domain.md C10)."""

from __future__ import annotations

from matchengine.batch import BoolArray
from matchengine.components import constraint

__all__ = ["co_placement"]


@constraint("co_placement", reason="a personal boundary", always_on=True, personal=True)
def co_placement(pair_knows_member: BoolArray) -> BoolArray:
    """Nobody comes into a support group with somebody they ruled out, their household or their line manager.

    `pair_knows_member` bool (P,). The reason is never told: it would tell who is in the group.
    """
    return ~pair_knows_member
