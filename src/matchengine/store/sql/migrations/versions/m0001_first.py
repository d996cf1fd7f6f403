"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "m0001"
down_revision: str | None = None

_NAME = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_TABLES = ("audit", "vector", "involvement", "record", "programme")


def _schema() -> str | None:
    return "matchengine" if op.get_bind().dialect.name == "postgresql" else None


def upgrade() -> None:
    """Make the tables, and forbid to change the record of events."""
    schema = _schema()
    _programmes_and_records(schema)
    _involvements(schema)
    _vectors_and_audit(schema)
    for statement in _PROTECTION["postgresql" if schema else "sqlite"]:
        op.execute(statement)


def downgrade() -> None:
    """Take everything away."""
    schema = _schema()
    for name in _TABLES:
        op.drop_table(name, schema=schema)
    if schema:
        op.execute("DROP FUNCTION matchengine.refuse_change()")


def _programmes_and_records(schema: str | None) -> None:
    op.create_table(
        "programme",
        sa.Column("name", _NAME, primary_key=True),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("audit_number", sa.BigInteger, nullable=False),
        sa.Column("audit_hash", sa.Text, nullable=False),
        sa.Column("unclean", sa.Boolean, nullable=False),
        schema=schema,
    )
    op.create_table(
        "record",
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("id", _NAME, primary_key=True),
        sa.Column("kind", _NAME, primary_key=True),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("written_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("document", sa.LargeBinary),
        schema=schema,
    )
    op.create_index("record_generation", "record", ["programme", "generation"], unique=True, schema=schema)
    op.create_index("record_kind", "record", ["programme", "kind", "generation"], schema=schema)
    op.create_index("record_expires", "record", ["programme", "expires_at"], schema=schema)


def _involvements(schema: str | None) -> None:
    key = ["programme", "id", "kind"]
    target = f"{schema}.record" if schema else "record"
    op.create_table(
        "involvement",
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("id", _NAME, primary_key=True),
        sa.Column("kind", _NAME, primary_key=True),
        sa.Column("person", _NAME, primary_key=True),
        sa.ForeignKeyConstraint(
            key, [f"{target}.{name}" for name in key], name="involvement_of_record", ondelete="CASCADE"
        ),
        schema=schema,
        sqlite_with_rowid=False,
    )
    op.create_index("involvement_person", "involvement", ["programme", "person"], schema=schema)


def _vectors_and_audit(schema: str | None) -> None:
    op.create_table(
        "vector",
        sa.Column("programme", _NAME, primary_key=True),
        sa.Column("model", _NAME, primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("truncated", sa.Boolean, nullable=False),
        schema=schema,
    )
    op.create_table(
        "audit",
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
        schema=schema,
    )


_PROTECTION = {
    "sqlite": (
        "CREATE TRIGGER audit_keeps_lines BEFORE UPDATE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the record of events is added to, never changed'); END",
        "CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the record of events is added to, never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION matchengine.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'the record of events is added to, never changed'; END $$",
        "CREATE TRIGGER audit_keeps_lines BEFORE UPDATE OR DELETE ON matchengine.audit"
        " FOR EACH ROW EXECUTE FUNCTION matchengine.refuse_change()",
        "CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON matchengine.audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION matchengine.refuse_change()",
    ),
}
