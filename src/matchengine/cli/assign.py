"""`matchengine assign`: a draft for everybody at once; lock, forbid, edit, solve the rest again, publish."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from matchengine.cli.files import add_files, save, take_away
from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one
from matchengine.cli.rankings import read_rankings_file, read_shortlists_file
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.engine import Engine
from matchengine.errors import ConfigError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.io.draft_words import ACTIONS
from matchengine.programme.plan import Plan
from matchengine.records.plan import Decision, PlanDocument, PlannedPair, Unmatched
from matchengine.records.result import Fit

__all__ = ["add_assign", "render_plan"]

_FITS: dict[Fit, str] = {
    "good": N_("good"),
    "fair": N_("fair"),
    "poor": N_("poor"),
    "too_little_known": N_("too little known"),
}
_REASONS = 2
_NEW = ("method", "each", "seed", "must", "must_not")
_EDITS = ("lock", "forbid", "release", "add", "leave_out")


def add_assign(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `assign`."""
    add_kind(parser)
    new = parser.add_argument_group(_("a new draft"))
    new.add_argument("--method", metavar="NAME", help=_("how to decide; as configured by default"))
    new.add_argument("--each", type=at_least_one, metavar="N", help=_("most candidates of each person who looks"))
    new.add_argument("--seed", type=int, metavar="N", help=_("seed of the lottery that breaks ties"))
    for option, said in (
        ("--must", N_("a pair that has to be, by ids; may be given again")),
        ("--must-not", N_("a pair that must not be; may be given again")),
    ):
        new.add_argument(option, action="append", default=[], metavar="ID:ID", help=_(said))
    parser.add_argument("--rankings", type=Path, metavar="FILE", help=_("what people said about whom they want"))
    told = _("what `suggest --everyone --json` printed: nobody gets a candidate whom they were not shown")
    parser.add_argument("--shortlists", type=Path, metavar="FILE", help=told)
    old = parser.add_argument_group(_("a draft made before"))
    old.add_argument("--plan", type=Path, metavar="FILE", help=_("open this plan instead of making a new one"))
    for option, said in (
        ("--lock", N_("keep this pair; may be given again, like all that follow")),
        ("--forbid", N_("take this pair out for good")),
        ("--release", N_("undo a lock or a prohibition")),
        ("--add", N_("put this pair in and lock it")),
    ):
        old.add_argument(option, action="append", default=[], metavar="ID:ID", help=_(said))
    old.add_argument("--leave-out", action="append", default=[], metavar="ID", help=_("somebody who drops out"))
    again = old.add_mutually_exclusive_group()
    again.add_argument("--resolve", action="store_true", help=_("solve the rest again, moving as few as possible"))
    again.add_argument("--afresh", action="store_true", help=_("solve the rest again, whatever the pairs were"))
    old.add_argument("--publish", action="store_true", help=_("make the draft the plan; nothing changes afterwards"))
    parser.add_argument("--by", metavar="ID", default="coordinator", help=_("who decides this"))
    parser.add_argument("--why", metavar="TEXT", default="", help=_("why, for the record of decisions"))
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help=_("day that counts as today, 2026-03-09 (today)")
    )
    parser.add_argument("--save", type=Path, metavar="FILE", help=_("write the plan to a file, to open it again"))
    add_data(parser)
    add_files(parser)
    parser.set_defaults(run=_assign)


def _assign(arguments: argparse.Namespace, output: Output) -> int:
    engine = open_engine(arguments)
    plan = _changed(_opened(engine, arguments), arguments)
    for warning in plan.warnings:
        output.note(paragraph(warning))
    output.document(plan.document, "\n".join(render_plan(plan.document)))
    if arguments.save:
        save(arguments, output, arguments.save, plan.save)
    take_away(arguments, output, plan.document)
    return 0


def _opened(engine: Engine, arguments: argparse.Namespace) -> Plan:
    """Make a new draft, or open one."""
    said = None if arguments.rankings is None else read_rankings_file(arguments.rankings)
    shown = None if arguments.shortlists is None else read_shortlists_file(arguments.shortlists)
    idle = _NEW if arguments.plan else (*_EDITS, "resolve", "afresh", "publish")
    given = [f"--{name.replace('_', '-')}" for name in idle if getattr(arguments, name)]
    if given and arguments.plan:
        raise ConfigError(
            _("{options} are for a new draft; leave them out, or leave out --plan", options=listing(given))
        )
    if given:
        raise ConfigError(_("{options}: only for a draft made before; give --plan FILE", options=listing(given)))
    if arguments.plan:
        return engine.open_plan(arguments.kind, arguments.plan, rankings=said, shortlists=shown)
    return engine.assign(
        arguments.kind,
        method=arguments.method,
        each=arguments.each,
        must=[_pair(word) for word in arguments.must],
        must_not=[_pair(word) for word in arguments.must_not],
        rankings=said,
        shortlists=shown,
        seed=arguments.seed,
        by=arguments.by,
    )


