"""From mentee to mentor: whom to ask whether they would like to mentor, and in what (domain.md S2-31).

A question to the person alone. Nothing follows before their own record holds the role.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import get_args

from matchengine.i18n import _, listing
from matchengine.pool.pool import Pool
from matchengine.records import Relationship
from matchengine.records import vocabulary as v
from matchengine.records.pulse import ReadyToMentor

__all__ = ["ready_to_mentor"]

_ROLES: tuple[str, ...] = get_args(v.Role)
_NAMED = 3


def ready_to_mentor(pool: Pool, ties: Iterable[Relationship], today: date) -> tuple[ReadyToMentor, ...]:
    """Return whom to ask, in the order of their ids, each with what they offer in their own words.

    They are adults whose mentoring as a mentee was completed by today, who offer something that they can teach, are no
    mentors yet, and do not take a break. Nobody is ranked.
    """
    people, field = pool.tables["people"], pool.fields["people.offers"]
    completed = {tie.person_id for tie in ties if _completed(tie, today)}
    mentors = (people.column("roles") >> _ROLES.index("mentor")) & 1
    here, adult = pool.members("people", None), people.column("adult")
    found = []
    for person_id in sorted(completed):
        row = people.row_of.get(person_id)
        if row is None or not here[row] or mentors[row] or adult[row] != 1:
            continue
        offers = tuple(field.texts[number] for number in field.items.text[field.items.of(row)].tolist())
        if offers:
            told = _(
                "Your mentoring is completed, and you offer {offers}. Would you like to mentor somebody in it? It is "
                "your choice; nothing changes unless you say yes.",
                offers=listing([_("“{text}”", text=offer) for offer in offers[:_NAMED]]),
            )
            found.append(ReadyToMentor(person_id=person_id, offers=offers, text=told))
    return tuple(found)


def _completed(tie: Relationship, today: date) -> bool:
    return tie.kind == "mentoring" and tie.status == "completed" and (tie.ends is None or tie.ends <= today)
