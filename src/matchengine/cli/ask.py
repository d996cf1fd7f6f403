"""`matchengine ask`: which unanswered question of a person is most worth asking."""

from __future__ import annotations

import argparse

from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one, known
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.i18n import _
from matchengine.records.question_list import QuestionList

__all__ = ["add_ask"]


def add_ask(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `ask`."""
    parser.add_argument("person", metavar="PERSON", help=_("id of the person who is looking"))
    add_kind(parser)
    parser.add_argument(
        "-k", type=at_least_one, metavar="K", default=3, help=_("how many questions at most ({default})", default=3)
    )
    add_data(parser)
    parser.set_defaults(run=_ask)


def _ask(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    with known(arguments):
        asked = engine.ask(arguments.person, arguments.kind, arguments.k)
    asked = asked.model_copy(update={"fingerprint": engine.fingerprint()})
    output.document(asked, render(asked))
    return 0


def render(asked: QuestionList) -> str:
    """Return questions as text of at most 80 columns."""
    lines = [paragraph(_("Worth asking {person} (kind: {kind})", person=asked.person_id, kind=asked.kind))]
    for number, question in enumerate(asked.questions, 1):
        points = _("{points:+.1f} points for the best suggestion, on average", points=question.gain)
        lines += ["", paragraph(question.question, f"{number:3}. ", " " * 5)]
        lines += [paragraph(question.text, " " * 5), paragraph(points, " " * 5)]
    if not asked.questions:
        told = _("No answer that is missing would change the first three suggestions.")
        if not asked.matchable:
            told = _("Nobody can be suggested, and no answer that is missing would change that.")
        lines += ["", paragraph(told, "  ")]
    if asked.unheard:
        names = ", ".join(asked.unheard)
        told = _("Too few others have answered to tell what these would change: {names}.", names=names)
        lines += ["", paragraph(told, "  ")]
    return "\n".join(lines)
