"""From estimates to the figures of a report: what too few stand behind is hidden (domain.md annex 3, SEC19).

Over the whole programme a figure is told where at least the smallest cell of answers stands behind it. By subgroup the
rule is stricter (`learning.kpi.subgroups`).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

from matchengine.learning.kpi.estimates import Estimate
from matchengine.records.kpi import KpiMeasure, KpiUnit

__all__ = ["FLOOR", "Counted", "counted", "figure"]

FLOOR = 5
"""The smallest cell that a programme may choose (domain.md annex 3)."""
_DIGITS = 4
Clusters = Sequence[Hashable]


class Counted(KpiMeasure):
    """A figure with what is never published: how many values, and how many people at least, stand behind it.

    Both are known where the figure is hidden too, so that a report can tell how far it is from an earlier one.
    """

    behind: int = 0
    people: int = 0

    def published(self) -> KpiMeasure:
        """Return the figure without them."""
        return KpiMeasure.model_construct(**{name: getattr(self, name) for name in KpiMeasure.model_fields})


def figure(
    key: str, label: str, unit: KpiUnit, estimate: Estimate, least: int, missing: int | None = 0, **more: Any
) -> Counted:
    """Return an estimate as a figure; hidden where `n` is from 1 to less than `least`.

    Parameters
    ----------
    missing : int or None
        How many should stand behind it and do not; None where nobody knows.
    more
        `side`, `wave` and `group`.
    """
    more |= {"behind": estimate.n, "people": estimate.n if estimate.people is None else estimate.people}
    if 0 < estimate.n < least:
        return Counted(key=key, label=label, unit=unit, hidden=True, **more)
    value, low, high = (_told(number) for number in (estimate.value, estimate.low, estimate.high))
    return Counted(
        key=key, label=label, unit=unit, value=value, low=low, high=high, n=estimate.n, missing=missing, **more
    )


def counted(key: str, label: str, number: int, least: int, missing: int | None = 0, **more: Any) -> Counted:
    """Return a number of people as a figure; hidden where it is from 1 to less than `least`."""
    more |= {"behind": number, "people": number}
    if 0 < number < least:
        return Counted(key=key, label=label, unit="count", hidden=True, **more)
    return Counted(key=key, label=label, unit="count", value=float(number), n=number, missing=missing, **more)


def _told(number: float) -> float | None:
    return None if math.isnan(number) else round(number, _DIGITS) + 0.0
