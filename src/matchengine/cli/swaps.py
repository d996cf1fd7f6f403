"""`matchengine swaps`: plan a round of swaps, record a yes or a no, or find circles of people who teach one another."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from matchengine.cli.files import add_files, contacts_of, save, take_away
from matchengine.cli.locations import add_data, folder_of
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import open_engine
from matchengine.config import EngineConfig
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError, did_you_mean
from matchengine.i18n import _, listing, ngettext
from matchengine.io.draft_words import GAIN_PARTS, OBJECTIVES, SWAP_STATES, swap_shape
from matchengine.io.json_lines import write_private
from matchengine.io.swap_wishes import read_swap_wishes
from matchengine.programme.swaps.states import accept
from matchengine.records import Record, describe_validation
from matchengine.records.swaps import (
    PlannedSwap,
    SkillCircles,
    SwapLedger,
    SwapMove,
    SwapObjective,
    SwapPlace,
    SwapWish,
)

__all__ = ["add_swaps", "render_circles", "render_swaps"]

_BLOCKING = 5
"""How many exchanges that people would prefer the text shows; JSON holds all."""

_NAMED = 12
"""So many people in no circle are named; more are counted."""


def add_swaps(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `swaps`."""
    parser.add_argument("--name", help=_("round of swaps, as the configuration names it (the only one)"))
    told = _("CSV, XLSX or JSON with the wishes: one row for each mentoring that was asked")
    parser.add_argument("--wishes", type=Path, metavar="FILE", help=told)
    objectives = [name for name in get_args(SwapObjective) if name != "ttc"]
    told = _("what to choose for: {names} (as the configuration says)", names=", ".join(objectives))
    parser.add_argument("--objective", choices=objectives, metavar="NAME", help=told)
    told = _("choose by the mentees' own rankings of mentors (top trading cycles)")
    parser.add_argument("--rank", action="store_true", help=told)
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help=_("day that counts as today, 2026-03-09 (today)")
    )
    parser.add_argument("--plan", type=Path, metavar="FILE", help=_("ledger of this round that was saved before"))
    parser.add_argument("--decline", metavar="ID", help=_("this person says no: plan again whoever is concerned"))
    parser.add_argument("--leaves", action="store_true", help=_("with --decline: out of this round altogether"))
    parser.add_argument("--accept", metavar="ID", help=_("this person says yes"))
    parser.add_argument("--save", type=Path, metavar="FILE", help=_("also write the ledger as JSON, to go on with it"))
    told = _("instead: circles of people who teach one another, for a kind of match such as exchange")
    parser.add_argument("--circles", metavar="KIND", help=told)
    add_data(parser)
    add_files(parser)
    parser.set_defaults(run=_swaps)


def _swaps(arguments: argparse.Namespace, output: Output) -> int:
    _refuse_mixtures(arguments)
    engine = open_engine(arguments)
    if arguments.circles:
        circles = engine.skill_circles(arguments.circles)
        return _finish(arguments, output, circles, render_circles(circles))
    today = arguments.today or datetime.now(UTC).date()
    if arguments.accept:
        ledger = accept(_opened(arguments.plan), arguments.accept, today)
        return _finish(arguments, output, ledger, render_swaps(ledger))
    ledger = _decided(arguments, output, engine, today)
    return _finish(arguments, output, ledger, render_swaps(ledger))


def _decided(arguments: argparse.Namespace, output: Output, engine: Engine, today: date) -> SwapLedger:
    ties = folder_of(arguments).relationships
    wishes = _wishes(arguments, output)
    if arguments.decline:
        before = _opened(arguments.plan)
        return engine.decline_swap(before, arguments.decline, wishes, ties, today, leaves=arguments.leaves)
    name = _round(engine.config, arguments.name)
    objective: SwapObjective | None = "ttc" if arguments.rank else arguments.objective
    return engine.plan_swaps(name, wishes, ties, today, objective=objective)


def _refuse_mixtures(arguments: argparse.Namespace) -> None:
    if arguments.decline and arguments.accept:
        raise ConfigError(_("give --decline or --accept, not both"))
    if (arguments.decline or arguments.accept) and not arguments.plan:
        raise ConfigError(_("--decline and --accept need the ledger that was saved before: give --plan FILE"))
    if arguments.leaves and not arguments.decline:
        raise ConfigError(_("--leaves goes with --decline"))
    if not (arguments.circles or arguments.accept or arguments.wishes):
        raise ConfigError(_("give --wishes FILE: nobody is swapped who was not asked"))


