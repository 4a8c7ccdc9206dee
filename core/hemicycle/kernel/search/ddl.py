"""The table of words, which each database makes in its own way: for the migration, and for `create_all` in tests."""

TABLE = "core_search_fts"

CREATE = {
    # The words come as a-z and 0-9 only, so the simplest tokenizer is the right one.
    "sqlite": (f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, tokenize='ascii')",),
    "postgresql": (
        f"CREATE TABLE {TABLE} (rowid INTEGER NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{TABLE}_words ON {TABLE} USING gin (words)",
    ),
}
DROP = f"DROP TABLE IF EXISTS {TABLE}"

OPTIMISE = f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')"  # noqa: S608
"""On SQLite, until this has run, the bytes of deleted words stay in the index."""
