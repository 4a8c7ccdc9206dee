"""GraphQL over HTTP: one operation in, one answer or a stream of events out."""

from time import perf_counter
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from hemicycle.kernel.graphql import operations
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.operations import Operation
from hemicycle.kernel.http import bodies
from hemicycle.kernel.http.answers import EVENTS, JSON, Rejected, response, taken
from hemicycle.kernel.http.credentials import check_preflight, check_site, cookie_name, secret_of, set_cookies
from hemicycle.kernel.http.events import EventStream
from hemicycle.kernel.http.guard import Guard

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

QUERIES = frozenset({OperationType.QUERY})
QUERIES_AND_CHANGES = frozenset({OperationType.QUERY, OperationType.MUTATION})


class GraphQLOverHttp:
    """The endpoint `/graphql` of an application, as an ASGI application."""

    def __init__(self, app: "Application", guard: Guard) -> None:
        self.app, self.guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        with self.app.observer.operation("http") as seen:
            answered = await self._answered(request)
            answered.headers["X-Request-ID"] = seen.request
            if isinstance(answered, EventStream):
                seen.transport = "sse"
                await answered(scope, receive, send)
                return
        await answered(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        began, media = perf_counter(), [JSON]
        try:
            media = taken(request.headers.get("accept"))
            answered = await self._respond(request, media)
        except Rejected as rejected:
            if rejected.code == "TOO_LARGE":
                await self.app.pacing.hold(perf_counter() - began)
            answered = response(rejected.answer, _plain(media), rejected.status, rejected.headers)
            if rejected.code == "UNAUTHENTICATED" and (name := cookie_name(self.app.settings)) in request.cookies:
                set_cookies(answered, {name: None}, self.app.settings)  # or no script could sign in again
        except Exception as error:
            answered = response(operations.failure(error), _plain(media))
        if "authorization" in request.headers or cookie_name(self.app.settings) in request.cookies:
            answered.headers.setdefault("Cache-Control", "no-store")
        answered.headers["Vary"] = "Accept, Authorization, Cookie, Origin"
        return answered

    async def _respond(self, request: Request, media: list[str]) -> Response:
        secret = self._check(request)
        operation = await bodies.read(request)
        context = await self.guard.context(request, secret)
        if media == [EVENTS]:
            return self._events(request, operation, context, secret)
        context.can_set_cookies = True
        try:
            answer = await operations.execute(operation, context, _kinds(request))
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION and EVENTS in media and request.method == "POST":
                return self._events(request, operation, context, secret)
            raise _not_like_this(error.operation_type) from None
        answered = response(answer, _plain(media))
        set_cookies(answered, context.cookies, self.app.settings)
        if context.cookies:
            answered.headers["Cache-Control"] = "no-store"
        return answered

    def _check(self, request: Request) -> str | None:
        """The secret that the request bears. Rejected if the method, or how it is borne, is not allowed."""
        if request.method not in {"GET", "POST"}:
            raise Rejected("BAD_REQUEST", "GraphQL is asked by GET or POST.", 405, {"Allow": "GET, POST"})
        secret = secret_of(request, self.app.settings)
        if secret is not None and "authorization" not in request.headers:  # a cookie, which browsers add by themselves
            check_site(request, self.app.settings)
            if request.method == "GET":
                check_preflight(request)
        return secret

    def _events(self, request: Request, operation: Operation, context: Context, secret: str | None) -> Response:
        context.can_set_cookies = False
        kinds = _kinds(request) if request.method == "GET" else operations.EVERY
        answers = self.guard.watched(operations.stream(operation, context, kinds), secret)
        return EventStream(answers, self.guard.stream(context))


def _kinds(request: Request) -> frozenset[OperationType]:
    return QUERIES if request.method == "GET" else QUERIES_AND_CHANGES


def _plain(media: list[str]) -> str:
    """The type of an answer that is not a stream."""
    return next((one for one in media if one != EVENTS), JSON)


def _not_like_this(kind: OperationType) -> Rejected:
    if kind is OperationType.MUTATION:
        return Rejected("FORBIDDEN", "A GET changes nothing: send mutations by POST.", 405, {"Allow": "POST"})
    how = f"by POST with `Accept: {EVENTS}`, or over a websocket (graphql-transport-ws)"
    return Rejected("BAD_REQUEST", f"Ask for subscriptions {how}.", 405, {"Allow": "POST"})
