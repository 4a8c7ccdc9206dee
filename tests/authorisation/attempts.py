"""Try a change as someone, learn the verdict, and undo it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.http.rate_limits import RateLimits
from hemicycle.testing.world import World


class Undone(Exception):
    """The end of a change that was only tried."""


def someone(world: World, who: str) -> Actor:
    """The person of this name in the matrix."""
    return world.actor("Participant:SUSPENDED" if who == "suspended" else who)


async def attempt(world: World, who: str | Actor, mutation: str, given: dict[str, Any] | None, row: str) -> str:
    """`may`, or the code of the refusal, of a mutation whose input names the row `$it`. Nothing of it stays."""
    definition = world.app.schema._schema.mutation_type.fields[mutation]  # type: ignore[union-attr]
    takes, gives = (f"($input: {definition.args['input'].type})", "(input: $input)") if given else ("", "")
    document = f"mutation{takes} {{ {mutation}{gives} {{ __typename ... on Refusal {{ code message }} }} }}"
    variables = {"input": _filled(world, given, row)} if given else {}
    async with _undoing(world) as accepted:
        result = await world.execute(document, someone(world, who) if isinstance(who, str) else who, **variables)
    if accepted:
        return "may"
    assert result.data is not None, (mutation, [(one.message, one.original_error) for one in result.errors or ()])
    code: str = result.data[mutation]["code"]
    return code


def _filled(world: World, given: Any, row: str) -> Any:
    """The input, with the global ids of what it names."""
    if isinstance(given, dict):
        return {name: _filled(world, value, row) for name, value in given.items()}
    if isinstance(given, list):
        return [_filled(world, value, row) for value in given]
    if isinstance(given, str) and given.startswith("$"):
        return world.gid(row if given == "$it" else given[1:])
    return given


@asynccontextmanager
async def _undoing(world: World) -> AsyncIterator[list[bool]]:
    """Undo whatever is written within. The list that it gives grows with each change that would have been kept."""
    accepted: list[bool] = []
    write = world.app.write

    @asynccontextmanager
    async def undone() -> AsyncIterator[Any]:
        async with write() as session:
            yield session
            await session.flush()
            accepted.append(True)
            raise Undone

    fresh = RateLimits(world.app.clock)
    with patch.object(world.app, "write", undone), patch.object(world.app, "rates", fresh):
        yield accepted
