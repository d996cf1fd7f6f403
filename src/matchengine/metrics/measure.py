"""Measure one strategy's answers with several metrics; whatever a metric returns is checked before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import MetricSpec
from matchengine.errors import MatchEngineError, PluginError, blame
from matchengine.i18n import _
from matchengine.metrics.parse import Metrics, Wanted, parse_metric, specs_of
from matchengine.metrics.signature import Measured, NotApplicable, definition

__all__ = ["Measured", "NotApplicable", "checked", "measure", "measure_one", "needed", "units_of"]

_TOLERANCE = 1e-9
"""How far beyond its range a value may be by rounding."""


def measure(metrics: Metrics, names: Iterable[str], case: Case) -> dict[str, Measured | NotApplicable]:
    """Measure a case with some metrics.

    Parameters
    ----------
    metrics : Registry or iterable of MetricSpec
        Where names are looked up.
    names : iterable of str
        Like `ndcg@5` or `ndcg@5(gain=exponential)`.
    case : Case

    Returns
    -------
    dict of str to Measured or NotApplicable
        By label, in the order given; `NotApplicable` where the case lacks a part that the metric reads.

    Raises
    ------
    ConfigError
        For a name or setting that cannot be used, before anything is measured.
    PluginError
        When a metric fails, or returns anything but float64 values in its range, one for each unit.
    """
    known = list(specs_of(metrics).values())
    wanted = {one.label: one for one in [parse_metric(known, name) for name in names]}
    return {name: measure_one(one, case) for name, one in wanted.items()}


def measure_one(wanted: Wanted, case: Case) -> Measured | NotApplicable:
    """Measure a case with one metric; see `measure`."""
    spec = wanted.spec
    lacking = [need for need in spec.needs if need != "lists" and not _has(case, need)]
    if lacking:
        reason = _("needs {parts}, which this case does not have", parts=", ".join(lacking))
        return NotApplicable(wanted.label, spec, reason)
    try:
        values = spec.build(needed(spec, case), **wanted.settings)
    except MatchEngineError as error:
        raise PluginError(_("metric {name!r} failed: {error}", name=wanted.label, error=error)) from error
    except Exception as error:
        raise blame(_("metric {name!r}", name=wanted.label), error) from error
    found = checked(wanted.label, spec, values, units_of(spec, case))
    return Measured(wanted.label, spec, found, definition(spec, wanted.settings), _missing(spec, case))


def needed(spec: MetricSpec, case: Case) -> Case:
    """Return the case without the parts that a metric does not declare to read; the lists stay, for their lengths."""
    kept = {"lists", *spec.needs}
    nothing: dict[str, Any] = {one.name: one.default for one in fields(Case) if one.name not in kept}
    return replace(case, **nothing)


def units_of(spec: MetricSpec, case: Case) -> int:
    """How many values a metric has to give."""
    lists = case.lists
    return {"person": lists.people, "candidate": lists.candidates, "pair": len(lists.person), "market": 1}[spec.level]


def checked(name: str, spec: MetricSpec, values: Any, units: int) -> FloatArray:
    """Return what a metric gave, or raise PluginError where it is not what the metric promised."""
    if not isinstance(values, np.ndarray) or values.dtype != np.float64 or values.shape != (units,):
        got = f"{values.dtype} {values.shape}" if isinstance(values, np.ndarray) else type(values).__name__
        raise PluginError(
            _(
                "metric {name!r} returned {got}; expected float64 ({units},), one value for each unit of level "
                "{level!r}",
                name=name,
                got=got,
                units=units,
                level=spec.level,
            )
        )
    known = values[~np.isnan(values)]
    below, above = known < spec.lowest - _TOLERANCE, known > spec.highest + _TOLERANCE
    wrong = int((below | above | np.isinf(known)).sum())
    if wrong:
        raise PluginError(
            _(
                "metric {name!r} returned {count} values outside of {low:g} to {high:g}; expected its declared range, "
                "or NaN for a unit without a value",
                name=name,
                count=wrong,
                low=spec.lowest,
                high=spec.highest,
            )
        )
    found: FloatArray = values
    return found


def _has(case: Case, need: str) -> bool:
    part = getattr(case, need)
    return part is not None and not (isinstance(part, tuple) and not part)


def _missing(spec: MetricSpec, case: Case) -> int:
    """How many people, or candidates where their lists count, got no suggestion."""
    lists = case.reverse if spec.level == "candidate" and "reverse" in spec.needs else case.lists
    return 0 if lists is None else int((~lists.answered).sum())
