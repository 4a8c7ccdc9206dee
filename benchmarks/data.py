"""A debate of any size, made by the database itself: people, spaces, contributions, answers, supports.

Every id is a number that is written as a UUID, in the order in which things were said, as UUIDv7 are.
"""

import asyncio
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import delete, make_url

from hemicycle.app import build
from hemicycle.contributions.models import ContributionRow
from hemicycle.kernel.db.dialect import table_of
from hemicycle.kernel.db.migrations import owners_of, upgrade
from hemicycle.kernel.settings import Settings
from hemicycle.participants.identity.models import TokenRow
from hemicycle.participants.identity.secrets import PREFIX, hashed
from hemicycle.spaces.models import SpaceRow, SpaceTree
from hemicycle.spaces.rules import ensure_root

START = datetime(2020, 1, 1, tzinfo=UTC)
WORDS = "De l’eau, des bancs, des bus et des heures : voilà ce que nous demandons depuis longtemps. " * 4
AT_ONCE = 250_000  # rows of one statement
_SECRET = "benchmarks".ljust(43, "-")
TOKEN = f"{PREFIX}{_SECRET}{zlib.crc32(_SECRET.encode()):08x}"
"""Of the first participant. It opens nothing but a database that this module filled."""


@dataclass(frozen=True)
class Size:
    """How much there is."""

    people: int
    spaces: int
    contributions: int
    answers: int
    supports: int


# Spaces do not grow with the rest, so that each holds a hundred times more; supports grow tenfold: pages read counters.
SIZES = {
    1: Size(3_000, 30, 5_000, 50_000, 200_000),
    10: Size(30_000, 30, 50_000, 500_000, 2_000_000),
    100: Size(300_000, 30, 500_000, 5_000_000, 2_000_000),
}


async def fill(url: str, size: Size) -> None:
    """Make the tables in an empty database, and write all of it. It takes some ten minutes at 100."""
    app = build(Settings(database_url=url, plugins=["votes"]))
    await asyncio.to_thread(upgrade, app.db.url, owners_of(app.plugins))
    root = await ensure_root(app)
    async with app.write() as session:
        for number in range(size.spaces):
            key = UUID(int=number + 1)
            told = {"fr": f"Place {number:03}"}
            session.add(SpaceRow(
                id=key, parent_id=root, slug=f"place-{number}", state="OPEN", sort_key=f"place {number:03}",
                titles=told, created_at=START, opened_at=START,
            ))  # fmt: skip
            await session.flush()
            session.add_all([SpaceTree(descendant_id=key, ancestor_id=above) for above in (key, root)])
    await app.close()
    dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
    await (_sqlite if dialect == "sqlite" else _postgresql)(url, [*_statements(size, Words(dialect))])


async def prepare(url: str) -> None:
    """Let the first participant ask with TOKEN."""
    app = build(Settings(database_url=url, plugins=["votes"]))
    async with app.write() as session:
        await session.execute(delete(TokenRow))
        session.add(TokenRow(
            secret_hash=hashed(app, "token", TOKEN), participant_id=UUID(int=1), label="Benchmarks", scopes=["write"],
            created_at=session.now, expires_at=session.now + timedelta(days=30),
        ))  # fmt: skip
    await app.close()


def newest(size: Size) -> UUID:
    """The contribution of the space `place-0` that was said last: one answer in a hundred is below it."""
    return UUID(int=size.contributions - size.contributions % size.spaces)


