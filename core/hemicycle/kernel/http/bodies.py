"""What a request asks: one operation, out of a JSON body or the query of an address."""

import asyncio
from email.message import Message
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, HTTPConnection, Request

from hemicycle.kernel.graphql.limits import LIMITS
from hemicycle.kernel.graphql.operations import Operation
from hemicycle.kernel.http.answers import JSON, Rejected


async def read(request: Request) -> Operation:
    """The operation. Rejected if the body is too large (as soon as it is), not JSON, or not one operation."""
    if request.method == "GET":
        known: dict[str, Any] = dict(request.query_params)
        for name in ("variables", "extensions"):
            if name in known:
                known[name] = parsed(known[name] or "null", f"`{name}` in the address")
        return operation(known)
    check_type(request)
    return operation(parsed(await body(request), "The body"))


def check_type(request: HTTPConnection) -> None:
    """Only JSON in UTF-8: what a page of another site can send without being asked is not JSON."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    charset = str(header.get_param("charset", "utf-8")).lower()
    if not request.headers.get("content-type") or header.get_content_type() != JSON or charset not in {"utf-8", "utf8"}:
        raise Rejected("BAD_REQUEST", f"Send the request as {JSON} in UTF-8, and say so in Content-Type.", 415)


async def body(request: Request) -> bytes:
    """The body, unless it is too large or too slow."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > LIMITS.body:
        raise _too_large()
    found = bytearray()
    try:
        async with asyncio.timeout(LIMITS.body_seconds):
            async for chunk in request.stream():
                found += chunk
                if len(found) > LIMITS.body:
                    raise _too_large()
    except TimeoutError:
        raise Rejected("BAD_REQUEST", "The body did not arrive in time: send it again.", 408) from None
    except ClientDisconnect:  # nobody hears this, and nothing of ours is wrong
        raise Rejected("BAD_REQUEST", "The connection ended before the body did: send it again.") from None
    return bytes(found)


def parsed(text: str | bytes, what: str) -> Any:
    """JSON, or Rejected."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Rejected("BAD_REQUEST", f"{what} is not JSON: {error}.") from None


def operation(known: Any) -> Operation:
    """One operation out of what was said in JSON. Batches are refused."""
    if isinstance(known, list):
        raise Rejected("BAD_REQUEST", "One operation at a time: send several requests instead of a batch.")
    if not isinstance(known, dict):
        raise Rejected("BAD_REQUEST", "A request is an object with `query`, perhaps `variables` and `operationName`.")
    document, name = known.get("query"), known.get("operationName")
    if not isinstance(document, str) or not document.strip():
        raise Rejected("BAD_REQUEST", "There is no document: say it in `query`.")
    if not isinstance(name, str | None):
        raise Rejected("BAD_REQUEST", "`operationName` is a text.")
    for key in ("variables", "extensions"):
        if not isinstance(known.get(key), dict | None):
            raise Rejected("BAD_REQUEST", f"`{key}` is an object.")
    return Operation(document, known.get("variables"), name or None)


def _too_large() -> Rejected:
    return Rejected("TOO_LARGE", f"A request has {LIMITS.body} bytes at most.", headers={"Connection": "close"})
