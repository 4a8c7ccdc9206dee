"""Pages of lists: their cost, their order, their filters."""

from typing import Any

from graphql import GraphQLList, get_named_type, get_nullable_type
from sqlalchemy import bindparam
from sqlalchemy.sql import visitors

from hemicycle.kernel.graphql.sources import mapping_of
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.documents import Found, a_value, everything
from hemicycle.testing.world import World

WHO = "administrator"
SOUGHT = "sought"


class Pages(Kit):
    """A page costs the same whatever its size, pages meet, and every filter asks something."""

    async def test_a_page_costs_the_same_whatever_its_size(self, shared: World) -> None:
        """Statements, with every field of what is listed; nothing reads row by row."""
        for found in self.connections(shared):
            body = f"totalCount nodes {{ {everything(shared.app, found.target, self.ids(shared))} }}"
            holders, costs = await self.busiest(shared, found, WHO), {}
            for size in (1, 2, 100):
                with shared.counting() as statements:
                    await self.pages(shared, found, WHO, "first: $size", body, holders, size=("Int", size))
                costs[size] = len(statements)
            assert len(set(costs.values())) == 1, f"{found.label}: statements by size of the page: {costs}"

    async def test_pages_meet(self, shared: World) -> None:
        """In small steps forwards, backwards, and all at once: the same objects, each once."""
        for found in self.connections(shared):
            holders = await self.busiest(shared, found, WHO)
            for order in found.orders:
                arguments = f"first: 100, order: {order}"
                for holder, page in await self.pages(shared, found, WHO, arguments, "nodes { id }", holders):
                    every = [one["id"] for one in page["nodes"]]
                    told = f"{found.label} of {self.called(shared, holder)} by {order}"
                    assert len(set(every)) == len(every), f"{told} has something twice"
                    step = max(1, len(every) // 3)
                    forwards = await self._walk(shared, found, holder, f"order: {order}, first: {step}", "after")
                    backwards = await self._walk(shared, found, holder, f"order: {order}, last: {step}", "before")
                    assert forwards == every, f"{told}, page by page with first and after"
                    assert backwards == every, f"{told}, page by page with last and before"

    async def test_every_filter_asks_something(self, shared: World) -> None:
        """A filter that leaves the SQL as it is, or that looks at nothing, would answer everything."""
        for found in self.connections(shared):
            plain = await self._statements(shared, found, "")
            for name, field in found.filters.items():
                if self.owner_of(found, field) not in (self.plugin, ""):
                    continue
                value = (str(field.type), a_value(field.type, self.ids(shared)))
                given = await self._statements(shared, found, f"filter: {{ {name}: $value }}", value=value)
                assert plain != given, f"{found.label}: the filter {name} changes nothing"
                table = mapping_of(shared.app.types[found.target]).table.alias()
                asked = field.extensions["strawberry-definition"].where.condition
                meant: dict[str, Any] = {}
                for sought in _sought(field.type):
                    condition = asked(table.c, sought)
                    looks = any(getattr(one, "table", None) is table for one in visitors.iterate(condition))
                    assert looks, f"{found.label}: the filter {name} does not look at the row"
                    if not isinstance(sought, bool):
                        uses = any(getattr(one, "key", None) == SOUGHT for one in visitors.iterate(condition))
                        assert uses, f"{found.label}: the filter {name} does not look at the value that it is given"
                        continue
                    sql = condition.compile()
                    first = meant.setdefault(f"{sql} {sql.params}", sought)
                    told = f"{found.label}: the filter {name} means the same with {first} and with {sought}"
                    assert first is sought, f"{told}: turn its condition round for false"

    async def _walk(self, world: World, found: Found, holder: str, arguments: str, side: str) -> list[str]:
        """The ids of a list, page by page to its end, in the order of the list."""
        end, more = ("endCursor", "hasNextPage") if side == "after" else ("startCursor", "hasPreviousPage")
        walked: list[str] = []
        cursor = None
        for _ in range(105):
            ((_, page),) = await self.pages(
                world, found, WHO, f"{arguments}, {side}: $cursor", f"nodes {{ id }} pageInfo {{ {end} {more} }}",
                [holder], cursor=("String", cursor),
            )  # fmt: skip
            ids = [one["id"] for one in page["nodes"]]
            walked = [*walked, *ids] if side == "after" else [*ids, *walked]
            cursor = page["pageInfo"][end]
            if not page["pageInfo"][more]:
                break
        return walked

    async def _statements(self, world: World, found: Found, arguments: str, **variables: Any) -> list[str]:
        holders = [self.ids(world)[found.holder]] if not found.at_root else []
        with world.counting() as seen:
            await self.pages(world, found, WHO, arguments, "nodes { id }", holders, **variables)
        return list(seen)


def _sought(type_: Any) -> list[Any]:
    """What the kernel gives to a filter of this type: a parameter, or yes and no themselves."""
    if get_named_type(type_).name == "Boolean":
        return [True, False]
    return [bindparam(SOUGHT, expanding=isinstance(get_nullable_type(type_), GraphQLList))]
