"""The same five answers, written by hand: one endpoint each, SQL on the driver, rows made into JSON by orjson.

It reads and writes what the API does, under the same predicates of visibility, and answers the same. It is no floor: it
is what someone would write who has only these five to answer. `python -m benchmarks.handwritten URL PORT`.
"""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aiosqlite
import asyncpg
import orjson
import uvicorn
from sqlalchemy import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uuid_utils.compat import uuid7

from benchmarks.workloads import gid, key_of
from hemicycle.kernel.search.words import stems
from hemicycle.kernel.text import clean, clean_name, excerpt

ABOVE = "select 1 from core_space_tree up join {table} it on it.{key} = up.ancestor_id where up.descendant_id = {space}"
ROLES = ABOVE.format(table="core_role", key="space_id", space="{space}") + " and it.participant_id = $1"
SPACES = ABOVE.format(table="core_space", key="id", space="{space}")
READABLE = f"""
    (not exists ({SPACES} and it.access = 'MEMBERS') or exists ({ROLES} and (it.role = 'member'
        and it.granted_by_id is distinct from it.participant_id
        or it.role in ('moderator', 'steward', 'administrator'))))
    and (not exists ({SPACES} and it.state = 'DRAFT') or exists ({ROLES} and it.role in ('steward', 'administrator')))
"""
VISIBLE = (
    READABLE.replace("{space}", "c.space_id")
    + f"""
    and (c.state in ('PUBLISHED', 'WITHDRAWN') or c.author_id = $1
        or exists (select 1 from core_structure_member m where m.structure_id = c.author_id and m.participant_id = $1)
        or c.state in ('PENDING', 'HIDDEN') and exists (
            {ROLES.replace("{space}", "c.space_id")} and it.role in ('moderator', 'steward', 'administrator')))
"""
)
AUTHOR = "left join core_participant p on p.id = c.author_id and (p.state in ('ACTIVE', 'SUSPENDED') or p.id = $1)"
VERSION = "left join core_contribution_version v on v.contribution_id = c.id and v.number = c.version"
SPACE = f"select s.id, s.titles from core_space s where s.slug = $2 and {READABLE.replace('{space}', 's.id')}"
NEWEST = f"""select * from core_contribution c where c.space_id = $2 and c.parent_id is null and {VISIBLE}
    order by c.listed_at desc, c.id desc limit 20"""
Q1 = f"""
    select c.id, v.title, v.text, p.display_name, coalesce(r.replies, 0), case when exists (
        {ABOVE.format(table="core_activation", key="space_id", space="c.space_id")} and it.plugin = 'votes')
        then coalesce(t.supports, 0) end
    from ({NEWEST}) c {VERSION} {AUTHOR} left join core_contribution_tally r on r.contribution_id = c.id
    left join votes_tally t on t.type = 'Contribution' and t.object_id = c.id
    order by c.listed_at desc, c.id desc
"""
Q2 = f"select c.id, v.title from ({NEWEST}) c {VERSION} order by c.listed_at desc, c.id desc"
REPLIES = """
    select c.parent_id, c.id, v.text, c.published_at, p.id, p.display_name from {chosen} {version} {author}
    order by c.listed_at, c.id
"""
OF_ONE = f"""select {{what}} from core_contribution c where c.parent_id = above.value and {VISIBLE}
    order by c.listed_at, c.id limit 10"""
CHOSEN = {
    "postgresql": f"unnest($2::uuid[]) as above(value) join lateral ({OF_ONE.format(what='*')}) c on true",
    "sqlite": f"json_each($2) as above cross join core_contribution c on c.id in ({OF_ONE.format(what='c.id')})",
}
Q3 = f"""
    select c.id, c.kind, v.title, v.text, c.state, c.channel, c.language, c.published_at, c.version, p.display_name
    from (select * from core_contribution c where c.parent_id is null and {VISIBLE}
        order by c.listed_at desc, c.id desc limit 100) c {VERSION} {AUTHOR} order by c.listed_at desc, c.id desc
"""
Q4 = f"select c.id, v.title, c.state, c.published_at from core_contribution c {VERSION} where c.id = $2 and {VISIBLE}"
WHO = """select t.participant_id, t.scopes, t.last_used_at from core_token t join core_participant p
    on p.id = t.participant_id where t.secret_hash = $1 and t.expires_at > $2 and p.state = 'ACTIVE'"""
PLACE = f"""select s.state, s.moderates_first, s.ends_at, exists (select 1 from core_participant p where p.id = $1 and
    p.state = 'ACTIVE') from core_space s where s.id = $2 and {READABLE.replace("{space}", "s.id")}"""
