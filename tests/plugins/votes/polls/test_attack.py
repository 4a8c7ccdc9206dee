"""An attack on secrecy: the whole database, copied again and again while people vote, replace and close.

The attacker also knows, to the millisecond, who called the API when (the access log), and has every draft of every
table. What they lack is the key of the poll. They try everything that could link a ballot to a person.
"""

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from hemicycle.api import decode_id, table_of
from hemicycle.testing import World
from hemicycle_votes.polls import casting, closing, rules
from hemicycle_votes.polls.models import BallotRow, EnvelopeRow, TrackerRow, VoterRow
from tests.plugins.votes.polls.polling import opened, options, people

VOTERS = 1000
OPTIONS = [{"label": f"Option {number}"} for number in range(100)]
REPLACED = 150
CHANCE = 1 / len(OPTIONS)


async def test_nobody_links_a_ballot_to_a_person(world: World) -> None:
    poll_id = await opened(world, options=OPTIONS)
    ref = decode_id(poll_id)
    assert ref is not None
    poll, chance = ref.key, random.Random(5)
    voters = await people(world, VOTERS)
    places = {voter.id: at % len(OPTIONS) for at, voter in enumerate(voters)}  # each option as often
    order = list(voters)
    chance.shuffle(order)
    log: list[UUID] = []  # the access log: who, in their order
    backups: list[dict[UUID, bytes]] = []
    async with world.app.write() as session:
        ids = [one.id for one in await rules.options_of(session, poll)]
    again = chance.sample(order, REPLACED)
    turns = [*order, *again]
    for first in range(0, len(turns), 50):
        async with world.app.write() as session:
            for voter in turns[first : first + 50]:
                replaced = voter.id in log
                place = places[voter.id] if replaced or voter not in again else chance.randrange(len(OPTIONS))
                await casting.cast(session, voter, poll=poll, choices=[ids[place]])
                log.append(voter.id)
        backups.append(await envelopes_of(world, poll))
    sizes = [len(sealed) for backup in backups for sealed in backup.values()]
    async with world.app.write() as session:
        await closing.close_poll(session, world.actor("steward"), poll=poll, reason="Enough.")
    box, turnout, trackers = await rows(world, poll)
    assert len(box) == len(turnout) == len(trackers) == VOTERS
    assert len(set(sizes)) == 1, "lengths tell ballots apart"
    assert await envelopes_of(world, poll) == {}
    who = [one.participant_id for one in turnout]
    by_id = [row.choice[0][0] for row in sorted(box, key=lambda row: row.id.hex)]
    as_stored = [row.choice[0][0] for row in box]
    by_tracker = {row.tracker: at for at, row in enumerate(trackers)}
    first_time = list(dict.fromkeys(log))
    last_time = list(reversed(dict.fromkeys(reversed(log))))
    guesses: dict[str, Callable[[int, UUID], int]] = {
        "as rows lie, against the rows of voters": lambda at, _: as_stored[at],
        "as rows lie, against the access log": lambda _, one: as_stored[first_time.index(one)],
        "as rows lie, against the last calls": lambda _, one: as_stored[last_time.index(one)],
        "by ids, against the access log": lambda _, one: by_id[first_time.index(one)],
        "by ids, against the ids of voters": lambda _, one: by_id[sorted(who, key=str).index(one)],
        "by the place of the receipt": lambda at, _: as_stored[by_tracker[turnout[at].tracker]],
        "by what the envelope looks like": lambda _, one: backups[-1][one][-1] % len(OPTIONS),
        "always the same": lambda _, __: 0,
    }
    for name, guess in guesses.items():
        right = sum(guess(at, one) == places[one] for at, one in enumerate(who))
        # Chance is 1 %; 1 % more is allowed, and what luck alone does to 1,000 tries (three standard deviations).
        assert right / VOTERS <= CHANCE + 0.01 + 3 * (CHANCE / VOTERS) ** 0.5, (name, right)
    assert set(who) == places.keys()


async def envelopes_of(world: World, poll: UUID) -> dict[UUID, bytes]:
    """One backup: the envelopes, by whose they are."""
    sealed, voter = table_of(EnvelopeRow).c, table_of(VoterRow).c
    its = select(voter.participant_id, sealed.sealed).where(sealed.poll_id == poll, voter.id == sealed.voter_id)
    async with world.app.db.read() as connection:
        return {row[0]: bytes(row[1]) for row in await connection.execute(its)}


async def rows(world: World, poll: UUID) -> tuple[list[Any], list[Any], list[Any]]:
    """The box, those who voted and the receipts, as they lie in the files."""
    lying = text("rowid") if world.app.db.dialect == "sqlite" else text("ctid")
    found = []
    async with world.app.db.read() as connection:
        for kind in (BallotRow, VoterRow, TrackerRow):
            table = table_of(kind)
            its = select(table).where(table.c.poll_id == poll).order_by(lying)
            found.append(list(await connection.execute(its)))
    return found[0], found[1], found[2]


async def test_no_table_joins_a_ballot_to_a_person(world: World) -> None:
    """The keys, digests, journal and jobs of a vote hold nothing that depends on what was voted."""
    poll = await opened(world, options=[{"label": "Ana"}, {"label": "Bo"}])
    person, other = await people(world, 2)
    ids = await options(world, poll)
    for who, label in ((person, "Ana"), (other, "Bo")):
        async with world.app.write() as session:
            before = await digests(session)
        await world.change_with_key("castBallot", who, "k", poll=poll, choices=[ids[label]])
        async with world.app.write() as session:
            [digest] = await digests(session) - before
        for guessed in ids.values():
            assert digest != unkeyed("cast_ballot", {"poll": poll, "choices": [guessed]})


async def digests(session: Any) -> set[str]:
    """What the idempotency keys keep of inputs."""
    return set((await session.execute(text("select digest from core_idempotency"))).scalars())


def unkeyed(name: str, raw: Any) -> str:
    """What anyone could compute who guesses the input."""
    return hashlib.sha256(json.dumps([name, raw], sort_keys=True).encode()).hexdigest()
