"""`matchengine reminders`: who is to be asked how a match goes, and what is to be recognised."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from matchengine.cli.documents import RemindersDocument
from matchengine.cli.locations import add_data, folder_of, saved_config
from matchengine.cli.output import Output, paragraph
from matchengine.i18n import N_, _, ngettext
from matchengine.planning.recognition import recognitions_due
from matchengine.planning.reminders import GRACE_DAYS, reminders
from matchengine.records import Contribution, Relationship, Reminder, Reminders

__all__ = ["add_reminders"]

_KINDS: dict[str, str] = {
    "mentoring": N_("mentoring"),
    "peer": N_("meeting as peers"),
    "sponsorship": N_("sponsorship"),
    "buddy": N_("meeting as buddies"),
    "membership": N_("membership"),
}
_DID: dict[str, str] = {
    "mentoring": N_("mentoring"),
    "welcoming": N_("welcoming newcomers"),
    "organising": N_("organising"),
    "teaching": N_("teaching"),
    "hosting": N_("hosting"),
    "translating": N_("translating"),
    "speaking": N_("speaking"),
    "other": N_("something for others"),
}


def add_reminders(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `reminders`."""
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help=_("day that counts as today, 2026-03-09 (today)")
    )
    add_data(parser)
    parser.set_defaults(run=_reminders)


def _reminders(arguments: argparse.Namespace, output: Output) -> int:
    folder = folder_of(arguments)
    here = {person.id for person in folder.people}
    gatherings = {record.id for record in (*folder.groups, *folder.events, *folder.projects)}
    today = arguments.today or datetime.now(UTC).date()
    ties = [tie for tie in folder.relationships if _still_here(tie, here, gatherings)]
    found = reminders(ties, folder.feedback, today, saved_config(arguments).programme.pulse_days)
    recognise = recognitions_due((each for each in folder.contributions if each.person_id in here), today)
    document = RemindersDocument(reminders=found, to_be_recognised=recognise)
    output.document(document, "\n".join(_render(found, recognise)))
    return 0


def _still_here(tie: Relationship, people: set[str], gatherings: set[str]) -> bool:
    """Whether both are in the programme still: who left is not asked, and nobody is asked about them."""
    return tie.person_id in people and tie.other_id in (gatherings if tie.kind == "membership" else people)


def _render(found: Reminders, recognise: Sequence[Contribution]) -> Iterator[str]:
    """Everything in lines of at most 80 columns."""
    yield paragraph(_("To be asked how it goes, on {day}. Answering is voluntary.", day=found.today))
    late = ngettext("Overdue for more than {n} day", "Overdue for more than {n} days", GRACE_DAYS)
    for title, of in ((_("Due"), found.due), (late, found.overdue)):
        yield from ("", title)
        yield from (paragraph(_line(each), "  ", "    ") for each in of)
        if not of:
            yield "  " + _("(nobody)")
    if found.came_due:
        told = _(
            "Of {n} questions that came due in matches still running, {answered} have an answer with a name.",
            n=found.came_due,
            answered=found.answered,
        )
        yield from ("", paragraph(told))
    if found.undated:
        told = ngettext(
            "{n} match has no first day; nobody can be reminded of it.",
            "{n} matches have no first day; nobody can be reminded of them.",
            found.undated,
        )
        yield from ("", paragraph(told))
    yield from ("", _("To be recognised"))
    for each in recognise:
        yield paragraph(_did(each), "  ", "    ")
    if not recognise:
        yield "  " + _("(nothing that waits)")


def _line(each: Reminder) -> str:
    return _(
        "{day}  {person} about {other} ({kind}), {n} days after the start",
        day=each.due,
        person=each.person_id,
        other=each.about_id,
        kind=_(_KINDS[each.kind]),
        n=each.after_days,
    )


def _did(each: Contribution) -> str:
    told = _("{day}  {person}: {what}", day=each.on, person=each.person_id, what=_(_DID[each.kind]))
    return f"{told}. {each.text}" if each.text else told
