"""Sentences in the reader's language, from one gettext catalogue (`locale/`).

Code marks a sentence where it says it: `_("{n} files read", n=3)`, `ngettext("{n} person", "{n} people", n)`, or
`N_("…")` for a constant that is translated when it is said. Numbers with a point get the decimal mark of the
language. The language is that of the running context (`speaking`), so threads and tasks do not disturb one another.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

__all__ = [
    "N_",
    "PSEUDO",
    "Plural",
    "_",
    "fill",
    "form",
    "language",
    "languages",
    "listing",
    "ngettext",
    "parts",
    "shown",
    "speaking",
]

DOMAIN = "matchengine"
SOURCE = "en"
PSEUDO = "qps-ploc"
"""A language made of brackets and foreign letters: whatever stays plain in it never went through the catalogue."""
_FOLDER = Path(__file__).parent / "locale"
_LANGUAGE: ContextVar[str] = ContextVar("matchengine_language", default=SOURCE)


@dataclass(frozen=True)
class Plural:
    """A sentence that depends on a number: `one` where the value called `by` is 1 in English, else `many`."""

    one: str
    many: str
    by: str


def languages() -> tuple[str, ...]:
    """Return the languages that sentences come in, English first."""
    return (SOURCE, *sorted(path.parts[-3] for path in _FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def language() -> str:
    """Return the language of the running context, a BCP 47 tag."""
    return _LANGUAGE.get()


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Say everything inside the block in a language.

    Raises
    ------
    ConfigError
        When there is no catalogue for it.
    """
    if tag not in languages() and tag != PSEUDO:
        from matchengine.errors import ConfigError, did_you_mean  # which says its own sentences through this module

        raise ConfigError(_("no sentences in language {tag!r}; {hint}", tag=tag, hint=did_you_mean(tag, languages())))
    token = _LANGUAGE.set(tag)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def N_(text: str) -> str:  # noqa: N802 (the name gettext tools know)
    """Mark a constant for the catalogue and return it as it is; say it with `_`."""
    return text


def _(text: str, /, **values: Any) -> str:
    """Return a sentence in the language of the context, its places filled."""
    said = _catalogue(_LANGUAGE.get()).gettext(text) if text else ""  # gettext keeps its own header under ""
    return fill(said, values) if values else said


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """Return the form of a sentence that fits the number `n`, its places filled; `n` is one of them."""
    return fill(_catalogue(_LANGUAGE.get()).ngettext(one, many, n), {"n": n} | values)


def form(plural: Plural, n: int) -> str:
    """Return the form of a plural that fits the number `n`, its places not filled."""
    return _catalogue(_LANGUAGE.get()).ngettext(plural.one, plural.many, n)


def listing(words: Sequence[str]) -> str:
    """Return words as one list: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


@lru_cache(maxsize=4_096)
def parts(template: str) -> tuple[tuple[str, str | None, str, str | None], ...]:
    """Return the literal texts and places of a template: (literal, name or None, format, conversion)."""
    return tuple((lit, name, spec or "", conversion) for lit, name, spec, conversion in Formatter().parse(template))


def fill(template: str, values: dict[str, Any]) -> str:
    """Fill the places of a template, numbers with the decimal mark of the language; values are never read as templates.

    Raises
    ------
    KeyError, ValueError, TypeError
        When a place has no value or its format does not fit.
    """
    out = []
    for literal, name, spec, conversion in parts(template):
        out.append(literal)
        if name is None:
            continue
        out.append(shown(repr(values[name]) if conversion == "r" else values[name], spec))
    return "".join(out)


def shown(value: Any, spec: str = "") -> str:
    """Return a value as text, a number with the decimal mark of the language."""
    text = format(value, spec)
    if "." in text and not isinstance(value, (str, Path)):
        text = text.replace(".", _catalogue(_LANGUAGE.get()).pgettext("decimal mark", "."))
    return text


@cache
def _catalogue(tag: str) -> gettext.NullTranslations:
    if tag == PSEUDO:
        return _Pseudo()
    return gettext.translation(DOMAIN, _FOLDER, [tag], fallback=tag == SOURCE)


_FOREIGN = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀćďéƒĝĥíĵķļɱñöþɋŕšťüṽŵẋýžÀɃĆĎÉƑĜĤÍĴĶĻṀÑÖÞɊŔŠŤÜṼŴẊÝŽ"
)


class _Pseudo(gettext.NullTranslations):
    """Every sentence in brackets and foreign letters, its places untouched."""

    def gettext(self, message: str) -> str:
        told = []
        for literal, name, spec, conversion in parts(message):
            told.append(literal.translate(_FOREIGN).replace("{", "{{").replace("}", "}}"))
            if name is not None:
                told.append("{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}")
        return f"⟦{''.join(told)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return message
