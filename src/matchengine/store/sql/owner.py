"""What the owner of the tables does in a PostgreSQL database."""

from __future__ import annotations

from sqlalchemy.pool import NullPool

from matchengine.store.sql.failures import quiet_engine, safely
from matchengine.store.sql.migrate import migrate
from matchengine.store.sql.separation import driver_url, shown_url

__all__ = ["migrate_postgres"]


def migrate_postgres(url: str) -> tuple[str | None, str | None]:
    """Bring a database to this version's schema and return its schema version before and after.

    Raises
    ------
    StoreError
        Where the database refuses, or a later version wrote it.
    """
    engine = quiet_engine(driver_url(url), poolclass=NullPool)
    with safely(shown_url(url)), engine.begin() as connection:
        return migrate(connection)
