"""One programme of a store, as an engine keeps it: what it writes, what it reads anew, and what it must not take in."""

from __future__ import annotations

import json
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace as changed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from matchengine.config import RetentionConfig
from matchengine.errors import DataError, StoreBusyError, StoreError, UnknownIdError
from matchengine.forking import in_child
from matchengine.i18n import _, ngettext
from matchengine.pool.consents import Consents
from matchengine.records import ConsentGrant, Feedback, Pause, Person, Record
from matchengine.records.moments import LAST_MOMENT
from matchengine.store.base import SETTING, Change, Commit, Entry, Event, Position, Store
from matchengine.store.documents import (
    GATHERINGS,
    KINDS,
    LOADED,
    Gone,
    change_of,
    involved,
    read_document,
    records_in,
)
from matchengine.store.mentions import nameless_flags, without
from matchengine.store.projection import confides_less, projected
from matchengine.store.results import COPY, RESULT, STALE, Results
from matchengine.store.retention import expires, expires_after
from matchengine.store.secret import key_of
from matchengine.store.suppression import ERASED, Suppression, owners_in, read_list, suppression_file
from matchengine.store.vectors import StoredVectors

__all__ = ["EDITS", "Everything", "Keeper", "refuse_unkept"]

R = TypeVar("R", bound=Record)

_LISTED = 500
EDITS = "wish_edits"
"""Kind of the documents that say when a person changed their wishes: a limit that outlives a process (C2)."""


class Everything(NamedTuple):
    """All records of a moment by kind, in the order in which they came, their position, and when the first one ends."""

    position: Position
    records: dict[str, list[Any]]
    next_end: datetime


