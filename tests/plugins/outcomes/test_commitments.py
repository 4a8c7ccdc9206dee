"""What is decided because of proposals: who may do what to it, when, and what its proposals become."""

import asyncio
from typing import Any

import pytest

from hemicycle.kernel.jobs.run import run_due
from hemicycle.testing import World
from tests.plugins.outcomes.conftest import DUE, LINK, MEASURE, Office

LATER, REVIEW = "2026-09-01", "2026-04-01"  # the world's clock starts on 2 March 2026


async def test_from_a_decision_to_its_verification(office: Office) -> None:
    proposal = await office.answered()
    key = await office.commit(proposal, summary="All of it.", reviewOn=REVIEW)
    asked = "kind title summary state dueOn reviewOn owner { id } proposals { nodes { id } }"
    assert await office.read(key, asked) == {
        "kind": "MEASURE", "title": "Light the lane", "summary": "All of it.", "state": "DECIDED", "dueOn": DUE,
        "reviewOn": REVIEW, "owner": {"id": office.world.gid("Participant:owner")},
        "proposals": {"nodes": [{"id": proposal}]},
    }  # fmt: skip
    await office.go(key, "start")
    assert (await office.state(key), await office.state(proposal)) == ("STARTED", "IN_PROGRESS")
    await office.go(key, "deliver")
    await office.change("addEvidence", office.owner, commitment=key, **LINK)
    assert (await office.state(key), await office.state(proposal)) == ("DELIVERED", "IN_PROGRESS")
    await office.change("verifyCommitment", office.verifier, commitment=key)
    assert (await office.state(key), await office.state(proposal)) == ("VERIFIED", "DONE")
    found = await office.read(key, "timeline { nodes { sentence(locale: EN) } }")
    assert [one["sentence"] for one in found["timeline"]["nodes"]] == [
        "It is decided: Light the lane", "Work has begun: Light the lane", "Delivered: Light the lane",
        "Evidence was added: The minutes", "Verified by somebody else: Light the lane",
    ]  # fmt: skip


