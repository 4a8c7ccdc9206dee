"""The conformance kit: what every module must keep, checked on both databases.

    from hemicycle.testing.conformance import Conformance

    class TestConformance(Conformance):
        plugin = "hello"

with a fixture `plugins` that enables it. What fails says which field, filter, table or sample is at fault.
"""

import asyncio
import string
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import SQLModel

from hemicycle.kernel.db import migrations
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Action, Event, Handler, Job, PersonalData, Sample, Searchable
from hemicycle.kernel.graphql.sources import Many
from hemicycle.kernel.privacy import erase, export
from hemicycle.spaces.models import ActivationRow
from hemicycle.testing.databases import Databases
from hemicycle.testing.documents import Found, a_value, connections, document, mutations, required_arguments
from hemicycle.testing.world import World

VIEWERS = ("visitor", "participant", "author", "member", "moderator", "steward", "administrator")


class Conformance:
    """Derive from it, and say whose conformance is tested."""

    plugin: str

    # -- names and declarations -------------------------------------------------------------------------------------

    async def test_its_names_carry_its_name(self, world: World) -> None:
        """Actions, events, jobs and tables: nobody must wonder whose they are."""
        app = world.app
        for kind in (Action, Event, Handler, Job):
            for one in app.declared[kind].values():
                if app.declared.owner_of(one) == self.plugin and self.plugin in app.plugins.optional:
                    assert one.name.startswith(f"{self.plugin}."), (
                        f"{kind.__name__} {one.name}: call it {self.plugin}.…"
                    )
        prefix = f"{self.plugin}_" if self.plugin in app.plugins.optional else "core_"
        for table in self._tables(world):
            assert table.name.startswith(prefix), f"table {table.name}: call it {prefix}…"

    async def test_every_type_has_a_sample(self, world: World) -> None:
        made = {name.partition(":")[0] for name in world.app.declared[Sample]}
        missing = {name for name, type_ in world.app.types.items() if self._owns(world, type_)} - made - {"Activity"}
        assert not missing, f"declare_samples: make one of {', '.join(sorted(missing))}"

    async def test_its_events_can_be_told(self, world: World) -> None:
        for event in world.app.declared[Event].values():
            if world.app.declared.owner_of(event) == self.plugin:
                for sentence in (event.english, event.french):
                    known = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
                    assert known <= {"actor", "subject", "reason"}, f"{event.name}: {sentence!r} names {known}"

    # -- who sees what ----------------------------------------------------------------------------------------------

    async def test_every_path_to_an_object_agrees(self, world: World) -> None:
        """What `node` shows to someone, lists, counts and `nodes` show; what it does not, they do not."""
        for name in self._sample_names(world):
            type_name = name.partition(":")[0]
            for who in VIEWERS:
                seen = await self._node(world, name, who)
                data = await world.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", who, ids=[world.gid(name)])
                assert data["nodes"] == [{"id": world.gid(name)} if seen else None], f"nodes: {name} for {who}"
                for found in connections(world.app):
                    if found.target == type_name:
                        listed = await self._listed(world, found, who)
                        wrong = world.gid(name) in listed and not seen
                        assert not wrong, f"{found.label} shows {name} to {who}, and node does not"
                if seen and (everywhere := await self._lists_of(world, type_name, who)) is not None:
                    assert world.gid(name) in everywhere, f"no list shows {name} to {who}, and node does"

    async def test_counts_agree_with_pages(self, world: World) -> None:
        for found in self._connections(world):
            for who in VIEWERS:
                for holder, data in await self._pages(world, found, who, "first: 100", "totalCount nodes { id }"):
                    told = f"{found.label} of {holder} for {who}"
                    assert data["totalCount"] == len(data["nodes"]), told

    async def test_where_it_is_not_active_it_is_silent(self, world: World) -> None:
        """Fields answer null or empty, mutations are refused: nothing of it shows."""
        if self.plugin not in world.app.plugins.optional:
            return
        async with world.app.write() as session:
            await session.execute(delete(ActivationRow))
        for found in self._connections(world):
            if found.owner == self.plugin or self._owns(world, world.app.types[found.target]):
                for holder, data in await self._pages(
                    world, found, "administrator", "first: 100", "totalCount nodes { id }"
                ):
                    if found.holder != "Query" or self._scoped(world, found.target):
                        assert data == {"totalCount": 0, "nodes": []}, f"{found.label} of {holder} still answers"
        for name, definition in mutations(world.app, self.plugin):
            verdict = await self._attempt(world, name, definition, "administrator")
            told = f"{name} still acts where the plugin is not active: {verdict}"
            assert verdict["__typename"] in ("NotAllowed", "InvalidInput", "Conflict"), told

    async def test_a_stranger_changes_nothing(self, world: World) -> None:
        """Every mutation is refused to whoever is not signed in, unless its action is for visitors."""
        for name, definition in mutations(world.app, self.plugin):
            declared = definition.extensions["strawberry-definition"].source
            if "visitor" in world.app.access.actions[declared.requires].roles:
                continue
            verdict = await self._attempt(world, name, definition, "visitor")
            assert verdict["__typename"] in ("NotAllowed", "InvalidInput"), f"{name} by a visitor: {verdict}"

    # -- pages ------------------------------------------------------------------------------------------------------

    async def test_a_page_costs_the_same_whatever_its_size(self, world: World) -> None:
        for found in self._connections(world):
            costs = {}
            for size in (1, 2, 100):
                with world.counting() as statements:
                    await self._pages(world, found, "administrator", f"first: {size}", "totalCount nodes { id }")
                costs[size] = len(statements)
            assert len(set(costs.values())) == 1, f"{found.label}: statements by size of the page: {costs}"

    async def test_pages_meet(self, world: World) -> None:
        """Forwards one by one, backwards one by one, and all at once: the same objects, each once."""
        for found in self._connections(world):
            for order in found.definition.args["order"].type.values:
                for holder, data in await self._pages(
                    world, found, "administrator", f"first: 100, order: {order}", "nodes { id }"
                ):
                    every = [one["id"] for one in data["nodes"]]
                    for first, side in (("first", "after"), ("last", "before")):
                        walked = await self._walk(world, found, holder, order, first, side, len(every))
                        walked = walked if first == "first" else walked[::-1]
                        assert walked == every, f"{found.label} of {holder} by {order}, {first}/{side}"

    async def test_every_filter_changes_the_question(self, world: World) -> None:
        for found in self._connections(world):
            for name, field in self._filters(found).items():
                declared = field.extensions["strawberry-definition"]
                if (
                    self.plugin in world.app.plugins.optional
                    and declared.owner != self.plugin
                    and found.owner != self.plugin
                ):
                    continue
                plain = await self._statements(world, found, "first: 5", {})
                given = await self._statements(world, found, f"first: 5, filter: {{ {name}: $value }}",
                                               {"value": (str(field.type), a_value(field.type, {}))})  # fmt: skip
                assert plain != given, f"{found.label}: the filter {name} changes nothing"

    async def test_a_filter_is_refused_where_the_plugin_is_not_active(self, world: World) -> None:
        async with world.app.write() as session:
            await session.execute(delete(ActivationRow))
        space = {"id": world.gid("Space:OPEN")}
        for found in connections(world.app):
            source = found.declared.source
            assert isinstance(source, Many)
            if found.holder != "Space" or source.by != "space_id":
                continue
            for name, field in self._filters(found).items():
                if field.extensions["strawberry-definition"].owner == self.plugin in world.app.plugins.optional:
                    text = document(found, f"filter: {{ {name}: $value }}", "nodes { id }")
                    text = text.replace("$id: ID!", f"$id: ID!, $value: {field.type}")
                    codes = await world.errors(text, "administrator", value=a_value(field.type, {}), **space)
                    assert codes == ["PLUGIN_INACTIVE"], f"{found.label}: {name}"

    # -- what is kept about people ----------------------------------------------------------------------------------

    async def test_what_is_about_a_person_is_declared(self, world: World) -> None:
        """Every column that points to a participant is in declare_personal_data."""
        person = "core_participant.id"
        known = {
            column
            for one in world.app.declared[PersonalData].values()
            for column in (one.name, f"{one.table}.{one.owner}")
        }
        for table in self._tables(world):
            for column in table.columns:
                if any(key.target_fullname == person for key in column.foreign_keys):
                    told = f"declare_personal_data: say what erasing a person does to {table.name}.{column.name}"
                    assert f"{table.name}.{column.name}" in known, told

    async def test_a_person_takes_everything_away_and_goes(self, world: World) -> None:
        """Export has what is declared; erasure leaves no row that only says who, but those that are kept."""
        mine = [
            one for one in world.app.declared[PersonalData].values() if world.app.declared.owner_of(one) == self.plugin
        ]
        await asyncio.to_thread(migrations.sync_registry, world.app.db.url, world.app.declared)
        for who in ("Participant:ACTIVE", "Participant:member"):
            async with world.app.write() as session:
                await export.export(session, world.ids[who])
                await erase.erase(session, world.ids[who], content=True)
            for one in mine:
                if one.erase == "KEEP" or one.through is not None:
                    continue
                table = SQLModel.metadata.tables[one.table]
                left = select(table.c[one.column]).where(table.c[one.owner] == world.ids[who])
                async with world.app.db.read() as connection:
                    values = list((await connection.execute(left)).scalars())
                told = f"{one.name} of an erased person is {values}, and should be {one.erase}"
                assert not [value for value in values if value not in (None, "")], told

    # -- tables -----------------------------------------------------------------------------------------------------

    async def test_its_migrations_go_up_and_down_and_up(self, world: World, databases: Databases) -> None:
        owners = migrations.owners_of(world.app.plugins)
        mine = "core" if self.plugin not in world.app.plugins.optional else self.plugin
        with databases.bare() as url:
            await asyncio.to_thread(migrations.upgrade, url, owners)
            assert await asyncio.to_thread(migrations.compare, url, owners, mine) == []
            if mine != "core":
                await asyncio.to_thread(migrations.downgrade, url, owners, mine, "base")
                await asyncio.to_thread(migrations.upgrade, url, owners)
                assert await asyncio.to_thread(migrations.compare, url, owners, mine) == []

    async def test_what_is_searchable_is_indexed(self, world: World) -> None:
        for one in world.app.declared[Searchable].values():
            assert one.name in world.app.types, f"declare_searchable: there is no type {one.name}"

    # -- how ----------------------------------------------------------------------------------------------------------

    def _owns(self, world: World, type_: type) -> bool:
        return world.app.table_owners[type_.__mapping__.table] == self.plugin  # type: ignore[attr-defined]

    def _scoped(self, world: World, type_name: str) -> bool:
        mapping = world.app.types[type_name].__mapping__  # type: ignore[attr-defined]
        return mapping.scope is not None or mapping.visible_through is not None

    def _tables(self, world: World) -> list[Any]:
        package = world.app.plugins.loaded[self.plugin].module.__name__
        models = [
            one
            for one in SQLModel.__subclasses__()
            if one.__module__.startswith(f"{package}.") and hasattr(one, "__table__")
        ]
        return [table_of(one) for one in models]

    def _connections(self, world: World) -> list[Found]:
        """Those that it owns, adds, or fills, and those that it adds a filter or an order to."""
        every = list(connections(world.app))
        if self.plugin not in world.app.plugins.optional:
            return [one for one in every if self._owns(world, world.app.types[one.target])]
        touched = {world.app.declared.owner_of(one) for one in world.app.declared[Sample].values()}
        assert self.plugin in touched or not self._tables(world), "declare_samples: nothing can be tested without one"
        return every

    def _filters(self, found: Found) -> dict[str, Any]:
        argument = found.definition.args.get("filter")
        return dict(argument.type.fields) if argument is not None else {}

    def _sample_names(self, world: World) -> list[str]:
        return [
            name for name in world.app.declared[Sample]
            if (type_ := world.app.types.get(name.partition(":")[0])) is not None and self._owns(world, type_)
        ]  # fmt: skip

    async def _node(self, world: World, name: str, who: str) -> bool:
        data = await world.ask("query($id: ID!) { node(id: $id) { id __typename } }", who, id=world.gid(name))
        return data["node"] is not None

    async def _holders(self, world: World, type_name: str) -> list[str]:
        return [world.gid(name) for name in world.ids if name.partition(":")[0] == type_name]

    async def _pages(self, world: World, found: Found, who: str, arguments: str, body: str) -> list[tuple[str, Any]]:
        """(holder's id, its page) for every sample of the type that holds the connection."""
        ids = {"Space": world.gid("Space:OPEN")}
        text = document(found, arguments, body, required=required_arguments(found, ids))
        if found.holder == "Query":
            return [("", (await world.ask(text, who))["page"])]
        answers = [
            (holder, await world.ask(text, who, id=holder)) for holder in await self._holders(world, found.holder)
        ]
        return [(holder, data["node"]["page"]) for holder, data in answers if data["node"]]

    async def _listed(self, world: World, found: Found, who: str) -> set[str]:
        pages = await self._pages(world, found, who, "first: 100", "nodes { id } edges { node { id } }")
        for _, data in pages:
            assert [one["node"] for one in data["edges"]] == data["nodes"], found.label
        return {one["id"] for _, data in pages for one in data["nodes"]}

    async def _lists_of(self, world: World, type_name: str, who: str) -> set[str] | None:
        every = [found for found in connections(world.app) if found.target == type_name]
        roots = [found for found in every if found.holder == "Query"]
        if not roots:
            return None
        return set().union(*[await self._listed(world, found, who) for found in roots])

    async def _walk(
        self, world: World, found: Found, holder: str, order: str, first: str, side: str, most: int
    ) -> list[str]:
        walked: list[str] = []
        cursor, end = None, "endCursor" if side == "after" else "startCursor"
        more = "hasNextPage" if side == "after" else "hasPreviousPage"
        for _ in range(most + 2):
            at = f', {side}: "{cursor}"' if cursor else ""
            body = f"nodes {{ id }} pageInfo {{ {end} {more} }}"
            ids = {"Space": world.gid("Space:OPEN")}
            text = document(found, f"{first}: 1, order: {order}{at}", body, required=required_arguments(found, ids))
            data = await world.ask(text, "administrator", **({"id": holder} if holder else {}))
            page = data["page"] if found.holder == "Query" else data["node"]["page"]
            walked += [one["id"] for one in page["nodes"]]
            cursor = page["pageInfo"][end]
            if not page["pageInfo"][more]:
                break
        return walked

    async def _statements(
        self, world: World, found: Found, arguments: str, given: dict[str, tuple[str, Any]]
    ) -> list[str]:
        ids = {"Space": world.gid("Space:OPEN")}
        text = document(found, arguments, "nodes { id }", required=required_arguments(found, ids))
        holders = await self._holders(world, found.holder)
        types = ", ".join(f"${name}: {type_}" for name, (type_, _) in given.items())
        if given:
            text = (
                text.replace("$id: ID!", f"$id: ID!, {types}") if found.holder != "Query" else f"query({types}) {text}"
            )
        values = {name: value for name, (_, value) in given.items()}
        with world.counting() as seen:
            await world.ask(text, "administrator", **values, **({"id": holders[0]} if found.holder != "Query" else {}))
        return list(seen)

    async def _attempt(self, world: World, name: str, definition: Any, who: str) -> Any:
        """Call a mutation with acceptable values: ids of samples wherever an input field is called like a type."""
        ids = {
            key[0].lower() + key[1:]: world.gid(
                f"{key}:PUBLISHED" if key == "Contribution" else f"{key}:OPEN" if key == "Space" else key
            )
            for key in {one.partition(":")[0] for one in world.ids}
            if key in world.ids or key in ("Contribution", "Space")
        }
        ids["target"] = world.gid("Contribution:PUBLISHED")
        argument = definition.args.get("input")
        given = {"input": a_value(argument.type, ids)} if argument is not None else {}
        head = f"mutation($input: {argument.type}) " if argument is not None else "mutation "
        call = f"{name}(input: $input)" if argument is not None else name
        data = await world.ask(f"{head}{{ {call} {{ __typename }} }}", who, **given)
        return data[name]


__all__ = ["Conformance"]
