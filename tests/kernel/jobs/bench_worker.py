"""Not a test: a worker in a process of its own, whose handlers leave traces in a folder and do as it says.

`bench_worker.py FOLDER SOCKET` is what a supervisor starts; `bench_worker.py FOLDER parent URL` is a supervisor.
"""

import asyncio
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from hemicycle.app import build
from hemicycle.kernel.declarations import Handler
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.jobs import queue, supervisor, worker
from hemicycle.kernel.settings import Settings

FOLDER = Path(sys.argv[1])
# A test does not wait as long as an instance may.
queue.LEASE, worker.RENEW, supervisor.ENDS = timedelta(seconds=3), 1.0, 1.0


async def quick(*_: Any) -> None:
    with (FOLDER / "quick").open("a") as trace:
        trace.write("done\n")


async def hang(*_: Any) -> None:
    """Stand still, and let nothing else of this process move; unless it may go."""
    with (FOLDER / "hang").open("a") as trace:
        trace.write(f"{os.getpid()}\n")
    if not (FOLDER / "go").exists():
        time.sleep(600)  # noqa: ASYNC251  (on purpose)
    (FOLDER / "hung").touch()


def plugin() -> Any:
    module: Any = ModuleType("hemicycle_bench")
    handlers = [
        Handler("bench.hang", "Hang.", event="space.changed", run=hang),
        Handler("bench.quick", "Do it.", event="space.changed", run=quick),
    ]
    module.declare_handlers = hookimpl(lambda: handlers)
    return module


async def child(number: int) -> None:
    settings, watch, beat = supervisor.lifeline(number)
    stop = asyncio.Event()
    watch(stop)
    (FOLDER / "started").write_text(str(os.getpid()))
    app = build(settings, [plugin()])
    await worker.work(app, stop, beat)
    await app.close()
    (FOLDER / "ended").touch()


async def parent(url: str) -> None:
    command = (sys.executable, __file__, str(FOLDER))
    async with supervisor.supervised_worker(Settings(database_url=url, plugins=[]), command):
        await asyncio.sleep(600)


if __name__ == "__main__":
    if sys.argv[2] == "parent":
        asyncio.run(parent(sys.argv[3]))
    else:
        asyncio.run(child(int(sys.argv[2])))
