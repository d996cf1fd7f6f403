"""Databases as a platform has them: an owner of the tables, and roles that connect to them."""

from __future__ import annotations

from psycopg import sql

from tests.postgres import admin, as_application, new_database

__all__ = ["as_role", "make_role", "prepared_database"]


def prepared_database() -> tuple[str, str]:
    """Make a database with our tables, and return its URL with the owner and with the role of the application."""
    owner = new_database()
    return owner, as_application(owner)


def make_role(owner_url: str, role: str, options: str = "") -> str:
    """Make a role that may log in, where there is none, and return the URL of the same database with it."""
    with admin(owner_url) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            made = sql.SQL("CREATE ROLE {} LOGIN " + options).format(sql.Identifier(role))
            connection.execute(made)
    return as_role(owner_url, role)


def as_role(url: str, role: str) -> str:
    """Return the URL of the same database with another role; the server of the tests asks nobody for a password."""
    scheme, rest = url.split("://", 1)
    return f"{scheme}://{role}@{rest.split('@', 1)[1]}"
