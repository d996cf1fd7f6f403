"""People, groups and the rest who say everything that any scorer reads: for the figure `catalogue`."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.population import LANGUAGES, OFFERS, people
from matchengine.records import vocabulary as v

__all__ = ["CONSENTED", "consents_of", "gatherings", "varied_people"]

CONSENTED = ("age_band", "barriers", "lived_experience", "wishes", "anchors")
THEMES = tuple(f"theme {n}" for n in range(12))
COMMUNITIES = tuple(f"community {n}" for n in range(8))


def varied_people(count: int) -> list[dict[str, Any]]:
    """Return the people of all figures with everything else that a scorer may read."""
    rng = np.random.default_rng(11)
    return [person | _more(rng, person) for person in people(count)]


def _more(rng: np.random.Generator, person: dict[str, Any]) -> dict[str, Any]:
    texts = [offer["text"] for offer in person["offers"]]
    themes = rng.choice(len(THEMES), 3, replace=False)
    kinds = rng.choice(len(v.BARRIER_KINDS), 3, replace=False)
    return {
        "roles": ["mentee", "mentor", "peer", "sponsor", "protege", "buddy"],
        "wants": [{"text": goal["text"], "level": int(rng.integers(0, 4))} for goal in person["goals"]],
        "hopes_to_gain": person["goals"][0]["text"],
        "experience": [{"band": v.EXPERIENCE_BANDS[rng.integers(5)]}],
        "age_band": v.AGE_BANDS[rng.integers(1, 8)],
        "barriers": [{"kind": v.BARRIER_KINDS[k], "strength": ("some", "strong")[rng.integers(2)]} for k in kinds],
        "comfort_rung": int(rng.integers(5)),
        "visits": int(rng.integers(5)),
        "network": {
            "ties": [
                {"category": name, "count": int(rng.integers(5)), "importance": float(np.round(rng.random(), 2))}
                for name in v.NETWORK_CATEGORIES
            ]
        },
        "opportunities": texts[:2],
        "influence": texts[2:OFFERS],
        "sponsoring": ("introductions", "active")[rng.integers(2)],
        "languages": [*person["languages"], {"tag": LANGUAGES[0], "level": "A1", "wish": "learn"}][-8:],
        "lived_experience": [THEMES[n] for n in themes],
        "wishes": [{"dimension": THEMES[n], "strength": "important"} for n in themes[:2]],
        "anchors": [COMMUNITIES[rng.integers(len(COMMUNITIES))]],
    }


def consents_of(ids: list[str]) -> list[dict[str, Any]]:
    """Return a consent for matching on every sensitive field of every person."""
    return [
        {
            "person_id": person,
            "field": field,
            "purpose": "match",
            "text_version": "1",
            "language": "en",
            "granted_at": "2025-01-01T00:00:00Z",
        }
        for person in ids
        for field in CONSENTED
    ]


def gatherings(count: int) -> dict[str, list[dict[str, Any]]]:
    """Return so many groups, events, resources and projects about what the people of all figures write."""
    rng = np.random.default_rng(12)
    topics = [[each["text"] for each in person["interests"][:3]] for person in people(count, seed=8)]  # type: ignore[index,attr-defined]
    return {
        "groups": [_group(rng, n, of) for n, of in enumerate(topics)],
        "events": [_group(rng, n, of) | {"id": f"e-{n}", "kind": "workshop"} for n, of in enumerate(topics)],
        "resources": [
            {
                "id": f"r-{n}",
                "title": "resource",
                "type": "toolkit",
                "topics": of,
                "cost": "free",
                "fresh_on": "2025-06-01",
            }
            for n, of in enumerate(topics)
        ],
        "projects": [
            {"id": f"x-{n}", "title": "project", "topics": of[:1], "roles": [{"text": t, "level": 2} for t in of]}
            for n, of in enumerate(topics)
        ],
    }


def _group(rng: np.random.Generator, number: int, topics: list[str]) -> dict[str, Any]:
    kinds = rng.choice(len(v.BARRIER_KINDS), 6, replace=False)
    return {
        "id": f"g-{number}",
        "title": "group",
        "kind": "hobby",
        "topics": topics,
        "size_now": int(rng.integers(3, 30)),
        "beginner_friendly": bool(rng.integers(2)),
        "accompanied": bool(rng.integers(2)),
        "try_once": bool(rng.integers(2)),
        "activity_first": bool(rng.integers(2)),
        "exposure_level": int(rng.integers(5)),
        "from_elsewhere": float(np.round(rng.random(), 2)),
        "anchors": [COMMUNITIES[rng.integers(len(COMMUNITIES))]],
        "languages": [{"tag": LANGUAGES[rng.integers(3)], "level": "native"}],
        "place": {"country": "GB", "geohash": "gcpvj"},
        "modes": ["in_person"],
        "supports": [
            {"kind": v.BARRIER_KINDS[k], "value": float(np.round(rng.random(), 2)), "source": "organiser"}
            for k in kinds
        ],
    }
