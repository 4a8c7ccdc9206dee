"""What the tests of identity share."""

import asyncio

import pytest_asyncio

from hemicycle.kernel.db.migrations import owners_of, sync_registry
from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World
from tests.participants.identity.browser import Browser


@pytest_asyncio.fixture
async def browser(world: World) -> Browser:
    """A browser where nobody has signed in yet. What the samples had to say to people was said."""
    await asyncio.to_thread(sync_registry, world.app.db.url, owners_of(world.app.plugins))
    await run_due(world.app)
    world.letters.sent.clear()
    return Browser(world)
