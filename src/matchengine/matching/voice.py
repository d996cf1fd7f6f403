"""Say a scorer's sentences about one pair to one viewer, with no word the viewer may not read (domain.md B4).

A place `{name}` of a template shows that evidence; `{name?}` shows nothing and only demands that it is there. Of
several templates the first that can be said is. A text is quoted to its owner, to anybody where its field is open to
all members, and to coordinators where the programme's notice says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from matchengine.batch import Quotes
from matchengine.components import Template
from matchengine.errors import blame
from matchengine.i18n import Plural, _, fill, ngettext, parts
from matchengine.pool.lexicon import words_of
from matchengine.pool.pool import Pool
from matchengine.pool.text import PUBLIC_FIELDS
from matchengine.records.vocabulary import Viewer

__all__ = ["Voice"]

_LONGEST_QUOTE = 72
_words = lru_cache(maxsize=4_096)(words_of)


@dataclass(frozen=True)
class Voice:
    """Speaks to one viewer.

    Attributes
    ----------
    reads : frozenset of str
        The private text fields that the notice opens to coordinators.
    carried : bool
        Whether the words reach the viewer through a coordinator's hands: then both must be allowed to read them.
    """

    pool: Pool
    viewer: Viewer = "requester"
    reads: frozenset[str] = frozenset()
    carried: bool = False

    def may_read(self, quotes: Quotes) -> bool:
        """Whether the viewer may read texts of this side and field."""
        readers: tuple[Viewer, ...] = (self.viewer, "coordinator") if self.carried else (self.viewer,)
        return all(_open_to(reader, self.reads, quotes.side, quotes.field) for reader in readers)

    def say(self, templates: tuple[Template, ...], evidence: Mapping[str, Any], pair: int) -> str:
        """Return the first sentence that can be said of a pair, as a sentence; empty where none can."""
        for template in templates:
            text = self._filled(template, evidence, pair)
            if text is not None:
                return text[0].upper() + text[1:].rstrip(".") + "."
        return ""

    def _filled(self, template: Template, evidence: Mapping[str, Any], pair: int) -> str | None:
        plain = template.many if isinstance(template, Plural) else template
        told: dict[str, Any] = {}
        for _literal, name, _format, _conversion in parts(plain):
            if name is None:
                continue
            value = _value(evidence.get(name.removesuffix("?")), pair)
            if value is not None and isinstance(found := evidence.get(name), Quotes):
                readable = self.may_read(found)
                value = _shortened(self.pool.fields[found.field].texts[value]) if readable else None
            if value is None:
                return None
            told[name] = "" if name.endswith("?") else value
        try:
            if isinstance(template, Plural):
                number = told[template.by]
                return ngettext(template.one, template.many, int(number) if number == int(number) else 2, **told)
            return fill(_(template), told)
        except (KeyError, ValueError, TypeError) as error:
            raise blame(f"a sentence of a scorer ({plain!r})", error) from None

    def words(self, evidence: Mapping[str, Any], pair: int) -> tuple[str, ...]:
        """Return the telling words that quoted texts of both sides share, in the order of the requester's text."""
        sides: dict[str, list[Quotes]] = {"requester": [], "candidate": []}
        for quotes in evidence.values():
            if isinstance(quotes, Quotes) and quotes.texts[pair] >= 0 and self.may_read(quotes):
                sides[quotes.side].append(quotes)
        if not sides["requester"] or not sides["candidate"]:
            return ()
        own, other = (self._words_of(quotes, pair) for quotes in sides.values())
        rest, lexicon = set(other), self.pool.lexicon
        return tuple(dict.fromkeys(w for w, tag in own if (w, tag) in rest and lexicon.is_telling(w, tag)))

    def _words_of(self, quotes: list[Quotes], pair: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for each in quotes:
            field, text = self.pool.fields[each.field], int(each.texts[pair])
            tag = field.languages[text]
            found += [(word, tag) for word in _words(field.texts[text], tag)]
        return found


@lru_cache(maxsize=1_024)
def _open_to(viewer: Viewer, reads: frozenset[str], side: str, field: str) -> bool:
    name = field.partition(".")[2]
    return viewer == side or name in PUBLIC_FIELDS or (viewer == "coordinator" and name in reads)


@lru_cache(maxsize=4_096)
def _shortened(text: str) -> str:
    quote = " ".join(text.split()).rstrip(".")
    return quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1].rstrip() + "…"


def _value(evidence: Any, pair: int) -> Any:
    """Evidence about one pair, a text as its number; None where it is unknown."""
    if evidence is None:
        return None
    if isinstance(evidence, Quotes):
        text = int(evidence.texts[pair])
        return None if text < 0 else text
    value = evidence[pair]
    return None if isinstance(value, np.floating) and np.isnan(value) else value
