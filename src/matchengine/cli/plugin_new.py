"""`matchengine new-plugin`: write an installable package with one scorer, its test and a README."""

from __future__ import annotations

import argparse
import importlib.util
import keyword
import re
import sys
from pathlib import Path
from string import Template

from matchengine.cli.output import Output, paragraph
from matchengine.discovery import installed
from matchengine.errors import ConfigError
from matchengine.i18n import _, listing
from matchengine.records import Record
from matchengine.registry import BUILTIN_PLUGINS
from matchengine.version import __version__

__all__ = ["NewPluginDocument", "add_new_plugin", "write_plugin"]

_TEMPLATES = Path(__file__).parent / "templates" / "plugin"
_SUFFIX = ".template"
_NAME = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
_LONGEST = 32


class NewPluginDocument(Record):
    """`matchengine new-plugin --json`: the folder of the new package and the files in it."""

    name: str
    folder: str
    files: tuple[str, ...]


def add_new_plugin(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `new-plugin`."""
    parser.add_argument("name", metavar="NAME", help=_("what a configuration will enable, such as time-zones"))
    told = _("folder in which the folder NAME is made ({default})", default=".")
    parser.add_argument("--into", type=Path, default=Path("."), metavar="DIR", help=told)
    parser.set_defaults(run=_new_plugin)


def _new_plugin(arguments: argparse.Namespace, output: Output) -> int:
    folder = arguments.into / arguments.name
    files = write_plugin(arguments.name, folder)
    document = NewPluginDocument(name=arguments.name, folder=str(folder), files=tuple(map(str, files)))
    lines = [paragraph(_("Written: {files}.", files=listing([str(file) for file in files])))]
    for command in (f"pip install -e {folder}", f"matchengine check-plugin {arguments.name}"):
        lines.append(_("Next: {command}", command=command))
    output.document(document, "\n".join(lines))
    return 0


def write_plugin(name: str, folder: Path) -> list[Path]:
    """Write the package of a new plugin and return the files.

    Raises
    ------
    ConfigError
        When the name cannot be used or is taken, or the folder is not empty; then nothing is written.
    """
    module = name.replace("-", "_")
    _check_name(name, module)
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise ConfigError(_("{folder}: is there already and not empty; choose another name or folder", folder=folder))
    values = {"name": name, "module": module, "version": __version__, "underline": "=" * len(name)}
    texts = {
        path.relative_to(_TEMPLATES).as_posix().removesuffix(_SUFFIX).replace("MODULE", module): Template(
            path.read_text(encoding="utf-8")
        ).substitute(values)
        for path in sorted(_TEMPLATES.rglob(f"*{_SUFFIX}"))
    }
    written = []
    try:
        for relative, text in texts.items():
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise ConfigError(_("{folder}: cannot be written ({reason})", folder=folder, reason=error.strerror)) from error
    return written


def _check_name(name: str, module: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or keyword.iskeyword(module):
        told = _(
            "{name!r} cannot be the name of a plugin: expected small letters, digits and single hyphens", name=name
        )
        raise ConfigError(told)
    if name in {*BUILTIN_PLUGINS, *(one.name for one in installed())}:
        raise ConfigError(_("a plugin named {name!r} is there already; choose another name", name=name))
    if module in sys.stdlib_module_names or importlib.util.find_spec(module) is not None:
        told = _("a module named {module!r} is there already; choose another name", module=module)
        raise ConfigError(told)
