"""What members said felt unsafe, or like a competition, and what follows (domain.md S4-13); nobody is named."""

from __future__ import annotations

import numpy as np

from matchengine.i18n import _
from matchengine.pool.pool import Pool
from matchengine.records.pulse import Suspension, SuspensionKind

__all__ = ["suspensions"]

_KINDS: dict[str, SuspensionKind] = {"groups": "group", "events": "event", "projects": "project"}


def suspensions(pool: Pool) -> tuple[Suspension, ...]:
    """Return what a person is to look into, gatherings first, then by id; for coordinators.

    A gathering that was only marked as suspended in its record is among them too. What is not here any more is not.
    """
    flagged = pool.flags.suspended()
    found: list[Suspension] = []
    for table, kind in _KINDS.items():
        records = pool.tables[table]
        stated = records.column("suspended") if "suspended" in records.names else np.zeros(len(records))
        for about, row in sorted(records.row_of.items()):
            if about in flagged or stated[row] == 1:
                found.append(Suspension(about_id=about, kind=kind, suspended=True, text=_told(about in flagged)))
    people = pool.tables["people"].row_of
    told = _(
        "Several people said independently that it felt unsafe or like a competition. This concerns a person: speak "
        "with those concerned, each alone, and decide; nothing was changed."
    )
    found += [
        Suspension(about_id=one, kind="person", suspended=False, text=told) for one in sorted(flagged & {*people})
    ]
    return tuple(found)


def _told(flagged: bool) -> str:
    if flagged:
        return _(
            "Several people said independently that it felt unsafe or like a competition, so it is suggested to "
            "nobody. Look into it and write the day into `reviewed_on` of its record; until then it stays out."
        )
    return _("Its record marks it as suspended; it is suggested to nobody until the mark is taken out.")
