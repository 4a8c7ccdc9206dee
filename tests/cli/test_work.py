"""`hemicycle work` does what is due, once or until it is told to stop."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "hemicycle")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of an instance without plugins, whose database has no tables yet."""
    file = tmp_path / "hemicycle.toml"
    file.write_text("plugins = []\ndatabase_url = 'sqlite:///instance.db'\n")
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return known | {"HEMICYCLE_CONFIG": str(file)}


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    done = subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_it_works(environment: dict[str, str]) -> None:
    code, told = run(environment, "work", "--once")
    assert (code, "run `hemicycle db upgrade`" in told) == (1, True)
    assert run(environment, "db", "upgrade")[0] == 0
    code, told = run(environment, "work", "--once", "--retry")
    assert (code, told.splitlines()[0]) == (0, "0 jobs are tried again.")
    assert told.splitlines()[1].endswith("jobs were run.")
    with subprocess.Popen([*COMMAND, "work"], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "Ctrl-C" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
