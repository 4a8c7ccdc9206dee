"""Lines of log: one JSON object each, unless a person reads along at a terminal."""

import logging
import sys
import traceback
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from structlog.typing import EventDict

from hemicycle.kernel.observability.seen import current

if TYPE_CHECKING:
    from hemicycle.kernel.settings import LogSettings

CHATTY = ("uvicorn", "websockets", "sqlalchemy", "alembic", "httpcore2", "opentelemetry")
"""Libraries of which only warnings are wanted, whatever the level."""

FIELDS = (
    "request", "transport", "type", "operation", "field", "document", "result", "codes", "milliseconds", "statements",
    "answers",
)  # fmt: skip
"""What a line may tell beside its sentence. Libraries add what they like to theirs: it is left out."""


def configure(settings: "LogSettings") -> None:
    """Write what this process logs to standard error, from the level that the settings say."""
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def formatter(*, as_json: bool) -> logging.Formatter:
    """What makes a line of a record.

    Lines in JSON are kept and sent around, so they tell the class of an exception and where it rose, and leave out its
    message, which may quote what someone wrote. At a terminal the whole of it is shown.
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(FIELDS),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _of_operation,
    ]
    if as_json:
        last: list[Any] = [_first_line, _without_words, structlog.processors.JSONRenderer(serializer=_json)]
    else:
        plain = structlog.dev.plain_traceback
        last = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain, timestamp_key="at")
        ]
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[meta, *last])


def _of_operation(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The request in the middle of which it was said."""
    if (seen := current.get()) is not None:
        event.setdefault("request", seen.request)
    return event


def _first_line(_logger: object, _method: str, event: EventDict) -> EventDict:
    """asyncio quotes, below its first line, the exception of a task that nobody waited for."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else sys.exc_info()[1]
    if info and error is not None:
        event["exception"] = list(told(error))
    event.pop("exc_text", None)
    return event


def told(error: BaseException) -> list[dict[str, Any]]:
    """The classes of an exception and of those that led to it, each with where it rose: no message, no value."""
    found: list[dict[str, Any]] = []
    one: BaseException | None = error
    while one is not None and len(found) < 10:
        frames = traceback.extract_tb(one.__traceback__)[-20:]
        kind = f"{type(one).__module__}.{type(one).__qualname__}"
        found.append({"class": kind, "at": [f"{at.filename}:{at.lineno} {at.name}" for at in frames]})
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found


def _json(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()
