"""Small bridges to wider networks: at most two suggestions a month (domain.md S5-32)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from dateutil.relativedelta import relativedelta

__all__ = ["BRIDGES_A_MONTH", "bridges_left", "next_bridges"]

BRIDGES_A_MONTH = 2
Bridge = TypeVar("Bridge")


def bridges_left(suggested_on: Iterable[date], today: date) -> int:
    """Return how many bridges may still be suggested today.

    Parameters
    ----------
    suggested_on : iterable of date
        Days of earlier suggestions, one for each bridge; those of the last month count. A day still to come counts
        too, so that no log can make room for more.
    """
    month_ago = today - relativedelta(months=1)
    return max(BRIDGES_A_MONTH - sum(day > month_ago for day in suggested_on), 0)


def next_bridges(ranked: Sequence[Bridge], suggested_on: Iterable[date], today: date) -> tuple[Bridge, ...]:
    """Return the best bridges, best first, that may be suggested today: at most two in any month."""
    return tuple(ranked[: bridges_left(suggested_on, today)])
