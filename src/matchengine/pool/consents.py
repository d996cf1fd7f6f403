"""Consent for matching, being told and being counted: who allowed what, to whom, until when (domain.md B4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from matchengine.records import ConsentGrant
from matchengine.records.moments import LAST_MOMENT, in_utc

__all__ = ["AGE_BAND", "AUDIT", "BALANCE", "LIVED_EXPERIENCE", "PURPOSES", "Consents", "ends_of"]

LIVED_EXPERIENCE, AGE_BAND = "lived_experience", "age_band"
BALANCE = "group_balance"
"""Purpose of a grant to be counted when groups are formed, so that nobody is the only one of their kind in a group."""
AUDIT = "fairness_audit"
"""Purpose of a grant to be counted, never singled out, when a programme looks whether anybody is served less well."""
PURPOSES = ("match", "explain", BALANCE, AUDIT)


class Consents:
    """Grants for matching, explaining, balancing groups and audits, by person, purpose and field.

    `looked` is when somebody last asked which of them had ended.
    """

    def __init__(self, grants: Iterable[ConsentGrant] = ()) -> None:
        self._grants: dict[tuple[str, str], dict[str, list[ConsentGrant]]] = {}
        self._next_end = LAST_MOMENT
        self.looked = datetime.now(UTC)
        for grant in grants:
            self.add(grant)

    def __iter__(self) -> Any:
        return (grant for fields in self._grants.values() for grants in fields.values() for grant in grants)

    def add(self, grant: ConsentGrant) -> None:
        """Take over a grant; one of the same person, purpose, field, time and audience replaces the earlier one.

        A withdrawal that names an audience to which nothing was granted at that time ends all grants of that time.
        """
        if grant.purpose in PURPOSES:
            fields = self._grants.get((grant.person_id, grant.purpose), {})
            grants = fields.get(grant.field, [])
            earlier = [g for g in grants if _begin(g) == _begin(grant)]
            same = [g for g in earlier if g.audience == grant.audience]
            replaced = earlier if grant.withdrawn_at and not same else same
            kept = [*(g for g in grants if g not in replaced), grant]
            self._grants[grant.person_id, grant.purpose] = {**fields, grant.field: kept}
            now = datetime.now(UTC)
            self._next_end = min([self._next_end, *ends_of(grant), *(turn for turn in _turns(grant) if turn > now)])

    def allows(self, person_id: str, field: str, purpose: str = "match", audiences: Collection[str] = ()) -> bool:
        """Whether a grant is in force now; with `audiences`, one that opens the field to one of them."""
        fields = self._grants.get((person_id, purpose))
        return fields is not None and _in_force(fields.get(field, ()), audiences)

    def keeps(self, person_id: str, field: str, purpose: str = "match") -> bool:
        """Whether a grant is in force now, or begins later and has not ended by then."""
        grants = self._grants.get((person_id, purpose), {}).get(field, ())
        now = datetime.now(UTC) if grants else LAST_MOMENT
        return any(grant.in_force(max(now, _begin(grant))) for grant in grants)

    def allows_token(
        self, person_id: str, dimension: str, purpose: str = "match", audiences: Collection[str] = ()
    ) -> bool:
        """Whether a token of a dimension may be used: an attribute, or a theme of lived experience.

        For `group_balance` and `fairness_audit` the age band is a dimension too.
        """
        if dimension == LIVED_EXPERIENCE or (dimension == AGE_BAND and purpose in (BALANCE, AUDIT)):
            return self.allows(person_id, dimension, purpose, audiences)
        return any(
            self.allows(person_id, field, purpose, audiences) for field in ("attributes", f"attributes.{dimension}")
        )

    def dimensions(self, person_id: str, purpose: str, audiences: Collection[str] = ()) -> list[str]:
        """Dimensions that grants name one by one, lived experience among them."""
        fields = self._grants.get((person_id, purpose), {})
        named = [field for field, grants in fields.items() if _in_force(grants, audiences)]
        return [field.removeprefix("attributes.") for field in named if field == LIVED_EXPERIENCE or "." in field]

    def due(self) -> bool:
        """Whether a grant has ended, or begun, since `ended` was last asked."""
        return datetime.now(UTC) >= self._next_end

    def ended(self) -> set[str]:
        """People some of whose grants have ended since the last call, or are not in force for another reason."""
        now = datetime.now(UTC)
        if now < self._next_end:
            return set()
        self.looked = now
        self._next_end = min((turn for grant in self for turn in _turns(grant) if turn > now), default=LAST_MOMENT)
        return {grant.person_id for grant in self if not grant.in_force(now)}

    def begun(self, since: datetime) -> set[str]:
        """People some of whose grants began after a moment and are in force now."""
        now = datetime.now(UTC)
        return {grant.person_id for grant in self if since < _begin(grant) and grant.in_force(now)}


def _in_force(grants: Collection[ConsentGrant], audiences: Collection[str]) -> bool:
    now = datetime.now(UTC) if grants else LAST_MOMENT
    return any(grant.in_force(now) and (not audiences or grant.audience in audiences) for grant in grants)


def ends_of(grant: ConsentGrant) -> list[datetime]:
    """Return when a grant ends by its date, and when it was or will be withdrawn, in UTC."""
    return [in_utc(end) for end in (grant.expires_at, grant.withdrawn_at) if end is not None]


def _turns(grant: ConsentGrant) -> list[datetime]:
    """Moments from which a grant counts, or no longer does."""
    return [_begin(grant), *ends_of(grant)]


def _begin(grant: ConsentGrant) -> datetime:
    return in_utc(grant.granted_at)