SAY = """insert into core_contribution (id, space_id, author_id, kind, state, channel, language, categories, version,
    created_at, published_at, listed_at)
    values ($1, $2, $3, 'IDEA', 'PUBLISHED', 'PLATFORM', 'fr', '[]', 1, $4, $4, $4)"""
WORDS = """insert into core_contribution_version (id, contribution_id, number, title, text, at)
    values ($1, $2, 1, $3, $4, $5)"""
FOUND = "insert into core_search (type, object_id) values ('Contribution', $1) returning number"
STEMS = {
    "postgresql": "insert into core_search_fts (rowid, words) values ($1, cast($2::varchar as tsvector))",
    "sqlite": "insert into core_search_fts (rowid, words) values ($1, $2)",
}
NOTED = """insert into core_journal (id, at, event, actor_id, by, space_id, subject_type, subject_id, private, public)
    values ($1, $2, 'contribution.published', $3, 'PERSON', $4, 'Contribution', $5, false, true)"""
TOLD = """insert into core_job (id, name, argument, once, run_at, attempts, state)
    values ($1, 'deliver', $2, $2, $3, 0, 'READY')"""
SEEN = f"select c.id from core_contribution c where c.id = $2 and {VISIBLE}"


class Sqlite:
    """One connection to read, one to write, each with a thread of its own."""

    name = "sqlite"

    def __init__(self, url: str) -> None:
        self.path, self.turn, self.count = str(make_url(url).database), asyncio.Lock(), 0

    async def open(self) -> None:
        self.reading, self.writing = [await aiosqlite.connect(self.path, isolation_level=None) for _ in range(2)]
        for one in (self.reading, self.writing):
            for pragma in ("busy_timeout=30000", "foreign_keys=on", "synchronous=full", "secure_delete=on"):
                await one.execute(f"pragma {pragma}")

    async def rows(self, sql: str, *values: Any, on: Any = None) -> Sequence[Any]:
        self.count += 1
        found = await (on or self.reading).execute_fetchall(sql.replace("$", "?"), values)
        return list(found)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Any]:
        async with self.turn:
            self.count += 1
            await self.writing.execute("begin immediate")
            yield self.writing
            await self.writing.execute("commit")

    @staticmethod
    def key(key: UUID) -> Any:
        return key.hex

    @staticmethod
    def keys(keys: list[Any]) -> Any:
        return orjson.dumps(keys).decode()

    @staticmethod
    def moment(moment: datetime) -> Any:
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f")

    @staticmethod
    def as_moment(value: Any) -> str:
        return datetime.fromisoformat(value).replace(tzinfo=UTC).isoformat()


