"""A store that puts every change on record, in the commit that makes it: neither is ever true without the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from matchengine.actors import acting_now
from matchengine.store.audit import EVERYBODY, Anchor, pseudonym
from matchengine.store.base import Change, Commit, Entry, Event, Position, Store
from matchengine.store.keep import EDITS
from matchengine.store.results import STALE
from matchengine.store.secret import key_of

__all__ = ["MOST_NAMED", "RecordedStore", "event_by_now", "key_of", "noted_head", "on_record", "recorded", "whose"]

MOST_NAMED = 500
"""How many people a line names at most; one that concerns more is about everybody."""


class RecordedStore:
    """A store that adds to each commit the line that tells of it; everything else is the store's own.

    Parameters
    ----------
    store : Store
    key : bytes
        Key of the store, under which ids become pseudonyms.
    """

    def __init__(self, store: Store, key: bytes) -> None:
        self.store, self.key = store, key

    def write(self, programme: str, commit: Commit) -> Position:
        """Make a commit true together with the line that tells of it; one that brings its own events needs none."""
        return self.store.write(programme, on_record(programme, commit, self.key))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def on_record(programme: str, commit: Commit, key: bytes) -> Commit:
    """Return a commit with the event that tells of it: who, what, to how many documents of which kinds, about whom."""
    if commit.events or not _changes_something(commit):
        return commit
    counts = Counter(_named(commit))
    told = {name: str(count) for name, count in sorted(counts.items())}
    if commit.purge_until is not None:
        told["until"] = commit.purge_until.isoformat(timespec="seconds")
    people = None if commit.replace or commit.purge_until else _people(commit)
    return replace(commit, events=(event_by_now(programme, key, _action(commit), people, told),))


def event_by_now(
    programme: str, key: bytes, action: str, people: Iterable[str] | None, details: Mapping[str, str]
) -> Event:
    """Return an event in the name of whoever acts now; `people` are their ids, None and too many mean everybody."""
    now = acting_now()
    named = None if people is None else sorted({*people})
    if named is None or len(named) > MOST_NAMED:
        return Event(now.actor, action, (), {**details, "about": EVERYBODY}, now.why)
    subjects = tuple(sorted(pseudonym(key, programme, each) for each in named))  # in no order that tells the ids'
    return Event(now.actor, action, subjects, dict(details), now.why)


def _changes_something(commit: Commit) -> bool:
    return bool(commit.changes or commit.forget or commit.replace or commit.purge_until is not None)


def _action(commit: Commit) -> str:
    if commit.forget:
        return "erased"
    if commit.replace:
        return "loaded"
    return "purged" if commit.purge_until is not None else "changed"


def _named(commit: Commit) -> Iterator[str]:
    """Names under which changes are counted: their kinds, whether one goes, whether it withdraws a consent.

    What a withdrawal takes out of a record, and what goes along with it, would tell that there was something to take.
    """
    withdrew: set[str] = set()
    for change in commit.changes:
        if change.kind == EDITS or (change.kind == "person" and change.id in withdrew):
            continue
        if change.document is None:
            yield f"{change.kind} removed"
        elif change.kind == "consent" and (told := json.loads(change.document)).get("withdrawn_at"):
            withdrew |= set() if commit.replace else {told["person_id"]}
            yield "consent withdrawn"
        else:
            yield change.kind


def _people(commit: Commit) -> Collection[str]:
    return {*commit.forget, *(each for change in commit.changes for each in whose(change))}


def whose(document: Change | Entry) -> tuple[str, ...]:
    """Return the ids of those who may know of a document: nobody whom somebody else named in confidence.

    A profile is its person's, an answer that of whoever gave it, a boundary that of whoever drew it.
    """
    if document.document is None or document.kind == "person":
        return (document.id,)
    if document.kind == STALE:
        return ()
    if document.kind not in ("feedback", "relationship"):
        return document.people
    told = json.loads(document.document)
    if document.kind == "feedback" or told["kind"] == "must_not":
        return (told["person_id"],) if told.get("person_id") else ()
    return (told["person_id"], told["other_id"])


def noted_head(store: Store, programme: str) -> Anchor | None:
    """Return number and hash of the last line as a store notes them beside the record; None where it notes nothing."""
    noted: Callable[[str], tuple[int, str]] | None = getattr(store, "audit_head", None)
    return None if noted is None else Anchor(*noted(programme))


def recorded(store: Store) -> RecordedStore:
    """Return a store that puts every change on record; one that does already is returned as it is."""
    return store if isinstance(store, RecordedStore) else RecordedStore(store, key_of(store))
