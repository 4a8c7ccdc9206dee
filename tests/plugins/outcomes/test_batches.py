"""Triage by the hundred: all or nothing, tried first if asked, and by many at the same moment."""

import asyncio
from typing import Any

from sqlalchemy import func, select

from hemicycle.api import table_of
from hemicycle.kernel.events.models import JournalRow
from hemicycle_outcomes.dispositions.models import DispositionRow
from tests.plugins.outcomes.conftest import WHERE, Debate

ANALYSTS = 20


async def rows(debate: Debate, table: type) -> int:
    async with debate.world.app.db.read() as connection:
        found: int = (await connection.execute(select(func.count()).select_from(table_of(table)))).scalar_one()
        return found


def items(keys: list[str]) -> list[dict[str, Any]]:
    return [{"proposal": key, **WHERE} for key in keys]


async def test_a_dry_run_keeps_nothing_and_a_run_all(debate: Debate) -> None:
    keys, space = [await debate.make() for _ in range(3)], debate.world.gid("Space:OPEN")
    before = await debate.balance(), await rows(debate, JournalRow), await rows(debate, DispositionRow)
    given = {"space": space, "items": items(keys)}
    answer = "id dispositionBalance { triaged }"
    tried = await debate.change("proposeDispositions", "analyst", answer, dryRun=True, **given)
    assert tried["id"] == space
    assert (await debate.balance(), await rows(debate, JournalRow), await rows(debate, DispositionRow)) == before
    await debate.change("proposeDispositions", "analyst", answer, **given)
    listed = "dispositions(filter: { states: [PROPOSED, REVIEWED] }) { nodes { id } }"
    made = [(await debate.read(key, listed, "analyst"))["dispositions"]["nodes"][0]["id"] for key in keys]
    both = {"space": space, "dispositions": made}
    await debate.change("reviewDispositions", "reviewer", dryRun=True, **both)
    await debate.change("reviewDispositions", "reviewer", review="Read.", **both)
    await debate.change("decideDispositions", "decision_maker", dryRun=True, **both)
    assert (await debate.balance())[1] == before[0][1]
    await debate.change("decideDispositions", "decision_maker", **both)
    assert (await debate.balance())[1] == before[0][1] + 3


async def test_one_that_fails_stops_all_and_each_problem_is_named(debate: Debate) -> None:
    keys, space = [await debate.make() for _ in range(4)], debate.world.gid("Space:OPEN")
    await debate.propose(keys[1])
    batch = items(keys)
    batch[3]["motive"] = " "
    before = await rows(debate, DispositionRow)
    for dry_run in (True, False):
        found = await debate.world.change(
            "proposeDispositions", debate.who("analyst"), space=space, items=batch, dryRun=dry_run
        )
        assert [one["path"] for one in found["problems"]] == ["input.items.1", "input.items.3"]
    assert await rows(debate, DispositionRow) == before


async def test_nobody_reviews_their_own_in_a_batch_either(debate: Debate) -> None:
    everything = await debate.appoint("analyst", "reviewer", "decision_maker")
    made, space = await debate.make(), debate.world.gid("Space:OPEN")
    key = (await debate.change("proposeDisposition", everything, proposal=made, **WHERE))["id"]
    given = {"space": space, "dispositions": [key]}
    assert await debate.refused("reviewDispositions", everything, **given) == "INVALID_INPUT"
    await debate.change("reviewDispositions", "reviewer", **given)
    assert await debate.refused("decideDispositions", everything, **given) == "INVALID_INPUT"
    for mutation in ("proposeDispositions", "reviewDispositions", "decideDispositions"):
        wrong = {"items": []} if mutation.startswith("propose") else {"dispositions": []}
        assert await debate.refused(mutation, "administrator", space=space, **wrong) == "NOT_ALLOWED"


async def test_twenty_analysts_at_once_propose_each_proposal_once(debate: Debate) -> None:
    """The same batch, cut in another way by each: whoever comes second is told so, and nothing is there twice."""
    keys, space = [await debate.make() for _ in range(10)], debate.world.gid("Space:OPEN")
    analysts = [await debate.appoint("analyst") for _ in range(ANALYSTS)]
    before = await debate.balance(), await rows(debate, DispositionRow)

    async def work(number: int) -> None:
        some = keys[number % 5 :: 5]
        given = {"space": space, "items": items(some if number % 2 else some[::-1])}
        answer = await debate.world.change("proposeDispositions", analysts[number], **given)
        assert answer["__typename"] in ("Space", "InvalidInput"), answer

    await asyncio.gather(*map(work, range(ANALYSTS)))
    assert await rows(debate, DispositionRow) == before[1] + len(keys)
    listed = "dispositions(filter: { states: [PROPOSED] }) { totalCount }"
    assert [(await debate.read(key, listed, "analyst"))["dispositions"]["totalCount"] for key in keys] == [1] * 10
    assert await debate.balance() == before[0]
