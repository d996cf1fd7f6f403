"""What `--data` names: the folder that an import wrote, or a programme in a store."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from matchengine.cli.plugin_options import PluginOptions, open_folder, without_plugins
from matchengine.cli.shipped import config_path
from matchengine.config import EngineConfig, load_config, parse_config
from matchengine.engine import Engine
from matchengine.errors import ConfigError
from matchengine.i18n import _
from matchengine.io import read_folder
from matchengine.io.outcome_files import Outcomes, read_outcomes
from matchengine.io.write import Folder
from matchengine.store.copies import note_copy
from matchengine.store.documents import GATHERINGS, KINDS, records_in
from matchengine.store.keep import Keeper
from matchengine.store.stores import is_store, open_store

__all__ = [
    "DATA",
    "ENGINE",
    "RECORDS",
    "add_data",
    "add_programme",
    "folder_of",
    "need_store",
    "note_copies",
    "open_data",
    "outcomes_of",
    "saved_config",
    "saved_folder",
    "shown",
]

RECORDS, ENGINE = "records", "engine"
"""Folders below the one that an import wrote."""
DATA = "matchengine-data"
_SECRET = re.compile(r"(?<=://)[^@/]*@")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Declare `--data`."""
    told = _("folder that an import wrote, or a store: a file ending in .db, or a URL ({default})", default=DATA)
    parser.add_argument("--data", default=DATA, help=told)
    add_programme(parser)


def add_programme(parser: argparse.ArgumentParser) -> None:
    """Declare `--programme`, which only a store has."""
    parser.add_argument("--programme", default="main", help=_("programme of a store ({default})", default="main"))


def shown(location: str | Path) -> str:
    """Return a location as it may be printed: without a user's name and password."""
    return _SECRET.sub("", str(location))


def saved_folder(arguments: argparse.Namespace) -> Path | None:
    """Return the folder that `--data` names; None where it names a store."""
    return None if is_store(arguments.data) else Path(arguments.data)


def need_store(arguments: argparse.Namespace) -> None:
    """Refuse a folder that an import wrote, where only a store will do."""
    if saved_folder(arguments) is not None:
        raise ConfigError(_("--data names a folder; only a store keeps records one by one: name a file ending in .db"))


def folder_of(arguments: argparse.Namespace) -> Folder:
    """Return the records that `--data` names; a store holds no contacts and no report of an import."""
    folder = saved_folder(arguments)
    if folder is not None:
        return read_folder(folder / RECORDS)
    found = _kept(arguments)
    listed = (*GATHERINGS, "relationship", "consent", "contribution")
    given: dict[str, Any] = {f"{kind}s": found[kind] for kind in listed}
    return Folder(people=found["person"], feedback=found["feedback"], **given)


def outcomes_of(arguments: argparse.Namespace) -> Outcomes:
    """Return what became of people, as `--data` holds it."""
    folder = saved_folder(arguments)
    if folder is not None:
        return read_outcomes(folder / RECORDS)
    found = _kept(arguments)
    meetings = [line for each in found["meeting"] if (line := each.logged()) is not None]
    listed = ("outcome", "skill", "goal_scale", "survey", "programme_step", "planned_step")
    given: dict[str, Any] = {f"{kind}s": found[kind] for kind in listed}
    return Outcomes(meetings=meetings, **given)


def saved_config(arguments: argparse.Namespace) -> EngineConfig:
    """Return the configuration given, else the one of the data, else the shipped one for mentoring."""
    if arguments.config is not None:
        return load_config(config_path(arguments.config))
    folder = saved_folder(arguments)
    if folder is not None:
        saved = folder / ENGINE / "config.toml"
        return load_config(saved if saved.is_file() else config_path("mentoring"))
    store = open_store(arguments.data, arguments.programme, read_only=True)
    try:
        kept = Keeper(store, arguments.programme, writes=False).setting("config")
    finally:
        store.close()
    return load_config(config_path("mentoring")) if kept is None else parse_config(kept, shown(arguments.data))


def _kept(arguments: argparse.Namespace) -> dict[str, list[Any]]:
    store = open_store(arguments.data, arguments.programme, read_only=True)
    try:
        return records_in(Keeper(store, arguments.programme, writes=False).entries(kinds=tuple(KINDS)))
    finally:
        store.close()


def note_copies(arguments: argparse.Namespace, *paths: Path | None) -> None:
    """Let the store that `--data` names remember where data of people are about to be written; None is passed by.

    An erasure cannot reach these files, and names them. A folder that an import wrote keeps no such record.
    """
    written = [path for path in paths if path is not None]
    if not written or not is_store(arguments.data):
        return
    store = open_store(arguments.data, arguments.programme, read_only=True)
    try:
        for path in written:
            note_copy(Keeper(store, arguments.programme, writes=False), path, f"matchengine {arguments.command}")
    finally:
        store.close()


def open_data(arguments: argparse.Namespace, options: PluginOptions, *, read_only: bool = True) -> Engine:
    """Open the engine of what `--data` names; one over a store only reads, unless it is to write."""
    folder = saved_folder(arguments)
    if folder is not None:
        return open_folder(folder / ENGINE, arguments.config, options)
    chosen = saved_config(arguments) if arguments.config or options.without else None
    if chosen is not None:
        chosen = without_plugins(chosen, options.without)
    return Engine.open(
        arguments.data, chosen, programme=arguments.programme, read_only=read_only, plugins=options.loaded
    )
