"""What is one poll's is no other's, whoever votes in both; and what is asked among members stays among them."""

from typing import Any

from sqlalchemy import literal, select

from hemicycle.api import Figure, OpenData, decode_id, encode_id, table_of
from hemicycle.testing import World
from hemicycle_votes.polls.models import OptionRow, TrackerRow
from tests.plugins.votes.conftest import Count
from tests.plugins.votes.polls.polling import finish, look, opened, options, prepare, step, vote

ELIGIBILITY = "query($id: ID!) { pollEligibility(poll: $id) { eligible } }"


async def test_ballots_receipts_papers_and_proxies_are_of_their_poll(world: World) -> None:
    polls = [await opened(world, secrecy="OPEN", proxies=1) for _ in range(3)]
    first, second, third = polls
    outsider, moderator = world.gid("Participant:outsider"), world.gid("Participant:moderator")
    author = world.gid("Participant:ACTIVE")
    for poll in polls:
        assert await vote(world, poll, "member", "Ana") == "OPEN"
        for voter in (outsider, moderator):
            assert await step(world, "enterPaperBallot", poll, voter=voter, blank=True) == "OPEN"
    assert await vote(world, first, "author", "Bo") == "OPEN"
    assert await step(world, "enterPaperBallot", second, voter=author, blank=True) == "OPEN"  # has voted elsewhere only
    assert await step(world, "discardPaperBallot", second, voter=author) == "OPEN"

    receipts = {(await look(world, poll, "receipt", "member"))["receipt"] for poll in polls}
    assert len(receipts) == 3
    theirs = await look(world, first, "receipt viewerHasVoted", "author")
    assert theirs["receipt"] not in receipts
    assert await look(world, second, "receipt viewerHasVoted", "author") == {"receipt": None, "viewerHasVoted": False}
    assert await look(world, first, "receipt viewerHasVoted") == {"receipt": None, "viewerHasVoted": False}
    assert await vote(world, first, "member", "Cy") == "OPEN"  # in the place of one's own, and of no other
    assert await look(world, first, "receipt viewerHasVoted", "author") == theirs

    for poll in (first, second):
        assert await step(world, "giveProxy", poll, "participant", holder=author) == "OPEN"
    assert await step(world, "withdrawProxy", first, "participant") == "OPEN"
    for who in ("steward", "moderator"):
        assert await step(world, "castBallot", second, who, blank=True, onBehalfOf=outsider) == "NOT_ALLOWED"

    published = world.gid("Poll:PUBLISHED")
    before = await look(world, published, "ballots { totalCount } trackers { totalCount }")
    assert await step(world, "enterPaperBallot", first, "administrator", voter=outsider, blank=True) == "OPEN"
    await finish(world, first)
    assert await step(world, "discardPaperBallot", third, voter=moderator) == "OPEN"  # waits in the second one too
    assert await step(world, "cancelPoll", third, reason="A mistake.") == "CANCELLED"
    assert await look(world, published, "ballots { totalCount } trackers { totalCount }") == before

    assert await step(world, "castBallot", second, "author", blank=True, onBehalfOf=outsider) == "OPEN"
    assert await step(world, "enterPaperBallot", second, "administrator", voter=moderator, blank=True) == "OPEN"
    await finish(world, second)
    body = "result { ballots data }"
    for poll, ballots, votes in ((first, 3, {"Ana": 0, "Bo": 1, "Cy": 1}), (second, 3, {"Ana": 1, "Bo": 0, "Cy": 0})):
        result = (await look(world, poll, body))["result"]
        assert (result["ballots"], result["data"]["rounds"][0]["votes"]) == (ballots, votes)


async def test_options_are_of_their_poll(world: World) -> None:
    first, second = await prepare(world), await prepare(world)
    others = [{"label": "Di"}, {"label": "Ed"}]
    assert await step(world, "updatePoll", first, options=others) == "DRAFT"
    assert set(await options(world, first)) == {"Di", "Ed"}
    assert set(await options(world, second)) == {"Ana", "Bo", "Cy"}
    told = await world.change("updatePoll", "steward", poll=first, method="GREEDY", budget=5)
    assert told["problems"][0]["path"] == "input.options.0.cost"  # those that it has, and that cost nothing


