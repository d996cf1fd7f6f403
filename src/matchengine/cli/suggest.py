"""`matchengine suggest` and `matchengine show-text`: results for one known person, or for everybody."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import get_args

from matchengine.cli.documents import ShownTextDocument
from matchengine.cli.files import add_files, contacts_of, write_files
from matchengine.cli.locations import add_data, open_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one, known
from matchengine.cli.plugin_options import options_in
from matchengine.engine import Engine
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.io import sheets_of_run
from matchengine.plan_config import ExposureMethod
from matchengine.records import Run, Suggestion, SuggestionList
from matchengine.records.result import Fit
from matchengine.report.run import make_run

__all__ = ["add_kind", "add_show_text", "add_suggest", "open_engine", "render", "render_run"]

_REASONS = 5
_PAIRS = 1
"""Sheet of a run that a CSV holds: one row per suggestion."""
NOT_AVAILABLE = "not_available"
"""Stands in `Engine.excluded` for the rules whose reason is never told."""
_FITS: dict[Fit, str] = {
    "good": N_("good"),
    "fair": N_("fair"),
    "poor": N_("poor"),
    "too_little_known": N_("too little known"),
}


def add_suggest(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `suggest`."""
    parser.add_argument("person", metavar="PERSON", nargs="?", help=_("id of the person who is looking"))
    parser.add_argument("--everyone", action="store_true", help=_("suggest for everybody who is looking"))
    told = _("with --everyone: how lists share attention among candidates, or plain (as configured)")
    parser.add_argument("--exposure", choices=get_args(ExposureMethod), help=told)
    add_kind(parser)
    parser.add_argument("-k", type=at_least_one, metavar="K", default=5, help=_("how many suggestions at most (5)"))
    add_data(parser)
    add_files(parser)
    parser.set_defaults(run=_suggest)


