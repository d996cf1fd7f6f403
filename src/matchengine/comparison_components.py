"""How a plugin offers a metric or a strategy: decorators over one function each, settings keyword-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

from matchengine.components import ComponentSpec, describe_factory, mark
from matchengine.errors import PluginError

__all__ = ["Better", "Level", "MetricSpec", "Need", "StrategySpec", "metric", "strategy"]

Level = Literal["person", "candidate", "pair", "market"]
"""Whose value a metric gives: each requester's, each candidate's, each pair's, or one for everybody."""
Better = Literal["higher", "lower"]
Need = Literal[
    "lists", "reverse", "mutual", "seats", "placed", "probability", "propensity", "perturbed", "groups", "swaps", "cost"
]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class MetricSpec(ComponentSpec):
    """A metric: a function of one `Case` that returns float64 values, one per unit of `level`.

    NaN means that the unit has no value (nobody suitable exists for this person) and is excluded and counted. `market`
    metrics return an array of length 1. `needs` names the parts of a `Case` it reads. A metric with `depth` takes the
    keyword-only setting `k` and is written `name@k`. `title` names it in words for a steering group and `unit` says
    what one is. `version` counts changes of its definition: signatures of different versions are not comparable.

    `conventions` are the choices inside the definition on which tools differ, as its signature tells them (discount,
    people without a list, people without anybody suitable). `best_by_gain` says that no order of the candidates is
    better than that of their true gains; the kit checks it.
    """

    level: Level = "person"
    better: Better = "higher"
    unit: str = ""
    title: str = ""
    needs: tuple[Need, ...] = ("lists",)
    depth: bool = False
    lowest: float = 0.0
    highest: float = 1.0
    version: int = 1
    conventions: Mapping[str, str] = field(default_factory=dict)
    best_by_gain: bool = False


@dataclass(frozen=True)
class StrategySpec(ComponentSpec):
    """A strategy: a function of one `Asked` that returns float64 scores (P,), NaN for a pair it does not suggest.

    `title` says what it does, `baseline` that it is for comparisons alone, `learns` that it reads `Asked.known`.
    """

    title: str = ""
    baseline: bool = False
    learns: bool = False


def metric(
    name: str,
    *,
    level: Level = "person",
    better: Better = "higher",
    unit: str = "",
    title: str = "",
    needs: tuple[Need, ...] = ("lists",),
    lowest: float = 0.0,
    highest: float = 1.0,
    version: int = 1,
    conventions: Mapping[str, str] | None = None,
    best_by_gain: bool = False,
) -> Callable[[F], F]:
    """Declare a function of one `Case` as a metric; see docs/evaluation.md.

    Raises
    ------
    PluginError
        Where the name, a need or the level is not one the harness can serve.
    """

    def decorate(function: F) -> F:
        unknown = sorted(set(needs) - set(get_args(Need)))
        if unknown or level not in get_args(Level) or better not in get_args(Better):
            raise PluginError(
                f"metric {name!r}: expected needs of {', '.join(get_args(Need))}, a level of "
                f"{', '.join(get_args(Level))} and better of {', '.join(get_args(Better))}; "
                f"got {', '.join(unknown) or level + ', ' + better}"
            )
        described = describe_factory("metric", name, function)
        depth = "k" in described["settings"].model_fields
        spec = MetricSpec(
            **described, level=level, better=better, unit=unit, title=title or name.replace("_", " "), needs=needs,
            depth=depth, lowest=lowest, highest=highest, version=version, conventions=dict(conventions or {}),
            best_by_gain=best_by_gain,
        )  # fmt: skip
        return mark(function, spec)

    return decorate


def strategy(name: str, *, title: str = "", baseline: bool = False, learns: bool = False) -> Callable[[F], F]:
    """Declare a function of one `Asked` as a strategy that scores its pairs; see docs/evaluation.md."""

    def decorate(function: F) -> F:
        described = describe_factory("strategy", name, function)
        spec = StrategySpec(**described, title=title or name.replace("_", " "), baseline=baseline, learns=learns)
        return mark(function, spec)

    return decorate
