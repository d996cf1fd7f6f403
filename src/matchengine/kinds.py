"""A kind of match of a configuration, with everything looked up: its scorers, its constraints, its sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from matchengine.batch import Sides
from matchengine.components import ConstraintSpec, ScorerSpec
from matchengine.config import MatchConfig

__all__ = ["ActiveConstraint", "ActiveScorer", "MatchKind"]


@dataclass(frozen=True)
class ActiveScorer:
    """A scorer instance of a configuration: `block` None for a lift, `plugin` the name of the plugin that offers it.

    `on_fault`, `isolate` and `time_budget_seconds` are as in `ScorerChoice`.
    """

    name: str
    spec: ScorerSpec
    settings: Mapping[str, Any]
    block: str | None
    weight: float
    plugin: str = ""
    on_fault: str = "fail"
    isolate: bool = False
    time_budget_seconds: float | None = None


@dataclass(frozen=True)
class ActiveConstraint:
    """A constraint that a kind of match applies, and the plugin that offers it."""

    spec: ConstraintSpec
    settings: Mapping[str, Any]
    plugin: str = ""


@dataclass(frozen=True)
class MatchKind:
    """A kind of match with everything looked up and checked.

    `requester_role` and the role of `sides` are numbers of `Role`, None for anyone and for gatherings. `left_out` are
    scorers of the configuration that failed and do not take part.
    """

    name: str
    config: MatchConfig
    sides: Sides
    requester_role: int | None
    scorers: tuple[ActiveScorer, ...]
    constraints: tuple[ActiveConstraint, ...]
    left_out: tuple[ActiveScorer, ...] = ()

    @property
    def item_views(self) -> dict[tuple[str, str], float]:
        """Text fields that scorers compare, with the weight of the scorers that do."""
        views: dict[tuple[str, str], float] = {}
        for scorer in self.scorers:
            weight = self.config.blocks.get(scorer.block or "", 0.0)
            for name in scorer.spec.inputs:
                if name.startswith("items_"):
                    _, left, right = name.split("_")
                    views[left, right] = views.get((left, right), 0.0) + weight
        return views

    def without_texts(self, block: str) -> MatchKind:
        """The same kind with the scorers of one block alone; with none where one of them reads texts."""
        own = tuple(scorer for scorer in self.scorers if scorer.block == block)
        reads = any(name.startswith("items_") for scorer in own for name in scorer.spec.inputs)
        return replace(self, scorers=() if reads else own)
