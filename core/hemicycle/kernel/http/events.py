"""Answers as server-sent events: `next` for each, then `complete`; comments keep the connection alive."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, ExitStack, aclosing
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from strawberry.http.streaming import SSETransport, merge_stream_with_heartbeat

from hemicycle.kernel.graphql.operations import Answer
from hemicycle.kernel.http.answers import encode

TRANSPORT = SSETransport()


class EventStream(StreamingResponse):
    """A stream of answers that holds its place (a context manager) while it is open."""

    def __init__(self, answers: AsyncIterator[Answer], place: AbstractContextManager[None]) -> None:
        self._held = ExitStack()
        self._held.enter_context(place)

        async def lines() -> Any:
            async with aclosing(answers):  # type: ignore[type-var]
                async for answer in answers:
                    yield TRANSPORT.encode_event("next", encode(answer).decode())
            yield TRANSPORT.encode_complete()

        alive = merge_stream_with_heartbeat(
            lines,
            lambda: TRANSPORT.encode_comment("alive"),
            TRANSPORT.heartbeat_interval,
            send_initial_heartbeat=False,
        )
        super().__init__(alive(), headers=dict(TRANSPORT.headers))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self.body_iterator):  # type: ignore[type-var]
            await super().stream_response(send)
