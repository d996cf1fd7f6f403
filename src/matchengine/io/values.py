"""From one answer to one value of a record; nothing is guessed and nothing matches in part.

`parse` turns one entry (a list is cut into entries before) into a value or raises `BadValueError`, which says what was
expected and, for closed vocabularies, the nearest word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args

from matchengine.errors import nearest
from matchengine.i18n import N_, _
from matchengine.io.fields import Target
from matchengine.io.language_names import SIGNED
from matchengine.io.numbers import parse_decimal, parse_integer, parse_joint_wish, parse_share, parse_tie
from matchengine.io.slots import SlotError, parse_slots
from matchengine.io.standards import (
    BadValueError,
    as_text,
    closest,
    parse_age_band,
    parse_country,
    parse_date,
    parse_email,
    parse_experience_band,
    parse_language,
    parse_time_zone,
)
from matchengine.io.words import NOTHING, SYNONYMS, is_no, is_yes, normalise
from matchengine.io.write_sheets import plain_cell
from matchengine.records import vocabulary as v
from matchengine.records.base import MAX_TEXT

__all__ = ["PARSERS", "Look", "Reference", "parse", "part_target"]

_BRACKETS = re.compile(r"(.*?\S)\s*[(\[\uff08]([^()\[\]\uff08\uff09]+)[)\]\uff09]")
_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(min(?:ute)?s?|minuten|h|hours?|hrs?|stunden?)\b\.?", re.IGNORECASE)
_BOUNDARY_KINDS = {
    "group": "group_kind",
    "group kind": "group_kind",
    "venue": "venue",
    "place": "venue",
    "topic": "topic",
}
_ASSIGNED = re.compile(r"(.*?\S)\s*[:=]\s*(\S.*)")
_CODE = re.compile(r"(isco|nace|isced|isced-f|local):[A-Za-z0-9._-]{1,40}")
_CONCEPT = re.compile(r"(https?://|onet:|esco:|tag:)\S+")


@dataclass(frozen=True, slots=True)
class Reference:
    """Another person as a cell names them: an id, or a normalised e-mail address."""

    text: str
    extra: tuple[tuple[str, object], ...] = ()

    @property
    def is_email(self) -> bool:
        """Whether the text is an e-mail address."""
        return "@" in self.text


@dataclass(slots=True)
class Look:
    """What else is needed to understand an answer; `warnings` collects what was shortened."""

    time_zone: str | None = None
    date_order: str = "day-month-year"
    day_parts: Mapping[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def parse(raw: object, target: Target, look: Look) -> Any:
    """Return the value of one entry for a target; a list where one entry may mean several.

    Raises
    ------
    BadValueError
        If the entry is not understood.
    """
    if isinstance(raw, (datetime, date)) and target.kind not in {"date", "name"}:
        raise BadValueError(
            _(
                "{meaning}; a spreadsheet program turned this answer into a date, format the column as text",
                **{"meaning": target.meaning},
            )
        )
    return PARSERS[target.kind](plain_cell(raw), target, look)


def part_target(target: Target, part: str) -> Target:
    """Return the target that understands one part (`level`, `strength`, …) of an entry of `target`."""
    kind, words, synonyms = _PARTS.get((target.name, part)) or _PARTS[("", part)]
    low, high = {"priority": (1, 3), "importance": (1, 3)}.get(part, (0, 4))
    return Target(f"{target.name}.{part}", kind, N_("the {part} of {name}"), words, synonyms, low=low, high=high)


_PARTS: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = {
    ("goals", "kind"): ("word", get_args(v.GoalKind), ""),
    ("goals", "horizon"): ("word", get_args(v.Horizon), ""),
    ("", "priority"): ("integer", (), ""),
    ("", "level"): ("level", v.SKILL_LEVELS, "skill_level"),
    ("", "baseline"): ("level", v.SKILL_LEVELS, "skill_level"),
    ("", "target"): ("level", v.SKILL_LEVELS, "skill_level"),
    ("languages", "level"): ("word", v.LANGUAGE_LEVELS, "language_level"),
    ("", "modality"): ("word", get_args(v.Modality), ""),
    ("", "wish"): ("word", get_args(v.LanguageWish), ""),
    ("", "language"): ("language_tag", (), ""),
    ("", "concept"): ("concept", (), ""),
    ("", "can_teach"): ("yes_no", (), ""),
    ("", "tag"): ("short_text", (), ""),
    ("barriers", "strength"): ("word", get_args(v.BarrierStrength), "barrier_strength"),
    ("wishes", "strength"): ("word", get_args(v.WishStrength), "wish_strength"),
    ("", "value"): ("share", (), ""),
    ("", "source"): ("word", get_args(v.SupportSource), ""),
    ("", "on"): ("date", (), ""),
    ("", "consented"): ("yes_no", (), ""),
    ("", "field"): ("code", (), ""),
    ("", "must"): ("yes_no", (), ""),
    ("", "importance"): ("share", (), ""),
    ("roles", "importance"): ("integer", (), ""),
}


def _word(raw: object, target: Target, look: Look) -> Any:
    key = normalise(as_text(raw))
    spelled = {normalise(word): word for word in target.words}
    if key in spelled:
        return spelled[key]
    known = SYNONYMS.get(target.synonyms, {})
    if key in known:
        return list(known[key]) if len(known[key]) > 1 else known[key][0]
    expected = _("one of {words}", words=", ".join(target.words))
    close = closest(key, target.words)
    alike = None if close else nearest(key[:60], known, 0.85)
    raise BadValueError(expected, known[alike][0] if alike else close)


def _level(raw: object, target: Target, look: Look) -> int:
    number = normalise(as_text(raw))
    return int(number) if number in {"0", "1", "2", "3", "4"} else v.SKILL_LEVELS.index(_word(raw, target, look))


def _yes_no(raw: object, target: Target, look: Look) -> bool:
    if is_yes(raw) or is_no(raw):
        return is_yes(raw)
    raise BadValueError(_("yes or no"))


def _date(raw: object, target: Target, look: Look) -> date:
    return parse_date(raw, look.date_order).date()


def _moment(raw: object, target: Target, look: Look) -> datetime:
    return parse_date(raw, look.date_order)


def _shorten(text: str, most: int, look: Look) -> str:
    if len(text) <= most:
        return text
    cut = text[: most + 1].rsplit(" ", 1)[0][:most].rstrip(" ,;:-") or text[:most]
    look.warnings.append(
        _("at most {most} characters; the first {kept} were kept and the rest was dropped", most=most, kept=len(cut))
    )
    return cut


def _free_text(most: int) -> Callable[[object, Target, Look], str | None]:
    def parse_text(raw: object, target: Target, look: Look) -> str | None:
        text = as_text(raw)
        return None if normalise(text) in NOTHING else _shorten(text, most, look)

    return parse_text


def _item(raw: object, target: Target, look: Look) -> dict[str, Any] | None:
    text = as_text(raw)
    if normalise(text) in NOTHING:
        return None
    item: dict[str, Any] = {}
    found = _BRACKETS.fullmatch(text) if target.qualifier else None
    if found:
        try:
            item["level"] = _level(found[2], part_target(target, "level"), look)
            text = found[1]
        except BadValueError:
            pass  # brackets that hold no level belong to the text: "Excel (pivot tables)"
    return {"text": _shorten(text, MAX_TEXT, look), **item}


def _qualified(raw: object, target: Target, look: Look) -> tuple[str, dict[str, Any]]:
    """Cut `name (qualifier)` or `name: qualifier` and parse the qualifier."""
    text = as_text(raw)
    found = _BRACKETS.fullmatch(text) or _ASSIGNED.fullmatch(text)
    if found is None:
        return text, {}
    return found[1], {target.qualifier: parse(found[2], part_target(target, target.qualifier), look)}


def _language(raw: object, target: Target, look: Look) -> dict[str, Any]:
    """`Spanish (B1)`, `Spanish B1` or, with a wish, `Spanish (A2, learn)`."""
    text, item = as_text(raw), {}
    found = _BRACKETS.fullmatch(text)
    level, comma, wish = found[2].partition(",") if found else ("", "", "")
    if found and comma:
        item = {"wish": parse(wish, part_target(target, "wish"), look)}
        text = f"{found[1]} ({level})"
    name, given = _qualified(text, target, look)
    head, _, tail = name.rpartition(" ")
    if not given and head and tail.upper() in v.LANGUAGE_LEVELS:
        name, given = head, {"level": tail.upper()}
    tag = parse_language(name)
    signed = {"modality": "signed"} if tag.partition("-")[0] in SIGNED else {}
    return {"tag": tag, **item, **given, **signed}


def _kinded(raw: object, target: Target, look: Look) -> dict[str, Any]:
    name, item = _qualified(raw, target, look)
    return {"kind": _word(name, target, look), **item}


def _wish(raw: object, target: Target, look: Look) -> dict[str, Any]:
    name, item = _qualified(raw, target, look)
    return {"dimension": _shorten(name, 80, look), **item}


def _slots(raw: object, target: Target, look: Look) -> list[dict[str, Any]]:
    if look.time_zone is None:
        raise BadValueError(_("a time zone for the row: map a column to time_zone or set time_zone under [defaults]"))
    try:
        return parse_slots(as_text(raw), look.time_zone, look.day_parts)
    except SlotError as error:
        raise BadValueError(str(error)) from error


def _geohash(raw: object, target: Target, look: Look) -> str:
    text = as_text(raw).casefold()
    if not re.fullmatch(r"[0-9b-hjkmnp-z]{1,12}", text):
        raise BadValueError(_("a geohash of up to five characters"))
    return text[:5]


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[object, Target, Look], str]:
    def parse_pattern(raw: object, target: Target, look: Look) -> str:
        text = as_text(raw)
        if not pattern.fullmatch(text):
            raise BadValueError(_(expected))
        return text

    return parse_pattern


def _id(raw: object, target: Target, look: Look) -> str:
    text = as_text(raw)
    if "@" in text or not text or len(text) > 64 or re.search(r"\s", text):
        raise BadValueError(_("an id of 1 to 64 characters without spaces; an e-mail address is no id"))
    return text


def _reference(raw: object, target: Target, look: Look) -> Reference:
    text = as_text(raw)
    try:
        return Reference(parse_email(raw) if "@" in text else _id(raw, target, look))
    except BadValueError as error:
        raise BadValueError(_("an id or an e-mail address; names do not identify people")) from error


def _band(raw: object, target: Target, look: Look) -> dict[str, Any]:
    return {"band": parse_experience_band(raw)}


def _only(parser: Callable[[object], Any]) -> Callable[[object, Target, Look], Any]:
    def parse_standard(raw: object, target: Target, look: Look) -> Any:
        return parser(raw)

    return parse_standard


def _bounded(parser: Callable[[object, int, int], Any]) -> Callable[[object, Target, Look], Any]:
    def parse_number(raw: object, target: Target, look: Look) -> Any:
        return parser(raw, target.low, target.high)

    return parse_number


def _tie(raw: object, target: Target, look: Look) -> dict[str, Any]:
    return {"category": target.dimension, **parse_tie(raw)}


def _boundary(raw: object, target: Target, look: Look) -> dict[str, Any]:
    value = _word(raw, target, look) if target.words else _shorten(as_text(raw), MAX_TEXT, look)
    return {"kind": target.dimension, "value": value}


def _boundaries(raw: object, target: Target, look: Look) -> dict[str, Any]:
    """`group: advocacy`, `venue: home` or `topic: …`; people have a column of their own."""
    found = _ASSIGNED.fullmatch(as_text(raw))
    kind = _BOUNDARY_KINDS.get(normalise(found[1])) if found else None
    if found is None or kind is None:
        raise BadValueError(_("group: …, venue: … or topic: …; map a column of people to boundaries.person"))
    return {"kind": kind, "value": _word(found[2], target_of_boundary(kind), look) if kind != "topic" else found[2]}


def target_of_boundary(kind: str) -> Target:
    """Return the target that understands the value of a boundary of this kind."""
    words = get_args(v.GroupKind) if kind == "group_kind" else get_args(v.VenueType)
    return Target(f"boundaries.{kind}", "boundary", N_("a boundary of kind {part}"), words)


def _cadence(raw: object, target: Target, look: Look) -> dict[str, Any]:
    """`weekly, 45 min`, `every 2 weeks, 1 h`: how often, then how long."""
    text = as_text(raw)
    length = _LENGTH.search(text)
    often = normalise(_LENGTH.sub(" ", text))
    every = SYNONYMS["cadence"].get(often, (often,))[0]
    if length is None or every not in get_args(v.CadenceEvery):
        raise BadValueError(_("how often and how long, such as 'weekly, 45 min' or 'every 2 weeks, 60 min'"))
    minutes = round(float(length[1].replace(",", ".")) * (60 if length[2][0].casefold() == "h" else 1))
    if not 15 <= minutes <= 240:
        raise BadValueError(_("a meeting of 15 to 240 minutes"))
    return {"every": every, "minutes": minutes}


def _group_contact(raw: object, target: Target, look: Look) -> Reference:
    """An id or e-mail; `(yes)` behind it means that the person agreed to greet newcomers."""
    found = _BRACKETS.fullmatch(as_text(raw))
    if found is None:
        return _reference(raw, target, look)
    return Reference(_reference(found[1], target, look).text, (("consented", is_yes(found[2])),))


def _attribute(raw: object, target: Target, look: Look) -> dict[str, Any]:
    return {"dimension": target.dimension, "value": _shorten(as_text(raw), 80, look)}


def _record(raw: object, target: Target, look: Look) -> object:
    raise BadValueError(
        _("a record in JSON; in a spreadsheet map columns to its parts, such as {name}.…", name=target.name)
    )


PARSERS: dict[str, Callable[[Any, Target, Look], Any]] = {
    "age": _only(parse_age_band),
    "attribute": _attribute,
    "band": _band,
    "barrier": _kinded,
    "boundaries": _boundaries,
    "boundary": _boundary,
    "cadence": _cadence,
    "capacity": _bounded(parse_integer),
    "code": _matching(_CODE, N_("a code such as isco:2512, nace:J, isced:6 or local:nursing")),
    "concept": _matching(_CONCEPT, N_("a concept such as esco:…, onet:…, tag:… or a web address")),
    "country": _only(parse_country),
    "date": _date,
    "decimal": _bounded(parse_decimal),
    "email": _only(parse_email),
    "geohash": _geohash,
    "group_contact": _group_contact,
    "id": _id,
    "integer": _bounded(parse_integer),
    "item": _item,
    "joint_wish": _only(parse_joint_wish),
    "language": _language,
    "language_tag": _only(parse_language),
    "level": _level,
    "long_text": _free_text(4000),
    "moment": _moment,
    "name": _free_text(200),
    "phone": _free_text(40),
    "pronouns": _free_text(30),
    "record": _record,
    "reference": _reference,
    "region": _matching(re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}"), N_("an ISO 3166-2 code such as ES-MD")),
    "share": _only(parse_share),
    "short_text": _free_text(80),
    "slots": _slots,
    "support": _kinded,
    "text": _free_text(MAX_TEXT),
    "tie": _tie,
    "time_zone": _only(parse_time_zone),
    "wish": _wish,
    "word": _word,
    "yes_no": _yes_no,
}
"""One parser for each kind of target."""
