"""Things that happen, and someone who listens."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.application import Application
from hemicycle.kernel.declarations import Occurrence
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces.models import SpaceRow
from hemicycle.testing import World

Happen = Callable[..., Awaitable[list[Occurrence]]]
ROWS: dict[str, Any] = {"Space": SpaceRow, "Participant": ParticipantRow}


@pytest.fixture
def happen(world: World) -> Happen:
    """`await happen("space.changed", "Space:OPEN", app=…)`: record it, in a transaction of its own; what was told."""

    async def record(
        event: str, subject: str = "Space:OPEN", *, times: int = 1, app: Application | None = None
    ) -> list[Occurrence]:
        async with (app or world.app).write() as session:
            row = await session.get_one(ROWS[subject.partition(":")[0]], world.ids[subject])
            for _ in range(times):
                session.record(SYSTEM, event, row)
            return session.recorded

    return record


@asynccontextmanager
async def hearing(world: World, who: str, *events: str) -> AsyncIterator[AsyncIterator[Occurrence]]:
    """What this actor is told of these events, in the time of a `with`."""
    async with world.app.broadcast.listen(frozenset(events), world.actor(who)) as heard:
        yield heard


@pytest.fixture
def listening(world: World) -> Callable[..., Any]:
    """`async with listening("author", "space.changed") as heard: …`"""

    def listen(who: str, *events: str) -> Any:
        return hearing(world, who, *events)

    return listen


async def _take(heard: AsyncIterator[Occurrence], count: int) -> Sequence[Occurrence]:
    return [await anext(heard) for _ in range(count)]


@pytest.fixture
def take() -> Callable[..., Any]:
    """`await take(heard, 3)`: the next three."""
    return _take