class Keeper:
    """What an engine keeps in one programme of a store.

    Parameters
    ----------
    store : Store
    programme : str
    writes : bool
        Whether this engine may write.

    Attributes
    ----------
    vectors : StoredVectors
        Takes the place of the cache of files.
    position : Position
        Of the state that the engine holds.
    retention : RetentionConfig
        For how long it keeps what comes to an end.
    next_end : datetime
        From when something that the engine holds is no longer to be served.
    in_doubt : bool
        Whether a change failed that may be true in the store all the same.
    closed : bool
        Whether the store was let go of.
    """

    def __init__(self, store: Store, programme: str, *, writes: bool) -> None:
        self.store, self.programme, self.writes = store, programme, writes
        self.vectors = StoredVectors(store, programme)
        self.position = Position(0, 0)
        self.retention = RetentionConfig()
        self.next_end = LAST_MOMENT
        self._suppression: Suppression | None = None
        self._restored = False  # whether the list outside names people of whose erasure the store knows nothing
        self._results: Results | None = None
        self.in_doubt = self.closed = False
        self._inherited = False
        in_child(self._forked)

    def _forked(self) -> None:
        """In a forked child: the right to write stays with the parent, whom this engine follows from now on."""
        self._inherited, self.writes = self.writes or self._inherited, False

    @property
    def follows(self) -> bool:
        """Whether the store may be ahead of this engine: of a reader, and of a writer that failed or lost its right."""
        return not self.writes or self.in_doubt or getattr(self.store, "right_may_be_lost", False)

    @property
    def alone(self) -> bool:
        """Whether nobody else can have written, so that what this engine holds is all that anybody was told of."""
        return self.writes and not getattr(self.store, "right_may_be_lost", False)

    def collecting(self) -> AbstractContextManager[None]:
        """A block in which vectors of new texts are kept for the next commit; who only reads has none."""
        return self.vectors.collecting() if self.writes else nullcontext()

    # ------------------------------------------------------------------ what is there

    def setting(self, name: str) -> str | None:
        """Return a setting of the programme, None where it was never set."""
        return next((e.document for e in self.entries(kinds=(SETTING,), ids=(name,))), None)

    def entries(self, **chosen: Any) -> Iterator[Entry]:
        """Yield documents of this programme, as `Store.entries` does.

        A database that was put back may hold people who were erased since: only the writer, who erases them again, is
        told of them.
        """
        found = self.store.entries(self.programme, **chosen)
        if self.writes or not self.suppression or not self._restored:
            return found
        if self.suppression.names(chosen.get("involving") or ""):
            return iter(())
        return self._erased_again(found, whole="since" not in chosen)

    def _erased_again(self, found: Iterable[Entry], *, whole: bool) -> Iterator[Entry]:
        """Yield documents as an erasure leaves them: those of others without the ids of people who were erased.

        What remains of answers of people who were erased comes last, where the `whole` is asked for: it has no number.
        """
        names, answers = self.suppression.names, list[Entry]()
        for entry in found:
            if any(map(names, (entry.id, *entry.people))):
                record = read_document(entry) if entry.kind in KINDS and entry.document is not None else None
                left = None if record is None else without(record, names, self.alias)
                if left is None:
                    answers += [entry] if isinstance(record, Feedback) else []
                    continue
                entry = entry._replace(document=change_of(left).document, people=involved(left))
            yield entry
        if whole:
            yield from self._flags_of(answers)

    def _flags_of(self, answers: Sequence[Entry]) -> Iterator[Entry]:
        """Yield what remains of answers of people who were erased."""
        told = [(entry, read_document(entry)) for entry in answers]
        given = [(record, entry.written_at) for entry, record in told if isinstance(record, Feedback)]
        about = {record.about_id for record, _written in given}
        gatherings = {e.id for e in self.store.entries(self.programme, kinds=GATHERINGS, ids=about)} if about else set()
        for flag, day in nameless_flags(given, gatherings):
            change = change_of(flag)
            yield answers[0]._replace(id=change.id, document=change.document, people=change.people, written_at=day)

    def person(self, person_id: str) -> Person | None:
        """Return what is stored of a person's own record; None where nobody has this id."""
        found = next(self.entries(kinds=("person",), ids=(person_id,)), None)
        record = None if found is None else read_document(found)
        return record if isinstance(record, Person) else None

    def pauses(self) -> list[Pause]:
        """Return the pauses of everybody."""
        return records_in(self.entries(kinds=("pause",)))["pause"]

    def everything(self) -> Everything:
        """Return all records that are there now."""
        self._suppression = None
        with self.store.one_moment(self.programme):
            position = self.store.position(self.programme)
            entries = [*self.entries(kinds=(*LOADED, "pause"))]
        end = min((each.expires_at for each in entries if each.expires_at is not None), default=LAST_MOMENT)
        found = records_in(iter(entries))
        return Everything(position, {kind: self.unerased(of, tell=False) for kind, of in found.items()}, end)

    @property
    def suppression(self) -> Suppression:
        """Who was erased, as the store and the list outside it say."""
        if self._suppression is None:
            here = owners_in(self.store.entries(self.programme, kinds=(ERASED,)))
            outside = read_list(self.list_outside)
            self._restored = not outside.keys() <= here.keys()
            self._suppression = Suppression(lambda: key_of(self.store), self.programme, outside | here)
        return self._suppression

    @property
    def list_outside(self) -> Path | None:
        """Where the list of people who were erased lies outside the database; None where a store has no files."""
        return suppression_file(self.store, self.programme)

    @property
    def results(self) -> Results:
        """Which drafts are kept, as far as a commit must know them."""
        if self._results is None:
            self._results = Results(self.entries(kinds=(RESULT, STALE)))
        return self._results

    def wish_edits(self) -> dict[str, list[str]]:
        """Return when people changed what they wish to share, as far as it still counts."""
        return {entry.id: json.loads(entry.document or "[]") for entry in self.entries(kinds=(EDITS,))}

    def forget_what_is_known(self) -> None:
        """Read the list of erased people and of kept drafts anew when they are next needed."""
        self._suppression = self._results = None

    def behind(self) -> Position | None:
        """Return where the programme stands, if that is further than this engine; None where it is not."""
        now = self.store.position(self.programme)
        return now if now != self.position else None

    # ------------------------------------------------------------------ what is written

    def refuse_readers(self) -> None:
        """Raise StoreError where this engine may only read."""
        if self._inherited:
            raise StoreBusyError(_("the process that this one was forked from holds the right to write; write there"))
        if not self.writes:
            raise StoreError(_("this engine was opened for reading; change it where it was opened for writing"))

    def admitted(self, people: Iterable[Person], consents: Consents) -> list[Person]:
        """Return people as they may be kept and used: without what no consent allows, and whoever was erased."""
        return [projected(person, consents) for person in self.unerased(people)]

    def unerased(self, records: Iterable[R], *, tell: bool = True) -> list[R]:
        """Return records less those of people who were erased, and without their mentions in those of others.

        How many were left out is said in a warning, never which.
        """
        records = [*records]
        if not self.suppression:
            return records
        gone, kept, left_out = self.suppression.names, [], 0
        for record in records:
            left = without(record, gone, self.alias)
            if left is None:
                left_out += 1
            else:
                kept.append(left)
        if left_out and tell:
            told = ngettext(
                "{n} record of people who were erased was left out; `allow_again` lifts that for who comes back",
                "{n} records of people who were erased were left out; `allow_again` lifts that for who comes back",
                left_out,
            )
            warnings.warn(told, stacklevel=4)
        return kept  # type: ignore[return-value]  # the same kinds as came in

    def alias(self, household: str) -> str:
        """Return another name for a household that is called by the id of somebody who was erased."""
        return "household-" + self.suppression.hash_of("household\n" + household)[:16]

    def admitted_chunks(
        self, chunks: Iterable[Sequence[Person]], grants: Sequence[ConsentGrant], kept: list[Any]
    ) -> Iterator[list[Person]]:
        """Yield chunks of people as `admitted` returns them, and append all of them to `kept`."""
        consents = Consents(grants)
        for chunk in chunks:
            people = self.admitted(chunk, consents)
            kept += people
            yield people

    def commit(
        self,
        changes: Sequence[Record | Gone],
        consents: Consents,
        *,
        replace: Collection[str] = (),
        settings: Sequence[tuple[str, str]] = (),
        events: Sequence[Event] = (),
        new_epoch: bool = False,
        extra: Sequence[Change] = (),
    ) -> Position:
        """Write changes durably, with the vectors of their texts; `consents` are those in force afterwards.

        Raises
        ------
        StoreError
            Where they cannot be written; then none of them is.
        """
        self.refuse_readers()
        made: list[Change] = []
        for each in changes:
            made += self._changes(each, consents, made)
        made += self.results.marked(changes, whole=bool(replace))
        made += [Change(SETTING, name, value) for name, value in settings]
        made += extra
        held = next(self.entries(kinds=replace), None) if replace else None
        wipe = held is not None or (not replace and self._takes_away(changes))
        vectors = self.vectors.taken()
        return self.write(
            Commit(replace=replace, changes=made, vectors=vectors, events=events, new_epoch=new_epoch, wipe=wipe)
        )

    def write(self, commit: Commit) -> Position:
        """Make a commit true; the engine stands at the position to which it leads."""
        self.refuse_readers()
        try:
            self.position = self.store.write(self.programme, commit)
        except BaseException:
            self.forget_what_is_known()
            raise
        ends = [
            change.expires_at
            for change in commit.changes
            if change.kind in (*LOADED, "pause") and change.expires_at is not None
        ]
        self.next_end = min([self.next_end, *ends])
        return self.position

    def _takes_away(self, changes: Sequence[Record | Gone]) -> bool:
        """Tell whether something that a person confided is no longer to be there: their record goes, or says less.

        What is reworded in words that need no consent stays in free pages of a file until the next sweep.
        """
        now = datetime.now(UTC)
        if any(isinstance(each, Gone) or (isinstance(each, ConsentGrant) and _is_over(each, now)) for each in changes):
            return True
        new = {each.id: each for each in changes if isinstance(each, Person)}
        ids = sorted(new)
        for start in range(0, len(ids), _LISTED):
            for entry in self.entries(kinds=("person",), ids=ids[start : start + _LISTED]):
                held = read_document(entry)
                if isinstance(held, Person) and confides_less(new[held.id], held):
                    return True
        return False

    def _changes(self, change: Record | Gone, consents: Consents, before: Sequence[Change]) -> list[Change]:
        """Return what a change does to documents, after those before it in the same commit."""
        if not isinstance(change, Gone):
            return [self.document_of(projected(change, consents) if isinstance(change, Person) else change)]
        kinds = ("person", *GATHERINGS)
        held = {entry.kind for entry in self.entries(kinds=kinds, ids=(change.id,))}
        held |= {each.kind for each in before if each.id == change.id and each.kind in kinds}
        if not held:
            raise UnknownIdError(_("id {id!r} is not known; nothing was removed", id=change.id))
        return [Change(kind, change.id, None) for kind in sorted(held)]

    def document_of(self, record: Record, written: datetime | None = None) -> Change:
        """Return the change that keeps a record, written then or now, for as long as the configuration says."""
        since = moment(written)
        return changed(change_of(record), expires_at=expires(record, self.retention, since), written_at=since)

    def restamped(self) -> list[Change]:
        """Return the changes that give documents the end that the configuration now names for them."""
        made, days = [], self.retention
        drafts = {each.id: expires_after(each.written_at, days.result) for each in self.entries(kinds=(RESULT,))}
        for entry in self.entries(kinds=(*LOADED, "pause", "meeting", RESULT, STALE, COPY)):
            if entry.kind in (RESULT, STALE):  # why a draft is stale is told for as long as the draft
                end = drafts.get(entry.id, entry.expires_at)
            elif entry.kind == COPY:
                end = expires_after(entry.written_at, days.copies)
            else:
                end = expires(read_document(entry), days, entry.written_at)
            if end != entry.expires_at:
                made.append(Change(entry.kind, entry.id, entry.document, entry.people, end, entry.written_at))
        return made

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
        self.closed = True


def _is_over(grant: ConsentGrant, now: datetime) -> bool:
    """Tell whether a consent was withdrawn, now or for later, or has ended."""
    return grant.withdrawn_at is not None or (grant.expires_at is not None and not grant.in_force(now))


def moment(now: datetime | None = None) -> datetime:
    """Return a moment in UTC, this one where none is given."""
    return datetime.now(UTC) if now is None else now


def refuse_unkept(record: Record) -> DataError:
    """Return the error for a record that only a store can hold."""
    return DataError(
        _(
            "{kind}: only an engine over a store keeps these; open one with Engine.open(location, config)",
            kind=type(record).__name__,
        )
    )
