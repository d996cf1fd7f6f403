"""The page of circles of skill exchange: who teaches whom, drawn."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import _, ngettext
from matchengine.records.swaps import SkillCircle, SkillCircles
from matchengine.report.bars import parts_of_whole
from matchengine.report.guide import guide_of, origin_section
from matchengine.report.parts import Chart, Charts, Entries, Entry, Figures, Names, Page, Section, Table
from matchengine.report.rings import ring
from matchengine.report.shapes import count, points
from matchengine.report.swaps_page import best_possible

__all__ = ["skill_circles_page"]


def skill_circles_page(found: SkillCircles, names: Mapping[str, str]) -> Page:
    """Return the page of circles of skill exchange."""
    who = Names(names, {})
    sections = [
        _summary(found),
        _circles(found, who),
        _without(found, who),
        _guide(named=bool(names)),
        origin_section(found.fingerprint, _("What made this draft")) if found.fingerprint else None,
    ]
    return Page(
        title=_("Circles of skill exchange: {kind}", kind=found.kind),
        notice=_("Every circle here is a draft: nothing is settled before everybody in it agrees."),
        sections=tuple(section for section in sections if section is not None),
    )


def _summary(found: SkillCircles) -> Section:
    figures = (
        (_("Want to learn and can teach"), count(found.asked), ""),
        (_("People in a circle"), count(found.served), ngettext("{n} circle", "{n} circles", len(found.circles))),
        (_("People in no circle"), count(len(found.without)), ""),
        (_("Least that a lesson meets a wish"), points(found.least), _("of 100")),
    )
    rows = [(_("People"), (_("in a circle"), found.served), (_("in none"), len(found.without)))]
    chart = Chart(_("How many are in a circle"), parts_of_whole("served", _("People in a circle"), rows))
    clock = () if found.reproducible else (_("A clock stopped the search: another run may choose otherwise."),)
    blocks = (Figures(figures), Charts("", (chart,), ()))
    return Section("summary", _("Summary"), blocks, (best_possible(found), *clock))


def _circles(found: SkillCircles, names: Names) -> Section | None:
    if not found.circles:
        return None
    entries = tuple(_circle(number, circle, names) for number, circle in enumerate(found.circles, 1))
    lead = (
        _("An arrow leads from whoever teaches to whoever learns. On it stands how well the lesson meets the wish."),
    )
    return Section("circles", _("Circles"), (Entries(entries),), lead)


def _circle(number: int, circle: SkillCircle, names: Names) -> Entry:
    name = f"circle-{number}"
    lessons = list(reversed(circle.lessons))  # each learns from the next, so teaching runs the other way
    links = [(_("teaches"), _("{points} of 100", points=points(one.gain))) for one in lessons]
    drawing = ring(f"{name}-d", _("Who teaches whom"), [one.teacher_id for one in lessons], links)
    rows = tuple(
        (names.who(one.learner_id), names.who(one.teacher_id), points(one.gain), one.offer or "", one.text)
        for one in circle.lessons
    )
    header = (_("learns"), _("from"), _("meets the wish"), _("what is taught"), _("in words"))
    table = Table(_("Lessons"), header, rows, frozenset({2}))
    chance = _("Chance that nobody drops out: {chance:.0%}.", chance=circle.completion)
    return Entry(name, _("Circle {number}", number=number), chance, drawing, table)


def _without(found: SkillCircles, names: Names) -> Section | None:
    if not found.without:
        return None
    rows = tuple((names.who(person),) for person in found.without)
    table = Table(_("Everybody in no circle"), (_("person"),), rows, folded=True)
    lead = (_("They want to learn something, and no circle closes with them. Whoever joins next may close one."),)
    return Section("without", _("Who is in no circle"), (table,), lead)


def _guide(*, named: bool) -> Section:
    read = (_("How well a lesson meets a wish runs from 0 to 100. Only what people want to learn counts, no goals."),)
    limits = (
        _("Whether two people will like each other. Only a first talk can tell."),
        _("How well somebody teaches. They said what they know; nobody tested it."),
    )
    return guide_of(read, limits, named=named)
