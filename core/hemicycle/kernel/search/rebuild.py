"""Take the words of all that is found out of its texts anew: after an upgrade that reads words in another way."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from hemicycle.kernel.db.dialect import chunks
from hemicycle.kernel.declarations import Searchable
from hemicycle.kernel.search.index import objects, read_again

if TYPE_CHECKING:
    from hemicycle.kernel.application import Application


async def rebuild(
    app: "Application", progress: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, int | None]:
    """How many objects of each searchable type were read again; None if its owner does not say their texts.

    What is found stays what was: only its words are new. In small transactions, while others write; a second run does
    no harm. progress: called with how many are done, of how many.
    """
    done: dict[str, int | None] = {}
    async with app.db.read() as connection:
        every = select(objects.c.object_id, objects.c.type).order_by(objects.c.number)
        known = list(await connection.execute(every))
    told = 0
    for one in app.declared[Searchable].values():
        if one.query is None:
            done[one.name] = None
            continue
        ids = [row[0] for row in known if row[1] == one.name]
        for some in chunks(ids):
            async with app.write() as session:
                await read_again(session, one, some)
            told += len(some)
            progress(told, len(known))
        done[one.name] = len(ids)
    return done