async def test_a_roll_is_of_its_poll(world: World) -> None:
    first, second = await prepare(world), await prepare(world)
    assert await step(world, "importPollRoll", first, entries=[world.gid("Participant:member"), "x@example.org"])
    assert await step(world, "importPollRoll", second, entries=[world.gid("Participant:ACTIVE"), "x@example.org"])
    for poll in (first, second):
        assert await step(world, "openPoll", poll) == "OPEN"
        assert "(2)" in (await look(world, poll, "rules(locale: EN) { text }"))["rules"]["text"]
    paper = {"voter": "x@example.org", "blank": True}
    assert await step(world, "enterPaperBallot", first, **paper) == "OPEN"
    assert await vote(world, first, "author", blank=True) == "NOT_ALLOWED"
    assert await vote(world, second, "member", blank=True) == "NOT_ALLOWED"
    assert await step(world, "closePoll", first, reason="Enough.") == "CLOSED"
    assert await vote(world, second, "author", blank=True) == "OPEN"
    assert await step(world, "enterPaperBallot", second, **paper) == "OPEN"


async def test_a_poll_is_about_an_object_of_that_type(world: World) -> None:
    """Not about another one that has the same id."""
    poll = await prepare(world)
    ref = decode_id(poll)
    assert ref is not None
    about = world.ids["Contribution:PUBLISHED"]
    async with world.app.write() as session:
        session.add(OptionRow(poll_id=ref.key, place=9, label="Di", type="Space", object_id=about))
    asked = "query($id: ID!) { contribution(id: $id) { polls { totalCount } } }"
    assert (await world.ask(asked, "steward", id=world.gid("Contribution:PUBLISHED")))["contribution"]["polls"] == {
        "totalCount": 0
    }


async def test_in_a_space_of_members_a_poll_is_for_members(world: World) -> None:
    poll = await opened(world, space=world.gid("Space:MEMBERS"), secrecy="OPEN")
    ref = decode_id(poll)
    assert ref is not None
    assert await vote(world, poll, "member", "Ana") == "OPEN"
    assert (await world.ask(ELIGIBILITY, "member", id=poll))["pollEligibility"] == {"eligible": True}
    assert (await world.ask(ELIGIBILITY, "participant", id=poll))["pollEligibility"] is None
    await finish(world, poll)
    seen = await look(world, poll, "result { id } ballots { nodes { id } } trackers { nodes { id } }", "member")
    rows = [poll, seen["result"]["id"], *(seen[name]["nodes"][0]["id"] for name in ("ballots", "trackers"))]
    question = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for who, sees in (("member", True), ("participant", False), ("visitor", False)):
        nodes = (await world.ask(question, who, ids=rows))["nodes"]
        assert nodes == [{"id": one} if sees else None for one in rows], who
    table = world.app.declared[OpenData]["polls"]
    figure = world.app.declared[Figure]["polls"]
    async with world.app.db.read() as connection:
        published = (await connection.execute(table.query(), {"viewer": None})).mappings().all()
        assert [one["id"] for one in published] == [world.ids["Poll:PUBLISHED"]]
        for space, number in (("Space", 4), ("Space:OPEN", 4), ("Space:CLOSED", 0), ("Space:MEMBERS", 0)):
            query = figure.query(literal(world.ids[space]))
            assert (await connection.execute(query, {"viewer": None})).scalar_one() == number, space


async def test_what_is_counted_is_published_before_anyone_reads_a_ballot(world: World, count: Count) -> None:
    """Those who prepared the poll learn the result first, and of the ballots no more than others."""
    poll, body = world.gid("Poll:COUNTED"), "result { id } ballots { totalCount } trackers { totalCount }"
    assert await count(TrackerRow, poll_id=world.ids["Poll:COUNTED"]) > 0
    nothing: dict[str, Any] = {"totalCount": 0}
    for who, told in (("administrator", True), ("steward", True), ("participant", False)):
        seen = await look(world, poll, body, who)
        assert (seen["result"] is not None, seen["ballots"], seen["trackers"]) == (told, nothing, nothing)
    async with world.app.db.read() as connection:
        it = table_of(TrackerRow).c
        its = select(it.id).where(it.poll_id == world.ids["Poll:COUNTED"]).limit(1)
        receipt = encode_id("PollTracker", (await connection.execute(its)).scalar_one())
    assert (await world.ask("query($id: ID!) { node(id: $id) { id } }", "steward", id=receipt))["node"] is None
