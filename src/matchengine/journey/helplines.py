"""Helplines to show beside a topic, by country and language, never by who somebody is (domain.md S3-07, S4-09)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from matchengine.pool.text import primary_language
from matchengine.records import Event, Group, Resource

__all__ = ["beside_topic", "choose"]

_MOST = 3


def choose(
    resources: Iterable[Resource],
    country: str | None,
    languages: Sequence[str],
    *,
    first: Collection[str] = (),
    most: int = _MOST,
) -> tuple[Resource, ...]:
    """Return helplines for a country and languages, the most fitting first.

    Nothing about a person is read but where they are and what they speak. Returned are those in a language that the
    person speaks, or that state none; only where there are none at all, those in other languages, for some help is
    better than none.

    Parameters
    ----------
    resources : iterable of Resource
        Only those of the type `helpline` count.
    country : str or None
        ISO 3166-1 code; helplines of other countries are left out. None: only those that state no country.
    languages : sequence of str
        BCP 47 tags, the preferred one first.
    first : collection of str
        Ids that come first, such as those that a group names itself.
    most : int
        How many at most.
    """
    spoken = [primary_language(tag) for tag in languages]
    near = [r for r in resources if r.type == "helpline" and r.country in (country, None)]
    understood = [r for r in near if not r.languages or _place(r, spoken) < len(spoken)]

    def order(resource: Resource) -> tuple[bool, bool, int, int, str]:
        fresh = resource.fresh_on or date.min
        return (
            resource.id not in first,
            resource.country is None,
            _place(resource, spoken),
            -fresh.toordinal(),
            resource.id,
        )

    return tuple(sorted(understood or near, key=order)[:most])


def _place(resource: Resource, spoken: Sequence[str]) -> int:
    """Place of the resource's best language among those spoken; their number where it is in none of them."""
    own = {primary_language(ability.tag) for ability in resource.languages}
    return min((place for place, language in enumerate(spoken) if language in own), default=len(spoken))


def beside_topic(
    card: Group | Event, resources: Iterable[Resource], country: str | None, languages: Sequence[str]
) -> tuple[Resource, ...]:
    """Return the helplines to show as soon as somebody chooses a group's topic, before anything else about it.

    For topics of risk B and C; those that the group names come first. None for topics of risk A.
    """
    if card.topic_risk == "A":
        return ()
    return choose(resources, country, languages, first=card.safety.helplines if card.safety else ())
