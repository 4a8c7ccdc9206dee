"""Spans of OpenTelemetry: an operation, what it does, its statements; jobs; requests that leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hemicycle import __version__
from hemicycle.kernel.errors import StartupError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

    from hemicycle.kernel.settings import TraceSettings

NEEDED = "traces: they need packages: `pip install 'hemicycle[telemetry]'`, or take [traces] out of the settings"


class Traces:
    """A tracer of one application. Attributes are names and numbers; an exception tells its class alone.

    exporter: where spans go, in place of the endpoint of the settings (tests). StartupError if OpenTelemetry is not
    installed.
    """

    def __init__(self, settings: "TraceSettings", exporter: "SpanExporter | None" = None) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
            from opentelemetry.trace import StatusCode
        except ImportError:
            raise StartupError(NEEDED) from None
        self.provider = TracerProvider(
            sampler=TraceIdRatioBased(settings.sample),  # whole traces: spans below follow the one at the root
            resource=Resource({"service.name": settings.service, "service.version": __version__}),
            shutdown_on_exit=False,
        )
        self.provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(settings.endpoint)))
        self._tracer, self._failed = self.provider.get_tracer("hemicycle", __version__), StatusCode.ERROR

    @contextmanager
    def span(self, name: str, attributes: dict[str, Any]) -> Iterator["Span"]:
        """A span for the time of a `with`, around those that begin meanwhile."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(self._failed)
                raise

    def past(self, name: str, began: int, attributes: dict[str, Any]) -> None:
        """A span that began at `began` (nanoseconds since 1970), and ends now."""
        self._tracer.start_span(name, start_time=began, attributes=attributes).end()

    def close(self) -> None:
        """Send what was not sent yet."""
        self.provider.shutdown()
