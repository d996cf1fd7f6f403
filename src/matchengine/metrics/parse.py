"""Metrics by name: `ndcg@5`, `ndcg@5(gain=exponential)`; a typo is an error with the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from matchengine.comparison_components import MetricSpec
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import _
from matchengine.metrics.signature import label
from matchengine.records import describe_validation
from matchengine.registry import Registry

__all__ = ["Metrics", "Wanted", "parse_metric", "specs_of"]

Metrics = Registry | Iterable[MetricSpec]
"""Where metrics are looked up: the enabled plugins, or some specs."""
_WRITTEN = re.compile(r"^\s*(?P<name>[^@()\s]+)\s*(@\s*(?P<k>[^()\s]+))?\s*(\((?P<rest>.*)\))?\s*$")


@dataclass(frozen=True)
class Wanted:
    """A metric that was asked for: `label` in its one way of writing, all `settings` with their values."""

    label: str
    spec: MetricSpec
    settings: Mapping[str, Any]


def specs_of(metrics: Metrics) -> dict[str, MetricSpec]:
    """Metrics by name."""
    found = metrics.specs("metric") if isinstance(metrics, Registry) else metrics
    return {spec.name: spec for spec in found if isinstance(spec, MetricSpec)}


def parse_metric(metrics: Metrics, text: str) -> Wanted:
    """Read how a metric is written: its name, `@` and the depth where it has one, settings in parentheses.

    Raises
    ------
    ConfigError
        For a name that no metric has (with the nearest one), a missing or superfluous depth, or a setting that cannot
        be used.
    """
    written = _WRITTEN.match(text)
    if written is None:
        raise ConfigError(
            _("metric {text!r} cannot be read; expected a name, like 'ndcg@5' or 'ndcg@5(gain=exponential)'", text=text)
        )
    specs, name = specs_of(metrics), written["name"]
    if name not in specs:
        raise ConfigError(_("no metric is named {name!r}; {hint}", name=name, hint=did_you_mean(name, specs)))
    spec = specs[name]
    given = _settings(text, written["rest"] or "")
    if written["k"] is not None:
        if not spec.depth:
            raise ConfigError(_("metric {name!r} has no depth; write it without '@{k}'", name=name, k=written["k"]))
        given["k"] = written["k"]
    elif spec.settings.model_fields.get("k") is not None and spec.settings.model_fields["k"].is_required():
        raise ConfigError(_("metric {name!r} needs a depth; write for example '{name}@5'", name=name))
    return _wanted(text, spec, given)


def _settings(text: str, rest: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in rest.split(","))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or name == "k" or name in given:
            raise ConfigError(
                _(
                    "metric {text!r}: {part!r} cannot be read; expected each setting once, as name=value, and the "
                    "depth after '@'",
                    text=text,
                    part=part,
                )
            )
        given[name] = value
    return given


def _wanted(text: str, spec: MetricSpec, given: Mapping[str, Any]) -> Wanted:
    try:
        settings = dict(spec.settings.model_validate(given))
    except ValidationError as error:
        raise ConfigError(
            _("metric {text!r} cannot be used", text=text), describe_validation(error, spec.settings)
        ) from error
    return Wanted(label(spec, settings), spec, settings)
