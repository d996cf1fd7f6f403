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

__all__ = ["FLOOR", "counted", "figure"]

FLOOR = 5
"""The smallest cell that a programme may choose (domain.md annex 3)."""
_DIGITS = 4
Clusters = Sequence[Hashable]


def figure(
    key: str, label: str, unit: KpiUnit, estimate: Estimate, least: int, missing: int | None = 0, **more: Any
) -> KpiMeasure:
    """Return an estimate as a figure; hidden where `n` is from 1 to less than `least`.

    Parameters
    ----------
    missing : int or None
        How many should stand behind it and do not; None where nobody knows.
    more
        `side`, `wave` and `group`.
    """
    if 0 < estimate.n < least:
        return KpiMeasure(key=key, label=label, unit=unit, hidden=True, **more)
    value, low, high = (_told(number) for number in (estimate.value, estimate.low, estimate.high))
    return KpiMeasure(
        key=key, label=label, unit=unit, value=value, low=low, high=high, n=estimate.n, missing=missing, **more
    )


def counted(key: str, label: str, number: int, least: int, missing: int | None = 0, **more: Any) -> KpiMeasure:
    """Return a number of people as a figure; hidden where it is from 1 to less than `least`."""
    if 0 < number < least:
        return KpiMeasure(key=key, label=label, unit="count", hidden=True, **more)
    return KpiMeasure(key=key, label=label, unit="count", value=float(number), n=number, missing=missing, **more)


def _told(number: float) -> float | None:
    return None if math.isnan(number) else round(number, _DIGITS) + 0.0
