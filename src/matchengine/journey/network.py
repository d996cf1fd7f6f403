"""What became of a person's network between two maps of it (domain.md C8; S2-32, S5-27)."""

from __future__ import annotations

from typing import get_args

from matchengine.planning.network import network_gaps
from matchengine.records import NetworkMap
from matchengine.records import vocabulary as v
from matchengine.records.network import NetworkChange

__all__ = ["network_change"]

_FUNCTIONS: tuple[v.TieFunction, ...] = get_args(v.TieFunction)


def network_change(before: NetworkMap, after: NetworkMap) -> NetworkChange:
    """Return how far gaps closed between two maps, and how many categories and functions are in reach.

    Both gaps are taken at the importance of the earlier map, so that a change of mind does not look like a new contact.
    Categories that one of the maps leaves out are unknown and not compared.
    """
    wanted = {tie.category: tie.importance for tie in before.ties}
    same_wishes = after.model_copy(
        update={
            "ties": tuple(
                tie.model_copy(update={"importance": wanted[tie.category]})
                for tie in after.ties
                if tie.category in wanted
            )
        }
    )
    first, now = network_gaps(before), network_gaps(same_wishes)
    had, has = _functions(before), _functions(after)
    return NetworkChange(
        closed={category: round(gap - now[category], 6) for category, gap in first.items() if category in now},
        reachable_before=_reachable(before),
        reachable_after=_reachable(after),
        gained=tuple(f for f in _FUNCTIONS if f in has - had),
        lost=tuple(f for f in _FUNCTIONS if f in had - has),
    )


def _reachable(network: NetworkMap) -> int:
    return sum(tie.count > 0 for tie in network.ties)


def _functions(network: NetworkMap) -> set[v.TieFunction]:
    return {function for tie in network.ties if tie.count > 0 for function in tie.functions}