async def test_a_delay_names_a_later_day_and_a_reason(office: Office) -> None:
    key = await office.commit()
    given = {"commitment": key, "dueOn": LATER, "reason": "The poles are late."}
    for wrong in ({"reason": " "}, {"dueOn": DUE}, {"dueOn": "2026-01-01"}, {"reviewOn": "2026-03-02"}):
        assert await office.refused("delayCommitment", office.owner, **given | wrong) == "INVALID_INPUT"
    await office.change("delayCommitment", office.owner, **given)
    assert await office.read(key, "state dueOn reason") == {
        "state": "DELAYED", "dueOn": LATER, "reason": "The poles are late."
    }  # fmt: skip
    await office.change("delayCommitment", office.owner, **given | {"dueOn": "2026-10-01"})
    await office.go(key, "deliver")


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ((), ("deliver", "verify")),
        (("start",), ("start", "verify")),
        (("delay",), ("verify",)),
        (("start", "deliver"), ("start", "deliver", "delay", "abandon")),
        (("abandon",), ("start", "deliver", "verify", "delay", "abandon", "review")),
    ],
)
async def test_a_transition_that_is_not_in_the_list_is_refused(
    office: Office, steps: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    key = await office.commit()
    more = {
        "delay": {"dueOn": LATER, "reason": "Late."}, "abandon": {"reason": "No."}, "review": {"finding": "Well."}
    }  # fmt: skip
    both = await office.appoint("decision_maker", "verifier")
    for verb in steps:
        await office.change(f"{verb}Commitment", both, commitment=key, **more.get(verb, {}))
    before = await office.read(key, "state reason dueOn")
    for verb in wrong:
        refused = await office.refused(f"{verb}Commitment", both, commitment=key, **more.get(verb, {}))
        assert refused == "WRONG_STATE", verb
    assert await office.read(key, "state reason dueOn") == before


async def test_nobody_verifies_their_own(office: Office) -> None:
    """Neither who answers for it, nor who speaks for the structure that does, nor who said that it was done."""
    key = await office.delivered()
    assert await office.refused("verifyCommitment", "decision_maker", commitment=key) == "NOT_ALLOWED"
    await office.world.change(
        "grantRole", "steward", space=office.world.gid("Space"), participant=office.world.gid("Participant:owner"),
        role="VERIFIER",
    )  # fmt: skip
    assert await office.refused("verifyCommitment", office.owner, commitment=key) == "NOT_ALLOWED"
    both = await office.appoint("decision_maker", "verifier")
    other = await office.commit()
    for verb in ("start", "deliver"):
        await office.change(f"{verb}Commitment", both, commitment=other)
    await office.change("addEvidence", both, commitment=other, **LINK)
    assert await office.refused("verifyCommitment", both, commitment=other) == "CONFLICT"
    for one in (key, other):
        await office.change("verifyCommitment", office.verifier, commitment=one)


async def test_what_nothing_shows_is_not_verified(office: Office) -> None:
    key = await office.commit()
    await office.go(key, "start", "deliver")
    assert await office.refused("verifyCommitment", office.verifier, commitment=key) == "CONFLICT"
    assert await office.state(key) == "DELIVERED"


async def test_it_follows_from_proposals_that_go_where_it_comes_from(office: Office) -> None:
    charter, undecided = await office.answered(destination="CHARTER", motive="A principle."), await office.make()
    given = {
        "space": office.world.gid("Space:OPEN"), "kind": "MEASURE", "title": "Light", "dueOn": DUE,
        "owner": office.world.gid("Participant:owner"),
    }  # fmt: skip
    refused = {"INVALID_INPUT": [[charter], []], "WRONG_STATE": [[undecided]], "NOT_FOUND": [["none"]]}
    for code, several in refused.items():
        for proposals in several:
            assert await office.refused("decideCommitment", "decision_maker", proposals=proposals, **given) == code
    measure = await office.answered()
    for wrong in ({"dueOn": "2026-03-02"}, {"reviewOn": "2020-01-01"}, {"title": ""}, {"kind": "WORKSTREAM"}):
        code = await office.refused("decideCommitment", "decision_maker", **given | {"proposals": [measure]} | wrong)
        assert code == "INVALID_INPUT", wrong
    erased = given | {"owner": office.world.gid("Participant:SUSPENDED"), "proposals": [measure]}
    assert await office.refused("decideCommitment", "decision_maker", **erased) == "INVALID_INPUT"


async def test_nobody_decides_on_a_proposal_of_their_own(office: Office) -> None:
    author = await office.appoint("decision_maker")
    office.world.ids["Participant:author-too"] = author.id  # type: ignore[assignment]
    key = await office.make("Participant:author-too")
    await office.decide(key, **MEASURE)
    given = {
        "space": office.world.gid("Space:OPEN"), "kind": "MEASURE", "title": "Light", "dueOn": DUE,
        "owner": office.world.gid("Participant:owner"), "proposals": [key],
    }  # fmt: skip
    assert await office.refused("decideCommitment", author, **given) == "NOT_ALLOWED"


async def test_a_proposal_is_done_when_nothing_of_it_is_left_open(office: Office) -> None:
    proposal, late = await office.answered(), await office.answered()
    first, second = await office.delivered(proposal), await office.delivered(proposal)
    await office.change("verifyCommitment", office.verifier, commitment=first)
    assert await office.state(proposal) == "IN_PROGRESS"
    assert await office.refused("linkCommitment", "decision_maker", commitment=second, proposal=late) == "WRONG_STATE"
    await office.change("verifyCommitment", office.verifier, commitment=second)
    assert await office.state(proposal) == "DONE"


async def test_a_commitment_follows_from_one_more_proposal_once(office: Office) -> None:
    key, late = await office.commit(), await office.answered()
    await office.go(key, "start")
    await office.change("linkCommitment", "decision_maker", commitment=key, proposal=late)
    assert await office.state(late) == "IN_PROGRESS"  # for work has begun
    assert await office.refused("linkCommitment", "decision_maker", commitment=key, proposal=late) == "ALREADY_DONE"
    assert len((await office.read(key, "proposals { nodes { id } }"))["proposals"]["nodes"]) == 2


async def test_steps_are_numbered_and_reached_once(office: Office) -> None:
    key = await office.commit()
    steps = [
        (await office.change("addMilestone", office.owner, "id position", commitment=key, title=f"Step {number}"))
        for number in (1, 2)
    ]
    assert [one["position"] for one in steps] == [1, 2]
    await office.change("reachMilestone", office.owner, milestone=steps[0]["id"])
    assert await office.refused("reachMilestone", office.owner, milestone=steps[0]["id"]) == "WRONG_STATE"
    await office.change("abandonCommitment", "decision_maker", commitment=key, reason="Too dear.")
    assert await office.refused("reachMilestone", office.owner, milestone=steps[1]["id"]) == "WRONG_STATE"
    found = await office.read(key, "milestones { nodes { title state } } reason")
    states = [{"title": "Step 1", "state": "REACHED"}, {"title": "Step 2", "state": "PLANNED"}]
    assert found == {"milestones": {"nodes": states}, "reason": "Too dear."}


HASH = "0" * 63 + "f"


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "LINK"}, {"kind": "LINK", "url": "javascript:alert(1)"}, {"kind": "LINK", "url": "https://a b"},
        {"kind": "LINK", "url": "https://example.org", "figure": 1.0},
        {"kind": "LINK", "url": "https://me:secret@example.org"}, {"kind": "FIGURE", "figure": 3.0},
        {"kind": "FIGURE", "source": "The survey"}, {"kind": "FILE"}, {"kind": "FILE", "sha256": HASH.upper()},
        {"kind": "FILE", "sha256": HASH[1:]}, {"kind": "FILE", "sha256": HASH, "url": "ftp://example.org"},
        {"kind": "LINK", "url": "https://example.org", "sha256": HASH}, {"kind": "LINK", "url": "https://[::1"},
    ],
)  # fmt: skip
async def test_evidence_is_what_its_kind_says(office: Office, given: dict[str, Any]) -> None:
    key = office.world.gid("Commitment:STARTED")
    assert await office.refused("addEvidence", "decision_maker", commitment=key, title="It", **given) == "INVALID_INPUT"


