"""`matchengine bundle`: a mentor, a circle, a community group and a resource for one person, each with its reason."""

from __future__ import annotations

import argparse

from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one, known
from matchengine.cli.suggest import open_engine
from matchengine.components import VIEWERS
from matchengine.i18n import _
from matchengine.records.bundle import Bundle

__all__ = ["add_bundle"]


def add_bundle(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `bundle`."""
    parser.add_argument("person", metavar="PERSON", help=_("id of the person who is looking"))
    parser.add_argument(
        "--each",
        type=at_least_one,
        metavar="N",
        default=1,
        help=_("how many of one type at most ({default})", default=1),
    )
    parser.add_argument(
        "--viewer", choices=VIEWERS, default="coordinator", help=_("who reads it ({default})", default="coordinator")
    )
    add_data(parser)
    parser.set_defaults(run=_bundle)


def _bundle(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    with known(arguments):
        bundle = engine.bundle(arguments.person, each=arguments.each, viewer=arguments.viewer)
    bundle = bundle.model_copy(update={"fingerprint": engine.fingerprint()})
    output.document(bundle, render(bundle))
    return 0


def render(bundle: Bundle) -> str:
    """Return a bundle as text of at most 80 columns."""
    lines = [paragraph(_("What belongs together for {person}, drafts until people agree", person=bundle.person_id))]
    if bundle.plain_text:
        lines += ["", *(paragraph(line, "  ", "    ") for line in bundle.plain_text.splitlines())]
    return "\n".join(lines)
