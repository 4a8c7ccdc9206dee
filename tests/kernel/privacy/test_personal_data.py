"""What is registered about a person is handed over and erased, also where the plugin that declared it is gone."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from hemicycle.kernel.db.engine import Database
from hemicycle.kernel.declarations import PersonalData
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.privacy import registry
from hemicycle.kernel.privacy.erase import erase
from hemicycle.kernel.privacy.export import export
from hemicycle.testing.databases import Databases
from hemicycle.testing.world import World

GONE = sa.MetaData()  # of a plugin whose package is gone: no model describes these tables
PEOPLE = sa.Table(
    "core_participant", GONE, sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("name", sa.String(50))
)
NOTES = sa.Table(
    "gone_note", GONE,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("by_id", sa.Uuid(), sa.ForeignKey("core_participant.id")),
    sa.Column("Their text", sa.Text()),  # a name that must be quoted
    sa.Column("place", sa.Text(), nullable=False),
    sa.Column("answers", sa.JSON()),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("digest", sa.LargeBinary()),
    sa.Column("amount", sa.Numeric(8, 2)),
)  # fmt: skip
PAGES = sa.Table(
    "gone_page", GONE,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("note_id", sa.Uuid(), sa.ForeignKey("gone_note.id"), nullable=False),
    sa.Column("words", sa.Text()),
)  # fmt: skip
ANSWERS = sa.Table(
    "gone_answer", GONE,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("to_id", sa.Uuid(), sa.ForeignKey("gone_note.id")),
    sa.Column("by_id", sa.Uuid()),
)  # fmt: skip
ASIDES = sa.Table(
    "gone_aside", GONE,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("note_id", sa.Uuid()),  # the database does not know that it refers to a note
    sa.Column("words", sa.Text()),
)  # fmt: skip
PAIRS = sa.Table(
    "gone_pair", GONE,
    sa.Column("left_id", sa.Uuid(), primary_key=True),
    sa.Column("right_id", sa.Uuid(), primary_key=True),
)  # fmt: skip
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ME, OTHER, MINE, THEIRS = uuid4(), uuid4(), uuid4(), uuid4()
THROUGH = ("note_id", "gone_note")


def data(name: str, erase: Any = "NULL", owner: str = "by_id", **more: Any) -> PersonalData:
    return PersonalData(name, "Something about them.", owner=owner, erase=erase, **more)


@pytest_asyncio.fixture
async def gone(databases: Databases) -> AsyncIterator[Database]:
    """The database, with a note of two pages of mine and one of someone else's."""
    with databases.bare() as url:
        database = Database(url)
        async with database.writing.begin() as connection:
            await connection.run_sync(GONE.create_all)
            await connection.run_sync(registry.REGISTRY.create)
            await connection.execute(PEOPLE.insert(), [{"id": ME, "name": "me"}, {"id": OTHER, "name": "other"}])
            for key, who, words in ((MINE, ME, "mine"), (THEIRS, OTHER, "theirs")):
                await connection.execute(NOTES.insert().values(
                    {"id": key, "by_id": who, "Their text": words, "place": "Tours", "answers": {"to": [1, "é"]},
                     "at": MOMENT, "digest": b"\x00\xff", "amount": Decimal("12.30")}
                ))  # fmt: skip
                pages = [{"note_id": key, "words": f"{words} {number}"} for number in (1, 2)]
                await connection.execute(PAGES.insert(), pages)
                await connection.execute(ANSWERS.insert().values(to_id=key, by_id=who))
                await connection.execute(ASIDES.insert().values(note_id=key, words=words))
        yield database
        await database.close()


@pytest_asyncio.fixture
async def session(gone: Database) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(gone.writing) as made:
        yield made


async def declare(session: AsyncSession, *declared: PersonalData, owner: str = "gone") -> None:
    await (await session.connection()).run_sync(registry.write, {owner: declared})


async def known(session: AsyncSession) -> list[tuple[str, str, str]]:
    row = registry.REGISTRY.c
    question = sa.select(row.owner, row.table_name, row.column_name).order_by(row.table_name, row.column_name)
    return [tuple(one) for one in await session.execute(question)]