def _round(config: EngineConfig, name: str | None) -> str:
    """Return the round that is meant."""
    if name is None and len(config.swaps) == 1:
        return next(iter(config.swaps))
    if name is None or name not in config.swaps:
        if not config.swaps:
            raise ConfigError(
                _("this configuration has no round of swaps; add a table such as [swaps.summer], or try --config swaps")
            )
        hint = did_you_mean(name or "", config.swaps)
        raise ConfigError(_("say which round of swaps with --name; {hint}", hint=hint))
    return name


def _wishes(arguments: argparse.Namespace, output: Output) -> list[SwapWish | SwapPlace]:
    made = read_swap_wishes(arguments.wishes, contacts=contacts_of(arguments.data))
    refused = [problem for problem in made.report.problems if problem.effect == "file refused"]
    if refused:
        raise DataError(_("the wishes cannot be read"), [each.sentence(with_value=False) for each in refused])
    if made.report.failures:
        output.note(made.report.render())
    return made.wishes


def _opened(path: Path) -> SwapLedger:
    try:
        return SwapLedger.model_validate_json(path.read_bytes())
    except OSError as error:
        told = _("{path}: cannot be read ({reason}); give a ledger that was saved", path=path, reason=error.strerror)
        raise DataError(told) from error
    except ValidationError as error:
        problems = describe_validation(error, SwapLedger)
        raise DataError(_("{path}: not a ledger of swaps", path=path), problems) from None


def _finish(arguments: argparse.Namespace, output: Output, document: Record, lines: Iterator[str]) -> int:
    output.document(document, "\n".join(lines))
    if arguments.save:
        text = document.model_dump_json(indent=2) + "\n"
        save(arguments, output, arguments.save, lambda path: write_private(path, text))
    take_away(arguments, output, document)
    return 0


def render_swaps(ledger: SwapLedger) -> Iterator[str]:
    """Yield the ledger in lines of at most 80 columns."""
    yield paragraph(_("Swaps {name} on {day}, a draft until everybody agrees.", name=ledger.name, day=ledger.today))
    yield paragraph(
        _(
            "Asked: {asked}. In an exchange: {swapped}. Left as they are: {left}.",
            asked=ledger.asked,
            swapped=ledger.swapped,
            left=sum(each.person_id is not None for each in ledger.unswapped),
        )
    )
    yield paragraph(_solved(ledger))
    for number, swap in enumerate(ledger.exchanges, 1):
        yield from ("", *_swap(number, swap))
    if ledger.unswapped:
        yield from ("", _("In no exchange"))
    for each in ledger.unswapped:
        who = each.person_id or _("(free place)")
        yield paragraph(_("{who} with {mentor}: {why}", who=who, mentor=each.mentor_id, why=each.text), "  ", "    ")
    if ledger.blocking:
        yield from ("", paragraph(_("Exchanges that all in them would prefer; they are not in this plan")))
    for block in ledger.blocking[:_BLOCKING]:
        yield paragraph(_pairs(block.pairs), "  - ", "    ")
    if len(ledger.blocking) > _BLOCKING:
        yield "  " + ngettext("and {n} more", "and {n} more", len(ledger.blocking) - _BLOCKING)
    if not ledger.blocking_known:
        yield from ("", paragraph(_("The round is too large to look for exchanges that people would prefer.")))
    for title, told in ((_("Before you go on"), ledger.advice), (_("How much is known"), ledger.caution)):
        yield from ("", title)
        yield from (paragraph(sentence, "  - ", "    ") for sentence in told)
    yield from ("", _("Decisions"))
    for decision in ledger.decisions:
        yield paragraph(f"{decision.on}  {decision.text}", "  ", "    ")


def _solved(ledger: SwapLedger | SkillCircles) -> str:
    """What was chosen for, and how near the choice is to the best possible one."""
    chosen = _("Chosen for: {what}.", what=_(OBJECTIVES[ledger.objective]))
    if ledger.objective == "ttc":
        return chosen
    if ledger.bound is None or ledger.gap is None:
        best = _("Value {value:g}; no bound is known.", value=ledger.value)
    elif ledger.proven:
        best = _("Value {value:g}, which is proven to be the best possible.", value=ledger.value)
    else:
        best = _(
            "Value {value:g}; at most {bound:g} is possible (gap {gap:.1%}).",
            value=ledger.value,
            bound=ledger.bound,
            gap=ledger.gap,
        )
    again = "" if ledger.reproducible else _("A clock stopped the search: another run may choose otherwise.")
    return " ".join(part for part in (chosen, best, again) if part)


