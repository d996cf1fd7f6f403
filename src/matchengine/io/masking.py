"""Masks what would tell who somebody is before a text is embedded (domain.md B5).

Three things are masked and no more is promised: the owner's own names, as the contacts sheet holds them, become
`[name]`; e-mail addresses and telephone numbers become `[e-mail]` and `[phone]`; and a listed closed class of pronouns,
titles and gendered role nouns of each language becomes a neutral word of the same language (`masking_words.py`). Only
whole words count: `her` is not in `there`. Masking twice changes nothing more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matchengine.io.masking_words import TITLES, WORDS

__all__ = ["NAME_MASK", "mask", "mask_contacts", "mask_names", "masked_languages"]

NAME_MASK = "[name]"
"""What stands for a name."""

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)(?:\+|\(\+?)?\d(?:[ \u00a0()./\u2013-]{0,2}\d){6,14}(?!\w)")
_NO_PHONE = re.compile(
    r"(?:(?:19|20)\d\d[ ./\u2013-]*)+"  # years
    r"|\d{4}[./-]\d\d?[./-]\d\d?|\d\d?[./ -]\d\d?[./ -]\d{4}"  # a date
    r"|[1-9]\d{0,2}(?:[ .\u00a0]?000)+"  # a round amount
)
_WORD = re.compile(r"\w+")
_PARTICLES = frozenset(
    {
        "al",
        "am",
        "an",
        "ben",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
    }
    | {"el", "i", "ibn", "la", "las", "le", "los", "st", "ten", "ter", "und", "van", "von", "y", "zu", "zum", "zur"}
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class _Language:
    triggers: frozenset[str]
    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]


def masked_languages() -> tuple[str, ...]:
    """Return the languages that have a word list, as primary subtags."""
    return tuple(sorted(WORDS))


def mask(text: str, language: str | None, names: Iterable[str] = ()) -> str:
    """Return the text with names and gendered words masked.

    Parameters
    ----------
    text : str
        One text item.
    language : str or None
        BCP 47 tag of the text; only its primary subtag counts. Without a word list only names are masked.
    names : iterable of str
        The owner's own names; each is masked whole and word by word, in any case.

    Returns
    -------
    str
        The same object when nothing was found, in about 2 µs for a sentence.
    """
    if names:
        text = mask_names(text, tuple(names))
    table = _language(language.partition("-")[0].lower()) if language else None
    if table is None or table.triggers.isdisjoint(_WORD.findall(text.casefold())):
        return text
    return table.pattern.sub(table.replace, text)


def mask_contacts(text: str) -> str:
    """Return the text with e-mail addresses as `[e-mail]` and telephone numbers (seven digits or more) as `[phone]`.

    Years, dates and round amounts are no telephone numbers.
    """
    if "@" in text:
        text = _EMAIL.sub("[e-mail]", text)
    return _PHONE.sub(lambda found: found[0] if _NO_PHONE.fullmatch(found[0]) else "[phone]", text)


def mask_names(text: str, names: Sequence[str]) -> str:
    """Return the text with each of the names, and each word of them, as `[name]`.

    Single letters and particles such as `van` or `de` are masked only as part of the whole name.
    """
    pattern = _name_pattern(tuple(names))
    if pattern is None:
        return text
    return pattern.sub(NAME_MASK, text)


@lru_cache(maxsize=8_192)
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    words: set[str] = set()
    for name in names:
        parts = [part for part in re.split(r"[\s,;/()\"]+", name) if part]
        longer = [part for part in parts if _tells(part)]
        longer += [piece for part in longer for piece in part.split("-") if _tells(piece)]
        words.update(longer)
        if longer or _UNSPACED.search(name):
            words.update({" ".join(parts), "".join(parts) if _UNSPACED.search(name) else ""})
    words.discard("")
    if not words:
        return None
    forms = {form for word in words for form in _forms(word)}
    spaced = "|".join(_escape(form) for form in sorted(forms, key=_longest) if not _UNSPACED.search(form))
    unspaced = "|".join(_escape(form) for form in sorted(forms, key=_longest) if _UNSPACED.search(form))
    either = [rf"(?<!\w)(?:{spaced})(?!\w)" if spaced else "", f"(?:{unspaced})" if unspaced else ""]
    one = "|".join(pattern for pattern in either if pattern)
    return re.compile(rf"(?:{one})(?:[ \u00b7-]+(?:{one}|{re.escape(NAME_MASK)}))*", re.IGNORECASE)


def _tells(part: str) -> bool:
    word = part.strip(".'\u2019")
    return len(word) > 1 and any(letter.isalpha() for letter in word) and word.casefold() not in _PARTICLES


def _longest(form: str) -> tuple[int, str]:
    return -len(form), form


def _escape(form: str) -> str:
    return r"\s+".join(re.escape(part) for part in form.split())


def _forms(word: str) -> set[str]:
    """Return a name as it may be typed: composed, decomposed, and without accents."""
    word = word.strip(".'\u2019")
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    dotless = plain.replace("\u0131", "i").replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O")
    return {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word), plain, dotless} - {""}


@lru_cache(maxsize=64)
def _language(code: str) -> _Language | None:
    if code not in WORDS:
        return None
    table: dict[str, str] = {}
    for line in WORDS[code].strip().splitlines():
        replacement, _, words = line.partition(":")
        for word in words.split("|"):
            for form in _cases(word.strip()):
                table[form] = replacement.strip()
    title, titles = TITLES.get(code, ("", ""))
    listed = "|".join(re.escape(form) for form in sorted(table, key=_longest))
    before_capital = r"\.?(?=\s+[^\W\d_a-zß-öø-ÿ])"
    parts = [rf"(?<!\w)(?P<title>(?-i:{titles}{before_capital}))"] if titles else []
    parts.append(rf"(?<![\w\[])(?:{listed})(?!\w)")
    triggers = {_WORD.findall(form.casefold())[0] for form in table}
    triggers |= {word.casefold() for word in _WORD.findall(re.sub(r"\(\?[:=].|\\.", " ", titles))}

    def replace(found: re.Match[str]) -> str:
        if titles and found["title"]:
            return title
        return _like(found[0], table.get(found[0].lower()) or table.get(found[0].casefold(), found[0]))

    return _Language(frozenset(triggers), re.compile("|".join(parts), re.IGNORECASE), replace)


def _cases(word: str) -> set[str]:
    """Return the small forms a word may have in a text (Turkish `KADIN` becomes `kadin`, German ß may be ss)."""
    folded = {word.lower(), word.casefold(), word.upper().lower()}
    return folded | {form.replace("'", "\u2019") for form in folded}


def _like(found: str, replacement: str) -> str:
    """Return the replacement with a capital where the word found had one."""
    if found[:1].isupper() and not found[:1].islower():
        return replacement[:1].upper() + replacement[1:]
    return replacement
