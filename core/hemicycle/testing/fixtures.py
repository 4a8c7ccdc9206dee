"""Fixtures for pytest: `from hemicycle.testing.fixtures import *` in a conftest. Each test runs on both databases."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import pytest_asyncio

from hemicycle import _postgres
from hemicycle.testing.databases import KINDS, Databases, learn_tables
from hemicycle.testing.world import Made, World, open_world


def pytest_collection_finish() -> None:
    """Modules and schemas stay to the end: to look through them again and again took a quarter of the run.

    What lasts longer than a test mostly lasts to the end as well: what is young is looked through once, and after that
    seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def pytest_sessionfinish() -> None:
    """What is forgotten is told once more; what is still held goes with the process, unread."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_server(written_fast: str | None) -> Iterator[str]:
    """A real PostgreSQL, started once; its URL."""
    with _postgres.server(within=written_fast) as url:
        yield url


@pytest.fixture(scope="session")
def databases_folder(written_fast: str | None) -> Iterator[Path]:
    """Where databases of files are made."""
    with TemporaryDirectory(dir=written_fast) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def written_fast(request: pytest.FixtureRequest) -> str | None:
    """The folder of databases: in memory, if there is room, since nothing of them is to last; None: where temporary
    files go. Long runs (marked `soak`) may write more than memory has."""
    long = any(item.get_closest_marker("soak") for item in request.session.items)
    return None if long else _postgres.fast_folder()


@pytest.fixture(scope="session")
def made_databases() -> dict[str, Databases]:
    """What makes databases, by kind."""
    return {}


@pytest.fixture(params=KINDS)
def databases(
    request: pytest.FixtureRequest, made_databases: dict[str, Databases], databases_folder: Path
) -> Databases:
    """What makes fresh databases: of both kinds, one after the other."""
    kind: str = request.param
    if kind not in made_databases:
        server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
        made_databases[kind] = Databases(kind, databases_folder, server)
    return made_databases[kind]


@pytest.fixture
def plugins() -> dict[str, Any]:
    """What `open_world` is given: override it in a module of tests, as `{"plugins": ["votes"]}`."""
    return {}


@pytest.fixture(scope="session")
def made_samples() -> dict[str, Made]:
    """The samples that were made once, by kind of database and by plugins: making them costs more than most tests."""
    return {}


@pytest.fixture
def sampled(databases: Databases, plugins: dict[str, Any]) -> str:
    """Which samples a world of this test has."""
    learn_tables(plugins.get("plugins", ()))
    return f"{databases.kind} {sorted(plugins.items())!r}"


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, databases: Databases, sampled: str, made_samples: dict[str, Made]
) -> Iterator[str]:
    """The URL of a fresh database with all tables, on SQLite and on PostgreSQL; of the world's, if there is one."""
    known = made_samples.get(sampled) if "world" in request.fixturenames else None
    with databases.fresh(known.copy if known else None) as url:
        yield url


@pytest_asyncio.fixture
async def world(
    databases: Databases, database_url: str, plugins: dict[str, Any], sampled: str, made_samples: dict[str, Made]
) -> AsyncIterator[World]:
    """A small world over a fresh database, on SQLite and on PostgreSQL."""
    if sampled not in made_samples:
        async with open_world(database_url, **plugins) as first:
            ids, moment = first.ids, first.clock.moment
        made_samples[sampled] = Made(ids, moment, databases.keep(database_url))
    async with open_world(database_url, **plugins, samples=made_samples[sampled]) as made:
        yield made


Opened = tuple[AsyncExitStack, dict[str, World]]


@pytest_asyncio.fixture(scope="class")
async def opened() -> AsyncIterator[Opened]:
    """The worlds that stay open while the tests of a class run, by kind of database."""
    async with AsyncExitStack() as stack:
        yield stack, {}


@pytest_asyncio.fixture
async def shared(opened: Opened, databases: Databases, plugins: dict[str, Any]) -> World:
    """A world for tests that only read: one on each database serves all those of a class."""
    stack, worlds = opened
    if databases.kind not in worlds:
        learn_tables(plugins.get("plugins", ()))
        url = stack.enter_context(databases.fresh())
        worlds[databases.kind] = await stack.enter_async_context(open_world(url, **plugins))
    return worlds[databases.kind]


__all__ = [
    "database_url",
    "databases",
    "databases_folder",
    "made_databases",
    "made_samples",
    "opened",
    "plugins",
    "postgres_server",
    "pytest_collection_finish",
    "pytest_sessionfinish",
    "sampled",
    "shared",
    "world",
    "written_fast",
]
