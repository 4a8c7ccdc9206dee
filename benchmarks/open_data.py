"""What an export of open data costs while others ask: `python -m benchmarks.open_data [--contributions 250000]`.

The export runs as its own process, as an operator starts it; beside it one client reads and writes in this process.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from uuid import UUID

from benchmarks.data import Size, fill
from hemicycle import _postgres
from hemicycle.api import ANYONE, Actor, Application, Context
from hemicycle.app import build
from hemicycle.kernel.settings import Settings
from hemicycle.testing.databases import KINDS, Databases

FIRST = Actor(UUID(int=1))
COMMAND = "from hemicycle.cli import main; main()"
PAGE = "{ contributions(first: 20) { nodes { title excerpt author { displayName } replyCount } } }"
SAY = """mutation($space: ID!) { contribute(input: { space: $space, title: "Beside an export", text: "It is said." }) {
    ... on Contribution { id } } }"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--contributions", type=int, default=250_000)
    asked.add_argument("--databases", default=",".join(KINDS))
    said = asked.parse_args()
    size = Size(said.contributions // 5, 30, said.contributions // 5, said.contributions - said.contributions // 5, 0)
    for kind in said.databases.split(","):
        with ExitStack() as held:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
            server = held.enter_context(_postgres.server()) if kind == "postgresql" else None
            url = held.enter_context(Databases(kind, folder, server).bare())
            asyncio.run(fill(url, size))
            print(asyncio.run(_measure(kind, url, folder)), flush=True)


async def _measure(kind: str, url: str, folder: Path) -> str:
    (folder / "hemicycle.toml").write_text(f'plugins = ["votes", "exchange"]\ndatabase_url = "{url}"\n')
    app = build(Settings(database_url=url, plugins=["votes", "exchange"]))
    alone = [await _ask(app, at) for at in range(40)]
    began = time.perf_counter()
    export = await asyncio.create_subprocess_exec(
        sys.executable, "-c", COMMAND, "export", "open-data", "out", "--json", cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    ended, beside, peak = asyncio.create_task(export.wait()), list[float](), 0.0
    while not ended.done():
        peak = max(peak, _most(export.pid))
        beside.append(await _ask(app, len(beside)))
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - began
    await app.close()
    if ended.result():
        raise RuntimeError("the export failed")
    lines = sum(1 for _ in (folder / "out" / "contributions.jsonl").open("rb"))
    return (
        f"{kind}: {lines} contributions in {seconds:.1f} s, peak {peak:.0f} MB; requests beside it: {len(beside)}, "
        f"median {median(beside) * 1000:.1f} ms (alone {median(alone) * 1000:.1f}), slowest {max(beside) * 1000:.0f} ms"
    )


def _most(process: int) -> float:
    """The most memory that a process has had, in MB. (What `resource` says of children counts their parent's.)"""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:  # it has ended
        return 0.0
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024 if "VmHWM:" in status else 0.0


async def _ask(app: Application, at: int) -> float:
    """Read a page, or every fifth time say something: how long it took, in seconds."""
    began = time.perf_counter()
    if at % 5:
        result = await app.schema.execute(PAGE, context_value=Context(app, ANYONE))
    else:
        result = await app.schema.execute(SAY, {"space": await _space(app)}, context_value=Context(app, FIRST))
    if result.errors:
        raise RuntimeError(result.errors)
    return time.perf_counter() - began


async def _space(app: Application) -> str:
    found = await app.schema.execute('{ space(slug: "place-0") { id } }', context_value=Context(app, ANYONE))
    assert found.data is not None
    return str(found.data["space"]["id"])


if __name__ == "__main__":
    main()
