"""`matchengine check`: what will go wrong before matching, as text, sheets or a page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from matchengine.cli.files import add_files, contacts_of, write_files
from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.i18n import _, ngettext
from matchengine.io import sheets_of_readiness
from matchengine.records import Balance, Readiness

__all__ = ["add_check"]

_SUPPLY = 1
"""Sheet of a readiness report that a CSV holds: supply and demand."""
_ROWS, _PEOPLE = 8, 10
"""How many rows of a table, and how many people, the text shows; files and JSON hold all."""
_LABEL = 44


def add_check(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `check`."""
    add_kind(parser)
    add_data(parser)
    add_files(parser)
    parser.add_argument("--strict", action="store_true", help=_("exit with status 4 when somebody has no candidate"))
    parser.set_defaults(run=_check)


def _check(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    readiness = engine.check(arguments.kind)
    output.document(readiness, "\n".join(_render(readiness)))
    if arguments.csv or arguments.xlsx or arguments.html:
        sheets = sheets_of_readiness(readiness, contacts_of(arguments.data))
        write_files(arguments, output, sheets, _SUPPLY, readiness)
    return 4 if arguments.strict and readiness.stuck else 0


def _render(readiness: Readiness) -> Iterator[str]:
    """The report in lines of at most 80 columns."""
    yield paragraph(
        _(
            "Readiness of kind “{kind}”. Looking: {looking}. Giving: {giving}. Free places: {places}. "
            "Can be served at once: {served} at most.",
            kind=readiness.kind,
            looking=readiness.requesters,
            giving=readiness.candidates,
            places=_("not stated") if readiness.places is None else readiness.places,
            served=readiness.servable,
        )
    )
    yield from ("", _("What to look at first"))
    yield from (paragraph(text, "  - ", "    ") for text in readiness.summary or (_("Nothing stands out."),))
    yield from _rules(readiness)
    yield from _stuck(readiness)
    for title, rows in (
        (_("What people look for"), readiness.needs),
        (_("Fields"), readiness.fields),
        (_("Languages"), readiness.languages),
        (_("Times of the week"), readiness.slots),
    ):
        yield from _balances(title, rows)
    yield from _thin(readiness)


def _rules(readiness: Readiness) -> Iterator[str]:
    if not readiness.rules:
        return
    yield from ("", _("Rules"))
    for effect in readiness.rules:
        counts = _(
            "{rule}: {reason}. Pairs forbidden: {pairs}, by it alone: {alone}. People left without anybody: {starved}.",
            rule=effect.rule,
            reason=effect.reason,
            pairs=effect.pairs,
            alone=effect.alone,
            starved=effect.starved,
        )
        yield paragraph(counts, "  ", "    ")
        yield from (paragraph(change.text, "    > ", "      ") for change in effect.changes)


def _stuck(readiness: Readiness) -> Iterator[str]:
    if not readiness.stuck:
        return
    yield from ("", _("Without anybody"))
    for one in readiness.stuck[:_PEOPLE]:
        why = "; ".join(obstacle.text for obstacle in one.why) or _("there is nobody who gives")
        yield paragraph(_("{person}: {why}.", person=one.person_id, why=why), "  ", "    ")
        yield from (paragraph(change.text, "    > ", "      ") for change in one.changes)
    yield from _more(len(readiness.stuck) - _PEOPLE)


def _balances(title: str, rows: tuple[Balance, ...]) -> Iterator[str]:
    if not rows:
        return
    yield from ("", title)
    heads = (_("look"), _("give"), _("places"))
    widths = [max(len(head), 5) for head in heads]
    yield "  " + " " * _LABEL + "".join(f" {head:>{width}}" for head, width in zip(heads, widths, strict=True))
    for row in rows[:_ROWS]:
        label = row.label if len(row.label) <= _LABEL else row.label[: _LABEL - 1].rstrip() + "…"
        cells = (str(row.demand), str(row.supply), "" if row.places is None else str(row.places))
        numbers = "".join(f" {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        yield f"  {label:<{_LABEL}}{numbers}".rstrip()
    yield from _more(len(rows) - _ROWS)


def _thin(readiness: Readiness) -> Iterator[str]:
    if not readiness.thin:
        return
    yield from ("", _("Little is known about"))
    for one in readiness.thin[:_PEOPLE]:
        told = _("{person}: missing are {fields}.", person=one.person_id, fields=", ".join(one.missing))
        yield paragraph(told, "  ", "    ")
    yield from _more(len(readiness.thin) - _PEOPLE)


def _more(hidden: int) -> Iterator[str]:
    if hidden > 0:
        yield paragraph(
            ngettext("and {n} more; --json and --xlsx show all", "and {n} more; --json and --xlsx show all", hidden),
            "  ",
        )
