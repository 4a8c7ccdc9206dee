"""`python -m benchmarks`: the five workloads on both databases, at 1× and 100×, beside others that answer the same.

The others: the same written by hand on both, PostGraphile on PostgreSQL (where Node is new enough). Runs alternate over
servers and sizes, so that what else the machine does falls on all alike; the middle one of them counts. The table goes
to `benchmarks/RESULTS.md`.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from sqlalchemy import make_url

from benchmarks.data import SIZES, TOKEN, fill, prepare
from benchmarks.postgraphile import postgraphile
from benchmarks.report import Costs, report
from benchmarks.servers import Cost, Server, cpu_of, handwritten, hemicycle
from benchmarks.workloads import WORKLOADS, Workload, told, variables
from hemicycle import _postgres
from hemicycle.testing.databases import KINDS, Databases

RESULTS = Path(__file__).parent / "RESULTS.md"
ROUNDS, WARM = 5, 15


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="1,100", help="1, 10, 100; 100 takes some ten minutes to fill each database")
    asked.add_argument("--databases", default=",".join(KINDS))
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--use", action="append", default=[], metavar="SIZE=URL", help="a database that is filled")
    said = asked.parse_args()
    given = [(int(size), url) for size, _, url in (one.partition("=") for one in said.use)]
    used = {(make_url(url).get_backend_name(), size): url for size, url in given}
    costs: Costs = {}
    began = os.getloadavg()[0]
    sizes = [*map(int, said.sizes.split(","))]
    for kind in said.databases.split(","):
        with ExitStack() as held:
            urls = {size: held.enter_context(_filled(kind, size, used.get((kind, size), ""))) for size in sizes}
            costs |= _measure(kind, urls, said.rounds)
    text = report(costs, began)
    RESULTS.write_text(text, "utf-8")
    print(text)


@contextmanager
def _filled(kind: str, size: int, known: str) -> Iterator[str]:
    """The URL of a database with as much as this in it."""
    with ExitStack() as held:
        if not known:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
            server = held.enter_context(_postgres.server()) if kind == "postgresql" else None
            known = held.enter_context(Databases(kind, folder, server).bare())
            asyncio.run(fill(known, SIZES[size]))
        asyncio.run(prepare(known))
        yield known


@dataclass
class Entry:
    """A server over a database of one size, and what it has cost so far."""

    size: int
    url: str
    server: Server
    statements: dict[str, float]  # of each workload, where they are counted
    costs: list[Cost] = field(default_factory=list)

    def run(self, workload: Workload) -> None:
        given = variables(SIZES[self.size])
        self.costs.append(_run(self.server, workload, given, self.url, self.statements.get(workload.name, 0)))

    def middle(self) -> Cost:
        return sorted(self.costs, key=lambda one: one.cpu)[len(self.costs) // 2]


def _measure(kind: str, urls: dict[int, str], rounds: int) -> Costs:
    """urls: by size. Sizes take turns as servers do."""
    costs: Costs = {}
    with ExitStack() as held:
        every = [one for size, url in urls.items() for one in _entries(held, size, url)]
        for workload in WORKLOADS:
            entries = [one for one in every if one.server.answers(workload)]
            for size in urls:
                _compare([one.server for one in entries if one.size == size], workload, variables(SIZES[size]))
            for one in entries * rounds:
                one.run(workload)
            for one in entries:
                costs[kind, one.size, workload.name, one.server.name] = one.middle()
                print(
                    f"{kind} {one.size}x {workload.name} {one.server.name}: {one.middle()}", file=sys.stderr, flush=True
                )
                one.costs.clear()
    return costs


def _entries(held: ExitStack, size: int, url: str) -> list[Entry]:
    """Everyone who answers over this database; `held` stops them."""
    given, folder = variables(SIZES[size]), Path(held.enter_context(tempfile.TemporaryDirectory()))
    with hemicycle(url, folder, numbers=True) as ours, handwritten(url) as theirs:
        counted = {it.name: {one.name: _statements(it, one, given) for one in WORKLOADS} for it in (ours, theirs)}
    servers = [held.enter_context(one) for one in (hemicycle(url, folder), handwritten(url), *postgraphile(url))]
    return [Entry(size, url, one, counted.get(one.name, {})) for one in servers]


def _compare(servers: list[Server], workload: Workload, given: Any) -> None:
    """See that all answer the same; then warm them up."""
    answers = []
    for server in servers:
        server.fresh()
        answers.append(told(orjson.loads(server.ask(workload, given, TOKEN))))
        ends = time.monotonic() + server.warm
        while time.monotonic() < ends:
            server.ask(workload, given, TOKEN)
    if not workload.signed_in and any(one != answers[0] for one in answers):
        raise RuntimeError(f"{workload.name}: {', '.join(one.name for one in servers)} do not answer the same")


def _run(server: Server, workload: Workload, given: Any, url: str, statements: float) -> Cost:
    server.fresh()
    for _ in range(WARM):
        server.ask(workload, given, TOKEN)
    before, own = {one: cpu_of(one) for one in asyncio.run(_backends(url))}, server.cpu()
    for _ in range(workload.requests):
        answer = server.ask(workload, given, TOKEN)
    own = server.cpu() - own
    # One that another server's pool closed meanwhile has no time any more: it did nothing here.
    database = sum(max(0.0, cpu_of(one) - spent) for one, spent in before.items())
    each = 1000 / workload.requests
    return Cost(own * each, database * each, statements, len(answer))


def _statements(server: Server, workload: Workload, given: Any) -> float:
    """Of one request, once its document is known."""
    server.fresh()
    for _ in range(3):
        server.ask(workload, given, TOKEN)
    before = server.statements()
    for _ in range(4):
        server.ask(workload, given, TOKEN)
    return (server.statements() - before) / 4


async def _backends(url: str) -> list[int]:
    """The processes of PostgreSQL that serve this database; none on SQLite."""
    if url.startswith("sqlite"):
        return []
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
    try:
        rows = await connection.fetch("select pid from pg_stat_activity where datname = current_database() "
                                      "and pid <> pg_backend_pid()")  # fmt: skip
        return [one[0] for one in rows]
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
