"""Before a poll closes nobody reads what was cast, by no way: not those who prepared it, not the instance itself."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import func, select, text

from hemicycle.api import OpenData, decode_id, table_of
from hemicycle.kernel.db.migrations import owners_of, sync_registry
from hemicycle.kernel.db.types import metadata
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.export import export
from hemicycle.testing import World
from hemicycle_votes.polls.models import BallotRow, ResultRow, TrackerRow
from tests.plugins.votes.polls.polling import look, opened, options, people, step, vote

WHO = ("visitor", "participant", "author", "member", "moderator", "steward", "administrator")
FIELDS = """result { id ballots winners rounds ties data svg sentence quorumReached countedAt }
    ballots { totalCount nodes { id choice participant { id } } } trackers { totalCount nodes { tracker } }"""
SILENT = {"result": None, "ballots": {"totalCount": 0, "nodes": []}, "trackers": {"totalCount": 0, "nodes": []}}
SEARCH = "query($text: String!) { search(text: $text) { totalCount } }"
CANDIDATE = "Zyzzogeton"  # a word that no other row of the world has


@pytest.mark.parametrize("secrecy", ["OPEN", "CONFIDENTIAL"])
async def test_nothing_is_told_before_it_closes(world: World, secrecy: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "hemicycle")
    labels = [{"label": CANDIDATE}, {"label": "Bo"}]
    poll = await opened(world, secrecy=secrecy, options=labels, replaceable=False)
    ids = await options(world, poll)
    async with world.listen("activity", "administrator", "reason", space="Space:OPEN") as told:
        for at, person in enumerate(await people(world, 6)):
            assert await vote(world, poll, person, choices=[ids[CANDIDATE if at else "Bo"]]) == "OPEN"
        assert await vote(world, poll, "member", choices=[ids[CANDIDATE]]) == "OPEN"
        key = await _key(world, poll)
        for who in WHO:
            assert await look(world, poll, FIELDS, who) == SILENT
            for name, row in (("PollResult", key), ("Poll", key)):
                asked = "query($id: ID!) { node(id: $id) { __typename } }"
                node = (await world.ask(asked, who, id=encode_id(name, row)))["node"]
                assert node == (None if name == "PollResult" else {"__typename": "Poll"})
            mine = await world.ask("{ viewer { pollTurnout { nodes { poll { id result { winners } } } } } }", who)
            polls = [one["poll"] for one in (mine["viewer"] or {"pollTurnout": {"nodes": []}})["pollTurnout"]["nodes"]]
            assert [one["result"] for one in polls if one["id"] == poll] == [None] * (who == "member")
            found = await world.ask(SEARCH, who, text=CANDIDATE)
            assert found["search"]["totalCount"] == 0, "what was chosen is in no index"
        for who in ("steward", "administrator"):
            assert await step(world, "countPoll", poll, who) == "WRONG_STATE"
            assert await step(world, "publishPoll", poll, who) == "WRONG_STATE"
        again = await world.change("castBallot", "member", poll=poll, choices=[ids["Bo"]])
        assert again["code"] == "ALREADY_DONE"
        assert CANDIDATE not in again["message"]
        await world.change("hideContribution", "moderator", contribution=world.gid("Contribution:REPLY"), reason="x")
        await world.change(
            "restoreContribution", "administrator", contribution=world.gid("Contribution:REPLY"), reason="end"
        )
        assert (await anext(told))["reason"] == "end"  # nothing of the ballots was told before
    for kind in (BallotRow, TrackerRow, ResultRow):
        assert await _rows(world, kind, key) == 0
    for table in world.app.declared[OpenData].values():
        async with world.app.db.read() as connection:
            rows = (await connection.execute(table.query(), {"viewer": None})).all()
        assert str(key) not in str(rows)
    await know_what_is_personal(world)
    async with world.app.write() as session:
        mine = await export(session, world.ids["Participant:member"])
    assert CANDIDATE not in json.dumps(mine)
    assert "choice" not in json.dumps(mine)
    assert caplog.text.count(CANDIDATE) == 0
    assert await _where_it_stands(world, CANDIDATE) == {"votes_option", "votes_poll"}


async def test_own_ballot_of_a_confidential_poll_is_not_given_back(world: World) -> None:
    poll = await opened(world)
    for person in [*(await people(world, 5)), "member"]:
        await vote(world, poll, person, "Ana")
    await step(world, "closePoll", poll, reason="Enough.")
    await know_what_is_personal(world)
    async with world.app.write() as session:
        mine = await export(session, world.ids["Participant:member"])
    assert str(await _key(world, poll)) in {one["poll_id"] for one in mine["votes_voter"]}
    assert "votes_ballot" not in mine


async def test_who_is_erased_stays_counted(world: World) -> None:
    poll = await opened(world, secrecy="OPEN")
    await vote(world, poll, "member", "Ana")
    await know_what_is_personal(world)
    async with world.app.write() as session:
        await erase(session, world.ids["Participant:member"], content=True)
    assert (await look(world, poll, "turnout"))["turnout"] == 1
    assert await step(world, "closePoll", poll, reason="Enough.") == "CLOSED"
    await step(world, "countPoll", poll)
    await step(world, "publishPoll", poll)
    seen = await look(world, poll, "ballots { nodes { choice participant { id } } } trackers { totalCount }")
    assert seen == {"ballots": {"nodes": [{"choice": [[0]], "participant": None}]}, "trackers": {"totalCount": 1}}


async def know_what_is_personal(world: World) -> None:
    """What a migration does: keep in the database which columns are about people."""
    await asyncio.to_thread(sync_registry, world.app.db.url, owners_of(world.app.plugins))


async def _key(world: World, poll: str) -> Any:
    ref = decode_id(poll)
    assert ref is not None
    return ref.key


async def _rows(world: World, kind: type, poll: Any) -> int:
    table = table_of(kind)
    column = table.c.id if kind is ResultRow else table.c.poll_id
    async with world.app.db.read() as connection:
        found: int = (
            await connection.execute(select(func.count()).select_from(table).where(column == poll))
        ).scalar_one()
        return found


async def _where_it_stands(world: World, word: str) -> set[str]:
    """The tables of which a row holds the word."""
    found = set()
    async with world.app.db.read() as connection:
        for table in metadata.sorted_tables:
            try:
                rows = (await connection.execute(text(f"select * from {table.name}"))).all()
            except Exception:  # noqa: S112  (a table of a plugin that is not in this world)
                continue
            if word in str(rows):
                found.add(table.name)
    return found
