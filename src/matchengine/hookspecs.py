"""The hooks a plugin may implement. They fire once per start or run, never per pair.

A plugin is a module, or an object, with functions of these names. It may take fewer arguments than a hook gives, and
needs no mark; `hookimpl` is for those who like one. Every name that begins with `matchengine_` is read as a hook, so
that a misspelt one is noticed.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pluggy

if TYPE_CHECKING:
    from matchengine.components import ComponentSpec
    from matchengine.engine import Engine
    from matchengine.records import Suggestion

__all__ = [
    "HOOKS",
    "CommandLine",
    "hookimpl",
    "matchengine_commands",
    "matchengine_components",
    "matchengine_routes",
    "matchengine_run_finished",
    "signature",
]

hookspec = pluggy.HookspecMarker("matchengine")
hookimpl = pluggy.HookimplMarker("matchengine")


class CommandLine(Protocol):
    """What a plugin adds commands to."""

    def add(
        self,
        name: str,
        summary: str,
        run: Callable[[argparse.Namespace, Any], int | None],
        declare: Callable[[argparse.ArgumentParser], None] | None = None,
    ) -> None:
        """Add a command.

        Parameters
        ----------
        name : str
            What is typed after `matchengine`: small letters, digits and hyphens.
        summary : str
            What it does, in a few words, for `--help`.
        run : callable
            Called with the parsed arguments and the output; returns the exit status, None for 0. `output.document`
            prints a pydantic model as JSON or a text beside it, `output.note` a diagnostic on stderr.
        declare : callable or None
            Adds arguments to the parser. Every command has `--config`, `--data`, `--json` and `--quiet` already.
        """
        ...

    def open_engine(self, arguments: argparse.Namespace) -> Engine:
        """Open the folder that `--data` names, with the plugins of the command line."""
        ...


@hookspec
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer components by name: scorers, constraints, embedders, indexes.

    Called once when an engine is made. A configuration chooses among them by their names; what it does not name is
    not called, but for constraints that are always on. `matchengine.components.specs_in` gives the specs of decorated
    functions and classes, or of all those that a module defines.
    """
    raise AssertionError("a hook specification is never called")


@hookspec
def matchengine_run_finished(result: Sequence[Suggestion]) -> None:
    """Observe the suggestions of one finished call, for an audit or an export; the result cannot be changed.

    Called once after each `suggest` or `suggest_many`, with copies. They hold what people read: handle them as such.
    """


@hookspec
def matchengine_commands(cli: CommandLine) -> None:
    """Add commands to the program `matchengine`.

    Called when the program starts with a command that is not its own, or to list all commands, where `--config` names
    a configuration that enables the plugin, or `--plugin-file` the plugin itself. Commands of the program cannot be
    replaced.
    """


@hookspec
def matchengine_routes(app: Any) -> None:
    """Add routes to a web application.

    Called once for each application that is handed to `engine.registry.routes(app)`, with the application as it is:
    whatever object the host uses. Who may call a route, and over which data, is up to the plugin and the host.
    """


HOOKS = ("matchengine_components", "matchengine_run_finished", "matchengine_commands", "matchengine_routes")
"""Names of all hooks, in the order in which they are called."""


def signature(hook: str) -> str:
    """Return a hook as it is called: its name, arguments and types."""
    told = inspect.signature(globals()[hook])
    return f"{hook}{told}".replace("'", "")
