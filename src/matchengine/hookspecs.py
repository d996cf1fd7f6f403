"""The hooks a plugin may implement. They fire once per start or run, never per pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from matchengine.components import ComponentSpec
    from matchengine.records import Suggestion

__all__ = ["hookimpl", "matchengine_components", "matchengine_run_finished"]

hookspec = pluggy.HookspecMarker("matchengine")
hookimpl = pluggy.HookimplMarker("matchengine")


@hookspec
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer components by name; called once when an engine is made."""
    raise AssertionError("a hook specification is never called")


@hookspec
def matchengine_run_finished(result: Sequence[Suggestion]) -> None:
    """Observe the suggestions of one finished call, for an audit or an export; the result cannot be changed."""
