"""What others see of supports, and how they find what is supported."""

from typing import Any

import pytest

from hemicycle.testing import World

TARGET = "Contribution:PUBLISHED"
WHO = "query($id: ID!) { node(id: $id) { ... on Support { public day target { id } participant { displayName } } } }"
LIST = """query($id: ID!) { contribution(id: $id) {
    supportCount viewerHasSupported supports { totalCount nodes { participant { id } } } } }"""


async def listed(world: World, who: str) -> Any:
    return (await world.ask(LIST, who, id=world.gid(TARGET)))["contribution"]


@pytest.mark.parametrize("who", ["visitor", "participant", "steward", "administrator"])
async def test_only_those_who_support_in_public_are_shown(world: World, who: str) -> None:
    assert await listed(world, who) == {
        "supportCount": 2,
        "viewerHasSupported": False,
        "supports": {"totalCount": 1, "nodes": [{"participant": {"id": world.gid("Participant:member")}}]},
    }
    shown = await world.ask(WHO, who, id=world.gid("Support:PUBLIC"))
    assert shown["node"] == {
        "public": True, "day": "2026-03-02", "target": {"id": world.gid(TARGET)},
        "participant": {"displayName": "Sample member"},
    }  # fmt: skip
    assert (await world.ask(WHO, who, id=world.gid("Support:PSEUDONYMOUS")))["node"] is None


async def test_supports_are_seen_with_what_they_support(world: World) -> None:
    """Who said yes to what was hidden, and how many did, is no more to be read than what it was."""
    hidden = {"contribution": world.gid(TARGET), "reason": "Not here."}
    assert (await world.change("hideContribution", "moderator", **hidden))["__typename"] == "Contribution"
    tally = await world.change("support", "participant", target=world.gid("Contribution:REPLY"))
    assert tally["__typename"] == "SupportTally"
    for who, sees in (("visitor", False), ("participant", False), ("moderator", True), ("member", True)):
        shown = await world.ask(WHO, who, id=world.gid("Support:PUBLIC"))
        assert (shown["node"] is not None) == sees, who
        data = await world.ask("query($id: ID!) { node(id: $id) { id } }", who, id=world.gid("SupportTally"))
        assert (data["node"] is not None) == (who == "moderator"), who
    withdrawn = await world.change("withdrawSupport", "member", target=world.gid(TARGET))
    assert withdrawn["__typename"] == "Done"
    assert (await world.ask(WHO, "moderator", id=world.gid("Support:PUBLIC")))["node"] is None


async def test_one_sees_that_one_supports(world: World) -> None:
    mine = await listed(world, "author")
    assert mine["viewerHasSupported"] is True
    assert mine["supports"]["totalCount"] == 2
    assert (await world.ask(WHO, "author", id=world.gid("Support:PSEUDONYMOUS")))["node"]["public"] is False


async def test_one_sees_what_one_does_not_support(world: World) -> None:
    other = await world.ask(LIST, "author", id=world.gid("Contribution:REPLY"))
    assert other["contribution"] == {
        "supportCount": 0, "viewerHasSupported": False, "supports": {"totalCount": 0, "nodes": []},
    }  # fmt: skip


async def test_what_someone_supports_is_for_them_alone(world: World) -> None:
    question = "query($id: ID!) { participant(id: $id) { supports { nodes { target { id } } } } }"
    for who, seen in (("member", [{"target": {"id": world.gid(TARGET)}}]), ("administrator", [])):
        found = await world.ask(question, who, id=world.gid("Participant:member"))
        assert found["participant"]["supports"]["nodes"] == seen


async def test_in_a_space_of_members_supports_are_for_members(world: World) -> None:
    made = await world.change(
        "support", "member", "id target { id }", target=world.gid("Contribution:MEMBERS"), public=True
    )
    found = (await world.ask("query($id: ID!) { contribution(id: $id) { supports { nodes { id } } } }", "member",
                             id=world.gid("Contribution:MEMBERS")))["contribution"]  # fmt: skip
    (support,) = found["supports"]["nodes"]
    question = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for who, seen in (("member", True), ("participant", False), ("visitor", False)):
        nodes = (await world.ask(question, who, ids=[made["id"], support["id"]]))["nodes"]
        assert nodes == [{"id": made["id"]} if seen else None, support if seen else None]


async def test_a_mutation_answers_with_the_count(world: World) -> None:
    answer = "supportCount target { ... on Contribution { supportCount viewerHasSupported } }"
    given = await world.change("support", "participant", answer, target=world.gid(TARGET))
    assert given["supportCount"] == 3
    assert given["target"] == {"supportCount": 3, "viewerHasSupported": True}
    taken = await world.change("withdrawSupport", "participant", answer, target=world.gid(TARGET))
    assert taken["supportCount"] == 2
    assert taken["target"] == {"supportCount": 2, "viewerHasSupported": False}


async def test_what_one_may_support_is_said(world: World) -> None:
    question = "query($id: ID!) { contribution(id: $id) { viewerCan } }"
    for who, name, may in (
        ("participant", TARGET, True), ("visitor", TARGET, False), ("Participant:SUSPENDED", TARGET, False),
        ("author", "Contribution:DRAFT", False), ("moderator", "Contribution:HIDDEN", False),
    ):  # fmt: skip
        can = (await world.ask(question, who, id=world.gid(name)))["contribution"]["viewerCan"]
        assert ("VOTES_SUPPORT" in can) is may, (who, name)


async def test_contributions_are_found_by_their_supports(world: World) -> None:
    """The sample has two, another one is given one, the others have none."""
    space = world.gid("Space:OPEN")
    made = await world.change("contribute", "author", "id", space=space, title="Another", text="Another idea.")
    await world.change("support", "member", target=made["id"])
    question = """query($id: ID!, $least: Int) { node(id: $id) { ... on Space {
        contributions(order: MOST_SUPPORTED, filter: { minSupports: $least }) { nodes { id supportCount } } } } }"""
    wanted = [{"id": world.gid(TARGET), "supportCount": 2}, {"id": made["id"], "supportCount": 1}]
    for least, found in ((2, wanted[:1]), (1, wanted), (3, [])):
        data = await world.ask(question, id=space, least=least)
        assert data["node"]["contributions"]["nodes"] == found
    every = await world.ask(question, "author", id=space)
    assert every["node"]["contributions"]["nodes"][:2] == wanted
    assert {one["supportCount"] for one in every["node"]["contributions"]["nodes"][2:]} == {0}


async def test_where_it_is_not_active_its_filter_and_order_are_refused(world: World) -> None:
    await world.change("setPlugins", "administrator", space=world.gid("Space"), plugins=[])
    for asked in ("filter: { minSupports: 1 }", "order: MOST_SUPPORTED"):
        question = f"""query($id: ID!) {{ node(id: $id) {{ ... on Space {{
            contributions({asked}) {{ nodes {{ id }} }} }} }} }}"""
        assert await world.errors(question, id=world.gid("Space:OPEN")) == ["PLUGIN_INACTIVE"]
    assert (await world.ask("{ contributions(filter: { minSupports: 1 }) { totalCount } }"))["contributions"] == {
        "totalCount": 0
    }


async def test_a_page_of_supported_contributions_costs_the_same_whatever_its_size(world: World) -> None:
    question = """query($first: Int) { contributions(first: $first) {
        nodes { supportCount viewerHasSupported supports { totalCount nodes { participant { displayName } } } } } }"""
    costs = set()
    for first in (1, 2, 100):
        with world.counting() as statements:
            await world.ask(question, "author", first=first)
        costs.add(len(statements))
    assert len(costs) == 1
