"""What a webhook is told is what its owner sees through the API, and nothing else."""

from typing import Any

from sqlalchemy import update

from hemicycle.api import Actor, table_of
from hemicycle.spaces.models import ActivationRow
from hemicycle.testing import World
from hemicycle_webhooks import payload
from tests.plugins.webhooks.hooks import DOWN, EVENTS, register, say, status, work

ANSWER = """query($id: ID!, $activity: ID!) {
  contribution(id: $id) { title state body { text } author { displayName } reports { totalCount } }
  node(id: $activity) { ... on Activity { event sentence(locale: EN) } }
  viewer { id email }
}"""


async def test_two_who_see_differently_are_told_differently(world: World) -> None:
    """In a space and below; in public, or with the eyes of whoever registered it; never what happens elsewhere."""
    above = await register(world, "administrator", "above", "Space", events=[*EVENTS, "SPACE_CHANGED"], sight="MINE")
    public = await register(world, "administrator", "public", "Space")
    beside = await register(world, "steward", "beside", "Space:CLOSED")
    here, inside = await say(world), await say(world, "member", "Space:MEMBERS")
    waits = await say(world, draft=True)
    await world.change("updateSpace", "steward", space=world.gid("Space:DRAFT"), title="Not yet")
    await work(world)
    assert sorted(above.subjects) == sorted([here, inside, world.gid("Space:DRAFT")])
    assert public.subjects == [here]
    assert beside.got == []
    seen = [one["subject"]["id"] for one in (await _activity(world, "visitor")) if one["subject"]]
    assert public.subjects[0] in seen
    assert not {inside, waits} & set(seen)


async def test_the_answer_is_that_of_the_api(world: World) -> None:
    public = await register(world, "steward", "public", query=ANSWER)
    mine = await register(world, "steward", "mine", query=ANSWER, sight="MINE")
    said = await say(world)
    await work(world)
    for hook, who in ((public, "visitor"), (mine, "steward")):
        data = hook.got[0]["data"]
        assert data["subject"] == {"id": said, "type": "Contribution"}
        assert data["space"] == {"id": world.gid("Space:OPEN"), "slug": "sample-open"}
        asked = await world.ask(ANSWER, who, id=said, activity=data["activity"])
        assert data["answer"] == {"data": asked}
        assert asked["node"] == {"event": "CONTRIBUTION_PUBLISHED", "sentence": "A contribution was published."}
    assert public.got[0]["data"]["answer"]["data"]["viewer"] is None


async def test_what_is_hidden_before_it_leaves_is_withheld(world: World) -> None:
    """The visibility is that of the moment at which it is sent, each time that it is."""
    hook = await register(world, query=ANSWER)
    hook.answers(DOWN)
    first, second = await say(world), await say(world)
    await work(world)
    before = len(hook.asked)
    hook.answers(status(204))
    told = await world.change("hideContribution", "moderator", contribution=first, reason="Rude.")
    assert told["__typename"] == "Contribution"
    await work(world, minutes=1)
    assert sorted(await hook.states()) == ["DELIVERED", "WITHHELD"]
    assert hook.subjects[before:] == [second]
    nodes = (await hook.look())["deliveries"]["nodes"]
    withheld = next(one for one in nodes if one["state"] == "WITHHELD")
    again = await world.change("replayDelivery", "steward", "state", delivery=withheld["id"])
    assert again["state"] == "WAITING"
    await work(world)
    assert sorted(await hook.states()) == ["DELIVERED", "WITHHELD"]


async def test_rows_hold_no_words_and_a_withdrawn_text_is_not_sent(world: World) -> None:
    hook = await register(world, query=ANSWER)
    hook.answers(DOWN, status(204))
    said = await say(world, text="Zyzzogeton, which nobody else says.")
    await work(world)
    assert "Zyzzogeton" in hook.got[0]["data"]["answer"]["data"]["contribution"]["body"]["text"]
    await world.change("withdrawContribution", "author", contribution=said)
    await work(world, minutes=1)
    states = {one["data"]["answer"]["data"]["contribution"]["state"] for one in hook.got[1:]}
    assert states == {"WITHDRAWN"}
    assert "Zyzzogeton" not in str(hook.got[1:])


async def test_it_stops_when_its_owner_may_no_longer(world: World) -> None:
    """And its owner is told; when they may again, they switch it on."""
    hooks = [await register(world, name=name) for name in ("first", "second")]
    owner = world.gid("Participant:steward")

    async def said() -> list[int]:
        await say(world)
        await work(world)
        return [len(one.got) for one in hooks]

    assert await said() == [1, 1]
    grant: dict[str, Any] = {"space": world.gid("Space"), "participant": owner, "role": "STEWARD"}
    await world.change("revokeRole", "administrator", **grant)
    assert await said() == [1, 1]
    for one in hooks:
        assert (await one.look("administrator"))["disabledBecause"] == "NOT_ALLOWED"
    assert (await hooks[0].do("enableWebhook"))["code"] == "NOT_ALLOWED"
    await world.change("grantRole", "administrator", **grant)
    for one in hooks:
        assert (await one.do("enableWebhook"))["__typename"] == "Webhook"
    assert (await said())[0] >= 2
    await world.change("suspendParticipant", "administrator", participant=owner, reason="A reason.")
    before = [len(one.got) for one in hooks]
    assert await said() == before
    assert (await hooks[1].look("administrator"))["disabledBecause"] == "NOT_ALLOWED"


async def test_where_the_plugin_is_not_active_nothing_is_sent(world: World) -> None:
    hook = await register(world)
    async with world.app.write() as session:
        elsewhere = update(table_of(ActivationRow)).values(space_id=world.ids["Space:CLOSED"])
        await session.execute(elsewhere.where(table_of(ActivationRow).c.plugin == "webhooks"))
    await say(world)
    await work(world)
    assert hook.asked == []


async def test_what_happens_nowhere_or_before_is_told_to_nobody(world: World) -> None:
    await say(world)
    hook = await register(world)
    await work(world)
    assert hook.asked == []
    nowhere = await payload.told(world.app, Actor(), world.ids["Space"])
    assert nowhere is None


async def test_an_answer_that_is_too_long_is_left_out(world: World) -> None:
    fields = " ".join(f"t{number}: text" for number in range(14))
    hook = await register(world, query=f"query($id: ID!) {{ contribution(id: $id) {{ body {{ {fields} }} }} }}")
    await say(world, text="Long. " * 4000)
    await work(world)
    (got,) = hook.got
    assert got["data"]["answer"]["data"] is None
    assert "ask for less" in got["data"]["answer"]["errors"][0]["message"]
    assert len(hook.asked[0].body) < payload.MOST


async def _activity(world: World, who: str) -> list[Any]:
    body = "activity(first: 100, scope: SUBTREE) { nodes { subject { id } } }"
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on Space {{ {body} }} }} }}"
    found: list[Any] = (await world.ask(document, who, id=world.gid("Space")))["node"]["activity"]["nodes"]
    return found
