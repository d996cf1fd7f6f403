"""`matchengine supports`: which supports would open which groups to how many people, and at what effort."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import open_engine
from matchengine.errors import ConfigError
from matchengine.i18n import _, listing, ngettext
from matchengine.io import Sheet, write_csv
from matchengine.journey.prescriptions import REACHABLE, Arrangements
from matchengine.records.supports import SUPPORT_TITLES, GatheringSupports, SupportReport
from matchengine.records.welcome import Welcome

__all__ = ["add_supports"]

_GATHERINGS, _FIXES = 10, 4
"""How many gatherings, and how many supports of each, the text shows; JSON and CSV hold all."""


def add_supports(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `supports`."""
    parser.add_argument("group", metavar="GROUP", nargs="?", help=_("id of one group; without it all of them"))
    told = _("kind of match, as the configuration names it ({default})", default="group")
    parser.add_argument("--kind", default="group", help=told)
    told = _("from which reach, 0 to 1, a group counts as reachable ({default})", default=REACHABLE)
    parser.add_argument("--target", type=float, metavar="REACH", default=REACHABLE, help=told)
    given = ("--cost", "COST", _("what a support costs here, such as childcare=2"))
    achieves = ("--achieves", "SHARE", _("how far a support helps here, 0 to 1, such as transport=0.8"))
    for option, what, said in (given, achieves):
        parser.add_argument(option, action="append", metavar=f"KIND={what}", default=[], help=said)
    parser.add_argument("--csv", type=Path, metavar="FILE", help=_("also write the table as CSV"))
    add_data(parser)
    parser.set_defaults(run=_supports)


def _supports(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    given = Arrangements(_numbers("--cost", arguments.cost), _numbers("--achieves", arguments.achieves))
    report = engine.supports(arguments.kind, arguments.group, target=arguments.target, arrangements=given)
    report = report.model_copy(update={"fingerprint": engine.fingerprint()})
    output.document(report, "\n".join(_render(report)))
    if arguments.csv:
        write_csv(arguments.csv, _sheet(report))
        output.note(paragraph(_("Written: {files}.", files=listing([str(arguments.csv)]))))
    return 0


def _numbers(option: str, given: Sequence[str]) -> dict[str, float]:
    """Numbers by kind of barrier, from words such as `childcare=2`."""
    found = {}
    for word in given:
        kind, sign, number = word.partition("=")
        try:
            found[kind.strip()] = float(number)
        except ValueError:
            told = _("{option} is {word!r}, expected KIND=NUMBER, such as childcare=2", option=option, word=word)
            raise ConfigError(told) from None
        if not sign:
            raise ConfigError(_("{option} is {word!r}, expected KIND=NUMBER", option=option, word=word))
    return found


def _render(report: SupportReport) -> Iterator[str]:
    """The report in lines of at most 80 columns."""
    told = _("What would open groups (kind: {kind}) to people whom nothing else keeps away.", kind=report.kind)
    yield paragraph(told)
    few = _("Counted are people, never named; fewer than {least} are not told apart.", least=report.least)
    yield paragraph(few)
    for one in report.gatherings[:_GATHERINGS]:
        yield from ("", *_gathering(one, report.least))
    hidden = len(report.gatherings) - _GATHERINGS
    if hidden > 0:
        more = ngettext("and {n} more; --json and --csv show all", "and {n} more; --json and --csv show all", hidden)
        yield from ("", paragraph(more, "  "))
    if not report.gatherings:
        yield from ("", paragraph(_("Nobody waits for a support."), "  "))
    if report.welcome is not None:
        yield from ("", *_welcome(report.welcome))


def _gathering(one: GatheringSupports, least: int) -> Iterator[str]:
    yield paragraph(_("{title} ({id})", title=one.title, id=one.candidate_id))
    if one.waiting is not None:
        yield paragraph(_("People who wait: {n}.", n=one.waiting), "  ")
    for fix in one.fixes[:_FIXES]:
        told = _(
            "{n:>12}  effort {cost:g}: {what}", n=_count(fix.opens, least), cost=fix.cost, what=_words(fix.supports)
        )
        yield paragraph(told, "  ", " " * 16)
        if fix.ask_first:
            asked = _("ask first whether it is there already")
            if fix.ask_first != fix.supports:
                asked = _("ask first whether it is there already: {what}", what=_words(fix.ask_first))
            yield paragraph(asked, " " * 16)
    if not one.fixes:
        yield paragraph(_("No support that is known would be enough."), "  ")


def _count(people: int | None, least: int) -> str:
    return _("fewer than {least}", least=least) if people is None else str(people)


def _words(kinds: Sequence[str]) -> str:
    return listing([_(SUPPORT_TITLES[kind]) for kind in kinds])


def _welcome(welcome: Welcome) -> Iterator[str]:
    yield _("How it welcomes newcomers")
    there = _("{there} of {known} things that are known", there=len(welcome.present), known=welcome.known)
    yield paragraph(there if welcome.known else _("Nobody has said anything about it."), "  ")
    for practice in welcome.missing:
        told = _("not there: {what}", what=practice.text)
        yield paragraph(told if practice.absent else _("not told: {what}", what=practice.text), "  - ", "    ")


def _sheet(report: SupportReport) -> Sheet:
    header = ("group_id", "title", "waiting", "supports", "what", "effort", "opens", "ask_first")
    rows = tuple(
        (
            *(
                one.candidate_id,
                one.title,
                one.waiting,
                ", ".join(fix.supports),
                _words(fix.supports),
            ),
            *(fix.cost, _count(fix.opens, report.least), ", ".join(fix.ask_first)),
        )
        for one in report.gatherings
        for fix in one.fixes
    )
    return Sheet(_("Supports"), header, rows)
