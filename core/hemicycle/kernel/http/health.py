"""Whether the process lives, and whether it can answer: for whoever watches over it."""

import asyncio
from typing import TYPE_CHECKING

from alembic.migration import MigrationContext
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hemicycle.kernel.db.lines import script
from hemicycle.kernel.db.owners import owners_of
from hemicycle.kernel.jobs.standing import behind

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

SECONDS = 2


async def health(request: Request) -> Response:
    """The process lives."""
    return _say("ok", 200)


async def ready(request: Request) -> Response:
    """The database answers, with the tables of this code; 503 if it does not.

    `oldestJobSeconds`: for how long the oldest job that is due has waited for a worker. A server answers without one,
    so it stays ready.
    """
    app: Application = request.app.state.hemicycle
    try:
        async with asyncio.timeout(SECONDS):
            waits = await behind(app)
            others = await _other_tables(request, app)
    except Exception:
        return _say("the database does not answer", 503)
    if others:
        return _say(f"the tables of {', '.join(others)} are not those of this code: run `hemicycle db upgrade`", 503)
    return _say("ready", 200, oldestJobSeconds=round(waits))


async def _other_tables(request: Request, app: "Application") -> list[str]:
    """The owners whose tables were migrated since, or not as far. (Tables that no migration made are let pass: tests.)
    """  # fmt: skip
    owners = {one.version_table: one for one in owners_of(app.plugins) if one.folder}
    state = request.app.state
    if not hasattr(state, "heads"):
        state.heads = await asyncio.to_thread(
            lambda: {table: script(one).get_current_head() for table, one in owners.items()}
        )

    def current(connection: Connection) -> dict[str, str | None]:
        contexts = {one: MigrationContext.configure(connection, opts={"version_table": one}) for one in owners}
        return {table: one.get_current_revision() for table, one in contexts.items()}

    async with app.db.read() as connection:
        found = await connection.run_sync(current)
    return [owners[table].name for table, at in found.items() if at not in (None, state.heads[table])]


def _say(what: str, status: int, **more: int) -> Response:
    return JSONResponse({"status": what, **more}, status, {"Cache-Control": "no-store"})
