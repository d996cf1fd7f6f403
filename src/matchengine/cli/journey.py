"""`matchengine journey` and `matchengine prompts`: from a suggestion to the first visit, or the first message."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import get_args

from matchengine.cli.locations import add_data, folder_of, shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import open_engine
from matchengine.engine import Engine
from matchengine.errors import UnknownIdError
from matchengine.i18n import N_, _
from matchengine.records import as_records
from matchengine.records.journey import Circumstances, Journey, OutreachPrompts, VisitRating
from matchengine.records.vocabulary import Viewer

__all__ = ["add_journey", "add_prompts", "render_journey", "render_prompts"]

_HEADS: dict[Viewer, str] = {
    "requester": N_("{person} and {group} (kind: {kind}), as the person may read it"),
    "coordinator": N_("{person} and {group} (kind: {kind}), for the coordinator"),
}


def add_journey(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `journey`."""
    parser.add_argument("person", metavar="PERSON", help=_("id of the person who is looking"))
    parser.add_argument("group", metavar="GROUP", help=_("id of the group or event"))
    _add_kind(parser, "group")
    told = _("who reads it ({default})", default="coordinator")
    parser.add_argument("--viewer", choices=list(_HEADS), default="coordinator", help=told)
    parser.add_argument("--companion", metavar="ID", help=_("id of somebody who agreed to come along"))
    told = _("how a visit to the group felt; give it once for each visit, oldest first")
    parser.add_argument("--visit", action="append", choices=get_args(VisitRating), default=[], help=told)
    add_data(parser)
    parser.set_defaults(run=_journey)


def add_prompts(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `prompts`."""
    parser.add_argument("person", metavar="PERSON", help=_("id of the person who is looking"))
    parser.add_argument("candidate", metavar="CANDIDATE", help=_("id of the person to write to"))
    _add_kind(parser, "mentor")
    add_data(parser)
    parser.set_defaults(run=_prompts)


def _add_kind(parser: argparse.ArgumentParser, default: str) -> None:
    told = _("kind of match, as the configuration names it ({default})", default=default)
    parser.add_argument("--kind", default=default, help=told)


def _journey(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    known = _circumstances(engine, arguments)
    try:
        told = engine.journey(
            arguments.person, arguments.group, arguments.kind, arguments.viewer, known=known, carried=True
        )
    except UnknownIdError as error:
        raise _unknown(arguments, arguments.group) from error
    told = told.model_copy(update={"fingerprint": engine.fingerprint()})
    output.document(told, render_journey(told))
    return 0


def _circumstances(engine: Engine, arguments: argparse.Namespace) -> Circumstances:
    """What the folder and the arguments tell beside the engine's data: ties, visits so far, who comes along."""
    pair, last = {"person_id": arguments.person, "other_id": arguments.group}, engine.fingerprint().as_of
    days = [last - timedelta(days=ago) for ago in reversed(range(len(arguments.visit)))]
    told = {
        "meetings": [pair | {"on": on, "rating": rating} for on, rating in zip(days, arguments.visit, strict=True)],
        "relationships": folder_of(arguments).relationships,
        "companion_id": arguments.companion,
    }
    return as_records([told], Circumstances)[0]


def _prompts(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    try:
        told = engine.prompts(arguments.person, arguments.candidate, arguments.kind, carried=True)
    except UnknownIdError as error:
        raise _unknown(arguments, arguments.candidate) from error
    told = told.model_copy(update={"fingerprint": engine.fingerprint()})
    output.document(told, render_prompts(told))
    return 0


def _unknown(arguments: argparse.Namespace, other: str) -> UnknownIdError:
    ids = _("{person} or {candidate}", person=arguments.person, candidate=other)
    return UnknownIdError(_("no such person in {data}: {id}; check the number", data=shown(arguments.data), id=ids))


def render_journey(told: Journey) -> str:
    """Return a journey as text of at most 80 columns."""
    head = _(_HEADS[told.viewer], person=told.person_id, group=told.group_id, kind=told.kind)
    lines = [paragraph(line, "  ", "    ") for line in told.plain_text.splitlines() if line.strip()]
    return "\n".join([paragraph(head), "", *lines])


def render_prompts(told: OutreachPrompts) -> str:
    """Return the sentences as text of at most 80 columns."""
    who = {"person": told.requester_id, "candidate": told.candidate_id, "kind": told.kind}
    head = _("To begin a message of {person} to {candidate} with (kind: {kind}); change what you like", **who)
    lines = [paragraph(sentence, "  - ", "    ") for sentence in told.prompts]
    return "\n".join([paragraph(head), "", *lines])
