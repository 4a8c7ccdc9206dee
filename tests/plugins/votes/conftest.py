"""What the tests of votes share: a world with the plugin, and ways to look into it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from hemicycle.api import table_of
from hemicycle.testing import World

Count = Callable[..., Awaitable[int]]


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["votes"]}


@pytest.fixture
def count(world: World) -> Count:
    """How many rows of a table have these values."""

    async def rows(row: type, **equal: Any) -> int:
        table = table_of(row)
        tests = [table.c[name] == value for name, value in equal.items()]
        async with world.app.db.read() as connection:
            found: int = (await connection.execute(select(func.count()).select_from(table).where(*tests))).scalar_one()
            return found

    return rows
