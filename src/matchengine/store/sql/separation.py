"""How the tables of one PostgreSQL database keep programmes apart, and what the role of the application may do there.

Everything here is done by the owner of the tables; `matchengine.tenancy` checks it for whoever connects.
"""

from __future__ import annotations

import re
from importlib.util import find_spec

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from matchengine.errors import MissingExtraError, StoreError
from matchengine.i18n import _
from matchengine.store.sql.failures import quiet_engine, safely
from matchengine.store.sql.migrate import migrate
from matchengine.tenancy import SCHEMA, UNGUARDED, policy_of, programme_column

__all__ = ["driver_url", "grant_application", "make_vector_tables", "protect", "shown_url", "unprotect"]

_ROLE = re.compile(r"^[a-z_][a-z0-9_]{0,62}$")
_APPEND_ONLY = ("audit",)
_POLICY_NAME = "matchengine_programme"
_VECTORS = (
    """
    CREATE TABLE IF NOT EXISTS matchengine.vector_space (
      programme text COLLATE "C" NOT NULL,
      space bigint GENERATED ALWAYS AS IDENTITY,
      owner bigint NOT NULL,
      head bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (programme, space)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS matchengine.vector_index (
      programme text COLLATE "C" NOT NULL,
      space bigint NOT NULL,
      id bigint NOT NULL,
      added bigint NOT NULL,
      removed bigint NOT NULL DEFAULT 9223372036854775807,
      dimension integer NOT NULL GENERATED ALWAYS AS ({schema}.vector_dims(embedding)) STORED,
      embedding {schema}.vector NOT NULL,
      PRIMARY KEY (programme, space, id, added)
    )
    """,
)

_CUTTING = (
    """
    CREATE OR REPLACE FUNCTION matchengine.cut_audit(of_programme text, up_to bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      IF NOT EXISTS (
        SELECT FROM matchengine.audit a
        WHERE a.programme = of_programme AND a.action = 'cut' AND a.details::jsonb ->> 'up_to' = up_to::text
          AND a.number = (SELECT max(b.number) FROM matchengine.audit b WHERE b.programme = of_programme)
      ) THEN
        RAISE EXCEPTION 'the last line of the record has to sign for the cut' USING ERRCODE = 'insufficient_privilege';
      END IF;
      ALTER TABLE matchengine.audit DISABLE TRIGGER audit_keeps_lines;
      DELETE FROM matchengine.audit WHERE programme = of_programme AND number <= up_to;
      ALTER TABLE matchengine.audit ENABLE TRIGGER audit_keeps_lines;
    END $$
    """,
    "REVOKE ALL ON FUNCTION matchengine.cut_audit(text, bigint) FROM PUBLIC",
)
"""The one way in which the application may delete lines of the record: those before a line that signs for it."""


def protect(connection: sa.Connection) -> None:
    """Enable and force row-level security on every table of ours, with the one policy; as the owner of the tables."""
    for table, column in _guarded(connection):
        named = f"{SCHEMA}.{_quoted(connection, table)}"
        condition = policy_of(_quoted(connection, column))
        for statement in (
            f"ALTER TABLE {named} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {named} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS {_POLICY_NAME} ON {named}",
            f"CREATE POLICY {_POLICY_NAME} ON {named} USING ({condition}) WITH CHECK ({condition})",
        ):
            connection.execute(sa.text(statement))


def unprotect(connection: sa.Connection) -> None:
    """Take away what `protect` and `make_vector_tables` did; the extension stays."""
    connection.execute(sa.text(f"DROP FUNCTION IF EXISTS {SCHEMA}.cut_audit(text, bigint)"))
    for table in ("vector_index", "vector_space"):
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {SCHEMA}.{table}"))
    for table, _column in _guarded(connection):
        named = f"{SCHEMA}.{_quoted(connection, table)}"
        connection.execute(sa.text(f"DROP POLICY IF EXISTS {_POLICY_NAME} ON {named}"))
        connection.execute(sa.text(f"ALTER TABLE {named} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"))


