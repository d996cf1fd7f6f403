"""People as columns: what scorers and constraints may read about them.

Missing numbers are NaN, closed vocabularies are bit masks with 0 for unknown, open ones are wider masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.consents import Consents
from matchengine.pool.sensitive import sensitive_columns
from matchengine.pool.shared import Columns, Shared, bits_of, language_levels, numbers, uint32, wide
from matchengine.records import Person
from matchengine.records import vocabulary as v

__all__ = ["main_goal", "people_columns"]

_NAN = float("nan")
_STAGES = {name: float(n) for n, name in enumerate(v.CAREER_STAGES)}
_ROLES: tuple[str, ...] = get_args(v.Role)
_STYLE: tuple[str, ...] = (
    "directive_questioning",
    "structured_spontaneous",
    "task_relationship",
    "written_spoken",
    "challenge_reassure",
)
_DEFAULT_PLACES = {"mentor": 1.0}
_MODES, _SAFETY, _NORMS = bits_of(v.Mode), bits_of(v.SafetyItem), bits_of(v.GroupNorm)
_ROLE, _SUPPORT, _FRAMING = bits_of(v.Role), bits_of(v.SupportMode), bits_of(v.FramingPreference)
_VISIBILITY, _KIND, _VENUE = bits_of(v.Visibility), bits_of(v.GATHERING_KINDS), bits_of(v.VenueType)
_GOAL = bits_of(v.GoalKind)
_KINDS_KNOWN, _VENUES_KNOWN = frozenset(v.GATHERING_KINDS), frozenset(get_args(v.VenueType))


def people_columns(people: Sequence[Person], shared: Shared, consents: Consents) -> Columns:
    """Turn people into columns of n rows.

    Parameters
    ----------
    consents : Consents
        A sensitive field reaches a column only with a grant for the purpose `match` in force; it reaches `counted`
        with one for `group_balance`.
    """
    languages, preferred, learning = language_levels([p.languages for p in people], shared.codes["languages"])
    columns: Columns = {
        "roles": uint32([_ROLE(p.roles) for p in people]),
        "modes": uint32([_MODES(p.modes) for p in people]),
        "safety_needs": uint32([_SAFETY(p.safety_needs) for p in people]),
        "norm_needs": uint32([_NORMS(p.norm_needs) for p in people]),
        "support_mode": uint32([_SUPPORT((p.support_mode,)) for p in people]),
        "framing_preference": uint32([_FRAMING((p.framing_preference,)) for p in people]),
        "visibility": uint32([_VISIBILITY((p.visibility,)) for p in people]),
        "values": wide([p.values for p in people], shared.codes["values"]),
        "fields": wide([p.fields for p in people], shared.codes["fields"]),
        "career_stage": numbers([_STAGES.get(p.career_stage, _NAN) if p.career_stage else _NAN for p in people]),
        "experience_years": numbers(
            [max((v.EXPERIENCE_MIDPOINTS[e.band] for e in p.experience), default=_NAN) for p in people]
        ),
        "comfort_rung": numbers([p.comfort_rung for p in people]),
        "cadence_minutes": numbers([p.cadence.minutes_per_week if p.cadence else _NAN for p in people]),
        "max_travel_minutes": numbers([p.place.max_travel_minutes if p.place else None for p in people]),
        "wants": numbers([len(p.wants) or None for p in people]),
        "visits": numbers([p.visits for p in people]),
        "sponsoring": numbers([v.SPONSORING[p.sponsoring] if p.sponsoring else _NAN for p in people]),
        "time_balance": numbers([p.time_balance for p in people]),
        "identity_cap": numbers([p.max_identity_matches for p in people]),
        "goal_kind": uint32([_GOAL((main_goal(p),)) for p in people]),
        "returning": numbers([p.returning for p in people]),
        "open_to_learn": numbers([p.open_to_learn for p in people]),
        "adult": numbers([p.adult for p in people]),
        "guardian_consent": numbers([p.guardian_consent for p in people]),
        "vetted": numbers([_vetted(p) for p in people]),
        "free_places": np.array([_places(p) for p in people], np.float32).reshape(len(people), len(_ROLES)),
        "style": _style(people),
        "languages": languages,
        "languages_preferred": preferred,
        "languages_to_learn": learning,
        "availability": np.array([shared.calendar.number(p.availability) for p in people], np.int32),
        "place": np.array([shared.places.number(p.place) for p in people], np.int32),
        "household": np.array(
            [shared.codes["households"][p.household] if p.household else -1 for p in people], np.int32
        ),
    }
    return columns | _boundary_columns(people) | _network_columns(people) | sensitive_columns(people, shared, consents)


def _vetted(person: Person) -> float:
    if person.vetting is None or person.vetting.status == "pending":
        return _NAN
    return float(person.vetting.status == "vetted")


def _places(person: Person) -> list[float]:
    given = person.capacity
    return [given.get(role, _DEFAULT_PLACES.get(role, _NAN)) for role in _ROLES]  # type: ignore[call-overload]


def _style(people: Sequence[Person]) -> NDArray[np.float32]:
    blank = [None] * len(_STYLE)
    rows = [[getattr(p.style, name) for name in _STYLE] if p.style else blank for p in people]
    return np.array(rows, np.float32).reshape(len(people), len(_STYLE))


def _boundary_columns(people: Sequence[Person]) -> Columns:
    kinds, venues = [], []
    for person in people:
        told = person.boundaries
        kinds.append(_KIND(b.value for b in told if b.kind == "group_kind" and b.value in _KINDS_KNOWN) if told else 0)
        venues.append(_VENUE(b.value for b in told if b.kind == "venue" and b.value in _VENUES_KNOWN) if told else 0)
    return {"blocked_kinds": uint32(kinds), "blocked_venues": uint32(venues)}


def main_goal(person: Person) -> v.GoalKind | None:
    """Return the kind of the person's most important goal that has one; the first of equals."""
    kinds = [(goal.priority, goal.kind) for goal in person.goals if goal.kind is not None]
    return max(kinds, key=lambda each: each[0])[1] if kinds else None


def _network_columns(people: Sequence[Person]) -> Columns:
    """Contacts and importance by category, rows of NaN without a map; a category the map leaves out is unknown."""
    counts = np.full((len(people), len(v.NETWORK_CATEGORIES)), _NAN, np.float32)
    importance = counts.copy()
    for row, person in enumerate(people):
        for tie in person.network.ties if person.network else ():
            column = v.NETWORK_CATEGORIES.index(tie.category)
            counts[row, column], importance[row, column] = tie.count, tie.importance
    return {"network_counts": counts, "network_importance": importance}
