"""What a socket may be sent that no client sends: each is refused or cut, and the next caller is answered."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.judges.conftest import Judged, on_sqlite

pytestmark = [pytest.mark.judge, on_sqlite]

ASKED = json.dumps({"query": "{ instance { name } }"}).encode()
HEAD = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HOSTILE = {
    "a negative length (N16)": HEAD + b"Content-Length: -1\r\n\r\n" + ASKED,
    "a length that is no number": HEAD + b"Content-Length: ten\r\n\r\n" + ASKED,
    "a length beyond any": HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n" + ASKED,
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n" + ASKED,
    "a length and chunks": HEAD
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "a chunk without end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n" + ASKED,
    "a header without end (N16)": HEAD + b"X-Long: " + b"x" * 500_000,
    "headers without end": HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(50_000)),
    "a line without end": b"GET /" + b"a" * 500_000,
    "a header with NUL": HEAD + b"X-Evil: \x00\r\nContent-Length: 2\r\n\r\n{}",
    "a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "half a request, and silence": HEAD + b"Content-Length: 1000\r\n\r\n{",
}


async def sent(judged: Judged, raw: bytes) -> int | None:
    """The status that the raw bytes are answered with; None if the connection is closed, or nothing comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(judged.url).port)
    try:
        writer.write(raw)
        await asyncio.wait_for(writer.drain(), 5)
        line = await asyncio.wait_for(reader.readline(), 2)
    except (ConnectionError, TimeoutError):
        return None
    finally:
        writer.close()
    return int(line.split(b" ")[1]) if line.startswith(b"HTTP/1.1 ") else None


async def test_hostile_bytes_are_refused_and_the_next_is_answered(served: Judged) -> None:
    async with httpx2.AsyncClient() as client:
        for name, raw in HOSTILE.items():
            status = await sent(served, raw)
            assert status is None or 400 <= status < 500, f"{name}: {status}"
            data = await served.instance.ask(client, "{ instance { name } }")
            assert data["instance"]["name"], name
    log = (served.instance.folder / "log").read_text("utf-8")
    assert not [one for one in ("Traceback", '"exception"') if one in log], log