def make_vector_tables(connection: sa.Connection) -> bool:
    """Make the tables of the index `pgvector`, where the extension is installed or can be; tell whether they are there.

    The extension goes into the schema `public` and stays when our schema goes: the host may use it too.
    """
    if connection.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")) == 0:
        return False
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public"))
    except sa.exc.DBAPIError:  # the owner of the tables may lack the right; a superuser installs it then
        return False
    schema = connection.scalar(
        sa.text(
            "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace "
            "WHERE extname = 'vector'"
        )
    )
    for statement in _VECTORS:
        connection.execute(sa.text(statement.format(schema=schema)))
    return True


def grant_application(url: str, role: str) -> bool:
    """Bring a database to this version's schema and let a role use it: rows of one programme at a time, no more.

    Run it again after each update, and after pgvector was installed.

    Parameters
    ----------
    url : str
        With the owner of the tables, or who is to become that.
    role : str
        What the application connects as: a-z, 0-9 and `_`; it exists already and owns nothing.

    Returns
    -------
    bool
        Whether the index `pgvector` can be used.

    Raises
    ------
    StoreError
        Where the role does not exist or has another name, or the database refuses.
    """
    if not _ROLE.match(role):
        raise StoreError(
            _("the role of the application: expected 1 to 63 of a-z, 0-9 and '_', beginning with a letter")
        )
    engine = quiet_engine(driver_url(url), poolclass=NullPool)
    with safely(shown_url(url)), engine.begin() as connection:
        if connection.scalar(sa.text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role}) == 0:
            raise StoreError(
                _(
                    "there is no role {role!r}; make it first: CREATE ROLE {role} LOGIN PASSWORD '…' NOSUPERUSER "
                    "NOBYPASSRLS",
                    role=role,
                )
            )
        migrate(connection)
        with_vectors = make_vector_tables(connection)
        protect(connection)
        for statement in _CUTTING:
            connection.exec_driver_sql(statement)
        _grant(connection, _quoted(connection, role))
        return with_vectors


def _grant(connection: sa.Connection, role: str) -> None:
    connection.execute(sa.text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}"))
    connection.execute(sa.text(f"GRANT EXECUTE ON FUNCTION {SCHEMA}.cut_audit(text, bigint) TO {role}"))
    names = [table for table, _column in _guarded(connection)]
    rights = {name: "SELECT, INSERT" if name in _APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE" for name in names}
    for name, granted in (rights | dict.fromkeys(UNGUARDED, "SELECT")).items():
        table = f"{SCHEMA}.{_quoted(connection, name)}"
        connection.execute(sa.text(f"REVOKE ALL ON {table} FROM PUBLIC, {role}"))
        connection.execute(sa.text(f"GRANT {granted} ON {table} TO {role}"))


def _guarded(connection: sa.Connection) -> list[tuple[str, str]]:
    """Return every table of ours that holds rows of programmes, with the column that names the programme."""
    found = connection.scalars(
        sa.text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = :schema AND c.relkind IN ('r', 'p') ORDER BY 1"
        ),
        {"schema": SCHEMA},
    )
    return [(table, programme_column(table)) for table in found if table not in UNGUARDED]


def _quoted(connection: sa.Connection, name: str) -> str:
    return str(connection.dialect.identifier_preparer.quote_identifier(name))


def driver_url(url: str) -> sa.URL:
    """Return a URL with the driver that we use.

    Raises
    ------
    StoreError
        Where it is none of PostgreSQL; it is not repeated.
    """
    if find_spec("psycopg") is None:
        raise MissingExtraError("postgres", _("a store in PostgreSQL"))
    try:
        made = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # both repeat what they cannot read
        made = None
    if made is None or made.get_backend_name() != "postgresql":
        raise StoreError(_("expected a URL such as postgresql://ROLE:PASSWORD@HOST/DATABASE, got another text"))
    return made.set(drivername="postgresql+psycopg")


def shown_url(url: str) -> str:
    """Return what messages call the place: host and database, neither user nor password nor options."""
    made = driver_url(url)
    return f"postgresql://{made.host or ''}/{made.database or ''}"
