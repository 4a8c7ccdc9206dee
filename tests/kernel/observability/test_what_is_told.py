"""One line, one number and one span for each operation, each with what an operator needs."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.jobs.models import JobRow
from hemicycle.kernel.jobs.run import run_due
from hemicycle.kernel.jobs.standing import behind, standing
from hemicycle.testing import World

DURATION = "hemicycle_graphql_operation_duration_seconds_count"


async def test_an_operation_is_told_in_one_line_one_number_and_its_spans(
    world: World, client: Any, log: Any, spans: Any
) -> None:
    document = "query Page { spaces(first: 2) { nodes { slug contributions { totalCount } } } }"
    answer = await client.ask(document)
    again = await client.ask(document)
    first, second = log.told()
    assert first["request"] == answer.headers["x-request-id"] != again.headers["x-request-id"]
    assert first["document"] == second["document"]
    expected = {"type": "query", "operation": "Page", "field": "spaces", "transport": "http", "result": "ok",
                "codes": [], "statements": 2, "level": "info", "logger": "hemicycle.operations"}  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert first["milliseconds"] > 0
    numbers = await client.numbers()
    assert numbers[f'{DURATION}{{field="spaces",result="ok",type="query"}}'] == 2
    assert numbers['hemicycle_graphql_operation_statements_sum{type="query"}'] == 4
    assert numbers['hemicycle_db_statement_duration_seconds_count{engine="read"}'] >= 4
    assert {f'hemicycle_db_pool_connections{{engine="{one}",state="used"}}' for one in ("read", "write")} <= set(
        numbers
    )
    waits = numbers["hemicycle_db_writer_wait_seconds_count"]
    async with world.app.write():
        pass
    waited = (await client.numbers())["hemicycle_db_writer_wait_seconds_count"] - waits
    assert waited == (world.app.db.dialect == "sqlite"), "on PostgreSQL there is no turn to wait for"
    by_name: dict[str, list[Any]] = {}
    for one in spans.ended():
        by_name.setdefault(one.name, []).append(one)
    outer = by_name["graphql query spaces"][0]
    assert outer.attributes["graphql.operation.name"] == "Page"
    assert outer.attributes["hemicycle.request"] == first["request"]
    assert len(by_name["graphql.plan"]) == 1, "the second time, the plan is there"
    inside = [*by_name["graphql.parse"], *by_name["SELECT"][:2]]
    assert {one.parent.span_id for one in inside} == {one.context.span_id for one in by_name["graphql query spaces"]}


async def test_errors_and_refusals_are_counted_by_their_codes(world: World, client: Any, log: Any) -> None:
    change = "mutation($input: ContributeInput!) { contribute(input: $input) { __typename } }"
    await client.ask(change, input={"space": world.gid("Space:OPEN"), "text": "Words."})
    await client.ask("{ nothing }")
    await client.ask("{ spaces { nodes { id } ")
    await client.ask("{ spaces(first: 1000) { nodes { id } } }")
    await client.post("/graphql", content=b"[]", headers={"Content-Type": "application/json"})
    await client.ask("{ spaces { totalCount } }", headers={"Authorization": "Bearer nobody"})
    told = [(one["field"], one["result"], one["codes"]) for one in log.told()]
    assert told == [
        ("contribute", "refused", ["SIGN_IN_FIRST"]),
        (None, "error", ["VALIDATION_FAILED"]),
        (None, "error", ["PARSE_FAILED"]),
        ("spaces", "error", ["BAD_PAGE"]),
        (None, "error", ["BAD_REQUEST"]),
        (None, "error", ["UNAUTHENTICATED"]),
    ]
    numbers = await client.numbers()
    assert numbers['hemicycle_graphql_refusals_total{code="SIGN_IN_FIRST",field="contribute"}'] == 1
    assert numbers['hemicycle_graphql_errors_total{code="BAD_PAGE"}'] == 1
    assert numbers[f'{DURATION}{{field="unknown",result="error",type="unknown"}}'] == 3
    assert "nothing" not in str(numbers), "a label takes its values from the schema, not from what is asked"


async def test_the_queue_is_told_and_what_ran_and_how_far_it_is_behind(world: World, client: Any, spans: Any) -> None:
    await run_due(world.app)
    async with world.app.write() as session:
        await session.enqueue("bench.breaks")
    world.clock.forward(seconds=40)
    mine = next(one for one in await standing(world.app) if one.name == "bench.breaks")
    assert (mine.due, 40 <= mine.oldest < 41, mine.dead) == (1, True, 0)
    assert (await client.get("/ready")).json() == {"status": "ready", "oldestJobSeconds": 40}
    await run_due(world.app)
    dead = {"id": UUID(int=1), "name": "mail.send", "argument": "", "once": "x", "state": "DEAD", "attempts": 12}
    async with world.app.db.writing.begin() as connection:
        await connection.execute(insert(table_of(JobRow)), dead | {"run_at": world.clock.now()})
    numbers = await client.numbers()
    assert numbers['hemicycle_jobs_dead{name="mail.send"}'] == 1
    assert numbers['hemicycle_job_duration_seconds_count{kind="job",name="bench.breaks",result="failed"}'] == 1
    assert numbers['hemicycle_jobs_waiting{name="bench.breaks"}'] == 0, "it is tried again later"
    assert await behind(world.app) == 0
    (span,) = (one for one in spans.ended() if one.name == "job bench.breaks")
    assert (span.attributes["error.type"], span.events) == ("IntegrityError", ())


async def test_a_subscription_is_one_line_at_its_end_and_no_duration(world: World, client: Any, log: Any) -> None:
    document = f'subscription {{ contributionPublished(space: "{world.gid("Space:OPEN")}") {{ id }} }}'
    stream: Any = world.app.observer
    with stream.operation("sse"):
        answers = await world.app.schema.stream(document, {}, context_value=Context(world.app))
        waiting = asyncio.create_task(anext(answers))
        while not world.app.broadcast.listening:  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0.01)
        assert (await client.numbers())["hemicycle_subscriptions"] == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    (line,) = log.told()
    assert (line["type"], line["field"], line["answers"]) == ("subscription", "contributionPublished", 0)
    assert not [name for name in await client.numbers() if 'type="subscription"' in name]


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer ", "a-token-for-the-numbers"])
async def test_numbers_are_for_whoever_bears_the_token(client: Any, authorization: str | None) -> None:
    answer = await client.get("/metrics", headers={"Authorization": authorization} if authorization else {})
    assert (answer.status_code, "hemicycle_" in answer.text) == (401, False)


async def test_a_server_whose_tables_were_migrated_meanwhile_is_not_ready(world: World, client: Any) -> None:
    async with world.app.db.writing.begin() as connection:
        await connection.exec_driver_sql("create table core_alembic_version (version_num varchar(32) not null)")
        await connection.exec_driver_sql("insert into core_alembic_version values ('core_9999')")
    answer = await client.get("/ready")
    told = "the tables of core are not those of this code: run `hemicycle db upgrade`"
    assert (answer.status_code, answer.json()) == (503, {"status": told})
