"""The page of a draft of groups: who is together, when they meet, how good each group is, and who is in none."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import _, ngettext
from matchengine.io.draft_words import GIVEN_UP
from matchengine.readiness.words import WEEKDAYS
from matchengine.records.circles import GroupsFigures, GroupsPlan
from matchengine.report.bars import amount_bars, parts_of_whole
from matchengine.report.charts import DAY_PARTS
from matchengine.report.grids import meeting_week
from matchengine.report.group_cards import group_entry, group_title, language_of
from matchengine.report.guide import guide_of, origin_section
from matchengine.report.parts import (
    Chart,
    Charts,
    Entries,
    Figures,
    Names,
    Page,
    Points,
    Section,
    Table,
)
from matchengine.report.shapes import count, points

__all__ = ["groups_page"]


def groups_page(plan: GroupsPlan, names: Mapping[str, str]) -> Page:
    """Return the page of a draft of groups."""
    who = Names(names, {})
    found = [
        _summary(plan),
        _overview(plan),
        _groups(plan, who),
        _without(plan, who),
        _guide(named=bool(names)),
        origin_section(plan.fingerprint, _("What made this draft")) if plan.fingerprint else None,
    ]
    return Page(
        title=_("Groups: {name}", name=plan.name),
        sides=_("kind of match: {kind}", kind=plan.kind) if plan.fingerprint else "",
        day=plan.fingerprint.as_of.isoformat() if plan.fingerprint else "",
        notice=_("Every group here is a draft: nothing is settled before everybody in it agrees."),
        sections=tuple(section for section in found if section is not None),
    )


def _summary(plan: GroupsPlan) -> Section:
    numbers = plan.figures
    left = max(0, numbers.people - numbers.placed)
    alone = _("a few, not told apart") if numbers.isolates is None else count(numbers.isolates)
    figures = [
        (_("Groups"), count(numbers.groups), ""),
        (_("People in a group"), count(numbers.placed), _("of {n}", n=count(numbers.people))),
        (_("People in no group"), count(left), ""),
        (_("Only ones of their kind in a group"), alone, ""),
        (_("Groups with exactly one newcomer"), count(numbers.newcomers_alone), ""),
        *_shares(numbers),
    ]
    rows = [(_("People"), (_("in a group"), numbers.placed), (_("in none"), left))]
    chart = Chart(_("How many are in a group"), parts_of_whole("placed", _("People in a group"), rows))
    blocks: list[Figures | Points | Charts] = [Figures(tuple(figures)), Charts("", (chart,), ())]
    clock = () if plan.reproducible else (_("A clock stopped the search: the same run may form other groups."),)
    if plan.notes or clock:
        blocks.append(Points((*plan.notes, *clock), _("Please note")))
    if plan.relaxations:
        blocks.append(Points(tuple(_(GIVEN_UP[one]) for one in plan.relaxations), _("Given up somewhere")))
    return Section("summary", _("Summary"), tuple(blocks))


def _shares(numbers: GroupsFigures) -> list[tuple[str, str, str]]:
    told = (
        (_("Groups with a time that suits every member"), numbers.common_slot_rate),
        (_("Groups with a language that every member speaks"), numbers.common_language_rate),
    )
    return [(words, _("{n} %", n=round(100 * share)), "") for words, share in told if share is not None]


def _overview(plan: GroupsPlan) -> Section | None:
    if not plan.groups:
        return None
    sizes = [
        (group_title(group), float(len(group.members)), ngettext("{n} member", "{n} members", len(group.members)))
        for group in plan.groups
    ]
    worth = [
        (group_title(group), 100 * group.quality, points(100 * group.quality))
        for group in sorted(plan.groups, key=lambda one: (one.quality, one.number))
    ]
    panels = [
        Chart(_("Members of each group"), amount_bars("sizes", _("Members of each group"), sizes)),
        Chart(_("Worth of each group, the weakest first"), amount_bars("worth", _("Worth of each group"), worth)),
    ]
    meetings: dict[tuple[str, str], list[int]] = {}
    for group in plan.groups:
        if group.slot is not None:
            hour = int(group.slot.time[:2]) if group.slot.time[:2].isdecimal() else group.slot.first.hour
            part = tuple(DAY_PARTS)[min(hour // 6, 3)]
            meetings.setdefault((WEEKDAYS[group.slot.weekday], part), []).append(group.number)
    if meetings:
        drawing = meeting_week("week", _("When each group meets"), meetings)
        panels.append(Chart(_("When each group meets, by its number"), drawing))
    header = (_("group"), _("members"), _("when"), _("language"), _("led by"), _("worth"))
    rows = tuple(
        (
            *(str(group.number), count(len(group.members)), group.slot.text if group.slot else ""),
            *(language_of(group), group.leader_id or "", points(100 * group.quality)),
        )
        for group in plan.groups
    )
    table = Table(_("Groups in numbers"), header, rows, frozenset({1, 5}))
    lead = (
        _(
            "Worth is 100 times likeness, difference and mutual teaching, less the risk that a group splits, "
            "each with its weight. It compares the groups of this page and no others."
        ),
    )
    return Section("overview", _("Overview"), (Charts("", tuple(panels), (table,)),), lead)


def _groups(plan: GroupsPlan, names: Names) -> Section | None:
    if not plan.groups:
        return None
    entries = tuple(group_entry(place, group, plan, names) for place, group in enumerate(plan.groups, 1))
    return Section("groups", _("Groups"), (Entries(entries),))


def _without(plan: GroupsPlan, names: Names) -> Section | None:
    if not plan.unplaced:
        return None
    rows = tuple(
        (names.who(one.person_id), one.text, tuple(option.text for option in one.nearest)) for one in plan.unplaced
    )
    table = Table(_("Everybody in no group"), (_("person"), _("why"), _("nearest options")), rows)
    return Section("without", _("Who is in no group, and why"), (table,))


def _guide(*, named: bool) -> Section:
    read = (
        _("Every group has a time and a language that suit all its members, as far as people stated them."),
        _("Who is the only one of their kind is counted for all groups together and never told of a person."),
        _("Personal rules are kept and never explained, so that nobody is exposed."),
    )
    limits = (
        _("Whether people will like each other. Only a first meeting can tell."),
        _("Anything that people did not say, or did not allow to be used."),
    )
    return guide_of(read, limits, named=named)
