"""Organisations around a programme, and what is handed to one of them (domain.md S3-06)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from matchengine.i18n import _
from matchengine.records import vocabulary as v
from matchengine.records.base import Id, LanguageTag, LongText, Record, ShortText, Text
from matchengine.records.group import GroupSafety
from matchengine.records.person import LanguageAbility, Place

__all__ = ["Organisation", "OrganisationBridge", "OrganisationKind", "Referral"]

OrganisationKind = Literal[
    "ally", "ngo", "municipality", "library", "club", "service", "school", "union", "company", "other"
]


class Organisation(Record):
    """An organisation that a programme can point people to; everything in it is public.

    `reached_by` says how anybody reaches it, such as "front desk, weekdays 10 to 16": no person and no e-mail address
    stands in it. `past_work` is what it did before, the latest first. `partners` are the ids of organisations that it
    works with; a partnership counts both ways. Somebody who says what makes a place safe for them is pointed only to
    organisations whose `safety` names all of it.
    """

    id: Id
    kind: OrganisationKind
    title: ShortText
    topics: Annotated[tuple[Text, ...], Field(max_length=12)] = ()
    description: LongText | None = None
    past_work: Annotated[tuple[Text, ...], Field(max_length=30)] = ()
    text_language: LanguageTag | None = None
    languages: Annotated[tuple[LanguageAbility, ...], Field(max_length=12)] = ()
    modes: tuple[v.Mode, ...] = ()
    place: Place | None = None
    cost: v.CostLevel | None = None
    safety: GroupSafety | None = None
    partners: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    reached_by: Text | None = None
    fresh_on: date | None = None

    @field_validator("reached_by")
    @classmethod
    def _nobodys_address(cls, value: str | None) -> str | None:
        if value is not None and "@" in value:
            raise ValueError(_("no e-mail address, it could be a person's; say for example 'front desk'"))
        return value

    @model_validator(mode="after")
    def _works_with_others(self) -> Self:
        if self.id in self.partners:
            raise ValueError(_("partners: an organisation is no partner of itself"))
        return self


class Referral(Record):
    """What a coordinator may hand to an organisation about somebody who agreed: nothing about the person.

    Every text comes from the organisation's own public record or is the same for everybody: no id, no name, no
    attribute, no words of the person, and nothing that the engine worked out about them.

    Attributes
    ----------
    organisation_id, title : str
        Whom it is for.
    topics : tuple of str
        The organisation's own topics; one where the person chose which may be named, else all of them.
    reached_by : str or None
        How the organisation says that it can be reached.
    message : str
        The words to hand over.
    """

    organisation_id: Id
    title: ShortText
    topics: tuple[Text, ...] = ()
    reached_by: Text | None = None
    message: LongText


class OrganisationBridge(Record):
    """An organisation worth asking because it works with one that fits; for the person and the coordinator alone.

    `through` are the ids of the organisations that fit, the best first.
    """

    organisation_id: Id
    title: ShortText
    through: Annotated[tuple[Id, ...], Field(min_length=1)]
    text: LongText
