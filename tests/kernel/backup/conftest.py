"""An instance with migrated tables, samples and people who are signed in, and its backup: made once in a process."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete
from sqlmodel import col

from hemicycle.app import CORE, build
from hemicycle.kernel.application import Application
from hemicycle.kernel.backup.restore import Wanted, restore
from hemicycle.kernel.backup.take import take
from hemicycle.kernel.db.migrations import upgrade
from hemicycle.kernel.db.owners import Owner, owners_of
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.plugins import Plugins
from hemicycle.kernel.settings import Settings
from hemicycle.testing.databases import KINDS, Databases
from hemicycle.testing.world import Made, World, open_world

PLUGINS = ["territories", "votes", "outcomes"]
SENTINEL = "Quokka in Zanzibar"
OUTWARD = ["participant.notify", "identity.send_link"]


@dataclass(frozen=True)
class Original:
    """The instance: a copy of its database, its samples, its backup, and what that said."""

    kind: str
    copy: str
    made: Made
    file: Path
    said: dict[str, Any]


def owners(names: list[str]) -> list[Owner]:
    return owners_of(Plugins(CORE, names))


@pytest.fixture(scope="session")
def originals() -> dict[str, Original]:
    """By kind of database."""
    return {}


@pytest_asyncio.fixture
async def original(databases: Databases, originals: dict[str, Original], backups: Path) -> Original:
    """The one of this kind of database."""
    return await _made(databases, originals, backups)


@pytest_asyncio.fixture
async def other(
    databases: Databases, request: pytest.FixtureRequest, originals: dict[str, Original], backups: Path
) -> Original:
    """The one of the other kind."""
    (kind,) = set(KINDS) - {databases.kind}
    server = databases.server or (request.getfixturevalue("postgres_server") if kind == "postgresql" else None)
    return await _made(Databases(kind, databases.folder, server), originals, backups)


@pytest.fixture(scope="session")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where their backups are."""
    return tmp_path_factory.mktemp("backups")


async def _made(databases: Databases, originals: dict[str, Original], folder: Path) -> Original:
    if databases.kind not in originals:
        file = folder / f"{databases.kind}.backup"
        with databases.bare() as url:
            await asyncio.to_thread(upgrade, url, owners(PLUGINS))
            async with open_world(url, PLUGINS) as world:
                await _live(world)
                said = await take(world.app, file)
                made = Made(dict(world.ids), world.clock.moment)
            originals[databases.kind] = Original(databases.kind, databases.keep(url), made, file, said)
    return originals[databases.kind]


async def _live(world: World) -> None:
    """Someone says something; letters wait, and so does work that has to be done."""
    said = {"title": SENTINEL, "text": "Un échantillon.", "space": world.gid("Space:OPEN")}
    assert (await world.change("contribute", "author", **said))["__typename"] == "Contribution"
    async with world.app.write() as session:
        await session.execute(delete(JobRow).where(col(JobRow.name) != "votes.close_poll"))
        for name in (*OUTWARD, "identity.maintain"):
            await session.enqueue(name, "0", once=f"{name}:0")


@pytest.fixture
def bare(databases: Databases) -> Iterator[str]:
    """A database without any table."""
    with databases.bare() as url:
        yield url


@pytest_asyncio.fixture
async def living(databases: Databases, original: Original, tmp_path: Path) -> AsyncIterator[World]:
    """The instance itself, running; its erasure journal is in the test's folder."""
    with databases.fresh(original.copy) as url:
        async with open_world(url, PLUGINS, samples=original.made, erasure_journal=tmp_path / "gone.jsonl") as world:
            yield world


@asynccontextmanager
async def stopped(url: str, folder: Path, plugins: list[str] = PLUGINS) -> AsyncIterator[Application]:
    """An application that does not run: nothing of it is connected to its database."""
    app = build(Settings(database_url=url, plugins=plugins, erasure_journal=folder / "gone.jsonl"))
    try:
        yield app
    finally:
        await app.close()


async def put_back(app: Application, file: Path, **wanted: Any) -> dict[str, Any]:
    """Restore a file into the database of an application that is stopped."""
    enabled = owners(PLUGINS)
    return await restore(app, enabled, enabled, Wanted(file, **wanted))
