"""Commands that plugins add to the program, through the hook `matchengine_commands`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions, without_plugins
from matchengine.cli.shipped import config_path
from matchengine.cli.suggest import open_engine
from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.errors import MatchEngineError, PluginError, blame
from matchengine.i18n import _
from matchengine.registry import BUILTIN_PLUGINS, Registry

__all__ = ["PluginCommand", "plugin_commands"]

_NAME = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
Run = Callable[[argparse.Namespace, Any], int | None]
Declare = Callable[[argparse.ArgumentParser], None]


@dataclass(frozen=True)
class PluginCommand:
    """A command of a plugin, as the parser of all commands takes it."""

    name: str
    summary: str
    run: Run
    declare: Declare | None

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Declare its arguments."""
        if self.declare is not None:
            try:
                self.declare(parser)
            except Exception as error:
                raise blame(_("command {name!r} of a plugin", name=self.name), error) from None
        parser.set_defaults(run=self._run)

    def _run(self, arguments: argparse.Namespace, output: Output) -> int:
        try:
            return int(self.run(arguments, output) or 0)
        except (MatchEngineError, BrokenPipeError):
            raise
        except Exception as error:
            raise blame(_("command {name!r} of a plugin", name=self.name), error) from None


class _CommandLine:
    """What plugins add commands to: `matchengine.hookspecs.CommandLine`."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.commands: dict[str, PluginCommand] = {}
        self._taken = frozenset(taken)

    def add(self, name: str, summary: str, run: Run, declare: Declare | None = None) -> None:
        """Add a command."""
        if not _NAME.match(name):
            raise PluginError(_("command {name!r}: expected small letters, digits and hyphens", name=name))
        if name in self._taken or name in self.commands:
            raise PluginError(_("command {name!r} is there already; choose another name", name=name))
        self.commands[name] = PluginCommand(name, summary, run, declare)

    def open_engine(self, arguments: argparse.Namespace) -> Engine:
        """Open the folder that `--data` names."""
        return open_engine(arguments)


def plugin_commands(options: PluginOptions, own: Iterable[str]) -> tuple[PluginCommand, ...]:
    """Return the commands that the plugins of a command line add.

    None where the program knows the command itself, so that its own commands neither wait for plugins nor fail with
    them.

    Raises
    ------
    ConfigError, PluginError
        When the configuration or a plugin cannot be used, or a command cannot be added.
    """
    taken = set(own)
    if options.command in taken or not (options.config or options.files):
        return ()
    enabled: list[str] = []
    if options.config:
        config = without_plugins(load_config(config_path(options.config)), options.without)
        enabled = [name for name in config.plugins.enable if name not in BUILTIN_PLUGINS]
    line = _CommandLine(taken)
    Registry(enabled, options.loaded).commands(line)
    return tuple(line.commands.values())
