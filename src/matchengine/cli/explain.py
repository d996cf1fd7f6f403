"""`matchengine explain`: why a pair is suggested or not, and what would change it."""

from __future__ import annotations

import argparse

from matchengine.cli.locations import add_data, shown
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.components import VIEWERS
from matchengine.errors import UnknownIdError
from matchengine.i18n import N_, _
from matchengine.records import Explanation
from matchengine.records.vocabulary import Viewer

__all__ = ["add_explain"]

_HEADS: dict[Viewer, str] = {
    "requester": N_("{person} and {candidate} (kind: {kind}), as the person who looks may read it"),
    "candidate": N_("{person} and {candidate} (kind: {kind}), as the candidate may read it"),
    "coordinator": N_("{person} and {candidate} (kind: {kind}), for the coordinator"),
}


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `explain`."""
    parser.add_argument("person", metavar="PERSON", help=_("id of the person who is looking"))
    parser.add_argument("candidate", metavar="CANDIDATE", help=_("id of the person or group in question"))
    add_kind(parser)
    parser.add_argument(
        "--viewer", choices=VIEWERS, default="coordinator", help=_("who reads it ({default})", default="coordinator")
    )
    add_data(parser)
    parser.set_defaults(run=_explain)


def _explain(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    try:
        told = engine.explain(arguments.person, arguments.candidate, arguments.kind, arguments.viewer, carried=True)
    except UnknownIdError as error:
        ids = _("{person} or {candidate}", person=arguments.person, candidate=arguments.candidate)
        raise UnknownIdError(
            _("no such person in {data}: {id}; check the number", data=shown(arguments.data), id=ids)
        ) from error
    told = told.model_copy(update={"fingerprint": engine.fingerprint()})
    output.document(told, render(told))
    return 0


def render(told: Explanation) -> str:
    """Return an explanation as text of at most 80 columns; a coordinator reads the points of each part too."""
    head = _(_HEADS[told.viewer], person=told.requester_id, candidate=told.candidate_id, kind=told.kind)
    lines = [paragraph(head), ""]
    lines += [paragraph(line, "  ", "    ") for line in told.plain_text.splitlines()]
    if told.neutral is not None and told.score is not None:
        lines += ["", paragraph(_("The score, starting from that of an average pair:"), "  ")]
        lines.append(_row(told.neutral, _("an average pair"), plain=True))
        lines += [_row(reason.contribution or 0.0, reason.title) for reason in told.reasons]
        lines.append(_row(told.score, _("this pair"), plain=True))
    return "\n".join(lines)


def _row(points: float, title: str, *, plain: bool = False) -> str:
    number = _("{points:6.1f}", points=points) if plain else _("{points:+6.1f}", points=points)
    return paragraph(f"{number}  {title}", "    ", " " * 12)
