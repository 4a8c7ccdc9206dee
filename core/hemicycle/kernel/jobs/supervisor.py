"""A worker in a process of its own: killed and started again when it hangs, gone when its parent is gone.

The two share a socket. The parent says the settings and keeps its end open for as long as the child is to live; the
child sends a byte every second. So neither depends on signals, which a process that is killed does not send.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from hemicycle.kernel.jobs import worker
from hemicycle.kernel.settings import Settings

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "hemicycle", "work", "--supervised")
HANGS = 15.0
"""Seconds without a beat after which a worker is killed: before its last lease ends, so that no job runs twice at once.
"""
STARTS = 120.0
"""Seconds that it has until its first beat."""
ENDS = 3 * worker.GRACE
"""Seconds that it has to end."""
LONGEST = 60.0
"""Seconds between two starts, at most, of a worker that ends at once."""


@asynccontextmanager
async def supervised_worker(
    settings: Settings, command: Sequence[str] = COMMAND, *, hangs: float = HANGS
) -> AsyncIterator[None]:
    """A worker of an instance with these settings, for the time of a `with`.

    command: what starts it; the number of its end of the socket is added. It does `lifeline` first.
    hangs: seconds without a sign of life after which it is killed.
    """
    task = asyncio.create_task(_keep_alive(settings, command, hangs))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep_alive(settings: Settings, command: Sequence[str], hangs: float) -> None:
    pause = 1.0
    while True:
        began = time.monotonic()
        try:
            why = await _one_life(settings, command, hangs)
        except OSError as error:
            why = f"could not be started: {error}"
        pause = 1.0 if time.monotonic() - began > LONGEST else min(2 * pause, LONGEST)
        log.error("the worker %s: it is started again in %.0f s", why, pause)
        await asyncio.sleep(pause)


async def _one_life(settings: Settings, command: Sequence[str], hangs: float) -> str:
    """Start a worker, and stay with it to its end. Why it ended."""
    ours, theirs = socket.socketpair()
    with theirs:
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            # In a session of its own: Ctrl-C is for the parent, who then lets it end.
            process = await asyncio.create_subprocess_exec(
                *command, str(theirs.fileno()), pass_fds=[theirs.fileno()], start_new_session=True
            )
        except BaseException:
            writer.close()
            raise
    try:
        writer.write(settings.model_dump_json().encode() + b"\n")
        wait = STARTS
        while True:
            async with asyncio.timeout(wait):
                if not await reader.read(100):
                    break
            wait = hangs
        return f"ended with exit code {await process.wait()}"
    except TimeoutError:
        process.kill()
        return f"gave no sign of life for {wait:.0f} s and was killed"
    except ConnectionError:
        return f"ended with exit code {await process.wait()}"
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(ENDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def lifeline(number: int) -> tuple[Settings, Callable[[asyncio.Event], None], Callable[[], None]]:
    """In the child, with the number of its end of the socket: the settings; what makes the parent's end set an event
    of the running loop (and ends this process for good if that does not end it); what to call every second."""
    line = socket.socket(fileno=number)
    said = line.makefile("rb").readline()
    settings = Settings.model_validate_json(said)

    def watch(stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()

        def until_the_end() -> None:
            with contextlib.suppress(OSError):
                while line.recv(100):
                    pass
            with contextlib.suppress(RuntimeError):  # the loop is closed already
                loop.call_soon_threadsafe(stop.set)
            time.sleep(ENDS)
            os._exit(1)  # what hangs does not keep a process alive that nobody wants any more

        threading.Thread(target=until_the_end, daemon=True).start()

    def beat() -> None:
        with contextlib.suppress(OSError):
            line.send(b".")

    return settings, watch, beat
