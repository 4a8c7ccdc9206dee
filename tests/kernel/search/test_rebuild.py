"""The words of all that is found are read anew: the same, and those that were spoiled as well."""

from typing import Any

import pytest
from sqlalchemy import select, text

from hemicycle.api import Searchable
from hemicycle.kernel.search import index
from hemicycle.kernel.search.rebuild import rebuild
from hemicycle.testing import World


async def words(world: World) -> list[Any]:
    """(type, id, words) of all that is in the index."""
    it, them = index.objects, index.kept
    every = select(it.c.type, it.c.object_id, them.c.words).join(them, them.c.rowid == it.c.number)
    async with world.app.db.read() as connection:
        return sorted(tuple(map(str, row)) for row in await connection.execute(every))


async def test_all_that_is_found_is_read_anew(world: World) -> None:
    before = await words(world)
    async with world.app.write() as session:
        await session.execute(text("update core_search_fts set words = 'spoiled'"))
    assert await words(world) != before
    told: list[tuple[int, int]] = []
    done = await rebuild(world.app, lambda read, of: told.append((read, of)))
    assert await words(world) == before
    assert done == {name: len([one for one in before if one[0] == name]) for name in ("Space", "Contribution")}
    assert told[-1] == (len(before), len(before))


async def test_what_is_not_found_stays_so(world: World) -> None:
    async with world.app.write() as session:
        await index.remove(session, "Contribution", world.ids["Contribution:PUBLISHED"])
    before = await words(world)
    await rebuild(world.app)
    assert await words(world) == before


async def test_a_type_that_does_not_say_its_texts_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in list(world.app.declared[Searchable].values()):
        bare = Searchable(one.name, one.description, on=one.on)
        monkeypatch.setitem(world.app.declared[Searchable], one.name, bare)
    before = await words(world)
    assert await rebuild(world.app) == {"Space": None, "Contribution": None}
    assert await words(world) == before
