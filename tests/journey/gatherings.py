"""Kinds of match beside people and groups, and records of them, for the tests of journeys and requirements."""

from __future__ import annotations

from typing import Any

KINDS = """
[match.event]
requester = "anyone"
candidate = "event"
[match.event.scorers.fit]
use = "event_fit"
block = "relate"
[match.event.scorers.goals]
use = "topic_cover"
block = "need"
[match.resource]
requester = "anyone"
candidate = "resource"
[match.resource.scorers.goals]
use = "resource_fit"
block = "need"
[match.project]
requester = "anyone"
candidate = "project"
[match.project.scorers.roles]
use = "project_fit"
block = "need"
[match.project.constraints]
use = ["existing_match", "mode_overlap"]
"""


def project(project_id: str = "film", **more: Any) -> dict[str, Any]:
    """Return a project with three roles as a dict."""
    return {
        "id": project_id,
        "title": "A film about the quarter",
        "topics": ["hiking", "film"],
        "modes": ["video"],
        "roles": [
            {"text": "short video editing", "importance": 3, "level": 2},
            {"text": "public speaking", "importance": 1},
            {"text": "welding", "importance": 2},
        ],
        "size_min": 2,
        "size_max": 4,
        **more,
    }


def event(event_id: str = "e", **more: Any) -> dict[str, Any]:
    """Return an event in the weeks after the tests' today as a dict."""
    return {
        "id": event_id,
        "title": "An afternoon",
        "kind": "workshop",
        "topics": ["hiking"],
        "modes": ["video"],
        "languages": [{"tag": "en", "level": "native"}],
        "start": "2026-03-20T18:00:00",
        **more,
    }


def resource(resource_id: str = "r", **more: Any) -> dict[str, Any]:
    """Return a resource as a dict."""
    return {
        "id": resource_id,
        "title": "Something to read",
        "type": "training",
        "topics": ["sql and data work"],
        "languages": [{"tag": "en", "level": "native"}],
        "cost": "free",
        "fresh_on": "2026-03-01",
        **more,
    }
