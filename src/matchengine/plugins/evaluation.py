"""The built-in plugin `evaluation`: metrics and the strategies to compare with; an evaluation enables it by itself."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from matchengine.components import ComponentSpec, specs_in
from matchengine.hookspecs import hookimpl
from matchengine.metrics import METRICS

__all__ = ["matchengine_components"]

_BASELINES = (
    "chance",
    "constant",
    "demographic_only",
    "first_come",
    "matching_stable",
    "mentor_match",
    "popularity",
    "tag_overlap",
    "tfidf",
    "whole_profile",
)


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer all metrics and all baselines."""
    modules = [f"matchengine.metrics.{name}" for name in METRICS]
    modules += [f"matchengine.evaluation.strategies.baselines.{name}" for name in _BASELINES]
    yield from specs_in(*map(importlib.import_module, modules))
