"""The module's tables: what its migrations make is what its models say."""

import asyncio
from collections.abc import Iterator
from typing import Any

from hemicycle.kernel.db import migrations
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import OpenData, WayBack
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World


class Tables(Kit):
    """Migrations go up, down, and up again; and what leaves as open data finds its way back."""

    async def test_its_migrations_go_up_and_down_and_up(self, shared: World, databases: Databases) -> None:
        owners = migrations.owners_of(shared.app.plugins)
        mine = self.plugin if self.is_plugin(shared) else "core"

        def go(url: str) -> list[Any]:
            migrations.upgrade(url, owners)
            first = migrations.compare(url, owners, mine)
            if mine != "core":
                migrations.downgrade(url, owners, mine, "base")
                migrations.upgrade(url, owners)
            return first + migrations.compare(url, owners, mine)

        with databases.bare() as url:
            differences = await asyncio.to_thread(go, url)
        found = "\n".join(map(told, differences))
        remedy = f"write what is missing (`hemicycle db revision {mine} MESSAGE`), or correct the models"
        assert not differences, f"{mine}: its migrations make other tables than its models say: {remedy}:\n{found}"

    async def test_its_open_data_finds_its_way_back(self, shared: World) -> None:
        """What its lines refer to is open data too, and each row has all that it needs."""
        declared = shared.app.declared
        for one in declared[OpenData].values():
            if declared.owner_of(one) == self.plugin and isinstance(one.way_back, WayBack):
                wrong = "; ".join(lacking(one, one.way_back, set(declared[OpenData])))
                assert not wrong, f"{self.plugin}: the way back of {one.name}: {wrong}"


def lacking(data: OpenData, way: WayBack, known: set[str]) -> Iterator[str]:
    """What is missing, so that lines of the table become rows. known: the names of all open-data tables."""
    columns = set(data.columns)
    if gone := {*way.refs, *way.people, *way.people.values()} - columns:
        yield f"it names columns that are not there: {', '.join(sorted(gone))}"
    if gone := {*way.refs.values()} - known:
        yield f"it refers to tables that are no open data: {', '.join(sorted(gone))}"
    if way.part_of not in (None, *way.refs):
        yield f"{way.part_of} is what it is a part of, so name its table in `refs`"
    if way.part_of is None and "id" not in columns:
        yield "by nothing it is known again: give the table an `id`, or say what it is `part_of`"
    needed = {one.name for one in table_of(way.into).c if not (one.nullable or one.default or one.primary_key)}
    if way.row is None and (gone := needed - columns):
        yield f"a row needs more columns: {', '.join(sorted(gone))}"


def told(difference: Any) -> str:
    """What Alembic found, in words: `missing in the database: column hello_note.words`."""
    if isinstance(difference, list):  # several things of one column
        return "\n".join(told(one) for one in difference)
    verb, *of = difference
    kind = verb.partition("_")[2].replace("_", " ")
    if verb.startswith("modify"):
        _, table, column, _, made, said = of
        return f"{kind} of {table}.{column}: {made!r} in the database, {said!r} in the models"
    where = "missing in the database" if verb.startswith("add") else "not in the models"
    thing = of[-1]
    table = getattr(thing, "table", None)
    name = str(getattr(thing, "name", None) or [one.name for one in getattr(thing, "columns", ())])
    return f"{where}: {kind} {name if table is None else f'{table.name}.{name}'}"
