"""The tables of a store as this version reads and writes them; `migrations/` tells how they come to be.

In PostgreSQL they lie in a schema of our own, beside whatever else the database holds; in SQLite the file is ours.
Every table begins with the programme, and so does every index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

__all__ = ["APPLICATION_ID", "SCHEMA", "VERSION_TABLE", "Tables", "tables"]

SCHEMA = "matchengine"
"""Name of our schema in PostgreSQL."""
VERSION_TABLE = "alembic_version"
APPLICATION_ID = 0x4D454E47
"""What says in the head of a SQLite file that it is a store of ours."""

_NAME = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Texts that are compared and ordered: by their characters' numbers, in every database."""


@dataclass(frozen=True)
class Tables:
    """The tables of a store.

    Attributes
    ----------
    programme : Table
        How far each programme has come, the end of its record, and whether traces of what was deleted are still to be
        swept (`unclean`).
    record : Table
        Documents; NULL where one went. Moments are microseconds since 1970 in UTC; `people` is a JSON list.
    involvement : Table
        Whom each document involves.
    vector : Table
        Vectors, float32 with the low byte first.
    audit : Table
        The record of events; it can be added to, never changed.
    """

    metadata: sa.MetaData
    programme: sa.Table
    record: sa.Table
    involvement: sa.Table
    vector: sa.Table
    audit: sa.Table


@cache
def tables(schema: str | None) -> Tables:
    """Return the tables in a schema; None for SQLite."""
    metadata = sa.MetaData(schema=schema)
    return Tables(
        metadata, _programme(metadata), _record(metadata), _involvement(metadata), _vector(metadata), _audit(metadata)
    )


def _programme(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "programme",
        metadata,
        sa.Column("name", _NAME, primary_key=True),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("audit_number", sa.BigInteger, nullable=False),
        sa.Column("audit_hash", sa.Text, nullable=False),
        sa.Column("unclean", sa.Boolean, nullable=False),
    )


def _record(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "record",
        metadata,
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("id", _NAME, primary_key=True),
        sa.Column("kind", _NAME, primary_key=True),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("written_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("document", sa.LargeBinary),
        sa.Index("record_generation", "programme", "generation", unique=True),
        sa.Index("record_kind", "programme", "kind", "generation"),
        sa.Index("record_expires", "programme", "expires_at"),
    )


def _involvement(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "involvement",
        metadata,
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("id", _NAME, primary_key=True),
        sa.Column("kind", _NAME, primary_key=True),
        sa.Column("person", _NAME, primary_key=True),
        sa.ForeignKeyConstraint(
            ["programme", "id", "kind"],
            [metadata.tables[_in(metadata, "record")].c[name] for name in ("programme", "id", "kind")],
            name="involvement_of_record",
            ondelete="CASCADE",
        ),
        sa.Index("involvement_person", "programme", "person"),
        sqlite_with_rowid=False,
    )


def _vector(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "vector",
        metadata,
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("model", _NAME, primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("truncated", sa.Boolean, nullable=False),
    )


def _audit(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "audit",
        metadata,
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subjects", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )


def _in(metadata: sa.MetaData, name: str) -> str:
    return name if metadata.schema is None else f"{metadata.schema}.{name}"
