"""`matchengine suggest` and `matchengine show-text`: results for one known person."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from matchengine.cli.documents import ShownTextDocument
from matchengine.cli.output import Output, paragraph
from matchengine.cli.shipped import config_path
from matchengine.engine import Engine
from matchengine.records import Suggestion, SuggestionList

__all__ = ["add_show_text", "add_suggest", "render"]

DATA = "matchengine-data"
_REASONS = 5


def add_suggest(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `suggest`."""
    parser.add_argument("person", metavar="PERSON", help="id of the person who is looking")
    parser.add_argument("--kind", default="mentor", help="kind of match, as the configuration names it (mentor)")
    parser.add_argument("-k", type=int, default=5, help="how many suggestions at most (5)")
    parser.add_argument("--data", default=DATA, help=f"folder that `matchengine import` wrote ({DATA})")
    parser.set_defaults(run=_suggest)


def add_show_text(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `show-text`."""
    parser.add_argument("person", metavar="PERSON", help="id of the person")
    parser.add_argument("--data", default=DATA, help=f"folder that `matchengine import` wrote ({DATA})")
    parser.set_defaults(run=_show_text)


def _open(arguments: argparse.Namespace) -> Engine:
    return Engine.open(f"{arguments.data}/engine", config_path(arguments.config) if arguments.config else None)


def _suggest(arguments: argparse.Namespace, output: Output) -> int:
    engine = _open(arguments)
    suggestions = engine.suggest(arguments.person, arguments.kind, arguments.k)
    document = SuggestionList(
        requester_id=arguments.person,
        kind=arguments.kind,
        suggestions=tuple(suggestions),
        fingerprint=engine.fingerprint(),
    )
    text = render(arguments.person, arguments.kind, suggestions)
    if not suggestions:
        text += "\n" + why_none(engine.excluded(arguments.person, arguments.kind))
    output.document(document, text)
    return 0


def why_none(excluded: dict[str, int]) -> str:
    """Say which rules left nobody, for a coordinator."""
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in sorted(excluded.items()))
    return paragraph(
        f"Nobody is eligible. Candidates ruled out by each rule: {counts or 'none; there are no candidates'}.", "  "
    )


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
    shown = _open(arguments).shown_text(arguments.person)
    document = ShownTextDocument(person_id=arguments.person, texts={name: tuple(t) for name, t in shown.items()})
    lines = [paragraph(f"What the embedder sees of {arguments.person}: these items, each on its own, nothing else.")]
    for name, texts in shown.items():
        lines += ["", f"{name}:"] + [paragraph(text, "  - ", "    ") for text in texts or ["(nothing)"]]
    output.document(document, "\n".join(lines))
    return 0
