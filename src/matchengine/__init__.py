"""matchengine: suggest mentors and community groups, with reasons, under hard rules and consent.

Names are loaded when they are first used, so that `import matchengine` stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchengine.lazy import lazily
from matchengine.version import __version__

if TYPE_CHECKING:
    from matchengine.actors import acting
    from matchengine.batch import ItemPairs, Ruled, Scored, segment_max, segment_sum, segment_top
    from matchengine.comparison_components import metric, strategy
    from matchengine.components import assigner, constraint, embedder, scorer, vector_index
    from matchengine.config import EngineConfig, load_config
    from matchengine.engine import Engine
    from matchengine.errors import MatchEngineError
    from matchengine.hookspecs import hookimpl
    from matchengine.records import Group, Person, Reason, Relationship, Suggestion

__all__ = [
    "Engine",
    "EngineConfig",
    "Group",
    "ItemPairs",
    "MatchEngineError",
    "Person",
    "Reason",
    "Relationship",
    "Ruled",
    "Scored",
    "Suggestion",
    "__version__",
    "acting",
    "assigner",
    "constraint",
    "embedder",
    "hookimpl",
    "load_config",
    "metric",
    "scorer",
    "segment_max",
    "segment_sum",
    "segment_top",
    "strategy",
    "vector_index",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "actors": ("acting",),
        "batch": ("ItemPairs", "Ruled", "Scored", "segment_max", "segment_sum", "segment_top"),
        "comparison_components": ("metric", "strategy"),
        "components": ("assigner", "constraint", "embedder", "scorer", "vector_index"),
        "config": ("EngineConfig", "load_config"),
        "engine": ("Engine",),
        "errors": ("MatchEngineError",),
        "hookspecs": ("hookimpl",),
        "records": ("Group", "Person", "Reason", "Relationship", "Suggestion"),
    },
)
