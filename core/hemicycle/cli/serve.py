"""`hemicycle serve`: answer over HTTP and websocket, with a worker beside."""

import asyncio
import gc
from typing import Annotated, Any

import typer
import uvicorn

from hemicycle.app import build
from hemicycle.kernel.http.asgi import SERVER, asgi
from hemicycle.kernel.jobs.supervisor import supervised_worker
from hemicycle.kernel.observability.logs import configure
from hemicycle.kernel.settings import Settings, load
from hemicycle.running import console, opened, run

LOGS: dict[str, Any] = {"log_config": None, "log_level": "warning", "access_log": False}
"""Lines of uvicorn's own go where all lines go."""


def serve(
    port: Annotated[int, typer.Option(help="The port.", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    worker: Annotated[bool, typer.Option(help="Start a worker for mail, timers and deliveries.")] = True,
) -> None:
    """Answer over HTTP and websocket until it is stopped."""
    settings = load()
    run(_ready(settings))
    listen(settings, host, port, worker=worker)


def listen(settings: Settings, host: str, port: int, *, worker: bool = True) -> None:
    """Serve an instance whose database is ready."""
    configure(settings.logs)
    config = uvicorn.Config(asgi(build(settings)), host=host, port=port, **LOGS, **SERVER)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(uvicorn.Server(config), settings, worker))


async def _ready(settings: Settings) -> None:
    async with opened(settings):
        pass


async def _serve(server: uvicorn.Server, settings: Settings, worker: bool) -> None:
    host, port = server.config.host, server.config.port
    gc.collect()
    gc.freeze()  # what serves stays: to look through it stopped everyone for a fifth of a second, time and again
    console.print(f"GraphQL answers at http://{host}:{port}/graphql  (Ctrl-C stops it)", highlight=False)
    if not worker:
        await server.serve()
        return
    async with supervised_worker(settings):
        await server.serve()
