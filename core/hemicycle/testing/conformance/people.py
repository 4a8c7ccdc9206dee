"""What is kept about people: declared, taken away by them, and erased."""

import asyncio
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import SQLModel

from hemicycle.kernel.db import migrations
from hemicycle.kernel.declarations import PersonalData
from hemicycle.kernel.privacy import erase, export, registry
from hemicycle.testing.conformance.kit import Kit
from hemicycle.testing.world import World


class People(Kit):
    """A column about a person is declared; they take it away, and can have it erased."""

    async def test_what_is_about_a_person_is_declared(self, shared: World) -> None:
        mine = {table.name for table in self.tables(shared)}
        missing = [one for one in registry.undeclared(shared.app) if one.partition(".")[0] in mine]
        assert not missing, f"declare_personal_data: say what erasing a person does to {', '.join(missing)}"

    async def test_there_is_a_sample_of_what_is_about_people(self, shared: World) -> None:
        """Otherwise the tests below would look at nothing."""
        for name in {one.table for one in self._declared(shared)}:
            async with shared.app.db.read() as connection:
                table = SQLModel.metadata.tables[name]
                number = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            assert number, f"declare_samples: {name} is about people, and no sample fills it"

    async def test_a_person_takes_everything_away(self, world: World) -> None:
        await self._register(world)
        taken: dict[UUID, dict[str, list[dict[str, object]]]] = {}
        for one in self._direct(world):
            for person, values in (await self._values(world, one)).items():
                if person not in taken:
                    async with world.app.write() as session:
                        taken[person] = await export.export(session, person)
                had = sum(one.column in row for row in taken[person].get(one.table, []))
                told = f"the export has {had} values of {one.name}, of {len(values)}"
                assert had == len(values) or not one.export, told

    async def test_an_erased_person_leaves_only_what_is_kept(self, world: World) -> None:
        await self._register(world)
        people = {person for one in self._direct(world) for person in await self._values(world, one)}
        for person in people:
            async with world.app.write() as session:
                await erase.erase(session, person, content=True)
        for one in self._direct(world):
            left = [value for values in (await self._values(world, one)).values() for value in values]
            told = f"{one.name} of erased people is {left}, and should be {one.erase}"
            assert one.erase == "KEEP" or all(value in (None, "") for value in left), told

    async def _register(self, world: World) -> None:
        owners = migrations.owners_of(world.app.plugins)
        await asyncio.to_thread(migrations.sync_registry, world.app.db.url, owners)

    def _declared(self, world: World) -> list[PersonalData]:
        declared = world.app.declared
        return [one for one in declared[PersonalData].values() if declared.owner_of(one) == self.plugin]

    def _direct(self, world: World) -> list[PersonalData]:
        """Those whose own table says whose they are."""
        return [one for one in self._declared(world) if one.through is None]

    async def _values(self, world: World, one: PersonalData) -> dict[UUID, list[object]]:
        """What a column holds, by person."""
        table, found = SQLModel.metadata.tables[one.table], dict[UUID, list[object]]()
        rows = select(table.c[one.owner], table.c[one.column]).where(table.c[one.owner].is_not(None))
        async with world.app.db.read() as connection:
            for person, value in await connection.execute(rows):
                found.setdefault(person, []).append(value)
        return found
