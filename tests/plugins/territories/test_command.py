"""`hemicycle territories load`, as a person or a program calls it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hemicycle.api import StartupError
from hemicycle_territories.commands import app

OWN = """
vintage: 2026
source: A document.
territories:
  - {kind: LIVING_AREA, code: bourges, name: Bourges, partial: true, communes: ['18033']}
spaces:
  root: {kind: LIVING_AREA, code: bourges}
"""


Load = Callable[..., Result]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance that nothing was loaded into."""
    folder = tmp_path_factory.mktemp("instance")
    (folder / "hemicycle.toml").write_text('plugins = ["territories"]\n')
    command = [sys.executable, "-c", "from hemicycle.cli import main; main()", "db", "upgrade"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=120)
    return folder


@pytest.fixture
def load(made: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Load:
    """`hemicycle territories load …` in an instance of its own."""
    monkeypatch.chdir(shutil.copytree(made, tmp_path_factory.mktemp("copy"), dirs_exist_ok=True))
    return lambda *arguments: CliRunner().invoke(app, ["load", *arguments])


def test_official_files_and_then_an_instances_own_are_loaded(load: Load, folder: Path) -> None:
    told = [json.loads(load(str(folder), "--vintage", "2026", "--json").stdout) for _ in range(2)]
    assert [(one["vintage"], one["created"], one["unchanged"]) for one in told] == [(2026, 7, 0), (2026, 0, 7)]
    assert told[0]["unknown_communes"] == ["58059"]
    assert told[0]["lost"]["communes.json: population"] == 1
    Path("own.yaml").write_text(OWN)
    done = load("own.yaml")
    assert done.stdout == ""
    assert "vintage 2026: 1 new, 0 changed, 0 as before, 0 ended" in done.stderr
    assert "1 spaces have their territory" in done.stderr


def test_what_is_wrong_is_told_and_nothing_is_loaded(load: Load, folder: Path) -> None:
    (folder / "epci.json").write_text('[{"code": "200000001", "nom": "CC Across", "membres": ["1"]}]')
    refused = load(str(folder)).exception
    assert isinstance(refused, StartupError)
    assert "epci.json, entry 1: '1' is no code of a commune" in str(refused)
    (folder / "epci.json").unlink()
    told = json.loads(load(str(folder), "--vintage", "2026", "--json").stdout)
    assert told["created"] == 6  # none of them was there


def test_a_space_that_is_not_there_undoes_the_load(load: Load) -> None:
    Path("own.yaml").write_text(OWN.replace("root:", "nowhere:"))
    refused = load("own.yaml").exception
    assert isinstance(refused, StartupError)
    assert "There is no space nowhere: create it first" in str(refused)
    Path("own.yaml").write_text(OWN)
    assert json.loads(load("own.yaml", "--json").stdout)["created"] == 1
