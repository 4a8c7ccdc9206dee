"""Who sees what: every path to an object gives the verdict of `node`."""

from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from hemicycle.kernel.declarations import Occurrence, Role, Searchable
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.ids import decode_id
from hemicycle.kernel.graphql.sources import ToOne, mapping_of
from hemicycle.kernel.search.models import SearchRow
from hemicycle.spaces.models import RoleRow
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.documents import selection, subscriptions
from hemicycle.testing.world import World

WORD = "sample"


class Sight(Kit):
    """Lists, counts, `nodes`, to-ones, search and subscriptions show what `node` shows, and nothing else."""

    async def test_each_sample_is_seen_by_someone(self, world: World) -> None:
        """By whoever it belongs to, or by someone who has every role that there is."""
        roles = [one for one in world.app.declared[Role].values() if one.implied is None]
        someone, space, now = world.ids["Participant:outsider"], world.ids["Space"], world.clock.now()
        async with world.app.write() as session:
            session.add_all(RoleRow(space_id=space, participant_id=someone, role=one.name, at=now) for one in roles)
        every = {world.gid(one) for one in world.ids if one.partition(":")[0] in self.types(world)}
        for who in ("visitor", *(one for one in world.ids if one.startswith("Participant"))):
            every -= await self.seen(world, sorted(every), who)
        told = ", ".join(sorted(self.called(world, one) for one in every))
        assert not every, f"nobody sees {told}: let its visible= show it to someone, if only to its owner"

    async def test_lists_and_counts_agree_with_node(self, shared: World) -> None:
        for name in self.types(shared):
            every = await self.rows(shared, name)
            for who in self.viewers:
                seen = await self.seen(shared, every, who)
                data = await shared.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", who, ids=every)
                assert {one["id"] for one in data["nodes"] if one} == seen, f"nodes and node: {name} for {who}"
                at_root: set[str] | None = None
                for found in self.connections(shared):
                    if found.target != name:
                        continue
                    body = "totalCount nodes { id } edges { node { id } }"
                    for holder, page in await self.pages(shared, found, who, "first: 100", body):
                        told = f"{found.label} of {self.called(shared, holder)} for {who}"
                        listed = {one["id"] for one in page["nodes"]}
                        assert page["totalCount"] == len(page["nodes"]), f"{told}: totalCount is not what is listed"
                        assert [one["node"] for one in page["edges"]] == page["nodes"], f"{told}: edges are not nodes"
                        wrong = [self.called(shared, one) for one in listed - seen]
                        assert not wrong, f"{told} shows {wrong}, and node does not"
                        if found.at_root:
                            at_root = (at_root or set()) | listed
                if at_root is not None:
                    wrong = [self.called(shared, one) for one in seen - at_root]
                    assert not wrong, f"no list of the root shows {wrong} to {who}, and node does"

    async def test_to_ones_agree_with_node(self, shared: World) -> None:
        mine = self.types(shared)
        for type_, name, _, declared in mapped_fields(shared.app):
            if not isinstance(declared.source, ToOne) or type_.name not in shared.app.types:
                continue
            if shared.app.names[shared.app.type_of(declared)] not in mine and declared.owner != self.plugin:
                continue
            document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...on {type_.name} {{ {name} {{ id }} }} }} }}"
            holders = await self.rows(shared, type_.name)
            for who in self.viewers:
                shown = (await shared.ask(document, who, ids=holders))["nodes"]
                others = list({one[name]["id"] for one in shown if one and one[name]})
                hidden = set(others) - await self.seen(shared, others, who)
                wrong = [self.called(shared, one) for one in hidden]
                assert not wrong, f"{type_.name}.{name} shows {wrong} to {who}, and node does not"

    async def test_search_agrees_with_node(self, shared: World) -> None:
        for one in shared.app.declared[Searchable].values():
            if one.name not in self.types(shared):
                continue
            indexed = select(col(SearchRow.object_id)).where(col(SearchRow.type) == one.name)
            async with shared.app.db.read() as connection:
                keys = set((await connection.execute(indexed)).scalars())
            rows = [gid for gid in await self.rows(shared, one.name) if _key(gid) in keys]
            assert rows, f"no {one.name} can be found: hand its words to search_index.put where a rule writes them"
            for who in self.viewers:
                question = f'{{ search(text: "{WORD}", first: 100) {{ totalCount nodes {{ id }} }} }}'
                page = (await shared.ask(question, who))["search"]
                found = {it["id"] for it in page["nodes"] if it["id"] in rows}
                seen = await self.seen(shared, rows, who)
                told = f"search for {WORD!r} as {who} finds other objects than node shows: "
                told += f"{[self.called(shared, it) for it in found ^ seen]} (samples have that word in their texts)"
                assert found == seen, told

    async def test_subscriptions_agree_with_node(self, shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every event about a row, as each viewer is told it."""
        for name, source, answer in subscriptions(shared.app, self.plugin):
            rows = await self.rows(shared, answer)
            assert rows, f"declare_samples: {name} tells of {answer}, and there is none"
            space = shared.ids["Space"]
            event = (source.events or ("",))[0]
            happened = [
                Occurrence(uuid4(), event, shared.clock.now(), None, space, answer, _key(gid)) for gid in rows
            ]  # fmt: skip
            monkeypatch.setattr(shared.app.broadcast, "listen", lambda *_, told=happened: _telling(told))
            for who in self.viewers:
                document = f"subscription($space: ID!) {{ {name}(space: $space) {{ id }} }}"
                context = Context(shared.app, shared.actor(who))
                variables = {"space": shared.gid("Space")}
                stream: Any = await shared.app.schema.subscribe(document, variables, context_value=context)
                told_of = set()
                async for result in stream:
                    assert not result.errors, f"{name} for {who}: {result.errors}"
                    told_of.add(result.data[name]["id"])
                seen = await self.seen(shared, rows, who)
                wrong = [self.called(shared, gid) for gid in told_of ^ seen]
                assert not wrong, f"the subscription {name} and node differ for {who}: {wrong}"

    async def test_guarded_fields_are_null_for_others(self, shared: World) -> None:
        """A field that requires an action answers nothing to whoever has not this action on the object."""
        for type_, name, definition, declared in mapped_fields(shared.app):
            needed, type_name = declared.source.requires, type_.name
            mine = declared.owner == self.plugin or type_name in self.types(shared)
            if needed is None or not mine or type_name not in shared.app.types:
                continue
            mapping = mapping_of(shared.app.types[type_name])
            rows = await self.rows(shared, type_name)
            asked = f"... on {type_name} {{ id it: {name} {selection(definition, self.ids(shared))} }}"
            for who in self.viewers:
                may = select(mapping.table.c.id).where(shared.app.access.may(needed, mapping, mapping.table.c))
                async with shared.app.db.read() as connection:
                    given = {"viewer": shared.actor(who).viewer}
                    allowed = set((await connection.execute(may, given)).scalars())
                data = await shared.ask(f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {asked} }} }}", who, ids=rows)
                for one in data["nodes"]:
                    if one and _key(one["id"]) not in allowed:
                        told = f"{type_name}.{name} of {self.called(shared, one['id'])} answers {who}, without {needed}"
                        assert one["it"] in (None, [], {"totalCount": 0, "nodes": []}), told


def _key(gid: str) -> UUID:
    ref = decode_id(gid)
    assert ref is not None
    return ref.key


@asynccontextmanager
async def _telling(happened: list[Occurrence]) -> Any:
    """In the place of a broadcast: these events, and no more."""

    async def each() -> Any:
        for one in happened:
            yield one

    yield each()
