"""Keys of retries: whose they are, what they are bound to, and how long they are kept."""

from sqlalchemy import func, select

from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.declarations import Job
from hemicycle.kernel.idempotency import IdempotencyRow
from hemicycle.testing import World

KEYS = select(func.count()).select_from(table_of(IdempotencyRow))


async def keys(world: World) -> int:
    async with world.app.db.read() as connection:
        return int((await connection.execute(KEYS)).scalar_one())


async def say(world: World, who: str, key: str, text: str = "Words.", title: str = "Title") -> dict[str, str]:
    answer: dict[str, str] = await world.change_with_key(
        "contribute", who, key, "id", space=world.gid("Space:OPEN"), title=title, text=text
    )
    return answer


async def test_another_input_under_the_same_key_is_refused(world: World) -> None:
    first = await say(world, "author", "one")
    assert (await say(world, "author", "one"))["id"] == first["id"]
    assert (await say(world, "author", "one", text="Other words."))["code"] == "IDEMPOTENCY_MISMATCH"


async def test_a_key_is_its_owners_own(world: World) -> None:
    assert (await say(world, "author", "one"))["id"] != (await say(world, "member", "one"))["id"]


async def test_a_refused_change_leaves_no_key(world: World) -> None:
    assert (await say(world, "author", "one", title=""))["code"] == "INVALID_INPUT"
    assert await keys(world) == 0
    assert (await say(world, "author", "one"))["__typename"] == "Contribution"


async def test_a_retry_answers_what_is_there_now(world: World) -> None:
    """It is read again, as the one who asks sees it: a retry is no way around a decision."""
    first = await say(world, "author", "one")
    await world.change("withdrawContribution", "author", contribution=first["id"])
    again = await world.change_with_key(
        "contribute", "author", "one", "id state title", space=world.gid("Space:OPEN"), title="Title", text="Words."
    )
    assert again == {"__typename": "Contribution", "id": first["id"], "state": "WITHDRAWN", "title": None}


async def test_a_bad_key_is_refused(world: World) -> None:
    for key in ("", "x" * 256, "a\nb", "a\0b"):
        assert (await say(world, "author", key))["code"] == "INVALID_INPUT", repr(key)


async def test_keys_are_forgotten_after_two_days(world: World) -> None:
    await say(world, "author", "one")
    timer: Job = world.app.declared[Job]["kernel.forget_keys"]
    await timer.run(world.app, "")
    assert await keys(world) == 1
    world.clock.forward(hours=49)
    await timer.run(world.app, "")
    assert await keys(world) == 0
