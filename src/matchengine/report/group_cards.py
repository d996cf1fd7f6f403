"""The card of one group: what it is made of, its members, and what to mind."""

from __future__ import annotations

from matchengine.i18n import _, ngettext
from matchengine.io.draft_words import GIVEN_UP
from matchengine.readiness.words import language_label
from matchengine.records.circles import Circle, GroupsPlan
from matchengine.report.bars import amount_bars
from matchengine.report.parts import Cell, Entry, Names, Table
from matchengine.report.shapes import Svg, points

__all__ = ["group_entry", "group_title", "language_of"]


def group_title(group: Circle) -> str:
    """Return what a group is called."""
    return _("Group {n}", n=group.number)


def language_of(group: Circle) -> str:
    """Return the language of a group by its name; empty where nobody stated any."""
    return language_label(group.language) if group.language else ""


def group_entry(place: int, group: Circle, plan: GroupsPlan, names: Names) -> Entry:
    """Return the card of a group; its anchor is its place on the page."""
    name = f"group-{place}"
    size = ngettext("{n} member", "{n} members", len(group.members))
    told = [group.slot.text] if group.slot else []
    told += [_("language: {name}", name=language_of(group))] if group.language else []
    told += [_("led by: {who}", who=group.leader_id)] if group.leader_id else []
    everybody = list(dict.fromkeys([*([group.leader_id] if group.leader_id else []), *group.members]))
    rows = tuple(_member(person, group, plan, names) for person in everybody)
    header = (_("person"), _("could teach"), _("remark"))
    notes = (
        (_("What brings them together"), group.why),
        (_("To mind"), group.notes),
        (_("To confirm in a talk"), group.to_confirm),
        (_("Given up for this group"), tuple(_(GIVEN_UP[one]) for one in group.relaxations)),
    )
    return Entry(
        name,
        f"{group_title(group)}: {size}",
        " · ".join(told),
        _parts(f"{name}-d", group),
        Table(_("Members"), header, rows),
        tuple((heading, texts) for heading, texts in notes if texts),
    )


def _member(person: str, group: Circle, plan: GroupsPlan, names: Names) -> tuple[Cell, ...]:
    teaches = tuple(
        ngettext("{offer} ({n} other looks for it)", "{offer} ({n} others look for it)", one.learners, offer=one.offer)
        for one in group.lessons
        if one.person_id == person
    )
    remarks = [_("leads the group")] if person == group.leader_id else []
    remarks += [_("put there by a coordinator")] if plan.locks.get(person) == group.number else []
    return names.who(person), teaches, ", ".join(remarks)


def _parts(name: str, group: Circle) -> Svg:
    """Draw what the worth of a group is made of; what nobody knows is left out."""
    told = (
        (_("alike"), group.similarity),
        (_("different in outlook"), group.difference),
        (_("can teach each other"), group.teaching),
        (_("might split into two camps"), group.faultline),
    )
    rows = [(words, 100 * value, points(100 * value)) for words, value in told if value is not None]
    return amount_bars(name, _("What the group is made of, each of 100"), rows, 100)
