"""`matchengine groups`: a draft of groups for everybody at once, or formed anew around what a coordinator locked."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from matchengine.cli.files import add_files, save, take_away
from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import open_engine
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import _, listing, ngettext
from matchengine.io.draft_words import GIVEN_UP
from matchengine.io.json_lines import write_private
from matchengine.readiness.words import language_label
from matchengine.records import describe_validation
from matchengine.records.circles import Circle, CircleRelaxation, GroupsFigures, GroupsPlan, UnplacedPerson

__all__ = ["add_groups", "read_plan", "render_groups"]

_MOST_BYTES = 1 << 26


def add_groups(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `groups`."""
    told = _("kind of group, as the configuration names it (the first one)")
    parser.add_argument("--name", metavar="NAME", help=told)
    parser.add_argument("--people", metavar="IDS", help=_("form groups of these people only, ids with commas between"))
    options = (
        ("--together", "A:B", _("put these two into one group; may be given several times")),
        ("--apart", "A:B", _("keep these two apart; may be given several times")),
        ("--lock", "ID:N", _("put a person into the group of that number; may be given several times")),
    )
    for option, what, said in options:
        parser.add_argument(option, action="append", metavar=what, default=[], help=said)
    parser.add_argument("--plan", type=Path, metavar="FILE", help=_("begin from a draft that --save wrote"))
    parser.add_argument("--save", type=Path, metavar="FILE", help=_("also write the draft, to form it anew later"))
    parser.add_argument("--strict", action="store_true", help=_("exit with status 4 when somebody is in no group"))
    add_data(parser)
    add_files(parser)
    parser.set_defaults(run=_groups)


def _groups(arguments: argparse.Namespace, output: Output) -> int:
    together, apart = (_pairs(f"--{name}", getattr(arguments, name)) for name in ("together", "apart"))
    locks = {person: _number(word) for person, word in _pairs("--lock", arguments.lock)}
    before = None if arguments.plan is None else read_plan(arguments.plan)
    engine = open_engine(arguments)
    name = arguments.name or (before.name if before else next(iter(engine.config.groups), None))
    if name is None:
        raise ConfigError(_("this configuration forms no groups; name a kind of group in it, or try --config circles"))
    people = [word.strip() for word in arguments.people.split(",") if word.strip()] if arguments.people else None
    plan = engine.form_groups(name, people=people, together=together, apart=apart, lock=locks, plan=before)
    output.document(plan, "\n".join(render_groups(plan)))
    if arguments.save:
        save(arguments, output, arguments.save, lambda path: write_private(path, plan.model_dump_json(indent=2) + "\n"))
    take_away(arguments, output, plan)
    return 4 if arguments.strict and plan.unplaced else 0