@dataclass(frozen=True)
class Words:
    """What the two databases say differently."""

    dialect: str

    def key(self, number: str) -> str:
        """A UUID out of a number."""
        if self.dialect == "sqlite":
            return f"printf('%032x', {number})"
        return f"lpad(to_hex(({number})::bigint), 32, '0')::uuid"

    def moment(self, number: str) -> str:
        """Ten seconds for each."""
        if self.dialect == "sqlite":
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {int(START.timestamp())} + 10 * ({number}), 'unixepoch')"
        return f"timestamptz '{START.isoformat()}' + ({number}) * interval '10 seconds'"

    def numbers(self, first: int, last: int) -> str:
        """The numbers `n` from first to last."""
        if self.dialect == "sqlite":
            more = f"select {first} union all select n + 1 from s where n < {last}"
            return f"(with recursive s(n) as ({more}) select n from s)"
        return f"generate_series({first}::bigint, {last}::bigint) as s(n)"


def _statements(size: Size, words: Words) -> Iterator[str]:
    key, moment = words.key, words.moment
    people, spaces, tops, answers = size.people, size.spaces, size.contributions, size.answers
    person = key(f"n * 40503 % {people} + 1")

    def rows(table: str, columns: str, values: str, first: int, last: int) -> Iterator[str]:
        for start in range(first, last + 1, AT_ONCE):
            series = words.numbers(start, min(start + AT_ONCE - 1, last))
            yield f"insert into {table} ({columns}) select {values} from {series}"

    yield from rows(
        "core_participant", "id, kind, display_name, sort_key, state, created_at",
        f"{key('n')}, 'PERSON', 'Person ' || n, 'person ' || n, 'ACTIVE', {moment('n')}", 1, people,
    )  # fmt: skip
    said = ", ".join(one.name for one in table_of(ContributionRow).c if one.name != "alignment")
    until = f"{moment('n')}, {moment('n')}, {moment('n')}"
    yield from rows(
        "core_contribution", said,
        f"{key('n')}, {key(f'n % {spaces} + 1')}, {person}, null, null, 'IDEA', 'PUBLISHED', 'PLATFORM', 'fr', '[]', 1,"
        f" {until}", 1, tops,
    )  # fmt: skip
    parent = f"(case when n % 100 = 0 then {newest(size).int} else n * 104729 % {tops} + 1 end)"
    yield from rows(
        "core_contribution", said,
        f"{key('n')}, {key(f'{parent} % {spaces} + 1')}, {person}, null, {key(parent)}, 'COMMENT', 'PUBLISHED',"
        f" 'PLATFORM', 'fr', '[]', 1, {until}", tops + 1, tops + answers,
    )  # fmt: skip
    title = f"case when n <= {tops} then 'Title ' || n end"
    yield from rows(
        "core_contribution_version", "id, contribution_id, number, title, text, at",
        f"{key('n')}, {key('n')}, 1, {title}, '{WORDS}', {moment('n')}", 1, tops + answers,
    )  # fmt: skip
    yield ("insert into core_contribution_tally (contribution_id, replies) select parent_id, count(*) "
           "from core_contribution where parent_id is not null group by parent_id")  # fmt: skip
    thing = f"((n % {people}) * 7 + (n / {people}) * 13) % {tops} + 1"
    yield from rows(
        "votes_support", "id, participant_id, type, object_id, space_id, public, at",
        f"{key('n')}, {key(f'n % {people} + 1')}, 'Contribution', {key(thing)}, {key(f'({thing}) % {spaces} + 1')}, "
        f"false, {moment('0')}", 0, size.supports - 1,
    )  # fmt: skip
    counted = "select object_id, space_id, count(*) as supports from votes_support group by object_id, space_id"
    yield (f"insert into votes_tally (id, type, object_id, space_id, supports) "
           f"select object_id, 'Contribution', object_id, space_id, supports from ({counted}) as counted")  # fmt: skip
    # Tidied, as autovacuum leaves a database that has been in use.
    yield "analyze" if words.dialect == "sqlite" else "vacuum analyze"


async def _sqlite(url: str, statements: list[str]) -> None:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    for pragma in ("synchronous=off", "cache_size=-500000"):
        connection.execute(f"pragma {pragma}")
    for one in statements:
        connection.execute(one)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


async def _postgresql(url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
    for one in statements:
        await connection.execute(one)
    await connection.close()
