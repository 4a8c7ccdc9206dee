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
        assert not differences, f"migrations make other tables than the models of {mine} say: {differences}"
