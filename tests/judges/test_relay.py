"""An outside judge: Relay's compiler, on an application that pages through every connection of the schema."""

from pathlib import Path

import pytest
from graphql import build_schema

from tests.judges.conftest import PUBLISHED, Node
from tests.judges.relay import application

pytestmark = pytest.mark.judge


def compiled(node: Node, sdl: str, folder: Path) -> tuple[int, int, str]:
    """(connections, files that the compiler wrote, what it said)."""
    folder.mkdir()
    (folder / "schema.graphql").write_text(sdl, "utf-8")
    made = application(build_schema(sdl), folder)
    compiler = node.folder / "node_modules" / "relay-compiler" / "cli.js"
    said = Node(folder).run(str(compiler), "--noWatchman", "relay.config.json")
    written = list(folder.rglob("*.graphql.js")) if said.returncode == 0 else []
    return made, len(written), said.stdout + said.stderr


def test_every_connection_pages_and_asks_anew(node: Node, tmp_path: Path) -> None:
    made, written, said = compiled(node, (PUBLISHED / "full.graphql").read_text("utf-8"), tmp_path / "full")
    assert made > 80
    assert written == 3 * made, said  # the fragment, its query, and the query that asks anew
    assert "ERROR" not in said


def test_it_sees_what_is_wrong(node: Node, tmp_path: Path) -> None:
    spoilt = (PUBLISHED / "full.graphql").read_text("utf-8").replace("  hasNextPage: Boolean!\n", "  more: Int\n")
    _, written, said = compiled(node, spoilt, tmp_path / "spoilt")
    assert written == 0
    assert "hasNextPage" in said
