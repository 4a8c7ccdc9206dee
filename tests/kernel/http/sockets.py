"""One connection over graphql-transport-ws, in the words of the protocol, for tests."""

import asyncio
import json
from typing import Any

import websockets

from hemicycle.kernel.graphql.errors import CODES


class Socket:
    """One connection, in the words of the protocol."""

    def __init__(self, raw: websockets.ClientConnection) -> None:
        self.raw = raw

    async def say(self, message: Any) -> None:
        await self.raw.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            return json.loads(await self.raw.recv())  # type: ignore[no-any-return]

    async def begin(self, **payload: Any) -> "Socket":
        await self.say({"type": "connection_init", "payload": payload} if payload else {"type": "connection_init"})
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def ask(self, query: Any, id: str = "1", **variables: Any) -> None:
        await self.say({"id": id, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def all(self, id: str = "1") -> list[dict[str, Any]]:
        """What is heard about an operation, to its end."""
        heard = []
        while not heard or heard[-1]["type"] not in {"complete", "error"}:
            if (message := await self.hear()).get("id") == id:
                heard.append(message)
        return heard

    async def refused(self, query: Any, id: str = "1", **variables: Any) -> str:
        """The code of the error that an operation meets before anything else."""
        await self.ask(query, id, **variables)
        (message,) = await self.all(id)
        assert message["type"] == "error"
        assert all(one["extensions"]["code"] in CODES for one in message["payload"])
        return message["payload"][0]["extensions"]["code"]  # type: ignore[no-any-return]

    async def closed(self) -> int | None:
        """The code with which the server closes it."""
        async with asyncio.timeout(10):
            await self.raw.wait_closed()
        return self.raw.close_code
