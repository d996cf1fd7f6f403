"""Groups, events, resources, projects and organisations as columns: what scorers and constraints may read about them.

Missing numbers are NaN, closed vocabularies are bit masks with 0 for unknown, open ones are wider masks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.shared import Columns, Shared, bits_of, language_levels, numbers, uint32, wide
from matchengine.records import Event, Gathering, Group, Organisation, Project, Resource
from matchengine.records import vocabulary as v

__all__ = ["CARDS", "WITHOUT", "gathering_columns"]

CARDS: Mapping[str, type[Gathering]] = {
    "groups": Group,
    "events": Event,
    "resources": Resource,
    "projects": Project,
    "organisations": Organisation,
}
"""What the tables beside people hold; their records are kept as they are, to be shown to people."""

WITHOUT: Mapping[str, frozenset[str]] = {
    "resources": frozenset({"free_places", "safety_items"}),
    "organisations": frozenset({"free_places"}),
}
"""Columns that make no sense for a table: nobody joins a resource, so a rule about places or safety does not apply."""
_NAN = float("nan")
_RISKS = {"A": 0.0, "B": 1.0, "C": 2.0}
_COSTS = {name: float(n) for n, name in enumerate(get_args(v.CostLevel))}
_COST_SUPPORT = {"free": 1.0, "low": 0.7, "medium": 0.3, "high": 0.0}
"""How far a price takes the barrier `cost` away where the organiser states no support; an assumption."""
_TOLD_BY = {"childcare": "childcare", "transport_help": "transport", "step_free": "physical_access", "cost": "cost"}
"""Fields that tell a support."""
_NO_FILLS = (0.0,) * len(v.NETWORK_CATEGORIES)
_MODES, _SAFETY, _NORMS = bits_of(v.Mode), bits_of(v.SafetyItem), bits_of(v.GroupNorm)
_KIND, _VENUE, _GROUP_FRAMING = bits_of(v.GATHERING_KINDS), bits_of(v.VenueType), bits_of(v.GroupFraming)
_RESOURCE = bits_of(v.ResourceType)
_KINDS_KNOWN = frozenset(v.GATHERING_KINDS)


def gathering_columns(records: Sequence[Gathering], shared: Shared) -> Columns:
    """Turn groups, events, resources and their like into columns; a field that a record type lacks is unknown."""

    def get(name: str, default: Any = None) -> list[Any]:
        return [getattr(r, name, default) for r in records]

    safety = get("safety")
    languages, preferred, _learning = language_levels(get("languages"), shared.codes["languages"])
    schedules, today = get("schedule"), shared.calendar.first_day
    most = [a if a is not None else b for a, b in zip(get("size_max"), get("capacity"), strict=True)]
    sizes = zip(most, get("size_now"), strict=True)
    free = [_NAN if top is None or now is None else float(top - now) for top, now in sizes]
    return {
        "kind": uint32([_KIND((k,)) if k in _KINDS_KNOWN else 0 for k in get("kind")]),
        "modes": uint32([_MODES(m) for m in get("modes", ())]),
        "venue_type": uint32([_VENUE((k,)) for k in get("venue_type")]),
        "norms": uint32([_NORMS(n) for n in get("norms", ())]),
        "safety_items": uint32([_SAFETY(s.items) if s else 0 for s in safety]),
        "framing": uint32([_GROUP_FRAMING((k,)) for k in get("framing")]),
        "topic_risk": numbers([_RISKS[r] for r in get("topic_risk", "A")]),
        "safety_complete": numbers([float(_safety_complete(r)) for r in records]),
        "suspended": numbers([float(s) for s in get("suspended", False)]),
        "conditional": numbers([float(_conditional(r)) for r in records]),
        "free_places": numbers(free),
        "adult": np.ones(len(records), np.float32),
        "cost": numbers([_COSTS[c] if c else _NAN for c in get("cost")]),
        "exposure_level": numbers(get("exposure_level")),
        "beginner_friendly": numbers(get("beginner_friendly")),
        "supports": _supports(records),
        "fills": np.array([v.FILLS.get(k, _NO_FILLS) for k in get("kind")], np.float32).reshape(
            len(records), len(v.NETWORK_CATEGORIES)
        ),
        "anchors": wide([[shared.hashed(a) for a in r] for r in get("anchors", ())], shared.codes["communities"]),
        "size": numbers(get("size_now")),
        "regular": numbers([_regular(r) for r in records]),
        "named_contact": numbers([_named_contact(r) for r in records]),
        **{name: numbers(get(name)) for name in ("accompanied", "try_once", "activity_first", "from_elsewhere")},
        **{name: numbers(get(name)) for name in ("newcomers_share", "talk_share", "level")},
        "resource_type": uint32([_RESOURCE((t,)) if t else 0 for t in get("type")]),
        "days_old": numbers([(today - day).days if day else _NAN for day in get("fresh_on")]),
        "days_until": numbers([(day - today).days if day else _NAN for day in map(_last_day, records)]),
        "languages": languages,
        "languages_preferred": preferred,
        "availability": np.array([shared.calendar.number(s.slots) if s else 0 for s in schedules], np.int32),
        "place": np.array([shared.places.number(p) for p in get("place")], np.int32),
        "cadence_minutes": np.full(len(records), _NAN, np.float32),
        "max_travel_minutes": np.full(len(records), _NAN, np.float32),
    }


def _safety_complete(record: Gathering) -> bool:
    """Whether every safety field that domain.md C10 demands of a support group is there."""
    safety = getattr(record, "safety", None)
    return safety is not None and all(
        (
            safety.confidential,
            safety.rules,
            safety.listen_only_ok,
            safety.crisis_protocol,
            safety.safeguarding_trained,
            safety.helplines,
            safety.facilitator_type in ("professional", "trained_volunteer", "peer"),
            safety.facilitator_type != "peer" or safety.facilitator_trained,
            "exit_without_reason" in safety.items,
        )
    )


def _conditional(record: Gathering) -> bool:
    return bool(getattr(record, "intended_for", ())) or "women_only" in getattr(record, "norms", ())


def _supports(records: Sequence[Gathering]) -> NDArray[np.float32]:
    """How far each barrier is taken away, 0 to 1, shape (n, 14): what the organiser states, else what fields tell."""
    out = np.full((len(records), len(v.BARRIER_KINDS)), _NAN, np.float32)
    for row, record in enumerate(records):
        for name, told in _TOLD_BY.items():
            value = getattr(record, name, None)
            if value is not None:
                out[row, v.BARRIER_KINDS.index(told)] = _COST_SUPPORT.get(value, float(value is True))
        for support in getattr(record, "supports", ()):
            unknown = support.source == "unknown"
            out[row, v.BARRIER_KINDS.index(support.kind)] = _NAN if unknown else support.value
    return out


def _regular(record: Gathering) -> float:
    """How regular and predictable it is, 0 to 1; an event happens when it is said to."""
    schedule = getattr(record, "schedule", None)
    if schedule is not None and schedule.predictability is not None:
        return float(schedule.predictability)
    told = getattr(record, "regular", None)
    return _NAN if told is None else float(told)


def _named_contact(record: Gathering) -> float:
    """1 where somebody agreed to greet newcomers, 0 where nobody named agreed, NaN where nobody is named."""
    contacts = getattr(record, "contacts", ())
    return float(any(contact.consented for contact in contacts)) if contacts else _NAN


def _last_day(record: Gathering) -> date | None:
    """Day after which nobody can come any more; None for what goes on."""
    if isinstance(record, Event):
        return record.start.date() if record.start else None
    return record.ends if isinstance(record, Project) else None
