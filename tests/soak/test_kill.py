"""kill -9 while people write: nothing that was acknowledged is lost, and every event is delivered."""

import asyncio
import os
import random
import sqlite3
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
from hemicycle.kernel.db.engine import Database
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.settings import Settings
from hemicycle.participants.identity import tokens
from hemicycle.participants.rules import new_participant
from hemicycle.spaces import rules
from hemicycle.testing.databases import Databases
from hemicycle.testing.processes import Instance

KILLS_OF_THE_SUITE = 10  # on each of two databases
KILLS = 5 if os.environ.get("SOAK") == "short" else 50
CLIENTS = 6
EACH = 5  # contributions that are acknowledged between two kills, at least
SAY = """mutation($input: ContributeInput!, $key: String!) { contribute(input: $input, idempotencyKey: $key) {
    __typename ... on Contribution { id } ... on Refusal { code message } } }"""

PROBE = '''
"""A plugin that notes in a file what was delivered to it: at least once each."""
import os
from hemicycle.api import Handler, hookimpl

async def note(app, happened):
    with open(os.environ["PROBE"], "a") as file:
        file.write(happened.id.hex + "\\n")

@hookimpl
def declare_handlers():
    return [Handler("probe.note", "Note it.", event="contribution.published", run=note)]
'''


@dataclass
class Written:
    """What clients sent, and what they know of it."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # title -> id
    in_doubt: dict[str, str] = field(default_factory=dict)  # title -> key


def probe(folder: Path) -> Path:
    """A plugin as an installed package is: a module, and an entry point."""
    path = folder / "packages"
    info = path / "hemicycle_probe-1.dist-info"
    info.mkdir(parents=True)
    (path / "hemicycle_probe.py").write_text(PROBE, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hemicycle-probe\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text("[hemicycle]\nprobe = hemicycle_probe\n", "utf-8")
    return path


async def prepare(url: str) -> tuple[str, str]:
    """An open space, and the token of someone who writes there."""
    app = build(Settings(database_url=url, instance="test", plugins=[]))
    root = await rules.ensure_root(app)
    async with app.write() as session:
        person = new_participant(session, "Someone")
        await session.flush()
        token = await tokens.create_token(session, Actor(person.id), label="kill", scopes=["write"])
        row = await rules.create(session, SYSTEM, parent=root, slug="here", title="Here")
        row.state = "OPEN"
    await app.close()
    return encode_id("Space", row.id), token.secret


async def write_until(
    instance: Instance, client: httpx2.AsyncClient, space: str, token: str, known: Written, number: list[int]
) -> None:
    """One of those who write: until the server is gone."""
    stop = time.monotonic() + 60
    while time.monotonic() < stop:
        number[0] += 1
        title, key = f"Title {number[0]}", f"key-{number[0]}"
        known.in_doubt[title] = key
        said = {"space": space, "title": title, "text": "Words."}
        try:
            data = await instance.ask(client, SAY, token, input=said, key=key)
        except (httpx2.TransportError, ValueError, RuntimeError):
            return
        known.acknowledged[title] = data["contribute"]["id"]
        del known.in_doubt[title]


async def retry(instance: Instance, space: str, token: str, known: Written) -> None:
    """What a client does that does not know whether it was heard: the same again, with the same key."""
    async with httpx2.AsyncClient(timeout=30) as client:
        for title, key in list(known.in_doubt.items()):
            data = await instance.ask(
                client, SAY, token, input={"space": space, "title": title, "text": "Words."}, key=key
            )
            known.acknowledged[title] = data["contribute"]["id"]
            del known.in_doubt[title]


async def one(url: str, statement: Any) -> Any:
    db = Database(url)
    async with db.read() as connection:
        found = (await connection.execute(statement)).all()
    await db.close()
    return found


async def kill_and_count(databases: Databases, folder: Path, kills: int) -> None:
    chance = random.Random(11)
    delivered = folder / "delivered"
    delivered.touch()
    known, number = Written(), [0]
    with databases.bare() as url:
        path = [probe(folder)]
        with Instance(folder, url, plugins=["probe"], path=path, environment={"PROBE": str(delivered)}) as instance:
            instance.command("db", "upgrade")
            space, token = await prepare(url)
            for _ in range(kills):
                instance.start()
                async with httpx2.AsyncClient(timeout=5) as client:  # with a connection for each
                    writing = [
                        asyncio.create_task(write_until(instance, client, space, token, known, number))
                        for _ in range(CLIENTS)
                    ]
                    enough = len(known.acknowledged) + EACH
                    while len(known.acknowledged) < enough and not all(map(asyncio.Task.done, writing)):  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                    await asyncio.sleep(chance.uniform(0, 0.4))
                    instance.kill()
                    await asyncio.gather(*writing)
            instance.start()
            await retry(instance, space, token, known)
            await _delivered(url)
            assert len(known.acknowledged) >= EACH * kills, "the clients wrote too little for this to mean anything"
            await _holds(url, known, delivered)
            instance.stop()
            if databases.kind == "sqlite":
                with closing(sqlite3.connect(str(make_url(url).database))) as connection:
                    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
                    assert connection.execute("pragma foreign_key_check").fetchall() == []


async def _delivered(url: str) -> None:
    """Wait until nothing waits to be delivered."""
    db, jobs = Database(url), table_of(JobRow)
    async with db.read() as connection:
        for _ in range(600):
            waiting = select(func.count()).select_from(jobs).where(jobs.c.name == "deliver")
            if (await connection.execute(waiting)).scalar_one() == 0:
                break
            await asyncio.sleep(0.2)
        else:
            raise AssertionError(f"still waiting: {(await connection.execute(select(jobs))).all()}")
    await db.close()


async def _holds(url: str, known: Written, delivered: Path) -> None:
    versions, said, journal = table_of(VersionRow), table_of(ContributionRow), table_of(JournalRow)
    rows = await one(url, select(versions.c.title, versions.c.contribution_id))
    there = {title: encode_id("Contribution", key) for title, key in rows}
    assert len(rows) == len(there), "something was written twice"
    assert there == known.acknowledged
    assert await one(url, select(func.count()).select_from(said)) == [(len(there),)]
    told = await one(url, select(journal.c.id).where(journal.c.event == "contribution.published"))
    assert len(told) == len(there)
    assert {key.hex for (key,) in told} == set(delivered.read_text("utf-8").split())


async def test_nothing_acknowledged_is_lost(databases: Databases, tmp_path: Path) -> None:
    await kill_and_count(databases, tmp_path, KILLS_OF_THE_SUITE)


@pytest.mark.soak
async def test_nothing_acknowledged_is_lost_for_long(databases: Databases, tmp_path: Path) -> None:
    await kill_and_count(databases, tmp_path, KILLS)