async def test_evidence_of_each_kind_is_kept_with_its_step(office: Office) -> None:
    key = await office.commit()
    step = (await office.change("addMilestone", office.owner, commitment=key, title="The poles stand"))["id"]
    for given in (
        LINK, {"kind": "FILE", "title": "The report", "sha256": HASH, "url": "https://example.org/report.pdf"},
        {"kind": "FIGURE", "title": "Lamps", "figure": 12.0, "unit": "lamps", "source": "The works department"},
    ):  # fmt: skip
        await office.change("addEvidence", office.owner, commitment=key, milestone=step, **given)
    asked = "milestones { nodes { evidence { nodes { kind url figure unit source sha256 } } } } evidence { totalCount }"
    found = await office.read(key, asked)
    assert [list(one.values()) for one in found["milestones"]["nodes"][0]["evidence"]["nodes"]] == [
        ["LINK", LINK["url"], None, None, None, None],
        ["FILE", "https://example.org/report.pdf", None, None, None, HASH],
        ["FIGURE", None, 12.0, "lamps", "The works department", None],
    ]
    assert found["evidence"]["totalCount"] == 3
    foreign = office.world.gid("Milestone:PLANNED")
    assert (
        await office.refused("addEvidence", office.owner, commitment=key, milestone=foreign, **LINK) == "INVALID_INPUT"
    )


async def test_each_date_is_told_once_and_a_delay_moves_it(office: Office) -> None:
    world = office.world
    key = await office.commit(reviewOn=REVIEW)

    async def told() -> list[str]:
        await run_due(world.app)
        found = await office.read(key, "timeline { nodes { event } }")
        return [one["event"].rpartition("COMMITMENT_")[2] for one in found["timeline"]["nodes"]][1:]

    async def listed(day: str) -> tuple[bool, bool]:
        asked = "query($filter: CommitmentFilter) { commitments(filter: $filter, first: 100) { nodes { id } } }"
        both = [await world.ask(asked, filter={name: day}) for name in ("overdueOn", "dueForReviewOn")]
        overdue, review = ({"id": key} in one["commitments"]["nodes"] for one in both)
        return overdue, review

    assert await told() == []
    assert [await listed(day) for day in ("2026-03-31", REVIEW, DUE, "2026-06-02")] == [
        (False, False), (False, True), (False, True), (True, True)
    ]  # fmt: skip
    world.clock.forward(days=30)  # 1 April
    assert await told() == ["REVIEW_DUE"]
    world.clock.forward(hours=2)
    assert await told() == ["REVIEW_DUE"]
    await office.change(
        "reviewCommitment", office.owner, commitment=key, finding="It goes well.", reviewOn="2026-05-01"
    )
    world.clock.forward(days=62)  # 2 June
    assert await told() == ["REVIEW_DUE", "REVIEWED", "OVERDUE", "REVIEW_DUE"]
    await office.change("delayCommitment", office.owner, commitment=key, dueOn="2026-07-01", reason="Late.")
    assert (await told())[4:] == ["DELAYED"]
    world.clock.forward(days=31)
    assert (await told())[5:] == ["OVERDUE"]
    await office.go(key, "deliver")
    assert not (await listed("2027-01-01"))[0]


async def test_who_listens_hears_of_it(office: Office) -> None:
    async with office.world.listen("commitmentChanged", "visitor", "id state", space="Space:OPEN") as heard:
        key = await office.commit()
        assert await anext(heard) == {"id": key, "state": "DECIDED"}
        await office.go(key, "start")
        assert await anext(heard) == {"id": key, "state": "STARTED"}


async def test_fifty_who_reach_one_milestone(world: World) -> None:
    """One does; for the others it is done."""
    key = world.gid("Milestone:PLANNED")
    found = await asyncio.gather(
        *(world.change("reachMilestone", "Participant:member", milestone=key) for _ in range(50))
    )
    assert sorted(one["__typename"] for one in found) == ["Conflict"] * 49 + ["Milestone"]
