"""The steps of one commit, inside one transaction that holds the row of the programme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from matchengine.store.audit import FIRST, chained
from matchengine.store.base import SETTING, AuditLine, Change, Commit, Event, Position, VectorRows
from matchengine.store.sql.rows import audit_row, checked, is_text, micros, record_row
from matchengine.store.sql.schema import Tables
from matchengine.store.sql.sealer import Sealer, vector_context

__all__ = ["CHUNK", "Writing", "Written", "chunked"]

T = TypeVar("T")
CHUNK = 2_000
"""Rows that go to the database at once."""
_ASKED = 500
"""Values in one list of a question."""


class Written(NamedTuple):
    """What a commit came to: the new position, and whether something went whose traces are to be swept."""

    position: Position
    unclean: bool


class Writing:
    """One commit under way.

    Parameters
    ----------
    connection : Connection
        With a transaction that began for writing.
    tables : Tables
    programme : str
    sealer : Sealer
    """

    def __init__(self, connection: sa.Connection, tables: Tables, programme: str, sealer: Sealer) -> None:
        self._connection, self._tables, self._programme, self._sealer = connection, tables, programme, sealer
        self._now = datetime.now(UTC)
        self._generation = 0
        self._unclean = False

    def make(self, commit: Commit) -> Written:
        """Take every step; the caller ends the transaction."""
        head = self._head()
        self._generation, self._unclean = head.generation, head.unclean
        empty = head.generation == 0
        self._unclean |= commit.wipe and not empty
        self._forget(set(commit.forget), tombstones=commit.new_epoch)
        if commit.purge_until is not None:
            self._purge(commit.purge_until)
        if commit.replace and not empty:
            self._replace(commit.replace, commit.changes)
        self._change(commit.changes, fresh=empty)
        for rows in commit.vectors:
            self._keep_vectors(rows)
        if commit.only_vectors is not None:
            self._drop_vectors(commit.only_vectors)
        number, last = self._record(commit.events, head.audit_number, head.audit_hash)
        position = Position(head.epoch + int(commit.new_epoch), self._generation)
        programme = self._tables.programme
        self._connection.execute(
            programme.update().where(programme.c.name == self._programme),
            {
                "epoch": position.epoch,
                "generation": position.generation,
                "audit_number": number,
                "audit_hash": last,
                "unclean": self._unclean,
            },
        )
        return Written(position, self._unclean)

    def _head(self) -> Any:
        """Return the row of the programme, locked until the transaction ends; it is made where there is none."""
        programme = self._tables.programme
        first = {
            "name": self._programme, "epoch": 0, "generation": 0, "audit_number": 0, "audit_hash": FIRST,
            "unclean": False,
        }  # fmt: skip
        found = programme.select().where(programme.c.name == self._programme).with_for_update()
        row = self._connection.execute(found).one_or_none()
        if row is None:
            self._connection.execute(self._insert(programme).values(first).on_conflict_do_nothing())
            row = self._connection.execute(found).one()
        return row

    # ------------------------------------------------------------------ documents

    def _forget(self, people: set[str], *, tombstones: bool) -> None:
        record, involvement = self._tables.record, self._tables.involvement
        if people and tombstones:
            buried = record.delete().where(record.c.programme == self._programme, record.c.document.is_(None))
            self._unclean |= bool(self._connection.execute(buried).rowcount)
        gone: set[tuple[str, str]] = set()
        for some in chunked(filter(is_text, people), _ASKED):
            own = record.c.id.in_(some) & (record.c.kind != SETTING)
            for table, of_them in ((record, own), (involvement, involvement.c.person.in_(some))):
                asked = sa.select(table.c.id, table.c.kind)
                asked = asked.where(table.c.programme == self._programme, of_them)
                gone.update((row.id, row.kind) for row in self._connection.execute(asked))
        if gone:
            self._unclean = True
            self._many(self._of_key(record.delete(), record), (_key(id, kind) for id, kind in gone))

    def _purge(self, until: datetime) -> None:
        record = self._tables.record
        asked = sa.select(record.c.id, record.c.kind).where(
            record.c.programme == self._programme, record.c.expires_at <= micros(until)
        )
        gone = [(row.id, row.kind) for row in self._connection.execute(asked.order_by(record.c.kind, record.c.id))]
        self._unclean |= bool(gone)
        self._bury(gone)

    def _replace(self, kinds: Collection[str], changes: Sequence[Change]) -> None:
        record = self._tables.record
        coming = {(change.id, change.kind) for change in changes}
        asked = sa.select(record.c.id, record.c.kind).where(
            record.c.programme == self._programme,
            record.c.kind.in_([*filter(is_text, kinds)]),
            record.c.document.is_not(None),
        )
        found = self._connection.execute(asked.order_by(record.c.kind, record.c.id))
        self._bury([(row.id, row.kind) for row in found if (row.id, row.kind) not in coming])

    def _bury(self, gone: Sequence[tuple[str, str]]) -> None:
        """Put a tombstone in the place of each document."""
        record, involvement = self._tables.record, self._tables.involvement
        start, self._generation = self._generation, self._generation + len(gone)
        now = micros(self._now)
        buried = self._of_key(record.update(), record).values(
            generation=sa.bindparam("now_generation"), written_at=now, expires_at=None, people="[]", document=None
        )
        self._many(
            buried,
            (_key(id, kind) | {"now_generation": start + place} for place, (id, kind) in enumerate(gone, 1)),
        )
        self._many(self._of_key(involvement.delete(), involvement), (_key(id, kind) for id, kind in gone))

    def _change(self, changes: Sequence[Change], *, fresh: bool) -> None:
        record, involvement = self._tables.record, self._tables.involvement
        for change in changes:
            checked("document", change.kind, change.id, *change.people)
        start, self._generation = self._generation, self._generation + len(changes)
        last = {(change.id, change.kind): place for place, change in enumerate(changes, 1)}
        made = [(place, changes[place - 1]) for place in last.values()]
        now = micros(self._now)
        if not fresh:
            self._many(self._of_key(involvement.delete(), involvement), (_key(id, kind) for id, kind in last))
        insert = self._insert(record)
        changed = {
            name: insert.excluded[name]
            for name in ("generation", "written_at", "expires_at", "people", "document")
        }  # fmt: skip
        upsert = insert.on_conflict_do_update(index_elements=["programme", "id", "kind"], set_=changed)
        self._many(
            upsert, (record_row(self._programme, change, start + place, now, self._sealer) for place, change in made)
        )
        self._many(
            self._insert(involvement),
            (
                {"programme": self._programme, "id": change.id, "kind": change.kind, "person": person}
                for _place, change in made
                if change.document is not None
                for person in dict.fromkeys(change.people)
            ),
        )

    # ------------------------------------------------------------------ vectors

    def _keep_vectors(self, rows: VectorRows) -> None:
        checked("model", rows.model)
        self._many(self._insert(self._tables.vector).on_conflict_do_nothing(), self._vector_rows(rows))

    def _vector_rows(self, rows: VectorRows) -> Iterator[dict[str, Any]]:
        vectors = np.ascontiguousarray(rows.vectors, np.dtype("<f4"))
        for key, vector, cut in zip(rows.keys, vectors, rows.truncated.tolist(), strict=True):
            sealed = self._sealer.key(key.tobytes())
            context = vector_context(self._programme, rows.model, sealed)
            yield {
                "programme": self._programme,
                "model": rows.model,
                "key": sealed,
                "vector": self._sealer.seal(vector.tobytes(), context),
                "truncated": cut,
            }

    def _drop_vectors(self, needed: Mapping[str, Collection[bytes]]) -> None:
        vector = self._tables.vector
        own = vector.c.programme == self._programme
        found = self._connection.execute(sa.select(vector.c.model).where(own).distinct()).scalars().all()
        for model in found:
            kept = {sealed for key in needed.get(model, ()) for sealed in self._sealer.keys(bytes(key))}
            keys = self._connection.execute(sa.select(vector.c.key).where(own, vector.c.model == model)).scalars()
            gone = [key for key in map(bytes, keys) if key not in kept]
            self._unclean |= bool(gone)
            each = vector.delete().where(own, vector.c.model == model, vector.c.key == sa.bindparam("of_key"))
            self._many(each, ({"of_key": key} for key in gone))

    # ------------------------------------------------------------------ the record of events

    def _record(self, events: Sequence[Event], number: int, last: str) -> tuple[int, str]:
        """Append events to the chain and return its new end."""
        end = None if number == 0 else AuditLine(number, self._now, Event("", ""), "", last)
        lines = []
        for event in events:
            end = chained(end, event, self._now)
            lines.append(audit_row(self._programme, end))
        self._many(self._tables.audit.insert(), lines)
        return (number, last) if end is None else (end.number, end.hash)

    # ------------------------------------------------------------------ statements

    def _insert(self, table: sa.Table) -> Any:
        """Return an insertion that can say what happens where the row is there already."""
        of = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        return of.insert(table)

    def _of_key(self, statement: Any, table: sa.Table) -> Any:
        """Narrow a statement to one document of this programme; `_key` binds it."""
        return statement.where(
            table.c.programme == self._programme,
            table.c.id == sa.bindparam("of_id"),
            table.c.kind == sa.bindparam("of_kind"),
        )

    def _many(self, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        for some in chunked(rows, CHUNK):
            self._connection.execute(statement, some)


def chunked(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most `size` values."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some


def _key(id: str, kind: str) -> dict[str, str]:
    return {"of_id": id, "of_kind": kind}
