"""Fixtures of the suite: the ones that plugin authors get, and clean environments to install wheels in."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from hemicycle.testing.fixtures import *  # noqa: F403

ROOT = Path(__file__).parents[1]
Build = Callable[[Path], Path]


class Environment:
    """A virtual environment with wheels of ours; what they depend on is that of the running one."""

    def __init__(self, folder: Path, wheels: list[Path]) -> None:
        self.folder = folder
        venv.create(folder, with_pip=False)
        self.pip("install", "--no-deps", "--no-index", *map(str, wheels))
        (site,) = folder.glob("lib/python*/site-packages")
        # Only the folder: what is installed there as editable, as hemicycle itself, stays unknown.
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))

    def pip(self, *arguments: str) -> None:
        """Run pip for this environment. It goes to no index."""
        command = [sys.executable, "-m", "pip", "--python", str(self.folder / "bin" / "python"), "--quiet", *arguments]
        subprocess.run(command, check=True)

    def run(self, *arguments: str, folder: Path, code: int = 0, **variables: str) -> str:
        """Run its Python in a folder; what it says. It must end with this code."""
        command = [str(self.folder / "bin" / "python"), *arguments]
        given = {"cwd": folder, "env": {**os.environ, **variables}, "timeout": 300}
        done = subprocess.run(command, capture_output=True, text=True, check=False, **given)
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said


@pytest.fixture(scope="session")
def build_wheel(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the wheel of the project in a folder; returns its path."""

    def build(project: Path) -> Path:
        folder = tmp_path_factory.mktemp("wheel")
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        subprocess.run(command, cwd=project, check=True, capture_output=True)
        (wheel,) = folder.glob("*.whl")
        return wheel

    return build


@pytest.fixture(scope="session")
def hemicycle_wheel(build_wheel: Build) -> Path:
    """Our own wheel."""
    return build_wheel(ROOT)


@pytest.fixture
def environment(tmp_path: Path, hemicycle_wheel: Path) -> Callable[..., Environment]:
    """Makes an environment of our wheel and others."""
    return lambda *wheels: Environment(tmp_path / "environment", [hemicycle_wheel, *wheels])
