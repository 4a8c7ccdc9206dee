"""A small world: an application over a fresh database, with one sample of everything that the modules declare."""

import asyncio
import sys
import traceback
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from graphql import GraphQLError
from sqlalchemy import event

from hemicycle.app import build
from hemicycle.kernel.access.actor import ANYONE, SYSTEM, Actor
from hemicycle.kernel.application import Application
from hemicycle.kernel.clock import Clock
from hemicycle.kernel.declarations import Sample
from hemicycle.kernel.graphql.context import Context
from hemicycle.kernel.graphql.ids import encode_id
from hemicycle.kernel.mail import Message
from hemicycle.kernel.settings import Settings
from hemicycle.testing.outside import Outside

ROLES = ("visitor", "participant", "author", "member", "moderator", "steward", "administrator")
PATIENCE = 20.0
"""Seconds that a test waits for what a subscription should tell."""


class HandClock:
    """A clock that a test sets: `clock.forward(days=1)`."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)  # no two things happen at once
        return self.moment

    def forward(self, **by: float) -> None:
        """Let time pass: `days`, `hours`, `minutes`…"""
        self.moment += timedelta(**by)


@dataclass
class Letterbox:
    """A mailer that keeps what was sent."""

    sent: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.sent.append(message)


@dataclass
class World:
    """`ids` are those of the samples, by name: `Space:OPEN`, `Contribution:HIDDEN`, `Participant:moderator`…"""

    app: Application
    ids: dict[str, UUID]
    clock: HandClock
    letters: Letterbox
    outside: Outside

    def actor(self, who: str | Actor) -> Actor:
        """A role (`visitor`, `author`, `moderator`…), `system`, or the name of a sample of participants."""
        if isinstance(who, Actor):
            return who
        known = {"visitor": ANYONE, "system": SYSTEM}
        names = {"author": "Participant:ACTIVE", "participant": "Participant:outsider"}
        return known.get(who) or Actor(self.ids[names.get(who, who if ":" in who else f"Participant:{who}")])

    def gid(self, name: str) -> str:
        """The global id of a sample."""
        return encode_id(name.partition(":")[0], self.ids[name])

    async def execute(self, document: str, who: str | Actor = "visitor", **variables: Any) -> Any:
        """The raw result of a document."""
        context = Context(self.app, self.actor(who))
        return await self.app.schema.execute(document, variables, context_value=context)

    async def ask(self, document: str, who: str | Actor = "visitor", **variables: Any) -> Any:
        """The data that a document answers; an error fails the test."""
        result = await self.execute(document, who, **variables)
        assert result.errors is None, "\n".join(map(told, result.errors))
        return result.data

    async def errors(self, document: str, who: str | Actor = "visitor", **variables: Any) -> list[str]:
        """The codes of the errors that a document meets; none fails the test."""
        result = await self.execute(document, who, **variables)
        assert result.errors, result.data
        return [(one.extensions or {}).get("code", one.message) for one in result.errors]

    async def change(self, mutation: str, who: str | Actor, answer: str = "", **input: Any) -> Any:
        """What a mutation answers: `{"__typename": …, "code": …, …}`. answer: fields of the changed object."""
        return await self.change_with_key(mutation, who, None, answer, **input)

    async def change_with_key(
        self, mutation: str, who: str | Actor, key: str | None, answer: str = "", **input: Any
    ) -> Any:
        """The same, with an idempotency key."""
        root: Any = self.app.schema._schema.mutation_type
        field = root.fields[mutation]
        answered = field.type.of_type.types[0].name
        keyed = "$key: String, " if key is not None else ""
        given = f"input: $input{', idempotencyKey: $key' if key is not None else ''}"
        more = f"... on {answered} {{ {answer} }}" if answer else ""
        kind = str(field.args["input"].type)
        document = f"""mutation({keyed}$input: {kind}) {{ {mutation}({given}) {{ __typename {more}
            ... on Refusal {{ code message }} ... on InvalidInput {{ problems {{ path message }} }} }} }}"""
        variables = {"input": input} | ({"key": key} if key is not None else {})
        return (await self.ask(document, who, **variables))[mutation]

    @asynccontextmanager
    async def listen(
        self, subscription: str, who: str | Actor = "visitor", answer: str = "id", *, space: str = "Space"
    ) -> AsyncIterator[AsyncIterator[Any]]:
        """What a subscription tells of a space (the name of a sample) from now on; answer: fields of what it tells.

        `async with world.listen("noteAdded", "visitor", "words") as heard: …; await anext(heard)`. It waits 20 seconds
        for what does not come; that something is *not* told is seen by what is told next.
        """
        document = f"subscription($space: ID!) {{ {subscription}(space: $space) {{ {answer} }} }}"
        context, listening = Context(self.app, self.actor(who)), self.app.broadcast.listening
        stream: Any = await self.app.schema.subscribe(document, {"space": self.gid(space)}, context_value=context)
        told = asyncio.Queue[Any]()

        async def take() -> None:
            async for one in stream:
                told.put_nowait(one)

        async def heard() -> AsyncIterator[Any]:
            while True:
                async with asyncio.timeout(PATIENCE):
                    result = await told.get()
                assert result.errors is None, result.errors
                yield result.data[subscription]

        taking = asyncio.create_task(take())
        while self.app.broadcast.listening == listening and told.empty() and not taking.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        try:
            yield heard()
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The SQL statements that are run for reading, for the time of a `with`."""
        seen: list[str] = []

        def note(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        engine = self.app.db.reading.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)


