"""What is kept about who supports what: given to them, deleted with them, told to nobody. Counts stay."""

import asyncio

from sqlalchemy import literal, select

from hemicycle.api import ContributionRow, Figure, OpenData, table_of
from hemicycle.kernel.db import migrations
from hemicycle.kernel.events.models import JournalRow
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.export import export
from hemicycle.testing import World
from hemicycle_votes.models import SupportRow
from tests.plugins.votes.conftest import Count

TARGET = "Contribution:PUBLISHED"


async def registered(world: World) -> None:
    await asyncio.to_thread(migrations.sync_registry, world.app.db.url, migrations.owners_of(world.app.plugins))


async def test_the_journal_does_not_say_who_supports_what(world: World) -> None:
    await world.change("support", "participant", target=world.gid(TARGET))
    await world.change("withdrawSupport", "participant", target=world.gid(TARGET))
    journal = table_of(JournalRow)
    async with world.app.db.read() as connection:
        told = (await connection.execute(select(journal).where(journal.c.subject_type == "SupportTally"))).all()
    assert {one.event for one in told} == {"votes.supported", "votes.withdrawn"}
    assert {one.actor_id for one in told} == {None}
    assert {one.public for one in told} == {False}


async def test_a_threshold_is_told_in_public(world: World) -> None:
    async with world.app.write() as session:
        row = await session.get_one(ContributionRow, world.ids[TARGET])
        session.record(world.actor("visitor"), "votes.threshold_reached", row, reason="10")
    question = """query($id: ID!) { node(id: $id) { ... on Space {
        activity(filter: { events: [VOTES_THRESHOLD_REACHED] }) {
            nodes { sentence(locale: EN) subject { id } } } } } }"""
    found = (await world.ask(question, id=world.gid("Space:OPEN")))["node"]["activity"]["nodes"]
    assert found == [{"sentence": "10 people gave their support.", "subject": {"id": world.gid(TARGET)}}]


async def test_a_person_takes_their_supports_away(world: World) -> None:
    await registered(world)
    async with world.app.write() as session:
        mine = (await export(session, world.ids["Participant:member"]))["votes_support"]
    assert mine == [
        {"type": "Contribution", "object_id": str(world.ids[TARGET]), "public": True, "at": "2026-03-02T00:00:00+00:00"}
    ]


async def test_whoever_is_erased_supports_nothing_and_stays_counted(world: World, count: Count) -> None:
    await registered(world)
    async with world.app.write() as session:
        await erase(session, world.ids["Participant:member"], content=False)
    assert await count(SupportRow, participant_id=world.ids["Participant:member"]) == 0
    found = await world.ask(
        "query($id: ID!) { contribution(id: $id) { supportCount supports { totalCount } } }", id=world.gid(TARGET)
    )
    assert found["contribution"] == {"supportCount": 2, "supports": {"totalCount": 0}}


async def test_counts_are_open_data_where_the_space_is(world: World) -> None:
    await world.change("support", "member", target=world.gid("Contribution:MEMBERS"))
    table = world.app.declared[OpenData]["supports"]
    async with world.app.db.read() as connection:
        rows = (await connection.execute(table.query(), {"viewer": None})).mappings().all()
    assert [dict(row) for row in rows] == [{"type": "Contribution", "object_id": world.ids[TARGET], "supports": 2}]
    assert set(table.columns) == set(rows[0])


async def test_how_often_people_supported_something_is_a_figure(world: World) -> None:
    """What is supported among members is in no public figure."""
    await world.change("support", "member", target=world.gid("Contribution:MEMBERS"))
    figure = world.app.declared[Figure]["supports"]
    async with world.app.db.read() as connection:
        for space, number in (("Space", 2), ("Space:OPEN", 2), ("Space:CLOSED", 0)):
            query = figure.query(literal(world.ids[space]))
            assert (await connection.execute(query, {"viewer": None})).scalar_one() == number
