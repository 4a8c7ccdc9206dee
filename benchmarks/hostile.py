"""What hostile requests cost, and what an innocent client feels of them: `python -m benchmarks.hostile`.

First, the processor time of documents of 10 KB at most, made to be as costly as the limits allow. Then requests that
are to be refused, sent to a served demonstration one after the other without a pause, beside a client that reads.
"""

import asyncio
import gc
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
from graphql import get_introspection_query

from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.settings import BUNDLED
from hemicycle.testing import open_world
from hemicycle.testing.databases import Databases, learn_tables
from hemicycle.testing.processes import Instance

TIMES, SECONDS, MEGABYTE = 3, 4.0, 2**20
UNLIMITED = {f"HEMICYCLE_LIMITS__{one}_PER_MINUTE": "1000000" for one in ("REQUESTS", "INTROSPECTIONS")}
PAGE = """{ space(slug: "centre-val-de-loire") { title contributions(first: 20) { nodes {
    title excerpt author { displayName } replyCount } } } }"""


def within(levels: int, *fields: str) -> str:
    """Panels, and what belongs to them, whose panel is asked for again: twice or more as many at each level."""
    each = (" ".join(f"{one} {{ panel {{ ...P{at + 1} }} }}" for one in fields) for at in range(levels))
    spread = " ".join(f"fragment P{at} on Panel {{ {one} }}" for at, one in enumerate(each))
    return f"{{ panels {{ nodes {{ ...P0 }} }} }} {spread} fragment P{levels} on Panel {{ id }}"


def chain(number: int, fields: str) -> str:
    """Fragments on Space, each of which spreads the next two."""
    spread = (f"fragment F{at} on Space {{ {fields} ...F{at + 1} ...F{at + 2} }}" for at in range(number))
    return " ".join(spread) + f" fragment F{number} on Space {{ id }} fragment F{number + 1} on Space {{ id }}"


IDS = " ".join(f'"{encode_id(name, UUID(int=1))}"' for name in
               ("Contribution", "Panel", "PanelDraw", "Poll", "Proposal", "Space"))  # fmt: skip
KIND = "kind name description specifiedByURL isOneOf"
DEEP = f"name description type {{ {KIND} " + f"ofType {{ {KIND} " * 9 + "}" * 10
DOCUMENTS = {
    "introspection, as tools ask": get_introspection_query(),
    "fifteen schemas": "{" + " ".join(f"a{at}: __schema {{ types {{ fields {{ name }} }} }}" for at in range(15)) + "}",
    "one field, 240 times": "{" + "instance { name } " * 240 + "}",
    "one field, 50 times": "{" + "instance { name } " * 50 + "}",
    "one field, in 140 inline fragments": "{" + "... { instance { name } } " * 140 + "}",
    "the same fields in 60 fragments": "{" + " ".join(f"...F{at}" for at in range(60)) + "}"
    + " ".join(f"fragment F{at} on Query {{ instance {{ name }} }}" for at in range(60)),
    "fragments that cross": '{ space(slug: "a") { ...F0 ...F1 } }' + chain(60, "parent { id title }"),
    "fields within fields": '{ space(slug: "a") ' + "{ parent " * 14 + "{ id }" + " }" * 14 + " }",
    "unknown fields": "{" + " ".join(f"a{at} {{ b }}" for at in range(240)) + "}",
    "240 variables": "query(" + " ".join(f"$v{at}: Int" for at in range(245)) + ") { instance { name } }",
    "120 operations": " ".join(f"query q{at} {{ instance {{ name }} }}" for at in range(120)),
    "panels of what is of panels, 4,096": within(6, "draw", "opinion", "viewerCandidacy", "viewerSeat"),
    "the same, as many as may be": within(2, "draw", "opinion", "viewerCandidacy", "viewerSeat"),
    "fifteen searches": "{" + " ".join(f'a{at}: search(text: "a{at}") {{ totalCount }}' for at in range(15)) + "}",
    "seven lists, with what one may do": "{" + " ".join(
        f"a{at}: proposals(first: {at + 1}) {{ nodes {{ viewerCan }} }}" for at in range(7)) + "}",
    "ten times six types": "{" + " ".join(f"a{at}: nodes(ids: [{IDS}]) {{ id }}" for at in range(10)) + "}",
    "fields of enums": "{ __schema { types { fields { type { ofType { ofType { enumValues { name } } } } } } } }",
    "introspection, as deep as it goes": "{ __schema { types { fields { " + DEEP + " args { " + DEEP + " } } "
    "inputFields { " + DEEP + " } } } }",
    "a search of 10 KB": '{ search(text: """' + "é " * 3400 + '""") { totalCount } }',
    "980 ids": "{ nodes(ids: [" + '"a" ' * 980 + "]) { id } }",
    "the dearest page": "{ contributions(first: 100) { nodes { id title viewerCan body { html text } "
    "author { displayName } replies(first: 100) { nodes { id } } } } }",
}  # fmt: skip
REFUSED: dict[str, bytes] = {
    "100,000 tokens": json.dumps({"query": "{" + "a " * 100_000 + "}"}).encode(),
    "10,000 directives": json.dumps({"query": "{ instance { name " + "@a" * 10_000 + "} }"}).encode(),
    "1,000 tokens of directives": json.dumps({"query": "{ instance { name " + "@a" * 480 + "} }"}).encode(),
    "circular fragments": json.dumps(
        {"query": "{ ...A } fragment A on Query { ...B } fragment B on Query { instance { name } ...A }"}
    ).encode(),
    "one field, 240 times": json.dumps({"query": DOCUMENTS["one field, 240 times"]}).encode(),
    "fifteen schemas": json.dumps({"query": DOCUMENTS["fifteen schemas"]}).encode(),
    "30 MB": b'{"query": "' + b"a" * 30 * MEGABYTE + b'"}',
}


