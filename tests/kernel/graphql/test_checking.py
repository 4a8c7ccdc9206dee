"""Which operation of a document is meant is never guessed."""

from hemicycle.kernel.graphql.context import Context
from hemicycle.testing import World

TWO = "query One { instance { name } } query Two { instance { version } }"


async def test_one_of_several_operations_is_named(world: World) -> None:
    assert await world.errors(TWO) == ["BAD_REQUEST"]
    for name, field in (("One", "name"), ("Two", "version")):
        result = await world.app.schema.execute(TWO, operation_name=name, context_value=Context(world.app))
        assert result.errors is None
        assert result.data is not None
        assert list(result.data["instance"]) == [field]
