"""Start a small group: three or more people near each other who chose the same theme (domain.md S4-03).

Nobody learns who the others are before all of them said yes, and a no looks to the others like waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from matchengine.batch import BoolArray
from matchengine.i18n import N_, _
from matchengine.records.follow_up import SmallGroup, SmallGroupInvitation, ThemeChoice

__all__ = ["LEAST", "MOST", "invitation", "small_groups"]

LEAST, MOST = 3, 8
"""Fewest and most people of a group that starts."""


def small_groups(choices: Sequence[ThemeChoice], near: BoolArray, most: int = MOST) -> tuple[SmallGroup, ...]:
    """Propose groups, theme by theme; whoever did not opt in to being asked is in none.

    Parameters
    ----------
    choices : sequence of ThemeChoice
        n themes that people chose; small and capital letters are one theme.
    near : bool array (n, n)
        Whether the people of two choices are near each other and may be brought together; the diagonal is ignored.
    most : int
        Most people of one group, at least 3.

    Returns
    -------
    tuple of SmallGroup
        People of one group are all near each other. A person is in at most one group of a theme. Where three of those
        who are left could form a group, they do.
    """
    both = near & near.T
    themes: dict[str, list[int]] = {}
    for row in sorted(range(len(choices)), key=lambda row: choices[row].person_id):
        if choices[row].opted_in:
            rows = themes.setdefault(choices[row].theme.casefold(), [])
            if choices[row].person_id not in {choices[other].person_id for other in rows}:
                rows.append(row)
    found = []
    for rows in themes.values():
        left = rows
        while team := _team(left, both, most):
            people = tuple(choices[row].person_id for row in team)
            found.append(SmallGroup(theme=choices[team[0]].theme, people=people))
            left = [row for row in left if row not in team]
    return tuple(found)


def _team(rows: Sequence[int], both: BoolArray, most: int) -> list[int]:
    """Return people who are all near each other: the first three that are, and whoever fits to them; else nobody."""
    for place, first in enumerate(rows):
        around = [row for row in rows[place + 1 :] if both[first, row]]
        for second, third in combinations(around, LEAST - 1):
            if both[second, third]:
                team = [first, second, third]
                for row in rows:
                    if len(team) < most and row not in team and both[row, team].all():
                        team.append(row)
                return team
    return []


def invitation(group: SmallGroup, person_id: str, answers: Mapping[str, bool | None]) -> SmallGroupInvitation:
    """Return what one person of a group reads.

    Parameters
    ----------
    answers : mapping
        Of each person True, False or None (not answered yet); who is not in it has not answered.
    """
    answered = answers.get(person_id)
    everybody = all(answers.get(other) is True for other in group.people)
    if everybody:
        text = _("Everybody said yes: you can meet about “{theme}”.", theme=group.theme)
    elif answered is True:
        text = _("Your yes is noted. Nobody learns who the others are until all have said yes.")
    elif answered is False:
        text = _("Your no is noted; nobody is told.")
    else:
        told = N_("Some people near you chose the theme “{theme}” too. Would you start a small group with them?")
        text = _(told, theme=group.theme)
    people = tuple(other for other in group.people if other != person_id) if everybody else ()
    return SmallGroupInvitation(person_id=person_id, theme=group.theme, people=people, text=text)
