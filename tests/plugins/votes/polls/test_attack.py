"""An attack on secrecy: the whole database, copied again and again while people vote, replace and close.

The attacker also knows who called the API in which order (the access log). What they lack is the key of the poll. They
line people up in every order that the copies betray, and ballots too, and try whether one matches the other.
"""

import hashlib
import itertools
import json
import random
import re
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from hemicycle.api import decode_id
from hemicycle.testing import World
from hemicycle_votes.polls import casting, closing, rules
from tests.plugins.votes.polls.copies import Copy, copied
from tests.plugins.votes.polls.polling import opened, options, people

VOTERS = 1000
OPTIONS = [{"label": f"Option {number}"} for number in range(100)]
REPLACED = 150
AT_ONCE, EVERY = 10, 100  # votes in one transaction, and between two copies
CHANCE = 1 / len(OPTIONS)
# Chance is 1 %; 1 % more is allowed, and what luck alone does to 1,000 tries (three standard deviations).
MOST = CHANCE + 0.01 + 3 * (CHANCE / VOTERS) ** 0.5


async def test_nobody_links_a_ballot_to_a_person(world: World, tmp_path: Path) -> None:
    poll_id = await opened(world, options=OPTIONS)
    ref = decode_id(poll_id)
    assert ref is not None
    chance = random.Random(5)
    voters = await people(world, VOTERS)
    truth = {voter.id: at % len(OPTIONS) for at, voter in enumerate(voters) if voter.id}  # each option as often
    log: list[UUID] = []  # the access log: who, in their order
    async with world.app.write() as session:
        ids = [one.id for one in await rules.options_of(session, ref.key)]
    turns = chance.sample(voters, VOTERS)
    turns += (again := chance.sample(turns, REPLACED))
    copies = [await copied(world, tmp_path, ref.key)]
    for at in range(0, len(turns), AT_ONCE):
        async with world.app.write() as session:
            for voter in turns[at : at + AT_ONCE]:
                assert voter.id is not None
                first = voter in again and voter.id not in log
                place = chance.randrange(len(OPTIONS)) if first else truth[voter.id]
                await casting.cast(session, voter, poll=ref.key, choices=[ids[place]])
                log.append(voter.id)
        if at % EVERY == 0:
            copies.append(await copied(world, tmp_path, ref.key))
    copies.append(await copied(world, tmp_path, ref.key))
    async with world.app.write() as session:
        await closing.close_poll(session, world.actor("steward"), poll=ref.key, reason="Enough.")
    last, end = copies[-1], await copied(world, tmp_path, ref.key)

    for copy in copies:
        assert copy.ballots == copies[0].ballots, "a ballot can be read before closing"
    sizes = {len(row["sealed"]) for copy in copies for row in copy.tables["votes_envelope"]}
    assert len(sizes) == 1, "lengths tell ballots apart"
    assert [len(end.tables[f"votes_{name}"]) for name in ("ballot", "voter", "tracker", "envelope")] == [VOTERS] * 3 + [
        0
    ]
    lines, boxes = people_in_order(log, last, end), ballots_in_order(end)
    for (whose, line), (which, box) in itertools.product(lines.items(), boxes.items()):
        assert len(line) == len(box) == VOTERS
        for name, guessed in (("", box), (", backwards", box[::-1])):
            right = sum(truth[one] == place for one, place in zip(line, guessed, strict=True))
            assert right / VOTERS <= MOST, f"people {whose} against ballots {which}{name}: {right}"
    right = sum(truth[one] == place for one, place in beside(end, log).items())
    assert right / VOTERS <= MOST, f"who lies beside a ballot: {right}"


def people_in_order(log: list[UUID], last: Copy, end: Copy) -> dict[str, list[UUID]]:
    """Everyone who voted, in each order that betrays something. last: the copy before closing; end: after it."""
    whose = {one["id"]: uuid(one["participant_id"]) for one in last.tables["votes_voter"]}
    by_receipt = {one["tracker"]: uuid(one["participant_id"]) for one in end.tables["votes_voter"]}
    lines = {
        "by their first call": list(dict.fromkeys(log)),
        "by their last call": list(dict.fromkeys(reversed(log))),
        "as their envelopes lay": [whose[one["voter_id"]] for one in last.tables["votes_envelope"]],
        "as they lie": [uuid(one["participant_id"]) for one in end.tables["votes_voter"]],
        "as their receipts lie": [by_receipt[one["tracker"]] for one in end.tables["votes_tracker"]],
    }
    for table, column in (("votes_voter", "id"), ("votes_voter", "tracker"), ("votes_voter", "participant_id")):
        rows = sorted(end.tables[table], key=lambda one: str(one[column]))
        lines[f"by {column}"] = [uuid(one["participant_id"]) for one in rows]
    sealed = sorted(last.tables["votes_envelope"], key=lambda one: bytes(one["sealed"]))
    lines["by what their envelopes look like"] = [whose[one["voter_id"]] for one in sealed]
    return lines


def ballots_in_order(end: Copy) -> dict[str, list[int]]:
    """The options of all ballots, in each order that they have."""
    box = end.tables["votes_ballot"]
    orders = {"as they lie": box, "by id": sorted(box, key=lambda one: str(one["id"]))}
    if "xmin" in box[0]:
        orders["by their transaction"] = sorted(box, key=lambda one: (int(one["xmin"]), int(one["cmin"])))
    return {name: [option(one["choice"]) for one in rows] for name, rows in orders.items()}


def beside(end: Copy, log: list[UUID]) -> dict[UUID, int]:
    """For each person, the ballot whose bytes lie nearest after theirs, wherever their id stands last."""
    found = {}
    for one in dict.fromkeys(log):
        forms = (one.hex.encode(), str(one).encode())
        at = max(end.bytes_.rfind(form) for form in forms)
        next_ = re.compile(rb"\[\[(\d{1,2})\]\]").search(end.bytes_, max(at, 0))
        found[one] = int(next_[1]) if next_ else 0
    return found


def option(choice: Any) -> int:
    """The place that a ballot names, in the words of either database."""
    return int((json.loads(choice) if isinstance(choice, str) else choice)[0][0])


def uuid(value: Any) -> UUID:
    """A key, in the words of either database."""
    return value if isinstance(value, UUID) else UUID(str(value))


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
