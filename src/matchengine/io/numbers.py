"""Numbers as people write them, and answers put together from them: shares, parts of a network, joint wishes.

Each function takes a raw cell and returns plain values, or raises `BadValueError`.
"""

from __future__ import annotations

import re
from typing import Any

from matchengine.i18n import _
from matchengine.io.standards import BadValueError, as_text

__all__ = ["parse_decimal", "parse_integer", "parse_joint_wish", "parse_share", "parse_tie"]

_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_TIE = re.compile(r"([^()]*?)\s*(?:\(([^()]+)\))?")
_MOST_CONTACTS = 500
_JOINED = re.compile(r"\s*(?:\+|&|\band\b|\bund\b|\by\b|\bet\b|\be\b)\s*", re.IGNORECASE)
_LONGEST = 80


def parse_integer(raw: object, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`."""
    text = as_text(raw)
    expected = _("a whole number from {low} to {high}", low=low, high=high)
    if not _WHOLE.fullmatch(text) or len(text) > 12:
        raise BadValueError(expected)
    number = int(float(text))
    if not low <= number <= high:
        raise BadValueError(expected, str(min(max(number, low), high)))
    return number


def parse_decimal(raw: object, low: int, high: int) -> float:
    """Return a number from `low` to `high`, with a point or a comma."""
    text = as_text(raw)
    expected = _("a number from {low} to {high}", low=low, high=high)
    if not _DECIMAL.fullmatch(text) or len(text) > 12:
        raise BadValueError(expected)
    number = float(text.replace(",", "."))
    if not low <= number <= high:
        raise BadValueError(expected, str(min(max(number, low), high)))
    return number


def parse_share(raw: object) -> float:
    """Return a share from 0 to 1, also from a percentage."""
    text = as_text(raw).replace(",", ".")
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise BadValueError(_("a number from 0 to 1, or a percentage")) from error
    if not 0 <= number <= 1:
        raise BadValueError(_("a number from 0 to 1, or a percentage"))
    return number


def parse_tie(raw: object) -> dict[str, Any]:
    """Return the contacts of one part of a network, and how important more are: `3`, or `3 (0.8)`."""
    found = _TIE.fullmatch(as_text(raw))
    if found is None or not found[1]:
        raise BadValueError(_("how many people, and in brackets how important more of them are, such as '3 (0.8)'"))
    importance = {"importance": parse_share(found[2])} if found[2] else {}
    return {"count": parse_integer(found[1], 0, _MOST_CONTACTS), **importance}


def parse_joint_wish(raw: object) -> dict[str, Any]:
    """Return the dimensions that somebody wishes to share at once: `gender + migration`."""
    parts = [part for part in _JOINED.split(as_text(raw)) if part]
    if not 2 <= len(parts) <= 3 or any(len(part) > _LONGEST for part in parts):
        raise BadValueError(_("two or three dimensions with + between them"))
    return {"dimensions": parts}
