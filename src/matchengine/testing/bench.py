"""What checks run on: a component with its settings and a world, and the demands that a check makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from matchengine.batch import ItemPairs, JointSets, PairBatch, Quotes, Ruled, Scored
from matchengine.components import ComponentSpec, ScorerSpec
from matchengine.errors import MatchEngineError
from matchengine.testing.worlds import Inputs, World

__all__ = [
    "PAIRS",
    "TOLERANCE",
    "Bench",
    "Check",
    "CheckFailedError",
    "CheckSkippedError",
    "alike",
    "arrays_of",
    "check",
    "demand",
    "demand_equal",
    "first",
    "flat",
    "identical",
]

PAIRS = 120
"""Size of the batches that checks run on."""
TOLERANCE = 1e-6


class CheckFailedError(MatchEngineError, AssertionError):
    """A component breaks a promise; the message says which and where."""


class CheckSkippedError(MatchEngineError):
    """A check cannot run here, for example under a coverage tracer."""


class Check(Protocol):
    """A named check; `settings` and `world` have defaults."""

    __name__: str

    def __call__(
        self, spec: ComponentSpec, settings: Mapping[str, Any] | None = None, world: World | None = None
    ) -> None: ...


class Bench:
    """A component with its settings and world, ready to run."""

    def __init__(self, spec: Any, given: Mapping[str, Any] | None, world: World | None) -> None:
        self.spec = spec
        self.world = world or World()
        try:
            self.chosen = spec.settings.model_validate(dict(given or {}))
        except ValidationError as error:
            raise CheckFailedError(f"{spec.name}: the settings cannot be used: {error}") from error

    def inputs(self, pairs: int = PAIRS) -> Inputs:
        return self.of(self.world.batch(pairs))

    def of(self, batch: PairBatch) -> Inputs:
        return self.world.inputs(self.spec.inputs, batch)

    def call(self, inputs: Inputs) -> Any:
        result = self.spec.build(*(inputs[name] for name in self.spec.inputs), **dict(self.chosen))
        return Scored(result) if isinstance(self.spec, ScorerSpec) and isinstance(result, np.ndarray) else result

    def arrays(self, inputs: Inputs) -> dict[str, NDArray[Any]]:
        """Everything a call returns, as arrays by name."""
        return arrays_of(self.call(inputs))


def arrays_of(result: Any) -> dict[str, NDArray[Any]]:
    if isinstance(result, Scored):
        found: dict[str, Any] = {"value": result.value, "confidence": result.confidence, **result.evidence}
    elif isinstance(result, Ruled):
        found = {"passes": result.passes, "known": result.known}
    else:
        found = {"passes": result}
    return {k: a.texts if isinstance(a, Quotes) else np.asarray(a) for k, a in found.items() if a is not None}


def check(body: Callable[[Bench], None]) -> Check:
    @wraps(body)
    def run(spec: ComponentSpec, settings: Mapping[str, Any] | None = None, world: World | None = None) -> None:
        body(Bench(spec, settings, world))

    return run


def demand(holds: object, message: str) -> None:
    if not holds:
        raise CheckFailedError(message)


def alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape == other.shape and np.allclose(
        one.astype(float), other.astype(float), rtol=0, atol=TOLERANCE, equal_nan=True
    )


def demand_equal(seen: Mapping[str, NDArray[Any]], wanted: Mapping[str, NDArray[Any]], promise: str) -> None:
    demand(seen.keys() == wanted.keys(), f"{promise}: {sorted(seen)} came back instead of {sorted(wanted)}")
    for name, array in wanted.items():
        message = f"{promise}: {name} is {first(seen[name])}, expected {first(array)}"
        demand(alike(seen[name], array), message)


def first(array: NDArray[Any]) -> str:
    return f"{np.array2string(array[:4], precision=4)} of shape {array.shape}"


def identical(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def flat(inputs: Inputs) -> Iterable[tuple[str, NDArray[Any]]]:
    for name, value in inputs.items():
        if isinstance(value, ItemPairs):
            yield from ((f"{name}.{part}", getattr(value, part)) for part in ("phi", "lexical", "similarity"))
        elif isinstance(value, JointSets):
            yield from ((f"{name}.{part}", getattr(value, part)) for part in ("importance", "shared", "level"))
        else:
            yield name, value
