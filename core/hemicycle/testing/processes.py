"""An instance in processes of its own: started, asked over HTTP, killed, and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

STARTS_WITHIN = 60.0  # seconds, on a machine that is busy


class Instance:
    """`hemicycle serve` over a database, with its worker. Use it with `with`: it is stopped at the end."""

    def __init__(
        self, folder: Path, database_url: str, *, plugins: Sequence[str] = (), path: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """folder: where its settings and its log are. path: folders of plugins that are not installed."""
        self.folder, self.port = folder, _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        names = ", ".join(f'"{name}"' for name in plugins)
        text = f'name = "Test"\ninstance = "test"\nplugins = [{names}]\nerasure_journal = "erasures.jsonl"\n'
        (folder / "hemicycle.toml").write_text(text, "utf-8")
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "HEMICYCLE_CONFIG": str(folder / "hemicycle.toml"),
            "PYTHONPATH": os.pathsep.join([*(str(one) for one in path), os.environ.get("PYTHONPATH", "")]),
            **(environment or {}),
        }

    @property
    def url(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self.port}/graphql"

    def command(self, *words: str) -> str:
        """Run `hemicycle WORDS…`, and return what it prints; a failure raises with what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "hemicycle", *words], env=self.environment, cwd=self.folder, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"hemicycle {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> "Instance":
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hemicycle", "serve", "--port", str(self.port)], env=self.environment,
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        ends = time.monotonic() + STARTS_WITHIN
        with httpx2.Client(timeout=2) as client:  # one for all: to make one costs more than to ask
            while time.monotonic() < ends and self.process.poll() is None:
                try:
                    if client.get(f"http://127.0.0.1:{self.port}/ready").status_code == 200:
                        return self
                except httpx2.TransportError:
                    time.sleep(0.05)
        raise RuntimeError(f"it does not start: {(self.folder / 'log').read_text('utf-8')[-3000:]}")

    def kill(self) -> None:
        """kill -9, its worker included: nothing is given the time to tidy up."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        self._signal(signal.SIGTERM)

    async def ask(self, client: httpx2.AsyncClient, document: str, token: str = "", **variables: Any) -> Any:
        """The data that a document answers over HTTP; errors raise."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {"query": document, "variables": variables}
        response = await client.post(self.url, json=sent, headers=headers)
        answer = response.json()
        if answer.get("errors"):
            raise RuntimeError(answer["errors"])
        return answer["data"]

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(30)
        self.process = None

    def __enter__(self) -> "Instance":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
