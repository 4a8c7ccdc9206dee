"""Triage: who says where a proposal goes, who reviews and decides it, and what each destination asks for."""

import pytest
from sqlalchemy.exc import IntegrityError

from hemicycle.testing import World
from hemicycle_outcomes.dispositions.models import DispositionRow
from tests.plugins.outcomes.conftest import WHERE, Debate


async def test_three_people_say_where_a_proposal_goes(debate: Debate) -> None:
    made = await debate.make()
    await debate.decide(made)
    asked = """state disposition { destination motive state inForce recipient unusableBecause decidedAt
        analyst { displayName } reviewer { displayName } decidedBy { displayName } }"""
    found = await debate.read(made, asked)
    assert found["state"] == "TRIAGED"
    found = found["disposition"]
    assert found.pop("decidedAt") is not None
    assert found == {
        "destination": "CHARTER", "motive": "It states a principle.", "state": "DECIDED", "inForce": True,
        "recipient": None, "unusableBecause": None, "analyst": {"displayName": "Someone: analyst"},
        "reviewer": {"displayName": "Someone: reviewer"}, "decidedBy": {"displayName": "Someone: decision_maker"},
    }  # fmt: skip


async def test_what_is_not_decided_is_for_those_who_work_on_it(debate: Debate) -> None:
    made = await debate.make()
    key = await debate.propose(made)
    for who in ("visitor", "author", "moderator", "administrator"):
        assert await debate.read(key, "id", who) is None
        assert (await debate.read(made, "disposition { id } dispositions { totalCount }", who)) == {
            "disposition": None, "dispositions": {"totalCount": 0},
        }  # fmt: skip
    for who in ("analyst", "reviewer", "decision_maker"):
        assert (await debate.read(key, "state", who))["state"] == "PROPOSED"


async def test_nobody_reviews_or_decides_what_they_proposed(debate: Debate) -> None:
    everything = await debate.appoint("analyst", "reviewer", "decision_maker")
    made = await debate.make()
    key = (await debate.change("proposeDisposition", everything, proposal=made, **WHERE))["id"]
    assert await debate.refused("reviewDisposition", everything, disposition=key) == "NOT_ALLOWED"
    assert await debate.refused("decideDisposition", "decision_maker", disposition=key) == "WRONG_STATE"
    await debate.change("reviewDisposition", "reviewer", disposition=key, review="I agree.")
    assert await debate.refused("decideDisposition", everything, disposition=key) == "NOT_ALLOWED"
    await debate.change("decideDisposition", "decision_maker", disposition=key)
    for again in ("reviewDisposition", "decideDisposition"):
        who = "reviewer" if again.startswith("review") else "decision_maker"
        assert await debate.refused(again, who, disposition=key) == "WRONG_STATE"


async def test_there_is_no_disposition_without_a_motive(debate: Debate) -> None:
    made = await debate.make()
    for motive in ("", "   ", "\n"):
        given = {"proposal": made, "destination": "CHARTER", "motive": motive}
        assert await debate.refused("proposeDisposition", "analyst", **given) == "INVALID_INPUT"


async def test_a_motive_stands_in_the_table_too(debate: Debate) -> None:
    key = debate.key(await debate.make())

    async def write() -> None:
        async with debate.world.app.write() as session:
            space = debate.world.ids["Space:OPEN"]
            row = DispositionRow(
                proposal_id=key, space_id=space, destination="CHARTER", motive="", proposed_at=session.now
            )
            session.add(row)

    with pytest.raises(IntegrityError):
        await write()


async def test_two_in_force_do_not_fit_into_the_table(debate: Debate) -> None:
    made = await debate.make()
    key = debate.key(await debate.decide(made))

    async def write() -> None:
        async with debate.world.app.write() as session:
            first = await session.get_one(DispositionRow, key)
            given = first.model_dump(exclude={"id"}) | {"destination": "WORKSTREAM"}
            session.add(DispositionRow(**given))

    with pytest.raises(IntegrityError):
        await write()