def told(error: GraphQLError) -> str:
    """An error of an answer: where, what, and in which line if nobody foresaw it."""
    cause, at = error.original_error, ".".join(map(str, error.path or ()))
    if cause is None or error.extensions:
        return f"{at}: {error.message}"
    line = traceback.extract_tb(cause.__traceback__)[-1:]
    where = f" ({line[0].filename}:{line[0].lineno}: {line[0].line})" if line else ""
    return f"{at}: {type(cause).__name__}: {cause}{where}"


@dataclass(frozen=True)
class Made:
    """The samples of a database: their ids, when they were ready, and the database's name where a copy was kept."""

    ids: dict[str, UUID]
    moment: datetime
    copy: str = ""


@asynccontextmanager
async def open_world(
    url: str, plugins: Sequence[str] = (), given: Sequence[Any] = (), *, samples: bool | Made = True, **settings: Any
) -> AsyncIterator[World]:
    """A world over the database at `url`. plugins: installed ones; given: modules handed over as they are.

    samples: whether they are made; or what was made in this very database before.
    """
    clock, letters, outside = HandClock(), Letterbox(), Outside()
    with TemporaryDirectory() as folder:
        settings.setdefault("erasure_journal", Path(folder) / "erasures.jsonl")
        known = Settings(name="Sample", database_url=url, plugins=list(plugins), **settings)
        spare = _SPARE[_composition(known), *given] if all(map(_lasts, given)) else []
        around: Any = {"clock": Clock(now=clock.now), "mailer": letters, "outbound": outside}
        if spare:
            app = spare.pop()
            app.attach(known, **around)
        else:
            app = build(known, given, **around)
        world = World(app, {}, clock, letters, outside)
        try:
            if isinstance(samples, Made):
                world.ids, clock.moment = dict(samples.ids), samples.moment
            elif samples:
                await make_samples(world)
            yield world
        finally:
            await app.close()
            await asyncio.sleep(0)
            spare.append(app)


_SPARE: dict[tuple[Any, ...], list[Application]] = defaultdict(list)
"""Applications that no world uses now: composing one takes most of the time of a small test."""


def _lasts(module: Any) -> bool:
    """Whether a plugin is a module that is imported, and not made for one test."""
    return sys.modules.get(getattr(module, "__name__", "")) is module


def _composition(settings: Settings) -> str:
    """What an application is composed of: all but where it is."""
    kind = settings.database_url.partition(":")[0]
    return kind + settings.model_dump_json(exclude={"database_url", "listen_url", "erasure_journal"})


async def make_samples(world: World) -> None:
    """One of everything that the modules declare, in the order in which they declare it."""
    async with world.app.write() as session:
        for sample in world.app.declared[Sample].values():
            world.ids[sample.name] = await sample.make(session, world.ids)
            await session.flush()
