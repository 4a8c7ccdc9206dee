"""`/metrics`: there only if the settings say a token, and only for whoever bears it."""

import hmac
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hemicycle.kernel.jobs.standing import standing

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

HEADERS = {"Cache-Control": "no-store"}


async def metrics(request: Request) -> Response:
    """The numbers of this process, and how the queue that all processes share stands."""
    app: Application = request.app.state.hemicycle
    known = app.observer.metrics
    wanted, given = app.settings.metrics.token or "", request.headers.get("authorization", "")
    if known is None or not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        told = "Send `Authorization: Bearer …` with the token of metrics.token.\n"
        return PlainTextResponse(told, 401, {**HEADERS, "WWW-Authenticate": "Bearer"})
    return Response(await known.page(app, await standing(app)), headers={**HEADERS, "Content-Type": known.media})
