"""What the tests of webhooks share: a world with the plugin, where nothing is due but what a test does."""

from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, update

from hemicycle.kernel.jobs import queue
from hemicycle.testing import World


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["webhooks"]}


@pytest_asyncio.fixture
async def world(world: World) -> World:
    """What the samples left in the queue is done, and the timers of others wait."""
    await queue.ensure_timers(world.app)
    it, later = queue.IT, world.clock.now().replace(year=2100)
    async with world.app.write() as session:
        await session.execute(delete(queue.JOBS).where(~queue.IS_TIMER))
        others = update(queue.JOBS).where(it.name != "webhooks.tidy")
        await session.execute(others.values(run_at=later))
    return world
