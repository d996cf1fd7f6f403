"""A kind of match over groups that reads barriers, supports and familiar communities, and people for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matchengine as me
from matchengine.records import ConsentGrant
from matchengine.scene import Scene
from tests.support import engine, group, mentee

EASY = """
[match.easy]
requester = "anyone"
candidate = "group"
[match.easy.scorers.start]
use = "low_threshold"
[match.easy.scorers.familiar]
use = "anchors_and_bridges"
[match.easy.blocks]
relate = 1.0
[match.easy.constraints]
use = ["reachable", "mode_overlap"]
[match.easy_event]
requester = "anyone"
candidate = "event"
[match.easy_event.scorers.start]
use = "low_threshold"
[match.easy_event.blocks]
relate = 1.0
[match.easy_event.constraints]
use = ["reachable"]
"""


def consent(person_id: str, *fields: str) -> list[ConsentGrant]:
    """Return consents for matching."""
    told = {"person_id": person_id, "purpose": "match", "text_version": "1", "language": "en"}
    return [
        ConsentGrant.model_validate(told | {"field": field, "granted_at": "2026-01-01T00:00:00Z"}) for field in fields
    ]


def feeling(person_id: str, barriers: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """Return a person with these barriers, who likes hiking."""
    told = [{"kind": kind, "strength": strength} for kind, strength in (barriers or {}).items()]
    return mentee(person_id, **({"interests": [{"text": "hiking"}], "barriers": told} | more))


def offering(group_id: str, supports: Mapping[str, float] | None = None, **more: Any) -> dict[str, Any]:
    """Return a walking group with these supports, of which nothing else is known that makes it easy."""
    told = [{"kind": kind, "value": value, "source": "organiser"} for kind, value in (supports or {}).items()]
    return group(
        group_id,
        **(
            {"title": group_id.upper(), "topics": ["hiking"], "size_now": None, "size_max": None, "supports": told}
            | more
        ),
    )


def opened(people: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]] = (), **more: Any) -> me.Engine:
    """Return an engine in which everybody consented to what they say of barriers and communities."""
    made = engine(EASY)
    given = [one for person in people for one in consent(person["id"], "barriers", "anchors")]
    made.load(people, **({"groups": groups, "consents": given} | more))
    return made


def scene(made: me.Engine, kind: str = "easy") -> Scene:
    """Return what questions about a kind of match need."""
    return made._scene(kind)


def order(made: me.Engine, person: str, kind: str = "easy") -> list[str]:
    """Return who is suggested, best first."""
    return [s.candidate_id for s in made.suggest(person, kind, 99)]


def points(made: me.Engine, person: str, kind: str = "easy") -> dict[str, float]:
    """Return the score of each candidate who is suggested."""
    return {s.candidate_id: s.score for s in made.suggest(person, kind, 99)}
