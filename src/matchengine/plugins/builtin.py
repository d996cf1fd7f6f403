"""The built-in plugin: every scorer and constraint of this package, and the exact NumPy index."""

from __future__ import annotations

from collections.abc import Iterable

from matchengine.components import ComponentSpec, specs_in
from matchengine.hookspecs import hookimpl
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.scorers import (
    feasibility,
    interest_affinity,
    semantic_reciprocal,
    style_fit,
    topic_cover,
    topic_interest,
    values_overlap,
)
from matchengine.scorers.rules import groups, practical, safeguarding, ties

__all__ = ["matchengine_components"]


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer all built-in components."""
    yield from specs_in(
        feasibility,
        interest_affinity,
        semantic_reciprocal,
        style_fit,
        topic_cover,
        topic_interest,
        values_overlap,
        groups,
        practical,
        safeguarding,
        ties,
    )
    yield from specs_in(NumpyIndex)
