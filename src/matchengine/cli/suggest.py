"""`matchengine suggest` and `matchengine show-text`: results for one known person."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from matchengine.cli.documents import ShownTextDocument
from matchengine.cli.output import Output, paragraph
from matchengine.cli.shipped import config_path
from matchengine.engine import Engine
from matchengine.errors import ConfigError, UnknownIdError, did_you_mean
from matchengine.records import Suggestion, SuggestionList

__all__ = ["add_show_text", "add_suggest", "render"]

DATA = "matchengine-data"
_REASONS = 5
NOT_AVAILABLE = "not_available"
"""Stands in `Engine.excluded` for the rules whose reason is never told."""


def add_suggest(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `suggest`."""
    parser.add_argument("person", metavar="PERSON", help="id of the person who is looking")
    parser.add_argument("--kind", default="mentor", help="kind of match, as the configuration names it (mentor)")
    parser.add_argument("-k", type=_at_least_one, metavar="K", default=5, help="how many suggestions at most (5)")
    parser.add_argument("--data", default=DATA, help=f"folder that `matchengine import` wrote ({DATA})")
    parser.set_defaults(run=_suggest)


def add_show_text(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `show-text`."""
    parser.add_argument("person", metavar="PERSON", help="id of the person")
    parser.add_argument("--data", default=DATA, help=f"folder that `matchengine import` wrote ({DATA})")
    parser.set_defaults(run=_show_text)


def _at_least_one(given: str) -> int:
    if (number := int(given)) < 1:
        raise argparse.ArgumentTypeError(f"{number} is too small, expected at least 1")
    return number


def _open(arguments: argparse.Namespace) -> Engine:
    return Engine.open(f"{arguments.data}/engine", config_path(arguments.config) if arguments.config else None)


@contextmanager
def _known(arguments: argparse.Namespace) -> Iterator[None]:
    """Say for the command line that the person is not there."""
    try:
        yield
    except UnknownIdError as error:
        raise UnknownIdError(f"no such person in {arguments.data}: {arguments.person!r}; check the number") from error


def _suggest(arguments: argparse.Namespace, output: Output) -> int:
    engine, asked = _open(arguments), (arguments.person, arguments.kind)
    if arguments.kind not in engine.config.match:
        hint = did_you_mean(arguments.kind, engine.config.match)
        raise ConfigError(f"this configuration offers no kind of match {arguments.kind!r}; {hint}")
    with _known(arguments):
        suggestions = engine.suggest(*asked, arguments.k)
    document = SuggestionList(
        requester_id=arguments.person,
        kind=arguments.kind,
        suggestions=tuple(suggestions),
        fingerprint=engine.fingerprint(),
    )
    text = render(arguments.person, arguments.kind, suggestions)
    if len(suggestions) < arguments.k:
        text += "\n" + why_few(engine, *asked, found=len(suggestions))
    output.document(document, text)
    return 0


def why_few(engine: Engine, person: str, kind: str, *, found: int) -> str:
    """Say which rules left nobody, or no more than were found, for a coordinator: how many, and each rule's reason."""
    rules = []
    for name, count in sorted(engine.excluded(person, kind).items(), key=lambda item: (-item[1], item[0])):
        hidden = name == NOT_AVAILABLE
        rules.append(f"{count} {'not available' if hidden else f'because {engine.registry.constraint(name).reason}'}")
    lead = "No more are eligible." if found else "Nobody is eligible."
    told = f"Candidates ruled out, some by several rules: {'; '.join(rules)}." if rules else "No rule excluded anybody."
    return ("\n" if found else "") + paragraph(f"{lead} {told}", "  ")


def render(person: str, kind: str, suggestions: Sequence[Suggestion], reasons: int = _REASONS) -> str:
    """Return suggestions as text of at most 80 columns."""
    lines = [f"Suggestions for {person} (kind: {kind}), drafts until people agree"]
    too_little = False
    for s in suggestions:
        if s.fit == "too_little_known" and not too_little:
            lines += ["", "  Too little known to compare:"]
            too_little = True
        fit = s.fit.replace("_", " ")
        lines += ["", f"{s.rank:3}. {s.candidate_id:<18} {s.score:5.1f} of 100   {fit}, {s.confidence:.0%} known"]
        spoken = [r for r in s.reasons if r.text][:reasons]
        for reason in spoken:
            lines.append(paragraph(f"{reason.contribution:+5.1f}  {reason.text}", " " * 5, " " * 12))
        lines += [paragraph(f"to confirm: {sentence}", " " * 5 + "  ?    ", " " * 12) for sentence in s.to_confirm]
    return "\n".join(lines)


def _show_text(arguments: argparse.Namespace, output: Output) -> int:
    engine = _open(arguments)
    with _known(arguments):
        shown = engine.shown_text(arguments.person)
    document = ShownTextDocument(person_id=arguments.person, texts={name: tuple(t) for name, t in shown.items()})
    lines = [paragraph(f"What the embedder sees of {arguments.person}: these items, each on its own, nothing else.")]
    for name, texts in shown.items():
        lines += ["", f"{name}:"] + [paragraph(text, "  - ", "    ") for text in texts or ["(nothing)"]]
    output.document(document, "\n".join(lines))
    return 0
