"""A vote rush over HTTP, with kill -9 in the middle: every ballot that was acknowledged is there, and only once."""

import asyncio
import os
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from hemicycle.api import SYSTEM, Actor, encode_id, grant_role, new_participant, table_of
from hemicycle.app import build
from hemicycle.kernel.settings import Settings
from hemicycle.participants.identity import tokens
from hemicycle.spaces import rules as spaces
from hemicycle.testing.databases import Databases
from hemicycle.testing.processes import Instance
from hemicycle_votes.polls import rules
from hemicycle_votes.polls.models import BallotRow, EnvelopeRow, VoterRow

CLIENTS = 50
BUSY = "BUSY"  # the code of an error that a client may try again after
OF_THE_SUITE = 200
OF_THE_ISSUE = 1000 if os.environ.get("SOAK") == "short" else 5000
CAST = """mutation($input: CastBallotInput!, $key: String!) { castBallot(input: $input, idempotencyKey: $key) {
    __typename ... on Poll { receipt } ... on Refusal { code message } } }"""
CLOSE = """mutation($poll: ID!) { closePoll(input: {poll: $poll, reason: "Enough."}) {
    __typename ... on Refusal { code message } } }"""


@dataclass
class Rush:
    """The poll, its options, the voters' tokens, and their receipts as far as the server has acknowledged."""

    poll: str = ""
    steward: str = ""
    options: list[str] = field(default_factory=list)
    waiting: asyncio.Queue[tuple[int, str]] = field(default_factory=asyncio.Queue)
    receipts: dict[int, str] = field(default_factory=dict)


def application(folder: Path, url: str) -> Any:
    journal = folder / "erasures.jsonl"
    return build(Settings(database_url=url, instance="test", plugins=["votes"], erasure_journal=journal))


async def prepare(folder: Path, url: str, people: int) -> Rush:
    """An open poll with three options, and people with a token each."""
    app, rush = application(folder, url), Rush()
    root = await spaces.ensure_root(app)
    async with app.write() as session:
        place = await spaces.create(session, SYSTEM, parent=root, slug="here", title="Here")
        place.state = "OPEN"
        rows = [new_participant(session, f"Person {number}") for number in range(people + 1)]
        await session.flush()
        await grant_role(session, SYSTEM, space=root, participant=rows[-1].id, role="steward")
        for number, row in enumerate(rows):
            secret = (await tokens.create_token(session, Actor(row.id), label="rush", scopes=["write"])).secret
            if number < people:
                rush.waiting.put_nowait((number, secret))
            else:
                rush.steward = secret
        poll = await rules.create(
            session, SYSTEM, space=place.id, question="Which?", method="PLURALITY", replaceable=False,
            options=[{"label": one} for one in ("Ana", "Bo", "Cy")], closes_at=session.now + timedelta(days=1),
        )  # fmt: skip
        await rules.open_poll(session, SYSTEM, poll=poll.id)
        rush.poll = encode_id("Poll", poll.id)
        rush.options = [encode_id("PollOption", one.id) for one in await rules.options_of(session, poll.id)]
    await app.close()
    return rush


async def vote(instance: Instance, rush: Rush, trusted: ssl.SSLContext) -> None:
    """One client: it votes for one person after another. Who got no answer asks again, with the same key."""
    async with httpx2.AsyncClient(timeout=60, verify=trusted) as client:
        while not rush.waiting.empty():
            number, token = rush.waiting.get_nowait()
            said = {"poll": rush.poll, "choices": [rush.options[number % 3]]}
            while number not in rush.receipts:
                try:
                    told = (await instance.ask(client, CAST, token, input=said, key=f"ballot-{number}"))["castBallot"]
                except (httpx2.TransportError, ValueError):
                    await asyncio.sleep(0.1)
                    continue
                except RuntimeError as error:  # it answers that it is too busy, and that one may ask again
                    if BUSY not in str(error):
                        raise
                    await asyncio.sleep(0.5)
                    continue
                assert told["__typename"] == "Poll", told
                rush.receipts[number] = told["receipt"]


async def rush_and_kill(databases: Databases, folder: Path, people: int) -> None:
    with databases.bare() as url, Instance(folder, url, plugins=["votes"]) as instance:
        instance.command("db", "upgrade")
        rush = await prepare(folder, url, people)
        instance.start()
        trusted = httpx2.create_ssl_context()  # one for all: to make it costs more than to vote
        clients = [asyncio.create_task(vote(instance, rush, trusted)) for _ in range(CLIENTS)]
        while len(rush.receipts) < people // 2:
            await asyncio.sleep(0.01)
            for one in clients:
                if one.done():
                    one.result()  # what went wrong, if something did
        instance.kill()
        await asyncio.to_thread(instance.start)
        await asyncio.gather(*clients)
        assert len(set(rush.receipts.values())) == people
        assert await counted(folder, url) == {"voters": people, "envelopes": people, "ballots": 0}
        async with httpx2.AsyncClient(timeout=60) as client:
            asked = "query($id: ID!) { poll(id: $id) { turnout } }"
            assert (await instance.ask(client, asked, id=rush.poll))["poll"]["turnout"] == people
            told = (await instance.ask(client, CLOSE, rush.steward, poll=rush.poll))["closePoll"]
            assert told["__typename"] == "Poll", told
        assert await counted(folder, url) == {"voters": people, "envelopes": 0, "ballots": people}
        assert await chosen(folder, url) == [len(range(place, people, 3)) for place in range(3)]


async def counted(folder: Path, url: str) -> dict[str, int]:
    """How many rows there are."""
    app, found = application(folder, url), {}
    async with app.db.read() as connection:
        for name, kind in (("voters", VoterRow), ("envelopes", EnvelopeRow), ("ballots", BallotRow)):
            found[name] = (await connection.execute(select(func.count()).select_from(table_of(kind)))).scalar_one()
    await app.close()
    return found


async def chosen(folder: Path, url: str) -> list[int]:
    """How many ballots each option has."""
    app = application(folder, url)
    async with app.db.read() as connection:
        box = [choice[0][0] for choice in (await connection.execute(select(table_of(BallotRow).c.choice))).scalars()]
    await app.close()
    return [box.count(place) for place in range(3)]


async def test_a_rush_loses_no_ballot_and_doubles_none(databases: Databases, tmp_path: Path) -> None:
    await rush_and_kill(databases, tmp_path, OF_THE_SUITE)


@pytest.mark.soak
async def test_a_rush_of_thousands(databases: Databases, tmp_path: Path) -> None:
    await rush_and_kill(databases, tmp_path, OF_THE_ISSUE)