async def documents() -> float:
    """The processor time of each document, the first time that it is seen; the longest, in seconds."""
    learn_tables(BUNDLED)
    longest = 0.0
    with tempfile.TemporaryDirectory() as folder, Databases("sqlite", Path(folder)).fresh() as url:
        async with open_world(url, plugins=BUNDLED) as world:
            await world.execute("{ instance { name } }")
            gc.collect()
            gc.freeze()  # as `serve` does
            for name, document in DOCUMENTS.items():
                assert len(document.encode()) <= 10_240, name
                spent = []
                for at in range(TIMES):
                    began = time.process_time()
                    result = await world.execute(f"{document} # {at}")
                    spent.append(time.process_time() - began)
                codes = {(one.extensions or {}).get("code", "PARSE_FAILED") for one in result.errors or ()}
                print(
                    f"{name:40} {len(document):6} bytes {min(spent) * 1000:7.1f} ms  {', '.join(codes) or 'answered'}"
                )
                longest = max(longest, min(spent))
    return longest


async def send(port: int, body: bytes, *, chunked: bool = False) -> tuple[float, int]:
    """(seconds until it was refused or answered, the status)."""
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
    head = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def write() -> None:
        writer.write(head + length + b"\r\n\r\n")
        for at in range(0, len(body), MEGABYTE // 16):
            part = body[at : at + MEGABYTE // 16]
            writer.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
            await writer.drain()

    writing = asyncio.create_task(write())
    try:
        line = await reader.readline()
        return time.perf_counter() - began, int(line.split(b" ")[1]) if line else 0
    except ConnectionError:  # it was closed while the rest was on its way
        return time.perf_counter() - began, 0
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        writer.close()


async def innocent(url: str, until: Callable[[], bool]) -> list[float]:
    """How long each page took for someone who reads, with a pause as a person makes it, until it is over."""
    took = []
    async with httpx2.AsyncClient() as client:
        while not until():
            began = time.perf_counter()
            answer = (await client.post(url, json={"query": PAGE})).json()
            took.append(time.perf_counter() - began)
            assert answer["data"]["space"]["title"]
            await asyncio.sleep(0.02)
    return took


@asynccontextmanager
async def served() -> AsyncIterator[Instance]:
    """The demonstration, in processes of its own."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Instance(Path(folder), f"sqlite:///{folder}/it.db", plugins=BUNDLED, environment=UNLIMITED)
        instance.command("demo", "--no-serve")
        with instance.start():
            yield instance


async def beside(instance: Instance, body: bytes | None, *, chunked: bool = False) -> dict[str, Any]:
    """What a hostile client is told, and what an innocent one feels; without a body, there is no hostile one.

    No document comes twice: the instance would know it again.
    """
    ends, port = time.perf_counter() + SECONDS, urlsplit(instance.url).port or 0
    took: list[tuple[float, int]] = []

    async def attack() -> None:
        while body is not None and time.perf_counter() < ends:
            unseen = body  # a copy of 30 MB would stop the innocent client, which is of this process
            if len(body) < MEGABYTE:
                unseen = body.replace(b'"query": "', b'"query": "#%d\\n' % len(took), 1)
            took.append(await send(port, unseen, chunked=chunked))

    attacking = asyncio.create_task(attack())
    pages = await innocent(instance.url, lambda: time.perf_counter() >= ends)
    await attacking
    return {
        "page": statistics.median(pages),
        "refused": statistics.median(one for one, _ in took) if took else 0.0,
        "slowest": max((one for one, _ in took), default=0.0),
        "times": len(took),
        "statuses": sorted({status for _, status in took}),
    }


async def main() -> None:
    print("Processor time of a hostile document, at its best of three:")
    print(f"the longest: {await documents() * 1000:.0f} ms\n")
    async with served() as instance:
        await beside(instance, None)  # the first pages are of a cold process
        sent = [(name, body, False) for name, body in REFUSED.items()] + [("30 MB in chunks", REFUSED["30 MB"], True)]
        for name, body, chunked in sent:
            alone = (await beside(instance, None))["page"]
            told = await beside(instance, body, chunked=chunked)
            print(
                f"{name:28} {told['times']:5} times, status {told['statuses']}, after {told['refused'] * 1000:6.1f} ms "
                f"(slowest {told['slowest'] * 1000:6.1f}); a page: {told['page'] * 1000:6.1f} ms beside it, "
                f"{alone * 1000:6.1f} alone: {told['page'] / alone:4.1f} times"
            )


if __name__ == "__main__":
    asyncio.run(main())
