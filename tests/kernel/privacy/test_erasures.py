"""Erasures are remembered outside the database, and done again after a backup was restored."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from hemicycle.kernel.db.session import Session
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.privacy.erasures import remember, replay
from hemicycle.testing.world import World, open_world

ONE, TWO = uuid4(), uuid4()


@pytest_asyncio.fixture
async def empty(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world without anyone, which remembers erasures in a folder that is not there yet."""
    async with open_world(database_url, samples=False, erasure_journal=tmp_path / "kept" / "erasures.jsonl") as world:
        yield world


async def asked_again(world: World) -> list[tuple[UUID, bool]]:
    done = []

    async def note(session: Session, participant: UUID, content: bool) -> None:
        assert session.in_transaction()
        done.append((participant, content))

    assert await replay(world.app, note) == len(done)
    return done


async def test_what_is_remembered_is_done_again(empty: World) -> None:
    assert await asked_again(empty) == []
    await remember(empty.app, ONE, content=False)
    await remember(empty.app, TWO, content=True)
    assert await asked_again(empty) == [(ONE, False), (TWO, True)]
    first, _ = empty.app.settings.erasure_journal.read_text().splitlines()
    assert json.loads(first) == {"participant": str(ONE), "content": False, "at": "2026-03-02T09:00:00.001000+00:00"}


async def test_a_line_that_was_torn_spoils_no_other(empty: World) -> None:
    await remember(empty.app, ONE, content=False)
    file = empty.app.settings.erasure_journal
    with file.open("a") as torn:
        torn.write('{"participant": "0')
    await remember(empty.app, TWO, content=True)
    with pytest.raises(
        StartupError, match=r"erasures\.jsonl, line 2: not an erasure: mend or remove it; nobody was erased"
    ):
        await asked_again(empty)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], lines[2]]))
    assert await asked_again(empty) == [(ONE, False), (TWO, True)]


@pytest.mark.parametrize(
    "line", ["[]", "{}", '{"participant": 1, "content": true}', '{"participant": "x", "content": true}']
)
async def test_a_line_that_is_no_erasure_is_named(empty: World, line: str) -> None:
    await remember(empty.app, ONE, content=False)
    with empty.app.settings.erasure_journal.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(StartupError, match="line 2: not an erasure"):
        await asked_again(empty)
