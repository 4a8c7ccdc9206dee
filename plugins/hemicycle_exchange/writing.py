"""Write records of which each stands for itself: those that can be kept, and why the others cannot."""

from collections.abc import Sequence
from uuid import UUID

from hemicycle.api import SYSTEM, Added, Record, Session, add_many


async def add_each(
    session: Session, space: UUID, system: str, records: Sequence[Record]
) -> tuple[Added, dict[int, str]]:
    """What became of the records, and by number what is wrong with those that are lost. What says something else than
    before becomes a new version. The caller records the event.
    """
    added = await add_many(session, SYSTEM, space=space, system=system, records=records, edit=True, tell=False)
    wrong = dict(added.problems)
    if wrong:
        good = [one for one in records if one.number not in wrong]
        added = await add_many(session, SYSTEM, space=space, system=system, records=good, edit=True, tell=False)
    return added, wrong
