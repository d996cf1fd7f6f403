"""What exactly a number is: a signature on every figure, and figures that cannot be compared by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchengine.batch import BoolArray, FloatArray
from matchengine.comparison_components import Better, Level, MetricSpec
from matchengine.errors import DataError

__all__ = ["Measured", "NotApplicable", "definition", "label", "signature"]

_ALWAYS = ("gain", "ties")
"""Settings on which tools differ: told also where they are at their defaults."""
_FIRST = ("gain", "disc", "ties")
_SHORT = {"average": "avg"}


def label(spec: MetricSpec, settings: Mapping[str, Any]) -> str:
    """Write a metric as people ask for it: `ndcg@5(gain=exponential)`; settings at their defaults are left out."""
    k = settings.get("k")
    changed = [f"{name}={value}" for name, value in _changed(spec, settings).items() if name != "k"]
    name = spec.name if k is None else f"{spec.name}@{k}"
    return f"{name}({', '.join(changed)})" if changed else name


def definition(spec: MetricSpec, settings: Mapping[str, Any]) -> str:
    """The signature without the number of units: what has to be the same for two figures to be compared."""
    changed = _changed(spec, settings)
    parts: dict[str, str] = dict(spec.conventions)
    for name, value in settings.items():
        if name != "k" and (name in changed or name in _ALWAYS):
            parts[name] = _SHORT.get(str(value), str(value))
    names = [name for name in _FIRST if name in parts] + [name for name in parts if name not in _FIRST]
    k = settings.get("k")
    told = [spec.name if k is None else f"{spec.name}@{k}", *(f"{name}={parts[name]}" for name in names)]
    return "|".join([*told, f"v={spec.version}"])


def signature(spec: MetricSpec, settings: Mapping[str, Any], units: int) -> str:
    """Tell everything on which two figures of one name could differ.

    Parameters
    ----------
    spec : MetricSpec
    settings : mapping
        All settings, `k` among them.
    units : int
        How many units have a value.

    Returns
    -------
    str
        Like `ndcg@5|gain=linear|disc=log2(r+1)|ties=avg|missing=0|norel=skip|cand=eligible|n=312|v=1`.
    """
    return _counted(definition(spec, settings), units)


@dataclass(frozen=True)
class Measured:
    """The values of one metric for one strategy.

    Attributes
    ----------
    label : str
        As it was asked for, like `ndcg@5`.
    spec : MetricSpec
    values : float64 array
        One for each person, candidate or pair, or a single one, as `spec.level` tells; NaN is left out.
    definition : str
        The signature without the number of units.
    missing : int
        People (or candidates, where it is about their lists) without any suggestion.
    """

    label: str
    spec: MetricSpec
    values: FloatArray
    definition: str
    missing: int = 0

    @property
    def counted(self) -> BoolArray:
        """Which units have a value, bool."""
        found: BoolArray = ~np.isnan(self.values)
        return found

    @property
    def excluded(self) -> int:
        """How many units have no value."""
        return len(self.values) - int(self.counted.sum())

    @property
    def mean(self) -> float:
        """Mean over the units that have a value; NaN where none has."""
        known = self.values[self.counted]
        return float(known.mean()) if len(known) else float("nan")

    @property
    def signature(self) -> str:
        """What the figure is, with the number of units it is about."""
        return _counted(self.definition, int(self.counted.sum()))

    @property
    def level(self) -> Level:
        """Whose values these are."""
        return self.spec.level

    @property
    def better(self) -> Better:
        """Whether higher or lower is better."""
        return self.spec.better

    def __sub__(self, other: Measured) -> FloatArray:
        """Differences unit by unit, as `minus`."""
        return self.minus(other)

    def minus(self, other: Measured, *, common: bool = False) -> FloatArray:
        """Subtract the values of another strategy, unit by unit, NaN where a unit is left out.

        Parameters
        ----------
        other : Measured
        common : bool
            Compare only units that have a value on both sides, where the two leave out different ones.

        Raises
        ------
        DataError
            Where the definitions differ, the units are not the same, or different ones are left out without `common`.
        """
        if self.definition != other.definition:
            raise DataError(
                f"two different figures cannot be compared: {self.signature} and {other.signature}; measure both with "
                "the same metric and settings"
            )
        if len(self.values) != len(other.values):
            raise DataError(
                f"{self.label}: {len(self.values)} and {len(other.values)} units; expected the same people in the same "
                "order"
            )
        if not common and (self.counted != other.counted).any():
            apart = int((self.counted != other.counted).sum())
            raise DataError(
                f"{self.label}: {apart} units have a value with one strategy alone ({self.signature} and "
                f"{other.signature}); compare the units that both have with minus(other, common=True)"
            )
        return self.values - other.values


@dataclass(frozen=True)
class NotApplicable:
    """A metric that does not apply to a case, and why."""

    label: str
    spec: MetricSpec
    reason: str


def _changed(spec: MetricSpec, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that are not at their defaults, in the order of the metric's definition."""
    defaults = {name: field.default for name, field in spec.settings.model_fields.items()}
    return {name: settings[name] for name in defaults if name in settings and settings[name] != defaults[name]}


def _counted(of: str, units: int) -> str:
    front, _, version = of.rpartition("|")
    return f"{front}|n={units}|{version}"