class Kept(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is not tidied up each time that it is put back."""

    async def reset(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        pass


class Postgresql:
    """A pool of asyncpg, set as the API sets its own."""

    name = "postgresql"

    def __init__(self, url: str) -> None:
        self.url, self.count = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), 0

    async def open(self) -> None:
        plans = {"plan_cache_mode": "force_generic_plan", "jit": "off", "application_name": "handwritten"}
        self.pool = await asyncpg.create_pool(
            self.url, min_size=2, max_size=10, connection_class=Kept, server_settings=plans
        )

    async def rows(self, sql: str, *values: Any, on: Any = None) -> Sequence[Any]:
        self.count += 1
        rows: Sequence[Any] = await (on or self.pool).fetch(sql, *values)
        return rows

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Any]:
        async with self.pool.acquire() as connection, connection.transaction():
            yield connection

    @staticmethod
    def key(key: UUID) -> Any:
        return key

    @staticmethod
    def keys(keys: list[Any]) -> Any:
        return keys

    @staticmethod
    def moment(moment: datetime) -> Any:
        return moment

    @staticmethod
    def as_moment(value: Any) -> str:
        return str(value.isoformat())


def _gid(kind: str, key: Any) -> str:
    return gid(kind, key if isinstance(key, UUID) else UUID(hex=key))


def _named(value: Any) -> Any:
    return None if value is None else {"displayName": value}


async def q1(db: Any, viewer: Any, given: dict[str, Any]) -> Any:
    (space,) = await db.rows(SPACE, viewer, given["slug"])
    nodes = [
        {"id": _gid("Contribution", row[0]), "title": row[1], "excerpt": excerpt(row[2]), "author": _named(row[3]),
         "supportCount": row[5], "replyCount": row[4]} for row in await db.rows(Q1, viewer, space[0])
    ]  # fmt: skip
    title = orjson.loads(space[1])["fr"]
    return {"space": {"id": _gid("Space", space[0]), "title": title, "contributions": {"nodes": nodes}}}


async def q2(db: Any, viewer: Any, given: dict[str, Any]) -> Any:
    (space,) = await db.rows(SPACE, viewer, given["slug"])
    tops = await db.rows(Q2, viewer, space[0])
    below: dict[Any, list[Any]] = {row[0]: [] for row in tops}
    sql = REPLIES.format(chosen=CHOSEN[db.name], version=VERSION, author=AUTHOR)
    for parent, key, text, moment, author, name in await db.rows(sql, viewer, db.keys([row[0] for row in tops])):
        below[parent].append({
            "id": _gid("Contribution", key), "body": {"markdown": text}, "publishedAt": db.as_moment(moment),
            "author": None if author is None else {"id": _gid("Participant", author), "displayName": name},
        })  # fmt: skip
    nodes = [{"id": _gid("Contribution", key), "title": title, "replies": {"nodes": below[key]}} for key, title in tops]
    return {"space": {"contributions": {"nodes": nodes}}}


async def q3(db: Any, viewer: Any, given: dict[str, Any]) -> Any:
    nodes = [
        {"id": _gid("Contribution", row[0]), "kind": row[1], "title": row[2], "excerpt": excerpt(row[3]),
         "state": row[4], "channel": row[5], "language": row[6], "publishedAt": db.as_moment(row[7]),
         "version": row[8], "author": _named(row[9])} for row in await db.rows(Q3, viewer)
    ]  # fmt: skip
    return {"contributions": {"nodes": nodes}}


async def q4(db: Any, viewer: Any, given: dict[str, Any]) -> Any:
    key = key_of(given["id"])
    found = await db.rows(Q4, viewer, db.key(key))
    node = [{"id": given["id"], "title": row[1], "state": row[2], "publishedAt": db.as_moment(row[3])} for row in found]
    return {"node": node[0] if node else None}


async def m1(db: Any, viewer: Any, given: dict[str, Any]) -> Any:
    said, now = given["input"], datetime.now(UTC)
    space, at = db.key(key_of(said["space"])), db.moment(now)
    title, text = clean_name(said["title"]), clean(said["text"])
    key, version, noted = (uuid7() for _ in range(3))
    found = stems(f"{title} {text}").split()
    if db.name == "postgresql":
        places: dict[str, list[str]] = {}
        for place, stem in enumerate(found, 1):
            places.setdefault(stem, []).append(str(place))
        words = " ".join(f"{stem}:{','.join(places[stem])}" for stem in places)
    else:
        words = " ".join(found)
    async with db.change() as on:
        lock = " for share of s" if db.name == "postgresql" else ""
        ((state, first, ends, active),) = await db.rows(PLACE + lock, viewer, space, on=on)
        if not active or state != "OPEN" or first or (ends is not None and ends <= at):
            raise PermissionError("not here, or not now")
        await db.rows(SAY, db.key(key), space, viewer, at, on=on)
        await db.rows(WORDS, db.key(version), db.key(key), title, text, at, on=on)
        ((number,),) = await db.rows(FOUND, db.key(key), on=on)
        await db.rows(STEMS[db.name], number, words, on=on)
        await db.rows(NOTED, db.key(noted), at, viewer, space, db.key(key), on=on)
        await db.rows(TOLD, db.key(uuid7()), f"{noted.hex}:contribution.tell_published", at, on=on)
        if db.name == "postgresql":
            await db.rows("select pg_notify('hemicycle', $1)", noted.hex, on=on)
    ((seen,),) = await db.rows(SEEN, viewer, db.key(key))
    return {"contribute": {"__typename": "Contribution", "id": _gid("Contribution", seen)}}


async def _viewer(db: Any, request: Request) -> Any:
    """Who stands behind the token, as the API finds out."""
    said = request.headers.get("authorization")
    if said is None:
        return None
    known = hashlib.sha256(f"local:token:{said.partition(' ')[2]}".encode()).hexdigest()
    ((person, _, _),) = await db.rows(WHO, known, db.moment(datetime.now(UTC)))
    return person


def application(db: Any) -> Starlette:
    """The five endpoints, and how many statements they have run."""

    def endpoint(answer: Any) -> Any:
        async def answers(request: Request) -> Response:
            given = orjson.loads(await request.body())
            viewer = await _viewer(db, request)
            return Response(orjson.dumps({"data": await answer(db, viewer, given)}), media_type="application/json")

        return answers

    async def count(_: Request) -> Response:
        return Response(orjson.dumps(db.count))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await db.open()
        yield

    routes = [Route(f"/{one.__name__}", endpoint(one), methods=["POST"]) for one in (q1, q2, q3, q4, m1)]
    return Starlette(routes=[*routes, Route("/ready", count), Route("/statements", count)], lifespan=lifespan)


if __name__ == "__main__":
    address, port = sys.argv[1:]
    kind: Any = Sqlite if address.startswith("sqlite") else Postgresql
    uvicorn.run(application(kind(address)), port=int(port), log_level="warning", access_log=False)