def _pairs(option: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """Two words each, from such as `HB-0001:HB-0002`."""
    found = []
    for word in words:
        parts = [part.strip() for part in word.split(":")]
        if len(parts) != 2 or not all(parts):
            told = _("{option} is {word!r}, expected two words with a colon between", option=option, word=word)
            raise ConfigError(told)
        found.append((parts[0], parts[1]))
    return found


def _number(word: str) -> int:
    if not word.isdecimal():
        raise ConfigError(_("--lock: {word!r} is not the number of a group, such as 3", word=word))
    return int(word)


def read_plan(path: Path) -> GroupsPlan:
    """Read a draft of groups that was saved before.

    Raises
    ------
    DataError
        When the file cannot be read or is something else.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(_("{path}: larger than {most} bytes; expected a saved draft", path=path, most=_MOST_BYTES))
        return GroupsPlan.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        told = _("{path}: cannot be read ({reason})", path=path, reason=getattr(error, "strerror", "UTF-8"))
        raise DataError(told) from None
    except ValidationError as error:
        told = _("{path}: not a draft of groups; expected a file that `matchengine groups --save` wrote", path=path)
        raise DataError(told, describe_validation(error, GroupsPlan)) from None


def render_groups(plan: GroupsPlan) -> Iterator[str]:
    """The draft in lines of at most 80 columns."""
    numbers = plan.figures
    told = _(
        "Groups “{name}” (kind: {kind}), drafts until everybody agrees: {groups} with {placed} of {people} people.",
        name=plan.name,
        kind=plan.kind,
        groups=ngettext("{n} group", "{n} groups", numbers.groups),
        placed=numbers.placed,
        people=numbers.people,
    )
    yield paragraph(told)
    for group in plan.groups:
        yield from ("", *_circle(group))
    if plan.unplaced:
        yield from ("", _("In no group"))
    for person in plan.unplaced:
        yield from _unplaced(person)
    yield from ("", _("All in all"), *_figures(numbers))
    if plan.relaxations:
        yield paragraph(_("Given up somewhere: {what}.", what=_given_up(plan.relaxations)), "  ", "    ")
    yield from (paragraph(note, "  ", "    ") for note in plan.notes)
    if not plan.reproducible:
        told = _("A clock stopped the search: the same run may form other groups.")
        yield paragraph(told, "  ", "    ")


def _circle(group: Circle) -> Iterator[str]:
    size = ngettext("{n} member", "{n} members", len(group.members))
    yield _("{n}. {size}", n=group.number, size=size)
    yield paragraph(", ".join(group.members), "   ")
    if group.similarity is not None and group.difference is not None:
        values = {"alike": 100 * group.similarity, "different": 100 * group.difference}
        told = _("alike by {alike:.0f} of 100, different in outlook by {different:.0f} of 100", **values)
        yield paragraph(told, "   ", "     ")
    if group.slot is not None:
        yield paragraph(_("when: {slot}", slot=group.slot.text), "   ", "     ")
    if group.language is not None:
        yield paragraph(_("language: {name}", name=language_label(group.language)), "   ", "     ")
    if group.leader_id is not None:
        yield paragraph(_("led by: {who}", who=group.leader_id), "   ", "     ")
    yield from (paragraph(sentence, "   + ", "     ") for sentence in group.why)
    for lesson in group.lessons:
        told = ngettext(
            "{who} could teach “{offer}”; {n} other looks for that",
            "{who} could teach “{offer}”; {n} others look for that",
            lesson.learners,
            who=lesson.person_id,
            offer=lesson.offer,
        )
        yield paragraph(told, "   > ", "     ")
    yield from (paragraph(sentence, "   ! ", "     ") for sentence in group.notes)
    for sentence in group.to_confirm:
        yield paragraph(_("to confirm: {sentence}", sentence=sentence), "   ? ", "     ")
    if group.relaxations:
        yield paragraph(_("given up: {what}", what=_given_up(group.relaxations)), "   . ", "     ")


def _unplaced(person: UnplacedPerson) -> Iterator[str]:
    yield paragraph(f"{person.person_id}: {person.text}", "  ", "    ")
    yield from (paragraph(option.text, "    > ", "      ") for option in person.nearest)


def _figures(numbers: GroupsFigures) -> Iterator[str]:
    isolates = _("a few, not told apart") if numbers.isolates is None else str(numbers.isolates)
    yield paragraph(_("only ones of their kind in a group: {n}", n=isolates), "  ", "    ")
    yield paragraph(_("groups with exactly one newcomer: {n}", n=numbers.newcomers_alone), "  ", "    ")
    if numbers.common_slot_rate is not None:
        told = _("groups with a time that suits every member: {share:.0%}", share=numbers.common_slot_rate)
        yield paragraph(told, "  ", "    ")
    if numbers.common_language_rate is not None:
        told = _("groups with a language that every member speaks: {share:.0%}", share=numbers.common_language_rate)
        yield paragraph(told, "  ", "    ")
    if numbers.mean_quality is not None and numbers.least_quality is not None:
        told = _(
            "worth of the weakest group {least:.2f}, on average {mean:.2f}",
            least=numbers.least_quality,
            mean=numbers.mean_quality,
        )
        yield paragraph(told, "  ", "    ")


def _given_up(relaxations: Sequence[CircleRelaxation]) -> str:
    return listing([_(GIVEN_UP[one]) for one in relaxations])
