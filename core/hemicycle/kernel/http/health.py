"""Whether the process lives, and whether it can answer: for whoever watches over it."""

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

SECONDS = 2


async def health(request: Request) -> Response:
    """The process lives."""
    return _say("ok", 200)


async def ready(request: Request) -> Response:
    """The database answers; 503 if it does not."""
    app: Application = request.app.state.hemicycle
    try:
        async with asyncio.timeout(SECONDS), app.db.read() as connection:
            await connection.execute(text("select 1"))
    except Exception:
        return _say("the database does not answer", 503)
    return _say("ready", 200)


def _say(what: str, status: int) -> Response:
    return JSONResponse({"status": what}, status, {"Cache-Control": "no-store"})
