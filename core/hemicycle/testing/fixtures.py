"""Fixtures for pytest: `from hemicycle.testing.fixtures import *` in a conftest. Each test runs on both databases."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hemicycle import _postgres
from hemicycle.testing.databases import KINDS, Databases, learn_tables
from hemicycle.testing.world import World, open_world


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, started once; its URL."""
    with _postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def made_databases() -> dict[str, Databases]:
    """What makes databases, by kind."""
    return {}


@pytest.fixture(params=KINDS)
def databases(
    request: pytest.FixtureRequest, made_databases: dict[str, Databases], tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """What makes fresh databases: of both kinds, one after the other."""
    kind: str = request.param
    if kind not in made_databases:
        server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
        folder: Path = tmp_path_factory.mktemp(kind)
        made_databases[kind] = Databases(kind, folder, server)
    return made_databases[kind]


@pytest.fixture
def plugins() -> dict[str, Any]:
    """What `open_world` is given: override it in a module of tests, as `{"plugins": ["votes"]}`."""
    return {}


@pytest.fixture
def database_url(databases: Databases, plugins: dict[str, Any]) -> Iterator[str]:
    """The URL of a fresh database with all tables, on SQLite and on PostgreSQL."""
    learn_tables(plugins.get("plugins", ()))
    with databases.fresh() as url:
        yield url


@pytest_asyncio.fixture
async def world(database_url: str, plugins: dict[str, Any]) -> AsyncIterator[World]:
    """A small world over a fresh database, on SQLite and on PostgreSQL."""
    async with open_world(database_url, **plugins) as made:
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


__all__ = ["database_url", "databases", "made_databases", "opened", "plugins", "postgres_server", "shared", "world"]
