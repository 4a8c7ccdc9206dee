"""What the judges need: npm packages at pinned versions, and the demonstration, served, with a token for each role."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from hemicycle import _postgres
from hemicycle.api import SYSTEM
from hemicycle.app import build
from hemicycle.kernel.settings import BUNDLED, load
from hemicycle.participants.identity import rules, sessions
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces import roles
from hemicycle.spaces.rules import ensure_root
from hemicycle.testing.databases import KINDS
from hemicycle.testing.processes import Instance

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[1] / "schema"
ROLES = ("visitor", "participant", "moderator", "administrator")
# What judges ask in a minute, no client does.
UNHURRIED = {
    "HEMICYCLE_LIMITS__REQUESTS_PER_MINUTE": "1000000",
    "HEMICYCLE_LIMITS__MUTATIONS_PER_MINUTE": "1000000",
}

# One database is enough for what judges the protocol; `served` and `demonstration` are of both otherwise.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Node:
    """A folder with the judges' packages, and with their scripts beside them."""

    folder: Path

    def run(self, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run `node WORDS…` there; whether it failed is for the caller to see."""
        environment = {**os.environ, **variables}
        return subprocess.run(
            ["node", *words], cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=240
        )


@dataclass(frozen=True)
class Judged:
    """A demonstration that is being served. tokens: by role; a visitor has none."""

    instance: Instance
    tokens: dict[str, str]

    @property
    def url(self) -> str:
        """The address of its API."""
        return self.instance.url


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The packages of package.json, and our scripts. There is no lock: it would hold the addresses of a registry."""
    for tool in ("node", "npm"):
        assert shutil.which(tool), f"judges need {tool}: install Node 20 or newer (Debian: apt-get install nodejs npm)"
    folder = tmp_path_factory.mktemp("node")
    for file in [HERE / "package.json", *HERE.rglob("*.mjs")]:
        shutil.copy(file, folder)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return Node(folder)


@pytest.fixture(scope="session", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database: of both kinds, unless a test says `on_sqlite`."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('judged')}/judged.db"
        return
    server = request.getfixturevalue("postgres_server")
    yield _postgres.create_database(server, "judged")
    _postgres.drop_database(server, "judged")


@pytest_asyncio.fixture(scope="session")
async def demonstration(database: str, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """The demonstration with every bundled plugin, loaded once on each database; nobody serves it yet."""
    folder = tmp_path_factory.mktemp("instance")
    instance = Instance(folder, database, plugins=BUNDLED, environment=UNHURRIED)
    instance.command("demo", "--no-serve")
    app = build(load(folder / "hemicycle.toml", database_url=database))
    root = await ensure_root(app)
    tokens = {"visitor": ""}
    async with app.write() as session:
        for role in ROLES[1:]:
            person = await rules.invite(session, f"{role}@judges.example")
            (await session.get_one(ParticipantRow, person)).state = "ACTIVE"  # as if they had signed in
            if role != "participant":
                await roles.grant(session, SYSTEM, space=root, participant=person, role=role)
            tokens[role], _ = await sessions.begin(session, person, "BEARER")
    await app.close()
    return Judged(instance, tokens)


@pytest.fixture
def served(demonstration: Judged) -> Iterator[Judged]:
    """The demonstration while it is being served."""
    with demonstration.instance.start():
        yield demonstration


def words_for(type_name: str) -> set[str]:
    """What an argument that takes the id of such a thing may be called: `panelMember`, `member`, `members`…"""
    parts = re.findall("[A-Z][a-z]*", type_name)
    names = {"".join(parts[at:]) for at in range(len(parts))}
    singular = {f"{one[0].lower()}{one[1:]}" for one in names}
    return singular | {f"{one}s" for one in singular}
