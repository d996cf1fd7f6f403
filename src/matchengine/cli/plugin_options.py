"""Options about plugins that every command which makes an engine takes: `--plugin-file`, `--no-plugin`, `--trace`.

They may stand before or after the name of a command, and are found before the parser of all commands is built, because
plugins may add commands to it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from matchengine.cli.shipped import config_path
from matchengine.config import EngineConfig, PluginChoices, load_config
from matchengine.discovery import Plugin, load_file
from matchengine.engine import Engine
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import _
from matchengine.trace import tracing

__all__ = [
    "TRACE_VARIABLE",
    "PluginOptions",
    "add_plugin_options",
    "make_engine",
    "open_folder",
    "options_in",
    "plugin_options",
    "traced",
    "without_plugins",
]

TRACE_VARIABLE = "MATCHENGINE_TRACE"


@dataclass(frozen=True)
class PluginOptions:
    """What the command line says about plugins.

    Attributes
    ----------
    files : tuple of str
        Paths of one-file plugins.
    without : tuple of str
        Names of plugins that are not to be enabled.
    trace : bool
        Whether calls of plugins are reported on stderr.
    config, command : str or None
        What `--config` names, and the first word that is no option.
    """

    files: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    trace: bool = False
    config: str | None = None
    command: str | None = None

    @cached_property
    def loaded(self) -> tuple[Plugin, ...]:
        """The one-file plugins, loaded when first asked for."""
        return tuple(load_file(path) for path in self.files)


def add_plugin_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--plugin-file",
        action="append",
        default=argparse.SUPPRESS,
        metavar="PY",
        help=_("also use a plugin that is one Python file; may be given several times"),
    )
    parser.add_argument(
        "--no-plugin",
        action="append",
        default=argparse.SUPPRESS,
        metavar="NAME",
        help=_("leave out a plugin that the configuration enables; may be given several times"),
    )
    parser.add_argument(
        "--trace",
        action="store_true",
        default=argparse.SUPPRESS,
        help=_("report each call of a plugin on stderr: shapes and times, never contents"),
    )


def plugin_options(arguments: Sequence[str] | None) -> PluginOptions:
    """Return what the options say, wherever they stand; mistakes are left to the parser of all commands."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    add_plugin_options(parser)
    parser.add_argument("--config")
    parser.add_argument("--language")
    try:
        given, rest = parser.parse_known_args(arguments)
    except argparse.ArgumentError:
        return PluginOptions()
    return PluginOptions(
        tuple(getattr(given, "plugin_file", ())),
        tuple(getattr(given, "no_plugin", ())),
        getattr(given, "trace", False) or os.environ.get(TRACE_VARIABLE, "0") not in {"", "0"},
        given.config,
        next((word for word in rest if not word.startswith("-")), None),
    )


def options_in(arguments: argparse.Namespace) -> PluginOptions:
    """Return the options that came with parsed arguments; none where a command is run without its program."""
    found: PluginOptions = getattr(arguments, "plugin_options", PluginOptions())
    return found


@contextmanager
def traced(options: PluginOptions) -> Iterator[None]:
    """Report calls of plugins on stderr inside the block, where the options ask for it."""
    if not options.trace:
        yield
        return
    with tracing(lambda call: print(call.line(), file=sys.stderr)):
        yield


def without_plugins(config: EngineConfig, names: Sequence[str]) -> EngineConfig:
    """Return a configuration that does not enable some plugins.

    Raises
    ------
    ConfigError
        Where it does not enable one of them anyway.
    """
    enabled = config.plugins.enable
    for name in names:
        if name not in enabled:
            hint = did_you_mean(name, enabled)
            raise ConfigError(
                _("--no-plugin {name}: the configuration does not enable it; {hint}", name=name, hint=hint)
            )
    left = PluginChoices(enable=tuple(name for name in enabled if name not in names))
    return config.model_copy(update={"plugins": left}) if names else config


def make_engine(config: EngineConfig, options: PluginOptions, **more: Any) -> Engine:
    """Make an engine with the plugins of a configuration and of the command line."""
    return Engine(without_plugins(config, options.without), plugins=options.loaded, **more)


def open_folder(folder: str | Path, config: str | None, options: PluginOptions) -> Engine:
    """Open a saved engine with its own configuration or another one, and with the plugins of the command line."""
    chosen = load_config(config_path(config)) if config else None
    own = Path(folder) / "config.toml"
    if chosen is None and options.without and own.is_file():
        chosen = load_config(own)
    if chosen is not None:
        chosen = without_plugins(chosen, options.without)
    return Engine.open(folder, chosen, plugins=options.loaded)
