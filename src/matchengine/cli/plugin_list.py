"""`matchengine plugins`: what is installed, what is enabled, what it offers, and who reads what."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_inputs import Reader, check_field, readers, reading
from matchengine.cli.plugin_options import options_in, without_plugins
from matchengine.cli.shipped import config_path
from matchengine.config import EngineConfig, load_config
from matchengine.discovery import installed
from matchengine.errors import ConfigError
from matchengine.i18n import N_, _
from matchengine.records import Record
from matchengine.registry import BUILTIN_PLUGINS, PluginInfo, Registry
from matchengine.version import __version__

__all__ = ["PluginsDocument", "add_plugins"]

_WHAT = {
    "scorer": N_("scorer"),
    "lift": N_("lift"),
    "constraint": N_("constraint"),
    "embedder": N_("embedder"),
    "index": N_("index"),
    "assigner": N_("assigner"),
    "metric": N_("metric"),
    "strategy": N_("strategy"),
}


class OfferedComponent(Record):
    """One component of a plugin: what it is, what it reads, and its first sentence."""

    kind: str
    name: str
    reads: tuple[str, ...]
    summary: str = ""


class ListedPlugin(Record):
    """One plugin. Of one that is not enabled only the metadata are known: it is not imported."""

    name: str
    version: str
    origin: str
    entry: str
    enabled: bool
    hooks: tuple[str, ...] = ()
    components: tuple[OfferedComponent, ...] = ()


class InputReader(Record):
    """An active scorer, lift or constraint of a kind of match, and its inputs."""

    match: str
    what: str
    name: str
    component: str
    plugin: str
    reads: tuple[str, ...]


class PluginsDocument(Record):
    """`matchengine plugins --json`: all plugins; with `--inputs` also who reads what, or who reads `field`."""

    config: str
    plugins: tuple[ListedPlugin, ...]
    field: str | None = None
    inputs: tuple[InputReader, ...] | None = None


def add_plugins(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `plugins`."""
    parser.add_argument(
        "--inputs",
        nargs="?",
        const="",
        metavar="FIELD",
        help=_("also show what each active scorer and constraint reads; with FIELD, only those that read it"),
    )
    told = _("with --inputs FIELD: exit with status 4 when anything active reads it")
    parser.add_argument("--strict", action="store_true", help=told)
    parser.set_defaults(run=_plugins)


def _plugins(arguments: argparse.Namespace, output: Output) -> int:
    field = arguments.inputs or None
    if arguments.strict and field is None:
        raise ConfigError(_("--strict needs --inputs FIELD"))
    options = options_in(arguments)
    config = without_plugins(load_config(config_path(arguments.config or "mentoring")), options.without)
    registry = Registry(config.plugins.enable, options.loaded)
    listed = tuple(_listed(registry))
    found = readers(config, registry) if arguments.inputs is not None else None
    if field is not None and found is not None:
        check_field(field, found)
        found = reading(found, field)
    document = PluginsDocument(
        config=config.name,
        plugins=listed,
        field=field,
        inputs=None if found is None else tuple(map(_reader, found)),
    )
    lines = list(_render(config, listed)) if field is None else []
    if found is not None:
        lines += _render_inputs(found, field)
    output.document(document, "\n".join(lines))
    return 4 if arguments.strict and found else 0


def _listed(registry: Registry) -> Iterator[ListedPlugin]:
    """All plugins: the enabled ones, then those that could be; nothing is imported for the latter."""
    enabled = {info.name: info for info in registry.plugins}
    yield from map(_enabled, enabled.values())
    for name, module in BUILTIN_PLUGINS.items():
        if name not in enabled:
            origin = f"matchengine {__version__}"
            yield ListedPlugin(name=name, version=__version__, origin=origin, entry=module, enabled=False)
    for one in installed():
        if one.name not in enabled or enabled[one.name].origin != one.origin:
            yield ListedPlugin(name=one.name, version=one.version, origin=one.origin, entry=one.entry, enabled=False)


def _enabled(info: PluginInfo) -> ListedPlugin:
    return ListedPlugin(
        name=info.name,
        version=info.version,
        origin=info.origin,
        entry=info.entry,
        enabled=True,
        hooks=info.hooks,
        components=tuple(
            OfferedComponent(kind=spec.kind, name=spec.name, reads=spec.inputs, summary=spec.summary)
            for spec in info.components
        ),
    )


def _reader(one: Reader) -> InputReader:
    return InputReader(
        match=one.kind, what=one.what, name=one.name, component=one.component, plugin=one.plugin, reads=one.reads
    )


def _render(config: EngineConfig, listed: Sequence[ListedPlugin]) -> Iterator[str]:
    yield paragraph(_("Plugins of configuration {name}", name=config.name))
    for plugin in listed:
        state = _("enabled") if plugin.enabled else _("not enabled, not imported")
        yield ""
        yield paragraph(f"{plugin.name} {plugin.version}: {state} ({plugin.origin}; {plugin.entry})", "", "    ")
        for one in plugin.components:
            reads = _("{what} {name} reads {inputs}", what=_what(one.kind), name=one.name, inputs=", ".join(one.reads))
            plain = _("{what} {name}", what=_what(one.kind), name=one.name)
            yield paragraph(reads if one.reads else plain, "  ", "      ")
        others = [hook for hook in plugin.hooks if hook != "matchengine_components"]
        if others:
            yield paragraph(_("hooks: {hooks}", hooks=", ".join(others)), "  ", "      ")


def _what(kind: str) -> str:
    return _(_WHAT[kind]) if kind in _WHAT else kind


def _render_inputs(found: Sequence[Reader], field: str | None) -> Iterator[str]:
    if field is None:
        yield from ("", _("What active scorers and constraints read"))
    elif not found:
        yield paragraph(_("No active scorer or constraint reads {field!r}.", field=field))
        return
    else:
        yield paragraph(_("These active scorers and constraints read {field!r}:", field=field))
    for one in found:
        who = _("{match}: {what} {name}", match=one.kind, what=_what(one.what), name=one.name)
        if one.component != one.name:
            who += f" ({one.component})"
        told = _("{who} of plugin {plugin} reads {inputs}", who=who, plugin=one.plugin, inputs=", ".join(one.reads))
        yield paragraph(told, "  ", "      ")
