"""What the settings turn on, and what is not there without them."""

import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.http.asgi import asgi
from hemicycle.kernel.observability.logs import configure
from hemicycle.kernel.observability.metrics import Metrics
from hemicycle.kernel.observability.observer import Observer
from hemicycle.kernel.observability.traces import Traces
from hemicycle.kernel.settings import LogSettings, Settings, TraceSettings
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import open_world

log = logging.getLogger("hemicycle.test")


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """The handlers and levels that the tests started with."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("form", ["auto", "json", "console"])
@pytest.mark.usefixtures("logging_as_it_was")
def test_lines_are_json_unless_a_person_reads_along(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogSettings(format=form, level="info"))
    log.info("it happened", extra={"statements": 2, "whatever": "a library adds"})
    log.debug("not told")
    try:
        raise KeyError("zzwordszz")
    except KeyError:
        log.exception("it failed")
    said = capsys.readouterr().err
    assert said.startswith("{") == (form != "console")
    assert ("zzwordszz" in said) == (form == "console"), "whoever is at the terminal sees the whole of an error"
    assert "KeyError" in said
    assert "it happened" in said
    assert "statements" in said
    assert "whatever" not in said
    assert "not told" not in said


async def test_without_a_token_there_are_no_numbers(tmp_path: Path) -> None:
    with Databases("sqlite", tmp_path).fresh() as url:
        async with open_world(url, samples=False) as world:
            assert (world.app.observer.metrics, world.app.observer.traces) == (None, None)
            transport = httpx2.ASGITransport(app=asgi(world.app))
            async with httpx2.AsyncClient(transport=transport, base_url="http://instance.example") as client:
                assert (await client.get("/metrics")).status_code == 404


async def test_a_worker_has_a_door_of_its_own() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    observer = Observer(Settings(database_url="sqlite://", metrics={"worker": f"127.0.0.1:{port}"}))  # type: ignore[arg-type]
    async with observer.running(worker=True):
        with observer.job("job", "mail.send"):
            pass
        async with httpx2.AsyncClient() as client:
            page = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        with pytest.raises(StartupError, match="take another port"):
            Metrics().serve(f"127.0.0.1:{port}")
    assert re.search(r'job_duration_seconds_count{kind="job",name="mail.send",result="done"} 1', page)
    async with observer.running():
        pass  # a server does not open it


def test_of_some_operations_whole_traces_are_kept() -> None:
    exporter = InMemorySpanExporter()
    traces = Traces(TraceSettings.model_validate({"sample": 0.5, "service": "debate"}), exporter)
    for _ in range(200):
        with traces.span("outer", {}):
            traces.past("inner", 0, {})
    traces.close()
    spans = exporter.get_finished_spans()
    outer = [one.context.trace_id for one in spans if one.name == "outer"]
    assert 0 < len(outer) < 200
    assert sorted(outer) == sorted(one.context.trace_id for one in spans if one.name == "inner")
    assert spans[0].resource.attributes["service.name"] == "debate"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"metrics": {"token": "short"}}, "token"),
        ({"metrics": {"worker": "9101"}}, "worker"),
        ({"traces": {"endpoint": "127.0.0.1:4318"}}, "endpoint"),
        ({"traces": {"sample": 2}}, "sample"),
        ({"logs": {"format": "xml"}}, "format"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(ValueError, match=where):
        Settings(**wrong)
