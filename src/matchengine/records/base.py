"""What all records share: frozen, strict about unknown fields, shared field types, clear errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_origin
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from matchengine.errors import DataError, did_you_mean, nearest
from matchengine.i18n import _, ngettext
from matchengine.records.sentences import problem_sentence

MAX_TEXT = 400
"""Longest free text of one item, in characters."""


class Record(BaseModel):
    """Base of every record: immutable, unknown fields refused, strings stripped."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_max_length=4000)


def _not_an_address(value: str) -> str:
    if "@" in value:
        raise ValueError(_("an id must be opaque and never an e-mail address; use the programme's own id"))
    return value


_TIME_ZONES: frozenset[str] = frozenset()


def _known_time_zone(value: str) -> str:
    global _TIME_ZONES
    if not _TIME_ZONES:
        _TIME_ZONES = frozenset(available_timezones())
    if value not in _TIME_ZONES:
        guess = nearest(value, _TIME_ZONES)
        raise ValueError(
            _("not an IANA time zone; did you mean {guess!r}?", guess=guess)
            if guess
            else _("not an IANA time zone, such as 'Europe/Paris'")
        )
    return value


_LANGUAGE_TAG = re.compile(
    r"^[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{4,8})*$"
)


def _language_tag(value: str) -> str:
    if not _LANGUAGE_TAG.match(value):
        raise ValueError(_("not a BCP 47 language tag; expected for example 'en', 'pt-BR' or 'bfi'"))
    head, *rest = value.split("-")
    return "-".join(
        [
            head.lower(),
            *(p.title() if len(p) == 4 and p.isalpha() else p.upper() if len(p) == 2 else p.lower() for p in rest),
        ]
    )


Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^\S+$"), AfterValidator(_not_an_address)]
"""Opaque external id: 1 to 64 characters without white space, never an e-mail address."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
"""Free text of one item, 1 to 400 characters."""
LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=80)]
LanguageTag = Annotated[str, StringConstraints(max_length=35), AfterValidator(_language_tag)]
"""BCP 47 language tag (RFC 5646); signed languages by their ISO 639-3 code, for example `bfi`."""
TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
"""IANA time-zone name."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2 code."""
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
"""ISO 3166-2 code."""
Geohash = Annotated[str, StringConstraints(pattern=r"^[0-9b-hjkmnp-z]{1,5}$")]
"""Geohash of at most five characters: a cell of about 5 km, never an address."""
FieldCode = Annotated[str, StringConstraints(pattern=r"^(isco|nace|isced|isced-f|local):[A-Za-z0-9._-]{1,40}$")]
"""Occupation, sector or education code: `isco:2512`, `nace:J`, `isced:6`, `local:nursing`."""
ConceptUri = Annotated[str, StringConstraints(max_length=200, pattern=r"^(https?://|onet:|esco:|tag:)\S+$")]
"""ESCO skill URI, O*NET element id (`onet:…`) or a tag of the programme (`tag:…`)."""
RecordType = TypeVar("RecordType", bound=Record)


def describe_validation(error: ValidationError, model: type[BaseModel], where: str = "") -> list[str]:
    """Turn a pydantic error into one sentence per problem, without repeating field values.

    Values are left out on purpose: these sentences may be logged (reliability-and-privacy.md SEC12).
    """
    sentences = []
    for problem in error.errors(include_url=False, include_input=False):
        path = ".".join(_path(model, problem["loc"])) or model.__name__
        text = problem_sentence(problem)
        if problem["type"] == "extra_forbidden":
            known = _fields_at(model, problem["loc"][:-1])
            text = _("this field does not exist; {hint}", hint=did_you_mean(str(problem["loc"][-1]), known))
        sentences.append(f"{where}{path}: {text}")
    return sentences


def _path(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """Name the way to a problem; keys of dicts in a record are data and stay hidden."""
    parts: list[str] = []
    current, in_dict = model, False
    for part in loc:
        field = current.model_fields.get(str(part))
        parts.append("(key)" if in_dict and issubclass(model, Record) else str(part))
        found = _models_in(field.annotation) if field is not None else []
        in_dict = field is not None and not found and get_origin(field.annotation) is dict
        current = found[0] if found else current
    return parts


def _fields_at(model: type[BaseModel], loc: Sequence[int | str]) -> Iterable[str]:
    current: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        fields = getattr(current, "model_fields", {})
        found = _models_in(fields[part].annotation) if part in fields else [current]  # else: the key of a dict
        if not found:
            return ()
        current = found[0]
    return tuple(field.alias or name for name, field in current.model_fields.items())


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arg in getattr(annotation, "__args__", ()) for m in _models_in(arg)]


def as_records(items: Iterable[RecordType | Mapping[str, Any]], model: type[RecordType]) -> list[RecordType]:
    """Validate an iterable of records or dicts; report all problems of all items at once.

    Raises
    ------
    DataError
        Listing every problem with the position and id of its item.
    """
    return [record for chunk in record_chunks(items, model) for record in chunk]


def record_chunks(
    items: Iterable[RecordType | Mapping[str, Any]], model: type[RecordType], size: int = 2_000
) -> Iterator[list[RecordType]]:
    """Validate as `as_records` does, chunk by chunk, so that no more than a chunk of records need live at a time.

    After the first problem nothing more is yielded; the error comes at the end, with every problem.
    """
    records: list[RecordType] = []
    problems: list[str] = []
    for position, item in enumerate(items):
        if isinstance(item, model):
            records.append(item)
        else:
            try:
                records.append(model.model_validate(item))
            except ValidationError as error:
                problems += describe_validation(error, model, f"{model.__name__} {position + 1}{_id_of(item)}: ")
        if len(records) == size and not problems:
            yield records
            records = []
    if problems:
        raise DataError(
            ngettext(
                "{n} problem in {model} records; nothing was loaded",
                "{n} problems in {model} records; nothing was loaded",
                len(problems),
                model=model.__name__,
            ),
            problems,
        )
    if records:
        yield records


def _id_of(item: object) -> str:
    value = item.get("id") if isinstance(item, Mapping) else None
    return f" (id {value})" if isinstance(value, str) and "@" not in value else ""
