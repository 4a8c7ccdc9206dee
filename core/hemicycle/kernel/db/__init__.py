"""The database: SQLite or PostgreSQL, the same behaviour on both."""
