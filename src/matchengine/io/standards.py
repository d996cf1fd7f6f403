"""Answers that a standard defines: dates, time zones, languages, countries, e-mail addresses, bands of years.

Each function takes a raw cell and returns the standard value or raises `BadValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import available_timezones

from matchengine.errors import nearest
from matchengine.i18n import _
from matchengine.io.countries import COUNTRY_CODES, country_names
from matchengine.io.language_names import language_names
from matchengine.io.words import normalise
from matchengine.records import vocabulary as v

__all__ = [
    "DATE_ORDERS",
    "BadValueError",
    "as_text",
    "closest",
    "normalise_email",
    "parse_age_band",
    "parse_country",
    "parse_date",
    "parse_email",
    "parse_experience_band",
    "parse_language",
    "parse_time_zone",
]

DATE_ORDERS = ("day-month-year", "month-day-year", "year-month-day")
_YEARS = re.compile(r"(\d{1,2})(?:[.,]\d+)?\s*(?:\+|years?|yrs?|jahre?|años?|ans|anos?)?", re.IGNORECASE)
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_IN_ANGLES = re.compile(r".*<([^<>]+)>\s*")


class BadValueError(ValueError):
    """An answer that is no valid value; the message is what was expected."""

    def __init__(self, expected: str, nearest: str | None = None) -> None:
        self.nearest = nearest
        super().__init__(expected)


def as_text(raw: object) -> str:
    """Return a cell as text: whole numbers without point, runs of space as one, no NUL."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    text = str(raw).replace("\x00", "")
    if text.isprintable():
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def closest(text: str, words: Iterable[str]) -> str | None:
    """Return the word nearest to a text as it is spelled in the list, or None."""
    return _closest(normalise(text)[:60], tuple(words))


@lru_cache(maxsize=32)  # a column that was taken for another one is wrong in the same few ways in each of its rows
def _closest(text: str, words: tuple[str, ...]) -> str | None:
    spelled = {normalise(word): word for word in words}
    found = nearest(text, spelled)
    return spelled[found] if found else None


def normalise_email(text: str) -> str:
    """Return an e-mail address as it is compared: without display name, space and upper case."""
    inner = _IN_ANGLES.fullmatch(text)
    return (inner[1] if inner else text).strip().removeprefix("mailto:").strip().casefold()


def parse_date(raw: object, order: str) -> datetime:
    """Return a moment from a date cell: ISO 8601 and four-digit years in front always, else the stated order.

    Raises
    ------
    BadValueError
        If the text is no date in that order.
    """
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)
    text = as_text(raw)
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        pass
    day, _space, clock = text.replace(",", " ").partition(" ")
    numbers = re.split(r"[./-]", day)
    names = (DATE_ORDERS[2] if len(numbers[0]) == 4 else order).split("-")
    try:
        values = {name: int(number) for name, number in zip(names, numbers, strict=True)}
        if values["year"] < 100:
            values["year"] += 2000
        hour, minute, second, *_more = [int(part) for part in re.findall(r"\d+", clock)] + [0, 0, 0]
        half = re.search(r"(?<![a-z])([ap])\.?m", clock.casefold())
        hour = hour % 12 + 12 * (half[1] == "p") if half else hour
        return datetime(values["year"], values["month"], values["day"], hour, minute, second)
    except (ValueError, KeyError) as error:
        raise BadValueError(_("a date such as 2024-05-31, or {order}", order=order)) from error


def parse_language(raw: object) -> str:
    """Return a BCP 47 tag from a tag or a language name."""
    text = as_text(raw)
    known = language_names().get(normalise(text))
    if known:
        return known
    if _TAG.fullmatch(text) and (len(text) <= 3 or "-" in text):
        return text
    raise BadValueError(
        _("a language by name or BCP 47 tag, such as English, pt-BR or bfi"), closest(text, language_names())
    )


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in sorted(available_timezones())}


@lru_cache(maxsize=1_024)
def _zone_near(text: str) -> str | None:
    cities = {zone.rpartition("/")[2].replace("_", " "): name for zone, name in _zones().items() if "/" in zone}
    found = nearest(text.replace("_", " "), cities, 0.8)
    return cities[found] if found else None


def parse_time_zone(raw: object) -> str:
    """Return an IANA time-zone name, whatever its case; a city alone is suggested but not taken."""
    text = as_text(raw)
    found = _zones().get(text.casefold().replace(" ", "_"))
    if found is None:
        raise BadValueError(_("an IANA time zone such as Europe/Madrid"), _zone_near(text.casefold()[:60]))
    return found


def parse_country(raw: object) -> str:
    """Return an ISO 3166-1 alpha-2 code from a code or a country name."""
    text = as_text(raw)
    if text.upper() in COUNTRY_CODES:
        return text.upper()
    found = country_names().get(normalise(text))
    if found is None:
        close = closest(text, country_names())
        raise BadValueError(_("a country by name or two-letter ISO code"), country_names()[close] if close else None)
    return found


def parse_email(raw: object) -> str:
    """Return a normalised e-mail address."""
    text = normalise_email(as_text(raw))
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise BadValueError(_("an e-mail address"))
    return text


def _years_band(bounds: Sequence[int], bands: Sequence[str], text: str) -> str | None:
    found = _YEARS.fullmatch(text)
    if found is None or int(found[1]) < bounds[0]:
        return None
    return bands[sum(int(found[1]) >= bound for bound in bounds) - 1]


def parse_experience_band(raw: object) -> str:
    """Return the band of years of experience from a band or a number of years."""
    text = as_text(raw).replace("\u2013", "-").replace("\u2014", "-").casefold()
    plain = re.sub(r"\s*(years?|yrs?|jahre?|años?|ans|anos?)$", "", text).replace(" ", "")
    if plain in v.EXPERIENCE_BANDS:
        return plain
    band = _years_band((0, 2, 5, 10, 20), v.EXPERIENCE_BANDS, text)
    if band is None:
        raise BadValueError(
            _("years of experience as a number, or one of {bands}", bands=", ".join(v.EXPERIENCE_BANDS))
        )
    return band


def parse_age_band(raw: object) -> str:
    """Return the age band from a band or an age in years."""
    text = as_text(raw).replace("\u2013", "-").replace("\u2014", "-").replace(" ", "")
    if text in v.AGE_BANDS:
        return text
    band = _years_band((16, 18, 25, 35, 45, 55, 65, 75), v.AGE_BANDS, text)
    if band is None:
        raise BadValueError(
            _("an age from 16 in years, or one of {bands}; never a birth date", bands=", ".join(v.AGE_BANDS))
        )
    return band
