"""Groups for everybody as plain sheets: summary, one row per member, one per group, and who is in none."""

from __future__ import annotations

from matchengine.i18n import N_, _, ngettext
from matchengine.io.contacts import ContactSheet
from matchengine.io.draft_words import GIVEN_UP
from matchengine.io.sheet_parts import (
    Cell,
    Figure,
    Sheet,
    called,
    made_by,
    numbered,
    person_keys,
    please_note,
    summary_sheet,
    who,
    yes,
)
from matchengine.records.circles import Circle, GroupsPlan, Lesson

__all__ = ["sheets_of_groups"]


def sheets_of_groups(plan: GroupsPlan, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a draft of groups; the second holds one row per member.

    Parameters
    ----------
    plan : GroupsPlan
    contacts : ContactSheet, optional
        As for `sheets_of_run`.

    Returns
    -------
    list of Sheet
        Summary, members, groups, and who is in no group with the reason and the nearest options.
    """
    return [_summary(plan), _members(plan, contacts), _groups(plan, contacts), _unplaced(plan, contacts)]


def _summary(plan: GroupsPlan) -> Sheet:
    numbers = plan.figures
    figures: list[Figure] = [
        (_("Kind of group"), plan.name),
        (_("Kind of match"), plan.kind),
        (_("People"), numbers.people),
        (_("People in a group"), numbers.placed),
        (_("People in no group"), numbers.people - numbers.placed),
        (_("Groups"), numbers.groups),
        (_("Only ones of their kind in a group"), _a_few(numbers.isolates)),
        (_("Groups with exactly one newcomer"), numbers.newcomers_alone),
        (_("Groups with a time that suits every member, as a share"), numbers.common_slot_rate),
        (_("Groups with a language that every member speaks, as a share"), numbers.common_language_rate),
        (_("Worth of the weakest group"), numbers.least_quality),
        (_("Worth of a group, mean"), numbers.mean_quality),
        (_("Given up anywhere"), ", ".join(_(GIVEN_UP[one]) for one in plan.relaxations) or None),
        *numbered(N_("Note {n}"), plan.notes),
        (_("Seed of the lottery"), plan.seed),
    ]
    if not plan.reproducible:
        told = _("A clock stopped the search: the same run may form other groups.")
        figures.append((_("Not reproducible"), told))
    return summary_sheet([*figures, *made_by(plan.fingerprint), please_note()])


def _a_few(number: int | None) -> Cell:
    return _("a few, not told apart") if number is None else number


def _members(plan: GroupsPlan, contacts: ContactSheet | None) -> Sheet:
    header = (
        *(_("group"), *person_keys(contacts), _("leads it"), _("put there by a coordinator")),
        *(_("when"), _("language"), _("with"), _("could teach")),
    )
    rows: list[tuple[Cell, ...]] = []
    for group in plan.groups:
        for person in _everybody(group):
            others = ", ".join(called(one, contacts) for one in _everybody(group) if one != person)
            teaches = "\n".join(_lesson(one) for one in group.lessons if one.person_id == person)
            locked = yes(plan.locks.get(person) == group.number)
            cells = (group.number, *who(person, contacts), yes(person == group.leader_id), locked)
            rows.append((*cells, group.slot.text if group.slot else None, group.language, others, teaches or None))
    return Sheet(_("Members"), header, tuple(rows))


def _everybody(group: Circle) -> list[str]:
    """Members, and whoever leads them where that is nobody of them."""
    return list(dict.fromkeys([*([group.leader_id] if group.leader_id else []), *group.members]))


def _lesson(lesson: Lesson) -> str:
    looking = ngettext("{n} other looks for it", "{n} others look for it", lesson.learners)
    return _("{offer} ({looking})", offer=lesson.offer, looking=looking)


def _groups(plan: GroupsPlan, contacts: ContactSheet | None) -> Sheet:
    header = (
        *(_("group"), _("number of members"), _("members"), _("led by")),
        *(_("when"), _("first meeting"), _("minutes"), _("language")),
        *(_("worth"), _("alike, 0 to 1"), _("different, 0 to 1"), _("teaching, 0 to 1"), _("might split, 0 to 1")),
        *(_("what brings them together"), _("could teach"), _("to mind"), "to_confirm", _("given up")),
    )
    return Sheet(_("Groups"), header, tuple(_group(group, contacts) for group in plan.groups))


def _group(group: Circle, contacts: ContactSheet | None) -> tuple[Cell, ...]:
    slot = group.slot
    lessons = "\n".join(f"{called(one.person_id, contacts)}: {_lesson(one)}" for one in group.lessons)
    return (
        *(group.number, len(group.members), ", ".join(called(one, contacts) for one in group.members)),
        called(group.leader_id, contacts) if group.leader_id else None,
        *((slot.text, slot.first.date(), slot.minutes) if slot else (None, None, None)),
        *(group.language, group.quality, group.similarity, group.difference, group.teaching, group.faultline),
        *("\n".join(group.why), lessons, "\n".join(group.notes), "\n".join(group.to_confirm)),
        ", ".join(_(GIVEN_UP[one]) for one in group.relaxations),
    )


def _unplaced(plan: GroupsPlan, contacts: ContactSheet | None) -> Sheet:
    rows = tuple(
        (*who(one.person_id, contacts), one.text, "\n".join(option.text for option in one.nearest))
        for one in plan.unplaced
    )
    return Sheet(_("In no group"), (*person_keys(contacts), _("why"), _("nearest options")), rows)
