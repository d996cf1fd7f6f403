"""What several tables of targets share: languages, places, ways of meeting, and how a table is put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from matchengine.i18n import N_
from matchengine.io.targets import Target
from matchengine.records import vocabulary as v

__all__ = [
    "CADENCE",
    "LANGUAGES",
    "MODES",
    "PLACES",
    "TEXT_ITEM",
    "TEXT_LANGUAGE",
    "TIME_ZONE",
    "table_of",
    "words",
    "yes_no",
]


def words(literal: Any) -> tuple[str, ...]:
    """Return the words of a closed vocabulary."""
    return get_args(literal)


def table_of(*targets: Target | Iterable[Target]) -> dict[str, Target]:
    """Return targets by name."""
    flat: list[Target] = []
    for target in targets:
        flat += [target] if isinstance(target, Target) else list(target)
    return {target.name: target for target in flat}


def yes_no(*pairs: tuple[str, str]) -> Iterator[Target]:
    """Return the targets of questions with yes or no, from their names and meanings."""
    return (Target(name, "yes_no", doc) for name, doc in pairs)


MODES = Target("modes", "word", N_("ways of meeting"), words(v.Mode), "modes", many=True)
LANGUAGES = Target(
    "languages",
    "language",
    N_("languages with their level: 'English (C1); Spanish (native); French (A2, learn)'"),
    many=True,
    cap=12,
    qualifier="level",
    parts=("level", "modality", "wish"),
)
TIME_ZONE = Target(
    "time_zone", "time_zone", N_("IANA time zone of this row, such as Europe/Madrid; used to read slots")
)
TEXT_LANGUAGE = Target("text_language", "language_tag", N_("language of the free texts, as a tag or a name"))
PLACES = (
    Target("place.country", "country", N_("country, as ISO code or name")),
    Target("place.region", "region", N_("ISO 3166-2 code, such as ES-MD")),
    Target("place.area", "short_text", N_("coarse area or town; never a street address")),
    Target("place.geohash", "geohash", N_("geohash; cut to five characters, about 5 km")),
    Target("place.max_travel_minutes", "integer", N_("longest way, in minutes"), high=600),
    Target("place.transport", "word", N_("means of transport"), words(v.Transport), many=True, cap=5),
    Target("place", "record", N_("a place record (JSON Lines and DataFrames only)")),
)
CADENCE = (
    Target("cadence.every", "word", N_("how often to meet"), words(v.CadenceEvery), "cadence"),
    Target("cadence.minutes", "integer", N_("minutes of one meeting"), low=15, high=240),
    Target("cadence", "cadence", N_("how often and how long: 'weekly, 45 min', 'every 2 weeks, 60 min'")),
)
TEXT_ITEM = Target("", "item", "", many=True, names_masked=True)
