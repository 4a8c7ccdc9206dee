"""Which columns are about a person: written down when tables change, read when someone takes their data or goes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CHAR,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    Uuid,
    delete,
    insert,
    inspect,
    select,
    text,
)

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.types import metadata
from hemicycle.kernel.declarations import PersonalData
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.privacy.models import PersonalDataRow

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

REGISTRY = table_of(PersonalDataRow)
PERSON = "core_participant.id"


class Entry(NamedTuple):
    """One column about a person, and what erasing them does to it."""

    column: str
    erase: str
    content: bool
    export: bool


class Place(NamedTuple):
    """The rows of a table that are about whoever is named in `owner_column`, of the table itself or of `via_table`."""

    table: str
    owner_column: str
    via_column: str | None
    via_table: str | None

    def about(self, tables: Mapping[str, Table], person: UUID) -> ColumnElement[bool]:
        """The condition that a row is about this person."""
        mine = tables[self.table].c
        if self.via_table is None or self.via_column is None:
            return mine[self.owner_column] == person
        other = tables[self.via_table]
        (key,) = other.primary_key.columns
        return mine[self.via_column].in_(select(key).where(other.c[self.owner_column] == person))

    def needs(self) -> list[tuple[str, str]]:
        """The (table, column) by which it finds its rows."""
        if self.via_table is None or self.via_column is None:
            return [(self.table, self.owner_column)]
        return [(self.table, self.via_column), (self.via_table, self.owner_column)]


def write(connection: Connection, owners: Mapping[str, Sequence[PersonalData]]) -> None:
    """Write what these owners declare in place of what they declared before; those of other owners stay.

    StartupError names a declaration that does not fit the tables.
    """
    if not inspect(connection).has_table(REGISTRY.name):
        if any(owners.values()):
            raise StartupError(
                f"There is no table {REGISTRY.name}, where personal data is declared: a core migration makes it."
            )
        return
    places = [_place(one) for every in owners.values() for one in every]
    tables = reflect(connection, {name for place in places for name, _ in [(place.table, ""), *place.needs()]})
    for owner, declared in owners.items():
        forget(connection, owner)
        for one in declared:
            place = _place(one)
            _check(owner, one, place, tables)
            connection.execute(insert(REGISTRY).values(
                owner=owner, table_name=place.table, column_name=one.column, owner_column=place.owner_column,
                via_column=place.via_column, via_table=place.via_table, erase=one.erase, content=one.content,
                export=one.export,
            ))  # fmt: skip


def forget(connection: Connection, owner: str) -> None:
    """Remove what an owner declared."""
    if inspect(connection).has_table(REGISTRY.name):
        connection.execute(delete(REGISTRY).where(REGISTRY.c.owner == owner))


def read(connection: Connection) -> tuple[dict[Place, list[Entry]], dict[str, Table]]:
    """What is known of tables that are there, by place; and these tables, as the database has them."""
    known: dict[Place, list[Entry]] = {}
    rows = connection.execute(select(REGISTRY).order_by(REGISTRY.c.table_name, REGISTRY.c.column_name)).mappings()
    for row in rows:
        place = Place(row["table_name"], row["owner_column"], row["via_column"], row["via_table"])
        known.setdefault(place, []).append(Entry(row["column_name"], row["erase"], row["content"], row["export"]))
    tables = reflect(connection, {name for place in known for name, _ in place.needs()})

    def there(table: str, column: str) -> bool:
        return table in tables and column in tables[table].c

    found = {
        place: [one for one in entries if there(place.table, one.column)]
        for place, entries in known.items()
        if all(there(*one) for one in place.needs())
    }
    return found, tables


def reflect(connection: Connection, names: Iterable[str]) -> dict[str, Table]:
    """Tables as the database has them, by name; those that it has not are left out.

    Columns, their defaults and the primary key are read, and no more: to read all of a table costs five times as
    much, and on SQLite whoever writes meanwhile waits for it.
    """
    look, known = inspect(connection), MetaData()
    if not (there := sorted(set(names).intersection(look.get_table_names()))):
        return {}  # to the inspector, no names are all names
    keys = look.get_multi_pk_constraint(filter_names=there)
    for where, columns in look.get_multi_columns(filter_names=there).items():
        key = keys[where]["constrained_columns"]
        Table(where[1], known, *(_column(one, key) for one in columns))
    return dict(known.tables)


def undeclared(app: "Application") -> list[str]:
    """The columns (`table.column`) of this application that refer to a participant and that nobody declared."""
    declared = list(app.declared[PersonalData].values())
    known = {name for one in declared for name in (one.name, f"{one.table}.{one.owner}")}
    known |= {f"{one.through[1]}.{one.owner}" for one in declared if one.through}
    prefixes = ("core_", *(f"{name}_" for name in app.plugins.optional))
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name.startswith(prefixes)
        for column in table.columns
        if any(key.target_fullname == PERSON for key in column.foreign_keys)
        and f"{table.name}.{column.name}" not in known
    ]


def _place(one: PersonalData) -> Place:
    return Place(one.table, one.owner, *(one.through or (None, None)))


def _check(owner: str, one: PersonalData, place: Place, tables: Mapping[str, Table]) -> None:
    def refuse(why: str) -> StartupError:
        return StartupError(f"{owner}: personal data {one.name!r}: {why}")

    if not one.table.startswith(f"{owner}_"):
        raise refuse(f"{one.table} is not a table of {owner}: only its owner may declare it")
    for table, column in [(one.table, one.column), *place.needs()]:
        if table not in tables:
            raise refuse(f"there is no table {table}: correct the name, or make the table in a migration")
        if column not in tables[table].c:
            raise refuse(f"{table} has no column {column}: correct the name, or make the column in a migration")
    if place.via_table is not None and len(tables[place.via_table].primary_key.columns) != 1:
        raise refuse(f"the primary key of {place.via_table} is not one column: declare the data without `through`")
    column_ = tables[one.table].c[one.column]
    if one.erase == "NULL" and not column_.nullable:
        raise refuse("the column is NOT NULL: erase it with BLANK, or DELETE the row")
    if one.erase == "BLANK" and not isinstance(column_.type, String):
        raise refuse("the column is not text: erase it with NULL, or DELETE the row")


def _column(found: Any, key: Sequence[str]) -> Column[Any]:
    name, kind = found["name"], found["type"]
    if isinstance(kind, CHAR) and kind.length == 32:
        kind = Uuid()  # SQLite keeps an id as 32 characters: bind and read it as an id
    default = None if found["default"] is None else text(found["default"])
    return Column(name, kind, nullable=found["nullable"], primary_key=name in key, server_default=default)
