"""A page of contributions costs the same, however many there are: its order comes out of an index."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from hemicycle.testing import World

PAGES = {
    "in a space": "query($slug: String!) { space(slug: $slug) { contributions(first: 5) { nodes { id } } } }",
    "anywhere": "{ contributions(first: 5, filter: { replies: false }) { nodes { id } } }",
    "below one": "query($id: ID!) { contribution(id: $id) { replies(first: 5) { nodes { id } } } }",
}
INDEXES = {
    "in a space": "_top",  # of its space, or, where there is little, of all spaces
    "anywhere": "ix_core_contribution_top",
    "below one": "ix_core_contribution_parent",
}
"""What PostgreSQL takes the order from. (SQLite has the choice of two.)"""
SORT = re.compile(r"TEMP B-TREE|\bSort  ")


async def plan(world: World, document: str, **variables: Any) -> str:
    """How the database goes about the last statement of a document, where it would rather not sort."""
    asked: list[tuple[str, Any]] = []
    engine = world.app.db.reading.sync_engine

    def note(_c: Any, _cur: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        await world.ask(document, **variables)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    statement, values = asked[-1]
    async with world.app.db.writing.begin() as connection:
        if world.app.db.dialect == "sqlite":
            rows = await connection.exec_driver_sql(f"explain query plan {statement}", values)
            return "\n".join(row[3] for row in rows)
        for one in ("sort", "seqscan", "bitmapscan"):  # a small table is read whole
            await connection.exec_driver_sql(f"set local enable_{one} = off")
        return "\n".join(row[0] for row in await connection.exec_driver_sql(f"explain {statement}", values))


@pytest.mark.parametrize("page", PAGES)
async def test_only_the_rows_of_a_page_are_sorted(world: World, page: str) -> None:
    space = "query($id: ID!) { node(id: $id) { ... on Space { slug } } }"
    slug = (await world.ask(space, id=world.gid("Space:OPEN")))["node"]["slug"]
    given = {"slug": slug, "id": world.gid("Contribution:PUBLISHED")}
    found = await plan(world, PAGES[page], **{name: one for name, one in given.items() if f"${name}" in PAGES[page]})
    assert len(SORT.findall(found)) <= 1, found
    assert world.app.db.dialect == "sqlite" or INDEXES[page] in found, found