def _swap(number: int, swap: PlannedSwap) -> Iterator[str]:
    values = {"number": number, "shape": swap_shape(swap), "id": swap.id, "state": _(SWAP_STATES[swap.state])}
    yield paragraph(_("Exchange {number}, a {shape} ({id}): {state}", **values), "", "  ")
    if swap.state == "declined":
        return
    dates = {"starts": swap.starts, "ends": swap.ends, "day": swap.returns_on}
    yield paragraph(_("From {starts} to {ends}; everybody returns on {day}.", **dates), "  ")
    chance = {"by": swap.accept_by, "chance": swap.completion}
    yield paragraph(_("Yes from all by {by}. Chance that nobody drops out: {chance:.0%}.", **chance), "  ")
    if swap.accepted_by:
        yield paragraph(_("Said yes: {who}.", who=listing(swap.accepted_by)), "  ")
    for move in swap.moves:
        yield from _move(move, weakest=move.person_id == swap.weakest)
    if swap.resting_mentor:
        yield paragraph(_("{mentor} has nobody for this period.", mentor=swap.resting_mentor), "  ")
    for other in swap.alternatives:
        yield paragraph(
            _("Next best with {who}: {pairs}", who=other.person_id, pairs=_pairs(other.pairs)), "  ", "    "
        )
    yield from _dates(swap)


def _move(move: SwapMove, *, weakest: bool) -> Iterator[str]:
    told = _("{mentee}: from {own} to {other}", mentee=move.person_id, own=move.from_mentor, other=move.to_mentor)
    yield "  " + told
    gain = _("gain {gain:.0f} of 100, at least {floor:.0f} asked for", gain=move.gain, floor=move.floor)
    if weakest:
        gain = _("{gain}; the least in this exchange", gain=gain)
    yield paragraph(gain, "    ")
    for part in move.parts:
        values = {"part": _(GAIN_PARTS[part.part]), "value": part.value, "share": part.weight, "text": part.text}
        yield paragraph(_("{part} {value:.0f} (counts {share:.0%}): {text}", **values), "    - ", "      ")
    yield paragraph(_("to the mentee: {text}", text=move.explanation), "    > ", "      ")
    for text in move.mentor_should_know:
        yield paragraph(_("to the mentor: {text}", text=text), "    > ", "      ")
    for text in move.to_confirm:
        yield paragraph(_("to check: {text}", text=text), "    ? ", "      ")


def _dates(swap: PlannedSwap) -> Iterator[str]:
    yield "  " + _("To do")
    for text in swap.checklist:
        yield paragraph(text, "    [ ] ", "        ")
    for day, what in (
        (swap.mid_check, _("ask both sides how it goes")),
        (swap.feedback_on, _("ask both sides how it was")),
        (swap.anchor_check, _("ask whether the first mentoring goes on")),
    ):
        yield paragraph(f"{day}: {what}", "    [ ] ", "        ")
    for text in swap.return_plan:
        yield paragraph(text, "    [ ] ", "        ")


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(_("{mentee} to {mentor}", mentee=mentee, mentor=mentor) for mentee, mentor in pairs)


def render_circles(found: SkillCircles) -> Iterator[str]:
    """Yield circles of skill exchange in lines of at most 80 columns."""
    told = _("Circles of skill exchange (kind: {kind}), a draft until everybody agrees.", kind=found.kind)
    yield paragraph(told)
    yield paragraph(
        _(
            "Want to learn and can teach: {asked}. In a circle: {served}. "
            "Every lesson meets a wish by {least:.0f} of 100 at least.",
            asked=found.asked,
            served=found.served,
            least=found.least,
        )
    )
    yield paragraph(_solved(found))
    for number, circle in enumerate(found.circles, 1):
        told = _("Circle {number}: chance that nobody drops out {chance:.0%}", number=number, chance=circle.completion)
        yield from ("", told)
        for lesson in circle.lessons:
            yield paragraph(_("{gain:3.0f}  {text}", gain=lesson.gain, text=lesson.text), "  ", "       ")
    if len(found.without) > _NAMED:
        yield from ("", _("In no circle: {n} people; --json names them.", n=len(found.without)))
    elif found.without:
        yield from ("", paragraph(_("In no circle: {who}.", who=listing(found.without)), "", "  "))
