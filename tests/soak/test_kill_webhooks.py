"""Workers that send to webhooks are killed again and again: every receiver gets every event, each at least once."""

import asyncio
import json
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

import pytest
from sqlalchemy import func, select, update

from hemicycle.api import table_of
from hemicycle.app import build
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.outbound.client import Client
from hemicycle.kernel.settings import Settings
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World, open_world
from hemicycle_webhooks.models import DeliveryRow, WebhookRow
from hemicycle_webhooks.sending import AT_ONCE
from tests.plugins.webhooks.hooks import EVENTS, say

SAID, KILLS = (60, 3) if os.environ.get("SOAK") == "short" else (1_000, 20)
HOOKS = 3
PATIENCE = 1800.0  # seconds for all of it, on a machine that is busy


@pytest.mark.soak
async def test_every_event_arrives_although_workers_are_killed(databases: Databases, tmp_path: Path) -> None:
    with databases.bare() as url:
        known = build(Settings(instance="sample", database_url=url, plugins=["webhooks"]))
        await asyncio.to_thread(upgrade, url, owners_of(known.plugins))
        await known.close()
        async with asyncio.timeout(PATIENCE), open_world(url, ["webhooks"]) as world, _receiver() as (origin, got):
            world.clock.moment = datetime.now(UTC)
            world.app.outbound = Client([origin])
            for number in range(HOOKS):
                given = {"space": world.gid("Space"), "url": f"{origin}/{number}", "events": EVENTS}
                await world.change("subscribeWebhook", "steward", **given)
            service = _work(tmp_path, url, origin)
            said = []
            try:
                for _ in range(KILLS):
                    said += [await say(world) for _ in range(SAID // KILLS)]
                    world.clock.moment = datetime.now(UTC)
                    await _until(got, HOOKS * (len(said) - SAID // KILLS // 2))
                    await asyncio.sleep(random.random() / 10)
                    worker = _worker(service.pid)
                    service.kill()
                    os.kill(worker, signal.SIGKILL)
                    service.wait()
                    async with world.app.write() as session:  # their leases would end within a minute
                        await session.execute(update(JobRow).values(lease_until=None))
                        await session.execute(update(WebhookRow).values(busy_until=None))
                    service = _work(tmp_path, url, origin)
                while await _waiting(world):  # noqa: ASYNC110  (another process changes it)
                    await asyncio.sleep(0.2)
            finally:
                service.terminate()
                service.wait()
            wanted = {(f"/{number}", one) for number in range(HOOKS) for one in said}
            twice = got.total() - len(got)
            print(f"{len(said)} events, {KILLS} kills: {len(got)} messages of {len(wanted)}, {twice} of them again")
            assert set(got) == wanted
            assert twice <= KILLS * HOOKS * AT_ONCE, "at most what was being sent when a worker died comes again"


@asynccontextmanager
async def _receiver() -> AsyncIterator[tuple[str, Counter[tuple[str, str]]]]:
    """A receiver that takes everything, and counts what it is told about, by path."""
    got = Counter[tuple[str, str]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(head.lower().partition("content-length:")[2].split()[0])
            body = json.loads(await reader.readexactly(length))
            got[head.split()[1], body["data"]["subject"]["id"]] += 1
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", got


def _work(folder: Path, url: str, origin: str) -> subprocess.Popen[bytes]:
    """`hemicycle work`, and the worker that it starts."""
    text = f'instance = "sample"\nplugins = ["webhooks"]\n[outbound]\ntrusted = ["{origin}"]\n'
    (folder / "hemicycle.toml").write_text(text, "utf-8")
    environment = {**os.environ, "DATABASE_URL": url, "HEMICYCLE_CONFIG": str(folder / "hemicycle.toml")}
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "hemicycle", "work"]
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)


def _worker(service: int) -> int:
    """The process below a service that runs its jobs."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(service)], capture_output=True, text=True, check=True)
    return int(listed.stdout.split()[0])


async def _until(got: Counter[tuple[str, str]], number: int) -> None:
    while got.total() < number:  # noqa: ASYNC110  (another process changes it)
        await asyncio.sleep(0.01)


async def _waiting(world: World) -> bool:
    """Whether an event is not handled yet, or a delivery of a webhook that sends waits."""
    jobs, it, hooks = table_of(JobRow).c, table_of(DeliveryRow).c, table_of(WebhookRow).c
    enabled = select(hooks.id).where(hooks.state == "ENABLED")
    handled = select(func.count()).select_from(JobRow).where(jobs.name == "deliver")
    due = select(func.count()).select_from(DeliveryRow).where(it.state == "WAITING", it.webhook_id.in_(enabled))
    async with world.app.db.read() as connection:
        return any([(await connection.execute(one)).scalar_one() for one in (handled, due)])
