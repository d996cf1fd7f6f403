"""Consent for matching: who allowed what, until when, and what a column keeps of it (domain.md B4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from matchengine.pool.tables import Table
from matchengine.records import ConsentGrant

__all__ = ["LIVED_EXPERIENCE", "Consents", "withhold"]

LIVED_EXPERIENCE = "lived_experience"
_FAR = datetime.max.replace(tzinfo=UTC)


class Consents:
    """Grants for the purpose `match`, by person and field."""

    def __init__(self, grants: Iterable[ConsentGrant] = ()) -> None:
        self._grants: dict[tuple[str, str], list[ConsentGrant]] = defaultdict(list)
        self._next_end = _FAR
        for grant in grants:
            self.add(grant)

    def __iter__(self) -> Any:
        return (grant for grants in self._grants.values() for grant in grants)

    def add(self, grant: ConsentGrant) -> None:
        """Take over a grant; one of the same person, field and time replaces the earlier one."""
        if grant.purpose == "match":
            grants = self._grants[grant.person_id, grant.field]
            grants[:] = [g for g in grants if g.granted_at != grant.granted_at] + [grant]
            self._next_end = min([self._next_end, *_ends(grant)])

    def allows(self, person_id: str, field: str) -> bool:
        """Whether a grant is in force now."""
        grants = self._grants.get((person_id, field))
        return bool(grants) and any(grant.in_force(datetime.now(UTC)) for grant in grants or ())

    def allows_token(self, person_id: str, dimension: str) -> bool:
        """Whether a token of a dimension may be used: an attribute, or a theme of lived experience."""
        if dimension == LIVED_EXPERIENCE:
            return self.allows(person_id, LIVED_EXPERIENCE)
        return self.allows(person_id, "attributes") or self.allows(person_id, f"attributes.{dimension}")

    def ended(self) -> set[str]:
        """People some of whose grants have ended since the last call."""
        now = datetime.now(UTC)
        if now < self._next_end:
            return set()
        self._next_end = min((end for grant in self for end in _ends(grant) if end > now), default=_FAR)
        return {grant.person_id for grant in self if not grant.in_force(now)}


def _ends(grant: ConsentGrant) -> list[datetime]:
    ends = [grant.expires_at, grant.withdrawn_at]
    return [end.replace(tzinfo=UTC) if end.tzinfo is None else end for end in ends if end is not None]


def withhold(table: Table, person_id: str, consents: Consents, tokens: Mapping[str, int]) -> None:
    """Blank what a person's columns hold without a grant in force, field by field."""
    row = table.row_of.get(person_id)
    if row is None:
        return
    mask = table.column("attributes")[row]
    for token, number in tokens.items():
        word, bit = number // 64, np.uint64(1 << (number % 64))
        if word < len(mask) and mask[word] & bit and not consents.allows_token(person_id, token.partition(":")[0]):
            mask[word] &= ~bit
    for field, column in (("age_band", "age_band"), ("barriers", "barriers"), ("wishes", "wished")):
        if not consents.allows(person_id, field):
            table.column(column)[row] = np.nan