def add_show_text(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `show-text`."""
    parser.add_argument("person", metavar="PERSON", help=_("id of the person"))
    add_data(parser)
    parser.set_defaults(run=_show_text)


def add_kind(parser: argparse.ArgumentParser) -> None:
    """Declare `--kind`."""
    told = _("kind of match, as the configuration names it ({default})", default="mentor")
    parser.add_argument("--kind", default="mentor", help=told)


def open_engine(arguments: argparse.Namespace) -> Engine:
    """Open the folder that the arguments name, and check the kind of match if they name one.

    Raises
    ------
    ConfigError
        When the configuration does not offer the kind.
    """
    engine = open_data(arguments, options_in(arguments))
    kind = getattr(arguments, "kind", None)
    if kind is not None and kind not in engine.config.match:
        hint = did_you_mean(kind, engine.config.match)
        raise ConfigError(_("this configuration offers no kind of match {kind!r}; {hint}", kind=kind, hint=hint))
    return engine


def _suggest(arguments: argparse.Namespace, output: Output) -> int:
    if bool(arguments.person) == arguments.everyone:
        raise ConfigError(_("name one PERSON, or give --everyone"))
    if arguments.exposure and not arguments.everyone:
        raise ConfigError(_("--exposure shares attention among lists for everybody; give --everyone too"))
    engine = open_engine(arguments)
    if arguments.everyone:
        run = make_run(engine, arguments.kind, arguments.k, exposure=arguments.exposure or "configured")
        output.document(run, render_run(run))
        _write(arguments, output, run)
        return 0
    asked = arguments.person, arguments.kind
    with known(arguments):
        suggestions = engine.suggest(*asked, arguments.k, viewer="coordinator")
    document = SuggestionList(
        requester_id=arguments.person,
        kind=arguments.kind,
        suggestions=tuple(suggestions),
        fingerprint=engine.fingerprint(),
    )
    text = render(*asked, suggestions)
    if len(suggestions) < arguments.k:
        text += "\n" + why_few(engine, *asked, found=len(suggestions))
    output.document(document, text)
    if arguments.csv or arguments.xlsx or arguments.html:
        _write(arguments, output, make_run(engine, arguments.kind, arguments.k, [arguments.person]))
    return 0


def _write(arguments: argparse.Namespace, output: Output, run: Run) -> None:
    write_files(arguments, output, sheets_of_run(run, contacts_of(arguments.data)), _PAIRS, run)


def why_few(engine: Engine, person: str, kind: str, *, found: int) -> str:
    """Say which rules left nobody, or no more than were found, for a coordinator: how many, and each rule's reason."""
    rules = []
    for name, count in sorted(engine.excluded(person, kind).items(), key=lambda item: (-item[1], item[0])):
        if name == NOT_AVAILABLE:
            rules.append(_("{n} not available", n=count))
        else:
            rules.append(_("{n} because {reason}", n=count, reason=_(engine.registry.constraint(name).reason)))
    lead = _("No more are eligible.") if found else _("Nobody is eligible.")
    told = _("No rule excluded anybody.")
    if rules:
        told = _("Candidates ruled out, some by several rules: {rules}.", rules="; ".join(rules))
    return ("\n" if found else "") + paragraph(f"{lead} {told}", "  ")


def render(person: str, kind: str, suggestions: Sequence[Suggestion], reasons: int = _REASONS) -> str:
    """Return suggestions as text of at most 80 columns."""
    lines = [_("Suggestions for {person} (kind: {kind}), drafts until people agree", person=person, kind=kind)]
    too_little = False
    for s in suggestions:
        if s.fit == "too_little_known" and not too_little:
            lines += ["", "  " + _("Too little known to compare:")]
            too_little = True
        lines += ["", f"{s.rank:3}. {s.candidate_id:<18} {_scored(s)}"]
        spoken = [r for r in s.reasons if r.text or r.strength != "slight"][:reasons]
        for reason in spoken:
            points = _("{points:+5.1f}", points=reason.contribution)
            told = reason.text or reason.title[:1].upper() + reason.title[1:] + "."
            lines.append(paragraph(f"{points}  {told}", " " * 5, " " * 12))
        lines += [_listed("?", _("to confirm: {sentence}", sentence=sentence)) for sentence in s.to_confirm]
        lines += [_listed(".", limit) for limit in s.limits]
    return "\n".join(lines)


def _scored(s: Suggestion) -> str:
    fit = _(_FITS[s.fit])
    return _("{points:5.1f} of 100   {fit}, {share:.0%} known", points=s.score, fit=fit, share=s.confidence)


def _listed(sign: str, text: str) -> str:
    return paragraph(text, " " * 5 + f"  {sign}    ", " " * 12)


def render_run(run: Run) -> str:
    """Return a run as text: one line per suggestion, then everybody without any and why."""
    lines = [_("Suggestions for everybody (kind: {kind}), drafts until people agree", kind=run.kind)]
    last = ""
    for draft in run.drafts:
        s = draft.suggestion
        who = "" if s.requester_id == last else s.requester_id
        lines.append(f"{who:<20} {s.rank:2}. {s.candidate_id:<18} {_scored(s)}")
        last = s.requester_id
        if s.moved:
            lines.append(paragraph(s.moved, " " * 25))
    if run.exposure:
        lines += ["", _("How the lists share attention")]
        lines += [paragraph(sentence, "  - ", "    ") for sentence in run.exposure.summary]
    if run.unserved:
        lines += ["", _("Without any suggestion")]
    for person in run.unserved:
        why = "; ".join(obstacle.text.rstrip(".") for obstacle in person.why)
        lines.append(paragraph(f"{person.person_id}: {why}.", "  ", "    "))
        lines += [paragraph(change.text, "    > ", "      ") for change in person.changes]
    return "\n".join(lines)


def _show_text(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    with known(arguments):
        shown = engine.shown_text(arguments.person)
    document = ShownTextDocument(person_id=arguments.person, texts={name: tuple(t) for name, t in shown.items()})
    told = _("What the embedder sees of {person}: these items, each on its own, nothing else.", person=arguments.person)
    lines = [paragraph(told)]
    for name, texts in shown.items():
        lines += ["", f"{name}:"] + [paragraph(text, "  - ", "    ") for text in texts or [_("(nothing)")]]
    output.document(document, "\n".join(lines))
    return 0
