"""Digests: everyone whose words something came of is written to, in batches, and nobody twice, whatever happens."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from hemicycle.api import (
    Actor,
    FollowRow,
    Message,
    ParticipantRow,
    contribute,
    decode_id,
    encode_id,
    new_participant,
)
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.jobs.run import run_due
from hemicycle.participants.identity.models import IdentityRow
from hemicycle.testing import World
from hemicycle_outcomes.digests import rules, sending
from hemicycle_outcomes.digests.models import DigestRow, LetterRow
from tests.plugins.outcomes.conftest import Debate

PEOPLE = 12


async def people(world: World, number: int = PEOPLE, **identity: Any) -> list[Actor]:
    """People who agreed to be written to."""
    async with world.app.write() as session:
        rows = [new_participant(session, f"Person {n}") for n in range(number)]
        await session.flush()
        for row in rows:
            known = {"email": f"{row.id.hex}@example.org", "locale": "en", "consent_contact": True} | identity
            session.add(IdentityRow(participant_id=row.id, created_at=session.now, **known))
        return [Actor(row.id) for row in rows]


async def say(world: World, who: list[Actor], space: str = "Space:OPEN") -> list[str]:
    """The global ids of what each of them says."""
    async with world.app.write() as session:
        rows = [
            await contribute(session, one, space=world.ids[space], title="Lamps", text="More lamps.") for one in who
        ]
        return [encode_id("Contribution", row.id) for row in rows]


async def proposed(debate: Debate, said: list[str], title: str = "Light the lane") -> str:
    """A proposal that is made of all of this, and decided: that is the news."""
    sources = [{"contribution": one, "role": "MERGED"} for one in said]
    key = await debate.make(sources=sources, title=title)
    await debate.decide(key)
    return key


def sent(world: World) -> Counter[str]:
    """How many digests each address got."""
    return Counter(one.to for one in world.letters.sent if one.to.endswith("@example.org") and "Since" in one.text)


async def make(world: World) -> None:
    """The next digest, planned and given to jobs, none of which has run."""
    world.clock.forward(days=7)
    await rules.make(world.app, "")
    async with world.app.db.read() as connection:
        newest = select(col(DigestRow.id)).order_by(col(DigestRow.until).desc()).limit(1)
        key = (await connection.execute(newest)).scalar_one()
    await rules.plan(world.app, key.hex)


async def batches(world: World) -> list[str]:
    """The arguments of the jobs that wait."""
    async with world.app.db.read() as connection:
        waiting = select(col(JobRow.argument)).where(col(JobRow.name) == "outcomes.send_digest")
        return list((await connection.execute(waiting.order_by(col(JobRow.argument)))).scalars())


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of five."""
    monkeypatch.setattr(rules, "BATCH", 5)


async def test_whoever_said_something_learns_what_became_of_it(debate: Debate) -> None:
    world = debate.world
    (one,) = await people(world, 1)
    (french,) = await people(world, 1, locale="fr")
    await proposed(debate, await say(world, [one, french]))
    world.clock.forward(days=7)
    await run_due(world.app)
    first, second = sorted((one for one in world.letters.sent if "Light the lane" in one.text), key=lambda it: it.text)
    assert "The destination of a proposal is decided: It states a principle." in second.text
    assert "L’orientation d’une proposition est décidée : It states a principle." in first.text
    assert "/identity/unsubscribe?key=" in first.text
    assert first.unsubscribe
    before = len(world.letters.sent)
    world.clock.forward(days=7)
    await run_due(world.app)
    assert len(world.letters.sent) == before  # no news, no letter


async def test_only_who_agreed_and_who_may_read_it_is_written_to(debate: Debate) -> None:
    world = debate.world
    silent = (await people(world, 1, consent_contact=False))[0]
    follower, stranger, gone, elsewhere = await people(world, 4)
    key = await proposed(debate, await say(world, [silent, gone]))
    steward = await debate.appoint("analyst", "reviewer", "decision_maker", "steward")
    source = {"contribution": world.gid("Contribution:MEMBERS"), "role": "MERGED"}
    given = {"space": world.gid("Space:MEMBERS"), "sources": [source], "title": "Closed", "statement": "Words."}
    closed = (await debate.change("makeProposal", steward, **given))["id"]
    await debate.change("follow", follower, target=key)
    async with world.app.write() as session:  # followed while it could be read
        ref = decode_id(closed)
        assert ref is not None
        session.add(FollowRow(participant_id=elsewhere.id, type="Proposal", object_id=ref.key))
        person = await session.get_one(ParticipantRow, gone.id)
        person.state = "SUSPENDED"
    await make(world)
    await run_due(world.app)
    assert sent(world) == {f"{follower.id.hex}@example.org": 1}  # type: ignore[union-attr]
    assert stranger not in sent(world)


async def test_who_follows_a_commitment_or_a_contribution_is_written_to(debate: Debate) -> None:
    world = debate.world
    one, other = await people(world, 2)
    said = await debate.say()
    key = await proposed(debate, [said])
    await debate.change("follow", one, target=said)
    await debate.change("follow", other, target=world.gid("Commitment:STARTED"))
    await debate.change("deliverCommitment", "Participant:member", commitment=world.gid("Commitment:STARTED"))
    assert key
    await make(world)
    await run_due(world.app)
    assert sent(world) == {f"{one.id.hex}@example.org": 1, f"{other.id.hex}@example.org": 1}