async def test_a_destination_has_what_it_asks_for_and_no_more(debate: Debate) -> None:
    made = await debate.make()
    for where, path in (
        ({"destination": "UNUSABLE"}, "unusableBecause"),
        ({"destination": "CHARTER", "unusableBecause": "OFF_TOPIC"}, "unusableBecause"),
        ({"destination": "UNUSABLE", "unusableBecause": "DUPLICATE"}, "duplicateOf"),
        ({"destination": "OTHER_LEVEL"}, "recipient"),
        ({"destination": "CHARTER", "recipient": "The town"}, "recipient"),
    ):
        given = {"proposal": made, "motive": "A motive.", **where}
        found = await debate.world.change("proposeDisposition", debate.who("analyst"), **given)
        assert [one["path"] for one in found["problems"]] == [f"input.{path}"], where


async def test_a_duplicate_names_another_proposal_of_the_same_space(debate: Debate) -> None:
    made, same = await debate.make(), await debate.make()
    given = {"proposal": made, "destination": "UNUSABLE", "unusableBecause": "DUPLICATE", "motive": "Said before."}
    for wrong in (made, debate.world.gid("Proposal:REPLACED"), debate.world.gid("Proposal:MEMBERS")):
        assert await debate.refused("proposeDisposition", "analyst", duplicateOf=wrong, **given) == "INVALID_INPUT"
    key = (await debate.change("proposeDisposition", "analyst", duplicateOf=same, **given))["id"]
    assert (await debate.read(key, "duplicateOf { id }", "analyst"))["duplicateOf"] == {"id": same}


async def test_one_at_a_time_is_on_its_way(debate: Debate) -> None:
    made = await debate.make()
    first = await debate.propose(made)
    assert await debate.refused("proposeDisposition", "analyst", proposal=made, **WHERE) == "ALREADY_DONE"
    await debate.change("sendBackDisposition", "reviewer", disposition=first, reason="Say more.")
    second = await debate.decide(made)
    found = await debate.read(made, "dispositions { nodes { id state review inForce } }", "analyst")
    assert [(one["id"], one["state"], one["review"], one["inForce"]) for one in found["dispositions"]["nodes"]] == [
        (first, "RETURNED", "Say more.", False), (second, "DECIDED", None, True),
    ]  # fmt: skip
    assert await debate.refused("proposeDisposition", "analyst", proposal=made, **WHERE) == "WRONG_STATE"


async def test_the_balance_counts_rows_and_names_a_gap(world: World, debate: Debate) -> None:
    total, triaged, counts, gap = await debate.balance()
    assert (sum(counts.values()), gap) == (triaged, 0)
    made = [await debate.make() for _ in range(3)]
    assert await debate.balance() == (total + 3, triaged, counts, 0)
    await debate.decide(made[0])
    because = {"destination": "UNUSABLE", "unusableBecause": "OFF_TOPIC", "motive": "About the weather."}
    await debate.decide(made[1], **because)
    after = counts | {"CHARTER": counts["CHARTER"] + 1, "UNUSABLE": 1}
    assert await debate.balance() == (total + 3, triaged + 2, after, 0)
    async with world.app.write() as session:  # what no rule does
        (await session.get_one(DispositionRow, debate.key(await _in_force(debate, made[0])))).in_force = False
    assert await debate.balance() == (total + 3, triaged + 2, counts | {"UNUSABLE": 1}, 1)
    found = await debate.read(world.gid("Space"), "dispositionBalance { gapInWords }")
    assert found["dispositionBalance"]["gapInWords"].startswith("1 ")


async def test_the_balance_is_of_a_space_and_below(debate: Debate) -> None:
    found = await debate.read(debate.world.gid("Space:CLOSED"), "dispositionBalance { total triaged gap }")
    assert found["dispositionBalance"] == {"total": 0, "triaged": 0, "gap": 0}
    made = await debate.make()
    here = await debate.read(debate.world.gid("Space:OPEN"), "dispositionBalance { total }")
    everywhere = await debate.balance()
    assert made
    assert here["dispositionBalance"]["total"] == everywhere[0]  # that of members is counted for nobody else


async def _in_force(debate: Debate, proposal: str) -> str:
    return str((await debate.read(proposal, "disposition { id }"))["disposition"]["id"])
