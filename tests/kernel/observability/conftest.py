"""An instance that is watched in every way, and what it told: lines of log, numbers, spans."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import insert

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Job
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.http.asgi import asgi
from hemicycle.kernel.observability.logs import formatter
from hemicycle.kernel.observability.traces import Traces
from hemicycle.kernel.settings import TraceSettings
from hemicycle.participants.models import OriginRow
from hemicycle.testing import World

TOKEN = "a-token-for-the-numbers"
SECRET = "zzerrorzz"


async def breaks(app: Any, _: str) -> None:
    """Write something twice: the database quotes it in its error."""
    row = {"type": "Space", "system": SECRET, "external_id": SECRET, "object_id": UUID(int=1)}
    async with app.db.writing.begin() as connection:
        await connection.execute(insert(table_of(OriginRow)), [row, row])


hemicycle_bench: Any = ModuleType("hemicycle_bench")
hemicycle_bench.declare_jobs = hookimpl(lambda: [Job("bench.breaks", "Break.", run=breaks)])


@pytest.fixture
def plugins() -> dict[str, Any]:
    """The settings of a world that is watched."""
    return {"metrics": {"token": TOKEN}, "given": [hemicycle_bench]}


@dataclass
class Log(logging.Handler):
    """Keeps each line, as JSON makes it."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter(as_json=True))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def told(self, event: str = "operation") -> list[dict[str, Any]]:
        """The lines about this, read."""
        return [one for one in map(json.loads, self.lines) if one["event"] == event]

    __hash__ = logging.Handler.__hash__


@pytest.fixture
def log() -> Iterator[Log]:
    """All that is logged, from INFO on."""
    root, kept = logging.getLogger(), Log()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client of these tests
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)


@dataclass
class Spans:
    """The spans that ended."""

    traces: Traces
    exporter: InMemorySpanExporter

    def ended(self) -> tuple[Any, ...]:
        self.traces.provider.force_flush()
        return self.exporter.get_finished_spans()


@pytest.fixture
def spans(world: World) -> Iterator[Spans]:
    """The spans of the world's application."""
    exporter = InMemorySpanExporter()
    made = Spans(Traces(TraceSettings.model_validate({}), exporter), exporter)
    world.app.observer.traces = made.traces
    yield made
    world.app.observer.traces = None
    made.traces.close()


class Client(httpx2.AsyncClient):
    """Asks over HTTP."""

    async def ask(self, document: str, name: str | None = None, headers: Any = None, **variables: Any) -> Any:
        body = {"query": document, "variables": variables, "operationName": name}
        return await self.post("/graphql", json=body, headers=headers)

    async def numbers(self) -> dict[str, float]:
        """What `/metrics` tells: by name and labels, as they are written."""
        answer = await self.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        lines = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}


@pytest_asyncio.fixture
async def client(world: World) -> AsyncIterator[Client]:
    transport = httpx2.ASGITransport(app=asgi(world.app), client=("192.0.2.7", 4711))
    async with Client(transport=transport, base_url="http://instance.example") as made:
        yield made
