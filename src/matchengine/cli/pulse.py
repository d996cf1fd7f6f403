"""`matchengine pulse`: what follows from what people said back, for who looks after a programme or for one person."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date

from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import open_engine
from matchengine.i18n import N_, _, listing
from matchengine.records.pulse import (
    AlternativeOffer,
    MismatchOffer,
    MismatchStep,
    OwnPulse,
    OwnPulseDocument,
    PulseDocument,
)

__all__ = ["add_pulse"]

_STEPS: dict[MismatchStep, str] = {
    "speak_with_each": N_("speak with each of them, alone"),
    "offer": N_("offer each of them"),
    "conversation": N_("suggest a talk"),
}
_OFFERS: dict[MismatchOffer, str] = {"rematch": N_("another match"), "swap": N_("a swap for a time")}


def add_pulse(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `pulse`."""
    parser.add_argument("person", metavar="PERSON", nargs="?", help=_("id of one person: what they themselves read"))
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help=_("day that counts as today, 2026-03-09 (today)")
    )
    add_data(parser)
    parser.set_defaults(run=_pulse)


def _pulse(arguments: argparse.Namespace, output: Output) -> int:
    with open_engine(arguments) as engine:
        if arguments.person:
            own = engine.own_pulse(arguments.person, arguments.today)
            document = OwnPulseDocument(person_id=arguments.person, matches=own)
            output.document(document, "\n".join(_render_own(own)))
            return 0
        whole = PulseDocument(
            mismatches=engine.mismatches(arguments.today),
            help_checks=engine.help_checks(arguments.today),
            ready_to_mentor=engine.ready_to_mentor(arguments.today),
            suspended=engine.suspended(),
        )
    output.document(whole, "\n".join(_render(whole)))
    return 0


def _render_own(own: Sequence[OwnPulse]) -> Iterator[str]:
    if not own:
        yield _("No match has reached a pulse yet.")
    for number, each in enumerate(own):
        yield from ([""] if number else [])
        yield _("About the match with {other}", other=each.other_id)
        yield paragraph(each.text, "  ")


def _render(document: PulseDocument) -> Iterator[str]:
    """Everything in lines of at most 80 columns."""
    told, checks = document.mismatches, document.help_checks
    yield paragraph(_("What follows from what people said back, on {day}; drafts all of it.", day=told.today))
    yield from ("", _("Matches in which the two may expect different things"))
    for each in told.found:
        offers = listing([_(_OFFERS[offer]) for offer in each.offers])
        what = f"{_(_STEPS[each.step])}: {offers}" if offers else _(_STEPS[each.step])
        line = _("{one} and {other}: {what}", one=each.person_id, other=each.other_id, what=what)
        yield paragraph(line, "  ", "    ")
        yield from (paragraph(reason, "    - ", "      ") for reason in each.reasons)
    yield from [] if told.found else ["  " + _("(none)")]
    became = _(
        "Of the matches that had such a mismatch: {repaired} repaired, {ended} ended, {open} open.",
        repaired=told.repaired,
        ended=told.ended,
        open=told.open,
    )
    yield from ("", paragraph(became))
    yield from _list(
        _("To be asked whether it helps"),
        [_("{person} about {other}", person=check.person_id, other=check.group_id) for check in checks.due],
    )
    yield from _list(
        _("It did not help: to be offered something else"),
        [
            _("{person}, instead of {other}: {others}", person=each.person_id, other=each.group_id, others=_those(each))
            for each in checks.offers
        ],
    )
    yield from _list(
        _("To be asked whether they would like to mentor"),
        [f"{each.person_id}: {_offered(each.offers)}" for each in document.ready_to_mentor],
    )
    yield from _list(_("To look into"), [f"{each.about_id}: {each.text}" for each in document.suspended])


def _those(offer: AlternativeOffer) -> str:
    return listing(list(offer.alternatives)) if offer.alternatives else _("(nothing at hand)")


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from ("", title)
    yield from (paragraph(line, "  ", "    ") for line in lines)
    yield from [] if lines else ["  " + _("(nobody)")]


def _offered(offers: Sequence[str]) -> str:
    return listing([_("“{text}”", text=offer) for offer in offers])
