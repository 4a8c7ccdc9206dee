"""`python -m benchmarks`: the five workloads on both databases, at 1× and 100×, beside others that answer the same.

The same written by hand on both, PostGraphile on PostgreSQL (where Node is new enough).

Runs alternate, so that what else the machine does falls on all alike; the middle one of them counts. The table goes to
`benchmarks/RESULTS.md`.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        with hemicycle(url, folder, numbers=True) as counted, handwritten(url) as theirs:
            statements = {(one.name, it.name): _statements(it, one, given)
                          for one in WORKLOADS for it in (counted, theirs)}  # fmt: skip
        every = [held.enter_context(one) for one in (hemicycle(url, folder), handwritten(url), *postgraphile(url))]
        for workload in WORKLOADS:
            servers = [one for one in every if one.answers(workload)]
            _compare(servers, workload, given)
            runs: dict[str, list[Cost]] = {one.name: [] for one in servers}
            for _ in range(rounds):
                for server in servers:
                    counts = statements.get((workload.name, server.name), 0)
                    runs[server.name].append(_run(server, workload, given, url, counts))
            for name, taken in runs.items():
                middle = sorted(taken, key=lambda one: one.cpu)[len(taken) // 2]
                costs[kind, size, workload.name, name] = middle
                print(f"{kind} {size}x {workload.name} {name}: {middle}", file=sys.stderr, flush=True)
    return costs


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
