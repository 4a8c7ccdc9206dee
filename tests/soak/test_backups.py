"""Backups while people write: each restores, is sound, and holds all that was acknowledged before it began."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, make_url, select

from hemicycle.app import build
from hemicycle.contributions.models import ContributionRow, VersionRow
from hemicycle.kernel.access.actor import SYSTEM, Actor
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.settings import Settings
from hemicycle.participants.identity import tokens
from hemicycle.participants.rules import new_participant
from hemicycle.spaces import rules
from hemicycle.testing.databases import Databases
from hemicycle.testing.processes import Instance

SHORT = os.environ.get("SOAK") == "short"
EMPTY = "empty.backup"
BACKUPS, CLIENTS, KILLS = (3, 5, 3) if SHORT else (20, 20, 15)
UNLIMITED = {"HEMICYCLE_LIMITS__MUTATIONS_PER_MINUTE": "1000000", "HEMICYCLE_LIMITS__REQUESTS_PER_MINUTE": "1000000"}
SAY = """mutation($input: ContributeInput!, $key: String!) { contribute(input: $input, idempotencyKey: $key) {
    __typename ... on Contribution { id } ... on Refusal { code message } } }"""

contributions, versions, journal = table_of(ContributionRow), table_of(VersionRow), table_of(JournalRow)


@dataclass
class Writers:
    """The space in which they write, their tokens, and the number of the last one of each that was acknowledged."""

    space: str
    tokens: list[str]
    acknowledged: dict[int, int] = field(default_factory=dict)
    stopped: bool = False


async def prepare(url: str) -> Writers:
    app = build(Settings(database_url=url, instance="test", plugins=[]))
    root = await rules.ensure_root(app)
    async with app.write() as session:
        row = await rules.create(session, SYSTEM, parent=root, slug="here", title="Here")
        row.state = "OPEN"
        people = [new_participant(session, f"Person {number}") for number in range(CLIENTS)]
        await session.flush()
        made = [await tokens.create_token(session, Actor(one.id), label="soak", scopes=["write"]) for one in people]
    await app.close()
    return Writers(encode_id("Space", row.id), [one.secret for one in made])


async def write(instance: Instance, writers: Writers, who: int) -> None:
    """One client: it says one thing after another, each once the last was acknowledged."""
    number = 0
    async with httpx2.AsyncClient(timeout=60) as client:
        while not writers.stopped:
            said = {"space": writers.space, "title": f"{who}:{number + 1}", "text": "Words."}
            try:
                told = await instance.ask(client, SAY, writers.tokens[who], input=said, key=f"{who}:{number + 1}")
            except RuntimeError as error:
                if "BUSY" not in str(error):
                    raise
                await asyncio.sleep(0.2)  # the same again, with the same key
                continue
            assert told["contribute"]["__typename"] == "Contribution", told
            number += 1
            writers.acknowledged[who] = number


async def one(url: str, statement: Any) -> list[Any]:
    app = build(Settings(database_url=url, instance="test", plugins=[]))
    async with app.db.read() as connection:
        found = list((await connection.execute(statement)).all())
    await app.close()
    return found


async def holds(url: str, before: dict[int, int]) -> int:
    """What was restored is sound, and a prefix of what each client wrote. How many contributions it has."""
    if make_url(url).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert connection.execute("pragma foreign_key_check").fetchall() == []
    written: dict[int, set[int]] = {who: set() for who in range(CLIENTS)}
    for (title,) in await one(url, select(versions.c.title)):
        who, _, number = title.partition(":")
        written[int(who)].add(int(number))
    for who, numbers in written.items():
        assert numbers == set(range(1, len(numbers) + 1)), f"a hole in what {who} wrote"
        assert len(numbers) >= before.get(who, 0), f"something that was acknowledged to {who} is missing"
    count = sum(map(len, written.values()))
    told = select(func.count()).select_from(journal).where(journal.c.event == "contribution.published")
    for statement in (told, select(func.count()).select_from(contributions)):
        assert await one(url, statement) == [(count,)]
    return count


async def backed_up(folder: Path, url: str) -> list[tuple[Path, dict[int, int]]]:
    """Backups of the instance at `url`, each with what had been acknowledged when it began; and one of before that."""
    taken = []
    with Instance(folder, url, environment=UNLIMITED) as instance:
        instance.command("db", "upgrade")
        writers = await prepare(url)
        instance.command("backup", EMPTY)
        instance.start()
        clients = [asyncio.create_task(write(instance, writers, who)) for who in range(CLIENTS)]
        await _go_on(clients, writers, CLIENTS)
        for number in range(BACKUPS):
            file, before = folder / f"{number}.backup", dict(writers.acknowledged)
            await asyncio.to_thread(instance.command, "backup", str(file))
            taken.append((file, before))
            await _go_on(clients, writers, sum(before.values()) + 1)
        writers.stopped = True
        await asyncio.gather(*clients)
        instance.stop()
    return taken


async def _go_on(clients: list[asyncio.Task[None]], writers: Writers, enough: int) -> None:
    """Wait until so many were acknowledged; what goes wrong for a client is told at once."""
    async with asyncio.timeout(120):
        while sum(writers.acknowledged.values()) < enough:
            await asyncio.sleep(0.05)
            for task in clients:
                if task.done():
                    task.result()


@pytest.mark.soak
async def test_backups_while_people_write_all_restore(databases: Databases, tmp_path: Path) -> None:
    with databases.bare() as url:
        taken = await backed_up(tmp_path, url)
    counts = []
    for file, before in taken:
        with databases.bare() as url, Instance(tmp_path, url) as instance:
            await asyncio.to_thread(instance.command, "restore", str(file))
            counts.append(await holds(url, before))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@pytest.mark.soak
async def test_a_restore_that_is_killed_leaves_the_old_or_the_new(databases: Databases, tmp_path: Path) -> None:
    """kill -9 at any moment: the database is one of the two, whole; and the next restore works."""
    chance = random.Random(5)
    with databases.bare() as url, Instance(tmp_path, url) as instance:
        file = (await backed_up(tmp_path, url))[-1][0]
        empty = tmp_path / EMPTY
        began = time.monotonic()
        await restored(instance, empty)
        lasts = time.monotonic() - began
        found = [0]
        for _ in range(KILLS):
            if found[-1]:
                await restored(instance, empty)
            words = [sys.executable, "-m", "hemicycle", "restore", str(file), "--yes"]
            process = subprocess.Popen(  # noqa: ASYNC220  (nothing else runs here)
                words, env=instance.environment, cwd=tmp_path, stderr=subprocess.DEVNULL
            )
            await asyncio.sleep(chance.uniform(0.3, 1.05) * lasts)
            process.send_signal(signal.SIGKILL)
            process.wait()
            found.append(await holds(url, {}))
        await restored(instance, file)
        full = await holds(url, {})
        assert full
        assert set(found) <= {0, full}


async def restored(instance: Instance, file: Path) -> None:
    """Restore it. PostgreSQL takes a moment to notice that whoever was killed is gone."""
    for _ in range(20):
        try:
            instance.command("restore", str(file), "--yes")
        except RuntimeError as refused:
            if "hemicycle serve" not in str(refused):
                raise
            await asyncio.sleep(0.2)
        else:
            return
    raise AssertionError("someone is still connected")
