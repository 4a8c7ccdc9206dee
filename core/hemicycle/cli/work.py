"""`hemicycle work`: mail, timers and deliveries, without a web server."""

import asyncio
import signal
from typing import Annotated

import typer

from hemicycle.kernel.jobs import queue
from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.jobs.supervisor import lifeline, supervised_worker
from hemicycle.kernel.jobs.worker import work as work_until
from hemicycle.kernel.observability.logs import configure
from hemicycle.kernel.settings import Settings, load
from hemicycle.running import console, opened, run


def work(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and stop.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="First try again what failed too often.")] = False,
    supervised: Annotated[int | None, typer.Option(hidden=True, help="The socket of the supervisor.")] = None,
) -> None:
    """Do what is due: mail, timers, deliveries of events. `serve` does it too, unless told --no-worker."""
    if supervised is not None:
        run(_child(supervised))
    else:
        settings = load()
        configure(settings.logs)
        run(_alone(settings, once, retry))


async def _alone(settings: Settings, once: bool, retry: bool) -> None:
    async with opened(settings) as app:
        if retry:
            console.print(f"{await queue.revive(app)} jobs are tried again.", highlight=False)
        if once:
            async with app.started():
                console.print(f"{await run_due(app)} jobs were run.", highlight=False)
            return
    stop = _stopped_by(signal.SIGINT, signal.SIGTERM)
    console.print("Working (Ctrl-C stops it)", highlight=False)
    async with supervised_worker(settings):
        await stop.wait()


async def _child(number: int) -> None:
    settings, watch, beat = lifeline(number)
    configure(settings.logs)
    stop = _stopped_by(signal.SIGTERM)
    watch(stop)
    async with opened(settings) as app:
        await work_until(app, stop, beat)


def _stopped_by(*signals: signal.Signals) -> asyncio.Event:
    stop = asyncio.Event()
    for one in signals:
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    return stop
