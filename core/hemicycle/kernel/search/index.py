"""Keep the words of objects, written by rules in the transaction of the change, and take them out again."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Integer, String, bindparam, cast, column, delete, insert, select, table, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from hemicycle.kernel.db.dialect import chunks, insert_once, keys, table_of
from hemicycle.kernel.search import ddl
from hemicycle.kernel.search.models import SearchRow
from hemicycle.kernel.search.words import stems

if TYPE_CHECKING:
    from hemicycle.kernel.db.session import Session
    from hemicycle.kernel.declarations import Searchable

objects = table_of(SearchRow)
kept = table(ddl.TABLE, column("rowid", Integer), column("words"))

_LAST = 16_383  # PostgreSQL knows no later position in a text


async def put(session: "Session", type_name: str, object_id: UUID, *texts: str) -> None:
    """The object is found by the words of these texts, and no longer by others. type_name: its GraphQL type."""
    await put_many(session, type_name, [(object_id, "\n".join(texts))])


async def put_many(session: "Session", type_name: str, texts: Iterable[tuple[UUID, str]]) -> None:
    """The same for many objects of one type: (id, text) each. If an id comes twice, its last text counts."""
    dialect = session.app.db.dialect
    new = insert_once(dialect, objects)
    new = new.on_conflict_do_update(index_elements=["object_id", "type"], set_={"type": new.excluded.type})
    new = new.returning(objects.c.object_id, objects.c.number)
    for some in chunks(sorted(dict(texts).items())):  # sorted, so that two writers wait for each other in one order
        rows = [{"type": type_name, "object_id": object_id} for object_id, _ in some]
        numbers = {row[0]: row[1] for row in await session.execute(new, rows)}
        await session.execute(delete(kept).where(kept.c.rowid.in_(numbers.values())))
        await session.execute(*fill(dialect, [(numbers[object_id], stems(text)) for object_id, text in some]))


async def read_again(session: "Session", searchable: "Searchable", ids: Iterable[UUID]) -> None:
    """The same for objects of one type whose texts its owner's query says; where it has none, nothing."""
    if searchable.query is None:
        return
    them, texts = keys(session.app.db.dialect), searchable.query().subquery()
    wanted = select(texts).where(next(iter(texts.c)).in_(select(them.c.value)))
    for some in chunks(list(ids)):
        rows = await session.execute(wanted, {"keys": list(some)})
        await put_many(session, searchable.name, [(row[0], "\n".join(_texts(row[1:]))) for row in rows])


async def remove(session: "Session", type_name: str, *object_ids: UUID) -> None:
    """These objects are not found any more. Those that were not there are no mistake."""
    await _remove(session, object_ids, type_name)


async def forget(session: "Session", object_ids: Iterable[UUID]) -> None:
    """The same for objects of whatever type, known or not: for erasures, when a plugin's package may be gone."""
    await _remove(session, object_ids)


async def _remove(session: "Session", object_ids: Iterable[UUID], *types: str) -> None:
    them = keys(session.app.db.dialect)
    tests = [objects.c.type == one for one in types]
    gone = delete(objects).where(objects.c.object_id.in_(select(them.c.value)), *tests)
    found = await session.execute(gone.returning(objects.c.number), {"keys": list(object_ids)})
    for numbers in chunks(found.scalars().all()):
        await session.execute(delete(kept).where(kept.c.rowid.in_(numbers)))


def fill(dialect: str, words: Iterable[tuple[int, str]]) -> tuple[Any, list[dict[str, Any]]]:
    """The statement that writes the words (stems, spaces between them) of these numbers, and its parameters."""
    value = bindparam("words", type_=String())
    new = insert(kept).values(rowid=bindparam("rowid"), words=value if dialect == "sqlite" else cast(value, TSVECTOR))
    write = str if dialect == "sqlite" else _vector
    return new, [{"rowid": number, "words": write(one)} for number, one in words]


def every_word(dialect: str) -> Any:
    """The statement that reads all that `fill` wrote: (number, words)."""
    if dialect == "sqlite":
        return select(kept.c.rowid, kept.c.words).order_by(kept.c.rowid)
    again = f"""
        select rowid, coalesce((select string_agg(lexeme, ' ' order by place)
            from unnest(words) as one(lexeme, places, weights), unnest(places) as place), '')
        from {ddl.TABLE} order by rowid"""  # noqa: S608
    return text(again)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """A text, or a text in each of several locales; nothing, where there is none."""
    for value in values:
        yield from value.values() if isinstance(value, dict) else [value or ""]


def _vector(words: str) -> str:
    """The words as PostgreSQL reads them, each with its place: `to_tsvector` would take them apart in its own way."""
    return " ".join(f"{word}:{min(place, _LAST)}" for place, word in enumerate(words.split(), 1))