async def test_a_batch_is_one_job(debate: Debate) -> None:
    world = debate.world
    who = await people(world)
    await proposed(debate, await say(world, who))
    await make(world)
    assert [one.partition(":")[2] for one in await batches(world)] == ["1", "2", "3"]
    asked = "digests(first: 1) { nodes { letters waiting plannedAt } }"
    found = await debate.read(world.gid("Space"), asked, "steward")
    (digest,) = found["digests"]["nodes"]
    assert (digest["letters"], digest["waiting"]) == (PEOPLE, PEOPLE)
    assert digest["plannedAt"]
    await run_due(world.app)
    assert sent(world) == {f"{one.id.hex}@example.org": 1 for one in who}


class Killed(BaseException):
    """What no rule catches."""


class Dying:
    """A mailer whose process dies at the n-th letter: before it leaves, or right after."""

    def __init__(self, box: Any, at: int, *, after: bool) -> None:
        self.box, self.left, self.after = box, at, after

    async def send(self, message: Message) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        await self.box.send(message)
        if self.left == 0:
            raise Killed


@pytest.mark.parametrize("after", [True, False])
async def test_a_worker_that_dies_writes_to_nobody_twice(debate: Debate, after: bool) -> None:
    """Nothing that a process does when it ends has run: what is written is what a kill leaves."""
    world = debate.world
    who = await people(world)
    await proposed(debate, await say(world, who))
    await make(world)
    jobs, box = await batches(world), world.letters
    world.app.mailer = Dying(box, 8, after=after)
    await sending.send(world.app, jobs[0])
    with pytest.raises(Killed):
        await sending.send(world.app, jobs[1])
    world.app.mailer = box
    await asyncio.gather(*(sending.send(world.app, one) for one in jobs * 3))  # others take over, all at once
    expected = PEOPLE if after else PEOPLE - 1
    assert sum(sent(world).values()) == len(sent(world)) == expected
    (doubt,) = [one async for one in sending.tell_doubts(world.app)]
    assert doubt.message.startswith("1 letters")


async def test_after_a_restore_no_letter_of_then_is_written_again(debate: Debate) -> None:
    world = debate.world
    who = await people(world)
    await proposed(debate, await say(world, who))
    await make(world)
    assert await rules.settle(world.app) == {"letters of digests not written": PEOPLE}
    await run_due(world.app)
    assert sum(sent(world).values()) == 0
    assert [one async for one in sending.tell_doubts(world.app)] == []
    await proposed(debate, await say(world, who[:1]), "Light the square")
    await make(world)
    await run_due(world.app)
    assert sent(world) == {f"{who[0].id.hex}@example.org": 1}  # type: ignore[union-attr]


async def test_planning_that_stops_goes_on_where_it_was_left(debate: Debate) -> None:
    world = debate.world
    who = await people(world)
    await proposed(debate, await say(world, who))
    world.clock.forward(days=7)
    await rules.make(world.app, "")
    await rules.make(world.app, "")  # it is not made twice
    async with world.app.db.read() as connection:
        key = (await connection.execute(select(col(DigestRow.id)).where(col(DigestRow.letters) == 0))).scalar_one()
    assert await rules.plan_batch(world.app, key)
    await asyncio.gather(*(rules.plan(world.app, key.hex) for _ in range(5)))
    async with world.app.db.read() as connection:
        letters = select(func.count(), func.count(col(LetterRow.participant_id).distinct()))
        assert (await connection.execute(letters.where(col(LetterRow.digest_id) == key))).one() == (PEOPLE, PEOPLE)
    assert len(await batches(world)) == 3
    assert not await rules.plan_batch(world.app, key)


class Refusing:
    """A mail server that refuses one address, or everything."""

    def __init__(self, box: Any, refused: str) -> None:
        self.box, self.refused = box, refused

    async def send(self, message: Message) -> None:
        if self.refused in message.to:
            raise OSError("refused")
        await self.box.send(message)


async def test_an_address_that_is_refused_holds_up_nobody(debate: Debate) -> None:
    world, (bad, *others) = debate.world, await people(debate.world, 5)
    await proposed(debate, await say(world, [bad, *others]))
    await make(world)
    (job,), box = await batches(world), world.letters
    assert bad.id is not None
    world.app.mailer = Refusing(box, bad.id.hex)
    with pytest.raises(OSError, match="refused"):
        await sending.send(world.app, job)
    assert len(sent(world)) == 4
    world.app.mailer = box
    await sending.send(world.app, job)
    assert sent(world)[f"{bad.id.hex}@example.org"] == 1
    assert set(sent(world).values()) == {1}


async def test_what_is_old_is_forgotten_except_what_is_in_doubt(debate: Debate) -> None:
    world = debate.world
    await proposed(debate, await say(world, await people(world, 3)))
    await make(world)
    await run_due(world.app)
    async with world.app.write() as session:
        row = (await session.execute(select(LetterRow).where(col(LetterRow.batch) == 1).limit(1))).scalar_one()
        row.state = "SENDING"
    world.clock.forward(days=(rules.KEPT + timedelta(days=8)).days)
    await rules.make(world.app, "")
    async with world.app.db.read() as connection:
        assert list((await connection.execute(select(col(LetterRow.state)))).scalars()) == ["SENDING"]


async def test_who_is_no_staff_sees_no_digest(world: World) -> None:
    for who, seen in {"visitor": False, "participant": False, "moderator": False, "steward": True}.items():
        found = await world.ask("query($id: ID!) { node(id: $id) { id } }", who, id=world.gid("Digest"))
        assert bool(found["node"]) is seen, who
