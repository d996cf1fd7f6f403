"""Words for the names that drafts for a whole programme hold, as sheets and pages say them; marked, not yet said."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import N_, _
from matchengine.records.circles import CircleRelaxation
from matchengine.records.plan import Action, Standing
from matchengine.records.swaps import GainName, PlannedSwap, SwapObjective, SwapStateName

__all__ = ["ACTIONS", "GAIN_PARTS", "GIVEN_UP", "OBJECTIVES", "STANDINGS", "SWAP_STATES", "swap_shape"]

ACTIONS: Mapping[Action, str] = {
    "assigned": N_("decided"),
    "locked": N_("locked"),
    "forbidden": N_("forbidden"),
    "released": N_("released"),
    "added": N_("added"),
    "left_out": N_("left out"),
    "resolved": N_("solved again"),
    "published": N_("published"),
}
STANDINGS: Mapping[Standing, str] = {"new": N_("new"), "kept": N_("kept"), "moved": N_("moved")}
SWAP_STATES: Mapping[SwapStateName, str] = {
    "proposed": N_("proposed"),
    "accepted": N_("accepted by all"),
    "scheduled": N_("scheduled"),
    "running": N_("running"),
    "mid_check": N_("checked half-way"),
    "returned": N_("everybody is back"),
    "extended": N_("goes on for longer"),
    "ended": N_("ended"),
    "declined": N_("came to nothing"),
}
OBJECTIVES: Mapping[SwapObjective, str] = {
    "max_weight": N_("greatest gain of all together"),
    "max_people_then_weight": N_("most people, then greatest gain"),
    "leximin_gain": N_("lowest gain as high as possible"),
    "ttc": N_("mentees' own rankings"),
}
GAIN_PARTS: Mapping[GainName, str] = {
    "cover": N_("goals"),
    "perspective": N_("perspective"),
    "wish": N_("wish"),
}
GIVEN_UP: Mapping[CircleRelaxation, str] = {
    "target_size": N_("the size aimed for"),
    "alpha": N_("the mix of likeness and difference"),
    "experienced_member": N_("an experienced member"),
    "min_share": N_("the least share of a kind"),
    "isolates": N_("that nobody is the only one of their kind, or the only one who is new"),
}


def swap_shape(swap: PlannedSwap) -> str:
    """Return what an exchange is, in words: a circle or a chain of so many."""
    number = len(swap.moves)
    return _("circle of {n}", n=number) if swap.kind == "cycle" else _("chain of {n}", n=number)
