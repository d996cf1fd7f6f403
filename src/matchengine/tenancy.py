"""What keeps programmes apart in one PostgreSQL database, and the refusal to work where it does not hold.

Row-level security hides from a transaction every row of another programme than the one it named. It holds only for
roles that cannot get around it, so whoever connects as one that can is turned away before the first row is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, LiteralString

from matchengine.errors import StoreError
from matchengine.i18n import _

__all__ = ["SCHEMA", "SETTING", "UNGUARDED", "policy_of", "programme_column", "require_separation"]

SCHEMA = "matchengine"
SETTING = "matchengine.programme"
"""Name of the setting in which a transaction says for which programme it works."""
UNGUARDED = ("alembic_version",)
"""Tables without rows of a programme."""
Fetch = Callable[[LiteralString], Sequence[Sequence[Any]]]

_ROLES: LiteralString = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolreplication,
       r.rolcreaterole AND current_setting('server_version_num')::int < 160000,
       r.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'),
       r.oid = (SELECT nspowner FROM pg_namespace WHERE nspname = 'matchengine')
         OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'matchengine' AND c.relowner = r.oid)
FROM pg_roles r
WHERE pg_has_role(session_user, r.oid, 'MEMBER') OR pg_has_role(current_user, r.oid, 'MEMBER')
ORDER BY r.rolname
"""
_PRIVILEGES: LiteralString = """
SELECT c.relname, p.name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
     (VALUES ('TRUNCATE'), ('REFERENCES'), ('TRIGGER'), ('UPDATE'), ('DELETE')) AS p (name)
WHERE n.nspname = 'matchengine' AND c.relkind IN ('r', 'p')
  AND has_table_privilege(c.oid, p.name) AND (p.name IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') OR c.relname = 'audit')
ORDER BY 1, 2
"""
_TABLES: LiteralString = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'matchengine' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
_POLICIES: LiteralString = """
SELECT tablename, qual, coalesce(with_check, qual), cmd, permissive FROM pg_policies WHERE schemaname = 'matchengine'
"""


def programme_column(table: str) -> str:
    """Return the column of a table of ours that names the programme."""
    return "name" if table == "programme" else "programme"


def policy_of(column: str) -> str:
    """Return the condition on every row, in the form that lets PostgreSQL use an index on the column (measured)."""
    return f"{column} = current_setting('{SETTING}', true)"


def require_separation(fetch: Fetch) -> None:
    """Refuse a connection that could see the rows of another programme than the one it names.

    Parameters
    ----------
    fetch : callable
        Runs a statement on the connection and returns its rows.

    Raises
    ------
    StoreError
        With everything that is wrong: a role that passes by row-level security or may become one that does, a right
        that does, a table of ours without its protection. It says what to do, and nothing of what is stored.
    """
    tables = fetch(_TABLES)
    if not tables:
        raise StoreError(
            _(
                "this database holds no tables of matchengine that this role may see. Let the owner of the database "
                "run: matchengine store init URL_OF_OWNER --app-role NAME"
            )
        )
    problems = _of_roles(fetch(_ROLES)) or _of_privileges(fetch(_PRIVILEGES))  # who owns tables has every right
    problems += _of_tables(tables, fetch(_POLICIES))
    if problems:
        raise StoreError(
            _(
                "programmes would not be kept apart in this database. Connect as a role of its own that owns nothing "
                "(CREATE ROLE name LOGIN NOSUPERUSER NOBYPASSRLS), and let the owner of the tables run: "
                "matchengine store init URL_OF_OWNER --app-role NAME"
            ),
            problems,
        )


def _of_roles(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Say which roles the connection has, or may take, that row-level security does not hold back."""
    why = (
        _("is a superuser"),
        _("has BYPASSRLS"),
        _("has REPLICATION, which reads all rows"),
        _("has CREATEROLE, with which it can make itself a member of the owner"),
        _("may use the files of the server"),
        _("owns the tables or the schema of matchengine"),
    )
    superuser = next((name for name, is_superuser, *_rest in rows if is_superuser), None)
    if superuser is not None:  # who is a member of everything
        return [_("role {name!r} {why}", name=superuser, why=why[0])]
    return [
        _("role {name!r} {why}", name=name, why=reason)
        for name, *flags in rows
        for flag, reason in zip(flags, why, strict=True)
        if flag
    ]


def _of_privileges(rows: Sequence[Sequence[Any]]) -> list[str]:
    return [
        _("the role has {right} on the table {table}; let the owner revoke it", right=right, table=table)
        for table, right in rows
    ]


def _of_tables(tables: Sequence[Sequence[Any]], policies: Sequence[Sequence[Any]]) -> list[str]:
    problems = []
    for table, enabled, forced in tables:
        if table in UNGUARDED:
            continue
        own = [(qual, check, command) for name, qual, check, command, kind in policies
               if name == table and kind == "PERMISSIVE"]  # fmt: skip
        if not enabled or not forced:
            problems.append(_("table {table}: row-level security is not enabled and forced", table=table))
        if not any(command == "ALL" for _qual, _check, command in own):
            problems.append(_("table {table}: the policy on programme is missing", table=table))
        wanted = _plain(policy_of(programme_column(table)))
        if any(_plain(part) != wanted for qual, check, _command in own for part in (qual, check)):
            problems.append(_("table {table}: a policy allows more than the rows of one programme", table=table))
    return problems


def _plain(condition: str | None) -> str:
    """Return a condition as PostgreSQL writes it without its brackets and types of texts."""
    return re.sub(r"::(text|character varying)|[()\s]", "", condition or "")
