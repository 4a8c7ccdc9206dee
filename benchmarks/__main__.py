"""`python -m benchmarks`: the five workloads on both databases, at 1× and 100×, beside the same written by hand.

Runs alternate, so that what else the machine does falls on all alike; the middle one of them counts. The table goes to
`benchmarks/RESULTS.md`.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from sqlalchemy import make_url

from benchmarks.data import SIZES, TOKEN, fill, prepare
from benchmarks.report import Costs, report
from benchmarks.servers import Cost, Server, cpu_of, handwritten, hemicycle
from benchmarks.workloads import WORKLOADS, Workload, variables
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
    for kind in said.databases.split(","):
        for size in map(int, said.sizes.split(",")):
            with _filled(kind, size, used.get((kind, size), "")) as url:
                costs |= _measure(kind, size, url, said.rounds)
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


def _measure(kind: str, size: int, url: str, rounds: int) -> Costs:
    costs: Costs = {}
    given = variables(SIZES[size])
    with tempfile.TemporaryDirectory() as folder, hemicycle(url, Path(folder)) as ours, handwritten(url) as theirs:
        with hemicycle(url, Path(folder), numbers=True) as counted:
            statements = {(one.name, counted.name): _statements(counted, one, given) for one in WORKLOADS}
        statements |= {(one.name, theirs.name): _statements(theirs, one, given) for one in WORKLOADS}
        for workload in WORKLOADS:
            for one in (ours, theirs):
                one.fresh()
            answers = [orjson.loads(one.ask(workload, given, TOKEN)) for one in (ours, theirs)]
            if not workload.signed_in and answers[0] != answers[1]:
                raise RuntimeError(f"{workload.name}: the two do not answer the same")
            runs: dict[str, list[Cost]] = {ours.name: [], theirs.name: []}
            for _ in range(rounds):
                for server in (ours, theirs):
                    counts = statements[workload.name, server.name]
                    runs[server.name].append(_run(server, workload, given, url, counts))
            for name, every in runs.items():
                middle = sorted(every, key=lambda one: one.cpu)[len(every) // 2]
                costs[kind, size, workload.name, name] = middle
                print(f"{kind} {size}x {workload.name} {name}: {middle}", file=sys.stderr, flush=True)
    return costs


def _run(server: Server, workload: Workload, given: Any, url: str, statements: float) -> Cost:
    server.fresh()
    for _ in range(WARM):
        server.ask(workload, given, TOKEN)
    backends = asyncio.run(_backends(url))
    database, own = sum(map(cpu_of, backends)), server.cpu()
    for _ in range(workload.requests):
        answer = server.ask(workload, given, TOKEN)
    own, database = server.cpu() - own, sum(map(cpu_of, backends)) - database
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
