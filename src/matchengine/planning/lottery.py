"""Give the places of an event by lot, with priority for whoever never came and whoever waited before (domain.md C8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import get_args

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.records import Relationship
from matchengine.records.lottery import Applicant, Draw, Lottery, PriorityClass

__all__ = ["PRIORITY", "applicants_of", "draw_lots", "drawn_number", "free_places"]

PRIORITY: tuple[PriorityClass, ...] = get_args(PriorityClass)
"""Never attended comes first; among equals, whoever was left waiting before."""


def drawn_number(seed: int, event_id: str, person_id: str) -> str:
    """Return the number that a person draws, 64 hexadecimal digits; anybody who knows the seed can check it.

    SHA-256 of seed, event and person in UTF-8, with a line feed between them. So it depends neither on the order nor
    on the number of applicants, and another event is another draw.
    """
    return sha256(f"{seed}\n{event_id}\n{person_id}".encode()).hexdigest()


def draw_lots(
    event_id: str,
    applicants: Iterable[Applicant],
    places: int | None,
    seed: int,
    priority: Sequence[PriorityClass] = PRIORITY,
) -> Lottery:
    """Order applicants by priority, then by lot; the first get the places, the others wait in that order.

    Parameters
    ----------
    places : int or None
        Free places; None admits everybody.
    seed : int
        Published before the draw, so that nobody can choose it afterwards.
    priority : sequence of str
        What gives priority, the strongest first: an applicant with it comes before all without it.

    Raises
    ------
    DataError
        When somebody applies twice, or the places are fewer than none.
    """
    asking = list(applicants)
    counted = Counter(a.person_id for a in asking)
    twice = sorted(person for person, n in counted.items() if n > 1)
    if twice:
        raise DataError(_("somebody applies more than once for event {id!r}; nothing was drawn", id=event_id), twice)
    if places is not None and places < 0:
        raise DataError(_("event {id!r} has {n} free places, expected 0 or more", id=event_id, n=places))
    numbers = {a.person_id: drawn_number(seed, event_id, a.person_id) for a in asking}
    order = sorted(asking, key=lambda a: (*(getattr(a, name) is not True for name in priority), numbers[a.person_id]))
    cut = len(order) if places is None else min(places, len(order))

    def listed(of: Sequence[Applicant]) -> tuple[Draw, ...]:
        return tuple(
            Draw(
                place=place,
                person_id=a.person_id,
                priorities=tuple(name for name in priority if getattr(a, name)),
                number=numbers[a.person_id],
            )
            for place, a in enumerate(of, 1)
        )

    return Lottery(
        event_id=event_id,
        seed=seed,
        places=places,
        priority=tuple(priority),
        admitted=listed(order[:cut]),
        waitlist=listed(order[cut:]),
    )


def applicants_of(event_id: str, relationships: Iterable[Relationship], over: Collection[str]) -> list[Applicant]:
    """Return who applies for an event, by memberships: `proposed` applies, `active` has a place, `completed` came.

    Parameters
    ----------
    relationships : iterable of Relationship
        Of several records of one person and one event the last one counts.
    over : collection of str
        Ids of events that are over: whoever still stands as `proposed` there was left waiting.
    """
    last = _memberships(relationships)
    came = {person for (person, _), status in last.items() if status == "completed"}
    waited = {person for (person, other), status in last.items() if status == "proposed" and other in over}
    asking = sorted(person for (person, other), status in last.items() if other == event_id and status == "proposed")
    return [
        Applicant(person_id=person, never_attended=person not in came, previously_waitlisted=person in waited)
        for person in asking
    ]


def free_places(
    event_id: str, capacity: int | None, size_now: int | None, relationships: Iterable[Relationship]
) -> int | None:
    """Places that are left: the capacity less whoever is there already; None where no capacity is stated.

    Already there are the `active` memberships, or `size_now` where that is more.
    """
    if capacity is None:
        return None
    last = _memberships(relationships)
    active = sum(other == event_id and status == "active" for (_person, other), status in last.items())
    return max(capacity - max(active, size_now or 0), 0)


def _memberships(relationships: Iterable[Relationship]) -> dict[tuple[str, str], str]:
    return {(r.person_id, r.other_id): r.status for r in relationships if r.kind == "membership"}
