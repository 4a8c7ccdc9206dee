"""Real processes: a worker that is killed or hangs loses nothing, and none outlives who started it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from hemicycle.app import build
from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Handler
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.jobs import supervisor
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.jobs.supervisor import supervised_worker
from hemicycle.kernel.settings import Settings
from hemicycle.spaces.models import SpaceRow
from hemicycle.spaces.rules import ensure_root

WORKER = Path(__file__).with_name("bench_worker.py")


class hemicycle_bench:  # noqa: N801  (it stands for a module)
    """Declares the handlers that run in the other process."""

    @staticmethod
    @hookimpl
    def declare_handlers() -> list[Handler]:
        async def elsewhere(*_: Any) -> None:
            pytest.fail("the worker does it")

        names = ("bench.hang", "bench.quick")
        return [Handler(one, "Elsewhere.", event="space.changed", run=elsewhere) for one in names]


@pytest_asyncio.fixture
async def app(database_url: str) -> AsyncIterator[Application]:
    """An application that only writes."""
    made = build(Settings(database_url=database_url, plugins=[]), [hemicycle_bench])
    yield made
    await made.close()


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    """What starts the worker, whose traces are in `tmp_path`."""
    return sys.executable, str(WORKER), str(tmp_path)


async def happen(app: Application) -> None:
    root = await ensure_root(app)
    async with app.write() as session:
        session.record(SYSTEM, "space.changed", await session.get_one(SpaceRow, root))


async def deliveries(app: Application) -> int:
    it = table_of(JobRow).c
    async with app.db.read() as connection:
        question = select(func.count()).where(it.name == "deliver", it.argument.contains(":bench."))
        return int((await connection.execute(question)).scalar_one())


async def until(true: Callable[[], Any], what: str) -> None:
    for _ in range(600):
        found = true()
        if await found if asyncio.iscoroutine(found) else found:
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"never: {what}")


def gone(pid: int) -> bool:
    """Whether it runs no more; who is dead, but was not buried by its parent, is gone too."""
    with suppress(FileNotFoundError):
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


async def hanging(folder: Path, times: int = 1) -> int:
    """Wait until the handler that hangs was begun so often; the process in which it was last."""
    trace = folder / "hang"
    await until(lambda: trace.exists() and len(trace.read_text().splitlines()) >= times, "the handler begins")
    return int(trace.read_text().splitlines()[-1])


async def test_a_worker_that_is_killed_loses_nothing(
    app: Application, command: tuple[str, ...], tmp_path: Path
) -> None:
    """kill -9 in the middle of a handler; the commit came before, the delivery comes after."""
    await happen(app)
    async with supervised_worker(app.settings, command, hangs=60):
        pid = await hanging(tmp_path)
        (tmp_path / "go").touch()
        os.kill(pid, signal.SIGKILL)
        await until((tmp_path / "hung").exists, "the handler runs again")

        async def all_done() -> bool:
            return await deliveries(app) == 0

        await until(all_done, "everything is delivered")
    assert len((tmp_path / "hang").read_text().split()) == 2
    assert (tmp_path / "quick").exists()
    assert (tmp_path / "ended").exists()  # by itself, when its supervisor stopped


async def test_a_worker_that_hangs_is_killed_and_its_jobs_come_again(
    app: Application, command: tuple[str, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await happen(app)
    async with supervised_worker(app.settings, command, hangs=2):
        pid = await hanging(tmp_path)
        await until(lambda: "no sign of life" in caplog.text, "it is killed")
        await until(lambda: gone(pid), "it is gone")
        (tmp_path / "go").touch()
        await until((tmp_path / "hung").exists, "the handler runs again")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_worker_ends_with_its_parent(database_url: str, app: Application, tmp_path: Path) -> None:
    """Even one that hangs, when its parent had no time to say so."""
    await happen(app)
    parent = await asyncio.create_subprocess_exec(sys.executable, WORKER, tmp_path, "parent", database_url)
    pid = await hanging(tmp_path)
    assert not gone(pid)
    parent.kill()
    await parent.wait()
    await until(lambda: gone(pid), "the worker ends")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_worker_that_does_not_end_is_killed_at_last(
    app: Application, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ENDS", 0.1)
    await happen(app)
    async with supervised_worker(app.settings, command, hangs=60):
        pid = await hanging(tmp_path)
    assert gone(pid)


async def test_a_worker_that_cannot_start_is_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LONGEST", 0.1)
    for command, told in (((sys.executable, "-c", "raise SystemExit(3)"), "exit code 3"), (("no-such",), "no-such")):
        caplog.clear()
        async with supervised_worker(Settings(plugins=[]), command):
            await until(lambda told=told: caplog.text.count(told) >= 2, "it is tried twice")