async def notes(session: AsyncSession, *columns: str) -> dict[UUID, tuple[Any, ...]]:
    rows = await session.execute(sa.select(NOTES.c.id, *(NOTES.c[name] for name in columns)))
    return {row[0]: tuple(row[1:]) for row in rows}


async def pages(session: AsyncSession) -> list[str | None]:
    return list((await session.execute(sa.select(PAGES.c.words).order_by(PAGES.c.id))).scalars())


# -- the registry -----------------------------------------------------------------------------------------------------


async def test_an_owner_replaces_its_own_entries_and_no_others(session: AsyncSession) -> None:
    await declare(session, data("gone_note.place", "BLANK"), data("gone_note.Their text"))
    await declare(session, data("core_participant.name", owner="id"), owner="core")
    await declare(session, data("gone_note.place", "BLANK"))
    assert await known(session) == [("core", "core_participant", "name"), ("gone", "gone_note", "place")]
    connection = await session.connection()
    await connection.run_sync(registry.forget, "gone")
    assert await known(session) == [("core", "core_participant", "name")]


REFUSED: Sequence[tuple[PersonalData, str]] = [
    (data("gone_nothing.x"), "there is no table gone_nothing"),
    (data("gone_note.nothing"), "gone_note has no column nothing"),
    (data("gone_note.place", "BLANK", owner="nobody_id"), "gone_note has no column nobody_id"),
    (data("gone_page.words", through=("note_id", "gone_nothing")), "there is no table gone_nothing"),
    (data("gone_page.words", through=("nothing", "gone_note")), "gone_page has no column nothing"),
    (data("gone_page.words", owner="nobody_id", through=THROUGH), "gone_note has no column nobody_id"),
    (data("gone_page.words", owner="left_id", through=("id", "gone_pair")), "the primary key of gone_pair is not one"),
    (data("gone_note.place"), "the column is NOT NULL"),
    (data("gone_note.answers", "BLANK"), "the column is not text"),
    (data("core_participant.name", owner="id"), "core_participant is not a table of gone"),
]


@pytest.mark.parametrize(("declared", "why"), REFUSED, ids=[why for _, why in REFUSED])
async def test_a_declaration_that_does_not_fit_the_tables_is_refused(
    session: AsyncSession, declared: PersonalData, why: str
) -> None:
    with pytest.raises(StartupError, match=f"^gone: personal data '{declared.name}': {why}"):
        await declare(session, declared)


async def test_without_its_table_only_nothing_can_be_declared(session: AsyncSession) -> None:
    await (await session.connection()).run_sync(registry.REGISTRY.drop)
    await declare(session)
    with pytest.raises(StartupError, match="^There is no table core_personal_data"):
        await declare(session, data("gone_note.place", "BLANK"))


# -- export -----------------------------------------------------------------------------------------------------------


async def test_people_get_all_of_theirs_and_nothing_of_others(session: AsyncSession) -> None:
    columns = ("Their text", "answers", "at", "digest", "amount", "by_id")
    more = data("gone_note.place", "BLANK", export=False), data("gone_page.words", through=THROUGH)
    await declare(session, *(data(f"gone_note.{one}") for one in columns), *more)
    found = await export(session, ME)
    assert found == {
        "gone_note": [{"Their text": "mine", "answers": {"to": [1, "é"]}, "at": "2026-03-02T09:30:00+00:00",
                       "digest": "00ff", "amount": "12.30", "by_id": str(ME)}],
        "gone_page": [{"words": "mine 1"}, {"words": "mine 2"}],
    }  # fmt: skip
    assert json.loads(json.dumps(found)) == found
    assert await export(session, uuid4()) == {}


# -- erasure ----------------------------------------------------------------------------------------------------------


