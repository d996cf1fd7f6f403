"""The public conformance kit: checks that any component must pass, and worlds of random inputs to run them on.

from matchengine.testing import check_all
assert check_all(spec) == []

Scorers, constraints, embedders, indexes, assigners, metrics and strategies have checks. What an engine gives out with a
component at work is looked through by `matchengine.testing.artefacts.check_artefacts`, which takes the engine from the
caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from itertools import cycle
from typing import Any, NamedTuple

from matchengine.comparison_components import StrategySpec
from matchengine.components import ComponentSpec, ConstraintSpec, ScorerSpec
from matchengine.errors import PluginError
from matchengine.testing.assigners import ASSIGNER_CHECKS
from matchengine.testing.bench import Check, CheckFailedError, CheckSkippedError
from matchengine.testing.embedders import EMBEDDER_CHECKS
from matchengine.testing.indexes import INDEX_CHECKS
from matchengine.testing.metrics import METRIC_CHECKS
from matchengine.testing.privacy import CONSTRAINT_PRIVACY_CHECKS, SCORER_PRIVACY_CHECKS
from matchengine.testing.scorers import CONSTRAINT_CHECKS, SCORER_CHECKS
from matchengine.testing.strategies import STRATEGY_CHECKS
from matchengine.testing.worlds import World

__all__ = [
    "ASSIGNER_CHECKS",
    "CONSTRAINT_CHECKS",
    "CONSTRAINT_PRIVACY_CHECKS",
    "EMBEDDER_CHECKS",
    "INDEX_CHECKS",
    "METRIC_CHECKS",
    "SCORER_CHECKS",
    "SCORER_PRIVACY_CHECKS",
    "STRATEGY_CHECKS",
    "CheckFailedError",
    "CheckSkippedError",
    "Failure",
    "World",
    "check_all",
    "checks_for",
    "parametrize_with_checks",
]


class Failure(NamedTuple):
    """One failed check: its name, and what went wrong."""

    check: str
    message: str


def checks_for(spec: ComponentSpec) -> tuple[Check, ...]:
    """Return the checks of a component's kind; PluginError where there are none for it."""
    if isinstance(spec, ScorerSpec):
        return SCORER_CHECKS
    if isinstance(spec, ConstraintSpec):
        return CONSTRAINT_CHECKS
    if spec.kind == "embedder":
        made: dict[str, list[Any]] = {}
        return tuple(_on_spec(check, made) for check in EMBEDDER_CHECKS)
    if spec.kind == "index":
        return tuple(_on_spec(check) for check in INDEX_CHECKS)
    if spec.kind == "assigner":
        return tuple(_on_spec(check) for check in ASSIGNER_CHECKS)
    if spec.kind == "metric":
        return METRIC_CHECKS
    if isinstance(spec, StrategySpec):
        return tuple(_on_strategy(check) for check in STRATEGY_CHECKS)
    raise PluginError(f"{spec.name!r} is an {spec.kind}; the kit has no checks for this kind")


def _on_strategy(check: Callable[[StrategySpec, Callable[..., Any]], None]) -> Check:
    """Let a check of a strategy run with its settings; the world is for others."""

    @wraps(check)
    def run(spec: Any, settings: Mapping[str, Any] | None = None, world: World | None = None) -> None:
        chosen = dict(spec.settings.model_validate(dict(settings or {})))
        try:
            check(spec, partial(spec.build, **chosen))
        except PluginError as error:
            raise CheckFailedError(str(error)) from error

    return run


def _on_spec(check: Callable[[Callable[..., Any]], None], kept: dict[str, list[Any]] | None = None) -> Check:
    """Let a check of what a factory makes run on the spec of the factory; the world is for others.

    With `kept`, all checks share two of what the factory makes for equal settings, in turn: a model is dear to load.
    """

    @wraps(check)
    def run(spec: ComponentSpec, settings: Mapping[str, Any] | None = None, world: World | None = None) -> None:
        chosen = dict(spec.settings.model_validate(dict(settings or {})))
        make = partial(_index, spec, chosen) if spec.kind == "index" else partial(spec.build, **chosen)
        try:
            check(make if kept is None else _in_turn(make, kept.setdefault(f"{spec.name} {chosen}", [])))
        except PluginError as error:
            raise CheckFailedError(str(error)) from error

    return run


def _in_turn(make: Callable[[], Any], kept: list[Any]) -> Callable[[], Any]:
    """Return what gives the two kept ones in turn, made when they are first asked for."""
    turn = cycle(range(2))

    def give() -> Any:
        place = next(turn)
        while len(kept) <= place:
            kept.append(make())
        return kept[place]

    return give


def _index(spec: ComponentSpec, settings: Mapping[str, Any], dimension: int, state: Any = None) -> Any:
    """Make an index as an engine makes it."""
    return spec.build(dimension=dimension, state=state, **settings)


def check_all(
    spec: ComponentSpec,
    *,
    settings: Mapping[str, Any] | None = None,
    world: World | None = None,
    expected: Mapping[str, str] | None = None,
) -> list[Failure]:
    """Run every check of a component's kind and return the failures.

    `expected` names the checks that are known to fail, each with the reason. One that passes after all is a failure
    too, and so is a name that is no check or a reason left empty.
    """
    declared = dict(expected or {})
    checks = {check.__name__: check for check in checks_for(spec)}
    failures = [
        Failure(name, "declared to fail, but there is no such check, or no reason is given")
        for name, reason in declared.items()
        if name not in checks or not reason.strip()
    ]
    for name, check in checks.items():
        message = _outcome(check, spec, settings, world)
        if name in declared:
            message = "declared to fail, but it passes: remove the declaration" if message is None else None
        if message is not None:
            failures.append(Failure(name, message))
    return failures


def _outcome(check: Check, spec: ComponentSpec, settings: Mapping[str, Any] | None, world: World | None) -> str | None:
    """Run one check; return what went wrong, or None."""
    try:
        check(spec, settings, world)
    except CheckSkippedError:
        return None
    except CheckFailedError as failed:
        return str(failed)
    except (Exception, SystemExit) as error:  # a component may raise anything
        return f"it raised {type(error).__name__}: {error}"
    return None


def parametrize_with_checks(
    specs: Sequence[ComponentSpec], expected: Mapping[str, Mapping[str, str]] | None = None
) -> Any:
    """Return a pytest decorator for a test of `(spec, check)`; `expected` maps names to failures as in `check_all`."""
    import pytest

    cases = []
    for spec in specs:
        declared = (expected or {}).get(spec.name, {})
        for check in checks_for(spec):
            reason = declared.get(check.__name__)
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            cases.append(pytest.param(spec, check, id=f"{spec.name}-{check.__name__}", marks=marks))
    return pytest.mark.parametrize(("spec", "check"), cases)
