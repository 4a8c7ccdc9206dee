"""An application with the jobs and handlers that a test says, and a look at its queue."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Handler, Job
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.spaces.models import SpaceRow
from hemicycle.spaces.rules import ensure_root
from hemicycle.testing import World, open_world


def plugin(*declared: Handler | Job) -> Any:
    """A plugin named `bench` that declares these, and nothing else."""
    module: Any = ModuleType("hemicycle_bench")
    module.declare_handlers = hookimpl(lambda: [one for one in declared if isinstance(one, Handler)])
    module.declare_jobs = hookimpl(lambda: [one for one in declared if isinstance(one, Job)])
    return module


class Bench:
    """An application, its clock, and its queue, in which only what the test declares is done."""

    def __init__(self, world: World, root: UUID) -> None:
        self.app, self.clock, self.root = world.app, world.clock, root
        for kind in (Handler, Job):
            known = self.app.declared[kind]
            for one in list(known.values()):
                if self.app.declared.owner_of(one) != "bench":
                    del known[one.name]

    async def enqueue(self, name: str, *arguments: str, **options: Any) -> None:
        async with self.app.write() as session:
            for one in arguments or ("",):
                await session.enqueue(name, one, **options)

    async def happen(self, event: str = "space.changed") -> None:
        """Let it happen to the root space."""
        async with self.app.write() as session:
            session.record(SYSTEM, event, await session.get_one(SpaceRow, self.root))

    async def rows(self) -> list[Any]:
        """The whole queue, in the order in which it is due."""
        queue = table_of(JobRow)
        async with self.app.db.read() as connection:
            return list(await connection.execute(select(queue).order_by(queue.c.run_at, queue.c.argument)))


@pytest.fixture
def bench(database_url: str) -> Callable[..., AbstractAsyncContextManager[Bench]]:
    """`async with bench(Job(…), Handler(…)) as it: …`; several of them share the database."""

    @asynccontextmanager
    async def opened(*declared: Handler | Job) -> AsyncIterator[Bench]:
        async with open_world(database_url, given=[plugin(*declared)], samples=False) as world:
            yield Bench(world, await ensure_root(world.app))

    return opened
