"""Whoever listens hears what any process commits, in order, and learns when something may have been missed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

import pytest
from graphql import GraphQLError
from sqlalchemy import text

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.declarations import Event, Occurrence
from hemicycle.kernel.events import broadcast, feeds
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.operations import Operation, stream
from hemicycle.spaces.models import SpaceRow
from hemicycle.testing import World, open_world

OTHER_PROCESS = """
import asyncio, sys
from uuid import UUID
from hemicycle.app import build
from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.settings import Settings
from hemicycle.spaces.models import SpaceRow

async def main(url, key):
    app = build(Settings(database_url=url, plugins=[]))
    async with app.write() as session:
        session.record(SYSTEM, "space.changed", await session.get_one(SpaceRow, UUID(key)))
    await app.close()

asyncio.run(main(*sys.argv[1:]))
"""
LISTENING = "from pg_stat_activity where query like 'LISTEN%' and datname = current_database()"
ACTIVITY = "subscription($space: ID!) { activity(space: $space) { event } }"


async def ending(heard: AsyncIterator[Occurrence]) -> str:
    """The code with which a subscription ends; a further event fails the test."""
    with pytest.raises(GraphQLError) as ended:
        async with asyncio.timeout(10):
            await anext(heard)
    assert ended.value.extensions is not None
    return str(ended.value.extensions["code"])


async def test_what_is_committed_here_is_heard_in_order(happen: Any, listening: Any, take: Any) -> None:
    async with listening("visitor", "space.changed", "space.opened") as heard:
        await happen("space.archived")  # nobody listens to this one
        told = [*await happen("space.changed", times=60), *await happen("space.opened")]
        assert await take(heard, 61) == told


async def test_what_was_undone_is_not_heard(world: World, happen: Any, listening: Any, take: Any) -> None:
    async with listening("visitor", "space.changed") as heard:
        with suppress(ZeroDivisionError):
            async with world.app.write() as session:
                session.record(SYSTEM, "space.changed", await session.get_one(SpaceRow, world.ids["Space:OPEN"]))
                await world.app.broadcast.announce(session)
                raise ZeroDivisionError
        told = await happen("space.changed")
        assert await take(heard, 1) == told


async def test_what_another_application_commits_is_heard(
    world: World, database_url: str, happen: Any, listening: Any, take: Any
) -> None:
    async with open_world(database_url, samples=False) as other, listening("visitor", "space.changed") as heard:
        for _ in range(3):
            told = await happen("space.changed", app=other.app)
            assert await take(heard, 1) == told


async def test_what_another_process_commits_is_heard(
    world: World, database_url: str, listening: Any, take: Any
) -> None:
    async with listening("visitor", "space.changed") as heard:
        key = world.ids["Space:OPEN"]
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", OTHER_PROCESS, database_url, str(key))
        async with asyncio.timeout(60):
            (one,) = await take(heard, 1)
            assert await process.wait() == 0
        assert (one.event, one.subject_id) == ("space.changed", key)


async def test_many_events_of_one_transaction_all_come(world: World, happen: Any) -> None:
    """More than one notification of PostgreSQL holds."""
    count = 2 * feeds.IDS + 1
    with world.app.broadcast.bell() as bell:
        async with aclosing(feeds.feed(world.app, bell)) as news:  # type: ignore[type-var]
            assert await anext(news) == []
            told = await happen("space.changed", times=count)
            heard: list[Occurrence] = []
            while len(heard) < count:
                heard += await anext(news)
    assert heard == told


async def test_whoever_is_too_slow_is_told_so_and_nobody_else(happen: Any, listening: Any, take: Any) -> None:
    async with listening("visitor", "space.changed") as slow, listening("author", "space.changed") as quick:
        for _ in range(broadcast.MOST):
            told = await happen("space.changed")
            assert await take(quick, 1) == told
        last = await happen("space.changed")
        assert await take(quick, 1) == last
        assert await ending(slow) == "SLOW_CONSUMER"
        assert await ending(slow) == "SLOW_CONSUMER"


async def test_a_lost_connection_ends_what_is_heard_and_is_made_again(
    world: World, happen: Any, listening: Any, take: Any
) -> None:
    if world.app.db.dialect == "sqlite":  # the row that was told last is gone: nobody knows what came after it
        lose = "delete from core_journal where rowid = (select max(rowid) from core_journal)"
    else:
        lose = f"select pg_terminate_backend(pid) {LISTENING}"
    async with listening("visitor", "space.changed") as heard, listening("author", "space.opened") as other:
        async with world.app.db.read() as connection:
            await connection.execute(text(lose))
        assert [await ending(heard), await ending(other)] == ["STREAM_LOST", "STREAM_LOST"]
        async with listening("visitor", "space.changed") as again:  # while those who lost it are still there
            told = await happen("space.changed")
            assert await take(again, 1) == told


async def test_a_stream_that_cannot_be_reached_refuses_listeners(
    world: World, monkeypatch: pytest.MonkeyPatch, listening: Any
) -> None:
    def unreachable(*_: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(feeds, "feed", unreachable)
    monkeypatch.setattr(broadcast, "PATIENCE", 0.3)
    with pytest.raises(GraphQLError, match="subscribe again later"):
        async with listening("visitor", "space.changed"):
            pass


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
async def test_it_listens_where_it_is_told_to(world: World, database_url: str) -> None:
    """Poolers break LISTEN: there is a URL that goes past them. Nothing answers at this one."""
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    async with open_world(database_url, samples=False, listen_url=nowhere) as other:
        with other.app.broadcast.bell() as bell, pytest.raises(ConnectionRefusedError):
            await anext(feeds.feed(other.app, bell))


async def test_silence_is_looked_into(world: World, monkeypatch: pytest.MonkeyPatch, happen: Any) -> None:
    """Events come after a silence as before it."""
    monkeypatch.setattr(feeds, "QUIET", 0.05)
    with world.app.broadcast.bell() as bell:
        async with aclosing(feeds.feed(world.app, bell)) as news:  # type: ignore[type-var]
            await anext(news)
            coming = asyncio.ensure_future(anext(news))
            await asyncio.sleep(0.3)
            assert await happen("space.changed") == await coming


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_vacuum_in_between_changes_nothing(world: World, happen: Any, listening: Any, take: Any) -> None:
    async with listening("visitor", "space.changed") as heard:
        first = await happen("space.changed")
        assert await take(heard, 1) == first
        async with world.app.db.turn(), world.app.db.read() as connection:
            await connection.execute(text("delete from core_journal where rowid < 5"))
            await connection.execute(text("vacuum"))
        second = await happen("space.changed")
        assert await take(heard, 1) == second


async def test_what_ends_a_right_ends_what_it_had_opened(
    world: World, database_url: str, happen: Any, listening: Any, take: Any
) -> None:
    """In every process, whatever is listened to; and for nobody else."""
    assert broadcast.CLOSING.keys() <= world.app.declared[Event].keys()
    async with (
        open_world(database_url, samples=False) as other,
        listening("author", "space.changed") as another,
        listening("visitor", "space.changed") as anyone,
    ):
        for event in broadcast.CLOSING:
            async with (
                listening("moderator", "space.changed") as theirs,
                listening("moderator", "space.opened") as theirs_too,
            ):
                await happen(event, "Participant:moderator", app=other.app)
                told = await happen("space.changed", app=other.app)
                assert [await ending(theirs), await ending(theirs_too)] == ["SIGNED_OUT", "SIGNED_OUT"]
                assert await take(another, 1) == await take(anyone, 1) == told


async def test_what_someone_listens_to_can_be_ended(world: World, listening: Any) -> None:
    async with listening("author", "space.changed") as heard:
        world.app.broadcast.close_for(world.ids["Participant:ACTIVE"])
        assert await ending(heard) == "SIGNED_OUT"


async def test_nothing_listens_when_nobody_does(world: World, listening: Any) -> None:
    async def listeners() -> int:
        tasks = [one for one in asyncio.all_tasks() if "Broadcast._run" in str(one.get_coro())]
        if world.app.db.dialect == "sqlite":
            return len(tasks)
        async with world.app.db.read() as connection:
            question = (
                "select count(*) from pg_stat_activity where query like 'LISTEN%' and datname = current_database()"
            )
            found: int = (await connection.execute(text(question))).scalar_one()
        assert found == len(tasks)
        return found

    assert await listeners() == 0
    async with listening("visitor", "space.changed"):
        async with listening("author", "space.changed"):
            assert await listeners() == 1
        assert await listeners() == 1
    for _ in range(100):
        if not await listeners():
            break
        await asyncio.sleep(0.05)
    assert await listeners() == 0


async def test_closing_ends_what_is_heard(world: World, listening: Any) -> None:
    async with listening("visitor", "space.changed") as heard:
        await world.app.broadcast.close()
        assert await ending(heard) == "STREAM_LOST"


async def test_commits_ring(world: World, happen: Any) -> None:
    with world.app.broadcast.bell() as bell:
        assert not bell.is_set()
        await happen("space.changed")
        assert bell.is_set()
        bell.clear()
    await happen("space.changed")
    assert not bell.is_set()


async def test_a_subscription_hears_and_ends_with_its_code(world: World, happen: Any) -> None:
    context = Context(world.app, world.actor("moderator"))
    operation = Operation(ACTIVITY, {"space": world.gid("Space:OPEN")})
    async with aclosing(stream(operation, context)) as answers:  # type: ignore[type-var]
        first = asyncio.ensure_future(anext(answers))
        for _ in range(500):
            if not world.app.broadcast._listeners:
                await asyncio.sleep(0.01)
        await happen("space.changed")
        assert (await first).data == {"activity": {"event": "SPACE_CHANGED"}}
        await happen("role.revoked", "Participant:moderator")
        last = await anext(answers)
        assert (last.data, last.code) == (None, "SIGNED_OUT")
