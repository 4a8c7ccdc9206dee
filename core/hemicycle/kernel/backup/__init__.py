"""Backups: one file that holds one moment of a database, and reads into SQLite and PostgreSQL alike."""
