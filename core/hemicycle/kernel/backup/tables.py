"""Which tables of a database are ours, as they are there: those of plugins that are not enabled any more included."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from hemicycle.kernel.backup.values import plain_json
from hemicycle.kernel.db.owners import VERSION_TABLE, names_in, owner_of
from hemicycle.kernel.privacy.registry import reflect
from hemicycle.kernel.search import ddl

WORDS = ddl.TABLE


def heads(connection: Connection) -> dict[str, str]:
    """The revision of each owner that has tables."""
    found = {}
    for owner in sorted(names_in(sa.inspect(connection).get_table_names())):
        version = sa.table(f"{owner}_{VERSION_TABLE}", sa.column("version_num"))
        if revision := connection.execute(sa.select(version.c.version_num)).scalar():
            found[owner] = revision
    return found


def ours(connection: Connection, owners: Collection[str]) -> dict[str, Table]:
    """The tables of these owners, by name; without what tells their revision, and without the words of search."""
    names = [
        one for one in sa.inspect(connection).get_table_names()
        if owner_of(one, owners) and not one.endswith(f"_{VERSION_TABLE}")
    ]  # fmt: skip
    found = reflect(connection, names)
    for one in found.values():
        plain_json(one)
    return {name: found[name] for name in sorted(found)}
