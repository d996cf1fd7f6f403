"""Say a scorer's sentences about one pair to one viewer, with no word the viewer may not read (domain.md B4).

A place `{name}` of a template shows that evidence; `{name?}` shows nothing and only demands that it is there. Of
several templates the first that can be said is. A text is quoted to its owner, to anybody where its field is open to
all members, and to coordinators where the programme's notice says so. What people confide about themselves is named
only where both sides share it and allow that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from matchengine.batch import Quotes
from matchengine.components import Template
from matchengine.errors import blame
from matchengine.i18n import N_, Plural, _, form, listing, parts, shown
from matchengine.pool.lexicon import words_of
from matchengine.pool.mutual import mutual
from matchengine.pool.pool import Pool
from matchengine.pool.text import PUBLIC_FIELDS
from matchengine.records.result import LiftStep
from matchengine.records.vocabulary import Viewer
from matchengine.registry import MatchKind

__all__ = ["Voice"]

_LONGEST_QUOTE = 72
_SHARED: dict[Viewer, str] = {
    "requester": N_("You both told the programme about {words}."),
    "candidate": N_("You both told the programme about {words}."),
    "coordinator": N_("Both told the programme about {words}."),
}
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

    _open: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False, repr=False)

    def may_read(self, quotes: Quotes) -> bool:
        """Whether the viewer may read texts of this side and field."""
        key = quotes.side, quotes.field
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = all(self._is_open(reader, *key) for reader in self.readers)
        return found

    @property
    def readers(self) -> tuple[Viewer, ...]:
        """All who get to read what is said, the one it is said to first."""
        return (self.viewer, "coordinator") if self.carried else (self.viewer,)

    def in_common(self, kind: MatchKind, requester: int, candidate: int) -> tuple[tuple[str, ...], LiftStep | None]:
        """Return what may be said of what two people, given as rows, both confided, and the step of the lift.

        Nothing where the kind of match lifts nothing, or where anything stands against it (`mutual`).
        """
        lifts = any(scorer.block is None for scorer in kind.scorers)
        if not lifts or kind.sides.candidates != "people":
            return (), None
        found = mutual(self.pool, int(requester), int(candidate), self.readers)
        if not found.words:
            return (), None
        words = listing([f"“{word}”" for word in found.words])
        return (_(_SHARED[self.viewer], words=words),), found.step

    def _is_open(self, reader: Viewer, side: str, key: str) -> bool:
        name = key.partition(".")[2]
        return reader == side or name in PUBLIC_FIELDS or (reader == "coordinator" and name in self.reads)

    def say(self, templates: tuple[Template, ...], evidence: Mapping[str, Any], pair: int) -> str:
        """Return the first sentence that can be said of a pair, as a sentence; empty where none can."""
        for template in templates:
            try:
                text = self._filled(template, evidence, pair)
            except (KeyError, ValueError, TypeError) as error:
                raise blame(f"a sentence of a scorer ({template!r})", error) from None
            if text is not None:
                return text[0].upper() + text[1:].rstrip(".") + "."
        return ""

    def _filled(self, template: Template, evidence: Mapping[str, Any], pair: int) -> str | None:
        if isinstance(template, Plural):
            number = evidence[template.by][pair]
            if number != number:
                return None
            text = form(template, int(number) if number == int(number) else 2)
        else:
            text = _(template)
        out: list[str] = []
        for literal, name, spec, _conversion in parts(text):
            out.append(literal)
            if name is None:
                continue
            demanded = name[-1] == "?"
            found = evidence.get(name[:-1] if demanded else name)
            if found is None:
                return None
            if isinstance(found, Quotes):
                number = found.texts[pair]
                if number < 0 or not (demanded or self.may_read(found)):
                    return None
                told = "" if demanded else _shortened(self.pool.fields[found.field].texts[number])
            else:
                value = found[pair]
                if value != value:
                    return None
                told = "" if demanded else shown(value, spec)
            out.append(told)
        return "".join(out)

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
            texts, number = self.pool.fields[each.field], each.texts[pair]
            tag = texts.languages[number]
            found += [(word, tag) for word in _words(texts.texts[number], tag)]
        return found


@lru_cache(maxsize=4_096)
def _shortened(text: str) -> str:
    quote = " ".join(text.split()).rstrip(".")
    return quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1].rstrip() + "…"
