"""graphql-transport-ws: operations over one websocket. The protocol is that of npm `graphql-ws`.

It is written here, and not taken from Strawberry, because each operation has a context of its own: its sender is
identified anew, so that a session which ended answers nothing more, on connections that were open before it did.
"""

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import orjson
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from hemicycle.kernel.graphql import operations
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.operations import Operation
from hemicycle.kernel.http import bodies
from hemicycle.kernel.http.answers import Rejected
from hemicycle.kernel.http.credentials import check_site, secret_of
from hemicycle.kernel.http.guard import Guard

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application

PROTOCOL = "graphql-transport-ws"
LONGEST_ID = 255


class GraphQLOverWebSocket:
    """The websocket endpoint `/graphql` of an application, as an ASGI application."""

    def __init__(self, app: "Application", guard: Guard) -> None:
        self.app, self.guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        try:
            check_site(socket, self.app.settings)  # browsers ask nobody before they open a websocket
            secret_of(socket, self.app.settings)
        except Rejected:
            await socket.close()  # before it is accepted: the handshake is answered with 403
            return
        if PROTOCOL not in socket.scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(4406, f"Ask for the subprotocol {PROTOCOL}")
            return
        await socket.accept(PROTOCOL)
        with self.app.observer.websocket():
            await _Connection(self.app, self.guard, socket).run()


class _Closing(Exception):
    """What the client did ends the connection."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason


class _Connection:
    def __init__(self, app: "Application", guard: Guard, socket: WebSocket) -> None:
        self.app, self.guard, self.socket = app, guard, socket
        self.secret: str | None = None
        self.began = self.ready = False
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.place = contextlib.ExitStack()

    async def run(self) -> None:
        try:
            await self._begin()
            while True:
                await self._take(await self._message())
        except _Closing as closing:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it may be gone already
                await self.socket.close(closing.code, closing.reason.encode()[:123].decode(errors="ignore"))
        except WebSocketDisconnect:
            pass
        finally:
            running = list(self.tasks.values())
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            self.place.close()

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(LIMITS.init_seconds) as waiting:
                while not self.ready:
                    await self._take(await self._message())
        except TimeoutError:
            if not waiting.expired():
                raise
            raise _Closing(4408, "Connection initialisation timeout") from None

    async def _message(self) -> dict[str, Any]:
        event = await self.socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        if (text := event.get("text")) is None:
            raise _Closing(4400, "Messages are text")
        if len(text) > LIMITS.body or len(text.encode("utf-8", "surrogatepass")) > LIMITS.body:
            raise _Closing(1009, f"A message has {LIMITS.body} bytes at most")
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise _Closing(4400, "Messages are JSON") from None
        if not isinstance(message, dict):
            raise _Closing(4400, "A message is an object")
        return message

    async def _take(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._initialise(message.get("payload"))
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message.get("id"), message.get("payload"))
            case "complete":
                if (task := self.tasks.pop(str(message.get("id")), None)) is not None:
                    task.cancel()
            case _:
                raise _Closing(4400, "A message of no known type")

    async def _initialise(self, payload: Any) -> None:
        if self.began:
            raise _Closing(4429, "Too many initialisation requests")
        self.began = True
        known = {str(name).lower(): value for name, value in payload.items()} if isinstance(payload, dict) else {}
        said = known.get("authorization")
        if not isinstance(payload, dict | None) or not isinstance(said, str | None):
            raise _Closing(4400, "The payload is an object, and its `authorization` a text")
        try:
            self.secret = secret_of(self.socket, self.app.settings, said)
            self.place.enter_context(self.guard.stream(await self._context()))
        except Rejected as rejected:
            raise _Closing(4403, f"{rejected.code}: {rejected.message}") from None
        except Exception as error:
            (told,) = operations.failure(error).errors
            raise _Closing(1011, told.message) from None
        await self._send({"type": "connection_ack"})
        self.ready = True

    async def _subscribe(self, name: Any, payload: Any) -> None:
        if not self.ready:
            raise _Closing(4401, "Unauthorized")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
            raise _Closing(4400, f"`id` is a text of 1 to {LONGEST_ID} characters")
        if name in self.tasks:
            raise _Closing(4409, f"Subscriber for {name} already exists")
        try:
            operation = bodies.operation(payload)
        except Rejected as rejected:
            raise _Closing(4400, rejected.message) from None
        if len(self.tasks) >= LIMITS.operations:
            most = f"{LIMITS.operations} operations at once are the most: complete one first."
            await self._refuse(name, bad("TOO_MANY_SUBSCRIPTIONS", most))
            return
        self.tasks[name] = asyncio.create_task(self._operate(name, operation))

    async def _operate(self, name: str, operation: Operation) -> None:
        with self.app.observer.operation("websocket"):
            await self._answer(name, operation)

    async def _answer(self, name: str, operation: Operation) -> None:
        """Send what an operation answers. Its id is free again before the client learns that it ended."""
        try:
            context = await self._context()
            watched = self.guard.watched(operations.stream(operation, context), self.secret)
            async with contextlib.aclosing(watched) as answers:  # type: ignore[type-var]
                async for answer in answers:
                    if answer.code:
                        await self._refuse(name, *answer.errors)
                        return
                    await self._send({"id": name, "type": "next", "payload": answer.plain()})
            self._forget(name)
            await self._send({"id": name, "type": "complete"})
        except (WebSocketDisconnect, RuntimeError):
            pass  # the connection ended first
        except Rejected as rejected:
            await self._refuse(name, *rejected.answer.errors)
        except Exception as error:
            await self._refuse(name, *operations.failure(error).errors)
        finally:
            self._forget(name)

    async def _context(self) -> Context:
        return await self.guard.context(self.socket, self.secret)

    async def _refuse(self, name: str, *errors: Any) -> None:
        self._forget(name)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._send({"id": name, "type": "error", "payload": [one.formatted for one in errors]})

    def _forget(self, name: str) -> None:
        if self.tasks.get(name) is asyncio.current_task():
            del self.tasks[name]

    async def _send(self, message: dict[str, Any]) -> None:
        await self.socket.send_text(orjson.dumps(message, default=str).decode())
