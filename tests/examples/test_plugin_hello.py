"""The example plugin: built, installed in a clean environment, tested there; and what is left when it goes."""

import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hemicycle.cli.plugin import write
from hemicycle.testing.databases import Databases

HELLO = Path(__file__).parents[2] / "examples" / "plugin_hello"

# What is run in the clean environment, with the database at DATABASE_URL: before the package goes, and after.
BEFORE = """
import asyncio, json
from hemicycle.app import build
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.settings import load
from hemicycle.testing import open_world

settings = load(plugins=["hello"])
upgrade(settings.database_url, owners_of(build(settings).plugins))

async def fill():
    async with open_world(settings.database_url, ["hello"]) as world:
        print(json.dumps({name: key.hex for name, key in world.ids.items()}))

asyncio.run(fill())
"""
AFTER = """
import asyncio, json, sys
from uuid import UUID
from sqlalchemy import text
from hemicycle.app import build
from hemicycle.kernel.db.migrations import owners_of, require_current, upgrade
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.export import export
from hemicycle.kernel.settings import load

app = build(load(plugins=["hello"]))
upgrade(app.db.url, owners_of(app.plugins))
require_current(app.db.url, owners_of(app.plugins))

async def greetings():
    async with app.db.read() as connection:
        return (await connection.execute(text("select count(*) from hello_greeting"))).scalar_one()

async def leave():
    said = {"missing": app.plugins.missing, "before": await greetings()}
    async with app.write() as session:
        said["taken"] = (await export(session, UUID(sys.argv[1])))["hello_greeting"]
        await erase(session, UUID(sys.argv[1]), content=False)
    print(json.dumps({**said, "after": await greetings()}))
    await app.close()

asyncio.run(leave())
"""


@pytest.fixture(scope="session")
def hello_wheel(build_wheel: Callable[[Path], Path]) -> Path:
    return build_wheel(HELLO)


def test_it_passes_its_own_tests_once_it_is_installed(
    tmp_path: Path, hello_wheel: Path, environment: Callable[..., Any], postgres_server: str
) -> None:
    installed = environment(hello_wheel)
    configuration, tests = str(HELLO / "pyproject.toml"), str(HELLO / "tests")
    without = ("-p", "no:hypothesispytest", "-p", "no:cacheprovider")
    said = installed.run("-m", "pytest", "-q", "-W", "error", *without, "-c", configuration, tests,
                         folder=tmp_path, TEST_DATABASE_URL=postgres_server)  # fmt: skip
    assert "passed" in said
    assert "skipped" not in said


def test_when_its_package_is_gone_the_instance_starts_and_forgets_people(
    tmp_path: Path, hello_wheel: Path, environment: Callable[..., Any], databases: Databases
) -> None:
    installed = environment(hello_wheel)
    with databases.bare() as url:
        made = json.loads(installed.run("-c", BEFORE, folder=tmp_path, DATABASE_URL=url))
        installed.pip("uninstall", "--yes", "hemicycle-hello")
        told = installed.run("-c", AFTER, made["Participant:member"], folder=tmp_path, DATABASE_URL=url)
    said = json.loads(told.splitlines()[0])
    assert "plugin hello: its package is not installed" in told
    assert said == {"missing": ["hello"], "before": 1, "taken": [{"words": "Hello!"}], "after": 0}


def test_it_is_less_than_80_lines_more_than_what_plugin_new_writes(tmp_path: Path) -> None:
    """A table and its migration, fields, a filter, a mutation, a subscription, and settings: all its code."""
    start = write("hello", tmp_path, "greeting")
    own = 0
    for path in sorted((HELLO / "hemicycle_hello").rglob("*.py")):
        first = (start / path.relative_to(HELLO)).read_text("utf-8").splitlines()
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        own += sum(one.startswith("+ ") for one in difflib.ndiff(first, lines))
    assert 0 < own < 50
