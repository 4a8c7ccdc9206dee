"""What an application does, noted as it happens: the one thing that the rest of the kernel speaks to."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from hemicycle.kernel.observability.metrics import Metrics
from hemicycle.kernel.observability.seen import Seen, current
from hemicycle.kernel.observability.traces import Traces

if TYPE_CHECKING:
    from hemicycle.kernel.db.engine import Database
    from hemicycle.kernel.settings import Settings

log = logging.getLogger("hemicycle.operations")
NOTHING: AbstractContextManager[None] = nullcontext()


class Observer:
    """Of one application. metrics and traces are None where the settings do not ask for them: then they cost nothing.

    StartupError if a setting asks for a package that is not installed.
    """

    def __init__(self, settings: "Settings") -> None:
        asked = settings.metrics.token is not None or settings.metrics.worker is not None
        self.worker = settings.metrics.worker
        self.metrics = Metrics() if asked else None
        self.traces = Traces(settings.traces) if settings.traces.endpoint else None

    @contextmanager
    def operation(self, transport: str) -> Iterator[Seen]:
        """Around all that is done for one operation; what is noted inside is told when it ends.

        A span is open meanwhile, and every line that is logged tells the id of the request.
        """
        seen = Seen(transport)
        token = current.set(seen)
        try:
            if self.traces is None:
                yield seen
            else:
                with self.traces.span("graphql", {}) as span:
                    try:
                        yield seen
                    finally:
                        self._describe(span, seen)
        finally:
            self._ended(seen)
            current.reset(token)

    def span(self, name: str, **attributes: Any) -> AbstractContextManager[Any]:
        """A span for the time of a `with`. attributes: names and numbers, never what someone wrote."""
        return NOTHING if self.traces is None else self.traces.span(name, attributes)

    @contextmanager
    def job(self, kind: str, name: str) -> Iterator[None]:
        """Around a job or a delivery; that it failed is seen by what it raises."""
        began, result = time.perf_counter(), "failed"
        try:
            with self.span(f"{kind} {name}"):
                yield
            result = "done"
        finally:
            if self.metrics is not None:
                self.metrics.jobs.labels(kind, name, result).observe(time.perf_counter() - began)

    @contextmanager
    def websocket(self) -> Iterator[None]:
        """Around a websocket that is open."""
        if self.metrics is None:
            yield
            return
        with self.metrics.websockets.track_inprogress():
            yield

    def waited(self, seconds: float) -> None:
        """A writer waited so long for its turn."""
        if self.metrics is not None:
            self.metrics.writer_wait.observe(seconds)

    def ran(self, dialect: str, engine: str, statement: str, seconds: float) -> None:
        """An engine (`read` or `write`) of a database ran a statement, which took so long."""
        if (seen := current.get()) is not None:
            seen.statements += 1
        if self.metrics is not None:
            self.metrics.statements.labels(engine).observe(seconds)
        if self.traces is not None:
            verb = statement.split(None, 1)[0].upper()
            told = {"db.system.name": dialect, "db.operation.name": verb, "hemicycle.engine": engine}
            self.traces.past(verb, time.time_ns() - int(1e9 * seconds), told)

    def watch(self, db: "Database") -> None:
        """Note the statements of this database, and how long its writers wait."""
        db.waited, db.ran = self.waited, partial(self.ran, db.dialect)

    @asynccontextmanager
    async def running(self, *, worker: bool = False) -> AsyncIterator[None]:
        """While the application serves or works: the event loop is looked at. worker: its numbers have their own door.
        """  # fmt: skip
        stop = self.metrics.serve(self.worker) if self.metrics is not None and worker and self.worker else None
        looking = asyncio.create_task(self.metrics.watch_loop()) if self.metrics is not None else None
        try:
            yield
        finally:
            if looking is not None:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)
            if stop is not None:
                await asyncio.to_thread(stop)
            if self.traces is not None:
                await asyncio.to_thread(self.traces.close)

    def _ended(self, seen: Seen) -> None:
        seconds = time.perf_counter() - seen.began
        if log.isEnabledFor(logging.INFO):
            told = {
                "request": seen.request, "transport": seen.transport, **seen.what, "result": seen.result,
                "codes": seen.codes + seen.refusals, "milliseconds": round(1000 * seconds, 1),
                "statements": seen.statements,
            }  # fmt: skip
            if seen.transport != "http":
                told["answers"] = seen.answers
            log.info("operation", extra=told)
        if self.metrics is not None:
            self.metrics.operation(seen, seconds)

    def _describe(self, span: Any, seen: Seen) -> None:
        what = {name: value for name, value in seen.what.items() if value is not None}
        names = {"type": "graphql.operation.type", "operation": "graphql.operation.name",
                 "field": "hemicycle.field", "document": "hemicycle.document"}  # fmt: skip
        span.update_name(" ".join(("graphql", *(what[one] for one in ("type", "field") if one in what))))
        span.set_attributes({names[name]: value for name, value in what.items()})
        span.set_attributes({"hemicycle.request": seen.request, "hemicycle.result": seen.result,
                             "hemicycle.statements": seen.statements})  # fmt: skip
        if seen.codes:
            span.set_attribute("error.type", seen.codes[0])