def _changed(plan: Plan, arguments: argparse.Namespace) -> Plan:
    """Apply what a coordinator decides, in the order of the help."""
    signed = {"by": arguments.by, "why": arguments.why, "on": arguments.today}
    for name in ("release", "forbid", "lock", "add"):
        for word in getattr(arguments, name):
            plan = getattr(plan, name)(*_pair(word), **signed)
    for person in arguments.leave_out:
        plan = plan.leave_out(person, **signed)
    if arguments.resolve or arguments.afresh:
        plan = plan.resolve(afresh=arguments.afresh, on=arguments.today)
    return plan.publish(**signed) if arguments.publish else plan


def _pair(word: str) -> tuple[str, str]:
    """Read `A:B`."""
    requester, colon, candidate = word.partition(":")
    if not (requester.strip() and colon and candidate.strip()) or ":" in candidate:
        raise ConfigError(_("{word!r} is no pair; write the two ids with a colon between them", word=word))
    return requester.strip(), candidate.strip()


# ---------------------------------------------------------------------- text


def render_plan(plan: PlanDocument) -> Iterator[str]:
    """A plan in lines of at most 80 columns: in short first, then pairs, then who has nobody and what would help."""
    told = N_("Draft for everybody (kind: {kind}), until people agree. Decided by {method}: {title}.")
    if plan.status == "published":
        told = N_("Plan for everybody (kind: {kind}), published. Decided by {method}: {title}.")
    yield paragraph(_(told, kind=plan.kind, method=plan.method, title=plan.title.rstrip(".")))
    if plan.guarantee:
        yield paragraph(plan.guarantee)
    yield ""
    yield from (paragraph(sentence, "  ") for sentence in plan.summary.sentences)
    yield from (paragraph(note, "  ") for note in plan.notes)
    if not plan.reproducible:
        yield paragraph(_("A clock stopped the search: the same run may decide otherwise."), "  ")
    yield from ("", _("Pairs"))
    for pair in plan.pairs:
        yield from _pair_lines(pair)
    if not plan.pairs:
        yield "  " + _("(nobody)")
    if plan.moves:
        yield from ("", _("Changed"))
        for move in plan.moves:
            yield paragraph(f"{move.requester_id}: {_ids(move.before)} → {_ids(move.now)}. {move.why}", "  ", "    ")
    yield from _sides(plan)
    if len(plan.decisions) > 1:
        yield from ("", _("Decisions"))
        yield from (paragraph(_decision(each), "  ", "      ") for each in plan.decisions)


def _sides(plan: PlanDocument) -> Iterator[str]:
    looking = [each for each in plan.unmatched if each.side == "requester"]
    giving = [each for each in plan.unmatched if each.side == "candidate"]
    if looking:
        yield from ("", ngettext("Without anybody ({n})", "Without anybody ({n})", len(looking)))
        for each in looking:
            yield from _unmatched(each)
    if giving:
        yield from ("", ngettext("Free, and nobody with them ({n})", "Free, and nobody with them ({n})", len(giving)))
        yield from (paragraph(f"{each.person_id}: {_why(each)}", "  ", "    ") for each in giving)
    if plan.already:
        told = ngettext(
            "{n} person looks for nobody more, because matches are running: {ids}.",
            "{n} people look for nobody more, because matches are running: {ids}.",
            len(plan.already),
            ids=listing(plan.already),
        )
        yield from ("", paragraph(told))


def _pair_lines(pair: PlannedPair) -> Iterator[str]:
    fit = _(_FITS[pair.fit])
    scored = _("{points:5.1f} of 100   {fit}, {share:.0%} known", points=pair.score, fit=fit, share=pair.confidence)
    yield paragraph(f"{pair.requester_id} : {pair.candidate_id}  {scored}", "  ", "    ")
    told = [reason.text for reason in pair.reasons if reason.text and reason.direction == "for"]
    yield from (paragraph(text, "      ") for text in told[:_REASONS])
    if pair.locked:
        yield paragraph(_("A coordinator decided this pair (decision {n}).", n=pair.decision), "      ")


def _unmatched(each: Unmatched) -> Iterator[str]:
    yield paragraph(f"{each.person_id}: {_why(each)}", "  ", "    ")
    for near in each.nearest:
        way = " ".join(obstacle.text for obstacle in near.in_the_way)
        told = _("nearest: {id}. {way}", id=near.other_id, way=way)
        if near.score is not None:
            told = _("nearest: {id}, {points:.1f} points. {way}", id=near.other_id, points=near.score, way=way)
        yield paragraph(told, "    - ", "      ")
    yield from (paragraph(change.text, "    > ", "      ") for change in each.changes)


def _why(each: Unmatched) -> str:
    return "; ".join(obstacle.text.rstrip(".") for obstacle in each.why) + "."


def _ids(ids: Sequence[str]) -> str:
    return listing(ids) or _("nobody")


def _decision(each: Decision) -> str:
    about = each.person_id or (f"{each.requester_id}:{each.candidate_id}" if each.requester_id else "")
    told = _(
        "{n}. {day} {what} {about} by {by}",
        n=each.number,
        day=each.on,
        what=_(ACTIONS[each.action]),
        about=about,
        by=each.by,
    )
    told = " ".join(told.split())
    return _("{decision}: {why}", decision=told, why=each.why) if each.why else told
