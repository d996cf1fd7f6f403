"""People who tell something about themselves, wish to share it, and consent: small programmes for tests of the lift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import matchengine as me
from tests.support import consent, engine, mentee, mentor

LIFT = '[match.mentor.scorers.shared]\nuse = "intersectional_fit"\n'
GROUP_LIFT = '[match.group.scorers.shared]\nuse = "intersectional_fit"\n'
MATCHED = ("attributes", "lived_experience", "wishes")
CROSSING = ("started over in a new country", "only one in my team")
"""Two themes of lived experience."""


def attributes(*tokens: str) -> list[dict[str, str]]:
    """Return attributes from `dimension:value` words."""
    return [dict(zip(("dimension", "value"), token.split(":"), strict=True)) for token in tokens]


def wishes(strength: str = "important", *dimensions: str, **more: Any) -> list[dict[str, Any]]:
    """Return wishes of one strength."""
    return [{"dimension": dimension, "strength": strength, **more} for dimension in dimensions]


def consents(people: Iterable[dict[str, Any]], fields: Sequence[str] = MATCHED) -> list[dict[str, Any]]:
    """Return everybody's consent to be matched on these fields."""
    return [consent(person["id"], field) for person in people for field in fields]


def told_to(audience: str, *ids: str, fields: Sequence[str] = MATCHED[:2]) -> list[dict[str, Any]]:
    """Return the consent of some people that an audience may be told."""
    return [consent(who, field, "explain", audience) for who in ids for field in fields]


def holders(count: int, *themes: str, tokens: Sequence[str] = (), prefix: str = "h") -> list[dict[str, Any]]:
    """Return people who take no part in any match of these tests and hold what is given."""
    return [
        {"id": f"{prefix}{n}", "lived_experience": list(themes), "attributes": attributes(*tokens)}
        for n in range(count)
    ]


def asking(who: str = "a", themes: Sequence[str] = CROSSING, strength: str = "important", **more: Any) -> Any:
    """Return a mentee who wishes to share themes of their lived experience."""
    return mentee(who, lived_experience=list(themes), wishes=wishes(strength, *themes), **more)


def programme(
    *people: dict[str, Any], more: Sequence[dict[str, Any]] = (), extra: str = LIFT, **data: Any
) -> me.Engine:
    """Return an engine on these people, ten others who hold both themes and twenty who hold neither, all consenting."""
    made = engine(extra)
    everybody = [*people, *holders(10, *CROSSING), *holders(20, "another story", prefix="o")]
    made.load(everybody, consents=[*consents(everybody), *more], **data)
    return made


def three_mentors() -> list[dict[str, Any]]:
    """Return three equal mentors: `both` holds both themes, `one` the first, `silent` tells nothing."""
    return [
        mentor("both", lived_experience=list(CROSSING)),
        mentor("one", lived_experience=[CROSSING[0]]),
        mentor("silent"),
    ]


def order(made: me.Engine, who: str = "a", kind: str = "mentor", k: int = 200) -> list[str]:
    """Return the ids in the order suggested."""
    return [s.candidate_id for s in made.suggest(who, kind, k)]
