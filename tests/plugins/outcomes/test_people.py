"""Whoever goes: their own words leave what was made of them; what others decided, and the counts, stay."""

import asyncio

from hemicycle.kernel.db import migrations
from hemicycle.kernel.jobs.run import run_due
from hemicycle.participants.identity.account import erase_person
from tests.plugins.outcomes.conftest import WHERE, Debate

NOTHING = {"title": None, "statement": None}


async def erase(debate: Debate, who: str, scope: str) -> None:
    """Erase a person, and let what follows happen."""
    app = debate.world.app
    await asyncio.to_thread(migrations.sync_registry, app.db.url, migrations.owners_of(app.plugins))
    async with debate.world.app.write() as session:
        await erase_person(session, debate.world.ids[who], content=scope == "CONTENT")
    await run_due(debate.world.app)


async def test_very_own_words_go_with_their_author_and_the_proposal_stays(debate: Debate) -> None:
    world = debate.world
    said = await debate.say("participant", title="Swings")
    sources = [{"contribution": said, "role": "VERBATIM"}]
    verbatim = (await debate.change("makeProposal", "analyst", space=world.gid("Space:OPEN"), sources=sources))["id"]
    merged = await debate.make("participant")
    for key in (verbatim, merged):
        await debate.decide(key)
    await debate.change("contestDisposition", "participant", proposal=merged, reason="My reason.")
    before = await debate.balance()

    await erase(debate, "Participant:outsider", "CONTENT")
    assert await debate.read(verbatim, "title statement") == NOTHING
    assert await debate.read(verbatim, "versions { nodes { title statement } }") == {"versions": {"nodes": [NOTHING]}}
    found = await debate.read(merged, "title disposition { state contestation }")
    assert found == {"title": "Lamps", "disposition": {"state": "CONTESTED", "contestation": None}}
    assert await debate.balance() == before
    assert (await world.ask('{ search(text: "swings") { totalCount } }'))["search"]["totalCount"] == 0


async def test_an_account_that_goes_leaves_the_words(debate: Debate) -> None:
    made = await debate.make("participant")
    await debate.change("proposeDisposition", "analyst", proposal=made, **WHERE)
    await erase(debate, "Participant:outsider", "ACCOUNT")
    assert await debate.read(made, "title state") == {"title": "Lamps", "state": "SUBMITTED"}


async def test_a_co_author_who_goes_is_named_no_more(debate: Debate) -> None:
    asked = "coAuthors { totalCount }"
    key = debate.world.gid("Proposal:SUBMITTED")
    assert (await debate.read(key, asked))["coAuthors"]["totalCount"] == 1
    await erase(debate, "Participant:moderator", "ACCOUNT")
    assert (await debate.read(key, asked))["coAuthors"]["totalCount"] == 0
