"""The web application of an instance: its routes, and what stands before them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from hemicycle.kernel.declarations import Routes
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.http.answers import JSON, Rejected, response
from hemicycle.kernel.http.credentials import PREFLIGHT, networks
from hemicycle.kernel.http.explorer import explorer
from hemicycle.kernel.http.graphql import GraphQLOverHttp
from hemicycle.kernel.http.guard import Guard
from hemicycle.kernel.http.headers import Headers
from hemicycle.kernel.http.health import health, ready
from hemicycle.kernel.http.websocket import GraphQLOverWebSocket
from hemicycle.kernel.observability.page import metrics

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

OWN = {"graphql", "schema.graphql", "health", "ready", "metrics"}

SERVER: dict[str, Any] = {
    "ws_max_size": LIMITS.body,
    "proxy_headers": False,  # `trusted_proxies` decides whose X-Forwarded-For is believed
    "server_header": False,
    "timeout_graceful_shutdown": 10,
    "lifespan": "on",
}
"""What uvicorn must be told in order to serve it: `uvicorn.Config(asgi(app), **SERVER)`."""


def asgi(app: "Application") -> Starlette:
    """The application as an ASGI application, which closes it at the end. `request.app.state.hemicycle` is `app`.

    StartupError if a route of a plugin or a setting stands in the way.
    """
    settings = app.settings
    networks(tuple(settings.trusted_proxies))
    guard = Guard(app)
    routes: list[BaseRoute] = [
        Route("/graphql", GraphQLOverHttp(app, guard)),
        WebSocketRoute("/graphql", GraphQLOverWebSocket(app, guard)),
        Route("/schema.graphql", _schema),
        Route("/health", health),
        Route("/ready", ready),
        *_added(app),
    ]
    if settings.metrics.token is not None:
        routes.append(Route("/metrics", metrics))
    if not settings.production:
        routes.append(Route("/", explorer))
    refuse = {Rejected: _rejected}
    web = Starlette(routes=routes, middleware=_middleware(app), exception_handlers=refuse, lifespan=_lifespan)
    web.state.hemicycle = app
    return web


def _added(app: "Application") -> list[BaseRoute]:
    """The routes of modules and plugins, each below its own name."""
    added: list[BaseRoute] = []
    for one in app.declared[Routes].values():
        if one.name in OWN or "/" in one.name or not one.name:
            owner = app.declared.owner_of(one)
            raise StartupError(f"plugin {owner}: its routes cannot stand below /{one.name}/: take its own name")
        added.append(Mount(f"/{one.name}", routes=one.routes))
    return added


def _middleware(app: "Application") -> list[Middleware]:
    settings = app.settings
    found = [Middleware(Headers, production=settings.production)]
    if settings.allowed_hosts:
        found.append(Middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts, www_redirect=False))
    if settings.cors_origins:
        found.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", *PREFLIGHT],
                allow_credentials=True,
                expose_headers=["Retry-After", "X-Request-ID"],
            )
        )
    return found


@asynccontextmanager
async def _lifespan(web: Starlette) -> AsyncIterator[None]:
    app: Application = web.state.hemicycle
    try:
        async with app.started():
            yield
    finally:
        await app.close()


async def _rejected(request: Request, rejected: Exception) -> Response:
    """What a route of a module or a plugin refuses as this package does."""
    assert isinstance(rejected, Rejected)
    return response(rejected.answer, JSON, rejected.status, rejected.headers)


async def _schema(request: Request) -> Response:
    """What front ends generate code from."""
    return PlainTextResponse(request.app.state.hemicycle.schema.as_str())
