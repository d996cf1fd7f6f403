"""What the demo drafts for everybody at once: pairs, a round of swaps, circles; each as data, sheets and a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from matchengine.cli.assign import render_plan
from matchengine.cli.groups import render_groups
from matchengine.cli.locations import ENGINE
from matchengine.cli.output import paragraph
from matchengine.cli.plugin_options import PluginOptions, without_plugins
from matchengine.cli.shipped import config_path
from matchengine.cli.swaps import render_swaps
from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.i18n import _
from matchengine.io import ContactSheet, Sheet, write_csv, write_xlsx
from matchengine.io.group_sheets import sheets_of_groups
from matchengine.io.json_lines import write_private
from matchengine.io.plan_sheets import sheets_of_plan
from matchengine.io.swap_sheets import sheets_of_swaps
from matchengine.io.swap_wishes import read_swap_wishes
from matchengine.records import Record, Relationship
from matchengine.report.page import write_page

__all__ = ["Drafted", "draft_everything"]

_SWAPPED = date(2026, 5, 11)
"""The day on which the round of swaps of the sample programme is planned: its new pairs have met for a while."""
_LINES = {"plan": 22, "swaps": 24, "circles": 24}
"""Lines of each draft that the demo prints; everything is in the files."""


class Drafted(NamedTuple):
    """What was drafted: the lines to print, and the files."""

    lines: list[str]
    files: list[Path]


def draft_everything(
    engine: Engine,
    out: Path,
    wishes: Path,
    relationships: Sequence[Relationship],
    contacts: ContactSheet,
    options: PluginOptions,
) -> Drafted:
    """Draft pairs with the engine of the demo, then swaps and circles with the shipped configurations for them.

    Parameters
    ----------
    out : Path
        Folder of the demo, in which `data/engine` is the imported programme.
    wishes : Path
        Who was asked for the round of swaps.
    """
    drafted, day = Drafted([], []), engine.fingerprint().as_of
    plan = engine.assign("mentor").document
    _add(drafted, "plan", (plan, render_plan(plan), sheets_of_plan(plan, contacts), day), out)
    swapping = _opened(engine, out, "swaps", options)
    [name] = swapping.config.swaps
    asked = read_swap_wishes(wishes, contacts=contacts).wishes
    ledger = swapping.plan_swaps(name, asked, relationships, _SWAPPED)
    _add(drafted, "swaps", (ledger, render_swaps(ledger), sheets_of_swaps(ledger, contacts), _SWAPPED), out)
    circling = _opened(engine, out, "circles", options)
    circles = circling.form_groups(next(iter(circling.config.groups)))
    _add(drafted, "circles", (circles, render_groups(circles), sheets_of_groups(circles, contacts), day), out)
    return drafted


def _opened(engine: Engine, out: Path, name: str, options: PluginOptions) -> Engine:
    """The imported programme under a shipped configuration, with the same model, index and facts about it."""
    same = {part: getattr(engine.config, part) for part in ("plugins", "embedder", "index", "programme", "run")}
    config = without_plugins(load_config(config_path(name)).model_copy(update=same), options.without)
    return Engine.open(out / "data" / ENGINE, config, plugins=options.loaded)


def _add(drafted: Drafted, name: str, made: tuple[Record, Iterator[str], Sequence[Sheet], date], out: Path) -> None:
    """Write one draft in four forms, and keep its first lines."""
    document, lines, sheets, as_of = made
    files = [out / f"{name}.{form}" for form in ("json", "csv", "xlsx", "html")]
    write_private(files[0], document.model_dump_json(indent=1) + "\n")
    write_csv(files[1], sheets[1])
    write_xlsx(files[2], sheets, as_of=as_of)
    write_page(files[3], document)
    told = "\n".join(lines).split("\n")
    drafted.lines.extend(["", "=" * 80, *islice(told, _LINES[name])])
    if len(told) > _LINES[name]:
        drafted.lines.append(paragraph(_("… and more: see {page}", page=files[3])))
    drafted.files.extend(files)
