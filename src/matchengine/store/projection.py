"""What of a person reaches a store: sensitive fields only as far as a consent allows (domain.md B4)."""

from __future__ import annotations

from typing import Any

from matchengine.pool.consents import AGE_BAND, AUDIT, BALANCE, LIVED_EXPERIENCE, PURPOSES, Consents
from matchengine.records import Person

__all__ = ["SENSITIVE", "confides_less", "discloses", "projected"]

SENSITIVE = ("attributes", "lived_experience", "age_band", "barriers", "wishes", "joint_wishes", "anchors", "pronouns")
"""Fields that need a consent each; that of `wishes` covers `joint_wishes`."""


def discloses(person: Person) -> bool:
    """Tell whether a person says anything that needs a consent."""
    return any(getattr(person, name) for name in SENSITIVE)


def confides_less(new: Person, old: Person) -> bool:
    """Tell whether a person no longer says something that needs a consent, and that they said before."""
    for name in SENSITIVE:
        said, before = getattr(new, name), getattr(old, name)
        if before and said != before and not (isinstance(before, tuple) and all(each in said for each in before)):
            return True
    return False


def projected(person: Person, consents: Consents) -> Person:
    """Return a person without what no consent allows for any purpose; what is not there cannot be read.

    A consent that begins later keeps a field, which nothing reads before then. A person who consented to nothing is
    equal to one who never disclosed anything.
    """
    changed: dict[str, Any] = {}
    for name in SENSITIVE:
        value = getattr(person, name)
        if not value:
            continue
        if name == "attributes":
            kept = tuple(each for each in value if _allows_dimension(consents, person.id, each.dimension))
            if kept != value:
                changed[name] = kept
        elif not _allowed(consents, person.id, "wishes" if name == "joint_wishes" else name):
            changed[name] = () if isinstance(value, tuple) else None
    return person.model_copy(update=changed) if changed else person


def _allows_dimension(consents: Consents, person_id: str, dimension: str) -> bool:
    """Whether any purpose may use attributes of a dimension; those of two names ask what `allows_token` asks."""
    fields = ("attributes", f"attributes.{dimension}")
    if dimension == LIVED_EXPERIENCE:
        return _allowed(consents, person_id, LIVED_EXPERIENCE)
    if dimension == AGE_BAND:
        counted = any(consents.keeps(person_id, AGE_BAND, purpose) for purpose in (BALANCE, AUDIT))
        return counted or _allowed(consents, person_id, *fields)
    return _allowed(consents, person_id, *fields)


def _allowed(consents: Consents, person_id: str, *fields: str) -> bool:
    return any(consents.keeps(person_id, field, purpose) for field in fields for purpose in PURPOSES)
