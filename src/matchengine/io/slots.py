"""Availability as people write it, to RFC 5545 rules: `Tue 18:00-20:00; Sat morning`.

A slot is one or more days (`Mon`, `Mon-Fri`, `Tue and Thu`, `weekdays`, `daily`) followed by one or more times
(`18:00-20:00`, `6-8pm`, `9h-11h30`, `morning`). `first Tuesday of the month 18:00-20:00` and `1st and 3rd Monday
18:30-20:00` repeat monthly; `every 2nd Tuesday` is refused, for it may mean either. Slots stand apart by `;` or a line
break. Days and parts of the day are understood in English, German, Spanish, French and Portuguese; a mapping may add
parts of the day of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from matchengine.i18n import _
from matchengine.io.words import normalise

__all__ = ["DAY_PARTS", "SlotError", "parse_part", "parse_slots"]

DAY_PARTS: dict[str, str] = {
    "early morning": "07:00-09:00",
    "morning": "09:00-12:00",
    "lunchtime": "12:00-14:00",
    "afternoon": "14:00-17:00",
    "evening": "18:00-21:00",
    "all day": "09:00-21:00",
}
"""Parts of the day and what they mean unless the mapping's `[day_parts]` says otherwise."""
_PART_WORDS = {
    "morning": "mornings vormittag vormittags mañana matin manhã",
    "lunchtime": "lunch midday noon mittag mittags mediodía midi",
    "afternoon": "afternoons nachmittag nachmittags tarde",
    "evening": "evenings night abend abends noche soir noite",
    "all day": "anytime ganztags",
}
_DAY_WORDS = (
    "monday mondays mon mo montag montags lunes lun lundi lu segunda seg",
    "tuesday tuesdays tue tues tu dienstag dienstags di martes mar mardi terça ter",
    "wednesday wednesdays wed we mittwoch mittwochs mi miércoles mié mercredi mer quarta qua",
    "thursday thursdays thu thur thurs th donnerstag donnerstags do jueves jue jeudi jeu quinta qui",
    "friday fridays fri fr freitag freitags viernes vie vendredi ven sexta sex",
    "saturday saturdays sat sa samstag samstags sonnabend sábado sáb samedi sam",
    "sunday sundays sun su so sonntag sonntags domingo dom dimanche dim",
)
_GROUP_WORDS = {
    "weekday": (0, 1, 2, 3, 4),
    "weekdays": (0, 1, 2, 3, 4),
    "werktags": (0, 1, 2, 3, 4),
    "weekend": (5, 6),
    "weekends": (5, 6),
    "wochenende": (5, 6),
    "daily": (0, 1, 2, 3, 4, 5, 6),
    "everyday": (0, 1, 2, 3, 4, 5, 6),
    "täglich": (0, 1, 2, 3, 4, 5, 6),
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_FILLERS = frozenset(
    {"and", "und", "y", "et", "e", "or", "on", "at", "of", "in", "the", "from", "month", "every", "each", "von", "de"}
    | {"am", "um", "à", "a", "las"}
)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONDAY = datetime(2024, 1, 1)
"""First possible start of every slot: fixed, so that the same answer always gives the same record."""
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*(am|pm|a\.m\.|p\.m\.|uhr|h)?"
_TIMES = re.compile(
    rf"{_CLOCK}\s*(?:-|\u2013|\u2014|to\b|until\b|till\b|bis\b|a\b|à\b|até\b)\s*{_CLOCK}(?!\w)", re.IGNORECASE
)
_FORTNIGHTLY = re.compile(
    r"\b(?:every|each)\s+(?:other|second|2nd|two|2)\b|\b(?:fortnight|bi-?weekly|alternate)", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:st|nd|rd|th)|[-\u2013\u2014]|[,&/+]|\S", re.IGNORECASE)

_DAYS: dict[str, tuple[int, ...]] = {
    **{normalise(word): (day,) for day, words in enumerate(_DAY_WORDS) for word in words.split()},
    **{normalise(word): days for word, days in _GROUP_WORDS.items()},
}
_Times = tuple[int, int]


class SlotError(ValueError):
    """A slot that cannot be understood; the message says what was expected."""


def parse_part(text: str) -> tuple[int, int]:
    """Return start minute and length in minutes of `18:00-20:00` or `6-8pm`.

    Raises
    ------
    SlotError
        If the text is no time span, or could mean morning as well as evening.
    """
    found = _TIMES.fullmatch(text.strip())
    if found is None:
        raise SlotError(_("a time span such as 18:00-20:00"))
    first_hour, first_minute, first_half, last_hour, last_minute, last_half = found.groups()
    marked = any(half and half[0].casefold() in "ap" for half in (first_half, last_half))
    end = _minute(last_hour, last_minute, last_half)
    start = _minute(first_hour, first_minute, first_half or (last_half if marked else None))
    if marked and not first_half and start >= end:
        start = _minute(first_hour, first_minute, "am")
    if end <= start and not marked and int(last_hour) <= 12 and int(first_hour) <= 12:
        raise SlotError(_("a time span that says am or pm, or 24-hour times such as 18:00-20:00"))
    length = (end - start) % 1440 or 1440
    if length < 15:
        raise SlotError(_("a time span of at least 15 minutes"))
    return start % 1440, length


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    mark = (half or "").casefold()[:1]
    if mark in {"a", "p"} and half is not None and half.casefold() != "uhr":
        if not 1 <= hours <= 12:
            raise SlotError(_("hours from 1 to 12 with am or pm"))
        hours = hours % 12 + (12 if mark == "p" else 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise SlotError(_("times from 00:00 to 24:00"))
    return hours * 60 + minutes


def parse_slots(text: str, time_zone: str, day_parts: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return availability records (as dicts) for one slot expression.

    Parameters
    ----------
    text : str
        For example `Mon-Fri 18:00-20:00` or `Tue, Thu evening`.
    time_zone : str
        IANA time zone of the person.
    day_parts : mapping of str to str, optional
        Further parts of the day with their times.

    Raises
    ------
    SlotError
        If any word of the text is not understood; nothing is guessed.
    """
    if _FORTNIGHTLY.search(text) and "month" not in text.casefold():
        raise SlotError(
            _(
                "a weekly or monthly time; fortnightly times are not understood; give an RRULE (in a "
                "JSON Lines file), or 'first and third Tuesday of the month 18:00-20:00'"
            )
        )
    parts = _part_times(tuple((day_parts or {}).items()))
    records: list[dict[str, Any]] = []
    days: list[int] = []
    ordinals: list[int] = []
    used = False
    for kind, value in _tokens(text, parts):
        if kind == "days":
            if used:
                days, ordinals, used = [], [], False
            days += [day for day in value if day not in days]
        elif kind == "ordinal":
            if used:
                days, ordinals, used = [], [], False
            ordinals.append(value)
        else:
            if not days:
                raise SlotError(_("a day before the time, such as 'Tue 18:00-20:00'"))
            records.append(_record(sorted(days), ordinals, value, time_zone))
            used = True
    if not used:
        raise SlotError(_("a day and a time, such as 'Tue 18:00-20:00' or 'Sat morning'"))
    return records


@lru_cache(maxsize=16)
def _part_times(extra: tuple[tuple[str, str], ...]) -> Mapping[str, _Times]:
    named = {**DAY_PARTS, **dict(extra)}
    table = {normalise(name): parse_part(span) for name, span in named.items()}
    for name, words in _PART_WORDS.items():
        for word in words.split():
            table.setdefault(normalise(word), table[name])
    return table


def _tokens(text: str, parts: Mapping[str, _Times]) -> list[tuple[str, Any]]:
    """Cut a text into ("days", (…)), ("ordinal", n) and ("time", (start, length))."""
    for name in sorted((n for n in parts if " " in n), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", f" {name.replace(' ', '_')} ", text, flags=re.IGNORECASE)
    tokens: list[tuple[str, Any]] = []
    position = 0
    for found in [*_TIMES.finditer(text), None]:
        end = found.start() if found else len(text)
        tokens += _words(text[position:end], parts)
        if found:
            tokens.append(("time", parse_part(found[0])))
            position = found.end()
    return tokens


def _words(text: str, parts: Mapping[str, _Times]) -> list[tuple[str, Any]]:
    tokens: list[tuple[str, Any]] = []
    range_open = False
    words = re.findall(r"\w+(?:_\w+)+|" + _TOKEN.pattern, text)
    for position, word in enumerate(words):
        key = normalise(word)
        if key in _DAYS:
            days = _DAYS[key]
            if range_open and tokens and tokens[-1][0] == "days" and len(days) == 1:
                first = tokens.pop()[1][-1]
                days = tuple((first + step) % 7 for step in range((days[0] - first) % 7 + 1))
            tokens.append(("days", days))
            range_open = False
        elif key in _ORDINALS:
            if "month" not in text.casefold() and sum(normalise(w) in _ORDINALS for w in words) < 2:
                raise SlotError(_("'of the month' after first, second, third, fourth or last"))
            tokens.append(("ordinal", _ORDINALS[key]))
        elif key in parts:
            tokens.append(("time", parts[key]))
        elif word in "-\u2013\u2014" or (
            key in {"to", "bis", "a", "à", "until"} and position and position < len(words) - 1
        ):
            range_open = True
        elif word not in ",&/+.:()" and key not in _FILLERS:
            raise SlotError(_("days and times such as 'Tue 18:00-20:00' or 'Sat morning'"))
    return tokens


def _record(days: list[int], ordinals: list[int], times: _Times, time_zone: str) -> dict[str, Any]:
    codes = [f"{n}{_CODES[day]}" for n in ordinals for day in days] or [_CODES[day] for day in days]
    begin = _MONDAY + timedelta(days=days[0], minutes=times[0])
    if ordinals:
        begin = min(_first_monthly(days, n) for n in ordinals) + timedelta(minutes=times[0])
    rule = f"FREQ={'MONTHLY' if ordinals else 'WEEKLY'};BYDAY={','.join(codes)}"
    return {"start": begin, "duration_minutes": times[1], "time_zone": time_zone, "rrule": rule}


def _first_monthly(days: list[int], ordinal: int) -> datetime:
    """Return the first such day of January 2024, whose first day is a Monday."""
    numbers = (
        [day + 7 * (ordinal - 1) for day in days] if ordinal > 0 else [day + (28 if day <= 2 else 21) for day in days]
    )
    return _MONDAY + timedelta(days=min(numbers))
