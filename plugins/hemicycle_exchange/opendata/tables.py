"""The other tables of an export: those that declare their way back come, each after what it refers to."""

from graphlib import TopologicalSorter
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, true
from sqlmodel import col

from hemicycle.api import OpenData, Searchable, SpaceRow, WayBack, active, search_index, table_of
from hemicycle_exchange.opendata.arrivals import Arrivals, Became
from hemicycle_exchange.opendata.cells import type_of
from hemicycle_exchange.opendata.files import lines_of, tables_of
from hemicycle_exchange.opendata.rows import Rows

AT_ONCE = 1000
BEFORE = {"spaces", "contributions"}  # they are here when the others come
NOT_HERE = "No plugin that is enabled here has such a table: enable the one that does, then import it again."


async def bring_tables(arrivals: Arrivals, folder: Path) -> None:
    """Bring every table that declares its way back; the report says of the others why they do not come."""
    declared, found = arrivals.session.app.declared[OpenData], tables_of(folder) - BEFORE
    ways = {name: declared[name].way_back for name in sorted(found) if name in declared}
    back = {name: way for name, way in ways.items() if isinstance(way, WayBack)}
    for name in found - back.keys():
        if rows := sum(1 for _ in lines_of(folder, name)):
            arrivals.report.left[name] = rows, str(ways.get(name, NOT_HERE))
    order = TopologicalSorter({name: {*way.refs.values()} - {name} for name, way in back.items()})
    for name in order.static_order():
        if name in back:
            await _bring(arrivals, declared[name], back[name], folder)
    for name, ids in arrivals.found_by.items():
        await search_index.read_again(arrivals.session, arrivals.session.app.declared[Searchable][name], ids)


async def _bring(arrivals: Arrivals, table: OpenData, way: WayBack, folder: Path) -> None:
    became = arrivals.report.tables.setdefault(table.name, Became())
    type_name = arrivals.session.app.table_types.get(table_of(way.into), table.name)
    kinds = {one.name: type_of(one.type) for one in table.query().selected_columns}
    coming = Rows(arrivals, table, way, became, type_name, kinds, await _open_to(arrivals, table))
    lines = lines_of(folder, table.name)
    while some := list(islice(lines, AT_ONCE)):
        await coming.take(some)


async def _open_to(arrivals: Arrivals, table: OpenData) -> set[UUID]:
    """The spaces that take rows of this table: where its plugin is active, and that are not archived."""
    app, it = arrivals.session.app, table_of(SpaceRow).c
    owner = app.declared.owner_of(table)
    on = active(owner, it.id) if owner in app.plugins.optional else true()
    found = await arrivals.session.execute(select(col(SpaceRow.id)).where(on, it.state != "ARCHIVED"))
    return set(found.scalars())
