"""The lines of one table of an export: each becomes a row, or is lost by name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.exc import OperationalError, ProgrammingError, StatementError

from hemicycle.api import (
    Author,
    OpenData,
    Refused,
    Searchable,
    WayBack,
    authors_of,
    clean_name,
    keep_origins,
    known_by_origin,
    table_of,
)
from hemicycle_exchange.opendata.arrivals import Arrivals, Became, author_of
from hemicycle_exchange.opendata.files import Line

LONGEST_ID = 200  # characters of an id elsewhere
MOMENTS: dict[str, Callable[[str], Any]] = {"datetime": datetime.fromisoformat, "date": date.fromisoformat}
KINDS: dict[str, Any] = {"boolean": bool, "integer": int, "number": (int, float), "string": str}


class Lost(Exception):
    """Why a line does not come back."""


class Arriving(NamedTuple):
    """A line that is about to be written."""

    number: int
    line: Line
    row: Any


@dataclass
class Rows:
    """The lines of one table, and what becomes of them.

    type_name: their GraphQL type, if they have one. kinds: of each column, the type of Table Schema.
    open_to: the spaces that take such rows.
    """

    arrivals: Arrivals
    table: OpenData
    way: WayBack
    became: Became
    type_name: str
    kinds: dict[str, str]
    open_to: set[UUID]

    async def take(self, some: list[tuple[int, Line]]) -> None:
        """Write those of these lines that are new; what is here already stays as it is."""
        self.became.read += len(some)
        await self._recognise([line for _, line in some])
        new = [(number, line) for number, line in some if not self._was_here(line)]
        self.became.unchanged += len(some) - len(new)
        people = await self._people([line for _, line in new])
        arriving = list[Arriving]()
        for number, line in new:
            try:
                row = self._row(line, people)
                if "id" in self.kinds:  # a line after it may name it
                    self.arrivals.here[self.table.name][self._id(line)] = row.id
                arriving.append(Arriving(number, line, row))
            except Refused as error:
                self._lose(number, line, error.message)
            except (Lost, ValueError, TypeError) as error:
                self._lose(number, line, str(error))
        await self._write(arriving)

    async def _recognise(self, lines: list[Line]) -> None:
        """Find what came with an earlier import."""
        if self.way.part_of is None:
            ids = {key for line in lines if isinstance(key := line.get("id"), str)}
            found = await known_by_origin(self.arrivals.session, self.type_name, self.arrivals.source, ids)
            self.arrivals.here[self.table.name] |= found
            self.arrivals.before[self.table.name] |= found.keys()

    def _was_here(self, line: Line) -> bool:
        """It was here before this import, or is a part of what was."""
        part_of = self.way.part_of
        if part_of is None:
            return str(line.get("id")) in self.arrivals.before[self.table.name]
        return str(line.get(part_of)) in self.arrivals.before[self.way.refs[part_of]]

    async def _people(self, lines: list[Line]) -> dict[str, UUID]:
        """Who is named in these lines: by the ids of that instance, those of this one."""
        wanted = dict[str, Author]()
        for line in lines:
            for one in self.way.people.items():
                try:
                    key, author = author_of(line, *one) or ("", None)
                    if author and len(key) <= LONGEST_ID:
                        wanted[key] = author._replace(name=clean_name(author.name))
                except (ValueError, TypeError):  # then `_row` finds nobody
                    pass
        return await authors_of(self.arrivals.session, self.arrivals.source, wanted)

    def _id(self, line: Line) -> str:
        key = line.get("id")
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_ID:
            raise Lost("it has no id")
        if key in self.arrivals.here[self.table.name]:
            raise Lost("its id came before")
        return key

    def _row(self, line: Line, people: dict[str, UUID]) -> Any:
        values = {name: _read(name, kind, line.get(name)) for name, kind in self.kinds.items() if name != "id"}
        for column, table in self.way.refs.items():
            if (there := line.get(column)) is not None:
                values[column] = self.arrivals.here[table].get(there)
                if values[column] is None:
                    raise Lost(f"its {column} is {there}, which did not come")
            if table == "spaces" and values[column] not in self.open_to:
                owner = self.arrivals.session.app.declared.owner_of(self.table)
                raise Lost(f"its space is archived here, or {owner} is not active in it")
        for person, structure in self.way.people.items():
            if (found := author_of(line, person, structure)) and found[0] not in people:
                raise Lost(f"its {structure} cannot be kept: {found[1].name}")
            values[person] = people[found[0]] if found else None
        if self.way.row is not None:
            return self.way.row(values)
        return self.way.into(**{name: value for name, value in values.items() if name in table_of(self.way.into).c})

    async def _write(self, arriving: list[Arriving]) -> None:
        """Write all of them at once; where the database refuses that, each by itself, to find out which one it is."""
        try:
            async with self.arrivals.session.begin_nested():
                self.arrivals.session.add_all([one.row for one in arriving])
        except (OperationalError, ProgrammingError):  # the database's fault, and no line's
            raise
        except StatementError as error:
            if len(arriving) > 1:
                for one in arriving:
                    await self._write([one])
            else:
                why = str(error.orig).partition("\n")[0]
                self.arrivals.here[self.table.name].pop(arriving[0].line.get("id", ""), None)
                self._lose(arriving[0].number, arriving[0].line, f"it cannot be kept: {why}")
        else:
            await self._remember(arriving)

    async def _remember(self, arriving: list[Arriving]) -> None:
        it = self.arrivals
        if self.way.part_of is None:
            new = {one.line["id"]: one.row.id for one in arriving}
            await keep_origins(it.session, self.type_name, it.source, new)
        if self.type_name in it.session.app.declared[Searchable]:
            it.found_by[self.type_name] += [one.row.id for one in arriving]
        it.written.update(space for one in arriving if (space := getattr(one.row, "space_id", None)))
        self.became.created += len(arriving)
        it.progress(self.became.read, self.became.read)

    def _lose(self, number: int, line: Line, why: str) -> None:
        self.arrivals.report.lost.append((self.table.name, number, line.get("id"), why))


def _read(column: str, kind: str, said: Any) -> Any:
    """A value as the query has it. ValueError or TypeError if it is of another type."""
    if said is None or kind == "any":
        return said
    if kind in MOMENTS:
        return MOMENTS[kind](said)
    if not isinstance(said, KINDS[kind]):
        raise TypeError(f"its {column} is no {kind}: {said!r}")
    return said
