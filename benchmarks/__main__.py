"""Time the five workloads on SQLite and PostgreSQL, and say what each costs."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import event

from benchmarks.data import fill
from hemicycle import _postgres
from hemicycle.app import build
from hemicycle.kernel.access.actor import ANYONE, Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.settings import Settings
from hemicycle.testing.databases import Databases

SIZES = {"1x": (3000, 30, 5000, 50_000)}
TIMES = 40

WORKLOADS = {
    "Q1 a space page": """query($slug: String!) { space(slug: $slug) { title contributions(first: 20) { nodes {
        title excerpt author { displayName } replyCount } } } }""",
    "Q2 a thread": """query($slug: String!) { space(slug: $slug) { contributions(first: 20) { nodes { id title
        replies(first: 10) { nodes { id body { markdown } publishedAt author { id displayName } } } } } } }""",
    "Q3 a flat page": """{ contributions(first: 100, filter: { replies: false }) { nodes { id kind title excerpt state
        channel language publishedAt version author { displayName } } } }""",
    "Q4 one node": "query($id: ID!) { node(id: $id) { id ... on Contribution { title state publishedAt } } }",
    "M1 contribute": """mutation($input: ContributeInput!) { contribute(input: $input) {
        __typename ... on Contribution { id } } }""",
}


@contextmanager
def counting(app: Application) -> Iterator[list[str]]:
    seen: list[str] = []
    engines = [app.db.reading.sync_engine, app.db.writing.sync_engine]

    def note(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def measure(url: str, label: str) -> None:
    app = build(Settings(database_url=url, plugins=[]))
    for size, numbers in SIZES.items():
        ids = await fill(app, *numbers)
        variables = {
            "slug": "place-0",
            "id": encode_id("Contribution", ids["contribution"]),
            "input": {"space": encode_id("Space", ids["space"]), "title": "One more", "text": "A few words."},
        }
        for name, document in WORKLOADS.items():
            used = {key: value for key, value in variables.items() if f"${key}" in document}
            actor = Actor(ids["person"]) if name.startswith("M") else ANYONE

            async def once(document: str = document, used: Any = used, actor: Actor = actor) -> bytes:
                result = await app.schema.execute(document, used, context_value=Context(app, actor))
                assert result.errors is None, result.errors
                return orjson.dumps(result.data)

            with counting(app) as statements:
                answer = await once()
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(TIMES):
                await once()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            print(f"| {label} {size} | {name} | {1000 * cpu / TIMES:.1f} | {1000 * wall / TIMES:.1f} "
                  f"| {len(statements)} | {len(answer)} |", flush=True)  # fmt: skip
    await app.close()


def main() -> None:
    print("| database | workload | CPU ms of this process | wall ms | statements | bytes |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, _postgres.server() as server:
        for kind in ("sqlite", "postgresql"):
            with Databases(kind, Path(folder), server).fresh() as url:
                asyncio.run(measure(url, kind))


main()
