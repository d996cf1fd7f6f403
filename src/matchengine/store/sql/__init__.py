"""The durable truth in a database: one set of statements for SQLite and PostgreSQL, always with bound parameters."""
