"""A middling debate, in plain rows: people, spaces, contributions, answers, supports."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hemicycle.contributions.models import ContributionRow, TallyRow, VersionRow
from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.dialect import chunks, table_of
from hemicycle.participants.models import ParticipantRow
from hemicycle.spaces import rules

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = "De l’eau, des bancs, des bus et des heures : voilà ce que nous demandons depuis longtemps. " * 4


async def fill(app: Application, people: int, spaces: int, contributions: int, answers: int) -> dict[str, UUID]:
    """Write them in bulk. Returns the ids of a space, of a contribution with answers, and of a participant."""
    chance = random.Random(7)
    root = await rules.ensure_root(app)
    places = []
    async with app.write() as session:
        for number in range(spaces):
            row = await rules.create(session, SYSTEM, parent=root, slug=f"place-{number}", title=f"Place {number:03}")
            row.state, row.ends_at = "OPEN", START + timedelta(days=3650)
            places.append(row.id)
        persons = [_id(chance) for _ in range(people)]
        await _insert(session, ParticipantRow, [
            {"id": key, "kind": "PERSON", "display_name": f"Person {at}", "sort_key": f"person {at:06}",
             "state": "ACTIVE", "created_at": START} for at, key in enumerate(persons)
        ])  # fmt: skip
    tops = [(_id(chance), places[at % spaces]) for at in range(contributions)]
    below = [(_id(chance), tops[int(chance.random() ** 1.3 * contributions)]) for _ in range(answers)]
    rows, words, counts = [], [], dict[UUID, int]()
    said = [(*top, None) for top in tops] + [(key, space, parent) for key, (parent, space) in below]
    for at, (key, space, parent) in enumerate(said):
        moment = START + timedelta(minutes=at // 3)
        rows.append({
            "id": key, "space_id": space, "author_id": chance.choice(persons), "parent_id": parent,
            "channel": "PLATFORM", "kind": "COMMENT" if parent else "IDEA", "state": "PUBLISHED", "version": 1,
            "language": "fr", "categories": [], "created_at": moment, "published_at": moment, "listed_at": moment,
        })  # fmt: skip
        words.append({"id": _id(chance), "contribution_id": key, "number": 1, "at": moment, "text": WORDS,
                      "title": None if parent else f"Title {at}"})  # fmt: skip
        if parent:
            counts[parent] = counts.get(parent, 0) + 1
    async with app.write() as session:
        await _insert(session, ContributionRow, rows)
        await _insert(session, VersionRow, words)
        await _insert(session, TallyRow, [{"contribution_id": key, "replies": one} for key, one in counts.items()])
    async with app.db.read() as connection:
        await connection.exec_driver_sql("analyze")
    return {"space": places[0], "contribution": tops[0][0], "person": persons[0], "root": root}


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


async def _insert(session: Any, row: type, rows: list[dict[str, Any]]) -> None:
    for some in chunks(rows, 2000):
        await session.execute(table_of(row).insert(), list(some))
