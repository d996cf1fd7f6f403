"""Which schema a database has, and how it comes to the one that this version needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from matchengine.errors import StoreError
from matchengine.i18n import _
from matchengine.store.sql.schema import SCHEMA, VERSION_TABLE

__all__ = ["check_current", "current_version", "latest_version", "migrate", "versions"]

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x4D454E47
"""Number of the advisory lock that keeps two processes from migrating one PostgreSQL database at the same time."""


@cache
def versions() -> tuple[str, ...]:
    """Return every schema version there was, oldest first."""
    _config, script = _scripts()
    return tuple(reversed([step.revision for step in script.walk_revisions()]))


def latest_version() -> str:
    """Return the schema version that this version of the package reads and writes."""
    return versions()[-1]


def current_version(connection: sa.Connection) -> str | None:
    """Return the schema version of a database; None where there is no store in it."""
    found = MigrationContext.configure(connection, opts=_options(connection)).get_current_revision()
    return None if found is None else str(found)


def check_current(connection: sa.Connection) -> None:
    """Refuse a database of another schema than this version's.

    Raises
    ------
    StoreError
        Where it holds no store, an older one, or one that a later version wrote.
    """
    found = current_version(connection)
    if found is None:
        raise StoreError(_("there is no store here yet; open it for writing first"))
    if found not in versions():
        raise StoreError(
            _("the store was written by a later version (schema {found}); update matchengine", found=found)
        )
    if found != latest_version():
        raise StoreError(
            _(
                "the store has schema {found}, this version needs {latest}; open it for writing, or run: {command}",
                found=found,
                latest=latest_version(),
                command="matchengine store migrate LOCATION",
            )
        )


def migrate(connection: sa.Connection, target: str = "head") -> tuple[str | None, str | None]:
    """Bring a database to a schema version, in the transaction under way, and return the version before and after.

    Only tables of our own are made or changed. `target` is `head`, the version that this version of the package
    needs, a version of `versions()`, or `base`, which takes everything away.

    Raises
    ------
    StoreError
        Where a later version wrote it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    before = current_version(connection)
    if before is not None and before not in versions():
        check_current(connection)
    if before == (latest_version() if target == "head" else target):
        return before, before
    if before is None and connection.dialect.name == "postgresql":
        connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
    config, script = _scripts()
    with EnvironmentContext(config, script, fn=_steps(script, target), destination_rev=target) as environment:
        environment.configure(connection=connection, **_options(connection))
        environment.run_migrations()
    return before, current_version(connection)


def _steps(script: ScriptDirectory, target: str) -> Callable[[Any, Any], Any]:
    def steps(found: Any, _context: Any) -> Any:
        known = versions()
        wanted = known[-1] if target == "head" else target
        at = -1 if not found else known.index(found[0] if isinstance(found, tuple) else found)
        down = wanted == "base" or known.index(wanted) < at
        return script._downgrade_revs(wanted, found) if down else script._upgrade_revs(wanted, found)

    return steps


def _options(connection: sa.Connection) -> dict[str, Any]:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    return {"version_table": VERSION_TABLE, "version_table_schema": schema, "transactional_ddl": True}


def _scripts() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)
