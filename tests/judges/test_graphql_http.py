"""An outside judge: the 61 audits of GraphQL over HTTP (npm package graphql-http)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hemicycle.testing.processes import Instance

HERE = Path(__file__).parent
PACKAGES = ("graphql@16.15.0", "graphql-http@1.23.1")

pytestmark = pytest.mark.judge


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the judge's packages."""
    for tool in ("node", "npm"):
        assert shutil.which(tool), (
            f"the judges need {tool}: install Node 20 or newer (Debian: apt-get install nodejs npm)"
        )
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *PACKAGES], cwd=folder, check=True)
    return folder


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path, f"sqlite:///{tmp_path}/judged.db", plugins=["votes", "exchange"])
    made.command("db", "upgrade")
    return made


def test_every_audit_is_passed(node: Path, instance: Instance) -> None:
    shutil.copy(HERE / "graphql_http.mjs", node)
    with instance.start():
        said = subprocess.run(
            ["node", "graphql_http.mjs", instance.url],
            cwd=node,
            env=os.environ,
            capture_output=True,
            text=True,
            check=True,
        )
    audits = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(audits) == 61
    assert [one for one in audits if one["status"] != "ok"] == []
