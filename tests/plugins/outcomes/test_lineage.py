"""Merging and splitting: what goes where, and what stays."""

import asyncio

from tests.plugins.outcomes.conftest import WHERE, Debate

SOURCES = "sources { nodes { role contribution { id } } }"


async def sources(debate: Debate, key: str) -> dict[str, str]:
    """The role of each source."""
    found = (await debate.read(key, SOURCES))["sources"]["nodes"]
    return {one["contribution"]["id"]: one["role"] for one in found}


async def test_the_primary_takes_the_sources_of_the_others(debate: Debate) -> None:
    primary, others = await debate.make(), [await debate.make("member"), await debate.make("participant")]
    every = set()
    for key in (primary, *others):
        every |= set(await sources(debate, key))
    await debate.decide(primary)
    await debate.decide(others[0])
    total, triaged, counts, _ = await debate.balance()
    words = {"title": "Lamps everywhere", "statement": "Much light."}
    await debate.change("mergeProposals", "analyst", primary=primary, proposals=others, **words)
    assert set(await sources(debate, primary)) == every
    found = await debate.read(
        primary, "state title version disposition { destination } replaces { nodes { kind replaced { id } } }"
    )
    assert (found["state"], found["title"], found["version"]) == ("TRIAGED", "Lamps everywhere", 2)
    assert found["replaces"]["nodes"] == [{"kind": "MERGED", "replaced": {"id": key}} for key in others]
    for key in others:
        found = await debate.read(key, "state disposition { id } replacedBy { nodes { replacing { id } } }")
        assert found == {
            "state": "REPLACED", "disposition": None, "replacedBy": {"nodes": [{"replacing": {"id": primary}}]},
        }  # fmt: skip
    assert await debate.balance() == (total - 2, triaged - 1, counts | {"CHARTER": counts["CHARTER"] - 1}, 0)


async def test_each_source_goes_into_a_part_at_least(debate: Debate) -> None:
    said = [await debate.say(), await debate.say("member")]
    made = await debate.make(sources=[{"contribution": key, "role": "MERGED"} for key in said])

    def part(title: str, *keys: str) -> dict[str, object]:
        return {"title": title, "statement": "Words.", **({"contributions": list(keys)} if keys else {})}

    given = {"proposal": made}
    for wrong in (
        [part("A", said[0])], [part("A", said[0]), part("B", said[0])],
        [part("A", said[0]), part("B", await debate.say())],
    ):  # fmt: skip
        assert await debate.refused("splitProposal", "analyst", parts=wrong, **given) == "INVALID_INPUT"
    await debate.change("splitProposal", "analyst", parts=[part("A", said[0]), part("B")], **given)
    found = await debate.read(made, "state replacedBy { nodes { kind replacing { id title state } } }")
    assert found["state"] == "REPLACED"
    parts = {one["replacing"]["title"]: one["replacing"] for one in found["replacedBy"]["nodes"]}
    assert await sources(debate, parts["A"]["id"]) == {said[0]: "SPLIT"}
    assert await sources(debate, parts["B"]["id"]) == dict.fromkeys(said, "SPLIT")
    assert {one["state"] for one in parts.values()} == {"SUBMITTED"}


async def test_what_was_replaced_takes_part_in_nothing_any_more(debate: Debate) -> None:
    first, second = await debate.make(), await debate.make()
    await debate.change("mergeProposals", "analyst", primary=first, proposals=[second])
    for primary, other in ((second, first), (first, second)):  # neither a circle nor twice
        given = {"primary": primary, "proposals": [other]}
        assert await debate.refused("mergeProposals", "analyst", **given) == "WRONG_STATE"
    for wrong in ([], [first]):
        assert await debate.refused("mergeProposals", "analyst", primary=first, proposals=wrong) == "INVALID_INPUT"
    assert await debate.refused("proposeDisposition", "analyst", proposal=second, **WHERE) == "WRONG_STATE"


async def test_two_that_swallow_each_other_at_once_leave_one(debate: Debate) -> None:
    first, second = await debate.make(), await debate.make()
    analyst = debate.who("analyst")
    answers = await asyncio.gather(
        debate.world.change("mergeProposals", analyst, primary=first, proposals=[second]),
        debate.world.change("mergeProposals", analyst, primary=second, proposals=[first]),
    )
    assert sorted(one.get("code", "done") for one in answers) == ["WRONG_STATE", "done"]
    states = [(await debate.read(key, "state"))["state"] for key in (first, second)]
    assert sorted(states) == ["REPLACED", "SUBMITTED"]


async def test_what_another_level_has_stays_as_it_was_sent(debate: Debate) -> None:
    made, other = await debate.make(), await debate.make()
    await debate.decide(made, destination="OTHER_LEVEL", motive="Theirs.", recipient="The town")
    found = await debate.read(made, "transmissions { nodes { id } }")
    key = found["transmissions"]["nodes"][0]["id"]
    await debate.change("sendTransmission", "analyst", transmission=key, channel="EMAIL")
    assert await debate.refused("mergeProposals", "analyst", primary=other, proposals=[made]) == "CONFLICT"
    await debate.change("mergeProposals", "analyst", primary=made, proposals=[other])


async def test_what_was_on_its_way_ends_with_its_proposal(debate: Debate) -> None:
    made, other = await debate.make(), await debate.make()
    key = await debate.propose(other)
    await debate.change("mergeProposals", "analyst", primary=made, proposals=[other])
    assert (await debate.read(key, "state", "analyst"))["state"] == "RETURNED"
    contested, third = await debate.make(), await debate.make()
    key = await debate.decide(contested)
    await debate.change("contestDisposition", "author", proposal=contested, reason="No.")
    await debate.change("mergeProposals", "analyst", primary=third, proposals=[contested])
    for mutation, where in (("confirmDisposition", {}), ("changeDisposition", WHERE)):
        given = {"disposition": key, "reason": "Too late.", **where}
        assert await debate.refused(mutation, "decision_maker", **given) == "WRONG_STATE"
