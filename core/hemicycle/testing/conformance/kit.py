"""What the tests of the kit share: who looks, at what, and what of it is the module's own."""

from importlib.metadata import entry_points
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, select
from sqlmodel import SQLModel

from hemicycle.app import CORE
from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.db.dialect import chunks, table_of
from hemicycle.kernel.db.owners import CORE as ITS
from hemicycle.kernel.db.owners import owner_of
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.graphql.sources import Mapping, mapping_of
from hemicycle.kernel.plugins import GROUP, Plugins
from hemicycle.testing.documents import Found, Ids, connections
from hemicycle.testing.world import ROLES, World

AT_ONCE = 20  # holders in one question: more could be refused as too costly
GOOD = ("OPEN", "PUBLISHED", "ACTIVE")  # the sample of a type that most can be done with


class Kit:
    """The base of every part of the kit."""

    plugin: str
    viewers = ROLES
    absent: str | None = None  # why the plugin is not there; "" once it is known to be

    @pytest.fixture(autouse=True)
    def _is_there(self, plugins: dict[str, Any]) -> None:
        """Without the plugin every test would fail for a reason of its own: so one fails, and says why."""
        if (known := type(self).absent) is None:
            type(self).absent = absence(self.plugin, plugins)
            if type(self).absent:
                pytest.fail(type(self).absent or "", pytrace=False)
        elif known:
            pytest.skip(f"{self.plugin} is not there: see the first test")

    def is_plugin(self, world: World) -> bool:
        """Whether it is a plugin, that may be inactive somewhere; the core's modules are always on."""
        return self.plugin in world.app.plugins.optional

    def types(self, world: World) -> dict[str, Mapping]:
        """Its own types."""
        return {
            name: mapping
            for name, type_ in world.app.types.items()
            if world.app.table_owners[(mapping := mapping_of(type_)).table] == self.plugin
        }

    def tables(self, world: World) -> list[Table]:
        """Its own tables: those of its package, and, of a plugin, all that carry its name."""
        package = world.app.plugins.loaded[self.plugin].module.__name__
        models = [one for one in SQLModel.__subclasses__() if hasattr(one, "__table__")]
        tables = {table_of(one) for one in models if one.__module__ in (package, f"{package}.models")}
        if self.is_plugin(world):
            names = {ITS, *world.app.plugins.optional}
            tables |= {table_of(one) for one in models if owner_of(table_of(one).name, names) == self.plugin}
        return sorted(tables, key=lambda one: one.name)

    def connections(self, world: World) -> list[Found]:
        """Those of its types, those that it adds, and those that it adds a filter or an order to."""
        mine = self.types(world)
        added = {target for (target, _), owner in world.app.member_owners.items() if owner == self.plugin}
        return [
            one
            for one in connections(world.app)
            if one.target in mine
            or one.owner == self.plugin
            or type(one.source.order).__name__ in added
            or any(self.owner_of(one, field) == self.plugin for field in one.filters.values())
        ]

    def owner_of(self, found: Found, field: Any) -> str:
        """Whose a filter of a connection is."""
        return field.extensions["strawberry-definition"].owner or found.owner or ""

    def ids(self, world: World) -> Ids:
        """A sample of each type, the one with which most can be done."""
        found: Ids = {}
        for name in sorted(world.ids, key=lambda one: one.partition(":")[2] not in GOOD):
            found.setdefault(name.partition(":")[0], world.gid(name))
        return found

    async def rows(self, world: World, type_name: str) -> list[str]:
        """The global ids of every row of a type: of samples, and of what their making brought with it."""
        mapping = mapping_of(world.app.types[type_name])
        async with world.app.db.read() as connection:
            keys = list((await connection.execute(select(mapping.table.c.id).limit(100))).scalars())
        return [encode_id(type_name, key) for key in keys]

    def called(self, world: World, gid: str) -> str:
        """What a row is called in a message: the name of its sample, if it is one."""
        return next((name for name in world.ids if world.gid(name) == gid), gid)

    async def owners(self, world: World) -> list[Actor]:
        """Whoever something of its types belongs to."""
        found: set[UUID] = set()
        people = {key for name, key in world.ids.items() if name.partition(":")[0] == "Participant"}
        async with world.app.db.read() as connection:
            for mapping in self.types(world).values():
                row, own = mapping.table.c, mapping.own
                if isinstance(own, str):
                    found |= set((await connection.execute(select(row[own]).distinct())).scalars())
                elif own is not None:
                    theirs = select(row.id).where(own(row)).limit(1)
                    found |= {one for one in people if (await connection.execute(theirs, {"viewer": one})).first()}
        return [Actor(one) for one in sorted(found & people, key=str)]

    def named(self, world: World, who: str | Actor) -> str:
        """What someone who asks is called in a message."""
        if isinstance(who, str):
            return who
        return next((name for name, key in world.ids.items() if key == who.id), str(who.id))

    async def seen(self, world: World, gids: list[str], who: str | Actor) -> set[str]:
        """Those that `node` shows to someone."""
        question = "query($id: ID!) { node(id: $id) { id } }"
        return {gid for gid in gids if (await world.ask(question, who, id=gid))["node"]}

    async def pages(
        self, world: World, found: Found, who: str, arguments: str, body: str,
        holders: list[str] | None = None, **variables: tuple[str, Any],
    ) -> list[tuple[str, Any]]:  # fmt: skip
        """(the holder's id, its page) for these holders of the connection, or all of them, as far as someone sees."""
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in variables.items())
        document = found.document(arguments, body, self.ids(world), declared)
        values = {name: value for name, (_, value) in variables.items()}
        if found.at_root:
            return found.pages_of(await world.ask(document, who, **values))
        every = await self.rows(world, found.holder) if holders is None else holders
        asked: list[tuple[str, Any]] = []
        for some in chunks(every, AT_ONCE):
            asked += found.pages_of(await world.ask(document, who, holders=some, **values))
        return asked

    async def busiest(self, world: World, found: Found, who: str) -> list[str]:
        """The holders of a connection with the most in it: three will do."""
        if found.at_root:
            return []
        pages = await self.pages(world, found, who, "first: 0", "totalCount")
        pages.sort(key=lambda one: one[1]["totalCount"], reverse=True)
        return [holder for holder, _ in pages[:3]]


def absence(plugin: str, plugins: dict[str, Any]) -> str:
    """Why a plugin is not there, if the fixture `plugins` answers this, and what to do; "" if it is."""
    enabled, given = plugins.get("plugins", ()), plugins.get("given", ())
    found = Plugins(CORE, enabled, given)
    if plugin in found.loaded:
        return ""
    if plugin not in enabled:
        said = f'@pytest.fixture\ndef plugins():\n    return {{"plugins": ["{plugin}"]}}'
        return f"The plugin {plugin} is not enabled here; enabled: {', '.join(enabled) or 'none'}. Say:\n{said}"
    names = sorted(one.name for one in entry_points(group=GROUP))
    return (
        f"The plugin {plugin} is not installed: no package has the entry point {plugin} in the group {GROUP!r} (there "
        f"are: {', '.join(names)}). Run `pip install -e .` in its folder; its pyproject.toml says\n"
        f'[project.entry-points.{GROUP}]\n{plugin} = "…"'
    )
