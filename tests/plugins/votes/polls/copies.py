"""What an attacker takes of a database: all of its files, or all of its rows with what the server says of them."""

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import make_url, text

from hemicycle.kernel.db.types import metadata
from hemicycle.testing import World

PLAIN = re.compile(rb"\[\[(\d{1,2})\]\]")
"""A ballot for one option, as it lies in the box."""


@dataclass(frozen=True)
class Copy:
    """One copy. `bytes_`: the file and its WAL, or all rows in words. `tables`: their rows, as they lie."""

    bytes_: bytes
    tables: dict[str, list[dict[str, Any]]]

    @property
    def ballots(self) -> list[int]:
        """The option of each ballot that can be read anywhere in it, also in what was deleted, as they lie."""
        return [int(one) for one in PLAIN.findall(self.bytes_)]


async def copied(world: World, folder: Path, poll: UUID) -> Copy:
    """The whole database now: on SQLite its file and WAL, on PostgreSQL every row with its place and transaction.

    Of tables that have polls, `tables` has the rows of this one.
    """
    taken = await _rows(world) if world.app.db.dialect == "postgresql" else _files(world, folder)
    for name, rows in taken.tables.items():
        taken.tables[name] = [row for row in rows if str(row.get("poll_id", poll)) in (str(poll), poll.hex)]
    return taken


async def _rows(world: World) -> Copy:
    tables = {}
    async with world.app.db.read() as connection:
        for table in metadata.sorted_tables:
            known = await connection.execute(text("select to_regclass(:name)"), {"name": table.name})
            if known.scalar() is not None:
                its = text(
                    f'select ctid, xmin::text as "xmin", cmin::text as "cmin", * from {table.name} order by ctid'
                )
                tables[table.name] = [dict(row) for row in (await connection.execute(its)).mappings()]
    return Copy(repr(tables).encode(), tables)


def _files(world: World, folder: Path) -> Copy:
    database, taken, whole = Path(str(make_url(world.app.db.url).database)), folder / "copy.db", b""
    for end in ("", "-wal"):
        source = database.with_name(database.name + end)
        part = source.read_bytes() if source.exists() else b""
        taken.with_name(taken.name + end).write_bytes(part)
        whole += part
    opened = sqlite3.connect(taken)
    opened.row_factory = sqlite3.Row
    names = [row[0] for row in opened.execute("select name from sqlite_master where type = 'table'")]
    tables = {}
    for name in names:
        if name.startswith("votes_"):
            tables[name] = [dict(row) for row in opened.execute(f"select rowid as lies, * from {name} order by rowid")]
    opened.close()
    return Copy(whole, tables)
