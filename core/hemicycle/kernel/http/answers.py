"""Answers over HTTP: the media type that the client takes, the status that goes with it, the bytes."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response

from hemicycle.kernel.graphql.errors import bad
from hemicycle.kernel.graphql.operations import Answer, failure

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
EVENTS = "text/event-stream"
WILD = {"*/*": JSON, "application/*": JSON}
STATUS = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "TOO_LARGE": 413,
    "RATE_LIMITED": 429,
    "TOO_MANY_SUBSCRIPTIONS": 429,
    "BUSY": 503,
    "STORAGE_FULL": 507,
    "INTERNAL": 500,
}
# What is wrong in a document is an answer like another for clients that take plain JSON.
OF_A_DOCUMENT = {
    "PARSE_FAILED", "VALIDATION_FAILED", "BAD_VARIABLES", "TOO_MANY_TOKENS", "TOO_DEEP", "TOO_MANY_ALIASES",
    "TOO_MANY_DIRECTIVES", "TOO_COSTLY",
}  # fmt: skip


@dataclass(eq=False)
class Rejected(Exception):
    """A request that is not answered as GraphQL. Raised anywhere in this package."""

    code: str
    message: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)

    @property
    def answer(self) -> Answer:
        return failure(bad(self.code, self.message, **self.extensions))


def taken(accept: str | None) -> list[str]:
    """The media types that the client takes and that are spoken here, the best first. Rejected (406) if none is."""
    found: dict[str, float] = {}
    for one in (accept or "*/*").split(","):
        name, *parameters = (part.strip().lower() for part in one.split(";"))
        if (known := WILD.get(name, name)) in {JSON, GRAPHQL, EVENTS}:
            found[known] = max(found.get(known, 0), _quality(parameters))
    every = sorted((one for one, quality in found.items() if quality), key=lambda one: (-found[one], one != GRAPHQL))
    if not every:
        raise Rejected("BAD_REQUEST", f"Answers are {GRAPHQL}, {JSON} or {EVENTS}: accept one of them.", 406)
    return every


def _quality(parameters: list[str]) -> float:
    for one in parameters:
        if one.startswith("q="):
            try:
                return float(one[2:])
            except ValueError:
                return 0
    return 1


def response(answer: Answer, media: str, status: int | None = None, headers: dict[str, str] | None = None) -> Response:
    """The answer in this media type."""
    code = answer.code
    if status is None:
        told = code is None or (media != GRAPHQL and code in OF_A_DOCUMENT)
        status = 200 if told else STATUS.get(code or "", 400)
    known = dict(headers or {})
    wait = (answer.errors[0].extensions or {}).get("retryAfter") if code else None
    if wait:
        known["Retry-After"] = str(wait)
    if status == 401:
        known["WWW-Authenticate"] = "Bearer"
    if answer.errors:
        known["Cache-Control"] = "no-store"
    return Response(encode(answer), status, known, f"{media}; charset=utf-8")


def encode(answer: Answer) -> bytes:
    """The answer as JSON, in UTF-8."""
    return orjson.dumps(answer.plain(), default=str)
