"""Rules about two particular people: ties, wishes and earlier matches (domain.md C9, relationship constraints)."""

from __future__ import annotations

from matchengine.batch import BoolArray
from matchengine.components import constraint

__all__ = ["boundaries", "do_not_rematch", "existing_match", "household", "line_manager", "not_self"]


@constraint("not_self", reason="nobody is matched with themselves", always_on=True)
def not_self(pair_same: BoolArray) -> BoolArray:
    """Nobody is matched with themselves; `pair_same` bool (P,)."""
    return ~pair_same


@constraint("boundaries", reason="a personal boundary", always_on=True, personal=True)
def boundaries(pair_must_not: BoolArray) -> BoolArray:
    """Either said that they do not want the other; `pair_must_not` bool (P,). The reason is never told."""
    return ~pair_must_not


@constraint("do_not_rematch", reason="an earlier match should not be repeated", always_on=True, personal=True)
def do_not_rematch(pair_do_not_rematch: BoolArray) -> BoolArray:
    """An earlier match ended with the wish not to repeat it; bool (P,). The reason is never told."""
    return ~pair_do_not_rematch


@constraint(
    "line_manager",
    reason="one of them is the other's line manager",
    remedy="another candidate from outside the line of management",
)
def line_manager(pair_line_manager: BoolArray) -> BoolArray:
    """No match along a reporting line, in either direction; bool (P,)."""
    return ~pair_line_manager


@constraint(
    "household",
    reason="they live in the same household or are family",
    remedy="another candidate from outside the household and family",
)
def household(pair_household: BoolArray) -> BoolArray:
    """No match within a declared household or family; bool (P,)."""
    return ~pair_household


@constraint(
    "existing_match",
    reason="they are already matched",
    remedy="another candidate, or waiting until the running match has ended",
)
def existing_match(pair_existing: BoolArray) -> BoolArray:
    """No second match of a pair whose match is running; bool (P,)."""
    return ~pair_existing
