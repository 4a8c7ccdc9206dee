"""The module's tables: what its migrations make is what its models say."""

import asyncio
from typing import Any

from hemicycle.kernel.db import migrations
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World


class Tables(Kit):
    """Migrations go up, down, and up again."""

    async def test_its_migrations_go_up_and_down_and_up(self, shared: World, databases: Databases) -> None:
        owners = migrations.owners_of(shared.app.plugins)
        mine = self.plugin if self.is_plugin(shared) else "core"

        def go(url: str) -> list[Any]:
            migrations.upgrade(url, owners)
            first = migrations.compare(url, owners, mine)
            if mine != "core":
                migrations.downgrade(url, owners, mine, "base")
                migrations.upgrade(url, owners)
            return first + migrations.compare(url, owners, mine)

        with databases.bare() as url:
            differences = await asyncio.to_thread(go, url)
        found = "\n".join(map(told, differences))
        remedy = f"write what is missing (`hemicycle db revision {mine} MESSAGE`), or correct the models"
        assert not differences, f"{mine}: its migrations make other tables than its models say: {remedy}:\n{found}"


def told(difference: Any) -> str:
    """What Alembic found, in words: `missing in the database: column hello_note.words`."""
    if isinstance(difference, list):  # several things of one column
        return "\n".join(told(one) for one in difference)
    verb, *of = difference
    kind = verb.partition("_")[2].replace("_", " ")
    if verb.startswith("modify"):
        _, table, column, _, made, said = of
        return f"{kind} of {table}.{column}: {made!r} in the database, {said!r} in the models"
    where = "missing in the database" if verb.startswith("add") else "not in the models"
    thing = of[-1]
    table = getattr(thing, "table", None)
    name = str(getattr(thing, "name", None) or [one.name for one in getattr(thing, "columns", ())])
    return f"{where}: {kind} {name if table is None else f'{table.name}.{name}'}"
