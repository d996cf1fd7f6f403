"""What several tests share: a tiny deterministic embedder, a configuration, records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from matchengine.components import Embedded, embedder, specs_in
from matchengine.config import EngineConfig, parse_config
from matchengine.engine import Engine

DIMENSION = 64


@embedder("words")
class WordVectors:
    """Sum of a fixed random vector per word: texts that share words are near; English and Spanish only."""

    dimension = DIMENSION

    def __init__(self, *, salt: str = "a", languages: tuple[str, ...] = ("en", "es")) -> None:
        self._salt = salt
        self.languages = frozenset(languages)
        self.fingerprint = f"words-{salt}"
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Embedded:
        """Return one unit row per text."""
        self.seen += texts
        out = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                digest = hashlib.sha256((self._salt + word).encode()).digest()
                out[row] += np.random.default_rng(list(digest)).standard_normal(DIMENSION)
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        return Embedded(out, np.zeros(len(texts), np.bool_))


class WordsPlugin:
    """Offers the embedder of the tests."""

    __name__ = "words-plugin"

    def matchengine_components(self) -> list[Any]:
        """Offer it."""
        return list(specs_in(WordVectors))


CONFIG = """
name = "test"
[plugins]
enable = ["builtin"]
[embedder]
use = "words"
cache = false
[match.mentor]
requester = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "semantic_reciprocal"
[match.mentor.scorers.interests]
use = "interest_affinity"
weight = 0.35
[match.mentor.scorers.values]
use = "values_overlap"
weight = 0.35
[match.mentor.scorers.style]
use = "style_fit"
weight = 0.30
[match.mentor.scorers.practical]
use = "feasibility"
[match.mentor.constraints]
use = ["existing_match", "line_manager", "household", "mode_overlap", "language_floor", "common_time", "travel_limit"]
[match.group]
requester = "anyone"
candidate = "group"
[match.group.scorers.interests]
use = "topic_interest"
[match.group.scorers.goals]
use = "topic_cover"
[match.group.scorers.practical]
use = "feasibility"
[match.group.constraints]
use = [
  "mode_overlap", "language_floor", "common_time", "travel_limit", "framing", "norms", "group_condition", "visibility",
]
[run]
seed = 7
today = 2026-03-09
"""


def config(extra: str = "", text: str = CONFIG) -> EngineConfig:
    """Return the configuration of the tests with more lines at its end."""
    return parse_config(text + extra)


def engine(extra: str = "", plugins: Sequence[object] = (), text: str = CONFIG) -> Engine:
    """Return an engine of the tests."""
    return Engine(config(extra, text), plugins=[WordsPlugin(), *plugins])


def over(location: Any, configuration: EngineConfig | None = None, **options: Any) -> Engine:
    """Return an engine of the tests over a store; without a configuration, with the one kept there."""
    return Engine.open(location, configuration, plugins=[WordsPlugin()], **options)


EVENING = {
    "start": "2026-01-06T18:00:00",
    "duration_minutes": 120,
    "time_zone": "Europe/London",
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
}


def mentee(person_id: str = "a", **more: Any) -> dict[str, Any]:
    """Return a well-described mentee as a dict."""
    return {
        "id": person_id,
        "roles": ["mentee"],
        "adult": True,
        "goals": [{"text": "learn sql for data work", "priority": 3}, {"text": "speak up in meetings"}],
        "offers": [{"text": "short video editing", "level": 3}],
        "interests": [{"text": "hiking"}, {"text": "baking bread"}],
        "values": ["care", "learning"],
        "style": {"directive_questioning": 1, "structured_spontaneous": 0, "task_relationship": -1},
        "languages": [{"tag": "en", "level": "C1"}],
        "availability": [EVENING],
        "cadence": {"every": "biweekly", "minutes": 60},
        "modes": ["video"],
        "vetting": {"status": "vetted"},
        **more,
    }


def mentor(person_id: str = "m", **more: Any) -> dict[str, Any]:
    """Return a well-described mentor as a dict."""
    return mentee(person_id) | {
        "roles": ["mentor"],
        "capacity": {"mentor": 2},
        "goals": [],
        "offers": [{"text": "sql and data work", "level": 4}, {"text": "public speaking", "level": 3}],
        "hopes_to_gain": "video editing",
        **more,
    }


def group(group_id: str = "g", **more: Any) -> dict[str, Any]:
    """Return a well-described group as a dict."""
    return {
        "id": group_id,
        "title": "Walkers",
        "kind": "sport_walk",
        "topics": ["hiking", "walking outdoors"],
        "languages": [{"tag": "en", "level": "native"}],
        "schedule": {"slots": [EVENING]},
        "modes": ["in_person", "video"],
        "size_now": 6,
        "size_max": 12,
        **more,
    }


def consent(
    person_id: str, field: str, purpose: str = "match", audience: str = "engine_only", **more: Any
) -> dict[str, Any]:
    """Return a consent that has been in force since January 2025 as a dict."""
    return {
        "person_id": person_id,
        "field": field,
        "purpose": purpose,
        "audience": audience,
        "text_version": "1",
        "language": "en",
        "granted_at": "2025-01-01T00:00:00Z",
        **more,
    }