async def test_each_verb_does_what_it_says_to_one_person_only(session: AsyncSession) -> None:
    verbs = {"Their text": "NULL", "answers": "NULL", "place": "BLANK", "by_id": "KEEP"}
    rows = data("gone_page.words", "DELETE", through=THROUGH)
    await declare(session, *(data(f"gone_note.{name}", verb) for name, verb in verbs.items()), rows)
    await erase(session, ME, content=False)
    assert await notes(session, "Their text", "place", "answers", "by_id") == {
        MINE: (None, "", None, ME),
        THEIRS: ("theirs", "Tours", {"to": [1, "é"]}, OTHER),
    }
    stored = sa.select(NOTES.c.id).where(NOTES.c.answers.is_(sa.null()))  # not the null of JSON
    assert list((await session.execute(stored)).scalars()) == [MINE]
    assert await pages(session) == ["theirs 1", "theirs 2"]
    await erase(session, ME, content=True)  # a second time harms nothing
    assert set(await notes(session)) == {MINE, THEIRS}


async def test_content_stays_unless_it_is_to_go_too(session: AsyncSession) -> None:
    await declare(session, data("gone_page.words", through=THROUGH, content=True), data("gone_note.place", "BLANK"))
    await erase(session, ME, content=False)
    assert await pages(session) == ["mine 1", "mine 2", "theirs 1", "theirs 2"]
    assert await notes(session, "place") == {MINE: ("",), THEIRS: ("Tours",)}
    await erase(session, ME, content=True)
    assert await pages(session) == [None, None, "theirs 1", "theirs 2"]


async def test_rows_go_after_those_that_refer_to_them(session: AsyncSession) -> None:
    await declare(session, data("gone_note.Their text", "DELETE"), data("gone_answer.by_id", "DELETE"),
                  data("gone_page.words", "DELETE", through=THROUGH))  # fmt: skip
    await erase(session, ME, content=False)
    assert set(await notes(session)) == {THEIRS}
    assert await pages(session) == ["theirs 1", "theirs 2"]
    assert list((await session.execute(sa.select(ANSWERS.c.to_id))).scalars()) == [THEIRS]


async def test_rows_are_found_even_where_it_is_erased_whose_they_are(session: AsyncSession) -> None:
    whose, words = data("gone_note.by_id"), data("gone_aside.words", through=THROUGH)
    await declare(session, whose, data("gone_note.place", "BLANK"), words)
    await erase(session, ME, content=False)
    assert await notes(session, "by_id", "place") == {MINE: (None, ""), THEIRS: (OTHER, "Tours")}
    left = await session.execute(sa.select(ASIDES.c.words).order_by(ASIDES.c.id))
    assert list(left.scalars()) == [None, "theirs"]


async def test_tables_that_are_gone_too_are_passed_over(session: AsyncSession) -> None:
    await declare(session, data("gone_note.place", "BLANK"), data("gone_page.words", through=THROUGH))
    await (await session.connection()).run_sync(PAGES.drop)
    assert await export(session, ME) == {"gone_note": [{"place": "Tours"}]}
    await erase(session, ME, content=True)
    assert await notes(session, "place") == {MINE: ("",), THEIRS: ("Tours",)}
    assert await (await session.connection()).run_sync(registry.reflect, ["gone_page"]) == {}


# -- what nobody declared ---------------------------------------------------------------------------------------------


def test_what_refers_to_a_participant_must_be_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "metadata", GONE)

    def application(*declared: PersonalData, plugins: Sequence[str] = ("gone",)) -> Any:
        return SimpleNamespace(
            declared={PersonalData: {one.name: one for one in declared}}, plugins=SimpleNamespace(optional=set(plugins))
        )

    assert registry.undeclared(application()) == ["gone_note.by_id"]
    assert registry.undeclared(application(plugins=[])) == []
    assert registry.undeclared(application(data("gone_note.by_id", "KEEP"))) == []
    assert registry.undeclared(application(data("gone_note.place", "BLANK"))) == []
    assert registry.undeclared(application(data("gone_page.words", through=THROUGH))) == []
    assert registry.undeclared(application(data("gone_note.id", "KEEP", owner="id"))) == ["gone_note.by_id"]


async def test_the_core_declares_everything(world: World) -> None:
    assert registry.undeclared(world.app) == []
