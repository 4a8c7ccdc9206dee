"""Column types refuse what a database would choke on, or keep differently: the same verdict on both."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from hemicycle.contributions.models import VersionRow
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.types import Name, Utc, Words
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.kernel.text import LONGEST
from hemicycle.testing import World

versions = table_of(VersionRow)
HOSTILE = ["a\0b", "\ud800", "\x1b", "x" + "\u0301" * 13, "a" * (LONGEST + 1)]


async def write(world: World, **values: Any) -> Any:
    """A version row with these values, as the database gives it back."""
    async with world.app.write() as session:
        row = VersionRow(contribution_id=world.ids["Contribution:PUBLISHED"], number=99, **values)
        session.add(row)
    return await read(world)


async def read(world: World) -> Any:
    async with world.app.db.read() as connection:
        return (await connection.execute(select(versions).where(versions.c.number == 99))).one_or_none()


async def test_text_is_cleaned_on_its_way_in(world: World) -> None:
    row = await write(world, title=" Un\r\ntitre\u202e ", text="e\u0301\r\nb", at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (row.title, row.text) == ("Un titre", "é\nb")


async def test_text_of_every_plane_comes_back_as_it_went_in(world: World) -> None:
    text = "É 𝔘 🗳️ 👩🏽‍🌾 हिन्दी \u202eabc\u202c \ufffe \uffff \ue000 \U0010ffff '\"\\ %s :text $1 {}"
    row = await write(world, title=None, text=text, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert row.text == text
    assert row.title is None


@pytest.mark.parametrize("column", ["title", "text"])
@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_text_is_a_refusal_and_nothing_is_written(world: World, column: str, hostile: str) -> None:
    with pytest.raises(Refused) as caught:
        await write(world, at=datetime(2026, 1, 1, tzinfo=UTC), **{column: hostile})
    assert caught.value.code is RefusalCode.INVALID_INPUT
    assert [one.path for one in caught.value.problems] == [column]
    assert caught.value.message.startswith(f"The {column} cannot be kept: ")
    assert "remove" in caught.value.message or "shorten" in caught.value.message
    assert await read(world) is None


async def test_another_value_than_a_text_is_called_a_value(world: World) -> None:
    with pytest.raises(Refused, match="A value cannot be kept: .* has no time zone") as caught:
        await write(world, title=None, text="It.", at=datetime(2026, 1, 1))  # noqa: DTZ001
    assert [one.path for one in caught.value.problems] == ["value"]


async def test_hostile_text_of_a_plain_statement_is_refused_too(world: World) -> None:
    key = world.ids["Contribution:PUBLISHED"]
    for statement in (
        versions.update().where(versions.c.contribution_id == key).values(text="a\0"),
        versions.insert().values(contribution_id=key, number=99, text="\ud800", at=datetime.now(UTC)),
    ):
        with pytest.raises(Refused, match="remove it"):
            await execute(world, statement)
    assert await read(world) is None


async def execute(world: World, statement: Any) -> None:
    async with world.app.write() as session:
        await session.execute(statement)


@pytest.mark.parametrize("name", ["\0", "\ud800", "x" * 301])
async def test_a_hostile_name_looked_for_never_reaches_the_database(world: World, name: str) -> None:
    async with world.app.db.read() as connection:
        with pytest.raises(StatementError, match="remove|shorten"):
            await connection.execute(select(versions).where(versions.c.title == name))


async def test_moments_are_kept_in_utc(world: World) -> None:
    moment = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    row = await write(world, title="a", text="b", at=moment)
    assert row.at == moment
    assert row.at.tzinfo is UTC or row.at.utcoffset() == timedelta(0)


async def test_a_moment_without_a_zone_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="no time zone"):
        await write(world, title="a", text="b", at=datetime(2026, 1, 1))  # noqa: DTZ001
    assert await read(world) is None


async def test_an_error_of_the_database_does_not_tell_what_was_written(world: World) -> None:
    twice = VersionRow(
        contribution_id=world.ids["Contribution:PUBLISHED"], number=1, text="sentinelle", at=datetime.now(UTC)
    )
    with pytest.raises(Exception, match="(?i)unique") as caught:
        await add(world, twice)
    assert "sentinelle" not in str(caught.value)


async def add(world: World, row: VersionRow) -> None:
    async with world.app.write() as session:
        session.add(row)


def test_types_know_their_length() -> None:
    assert Name(100).impl_instance.length == 100
    assert Words(7).longest == 7
    with pytest.raises(ValueError, match="7 is the most"):
        Words(7).process_bind_param("12345678", None)  # type: ignore[arg-type]
    assert Utc().process_bind_param(None, None) is None  # type: ignore[arg-type]
