"""A digest for forty thousand followers, its workers killed: everyone is written to, nobody twice, in flat memory."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from hemicycle.api import FollowRow, ParticipantRow, chunks, encode_id, new_id, table_of
from hemicycle.app import build
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.settings import Settings
from hemicycle.participants.identity.models import IdentityRow
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World, open_world
from hemicycle_outcomes.digests import rules
from hemicycle_outcomes.digests.models import DigestRow, LetterRow

PEOPLE, KILLS = (1_000, 2) if os.environ.get("SOAK") == "short" else (40_000, 5)
GROWS = 16_000  # kB that a worker may take more at the end than once it is warm
PATIENCE = 3600.0  # seconds for all of it, on a machine that is busy


@pytest.mark.soak
async def test_a_digest_whose_workers_are_killed(databases: Databases, tmp_path: Path) -> None:
    with databases.bare() as url:
        known = build(Settings(instance="sample", database_url=url, plugins=["outcomes"]))
        await asyncio.to_thread(upgrade, url, owners_of(known.plugins))
        await known.close()
        async with asyncio.timeout(PATIENCE), open_world(url, ["outcomes"]) as world, _mail_server() as (port, got):
            world.clock.moment = datetime.now(UTC)
            await _followed(world)
            await rules.make(world.app, "")
            service = _work(tmp_path, url, port)
            try:
                for number in range(KILLS):
                    await _until(got, (number + 1) * PEOPLE // (2 * KILLS))
                    await asyncio.sleep(random.random() / 10)
                    worker = _worker(service.pid)
                    service.kill()
                    os.kill(worker, signal.SIGKILL)
                    service.wait()
                    async with world.app.write() as session:  # its leases would end in half a minute
                        await session.execute(update(JobRow).values(lease_until=None))
                    service = _work(tmp_path, url, port)
                await _until(got, PEOPLE * 6 // 10)
                warm = _memory(_worker(service.pid))
                while await _waiting(world):  # noqa: ASYNC110  (another process changes it)
                    await asyncio.sleep(0.5)
                end = _memory(_worker(service.pid))
            finally:
                service.terminate()
                service.wait()
            states = await _states(world)
            print(f"{len(got)} written to, {states}, {warm} kB warm, {end} kB at the end")
            assert max(got.values()) == 1, "someone got it twice"
            assert states.keys() <= {"SENT", "SENDING"}
            assert states["SENT"] + states.get("SENDING", 0) == PEOPLE
            assert states["SENT"] <= len(got) <= PEOPLE
            assert states.get("SENDING", 0) <= KILLS * 4, "at most what was leaving when a worker died is in doubt"
            assert end - warm < GROWS


async def _followed(world: World) -> None:
    """A proposal that everyone follows, and to which something happens."""
    async with world.app.write() as session:
        people = [{"id": new_id(), "display_name": f"Person {n}", "sort_key": f"person {n}"} for n in range(PEOPLE)]
        for some in chunks(people):
            rows = [ParticipantRow(**one, created_at=session.now).model_dump() for one in some]
            await session.execute(insert(table_of(ParticipantRow)), rows)
            known = [
                IdentityRow(participant_id=one["id"], email=f"{one['id'].hex}@followers.example", locale="fr",
                            consent_contact=True, created_at=session.now).model_dump()
                for one in some
            ]  # fmt: skip
            await session.execute(insert(table_of(IdentityRow)), known)
            proposal = world.ids["Proposal:IN_PROGRESS"]
            follows = [FollowRow(participant_id=one["id"], type="Proposal", object_id=proposal) for one in some]
            await session.execute(insert(table_of(FollowRow)), [one.model_dump() for one in follows])
    given: dict[str, Any] = {"commitment": encode_id("Commitment", world.ids["Commitment:DECIDED"])}
    assert (await world.change("startCommitment", "system", "state", **given))["state"] == "STARTED"


@asynccontextmanager
async def _mail_server() -> AsyncIterator[tuple[int, Counter[str]]]:
    """A mail server that takes everything, and counts to whom."""
    got = Counter[str]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        to = ""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                got[to] += to.endswith("@followers.example")
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], got


def _work(folder: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    """`hemicycle work`, and the worker that it starts."""
    text = f'plugins = ["outcomes"]\n[mail]\nhost = "127.0.0.1"\nport = {port}\nstarttls = false\n'
    (folder / "hemicycle.toml").write_text(text, "utf-8")
    environment = {**os.environ, "DATABASE_URL": url, "HEMICYCLE_CONFIG": str(folder / "hemicycle.toml")}
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "hemicycle", "work"]
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)


def _worker(service: int) -> int:
    """The process below a service that runs its jobs."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(service)], capture_output=True, text=True, check=True)
    return int(listed.stdout.split()[0])


def _memory(pid: int) -> int:
    """What a process holds now, in kB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0])


async def _until(got: Counter[str], number: int) -> None:
    while got.total() < number:  # noqa: ASYNC110  (another process changes it)
        await asyncio.sleep(0.01)


async def _waiting(world: World) -> bool:
    """Whether the digest is not planned yet, or some job of it waits."""
    async with world.app.db.read() as connection:
        unplanned = select(func.count()).select_from(DigestRow).where(table_of(DigestRow).c.planned_at.is_(None))
        jobs = select(func.count()).select_from(JobRow).where(table_of(JobRow).c.name == "outcomes.send_digest")
        return any([(await connection.execute(one)).scalar_one() for one in (unplanned, jobs)])


async def _states(world: World) -> dict[str, int]:
    """How many letters of the newest digest are in which state."""
    digest, it = table_of(DigestRow).c, table_of(LetterRow).c
    newest = select(digest.id).order_by(digest.until.desc()).limit(1).scalar_subquery()
    async with world.app.db.read() as connection:
        counted = select(it.state, func.count()).where(it.digest_id == newest).group_by(it.state)
        return {state: number for state, number in await connection.execute(counted)}  # noqa: C416  (rows)
