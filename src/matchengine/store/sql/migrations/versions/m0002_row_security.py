"""PostgreSQL itself keeps programmes apart, and the index `pgvector` gets its tables.

SQLite has one file for its readers and no roles: nothing changes there.
"""

from __future__ import annotations

from alembic import op

from matchengine.store.sql.separation import make_vector_tables, protect, unprotect

revision = "m0002"
down_revision: str | None = "m0001"


def upgrade() -> None:
    """Make the tables of vectors where pgvector is installed, and protect every table."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        make_vector_tables(connection)
        protect(connection)


def downgrade() -> None:
    """Take away tables of vectors and protection."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        unprotect(connection)
