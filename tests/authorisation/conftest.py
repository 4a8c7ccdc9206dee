"""One world for all the tests of the matrix: what they change in it is tried, and never kept."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from hemicycle.contributions.models import VersionRow
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle.participants.rules import new_participant
from hemicycle.spaces.models import RoleRow, SpaceRow
from hemicycle.spaces.roles import grant
from hemicycle.testing.databases import KINDS, Databases, learn_tables
from hemicycle.testing.world import World, open_world
from hemicycle_outcomes.dispositions.models import DispositionRow
from tests.authorisation.matrix import LADDER, Matrix, read_pages

PLUGINS = ["votes", "panels", "youtube", "territories", "outcomes", "webhooks"]


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    """What people decided."""
    return read_pages()


@pytest.fixture(scope="session", params=KINDS)
def shared_url(
    request: pytest.FixtureRequest, made_databases: dict[str, Databases], databases_folder: Path
) -> Iterator[str]:
    """A database for all these tests, of each kind."""
    kind: str = request.param
    if kind not in made_databases:
        server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
        made_databases[kind] = Databases(kind, databases_folder, server)
    learn_tables(PLUGINS)
    with made_databases[kind].fresh() as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def shared(shared_url: str, matrix: Matrix) -> AsyncIterator[World]:
    """The world that these tests look at."""
    async with open_world(shared_url, PLUGINS) as world:
        await tell_something(world)
        await name_rows(world)
        await fill_offices(world, matrix)
        yield world


async def tell_something(world: World) -> None:
    """One activity of each sort, under the names that the matrix has for them."""
    system, ids = world.actor("system"), world.ids
    told = {
        "public": ("space.changed", "Space:OPEN"),
        "private": ("space.created", "Space:OPEN"),
        "in a draft": ("space.changed", "Space:DRAFT"),
        "among members": ("space.changed", "Space:MEMBERS"),
    }
    async with world.app.write() as session:
        for name, (event, space) in told.items():
            session.record(system, event, await session.get_one(SpaceRow, ids[space]))
            ids[f"Activity:{name}"] = session.recorded[-1].id
        space = ids["Space:OPEN"]
        nowhere = JournalRow(at=session.now, event="space.changed", subject_type="Space", subject_id=space)
        session.add(nowhere)
        ids["Activity:nowhere"] = nowhere.id


async def name_rows(world: World) -> None:
    """Names for the rows that come with the samples: their versions, the roles of people."""
    states = {key: name.partition(":")[2] for name, key in world.ids.items() if name.startswith("Contribution:")}
    async with world.app.db.read() as connection:
        for version in await connection.execute(select(table_of(VersionRow))):
            world.ids[f"ContributionVersion:{states[version.contribution_id]}"] = version.id
        for role in await connection.execute(select(table_of(RoleRow))):
            world.ids[f"Grant:{role.role}"] = role.id
        names = {key: name.partition(":")[2] for name, key in world.ids.items() if name.startswith("Proposal:")}
        for one in await connection.execute(select(table_of(DispositionRow)).where(col(DispositionRow.in_force))):
            if one.id not in world.ids.values():
                world.ids[f"Disposition:of {names[one.proposal_id]}"] = one.id


async def fill_offices(world: World, matrix: Matrix) -> None:
    """Someone for each office that a page names, appointed in the root space."""
    offices = {who for ladder in matrix.ladders.values() for who in ladder} - set(LADDER)
    async with world.app.write() as session:
        for office in sorted(offices):
            person = new_participant(session, f"Someone who is {office}")
            await session.flush()
            await grant(session, world.actor("system"), space=world.ids["Space"], participant=person.id, role=office)
            world.ids[f"Participant:{office}"] = person.id
