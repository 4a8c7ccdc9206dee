"""The numbers of one process, in the form and with the names that Prometheus expects."""

import asyncio
import time
from typing import TYPE_CHECKING, Any

from hemicycle.kernel.errors import StartupError

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application
    from hemicycle.kernel.jobs.standing import Standing
    from hemicycle.kernel.observability.seen import Seen

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COUNTS = (1, 2, 3, 5, 8, 13, 21, 34)
TICK = 0.5
"""Seconds between two looks at how late the event loop is."""


class Metrics:
    """One registry: nothing of it is global. Every label takes its values from the schema or the declarations.

    StartupError if prometheus-client is not installed.
    """

    def __init__(self) -> None:
        try:
            import prometheus_client as prometheus
        except ImportError:
            raise StartupError("metrics: they need a package: `pip install 'hemicycle[metrics]'`, "
                               "or take [metrics] out of the settings") from None  # fmt: skip
        self._made = prometheus
        self.media = prometheus.CONTENT_TYPE_LATEST
        self.registry = known = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=known)
        prometheus.GCCollector(registry=known)

        def histogram(name: str, told: str, *labels: str, buckets: Any = SECONDS) -> Any:
            return prometheus.Histogram(f"hemicycle_{name}", told, labels, registry=known, buckets=buckets)

        def gauge(name: str, told: str, *labels: str) -> Any:
            return prometheus.Gauge(f"hemicycle_{name}", told, labels, registry=known)

        self.operations = histogram(
            "graphql_operation_duration_seconds", "Operations by what stands at their root.",
            "type", "field", "result",
        )  # fmt: skip
        self.per_operation = histogram(
            "graphql_operation_statements", "SQL statements of an operation.", "type", buckets=COUNTS
        )
        self.errors = prometheus.Counter(
            "hemicycle_graphql_errors_total", "Errors told, by `extensions.code`.", ["code"], registry=known
        )
        self.refusals = prometheus.Counter(
            "hemicycle_graphql_refusals_total", "Mutations that a rule refused.", ["field", "code"], registry=known
        )
        self.statements = histogram("db_statement_duration_seconds", "SQL statements by engine.", "engine")
        self.writer_wait = histogram("db_writer_wait_seconds", "Waiting for one's turn to write (SQLite).")
        self.pool = gauge("db_pool_connections", "Connections of a pool.", "engine", "state")
        self.jobs = histogram("job_duration_seconds", "Jobs and deliveries that ran here.", "kind", "name", "result")
        self.waiting = gauge("jobs_waiting", "Jobs in the queue that are due.", "name")
        self.oldest = gauge("jobs_oldest_due_seconds", "For how long the oldest due job has waited.", "name")
        self.dead = gauge("jobs_dead", "Jobs that were given up.", "name")
        self.websockets = gauge("websocket_connections", "Websockets that are open.")
        self.subscriptions = gauge("subscriptions", "Subscriptions that are open.")
        self.lag = histogram("event_loop_lag_seconds", "How late the event loop is.")

    def operation(self, seen: "Seen", seconds: float) -> None:
        """An operation ended. How long a subscription was open is no duration of an answer."""
        what = seen.what
        kind, field = what["type"] or "unknown", what["field"] or "unknown"
        if kind != "subscription":
            self.operations.labels(kind, field, seen.result).observe(seconds)
            self.per_operation.labels(kind).observe(seen.statements)
        for code in seen.codes:
            self.errors.labels(code).inc()
        for code in seen.refusals:
            self.refusals.labels(field, code).inc()

    async def page(self, app: "Application", standing: "list[Standing]") -> bytes:
        """All of it as text, with what is only known now."""
        for one in (self.waiting, self.oldest, self.dead):
            one.clear()
        for job in standing:
            self.waiting.labels(job.name).set(job.due)
            self.oldest.labels(job.name).set(job.oldest)
            self.dead.labels(job.name).set(job.dead)
        self.look(app)
        page: bytes = await asyncio.to_thread(self._made.generate_latest, self.registry)
        return page

    def look(self, app: "Application") -> None:
        """What is open at this moment."""
        self.subscriptions.set(app.broadcast.listening)
        for name, engine in (("read", app.db.reading), ("write", app.db.writing)):
            pool: Any = engine.sync_engine.pool
            self.pool.labels(name, "used").set(pool.checkedout())
            self.pool.labels(name, "idle").set(pool.checkedin())

    async def watch_loop(self) -> None:
        """Note how late the loop is, until it is cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK)
            self.lag.observe(max(0.0, time.perf_counter() - began - TICK))

    def serve(self, address: str) -> Any:
        """Answer at `HOST:PORT`, in a thread, until what is returned is called: for a worker, which has no web."""
        host, _, port = address.rpartition(":")
        try:
            server, thread = self._made.start_http_server(int(port), host.strip("[]"), self.registry)
        except OSError as error:
            raise StartupError(f"metrics.worker: {address} cannot be listened to ({error.strerror}): "
                               "take another port, one for each worker") from None  # fmt: skip

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop
