"""`hemicycle demo`: the example instance, loaded into a database of its own, and served."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from hemicycle.app import build
from hemicycle.cli import example, example_plugins
from hemicycle.cli.serve import listen
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.settings import Settings, load
from hemicycle.running import answer, console, opened, run

DATABASE = "sqlite:///hemicycle-demo.db"
QUESTION = """{
  instance { name version plugins { name } }
  space(slug: "%s") {
    title participantCount structureCount
    contributions(scope: SUBTREE) { totalCount }
  }
  spaces { totalCount }
  contributions { totalCount }
  territories: spaces(filter: { kinds: [TERRITORY] }) { totalCount }
}"""


def demo(
    port: Annotated[int, typer.Option(help="The port.", min=0, max=65535)] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or stop when it is loaded.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Load the example of Centre-Val de Loire, say what was loaded, and serve it."""
    folder = example.folder()
    settings = load(
        folder / "hemicycle.toml", database_url=DATABASE, erasure_journal=Path("hemicycle-demo-erasures.jsonl")
    )
    known = build(settings)
    upgrade(known.db.url, owners_of(known.plugins))
    said = run(_load(settings, folder))
    answer(said, as_json)
    if serve:
        console.print(f"The explorer is at http://127.0.0.1:{port}/", highlight=False)
        listen(settings, "127.0.0.1", port)


async def _load(settings: Settings, folder: Path) -> dict[str, Any]:
    async with opened(settings, root=False) as app:
        loaded = await example.load_into(app, folder)
        added = await example_plugins.load_into(app, folder)
        result = await app.execute(QUESTION % example.ROOT)
        if result.errors or result.data is None:
            raise RuntimeError(result.errors)
        await asyncio.sleep(0)
        data = result.data
        said = {
            "loaded": loaded or bool(added),
            "instance": data["instance"]["name"],
            "version": data["instance"]["version"],
            "plugins": [one["name"] for one in data["instance"]["plugins"]],
            "space": data["space"]["title"],
            "spaces": data["spaces"]["totalCount"],
            "contributions": data["space"]["contributions"]["totalCount"],
            "contributions_with_replies": data["contributions"]["totalCount"],
            "participants": data["space"]["participantCount"],
            "structures": data["space"]["structureCount"],
            "database": settings.database_url.partition("@")[2] or settings.database_url,
        }
        return said | await example_plugins.told(app, folder, taken=said)
