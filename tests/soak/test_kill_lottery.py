"""kill -9 in the middle of a lottery: nothing of it is kept, and the job begins again and ends as it would have."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from hemicycle.api import Actor, encode_id, new_participant, table_of
from hemicycle.app import build
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.settings import Settings
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World, open_world
from hemicycle_panels import candidacy, drawing, rules
from hemicycle_panels.models import DrawRow
from hemicycle_panels.transcript.verify import verify

KILLS = 2
PATIENCE = 240.0  # seconds for all of it, on a machine that is busy
SEATS, PEOPLE = 40, 400
VALUES = {"age": 4, "sex": 2, "place": 5, "work": 4, "school": 3}


@pytest.mark.soak
async def test_a_lottery_that_is_killed_begins_again(databases: Databases, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    settings: dict[str, Any] = {"plugin": {"panels": {"signing_key": str(key)}}}
    with databases.bare() as url:
        known = build(Settings(database_url=url, plugins=["panels"], **settings))
        await asyncio.to_thread(upgrade, url, owners_of(known.plugins))
        await known.close()
        async with asyncio.timeout(PATIENCE), open_world(url, ["panels"], **settings) as world:
            world.clock.moment = datetime.now(UTC)
            panel = await _sealed(world)
            asked = await world.change("commitLottery", "steward", "state", draw=encode_id("PanelDraw", panel))
            assert asked["state"] == "COMPUTING"
            service = _work(tmp_path, url, key)
            try:
                for _ in range(KILLS):
                    worker, child = await _computing(service.pid)
                    await asyncio.sleep(1.0)  # so that it is in the middle
                    os.kill(worker, signal.SIGKILL)
                    assert not await _alive(child), "the lottery's process outlives who asked for it"
                    assert await _draw(world, panel) == ("COMPUTING", "")
                    # Its lease would end in half a minute: what is tested is what comes then.
                    async with world.app.write() as session:
                        await session.execute(update(JobRow).values(lease_until=None))
                while (await _draw(world, panel))[0] == "COMPUTING":  # noqa: ASYNC110  (another process changes it)
                    await asyncio.sleep(0.2)
            finally:
                service.terminate()
                service.wait()
            state, transcript = await _draw(world, panel)
            assert (state, transcript.count("\n")) == ("COMMITTED", 3)
            draw = encode_id("PanelDraw", panel)
            for who, mutation, given in (
                ("steward", "promiseBeacon", {}), ("administrator", "drawPanel", {"balls": "123"}),
                ("steward", "closeDraw", {}),
            ):  # fmt: skip
                told = await world.change(mutation, who, draw=draw, **given)
                assert "code" not in told, told
            assert len(verify((await _draw(world, panel))[1].encode()).panel) == SEATS


async def _sealed(world: World) -> UUID:
    """A panel whose lottery takes some seconds, its pool sealed."""
    chance = random.Random(5)
    quotas = [
        {"feature": name, "value": f"{name}{at}", "minimum": SEATS // count - 1, "maximum": SEATS // count + 1}
        for name, count in VALUES.items()
        for at in range(count)
    ]
    college = {"kind": "CITIZENS", "seats": SEATS, "method": "LOTTERY", "quotas": quotas}
    steward, system = world.actor("steward"), world.actor("system")
    async with world.app.write() as session:
        row = await rules.create(
            session, system, space=world.ids["Space:OPEN"], title="Large", question="What?", colleges=[college]
        )
        ends = session.now + timedelta(days=1)
        await rules.open_call(session, system, panel=row.id, text="Come.", ends_at=ends)
        people = [new_participant(session, f"Candidate {number}") for number in range(PEOPLE)]
        await session.flush()
        for person in people:
            features = [
                {"feature": name, "value": f"{name}{min(chance.randrange(count), chance.randrange(count + 1))}"}
                for name, count in VALUES.items()
            ]
            await candidacy.apply(
                session, Actor(person.id), panel=row.id, college="CITIZENS", features=features, consent=True
            )
        await drawing.close_pool(session, steward, panel=row.id)
        return row.id


async def _draw(world: World, panel: UUID) -> tuple[str, str]:
    it = table_of(DrawRow).c
    async with world.app.db.read() as connection:
        row = (await connection.execute(select(it.state, it.transcript).where(it.id == panel))).one()
        return row.state, row.transcript


def _work(folder: Path, url: str, key: Path) -> subprocess.Popen[bytes]:
    """`hemicycle work`: it starts its worker again when that dies."""
    text = f'plugins = ["panels"]\n[plugin.panels]\nsigning_key = "{key}"\n'
    (folder / "hemicycle.toml").write_text(text, "utf-8")
    environment = {**os.environ, "DATABASE_URL": url, "HEMICYCLE_CONFIG": str(folder / "hemicycle.toml")}
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "hemicycle", "work"]
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)


async def _computing(service: int) -> tuple[int, int]:
    """The worker below a service, and the process below it that computes, once there are two."""
    while (found := _look(service)) is None:  # noqa: ASYNC110  (another process changes it)
        await asyncio.sleep(0.1)
    return found


def _look(service: int) -> tuple[int, int] | None:
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    parents = {int(pid): int(above) for pid, above, _ in rows}
    for pid, above, words in rows:
        if "hemicycle_panels.computing" in words and parents.get(int(above)) == service:
            return int(above), int(pid)
    return None


async def _alive(pid: int) -> bool:
    """Whether this process is still there after a while."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        if not Path(f"/proc/{pid}").exists():
            return False
        await asyncio.sleep(0.1)
    return True
