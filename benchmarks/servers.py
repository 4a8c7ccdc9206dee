"""Servers in processes of their own, what they answer, and what they cost in CPU. (Linux: it reads /proc.)"""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from benchmarks.workloads import Workload

PATIENCE = 180.0
NUMBERS = "a-token-of-the-benchmarks"
MANY = "1000000000"


@dataclass(frozen=True)
class Cost:
    """Of one request: CPU milliseconds of the server and of PostgreSQL's processes, statements, bytes."""

    server: float
    database: float
    statements: float
    bytes: int

    @property
    def cpu(self) -> float:
        return self.server + self.database


class Server:
    """One server over a database. Use it with `with`."""

    warm = 0.0  # seconds of questions before it is timed, where it goes on to compile itself

    def __init__(self, name: str, command: list[str], port: int, **environment: str) -> None:
        self.name, self.command, self.port = name, command, port
        self.environment = os.environ | environment

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.DEVNULL)
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and self.process.poll() is None:
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                if self.ready():
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"{self.name} does not start: {' '.join(self.command)}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)

    def fresh(self) -> None:
        """Connect anew: the server may have closed what was silent for some seconds."""
        self.connection.close()

    def ready(self) -> bool:
        """Whether it answers by now; until then, `OSError` too."""
        return self.get("/ready")[0] == http.client.OK

    def answers(self, workload: Workload) -> bool:
        """Whether it has an answer to this one at all."""
        return True

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        self.fresh()
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def ask(self, workload: Workload, given: dict[str, Any], token: str) -> bytes:
        """The body of the answer; an error raises."""
        path, body = self.request(workload, given)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if workload.signed_in:
            headers["Authorization"] = f"Bearer {token}"
        self.connection.request("POST", path, orjson.dumps(body), headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status != 200 or b'"errors"' in data[:200] or b'"code"' in data[:200]:
            raise RuntimeError(f"{self.name}: {workload.name}: {answer.status} {data[:500]!r}")
        return data

    def request(self, workload: Workload, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where to send what."""
        return workload.path, given

    def statements(self) -> int:
        """How many it has run."""
        return int(self.get("/statements")[1])

    def cpu(self) -> float:
        """Seconds that its process has used."""
        return cpu_of(self.process.pid)


class Hemicycle(Server):
    """The API, as `hemicycle serve` runs it, without a worker, and without limits for one address."""

    looks = 0

    def request(self, workload: Workload, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        used = {name: value for name, value in given.items() if f"${name}" in workload.document}
        return "/graphql", {"query": workload.document, "variables": used}

    def statements(self) -> int:
        text = self.get("/metrics", Authorization=f"Bearer {NUMBERS}")[1].decode()
        lines = [one for one in text.splitlines() if one.startswith("hemicycle_db_statement_duration_seconds_count")]
        self.looks += 1  # each reads how the queue stands, by one statement
        return int(sum(float(one.rpartition(" ")[2]) for one in lines)) - self.looks


def hemicycle(url: str, folder: Path, *, numbers: bool = False) -> Server:
    """The API over this database. numbers: with metrics, to count statements; the timed runs are without."""
    port = free_port()
    (folder / "hemicycle.toml").write_text('plugins = ["votes"]\n', "utf-8")
    limits = {f"HEMICYCLE_LIMITS__{one}_PER_MINUTE": MANY for one in ("REQUESTS", "MUTATIONS")}
    limits |= {"HEMICYCLE_METRICS__TOKEN": NUMBERS} if numbers else {}
    command = [sys.executable, "-m", "hemicycle", "-c", str(folder / "hemicycle.toml"), "serve", "--no-worker"]
    return Hemicycle(
        "hemicycle", [*command, "--port", str(port)], port, DATABASE_URL=url, HEMICYCLE_LOGS__LEVEL="warning", **limits
    )


def handwritten(url: str) -> Server:
    """The endpoints that were written by hand, over the same database."""
    port = free_port()
    return Server("hand-written", [sys.executable, "-m", "benchmarks.handwritten", url, str(port)], port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_of(process: int) -> float:
    """Seconds of CPU of all its threads that live."""
    spent = 0
    for one in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # a thread that ended meanwhile
            spent += int(one.read_text("utf-8").split()[0])
    return spent / 1e9
