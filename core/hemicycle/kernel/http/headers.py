"""Headers on every answer, and an answer to whatever went wrong unseen."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hemicycle.kernel.graphql.operations import failure
from hemicycle.kernel.http.answers import JSON, response

ALWAYS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TLS_ONLY = "max-age=31536000"  # a year


class Headers:
    """ASGI middleware, around all others. A route that sets one of these headers itself is left its choice."""

    def __init__(self, app: ASGIApp, production: bool) -> None:
        self._app = app
        self._known = ALWAYS | ({"Strict-Transport-Security": TLS_ONLY} if production else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def add(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._known.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, add)
        except Exception as error:
            if started:
                raise
            await response(failure(error), JSON)(scope, receive, add)
