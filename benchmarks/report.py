"""The table of results, in Markdown."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.servers import Cost
from benchmarks.workloads import WORKLOADS
from hemicycle import __version__

Costs = dict[tuple[str, int, str, str], Cost]
"""By database, size, workload and server."""

HEAD = """# What the API costs

Written by `python -m benchmarks` (`make bench`). CPU milliseconds of one request: of the server, and of PostgreSQL's
processes (SQLite runs inside the server), the middle of alternating runs; SQL: how many statements. *By hand*: the same
reads, writes and predicates, in SQL on the driver (`handwritten.py`). **Read the ratios**: the machine is shared, and
all else depends on it.
"""
COLUMNS = """
| database | size | workload | server | PostgreSQL | SQL | bytes | by hand: server | PostgreSQL | SQL | ratio |
|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"""
PEER = """
## Beside PostGraphile 5

On PostgreSQL, in the same alternating runs, after 8 seconds of warming up. Ratio: what ours costs as a multiple of it.

| size | workload | hemicycle: server | PostgreSQL | PostGraphile: server | PostgreSQL | bytes | ratio |
|---|---|--:|--:|--:|--:|--:|--:|"""
NO_PEER = "\nPostGraphile 5 was not part of this run: it needs PostgreSQL, npm, and Node 22 or newer."
GROWTH = """
## Whether the cost grows with the data

Cost at {most}× as a multiple of that at {least}×: 1 is flat.

| database | workload | hemicycle | its PostgreSQL alone | by hand | PostGraphile |
|---|---|--:|--:|--:|--:|"""
FOOT = """
## What is measured

- 1×: 3,000 participants, 30 spaces, 5,000 contributions, 50,000 answers (one in a hundred below one contribution, which
  is on the page of Q1 and Q2), 200,000 supports. 100×: a hundred times as many of all but the spaces, which therefore
  hold a hundred times more each, and 2,000,000 supports (pages read counters). Every answer is younger than every
  contribution. The words are not in the index of search: M1 writes into an empty one.
- One client asks one request after the other over one connection. The answers of the two are compared.
- The server is `hemicycle serve --no-worker`, with the plugin votes; PostgreSQL does not wait for its disk.
- From 1× to 100× the plans of Q1 and Q2 stay the same on PostgreSQL, and so does the number of rows that they read;
  indexes are one level deeper. Each row of Q1 is looked up in five of them: 335 pages of memory become 441.
- PostGraphile (`postgraphile/`) reads views of the same tables. They hold what a visitor may read: the states of
  contributions and of participants, and what a space inherits. What roles, authorship and structures open to those who
  are signed in is not in them, nor limits, costs and accounts of requests. It does not answer M1.
"""


def report(costs: Costs, load: float) -> str:
    """The whole page. load: of the machine, before."""
    now = datetime.now(UTC)
    machine = (
        f"hemicycle {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores; {now:%Y-%m-%d}; load {load:.1f} before, {os.getloadavg()[0]:.1f} after."
    )
    sizes = sorted({size for _, size, _, _ in costs})
    lines = [HEAD, machine, COLUMNS, *_rows(costs)]
    peer = [*_beside(costs)]
    lines += [PEER, *peer] if peer else [NO_PEER]
    if len(sizes) > 1:
        lines += [GROWTH.format(least=sizes[0], most=sizes[-1]), *_growth(costs, sizes[0], sizes[-1])]
    return "\n".join([*lines, FOOT])


def _rows(costs: Costs) -> Iterator[str]:
    for kind, size, name in dict.fromkeys(key[:3] for key in costs):
        ours, theirs = costs[kind, size, name, "hemicycle"], costs[kind, size, name, "hand-written"]
        yield (
            f"| {kind} | {size}× | {name} | {ours.server:.2f} | {ours.database:.2f} | {ours.statements:g} "
            f"| {ours.bytes:,} | {theirs.server:.2f} | {theirs.database:.2f} | {theirs.statements:g} "
            f"| **{ours.cpu / theirs.cpu:.1f}** |"
        )


def _beside(costs: Costs) -> Iterator[str]:
    for (kind, size, name, server), theirs in costs.items():
        if server == "PostGraphile":
            ours = costs[kind, size, name, "hemicycle"]
            yield (
                f"| {size}× | {name} | {ours.server:.2f} | {ours.database:.2f} | {theirs.server:.2f} "
                f"| {theirs.database:.2f} | {theirs.bytes:,} | **{ours.cpu / theirs.cpu:.1f}** |"
            )


def _growth(costs: Costs, least: int, most: int) -> Iterator[str]:
    for kind in dict.fromkeys(key[0] for key in costs):
        for one in WORKLOADS:
            small, large = (costs[kind, size, one.name, "hemicycle"] for size in (least, most))
            alone = f"{large.database / small.database:.2f}" if small.database else ""
            grown = []
            for name in ("hemicycle", "hand-written", "PostGraphile"):
                pair = [costs.get((kind, size, one.name, name)) for size in (least, most)]
                grown.append(f"{pair[1].cpu / pair[0].cpu:.2f}" if pair[0] and pair[1] else "")
            yield f"| {kind} | {one.name} | {grown[0]} | {alone} | {grown[1]} | {grown[2]} |"
