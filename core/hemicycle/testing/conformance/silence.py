"""Where a plugin is not active, nothing of it shows."""

from typing import Any

import pytest_asyncio
from sqlalchemy import delete

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.graphql.checks import mapped_fields
from hemicycle.spaces.models import ActivationRow
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.documents import Found, a_value, call, mutations, selection
from hemicycle.testing.world import World

WHO = "administrator"
NOTHING: list[Any] = [None, [], {"totalCount": 0, "nodes": []}]


class Silence(Kit):
    """Fields answer null or empty, filters and mutations are refused, objects are not there."""

    @pytest_asyncio.fixture
    async def inactive(self, world: World) -> World:
        """A world where no plugin is active."""
        await self.silence(world)
        return world

    async def silence(self, world: World) -> None:
        """Let no plugin be active anywhere."""
        async with world.app.write() as session:
            await session.execute(delete(ActivationRow))

    async def test_where_it_is_not_active_nothing_of_it_shows(self, inactive: World) -> None:
        if not self.is_plugin(inactive):
            return
        people: list[str | Actor] = [WHO, *await self.owners(inactive)]
        for name in self.types(inactive):
            rows = await self.rows(inactive, name)
            for who in people:
                seen = [self.called(inactive, one) for one in await self.seen(inactive, rows, who)]
                assert not seen, f"node shows {seen} to {self.named(inactive, who)}"
        for type_, name, definition, declared in mapped_fields(inactive.app):
            if declared.owner != self.plugin or type_.name not in inactive.app.types:
                continue
            asked = f"it: {name} {selection(definition, self.ids(inactive))}"
            document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_.name} {{ {asked} }} }} }}"
            rows = await self.rows(inactive, type_.name)
            for who in people:
                for one in (await inactive.ask(document, who, ids=rows))["nodes"]:
                    told = f"{type_.name}.{name} answers {one and one['it']} to {self.named(inactive, who)}"
                    assert not one or one["it"] in NOTHING, told
        for name, definition in mutations(inactive.app, self.plugin):
            document, variables = call(name, definition, self.ids(inactive))
            for who in people:
                verdict = (await inactive.ask(document, who, **variables))[name]
                told = f"{name} still acts for {self.named(inactive, who)}: {verdict}"
                assert verdict["__typename"] == "NotAllowed", told

    async def test_where_it_is_not_active_its_filters_and_orders_are_refused(self, inactive: World) -> None:
        if not self.is_plugin(inactive):
            return
        for found in self.connections(inactive):
            for argument, variables in self._its_own(inactive, found):
                declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in variables.items())
                document = found.document(argument, "totalCount nodes { id }", self.ids(inactive), declared)
                values = {name: value for name, (_, value) in variables.items()}
                if found.at_root and "filter" in argument:
                    ((_, page),) = found.pages_of(await inactive.ask(document, WHO, **values))
                    assert page in NOTHING, f"{found.label}({argument}) finds something where the plugin is not active"
                elif found.holder == "Space" and found.source.by == "space_id":
                    codes = await inactive.errors(document, WHO, holders=[inactive.gid("Space:OPEN")], **values)
                    assert codes == ["PLUGIN_INACTIVE"], f"{found.label}({argument}): {codes}"

    def _its_own(self, world: World, found: Found) -> list[tuple[str, dict[str, tuple[str, Any]]]]:
        """The arguments with which a connection uses a filter or an order of the plugin, and their variables."""
        mine: list[tuple[str, dict[str, tuple[str, Any]]]] = []
        for name, field in found.filters.items():
            if field.extensions["strawberry-definition"].owner == self.plugin:
                value = a_value(field.type, self.ids(world))
                mine.append((f"filter: {{ {name}: $value }}", {"value": (str(field.type), value)}))
        enum = type(found.source.order).__name__
        owners = world.app.member_owners
        mine += [(f"order: {one}", {}) for one in found.orders if owners.get((enum, one)) == self.plugin]
        return mine
