"""Find plugins and load them: installed ones by their entry point, one-file ones by their path.

What is installed is read from metadata alone. Nothing is imported before somebody asks for it by name.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from matchengine.errors import PluginError, did_you_mean
from matchengine.i18n import _

__all__ = ["ENTRY_POINT_GROUP", "IN_CODE", "Installed", "Plugin", "installed", "load_file", "load_installed"]

ENTRY_POINT_GROUP = "matchengine"
IN_CODE = "in code"
"""Version and origin of a plugin that was handed over in code."""


@dataclass(frozen=True)
class Installed:
    """An entry point of the group `matchengine`, known from metadata; nothing of it is imported.

    Attributes
    ----------
    name, entry : str
        What a configuration enables, and the module or object it stands for.
    distribution, version : str
        Who brought it; `unknown` where the metadata do not say.
    """

    name: str
    entry: str
    distribution: str
    version: str
    point: importlib.metadata.EntryPoint = field(repr=False, compare=False)

    @property
    def origin(self) -> str:
        """Distribution and version."""
        return f"{self.distribution} {self.version}"


@dataclass(frozen=True)
class Plugin:
    """A plugin that was loaded: the module or object with its hooks, and where it comes from.

    Attributes
    ----------
    implementation : object
    name : str
        Unique within one engine.
    version : str
        What a fingerprint records: a version, or the hash of a file.
    origin : str
        Distribution and version, the path of a file, or `in code`.
    entry : str
        The module or object; empty where it was handed over.
    """

    implementation: Any = field(repr=False)
    name: str
    version: str
    origin: str
    entry: str = ""


def installed() -> tuple[Installed, ...]:
    """Return every installed plugin, by name, from metadata."""
    return tuple(sorted(map(_described, _points()), key=lambda one: (one.name, one.distribution)))


def _points() -> Iterable[importlib.metadata.EntryPoint]:
    return importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)


def _described(point: importlib.metadata.EntryPoint) -> Installed:
    if point.dist is None:
        return Installed(point.name, point.value, "unknown", "unknown", point)
    return Installed(point.name, point.value, point.dist.name, point.dist.version, point)


def load_installed(name: str, others: Iterable[str] = ()) -> Plugin:
    """Import the installed plugin of that name.

    Parameters
    ----------
    others : iterable of str
        Further names that could have been meant.

    Raises
    ------
    PluginError
        When it is not installed, is offered twice, or fails to load; with name, distribution, version, entry point
        and cause.
    """
    known = installed()
    found = [one for one in known if one.name == name]
    if not found:
        names = [*others, *(one.name for one in known)]
        raise PluginError(_("plugin {name!r} is not installed; {hint}", name=name, hint=did_you_mean(name, names)))
    if len(found) > 1:
        raise PluginError(
            _(
                "plugin {name!r} is offered by several distributions ({owners}); uninstall all but one",
                name=name,
                owners=", ".join(one.distribution for one in found),
            )
        )
    one = found[0]
    try:
        implementation = one.point.load()
    except (Exception, SystemExit) as error:
        raise failed_to_load(Plugin(None, name, one.version, one.origin, one.entry), error) from error
    return Plugin(implementation, name, one.version, one.origin, one.entry)


def failed_to_load(plugin: Plugin, error: BaseException) -> PluginError:
    """Return an error that names plugin, distribution, version, entry point and cause."""
    return PluginError(
        _(
            "plugin {name!r} ({where}) failed to load: {error}: {cause}",
            name=plugin.name,
            where=", ".join(dict.fromkeys(part for part in (plugin.origin, plugin.entry) if part)),
            error=type(error).__name__,
            cause=str(error),
        )
    )


class _FromSource(SourceFileLoader):
    """Reads the source every time: no compiled file is written beside it, and none that is older is used."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file as it is now."""
        return self.source_to_code(self.get_data(self.path), self.path)


def load_file(path: str | Path) -> Plugin:
    """Load a plugin that is one Python file; hand it to `Engine(config, plugins=[load_file(path)])`.

    Its name is that of the file without `.py`; its version is a hash of the file.

    Raises
    ------
    PluginError
        When the file is not there, is no Python file, or fails to load.
    """
    path = Path(path)
    if path.suffix != ".py" or not path.is_file():
        told = _("plugin file {path}: not a Python file that can be read; give the path of one .py file", path=path)
        raise PluginError(told)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise PluginError(
            _("plugin file {path}: cannot be read ({reason})", path=path, reason=error.strerror)
        ) from error
    name = f"matchengine_plugin_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path, loader=_FromSource(name, str(path)))
    if spec is None or spec.loader is None:
        raise PluginError(_("plugin file {path}: cannot be read ({reason})", path=path, reason=path.suffix))
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name)
        if before is not None:
            sys.modules[name] = before
        raise failed_to_load(Plugin(None, path.stem, digest[:12], str(path), str(path)), error) from error
    return Plugin(module, path.stem, f"file {digest[:12]}", str(path), str(path))
