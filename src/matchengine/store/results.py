"""Drafts that are kept: under a name, with everybody in them, until they are no longer true.

What makes one stale is said by category alone: to say whose consent ended would tell who had given one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from pydantic import SerializeAsAny, ValidationError

from matchengine.errors import StoreError
from matchengine.i18n import _
from matchengine.records import ConsentGrant, GroupRequest, MeetingHeld, Pause, Record
from matchengine.store.base import Change, Entry
from matchengine.store.documents import Gone, involved

__all__ = ["CLOSED", "COPY", "RESULT", "STALE", "Copy", "KeptResult", "Results", "StaleReason", "ids_in", "read_result"]

RESULT, STALE, COPY = "result", "stale", "copy"
"""Kinds of documents: a draft that is kept, why it is stale, and where something was written outside the store."""
StaleReason = Literal["changed", "consent_ended", "left", "loaded", "paused"]
"""Somebody in it said something new; a consent ended; somebody left; everything was loaded anew; somebody pauses."""
CLOSED = frozenset({"fit", "kind", "mode", "phase", "standing", "status"})
"""Keys of words out of a closed list; every other text of a document may quote somebody."""
_LONGEST = 64
"""Signs in an id, at most."""
_QUOTED = re.compile(r"'([^'\s]{1,64})'")
_PIECE = re.compile(r"[0-9A-Za-z]+|[^\W0-9A-Za-z_]+")
"""Letters and digits of one alphabet: in languages without spaces an id stands among other letters."""
_TELLING = re.compile(r"^(?=.{2,64}$)(?:.*[^\W\d_]|(?:.*?\d){5})")
"""As long as an id, but for single letters, with a letter or five digits."""


class KeptResult(Record):
    """A draft that was kept, and why it may no longer hold; who made it so is not told.

    `kind` is the name of the document's model. `stale` is empty while nothing changed for anybody in it.
    """

    name: str
    kind: str
    kept_at: datetime
    stale: tuple[StaleReason, ...] = ()
    document: SerializeAsAny[Record]


class Copy(Record):
    """Where data of a programme were written outside its store: an address, what, and when.

    Nothing in a store can reach a copy; after an erasure people must delete those that hold the person.
    """

    address: str
    what: str
    written_at: datetime


@dataclass(frozen=True)
class _Held:
    people: frozenset[str]
    expires_at: datetime | None
    stale: frozenset[str]


class Results:
    """Which drafts are kept, whom each involves, and why it is stale: what a commit must know to mark them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._held: dict[str, _Held] = {}
        why: dict[str, frozenset[str]] = {}
        for entry in entries:
            if entry.kind == STALE:
                why[entry.id] = frozenset(json.loads(entry.document or "[]"))
            else:
                self._held[entry.id] = _Held(frozenset(entry.people), entry.expires_at, frozenset())
        for name in self._held.keys() & why.keys():
            self._held[name] = replace(self._held[name], stale=why[name])

    def kept(self, change: Change) -> list[Change]:
        """Return the changes that keep a draft, which is fresh whatever was there under its name."""
        before = self._held.get(change.id)
        self._held[change.id] = _Held(frozenset(change.people), change.expires_at, frozenset())
        return [change, Change(STALE, change.id, None)] if before is not None and before.stale else [change]

    def dropped(self, name: str) -> list[Change]:
        """Return the changes that let go of a draft; none where there is none."""
        before = self._held.pop(name, None)
        if before is None:
            return []
        gone = Change(RESULT, name, None)
        return [gone, Change(STALE, name, None)] if before.stale else [gone]

    def marked(self, changes: Iterable[Record | Gone], whole: bool = False) -> Iterator[Change]:
        """Yield the changes that mark as stale what changes make so; `whole` where everything is loaded anew."""
        if not self._held:
            return
        by_reason: dict[str, set[str]] = {}
        for change in () if whole else changes:
            if (reason := _reason(change)) is not None:
                people = (change.id,) if isinstance(change, Gone) else involved(change)
                by_reason.setdefault(reason, set()).update(people)
        for name, held in self._held.items():
            found = {reason for reason, people in by_reason.items() if people & held.people}
            if stale := ({"loaded"} if whole else found) - held.stale:
                left = held.stale | stale
                self._held[name] = replace(held, stale=left)
                yield Change(STALE, name, json.dumps(sorted(left)), tuple(sorted(held.people)), held.expires_at)


def _reason(change: Record | Gone) -> StaleReason | None:
    if isinstance(change, Gone):
        return "left"
    if isinstance(change, Pause):
        return None if change.lifted else "paused"
    if isinstance(change, ConsentGrant):
        return "consent_ended" if change.withdrawn_at is not None or change.expires_at is not None else "changed"
    return None if isinstance(change, MeetingHeld | GroupRequest) else "changed"


def ids_in(document: Any, known: Collection[str] = ()) -> tuple[set[str], set[str]]:
    """Return what stands where an id stands in a document, and everything in it that may be somebody's id.

    The latter is every key and every text but words of closed lists, and of longer texts every word and every part of
    one. What is one of the `known` ids is not taken apart. Of a longer text nothing is taken that may as well be a
    number or an article: single letters, and what has neither a letter nor five digits.
    """
    placed: set[str] = set()
    texts: set[str] = set()
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            texts.add(each)
        elif isinstance(each, Mapping):
            placed.update(v for name, v in each.items() if isinstance(v, str) and str(name).endswith("_id"))
            texts.update(map(str, each))
            waiting += (value for name, value in each.items() if name not in CLOSED or not isinstance(value, str))
        elif isinstance(each, list | tuple):
            waiting += each
    found = {text for text in texts if len(text) <= _LONGEST}
    found.update(quoted for text in texts for quoted in _QUOTED.findall(text))
    for word in {word for text in texts if text not in known for word in text.split()}:
        found.update(filter(_TELLING.search, _parts(word, known)))
    return placed, found


def _parts(word: str, known: Collection[str]) -> Iterator[str]:
    """Yield a word, and every part of it that begins and ends with letters or digits."""
    pieces = [piece.span() for piece in _PIECE.finditer(word)]
    bare = word[pieces[0][0] : pieces[-1][1]] if pieces else word
    if word in known or bare in known:
        yield from (word, bare)
        return
    yield word
    for place, (start, _end) in enumerate(pieces):
        for _start, end in pieces[place:]:
            if end - start > _LONGEST:
                break
            yield word[start:end]


def read_result(entry: Entry, stale: Iterable[str]) -> KeptResult:
    """Return a draft as it was kept.

    Raises
    ------
    StoreError
        Where its document does not fit this version's data model; its content is not repeated.
    """
    told = json.loads(entry.document or "{}")
    try:
        document = _model(told["model"]).model_validate_json(json.dumps(told["document"]))
    except (KeyError, ValidationError):
        told_so = _("what was kept as {name!r} cannot be read; was it written by a later version?", name=entry.id)
        raise StoreError(told_so) from None
    reasons = tuple(reason for reason in get_args(StaleReason) if reason in {*stale})
    return KeptResult(name=entry.id, kind=told["model"], kept_at=told["kept_at"], stale=reasons, document=document)


def _model(name: str) -> type[Record]:
    """Return the record of ours with a name; KeyError where none has it."""
    waiting, seen = [Record], set[type[Record]]()
    while waiting:
        model = waiting.pop()
        if model.__name__ == name and model.__module__.startswith("matchengine."):
            return model
        fresh = [each for each in model.__subclasses__() if each not in seen]
        seen.update(fresh)
        waiting += fresh
    raise KeyError(name)
